-- SPDX-License-Identifier: MIT
-- The option `dialling` of a service, in the shape that fax.core wants: groups as
-- a list. What the rules mean is checked by the library.

local options = require "fax.options"

local dialling = {}

-- { berlin = { "line 1", "sip" } }, in the order of the names
local function groups(given, what, key, level)
  if type(given) ~= "table" then
    error(("%s: %s must be a table of lists"):format(what, key), level + 1)
  end
  local list = {}
  for name, ports in pairs(given) do
    local where = ("%s.%s"):format(key, tostring(name))
    if type(name) ~= "string" then
      error(("%s: %s: the name of a group must be a string"):format(what, where), level + 1)
    end
    list[#list + 1] = { name = options.argument(name, "string", what, where, level + 1),
      ports = options.argument(ports, "texts", what, where, level + 1) }
  end
  table.sort(list, function(a, b)
    return a.name < b.name
  end)
  return list
end

local route = { prefix = "string", group = "string" }

local function routes(given, what, key, level)
  if type(given) ~= "table" then
    error(("%s: %s must be a list of tables"):format(what, key), level + 1)
  end
  local list = {}
  for i = 1, #given do
    list[i] = options.check(given[i], route, ("%s: %s[%d]"):format(what, key, i), level + 1)
  end
  return list
end

local known = {
  country = "string",
  international = "string",
  national = "string",
  national_digits = "whole",
  groups = groups,
  routes = routes,
  blocked = "texts",
}

dialling.known, dialling.route = known, route

--- A kind for options.check.
function dialling.option(given, what, key, level)
  return (options.check(given, known, what .. ": " .. key, level + 1))
end

return dialling
