-- SPDX-License-Identifier: MIT
-- A port handle: what fax.core's userdata gets on top of its own methods.

local core = require "fax.core"
local names = require "fax.names"
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
  options.argument(given, "table", "port:set", "changes", 2)
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

-- ---- routing ----

--- FaxEnableRoutingMethod: switches one method for the port.
function Port:enable_routing_method(guid, enabled)
  local what = "port:enable_routing_method"
  options.argument(guid, "string", what, "guid", 2)
  options.argument(enabled, "boolean", what, "enabled", 2)
  return self:_enable_routing_method(guid, enabled)
end

--- FaxGetRoutingInfo: the bytes that a method keeps for the port.
function Port:routing_info(guid)
  return self:_routing_info(
    options.argument(guid, "string", "port:routing_info", "guid", 2))
end

--- FaxSetRoutingInfo: replaces them.
function Port:set_routing_info(guid, bytes)
  options.argument(guid, "string", "port:set_routing_info", "guid", 2)
  options.argument(bytes, "bytes", "port:set_routing_info", "bytes", 2)
  return self:_set_routing_info(guid, bytes)
end

--- Stores what the port receives in a folder, too; false: no more.
function Port:route_to_folder(path)
  if path == false then
    return self:_enable_routing_method(names.routing.folder, false)
  end
  options.argument(path, "string", "port:route_to_folder", "path", 2)
  local ok, why, code = self:_set_routing_info(names.routing.folder, path .. "\0")
  if not ok then
    return nil, why, code
  end
  return self:_enable_routing_method(names.routing.folder, true)
end

return { methods = Port }
