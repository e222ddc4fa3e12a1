-- SPDX-License-Identifier: MIT
-- The completion loop: takes packets of a completion port in batches and hands
-- them to callbacks and to coroutines that wait. C never calls Lua; everything
-- here happens inside poll. What a coroutine does is in fax.task.

local core = require "fax.core"
local descriptors = require "fax.descriptors"
local dispatch = require "fax.dispatch"
local task = require "fax.task"
local timers = require "fax.timers"

local now = core.clock.now

local Loop = {}
local meta = { __index = Loop, __name = "fax.loop" }

-- A number of seconds in a double is true to a quarter of a microsecond.
local SLACK = 1e-6

-- How long to wait in the port: seconds, or nil for ever.
local function patience(self, timeout)
  if self._ready.first <= self._ready.last then
    return 0
  end
  local at = self._timers:first()
  local left = at and math.max(at - now(), 0)
  if timeout and left then
    return math.min(timeout, left)
  end
  return timeout or left
end

local function turn(self, timeout)
  local batch, count = self._batch, 0
  if batch.next > batch.last then
    local why, code
    local left = patience(self, timeout)
    if self._watched then
      left = descriptors.wait(self, left)
    end
    count, why, code = self._queue:take(batch, left)
    if not count then
      return nil, why, code
    end
  end
  dispatch.batch(self)
  if self._closed then
    return count
  end
  if self._watched then
    descriptors.wake(self)
  end
  local moment = now() + SLACK
  local waiter = self._timers:due(moment)
  while waiter do
    waiter.timer = nil
    self:_wake_up(waiter)
    waiter = self._timers:due(moment)
  end
  dispatch.ready(self)
  return count
end

-- ---- running ----

--- Waits up to `timeout` seconds (nil: as long as it takes, 0: not at all) for
--- packets, sleepers and coroutines, and dispatches what there is.
function Loop:poll(timeout)
  if timeout ~= nil and type(timeout) ~= "number" then
    error("loop:poll: a number of seconds expected", 2)
  elseif self._polling then
    error("loop:poll: called from inside the loop", 2)
  end
  self._polling = true
  local ok, count, why, code = pcall(turn, self, timeout)
  self._polling = false
  if not ok then
    error(count, 0)
  end
  local failure = self._failure
  if failure then
    self._failure = nil
    error(failure, 0)
  end
  return count, why, code
end

local function has_work(self)
  return self._tasks > 0 or self._packet ~= nil or next(self._subscriptions) ~= nil
    or next(self._providers) ~= nil
end

--- Polls until nothing is left to wait for, or until stop().
function Loop:run()
  if self._polling then
    error("loop:run: called from inside the loop", 2)
  end
  self._stopping = false
  while not self._stopping and not self._closed and has_work(self) do
    local count, why, code = self:poll()
    if not count then
      return nil, why, code
    end
  end
  return true
end

function Loop:stop()
  self._stopping = true
end

-- ---- raw packets ----

--- fn(key, bytes) for each packet that C code posts to handle(); nil: none.
function Loop:on_packet(fn)
  if fn ~= nil and type(fn) ~= "function" then
    error("loop:on_packet: a function or nil expected", 2)
  end
  self._packet = fn
end

function Loop:post(key, bytes)
  if bytes == nil then
    bytes = 0
  end
  return self._queue:post(bytes, key)
end

function Loop:handle()
  return self._queue:handle()
end

-- ---- in another loop ----

Loop.fd, Loop.pollfd = descriptors.fd, descriptors.fd

function Loop.events()
  return "r"
end

--- Seconds until poll(0) has something to do without a packet; nil: never.
function Loop:timeout()
  return patience(self, nil)
end

function Loop:close()
  if self._closed then
    return
  end
  self._closed, self._stopping = true, true
  for _, subscription in pairs(self._subscriptions) do
    subscription:close()
  end
  for _, provider in pairs(self._providers) do
    provider:_lose()
  end
  for _, provider in pairs(self._loaded) do
    provider:_lose()
  end
  self._providers, self._loaded, self._batch.last = {}, {}, 0
  self._packet, self._tasks = nil, 0
  self._ready, self._timers = { first = 1, last = 0 }, timers.new()
  descriptors.close(self)
  self._queue:close()
end

meta.__close = Loop.close

function meta.__tostring(self)
  return self._closed and "fax.loop (closed)" or ("fax.loop (%d tasks)"):format(self._tasks)
end

-- ---- coroutines ----

Loop.spawn, Loop.sleep, Loop.wait = task.spawn, task.sleep, descriptors.wait_for
Loop._wait, Loop._wake, Loop._wake_up = task.wait, task.wake, task.wake_up
Loop._in_task = task.inside

local loop = {}

function loop.new()
  local queue, why, code = core.queue()
  if not queue then
    return nil, why, code
  end
  return setmetatable({
    _queue = queue,
    _batch = { next = 1, last = 0, events = 0, boxes = {} },
    _subscriptions = {}, -- number -> subscription with a callback
    _iterators = setmetatable({}, { __mode = "v" }),
    _watches = setmetatable({}, { __mode = "k" }), -- server -> watch (fax.watch)
    _providers = {}, -- number -> provider that calls may still come for
    _loaded = {}, -- number -> provider in a shared object, which needs no loop
    _number = 0,
    _timers = timers.new(),
    _ready = { first = 1, last = 0 },
    _tasks = 0,
  }, meta)
end

local default

--- The loop of this Lua state, made when first asked for or after a close.
function loop.default()
  if not default or default._closed then
    local why, code
    default, why, code = loop.new()
    if not default then
      return nil, why, code
    end
  end
  return default
end

--- The loop whose coroutine runs now, else the default one.
function loop.current()
  return task.loop() or loop.default()
end

return loop
