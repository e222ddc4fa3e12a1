-- SPDX-License-Identifier: MIT
-- The words that a provider uses of an operation: its status, and the fields
-- that go with it (struct fax_progress). By name or by number, checked.

local core = require "fax.core"
local options = require "fax.options"

local words = {}

local statuses, names
local known = {} -- record -> field -> kind for options.check

local function is_whole(value)
  return type(value) == "number" and value >= 0 and value <= 4294967295
    and value == math.floor(value)
end

local function status_names()
  if not statuses then
    statuses, names = core.records().fax_attempt.status.names, {}
    for name, value in pairs(statuses) do
      names[value] = name
    end
  end
  return statuses
end

--- A status as a number, from its FS_ name or a number; nil: it is none.
function words.known(value)
  return status_names()[value] or is_whole(value) and value or nil
end

--- The same; anything else is an error.
function words.status(value, what, level)
  local known_number = words.known(value)
  if known_number then
    return known_number
  elseif type(value) ~= "string" then
    error(('%s: a status expected, as "FS_COMPLETED", got a %s'):format(what, type(value)),
      level + 1)
  end
  local near = options.nearest(value, statuses)
  error(("%s: '%s' is not the name of a status%s"):format(what, value,
    near and (", did you mean '%s'?"):format(near) or ""), level + 1)
end

--- The name of a status, or its number.
function words.name(number)
  status_names()
  return names[number] or number
end

-- A kind for options.check: a name, or its number.
local function named(values)
  return function(value, what, key, level)
    if is_whole(value) then
      return value
    end
    return (options.argument(value, values, what, key, level + 1))
  end
end

local function seconds(value, what, key, level)
  if type(value) ~= "number" or not (value >= 0 and value <= 4294967.295) then
    error(("%s: %s must be seconds, from 0 to 4294967.295"):format(what, key), level + 1)
  end
  return value
end

-- By enum fax_field_kind: what a field without names holds.
local kinds = { [2] = "whole", [3] = "boolean", [4] = "boolean", [7] = "string",
  [16] = seconds, [17] = "string" }
local RECORDS = 11
-- FAX_T30_MOST_EVENTS: of a longer list the first ones are read.
local MOST = 1000

local known_fields

-- A kind for options.check: a list of such records.
local function listed(record)
  return function(value, what, key, level)
    if type(value) ~= "table" then
      error(("%s: %s must be a list of tables"):format(what, key), level + 1)
    end
    local list = {}
    for i = 1, math.min(#value, MOST) do
      list[i] = options.check(value[i] or false, known_fields(record),
        ("%s: %s[%d]"):format(what, key, i), level + 1)
    end
    return list
  end
end

function known_fields(record)
  if not known[record] then
    known[record] = {}
    for key, field in pairs(core.records()[record]) do
      known[record][key] = next(field.names) and named(field.names)
        or field.kind == RECORDS and listed(field.record) or kinds[field.kind]
    end
  end
  return known[record]
end

--- Checked fields, or nil.
function words.progress(given, what, level)
  if given ~= nil then
    return (options.check(given, known_fields("fax_progress"), what, level + 1))
  end
end

return words
