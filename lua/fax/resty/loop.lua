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
function Loop._wait(_, waiter, deadline)
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

--- All of nginx's Lua may wait; where it may not, nginx raises.
function Loop._in_task()
  return true
end

local one

local loop = {}

function loop.current()
  if not one then
    one = setmetatable({
      _subscriptions = {},
      _iterators = setmetatable({}, { __mode = "v" }),
      _watches = setmetatable({}, { __mode = "k" }),
      _number = 0,
    }, meta)
    one._queue = require("fax.resty.queue").new(one)
  end
  return one
end

return loop
