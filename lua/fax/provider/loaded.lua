-- SPDX-License-Identifier: MIT
-- A provider in a shared object that was loaded for this run of the service:
-- server:load_provider. Its end is told through the port of a loop.

local core = require "fax.core"
local device = require "fax.provider.device"
local life = require "fax.provider.life"

local Loaded = life.methods()
local meta = { __index = Loaded, __name = "fax.provider", __close = Loaded.close,
  __tostring = life.text }

local loaded = {}

-- The only thing that comes.
function Loaded:_deliver(call)
  if call.kind == "stop" then
    self._loop._loaded[self._number] = nil
    life.stopped(self, call.error)
  end
end

-- The loop is closed.
function Loaded:_lose()
  life.stopped(self)
end

-- Their names are those of the ports, for who may see them.
local function devices_of(self, server)
  local ids, given, names = assert(self._box:devices()), {}, {}
  for _, port in ipairs(server:ports() or {}) do
    names[port.device_id] = port.device_name
  end
  for i, id in ipairs(ids) do
    given[i] = { name = names[id] or self.name }
  end
  return (device.new(self, given, ids))
end

--- Loads it; `checked` has name, path and options.
function loaded.new(server, loop, checked)
  local number = loop._number + 1
  loop._number = number
  local box, why, code = core.load(server, loop._queue, checked, number)
  if not box then
    return nil, why, code
  end
  local self = setmetatable({ name = checked.name, _box = box, _loop = loop, _number = number,
    _waiters = {} }, meta)
  loop._loaded[number] = self
  self.devices = devices_of(self, server)
  return self
end

return loaded
