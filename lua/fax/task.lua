-- SPDX-License-Identifier: MIT
-- Coroutines of a loop, and waiting: inside one it yields, outside the loop it
-- runs the loop, inside a plain callback it is refused. The functions here are
-- methods of fax.loop.

local core = require "fax.core"

local now = core.clock.now

local task = {}

local loops = setmetatable({}, { __mode = "k" }) -- coroutine -> its loop
local SUSPENDED = {} -- what a coroutine yields that will be woken

local function make_ready(loop, co)
  local ready = loop._ready
  ready.last = ready.last + 1
  ready[ready.last] = co
end

--- The loop of the running coroutine, or nil.
function task.loop()
  local co = coroutine.running()
  return co and loops[co]
end

--- Whether a coroutine of this loop is running.
function task.inside(loop)
  return task.loop() == loop
end

--- Starts fn(...) as a coroutine of the loop at its next poll.
function task.spawn(loop, fn, ...)
  if type(fn) ~= "function" then
    error("loop:spawn: a function expected", 2)
  elseif loop._closed then
    error("loop:spawn: the loop is closed", 2)
  end
  local arguments, count = { ... }, select("#", ...)
  local co = coroutine.create(function()
    return fn((unpack or table.unpack)(arguments, 1, count))
  end)
  loops[co] = loop
  loop._tasks = loop._tasks + 1
  make_ready(loop, co)
  return co
end

--- Runs a coroutine on; gives its error when it ended with one. One that
--- yields without waiting for anything goes on at the next turn.
function task.resume(loop, co)
  local ok, value = coroutine.resume(co)
  if coroutine.status(co) == "dead" then
    loop._tasks = loop._tasks - 1
    return not ok and (value == nil and "nil" or value) or nil
  elseif value ~= SUSPENDED then
    make_ready(loop, co)
  end
end

--- Lets the coroutine of a waiter go on, whether or not it is done.
function task.wake_up(loop, waiter)
  if waiter.timer then
    loop._timers:remove(waiter.timer)
    waiter.timer = nil
  end
  if waiter.co then
    make_ready(loop, waiter.co)
    waiter.co = nil
  end
end

--- Marks a waiter as done.
function task.wake(loop, waiter)
  waiter.done = true
  loop:_wake_up(waiter)
end

local function wait_by_running(loop, waiter, deadline, level)
  if loop._polling then
    error("cannot wait inside a callback of the loop; use loop:spawn(function() ... end)",
      level + 1)
  end
  while not waiter.done do
    local left = deadline and deadline - now()
    if left and left <= 1e-6 then
      return false
    end
    local count, why, code = loop:poll(left)
    if not count then
      return nil, why, code
    end
  end
  return true
end

--- Waits until the waiter (a table) is done: true; until `deadline`, seconds of
--- the clock: false; or nil, message, code when the loop was closed.
function task.wait(loop, waiter, deadline, level)
  local co = coroutine.running()
  if waiter.done then
    return true
  elseif not co or loops[co] ~= loop then
    local ended, why, code = wait_by_running(loop, waiter, deadline, level + 1)
    return ended, why, code -- no tail call: levels count
  end
  waiter.co = co
  if deadline then
    waiter.timer = loop._timers:add(deadline, waiter)
  end
  coroutine.yield(SUSPENDED)
  return waiter.done or false
end

--- Waits `seconds`.
function task.sleep(loop, seconds)
  if type(seconds) ~= "number" then
    error("loop:sleep: a number of seconds expected", 2)
  end
  local ended, why, code = loop:_wait({}, now() + seconds, 2)
  if ended == nil then
    return nil, why, code
  end
  return true
end

return task
