-- SPDX-License-Identifier: MIT
-- A provider in Lua: fax.provider. What the service wants of it comes through
-- the port of a loop; provider/run.lua is the life of an operation.

local core = require "fax.core"
local dispatch = require "fax.dispatch"
local device = require "fax.provider.device"
local life = require "fax.provider.life"
local loops = require "fax.loop"
local operation = require "fax.operation"
local options = require "fax.options"
local task = require "fax.task"

local Provider = life.methods()
local meta = { __index = Provider, __name = "fax.provider", __close = Provider.close }

-- Those of this Lua state that calls may still come for.
local attached = setmetatable({}, { __mode = "k" })

-- ---- what the service wants ----

local deliver = {}

-- One that is over is not there any more.
function deliver.abort(self, call)
  local job = self._jobs[call.number]
  if not job or job._aborted then
    return
  end
  job:_abort()
  local fn = self._callbacks.abort
  if fn then
    local ok, err = xpcall(fn, dispatch.explain, job)
    if not ok and type(err) == "table" then
      error(err.interrupt, 0)
    elseif not ok then
      job._failure = err
    end
  end
end

function deliver.enable(self, call)
  local fn, of = self._callbacks.enable, self._by_id[call.device_id]
  if fn and of then
    self._loop:spawn(fn, of, call.receive, call.send)
  end
end

function deliver.stop(self)
  self._loop._providers[self._number] = nil
  attached[self] = nil
  life.stopped(self)
end

local function start(self, box)
  local job = operation.new(self, box)
  if job then
    self._jobs[job._number] = job
    task.start(self._loop, job)
  end
end

-- The box of an operation to start, or a table.
function Provider:_deliver(call)
  if type(call) == "userdata" then
    return start(self, call)
  end
  local fn = deliver[call.kind]
  if fn then
    fn(self, call)
  end
end

-- The loop is closed: no coroutine of it goes on.
function Provider:_lose()
  for number, job in pairs(self._jobs) do
    self._jobs[number] = nil
    job._box:close()
  end
  deliver.stop(self)
end

meta.__tostring = life.text

-- ---- attaching ----

local known = { name = "string", devices = device.list, stall = "whole",
  server = function(value, what, key, level)
    local mt = type(value) == "userdata" and getmetatable(value)
    if not mt or mt.__index ~= core.server_methods then
      error(("%s: %s must be a server handle"):format(what, key), level + 1)
    end
    return value
  end }
for _, name in ipairs { "start_job", "send", "receive", "report_status", "end_job", "abort",
  "enable" } do
  known[name] = "function"
end

local function check(given, what, level)
  local checked = options.check(given, known, what, level + 1)
  for _, key in ipairs { "name", "devices" } do
    if not checked[key] then
      error(("%s: the option '%s' is missing"):format(what, key), level + 1)
    end
  end
  if not checked.send and not checked.receive then
    error(what .. ": one of the options 'send' and 'receive' is missing", level + 1)
  end
  return checked
end

-- The service of this process, else one without other providers.
local function reach(connect)
  if core.running() then
    return connect()
  end
  return connect { providers = {} }
end

local function attach(self, server, checked)
  local loop = self._loop
  local number = loop._number + 1
  loop._number = number
  local box, why, code = core.attach(server, loop._queue, checked, number)
  if not box then
    return nil, why, code
  end
  self._box, self._number = box, number
  loop._providers[number], attached[self] = self, true
  local ids
  ids, why, code = box:devices()
  if ids then
    self.devices, self._by_id = device.new(self, checked.devices, ids)
    ids, why, code = device.configure(server, self.devices, checked)
  end
  if not ids then
    self:close()
    return nil, why, code
  end
  return self
end

local provider = { methods = Provider }

-- Ends those of a loop that cannot be polled from here.
local function wait_or_lose(self, seconds)
  local loop = self._loop
  if loop._polling and not loop:_in_task() then
    self:_lose()
  else
    self:wait(seconds)
  end
end

--- Before the service stops, which is waited for without a poll of any loop:
--- detaches every provider of this Lua state, gives its operations `drain`
--- seconds to end, aborts them, and gives them `limit` more.
function provider.settle(drain, limit)
  local list = {}
  for one in pairs(attached) do
    list[#list + 1] = one
    one:close()
  end
  local drained = core.clock.now() + drain
  for _, one in ipairs(list) do
    wait_or_lose(one, drained - core.clock.now())
    for number in pairs(one._jobs) do
      deliver.abort(one, { number = number })
    end
  end
  local ended = core.clock.now() + limit
  for _, one in ipairs(list) do
    wait_or_lose(one, ended - core.clock.now())
  end
end

--- fax.provider; `connect` is fax.connect.
function provider.new(given, connect)
  local checked = check(given, "fax.provider", 3)
  local loop, why, code = loops.current()
  if not loop then
    return nil, why, code
  end
  local own
  if not checked.server then
    own, why, code = reach(connect)
    if not own then
      return nil, why, code
    end
  end
  local self = setmetatable({ name = checked.name, _loop = loop, _server = own,
    _callbacks = checked, _jobs = {}, _waiters = {}, _by_id = {} }, meta)
  self, why, code = attach(self, checked.server or own, checked)
  if not self and own then
    own:close()
  end
  return self, why, code
end

return provider
