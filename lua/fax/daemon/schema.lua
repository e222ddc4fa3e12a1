-- SPDX-License-Identifier: MIT
-- What may stand in the configuration of faxd, and what fax.service.start is told of
-- it. docs/faxd.md and examples/service/faxd.lua show the same.

local config = require "fax.config"
local dialling = require "fax.dialling"
local names = require "fax.names"
local options = require "fax.options"
local policy = require "fax.policy"

local schema = {}

-- ---- kinds ----

local function absolute(value, what, key, level)
  options.argument(value, "string", what, key, level + 1)
  if value:sub(1, 1) ~= "/" then
    error(("%s: %s must be a full path, not '%s'"):format(what, key, value), level + 1)
  end
  return value
end

-- What fits into the address of a unix socket; "": nowhere.
local function socket(value, what, key, level)
  if value ~= "" and #absolute(value, what, key, level + 1) > 107 then
    error(("%s: %s is longer than the name of a socket may be, 107 bytes"):format(what, key),
      level + 1)
  end
  return value
end

local function log_target(value, what, key, level)
  options.argument(value, "string", what, key, level + 1)
  if value ~= "stderr" and value ~= "syslog" and value:sub(1, 1) ~= "/" then
    error(('%s: %s must be "stderr", "syslog" or the full path of a file, not \'%s\'')
      :format(what, key, value), level + 1)
  end
  return value
end

local function seconds(value, what, key, level)
  if type(value) ~= "number" or not (value >= 0 and value <= 4294967295) then
    error(("%s: %s must be a number of seconds"):format(what, key), level + 1)
  end
  return value
end

-- As port:set has it.
local function rings(value, what, key, level)
  if type(value) ~= "number" or not (value >= 0 and value <= 99) or value % 1 ~= 0 then
    error(("%s: %s must be a whole number from 0 to 99"):format(what, key), level + 1)
  end
  return value
end

-- ---- sections ----

local port = { fields = { tsid = "string", csid = "string", rings = rings,
  priority = "whole", send = "boolean", receive = "boolean" } }

local function one_subject(value, _, tell)
  if value.user == nil and value.group == nil then
    tell("a rule of access is for a user or for a group: neither is given")
  end
end

local rule = { fields = { user = "string", group = "string", rights = names.rights,
  act_for = "boolean" }, needs = { "rights" }, also = one_subject }

local function with(known, changes)
  local all = {}
  for key, kind in pairs(known) do
    all[key] = changes[key] or kind
  end
  return { fields = all }
end

local policy_changes = { ladder = { list = { fields = policy.step } } }
for _, cause in ipairs(policy.causes) do
  policy_changes[cause] = { fields = policy.rule }
end

local function pick(...)
  local fields = {}
  for _, key in ipairs { ... } do
    fields[key] = config.known[key]
  end
  return { fields = fields }
end

-- Keys of these stand in fax.service.start by themselves.
local sections = {
  limits = pick("operation_limit", "abort_limit", "recipients_limit", "event_backlog",
    "calls_per_number", "batch", "priority_step", "client_patience"),
  retention = pick("keep_results", "key_days", "record_days", "archive_days",
    "archive_bytes"),
}

local plain = { directory = absolute, inbox = absolute, retries = "whole",
  retry_delay = "whole", idle = "whole", branding = "boolean", use_device_tsid = "boolean",
  on_doubt = names.on_doubt, compat = config.known.compat }

schema.description = { fields = {
  socket = socket,
  drain = seconds,
  log = { fields = { to = log_target, format = names.log_format,
    level = names.log_level } },
  providers = { list = { fields = config.provider, needs = { "name" } } },
  ports = { map = port },
  dialling = with(dialling.known, { routes = { list = { fields = dialling.route } },
    groups = { map = "texts" } }),
  policy = with(policy.known, policy_changes),
  access = { list = rule },
  limits = sections.limits,
  retention = sections.retention,
} }
for key, kind in pairs(plain) do
  schema.description.fields[key] = kind
end

-- ---- what is in force when the file does not say ----

schema.defaults = { drain = 300, log = { to = "stderr", format = "text" },
  providers = {} }

--- The settings with what they do not say.
function schema.complete(settings)
  local all = {}
  for key, value in pairs(schema.defaults) do
    all[key] = value
  end
  for key, value in pairs(settings) do
    all[key] = value
  end
  local log = {}
  for key, value in pairs(schema.defaults.log) do
    log[key] = value
  end
  for key, value in pairs(settings.log or {}) do
    log[key] = value
  end
  all.log = log
  return all
end

--- Options of fax.service.start, of settings that were checked and completed.
function schema.service_options(settings)
  local given = { providers = settings.providers, dialling = settings.dialling,
    policy = settings.policy, socket = settings.socket, access = settings.access,
    log_level = settings.log.level,
    log_format = settings.log.format }
  for key in pairs(plain) do
    given[key] = settings[key]
  end
  for name, section in pairs(sections) do
    for key in pairs(section.fields) do
      given[key] = settings[name] and settings[name][key]
    end
  end
  given.log = settings.log.to == "stderr" and "-" or settings.log.to
  return given
end

return schema
