-- SPDX-License-Identifier: MIT
-- fax.connect: the service of this process, else the server that listens in the
-- directory, else a service that is started here.

local config = require "fax.config"
local core = require "fax.core"
local names = require "fax.names"
local options = require "fax.options"

local known = { rights = names.rights, user = "string", socket = "string", start = "boolean" }
for key, kind in pairs(config.known) do
  known[key] = kind
end

local function service_option(checked)
  for key in pairs(checked) do
    if config.known[key] then
      return key
    end
  end
end

-- What the service that this Lua state started last was started with: asking for
-- the same again is no conflict.
local started_with

local function is_same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then
    return a == b
  end
  for key, value in pairs(a) do
    if not is_same(value, b[key]) then
      return false
    end
  end
  for key in pairs(b) do
    if a[key] == nil then
      return false
    end
  end
  return true
end

-- What is there: of this process, else of another.
local function find(checked)
  return core.connect(checked.rights, checked.user, checked.socket, checked.directory)
end

local absent = { ERROR_SERVICE_NOT_ACTIVE = true, ERROR_SHUTDOWN_IN_PROGRESS = true }

-- How long a service that is about to end, here or elsewhere, is waited for, and
-- one of another process that has the directory but does not listen yet.
local LAST_SECONDS = 10
local PAUSE = 0.05

-- true, or nil, why, code; whoever else has the directory may be found instead.
local function start(made)
  -- With none at all this does nothing; one that is ending is waited for.
  core.stop(LAST_SECONDS, LAST_SECONDS)
  return core.start(made)
end

local function start_and_find(checked, made)
  local started, why, code = start(made)
  if not started then
    return nil, why, code
  end
  local handle
  handle, why, code = find(checked)
  if handle then
    started_with = made
    return handle
  end
  core.stop(0, LAST_SECONDS)
  return nil, why, code
end

-- Two programs may start at the same moment: the one that gets the lock of the
-- directory listens a moment later, and the other becomes its client.
local function start_or_join(checked, made)
  local deadline = core.clock.now() + LAST_SECONDS
  while true do
    local handle, why, code = start_and_find(checked, made)
    if handle or code ~= "ERROR_SHARING_VIOLATION" then
      return handle, why, code
    end
    local joined, not_joined, kind = find(checked)
    if joined or not absent[kind] then
      return joined, not_joined, kind
    elseif core.clock.now() >= deadline then
      return nil, why, code
    end
    core.clock.wait(PAUSE)
  end
end

local function of_this_process(checked, made)
  local extra = not is_same(made, started_with) and service_option(checked)
  local handle, why, code = find(checked)
  if handle and extra then
    handle:close()
    return nil, ("fax.connect: option '%s': a service runs in this process already")
      :format(extra), "ERROR_SERVICE_ALREADY_RUNNING"
  end
  return handle, why, code
end

local function reach(checked, made)
  local handle, why, code
  if core.running() and not checked.socket then
    handle, why, code = of_this_process(checked, made)
  else
    handle, why, code = find(checked)
  end
  if handle or not absent[code] or checked.start == false or checked.socket then
    return handle, why, code
  end
  return start_or_join(checked, made)
end

--- FaxConnectFaxServer: the service of this process, else that of another, else
--- one started here.
return function(given)
  local checked = options.check(given, known, "fax.connect", 2)
  local made = config.of(checked, "fax.connect", 2)
  made.embedded = true
  return reach(checked, made)
end
