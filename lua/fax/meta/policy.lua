---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: what becomes of failed faxes, and what is known of numbers. Never loaded.

---@class fax.server
local server = {}

---FaxAttachPolicy (right FAX_CONFIG_SET). From now on the function decides, through the loop, what becomes of a fax after a failed call: nil is what the rules say, false gives it up, a number or a table tries it again. `docs/policy.md` says what it is told, and when the rules decide all the same. ERROR_ALREADY_EXISTS: another one decides.
---@param fn fun(job: table, attempts: fax.attempt[], cause: string, history: fax.number?, usual: fax.policy_step): (boolean|number|fax.policy_decision)?
---@return fax.policy? policy
---@return string? message
---@return string? code
function server:policy(fn) end

---@class fax.policy_decision
---@field delay integer seconds since the end of the call
---@field max_rate? integer bit/s; 0: no limit but the job's; default: as the rules say, and so for the next two
---@field ecm? boolean
---@field transport? "audio"|"t38"
---@field reason? string

---FaxExplainPolicy. What comes next of a job that sends, and why: the rules as they are for it, and what they make of each attempt. Rights as for `server:result`. ERROR_INVALID_OPERATION: it is a reception.
---@param id integer of a job
---@return fax.policy_explanation? explanation
---@return string? message
---@return string? code
function server:explain_policy(id) end

---FaxEnumNumbers (right FAX_CONFIG_QUERY). What calls to each number taught, in the order of the numbers.
---@return fax.number[]? numbers
---@return string? message
---@return string? code
function server:numbers() end

---FaxEnumNumbers for one number, in any form. ERROR_NOT_FOUND: nothing is known of it.
---@param number string
---@return fax.number? known
---@return string? message
---@return string? code
function server:number(number) end

---FaxSetNumber (right FAX_CONFIG_SET). Sets what is named, and leaves the rest as it is.
---@param changes fax.number_changes
---@return true? ok
---@return string? message
---@return string? code
function server:set_number(changes) end

---@class fax.number_changes
---@field number string
---@field failures? integer in a row
---@field max_rate? integer what the next fax begins with, bit/s, 4800 or more; 0: no limit
---@field ecm? boolean false: the next fax begins without error correction
---@field t38? boolean false: it is called over audio
---@field pinned? boolean these neither fade nor change by calls

---FaxForgetNumber (right FAX_CONFIG_SET). ERROR_NOT_FOUND: nothing is known of it.
---@param number string
---@return true? ok
---@return string? message
---@return string? code
function server:forget_number(number) end

---What `server:policy` gives. The loop keeps it until it is closed, or the service has stopped.
---@class fax.policy
local policy = {}

---FaxClose. The rules decide again, also of what it was asked and did not answer. Does nothing the second time.
function policy:close() end

---@return boolean
function policy:closed() end

---What comes next of a job that sends, and why (`docs/policy.md`).
---@class fax.policy_explanation
---@field job_id integer
---@field number? string in its normal form
---@field reason string what comes next, and why
---@field next? number the next call not before
---@field max_rate integer of the next call, bit/s; 0: no limit
---@field ecm boolean
---@field transport? "audio"|"t38" absent: the provider's choice
---@field retries integer the limit of all causes together
---@field failures integer since it was submitted or restarted
---@field retry_delay integer seconds, where no rule says more
---@field rules fax.policy_rule[] one for each cause
---@field attempts fax.policy_step[] what the rules of now make of those that were made
---@field history? fax.number

---@class fax.policy_rule
---@field class string the cause, as in `fax.attempt`
---@field limit? integer
---@field delay integer seconds
---@field growth integer percent
---@field jitter integer percent
---@field cap? integer seconds
---@field failures integer by this cause so far
---@field decision? "retry"|"give_up"|"final" if the next call failed so
---@field wait? integer with "retry", seconds
---@field reason? string

---@class fax.policy_step
---@field number integer of the attempt
---@field class string
---@field decision? "retry"|"give_up"|"final"
---@field delay? integer with "retry", seconds
---@field max_rate integer of the next call, bit/s; 0: no limit
---@field ecm boolean
---@field transport? "audio"|"t38"
---@field reason? string

---What calls to a number taught, as far as it has not faded yet (`docs/policy.md`).
---@class fax.number
---@field number string in its normal form (`docs/dialling.md`)
---@field calls integer
---@field failures integer in a row
---@field last_call? number
---@field last_success? number
---@field rate? integer the best speed lately, bit/s
---@field ecm? boolean of the last success
---@field transport? "audio"|"t38" of the last success
---@field answer? integer seconds until it answered last
---@field max_rate integer what the next fax begins with, bit/s; 0: no limit
---@field without_ecm boolean the next fax begins without error correction
---@field slowed? number when these two were learned
---@field t38_refused? number since then it is called over audio
---@field pinned boolean set by hand: what the next fax begins with neither fades nor changes
