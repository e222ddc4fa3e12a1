---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: the service of this process. Never loaded.

---The service of this process.
---@class fax.service
local service = {}

---FaxServiceStart. A service that runs until it is stopped or the Lua state is closed.
---@param options? fax.service_options
---@return true? ok
---@return string? message
---@return string? code
function service.start(options) end

---FaxServiceStop, with the defaults drain = 0 and timeout = 30: starts nothing new, lets what is under way end for `drain` seconds, aborts it then, and waits `timeout` seconds more. The same goes for the operations of this Lua state's providers, which are detached; inside a plain callback, where the loop cannot be run, they are lost at once. When none runs: true.
---@param options? { drain: number?, timeout: number? }
---@return true? ok
---@return string? message
---@return string? code
function service:stop(options) end

---@return boolean
function service.running() end
