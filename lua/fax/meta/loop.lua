---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: a completion loop. Never loaded.

---The completion loop. Callbacks and coroutines run inside `poll`, in protected mode: an error in one of them is given to `on_error` and costs the others nothing; without `on_error` it is raised by `poll` or `run` when the rest of the batch was dispatched.
---@class fax.loop
---@field on_error? fun(traceback: string)
local loop = {}

---Waits for what there is to dispatch, and dispatches it. Returns the number of packets; 0 also when a signal ended the wait. Not to be called from inside the loop.
---@param timeout? number seconds; 0: without waiting; default: as long as it takes
---@return integer? packets
---@return string? message
---@return string? code
function loop:poll(timeout) end

---Polls until there is nothing left to wait for (no subscription with a callback, no provider, no coroutine, no `on_packet`), or until `stop`.
---@return true? ok
---@return string? message
---@return string? code
function loop:run() end

---Ends `run` after the batch that is being dispatched.
function loop:stop() end

---Starts `fn(...)` as a coroutine of the loop, at its next poll. A bare `coroutine.yield()` in it lets the others go first.
---@param fn function
---@param ... any
---@return thread
function loop:spawn(fn, ...) end

---Waits, as `job:wait` does.
---@param seconds number
---@return true? ok
---@return string? message
---@return string? code
function loop:sleep(seconds) end

---Calls `fn(key, bytes)` for each packet that C code posts to `handle` with FaxPostCompletion. One that came with a block is freed with FaxLocalFree. Keys above 2^53 are rounded on LuaJIT.
---@param fn fun(key: integer, bytes: integer)? nil: drop them
function loop:on_packet(fn) end

---FaxPostCompletion of a packet without a block.
---@param key integer
---@param bytes? integer
---@return true? ok
---@return string? message
---@return string? code
function loop:post(key, bytes) end

---The HANDLE of the completion port, in decimal digits, for C code in this process.
---@return string? digits
---@return string? message
---@return string? code
function loop:handle() end

---FaxCompletionPortFd: readable while packets are there or a descriptor is ready that a coroutine waits for; for other event loops: call `poll(0)` then, and after `timeout` seconds. Never read or close it.
---@return integer? fd
---@return string? message
---@return string? code
function loop:fd() end

---The same, as cqueues calls it.
---@return integer? fd
---@return string? message
---@return string? code
function loop:pollfd() end

---What to wait for at the descriptor: "r".
---@return string
function loop:events() end

---Seconds until `poll(0)` has something to do without a packet; nil: never.
---@return number?
function loop:timeout() end

---Waits until a descriptor can be read or written, or has an error, as `job:wait` waits. `fd` may be an object with `getfd` or `pollfd`. Close a descriptor when nobody waits for it. On the virtual clock what is outside gets a few milliseconds of real time for each second of it.
---@param fd integer|table|userdata
---@param mode "r"|"w"
---@param timeout? number seconds; default: no limit
---@return true? ok
---@return string? message
---@return string? code "WAIT_TIMEOUT"
function loop:wait(fd, mode, timeout) end

---Ends its subscriptions, loses its providers and drops its coroutines. Does nothing the second time.
function loop:close() end
