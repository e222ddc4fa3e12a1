-- SPDX-License-Identifier: MIT
-- What a configuration names must be there: providers, each once; and the socket must
-- have a name.

local core = require "fax.core"

local companions = {}

local function is_there(path)
  local handle = io.open(path, "rb")
  return handle ~= nil and handle:close() and true
end

local function shared_object(provider)
  if provider.path then
    return is_there(provider.path), provider.path
  end
  return core.companion(("fsp/%s.so"):format(provider.name)) ~= nil,
    ("fsp/%s.so beside the library"):format(provider.name)
end

-- What fits into the address of a unix socket.
local MOST_PATH = 107

local function socket(settings, found)
  local directory = settings.directory
  if directory and not settings.socket and #directory + #"/fax.sock" > MOST_PATH then
    found[#found + 1] = { path = "directory",
      text = "directory is too long for the socket in it; set `socket`" }
  end
end

--- Adds what is missing to `found`.
function companions.check(settings, found)
  socket(settings, found)
  local seen = {}
  for i, provider in ipairs(settings.providers or {}) do
    local path = ("providers[%d]"):format(i)
    local there, where = shared_object(provider)
    if not there then
      found[#found + 1] = { path = path .. (provider.path and ".path" or ".name"),
        text = ("%s: there is no %s"):format(path, where) }
    end
    if seen[provider.name] then
      found[#found + 1] = { path = path .. ".name",
        text = ("%s: a provider '%s' is there already"):format(path, provider.name) }
    end
    seen[provider.name] = true
  end
end

return companions
