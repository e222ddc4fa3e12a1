-- SPDX-License-Identifier: MIT
-- The settings of the service through a server handle: configuration, log
-- categories, the order of the routing methods, and who may change them.

local core = require "fax.core"
local names = require "fax.names"
local options = require "fax.options"

local Server = core.server_methods

--- FaxAccessCheck: whether the handle has all of the rights.
function Server:access_check(rights)
  return self:_access_check(names.rights(rights, "server:access_check", "rights", 2))
end

-- ---- configuration ----

local function time_of_day(value, what, key, level)
  local hour, minute = tostring(value):match("^(%d%d):(%d%d)$")
  if type(value) ~= "string" or not hour or tonumber(hour) > 23 or tonumber(minute) > 59 then
    error(('%s: %s must be a time of day, "HH:MM"'):format(what, key), level + 1)
  end
  return value
end

-- A text, or false for none.
local function text_or_none(value, what, key, level)
  if value == false then
    return false
  end
  return (options.argument(value, "string", what, key, level + 1))
end

local settings = {
  retries = "whole",
  retry_delay = "whole",
  dirty_days = "whole",
  branding = "boolean",
  use_device_tsid = "boolean",
  server_cp = "boolean",
  pause_server_queue = "boolean",
  start_cheap_time = time_of_day,
  stop_cheap_time = time_of_day,
  archive_outgoing_faxes = "boolean",
  archive_directory = text_or_none,
  inbound_profile = text_or_none,
}

--- FaxSetConfiguration: changes what is named and leaves the rest as it is.
function Server:set_configuration(given)
  local what = "server:set_configuration"
  options.argument(given, "table", what, "changes", 2)
  local changes = options.check(given, settings, what, 2)
  local config, why, code = self:configuration()
  if not config then
    return nil, why, code
  end
  for key, value in pairs(changes) do
    if value == false and settings[key] == text_or_none then
      value = nil
    end
    config[key] = value
  end
  return self:_set_configuration(config)
end

-- ---- logging ----

local level_of = names.one_of("FAXLOG_LEVEL_")
local levels = { init = level_of, outbound = level_of, inbound = level_of, unknown = level_of }
local record = {
  name = "string",
  category = names.one_of("FAXLOG_CATEGORY_"),
  level = level_of,
}

local function records_of(list, what, level)
  local records = {}
  for i = 1, #list do
    local which = ("%s: category %d"):format(what, i)
    records[i] = options.check(list[i], record, which, level + 1)
    if not records[i].category or not records[i].level then
      error(which .. ": a category and a level expected", level + 1)
    end
  end
  return records
end

--- FaxSetLoggingCategories: sets the levels that are named, as
--- { outbound = "max" } or as the list that logging_categories gives.
function Server:set_logging_categories(given)
  local what = "server:set_logging_categories"
  options.argument(given, "table", what, "categories", 2)
  if #given > 0 then
    return self:_set_logging_categories(records_of(given, what, 2))
  end
  local list = {}
  for word, level in pairs(options.check(given, levels, what, 2)) do
    list[#list + 1] = {
      category = core.constants["FAXLOG_CATEGORY_" .. word:upper()],
      level = level,
    }
  end
  return self:_set_logging_categories(list)
end

-- ---- routing ----

--- FaxSetGlobalRoutingInfo: moves a routing method in the order.
function Server:set_global_routing_info(guid, priority)
  local what = "server:set_global_routing_info"
  options.argument(guid, "string", what, "guid", 2)
  options.argument(priority, "whole", what, "priority", 2)
  return self:_set_global_routing_info(guid, priority)
end

return { methods = Server }
