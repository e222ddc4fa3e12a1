---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: a prepared document. Never loaded.

---A document whose pages are made, from `server:prepare`. `close`, `<close>` and the garbage collector are FaxClose; jobs that were submitted with it keep the pages. Closed with its server handle.
---@class fax.document
local document = {}

---FaxReadFile: the pages as they will be sent, TIFF/F, or in another form. ERROR_INVALID_PARAMETER: no such page.
---@param options? fax.file_options
---@return string? bytes
---@return string? message
---@return string? code
function document:file(options) end

---FaxClose. Does nothing the second time.
function document:close() end

---@return boolean
function document:closed() end
