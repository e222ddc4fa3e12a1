---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: a provider in Lua, its devices and its operations. Never loaded.

---A provider in Lua, from `fax.provider`, or one in a shared object, from `server:load_provider`. `close`, `<close>` and the end of the Lua state detach it.
---@class fax.provider
---@field name string
---@field devices fax.device[] in the order given
local provider = {}

---FaxClose. Detaches it: nothing new comes, what is under way ends under its code, and its ports vanish then. Does nothing the second time.
function provider:close() end

---@return boolean
function provider:closed() end

---Waits until it is detached, by whomever, and its last operation is over; one in a shared object is unloaded then.
---@param timeout? number seconds; default: no limit
---@return true? ok
---@return string? message
---@return string? code "WAIT_TIMEOUT"; "ERROR_TIMEOUT": it does not end, and stays in memory
function provider:wait(timeout) end

---A device of it.
---@class fax.device
---@field id integer of the port
---@field name string
---@field number? string
---@field provider fax.provider
local device = {}

---FaxRingDevice. A call comes in: `receive` follows when the port answers.
---@param options? fax.ring_options
---@return true? ok
---@return string? message
---@return string? code
function device:ring(options) end

---@class fax.ring_options
---@field rings? integer how often it has rung; default: not known, and it is taken to ring every six seconds
---@field caller? string the number that calls

---An operation of a provider, as its callbacks get it: one attempt to send a fax, or one that comes in. After its end its methods give ERROR_INVALID_HANDLE.
---@class fax.operation
---@field kind "send"|"receive"
---@field id integer of the job
---@field device fax.device
---@field file string the document to send, a TIFF/F; or the one to write
---@field number? string to dial
---@field caller? string who calls, as `ring` said
---@field caller_name? string of the sender
---@field receiver_name? string of the recipient
---@field local_id? string the station id to present: TSID (send) or CSID (receive)
---@field branding? string the text of the header line; absent: none
---@field trunk? string
---@field transport? "audio"|"t38"
---@field ecm boolean whether error correction is wanted
---@field max_rate? integer bit/s; absent: as fast as it goes
---@field first_page integer those before it were confirmed by an earlier attempt
local operation = {}

---Tells how far it has come (`fax_op_status`).
---@param status string|integer an FS_ name, or a number
---@param fields? fax.progress
---@return true? ok
---@return string? message
---@return string? code
function operation:status(status, fields) end

---What is known of a call; what is left out stays as it was.
---@class fax.progress
---@field phase? "dialing"|"ringing"|"connected"|"training"|"page"|"post_message"|"release"|integer
---@field page? integer at work, from one
---@field pages_total? integer
---@field pages_confirmed? integer fewer than the document has: the fax is not delivered
---@field rate? integer bit/s
---@field ecm? boolean
---@field encoding? "MH"|"MR"|"MMR"|integer
---@field bad_rows? integer
---@field longest_bad_run? integer rows
---@field image_bytes? integer
---@field remote_id? string the station id of the other side
---@field cause? string why it failed: one word
---@field evidence? string why it failed: one sentence
---@field advice? string what a person would try next
---@field quality? "verified"|"unverified"|"damaged"|integer what is known of the pages confirmed: each came with error correction; one without it at least; bad rows, or packets of an image were lost. Absent: there are none
---@field transport? "audio"|"t38"|integer what the call goes over
---@field timeline? fax.t30_event[] the exchange; with the last of all, as the service takes it with the end

---Who calls, when that comes later than the ring (`fax_op_caller`).
---@param caller? string
---@param routing? string
---@return true? ok
---@return string? message
---@return string? code
function operation:set_caller(caller, routing) end

---Before the other machine is told that a page ends (T.30: MPS, EOM, EOP): notes on the disk that this page of the document is being finished, and waits for that. So a crash leaves one page at most in doubt, and it is known which (`on_doubt`). Ask when the page begins, and tell what was confirmed before. Page 0 says, at the beginning, that each page will be asked for; it does not wait (`fax_op_commit`).
---@param page integer
---@param timeout? number seconds (4)
---@return true? ok
---@return string? message
---@return string? code "WAIT_TIMEOUT": not yet; "ERROR_OPERATION_ABORTED"; any other: it cannot be noted, and the call should end before
function operation:commit(page, timeout) end

---Waits; an abort ends it at once.
---@param seconds number
---@return true? ok
---@return string? message
---@return string? code "ERROR_OPERATION_ABORTED"
function operation:sleep(seconds) end

---As `loop:wait`; an abort ends it at once.
---@param fd integer|table|userdata
---@param mode "r"|"w"
---@param timeout? number seconds; default: no limit
---@return true? ok
---@return string? message
---@return string? code "ERROR_OPERATION_ABORTED" or "WAIT_TIMEOUT"
function operation:wait(fd, mode, timeout) end

---Whether it is to be given up (`fax_op_aborted`). True at once, also in a callback that waits for nothing.
---@return boolean
function operation:aborted() end

---Iterates over the pages of the document, each with number, width, height, x_resolution and y_resolution. Raises when the file is no TIFF.
---@param first? integer default: `first_page`
---@return fun(): fax.page?
function operation:pages(first) end
