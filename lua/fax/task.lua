-- SPDX-License-Identifier: MIT
-- Coroutines of a loop, and waiting: inside one it yields, outside the loop it
-- runs the loop, inside a plain callback it is refused. The functions here are
-- methods of fax.loop.

local core = require "fax.core"

local now = core.clock.now

local task = {}

-- The coroutine of a loop that runs, the innermost one, and its loop.
local current, current_loop
local SUSPENDED = {} -- what a coroutine yields that will be woken

-- The queue of coroutines that can go on begins again at 1 when it is empty, so
-- that it does not move through its table for ever.
local function make_ready(loop, co)
  local ready = loop._ready
  local last = ready.last + 1
  if ready.first == last then
    ready.first, last = 1, 1
  end
  ready.last = last
  ready[last] = co
end

--- The loop of the running coroutine, or nil.
function task.loop()
  if current and coroutine.running() == current then
    return current_loop
  end
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
  loop._tasks = loop._tasks + 1
  make_ready(loop, co)
  return co
end

-- ---- jobs: each has a coroutine of its own while it runs, and many one after
-- the other the same, as making one costs more than what most do in it ----

local IDLE = {} -- what a coroutine yields that has come to the end of a job
local idle = {} -- those for jobs to come
local SPARE = 64

local function run(job)
  job._task(job)
end

-- The job is in no variable here: an idle one keeps none.
local function work()
  while true do
    run(coroutine.yield(IDLE))
  end
end

local function coroutine_for_job()
  local count = #idle
  local co = idle[count]
  if co then
    idle[count] = nil
  else
    co = coroutine.create(work)
    assert(coroutine.resume(co))
  end
  return co
end

local function keep(co)
  local count = #idle
  if count < SPARE then
    idle[count + 1] = co
  end
end

--- Runs job._task(job), of a table, as a coroutine of the loop at its next poll.
function task.start(loop, job)
  loop._tasks = loop._tasks + 1
  make_ready(loop, job)
end

--- Runs on what is in the queue; gives its error when it ended with one, and the
--- coroutine. One that yields without waiting for anything goes on at the next
--- turn.
function task.resume(loop, entry)
  local co, job = entry, nil
  if type(entry) == "table" then
    co, job = coroutine_for_job(), entry
  end
  local outer, outer_loop = current, current_loop
  current, current_loop = co, loop
  local ok, value = coroutine.resume(co, job)
  current, current_loop = outer, outer_loop
  if value == SUSPENDED then
    return nil
  elseif value == IDLE then
    loop._tasks = loop._tasks - 1
    return keep(co)
  elseif coroutine.status(co) ~= "dead" then
    make_ready(loop, co)
    return nil
  end
  loop._tasks = loop._tasks - 1
  if not ok then
    return value == nil and "nil" or value, co
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
  if waiter.done then
    return true
  elseif task.loop() ~= loop then
    local ended, why, code = wait_by_running(loop, waiter, deadline, level + 1)
    return ended, why, code -- no tail call: levels count
  end
  waiter.co = current
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
