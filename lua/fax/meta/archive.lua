---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: the archive. Never loaded.

---The archive of a server handle.
---@class fax.server
local server = {}

---FaxEnumArchive: the archive, in the order of arrival. All of it with FAX_JOB_QUERY, else what the user sent. Faxes whose file was taken away are left out.
---@param query? fax.archive_query
---@return fax.archived[]? faxes
---@return string? message
---@return string? code
function server:archive(query) end

---FaxGetArchived: one fax of it. ERROR_INVALID_PARAMETER: there is none with this id for this user.
---@param id integer
---@return fax.archived? fax
---@return string? message
---@return string? code
function server:archived(id) end

---@class fax.file_options
---@field form? "tiff"|"pdf"|"png" as it lies there ("tiff"), a PDF, or the picture of one page: its own black and white pixels, rows or columns repeated where it takes that to make them nearly square
---@field page? integer of a picture, from one

---FaxReadArchived, with options FaxReadFile: the file of one fax of it, TIFF/F, as a string; for a client that cannot open the service's files. Errors and rights as of `archived`; ERROR_INVALID_PARAMETER: no such page.
---@param id integer
---@param options? fax.file_options
---@return string? bytes
---@return string? message
---@return string? code
function server:archived_file(id, options) end

---FaxReadReceived (right FAX_JOB_QUERY): the same of a fax in the inbox, by its job. ERROR_INVALID_PARAMETER: there is none.
---@param id integer of the job
---@param options? fax.file_options
---@return string? bytes
---@return string? message
---@return string? code
function server:received_file(id, options) end

---FaxRemoveArchived (right FAX_JOB_MANAGE). Removes faxes with their files and gives how many; an id that is not there is none that fails. ERROR_SHARING_VIOLATION: one is still being routed; the others have gone.
---@param ids integer|integer[]
---@return integer? removed
---@return string? message
---@return string? code
function server:remove_archived(ids) end

---FaxPurgeArchive (right FAX_JOB_MANAGE). Removes the oldest with their files and gives how many: those of before a time, and then so many that the rest has no more than `keep_bytes`. What is still being routed stays.
---@param what { folder?: "sent"|"received", before?: number, keep_bytes?: integer }
---@return integer? removed
---@return string? message
---@return string? code
function server:purge_archive(what) end

---A fax of the archive.
---@class fax.archived
---@field id integer of the archive; grows, and none is used again
---@field folder "sent"|"received"
---@field time number when it had been sent, or was stored; seconds since 1970
---@field job_id integer
---@field user? string who sent it
---@field number? string dialled, or the caller's
---@field remote_id? string the other machine's own id
---@field pages integer
---@field bytes integer of the file
---@field path string
---@field complete boolean false: received in part
---@field quality? "verified"|"unverified"|"damaged"
---@field bad_rows? integer
---@field device_id integer of the line; 0: not known
---@field subject? string
---@field sender? string
---@field recipient? string

---What server:archive is asked.
---@class fax.archive_query
---@field folder? "sent"|"received" default: both
---@field after? number only those from this second on
---@field before? number only those before this second
---@field number? string dialled, or the caller's, in any way of writing it
---@field limit? integer so many at most
---@field newest_first? boolean
---@field cursor? integer the `id` of the last one of the answer before: those behind it
---@field job? integer what this job sent or received
