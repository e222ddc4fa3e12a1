-- SPDX-License-Identifier: MIT
-- The options of a service, as fax.connect and fax.service.start take them, in
-- the shape that fax.core wants.

local dialling = require "fax.dialling"
local names = require "fax.names"
local options = require "fax.options"
local policy = require "fax.policy"

local config = {}

-- { lines = 4, pace = "fast" } or { "lines=4" } -> { "lines=4", "pace=fast" }
local function pairs_of(given, what, key, level)
  if type(given) ~= "table" then
    error(("%s: %s must be a table"):format(what, key), level + 1)
  end
  local list = {}
  for name, value in pairs(given) do
    if type(name) == "number" and type(value) == "string" then
      list[#list + 1] = value
    elseif type(name) == "string" and (type(value) == "string" or type(value) == "number"
      or type(value) == "boolean") then
      if type(value) == "number" then
        value = value == math.floor(value) and ("%d"):format(value) or ("%g"):format(value)
      end
      list[#list + 1] = name .. "=" .. tostring(value)
    else
      error(("%s: %s: option '%s' must be a string or a number"):format(what, key,
        tostring(name)), level + 1)
    end
    if list[#list]:find("\0", 1, true) then
      error(("%s: %s: texts without a NUL expected"):format(what, key), level + 1)
    end
  end
  table.sort(list)
  return list
end

config.pairs_of = pairs_of

-- enum of fax_service.h: calls in a child process; false: in this one
local ISOLATE_NONE = 0xffffffff

local function isolate(given, what, key, level)
  if given == false then
    return ISOLATE_NONE
  elseif type(given) == "number" and given >= 1 and given < ISOLATE_NONE
    and given == math.floor(given) then
    return given
  end
  error(("%s: %s must be a number from 1, or false"):format(what, key), level + 1)
end

local provider = { name = "string", path = "string", options = pairs_of,
  isolate = isolate, calls = "whole" }

config.provider = provider

local function providers(given, what, key, level)
  if type(given) ~= "table" then
    error(("%s: %s must be a list of tables"):format(what, key), level + 1)
  end
  local list = {}
  for i = 1, #given do
    local one = options.check(given[i], provider, ("%s: provider %d"):format(what, i),
      level + 1)
    if not one.name then
      error(("%s: provider %d has no name"):format(what, i), level + 1)
    end
    list[i] = one
  end
  return list
end

-- enum fax_compat
local compat_bits = { lax_ports = 1, close_right = 2, one_queue = 4 }

local function compat(given, what, key, level)
  if type(given) ~= "table" then
    error(('%s: %s must be a list of "lax_ports", "close_right", "one_queue"'):format(what,
      key), level + 1)
  end
  local set, seen = 0, {}
  for i = 1, #given do
    local bit = compat_bits[given[i]]
    if not bit then
      error(('%s: %s: "lax_ports", "close_right" or "one_queue" expected, not \'%s\'')
        :format(what, key, tostring(given[i])), level + 1)
    elseif not seen[bit] then
      set, seen[bit] = set + bit, true
    end
  end
  return set
end

config.known = {
  directory = "string",
  inbox = "string",
  log = "string",
  log_level = names.log_level,
  log_format = names.log_format,
  idle = "whole",
  providers = providers,
  loopback = pairs_of,
  retries = "whole",
  retry_delay = "whole",
  branding = "boolean",
  use_device_tsid = "boolean",
  operation_limit = "whole",
  abort_limit = "whole",
  recipients_limit = "whole",
  event_backlog = "whole",
  keep_results = "whole",
  archive_days = "whole",
  archive_bytes = "size",
  key_days = "whole",
  record_days = "whole",
  adopt = "boolean",
  offline = "boolean",
  calls_per_number = "whole",
  batch = "whole",
  client_patience = "whole",
  on_doubt = names.on_doubt,
  priority_step = "whole",
  compat = compat,
  dialling = dialling.option,
  policy = policy.option,
}

-- ---- other processes ----

local rule = { user = "string", group = "string", rights = names.rights, act_for = "boolean" }

local function access(given, what, key, level)
  if type(given) ~= "table" then
    error(("%s: %s must be a list of tables"):format(what, key), level + 1)
  end
  local list = {}
  for i = 1, #given do
    list[i] = options.check(given[i], rule, ("%s: %s[%d]"):format(what, key, i), level + 1)
    if not list[i].rights then
      error(("%s: %s[%d]: 'rights' is missing"):format(what, key, i), level + 1)
    end
  end
  return list
end

--- What a service of fax.service.start takes besides: who reaches it, and how.
config.service = { socket = "string", listen_fd = "whole", access = access }
for key, kind in pairs(config.known) do
  config.service[key] = kind
end

--- What fax.core.start takes, from checked options.
function config.of(checked, what, level)
  local made = {}
  for key, value in pairs(checked) do
    if config.service[key] then
      made[key] = value
    end
  end
  made.log, made.log_file = nil, made.log
  if made.loopback then
    if made.providers then
      error(what .. ": give 'loopback' or 'providers', not both", level + 1)
    end
    made.providers = { { name = "loopback", options = made.loopback } }
    made.loopback = nil
  end
  made.providers = made.providers or { { name = "loopback" } }
  return made
end

return config
