-- SPDX-License-Identifier: MIT
-- What stands for fax.loop within nginx, one for a worker: waiting is that of
-- light threads, and events come from the worker's one connection (hub.lua).

local core = require "fax.resty.core"
local semaphore = require "ngx.semaphore"

local now = core.clock.now

local Loop = {}
local meta = { __index = Loop }

-- What a semaphore is asked to wait at a time.
local TURN = 3600

--- Waits until the waiter is woken: true; until `deadline`: false.
function Loop:_wait(waiter, deadline)
  self._waiting[waiter] = true
  waiter.semaphore = waiter.semaphore or semaphore.new()
  while not waiter.done do
    local left = deadline and deadline - now() or TURN
    if left <= 0 then
      return false
    end
    waiter.semaphore:wait(math.min(left, TURN))
  end
  return true
end

function Loop._wake(_, waiter)
  waiter.done = true
  if waiter.semaphore then
    waiter.semaphore:post()
  end
end

--- Whether somebody waits in a request that nginx has not given up.
function Loop:_awaited()
  collectgarbage()
  for waiter in pairs(self._waiting) do
    if not waiter.done then
      return true
    end
  end
  return false
end

--- All of nginx's Lua may wait; where it may not, nginx raises.
function Loop._in_task()
  return true
end

-- One watch for all handles of the same user and rights: a request that nginx
-- drops while it waits leaves nothing behind that grows.
local function watches()
  local all = {}
  local function key(server)
    local at = server._at
    return at and ("%s %s %s"):format(at.path, at.rights or "", at.user or "") or ""
  end
  return setmetatable({}, {
    __index = function(_, server)
      return all[key(server)]
    end,
    __newindex = function(_, server, watch)
      all[key(server)] = watch
    end,
  })
end

local one

local loop = {}

function loop.current()
  if not one then
    one = setmetatable({
      _subscriptions = {},
      _iterators = setmetatable({}, { __mode = "v" }),
      _watches = watches(),
      -- Those of requests that were dropped go with the next collection.
      _waiting = setmetatable({}, { __mode = "k" }),
      _number = 0,
    }, meta)
    one._queue = require("fax.resty.queue").new(one)
  end
  return one
end

return loop
