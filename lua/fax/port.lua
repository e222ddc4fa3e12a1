-- SPDX-License-Identifier: MIT
-- A port handle: what fax.core's userdata gets on top of its own methods.

local core = require "fax.core"
local options = require "fax.options"

local Port = core.port_methods

local known = {
  rings = "whole",
  priority = "whole",
  tsid = "string",
  csid = "string",
  receive = "boolean",
  send = "boolean",
}

-- The flags as they were, but for those that are named.
local function with_flags(flags, changes)
  local set, list = {}, {}
  for _, name in ipairs(flags or {}) do
    set[name] = true
  end
  if changes.receive ~= nil then
    set.FPF_RECEIVE = changes.receive or nil
  end
  if changes.send ~= nil then
    set.FPF_SEND = changes.send or nil
  end
  for name in pairs(set) do
    list[#list + 1] = name
  end
  return list
end

--- FaxSetPort: changes what is named and leaves the rest as it is. The port
--- must have been opened for "modify".
function Port:set(given)
  local changes = options.check(given, known, "port:set", 2)
  local info, why, code = self:info()
  if not info then
    return nil, why, code
  end
  info.flags = with_flags(info.flags, changes)
  for _, key in ipairs { "rings", "priority", "tsid", "csid" } do
    if changes[key] ~= nil then
      info[key] = changes[key]
    end
  end
  return self:_set(info)
end

return { methods = Port }
