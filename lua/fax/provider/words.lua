-- SPDX-License-Identifier: MIT
-- The words that a provider uses of an operation: its status, and the fields
-- that go with it (struct fax_progress). By name or by number, checked.

local core = require "fax.core"
local options = require "fax.options"

local words = {}

local statuses, names, known

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

--- A status as a number, from its FS_ name or a number.
function words.status(value, what, level)
  if is_whole(value) then
    return value
  elseif type(value) ~= "string" then
    error(('%s: a status expected, as "FS_COMPLETED", got a %s'):format(what, type(value)),
      level + 1)
  end
  local number = status_names()[value]
  if not number then
    local near = options.nearest(value, statuses)
    error(("%s: '%s' is not the name of a status%s"):format(what, value,
      near and (", did you mean '%s'?"):format(near) or ""), level + 1)
  end
  return number
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

-- By enum fax_field_kind: what a field without names holds.
local kinds = { [2] = "whole", [4] = "boolean", [7] = "string" }

local function fields()
  if not known then
    known = {}
    for key, field in pairs(core.records().fax_progress) do
      known[key] = next(field.names) and named(field.names) or kinds[field.kind]
    end
  end
  return known
end

--- Checked fields, or nil.
function words.progress(given, what, level)
  if given ~= nil then
    return (options.check(given, fields(), what, level + 1))
  end
end

return words
