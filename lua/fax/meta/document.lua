---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: a prepared document. Never loaded.

---A document whose pages are made, from `server:prepare`. `close`, `<close>` and the garbage collector are FaxClose; jobs that were submitted with it keep the pages. Closed with its server handle.
---@class fax.document
local document = {}

---FaxClose. Does nothing the second time.
function document:close() end

---@return boolean
function document:closed() end
