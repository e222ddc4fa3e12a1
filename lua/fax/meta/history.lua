---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: fax_history.h, the records of attempts. Never loaded.

---@class fax.server
local server = {}

---FaxEnumRecords. Iterates over the records of attempts, which outlive the results (`record_days` of the service). Gives each with the cursor behind it: whoever comes back with that goes on there. They come from the disk page by page, and what is written meanwhile comes too. Without the right FAX_JOB_QUERY: what the connection's user sent. `docs/records.md`. An error behind the first page is raised.
---@param query? fax.record_query
---@return (fun(): fax.record?, string?)? iterator
---@return string? message
---@return string? code
function server:records(query) end

---FaxGetMetrics (right FAX_CONFIG_QUERY). Counters of this run, and what there is now, as text in the exposition format of Prometheus, version 0.0.4. `docs/records.md`.
---@return string? text
---@return string? message
---@return string? code
function server:metrics() end

---All of these hold.
---@class fax.record_query
---@field after? number ended then or later, seconds since 1970
---@field before? number ended earlier
---@field number? string of the other side, however it is written
---@field direction? "sent"|"received"
---@field device? integer
---@field cause? string
---@field job? integer
---@field user? string
---@field order? "oldest"|"newest"|"written"|"latest" by the end of the attempt ("oldest"); "written" and "latest": by `id`, the last one behind or in front, so that whoever comes back with a cursor misses none, whatever was done to the clocks
---@field limit? integer so many at most
---@field cursor? string what came with a record in the same order: only those behind it
---@field uncalled? boolean also the ends of jobs that were cancelled, or whose time was over, while they waited: of the attempt 0

---What is kept of an attempt.
---@class fax.record
---@field id integer grows with each record that is written
---@field job_id integer
---@field attempt integer from one; 0: of the end of a job that waited
---@field direction "sent"|"received"
---@field outcome "retry"|"completed"|"cancelled"|"failed"|"incomplete"|"stopped" of the job after this attempt; "retry": another one follows; "stopped": a reception of which nobody has said yet what it is
---@field status? string FS_ name at its end; absent of the attempt 0
---@field started? number
---@field ended number
---@field duration? number seconds on the line, by a clock that no change of the date moves
---@field user? string of the job; of a reception the service's account
---@field number? string the other side's, normalised: called, or the caller's
---@field device_id integer
---@field device? string its name then
---@field provider? string
---@field remote_id? string CSID of a fax sent, TSID of one received
---@field pages? integer of the document; of a reception those received
---@field first_page? integer where this attempt began, from one
---@field pages_confirmed? integer in this attempt
---@field rate? integer bit/s
---@field ecm? boolean
---@field encoding? "MH"|"MR"|"MMR"
---@field transport? "audio"|"t38"
---@field bad_rows? integer
---@field quality? "verified"|"unverified"|"damaged"
---@field class? "none"|"busy"|"no_answer"|"no_carrier"|"no_fax"|"line_unavailable"|"protocol"|"page_rejected"|"local"|"final" why a fax to be sent failed, as the retry policy sees it
---@field decision? "retry"|"give_up"|"final" what was made of it
---@field cause? string one word; absent: it came to its end
---@field evidence? string a sentence
---@field bytes string of the document, a number in digits
---@field document? string its name
---@field billing_code? string
