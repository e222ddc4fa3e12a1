-- SPDX-License-Identifier: MIT
-- From documented names to numbers: sets of flags, open modes, and the short
-- words that options use.

local core = require "fax.core"

local names = {}

names.resolution = { fine = 0, standard = 1 }
names.paper = { auto = 0, a4 = 1, letter = 2, legal = 3 }
names.form = { tiff = 0, pdf = 1, png = 2 }
names.archive_folder = { sent = 1, received = 2 }
names.transport = { audio = 1, t38 = 2 }
names.on_doubt = { resend = 1, hold = 2 }
names.priority = { normal = 0, high = 1, low = 2 }
names.log_format = { text = 0, json = 1 }
names.log_level = { error = 0, warn = 1, info = 2, debug = 3 }
names.mode = {
  query = core.constants.PORT_OPEN_QUERY,
  modify = core.constants.PORT_OPEN_MODIFY,
}

-- The routing methods that came with the service, by GUID.
names.routing = { folder = "{92041a90-9af2-11d0-abf7-00c04fd91a4e}" }

-- Bitwise or without operators that only one of the two Luas has.
local function either(a, b)
  local result, bit = 0, 1
  while a > 0 or b > 0 do
    if a % 2 == 1 or b % 2 == 1 then
      result = result + bit
    end
    a, b, bit = math.floor(a / 2), math.floor(b / 2), bit * 2
  end
  return result
end

local function is_number(value)
  return type(value) == "number" and value >= 0 and value <= 4294967295
    and value == math.floor(value)
end

-- Names of constants that begin so, as one number.
local function set_of(noun, prefix)
  local function flag(value, what, key, level)
    if is_number(value) then
      return value
    end
    local number = type(value) == "string" and value:sub(1, #prefix) == prefix
      and core.constants[value]
    if not number then
      error(("%s: %s: '%s' is not the name of %s"):format(what, key, tostring(value), noun),
        level + 1)
    end
    return number
  end
  return function(value, what, key, level)
    if type(value) ~= "table" then
      return (flag(value, what, key, level + 1)) -- no tail call: levels count
    end
    local set = 0
    for i = 1, #value do
      set = either(set, flag(value[i], what, key, level + 1))
    end
    return set
  end
end

--- Kinds for options.check, of a number, a name, or an array of them: rights, and
--- what the queue says of a job.
names.rights = set_of("a right", "")
names.queue_status = set_of("a state of the queue", "JS_")

-- "FAXLOG_LEVEL_MAX", "max", ... of the constants with that prefix.
local function words_of(prefix)
  local words, values = {}, {}
  for name, value in pairs(core.constants) do
    if name:sub(1, #prefix) == prefix then
      local word = name:sub(#prefix + 1):lower()
      words[#words + 1] = ("%q"):format(word)
      values[word], values[name] = value, value
    end
  end
  table.sort(words)
  return values, table.concat(words, ", ")
end

--- A kind for options.check: one of the constants with that prefix, by its
--- name, by what follows the prefix in small letters, or by number.
function names.one_of(prefix)
  local values, words = words_of(prefix)
  return function(value, what, key, level)
    local number = is_number(value) and value or type(value) == "string" and values[value]
    if not number then
      error(("%s: %s must be one of %s, or the name of the constant"):format(what, key, words),
        level + 1)
    end
    return number
  end
end

return names
