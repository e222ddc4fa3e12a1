-- SPDX-License-Identifier: MIT
-- A provider in Lua: fax.provider. What the service wants of it comes through
-- the port of a loop; provider/run.lua is the life of an operation.

local calls = require "fax.provider.calls"
local check = require "fax.provider.check"
local core = require "fax.core"
local device = require "fax.provider.device"
local life = require "fax.provider.life"
local loops = require "fax.loop"
local task = require "fax.task"
local workers = require "fax.provider.workers"

local Provider = life.methods()
local meta = { __index = Provider, __name = "fax.provider", __close = Provider.close }

-- Those of this Lua state that calls may still come for.
local attached = setmetatable({}, { __mode = "k" })

-- ---- what the service wants ----

local deliver = { abort = calls.abort, enable = calls.enable, committed = calls.committed }
for kind, heard in pairs(workers.heard) do
  deliver[kind] = function(self, call)
    heard(self, call.text)
  end
end

function deliver.stop(self)
  self._loop._providers[self._number] = nil
  attached[self] = nil
  life.stopped(self)
  if self._workers then
    self._workers:close()
  end
end

-- The box of an operation to start, or a table.
function Provider:_deliver(call)
  if type(call) == "userdata" then
    local job = calls.start(self, call)
    return job and task.start(self._loop, job)
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

-- The service of this process, else one without other providers.
local function reach(connect)
  if core.running() then
    return connect()
  end
  return connect { providers = {} }
end

-- What its ports are not to be asked for.
local function say_what_it_can(self, checked)
  checked.sends = self._callbacks.send ~= nil
  checked.receives = self._callbacks.receive ~= nil
end

-- Its box: the calls come to its workers, or through the loop.
local function attach_box(self, server, checked)
  if not checked.worker then
    say_what_it_can(self, checked)
    return core.attach(server, self._loop._queue, checked, self._number)
  end
  local fine, ok, why, code = pcall(workers.start, self, checked, 7)
  if not fine then
    deliver.stop(self)
    error(ok, 0)
  elseif not ok then
    return nil, why, code
  end
  say_what_it_can(self, checked)
  return core.attach_workers(server, self._workers, checked, self._number)
end

local function attach(self, server, checked)
  local loop = self._loop
  local number = loop._number + 1
  loop._number, self._number = number, number
  loop._providers[number] = self
  local box, why, code = attach_box(self, server, checked)
  if not box then
    deliver.stop(self)
    return nil, why, code
  end
  self._box, attached[self] = box, true
  local ids
  ids, why, code = box:devices()
  if not ids then
    self:close()
    return nil, why, code
  end
  self.devices, self._by_id = device.new(self, checked.devices, ids)
  return self
end

local provider = { methods = Provider }

-- The box of one that is not attached yet.
local none = { closed = function()
  return true
end }

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
--- seconds to end, aborts them, and gives them `limit` more. Workers need no poll:
--- the service does so with theirs. Gives their providers, for provider.left.
function provider.settle(drain, limit)
  local list, with_workers = {}, {}
  for one in pairs(attached) do
    local kind = one._workers and with_workers or list
    kind[#kind + 1] = one
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
  return with_workers
end

--- After that: what of these did not end, as a text, or nil.
function provider.left(with_workers)
  local names = {}
  for _, one in ipairs(with_workers) do
    local left = workers.left(one)
    if left then
      names[#names + 1] = ("the provider %s (%s)"):format(one.name, left)
    end
    deliver.stop(one)
  end
  return #names > 0 and table.concat(names, ", ") or nil
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
  local self = setmetatable({ name = checked.name, _box = none, _loop = loop, _server = own,
    _callbacks = checked, _jobs = {}, _waiters = {}, _by_id = {} }, meta)
  self, why, code = attach(self, checked.server or own, checked)
  if not self and own then
    own:close()
  end
  return self, why, code
end

return provider
