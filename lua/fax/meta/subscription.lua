---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: a subscription to events. Never loaded.

---Events to a callback, from `server:on`.
---@class fax.subscription
local subscription = {}

---Ends it. Does nothing the second time.
function subscription:close() end

---@return boolean
function subscription:closed() end
