-- SPDX-License-Identifier: MIT
-- Coroutines of a loop that wait for a descriptor to be readable or writable.
-- One descriptor (epoll) has all of them and the loop's own port in it.

local core = require "fax.core"

local now, is_virtual = core.clock.now, core.clock.is_virtual

local descriptors = {}

-- What is outside does not go by the virtual clock: it gets GRACE seconds of the
-- machine's time before the clock may move, and moves it by STEP at most then.
local GRACE, STEP = 0.005, 1

local function set_of(loop)
  local set = loop._descriptors
  if not set then
    local why, code
    set, why, code = core.descriptors(loop._queue)
    if not set then
      return nil, why, code
    end
    loop._descriptors = set
  end
  return set
end

--- The descriptor of the loop for other event loops; the same all along.
function descriptors.fd(loop)
  local set, why, code = set_of(loop)
  if not set then
    return nil, why, code
  end
  return set:fd()
end

function descriptors.close(loop)
  if loop._descriptors then
    loop._descriptors:close()
  end
  loop._watched = nil
end

-- ---- who waits for which ----

-- In loop._watched: fd -> { [1] = waiters for reading, [2] = for writing }.
local function watch(loop, fd)
  local set, why, code = set_of(loop)
  if not set then
    return nil, why, code
  end
  local entry = loop._watched and loop._watched[fd]
  return set:watch(fd, entry and next(entry[1]) ~= nil, entry and next(entry[2]) ~= nil)
end

local function forget(loop, fd, mode, waiter)
  local entry = loop._watched and loop._watched[fd]
  if not entry or not entry[mode][waiter] then
    return
  end
  entry[mode][waiter] = nil
  watch(loop, fd)
  if next(entry[1]) == nil and next(entry[2]) == nil then
    loop._watched[fd] = nil
    if next(loop._watched) == nil then
      loop._watched = nil
    end
  end
end

local function remember(loop, fd, mode, waiter)
  loop._watched = loop._watched or {}
  local entry = loop._watched[fd] or { {}, {} }
  loop._watched[fd] = entry
  entry[mode][waiter] = true
  local ok, why, code = watch(loop, fd)
  if not ok then
    forget(loop, fd, mode, waiter)
  end
  return ok, why, code
end

-- ---- within poll ----

--- Waits until something is ready or comes in, `seconds` at most (nil: for
--- ever). Gives how long the queue may still be waited for.
function descriptors.wait(loop, seconds)
  local set = loop._descriptors
  if not is_virtual() then
    set:wait(seconds)
    return 0
  elseif set:wait(math.min(seconds or GRACE, GRACE)) then
    return 0
  end
  return math.min(seconds or STEP, STEP)
end

local function wake_all(loop, fd, mode)
  local entry = loop._watched and loop._watched[fd]
  if not entry then
    return
  end
  local waiter = next(entry[mode])
  while waiter do
    loop:_wake(waiter)
    forget(loop, fd, mode, waiter)
    waiter = next(entry[mode])
  end
end

local found = {}

--- Wakes those whose descriptors are ready.
function descriptors.wake(loop)
  for i = 1, loop._descriptors:ready(found) do
    local fd, ready = found[2 * i - 1], found[2 * i]
    if ready ~= 2 then
      wake_all(loop, fd, 1)
    end
    if ready ~= 1 then
      wake_all(loop, fd, 2)
    end
  end
end

-- ---- waiting ----

local modes = { r = 1, w = 2 }

-- A number, or an object of LuaSocket or cqueues.
local function number_of(fd, what, level)
  if type(fd) == "table" or type(fd) == "userdata" then
    local ok, method = pcall(function()
      return fd.getfd or fd.pollfd
    end)
    fd = ok and type(method) == "function" and method(fd) or nil
  end
  if type(fd) ~= "number" or fd < 0 or fd > 2147483647 or fd ~= math.floor(fd) then
    error(what .. ": fd must be a descriptor: a number, or an object with getfd", level + 1)
  end
  return fd
end

--- Checked arguments of a wait: the number, the mode, the deadline.
function descriptors.arguments(fd, mode, timeout, what, level)
  local number = number_of(fd, what, level + 1)
  if not modes[mode] then
    error(what .. ': mode must be "r" or "w"', level + 1)
  elseif timeout ~= nil and (type(timeout) ~= "number" or timeout ~= timeout) then
    error(what .. ": timeout must be a number of seconds", level + 1)
  end
  return number, modes[mode], timeout and now() + timeout
end

--- Waits with `waiter`, as loop:_wait does; true also for what is no thing to
--- wait for, as a file.
function descriptors.await(loop, waiter, fd, mode, deadline, level)
  local ok, why, code = remember(loop, fd, mode, waiter)
  if ok == nil then
    return nil, why, code
  elseif not ok then
    return true
  end
  if deadline and deadline <= now() then -- only a look
    descriptors.wake(loop)
  end
  if loop:_in_task() then
    ok, why, code = loop:_wait(waiter, deadline, level + 1)
  else
    local fine
    fine, ok, why, code = pcall(loop._wait, loop, waiter, deadline, level + 2)
    if not fine then
      forget(loop, fd, mode, waiter)
      error(ok, 0)
    end
  end
  forget(loop, fd, mode, waiter)
  return ok, why, code
end

--- loop:wait(fd, "r" or "w", seconds): true; nil, why, "WAIT_TIMEOUT".
function descriptors.wait_for(loop, fd, mode, timeout)
  local number, which, deadline = descriptors.arguments(fd, mode, timeout, "loop:wait", 2)
  local ok, why, code = descriptors.await(loop, {}, number, which, deadline, 2)
  if ok == false then
    return nil, ("loop:wait: descriptor %d was not ready in time"):format(number), "WAIT_TIMEOUT"
  end
  return ok, why, code
end

return descriptors
