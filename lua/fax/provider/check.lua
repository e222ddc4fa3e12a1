-- SPDX-License-Identifier: MIT
-- The options of fax.provider, checked.

local calls = require "fax.provider.calls"
local core = require "fax.core"
local device = require "fax.provider.device"
local options = require "fax.options"
local workers = require "fax.provider.workers"

local known = { name = "string", devices = device.list, stall = "whole",
  calls = "whole",
  server = function(value, what, key, level)
    local mt = type(value) == "userdata" and getmetatable(value)
    if not mt or mt.__index ~= core.server_methods then
      error(("%s: %s must be a server handle"):format(what, key), level + 1)
    end
    return value
  end }
for _, name in ipairs(calls.names) do
  known[name] = "function"
end
for name, kind in pairs(workers.options) do
  known[name] = kind
end

--- Checked options; a mistake is raised where `level` says, 1: the caller.
return function(given, what, level)
  local checked = options.check(given, known, what, level + 1)
  for _, key in ipairs { "name", "devices" } do
    if not checked[key] then
      error(("%s: the option '%s' is missing"):format(what, key), level + 1)
    end
  end
  workers.check(checked, calls.names, what, level + 1)
  if not checked.worker and not checked.send and not checked.receive then
    error(what .. ": one of the options 'send' and 'receive' is missing", level + 1)
  end
  return checked
end
