-- SPDX-License-Identifier: MIT
-- The devices of a provider in Lua: the lines that the service sees as ports.

local options = require "fax.options"

local Device = {}
local meta = { __index = Device, __name = "fax.device" }

local device = { methods = Device }

local known = { name = "string", number = "string", id = "whole" }

--- A kind for options.check: a list of at least one device, each with a name.
function device.list(given, what, key, level)
  if type(given) ~= "table" or #given == 0 then
    error(("%s: %s must be a list of tables, at least one"):format(what, key), level + 1)
  end
  local list = {}
  for i = 1, #given do
    local of = ("%s: device %d"):format(what, i)
    list[i] = options.check(given[i], known, of, level + 1)
    if not list[i].name then
      error(of .. " has no name", level + 1)
    end
  end
  return list
end

--- The devices as objects, in their order and by id.
function device.new(provider, given, ids)
  local list, by_id = {}, {}
  for i = 1, #given do
    list[i] = setmetatable({ id = ids[i], name = given[i].name, number = given[i].number,
      provider = provider }, meta)
    by_id[ids[i]] = list[i]
  end
  return list, by_id
end

local ring_options = { rings = "whole", caller = "string" }

--- A call comes in; it has rung `rings` times (nil: not known).
function Device:ring(given)
  if getmetatable(self) ~= meta then
    error("device:ring: a device expected", 2)
  end
  local checked = options.check(given, ring_options, "device:ring", 2)
  return self.provider._box:ring(self.id, checked.rings or 0, checked.caller)
end

function meta.__tostring(self)
  return ("fax.device %d '%s'"):format(self.id, self.name)
end

return device
