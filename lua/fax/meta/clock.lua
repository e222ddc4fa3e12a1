---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: the clock. Never loaded.

---The clock of the service, real or virtual (`fax_clock.h`).
---@class fax.clock
local clock = {}

---FaxClockNow, in seconds since an arbitrary start; never goes back.
---@return number
function clock.now() end

---FaxClockWall: seconds since 1970.
---@return number
function clock.wall() end

---FaxClockVirtual: time then moves only when everything waits. ERROR_BUSY while a service runs.
---@param wall? number seconds since 1970; default: now
---@return true? ok
---@return string? message
---@return string? code
function clock.virtual(wall) end

---FaxClockIsVirtual.
---@return boolean
function clock.is_virtual() end

---FaxClockReal. ERROR_BUSY while a service runs.
---@return true? ok
---@return string? message
---@return string? code
function clock.real() end

---FaxClockWait. Dispatches nothing: use `loop:sleep` in a program with a loop.
---@param seconds number
---@return true? ok
---@return string? message
---@return string? code
function clock.wait(seconds) end
