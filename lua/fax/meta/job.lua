---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: a job. Never loaded.

---A job: its id and the server handle it is asked through.
---@class fax.job
---@field id integer
---@field server fax.server
local job = {}

---FaxGetJob. Forgets a job when it has ended: ERROR_INVALID_PARAMETER; `result` does not.
---@return fax.job_entry? entry
---@return string? message
---@return string? code
function job:info() end

---FaxAbort. Returns before a running call has ended; `wait` tells when.
---@return true? ok
---@return string? message
---@return string? code
function job:abort() end

---FaxGetPageData (right FAX_JOB_QUERY, or one's own job). The first page of an outgoing job. ERROR_INVALID_DATA: a job of another type.
---@return fax.page_data? page
---@return string? message
---@return string? code
function job:page_data() end

---FaxReadDocument, with options FaxReadFile: all pages of an outgoing job, TIFF/F, as a string. Errors and rights as of `page_data`; ERROR_INVALID_PARAMETER: no such page.
---@param options? fax.file_options
---@return string? bytes
---@return string? message
---@return string? code
function job:file(options) end

---@class fax.page_data
---@field data string a TIFF/F file with one page, compressed with MMR
---@field width integer pixels
---@field height integer pixels

---FaxSetJob (owner of an outgoing job, or right FAX_JOB_MANAGE). ERROR_INVALID_PARAMETER: no such command or job. ERROR_INVALID_OPERATION: the state of the job does not allow it.
---@param command string|integer "pause", "resume", "restart", "delete", or the JC_ name
---@return true? ok
---@return string? message
---@return string? code
function job:set(command) end

---FaxSetJob with JC_PAUSE: it stays in the queue, and a running attempt goes on; the job is held when it comes back to the queue.
---@return true? ok
---@return string? message
---@return string? code
function job:pause() end

---FaxSetJob with JC_RESUME: it goes on as it was, pending or retrying. A job that used up its retries begins anew.
---@return true? ok
---@return string? message
---@return string? code
function job:resume() end

---FaxSetJob with JC_RESTART, which is the same number: a job that used up its retries is pending again, with all its attempts.
---@return true? ok
---@return string? message
---@return string? code
function job:restart() end

---FaxSetJob with JC_DELETE: as `abort`.
---@return true? ok
---@return string? message
---@return string? code
function job:delete() end

---FaxGetJobResult.
---@return fax.job_result? result
---@return string? message
---@return string? code
function job:result() end

---Waits until the job is decided: true when every page was confirmed; ERROR_FAX_FAILED when it was not, the message saying why; ERROR_CANCELLED; WAIT_TIMEOUT when the time ran out; ERROR_SHUTDOWN_IN_PROGRESS when the service stopped first. Yields in a coroutine of a loop, runs the loop outside one, raises inside a plain callback.
---@param timeout? number seconds; default: no limit
---@return true? ok
---@return string? message
---@return string? code
function job:wait(timeout) end
