-- SPDX-License-Identifier: MIT
-- Checks tables of options. A wrong key or type is the caller's mistake: it is
-- raised where the caller stands, and an unknown key names the nearest known.

local options = {}

-- The number of letters to change, add or drop to make `a` of `b`.
local function distance(a, b)
  local row = {}
  for j = 0, #b do
    row[j] = j
  end
  for i = 1, #a do
    local diagonal = row[0]
    row[0] = i
    for j = 1, #b do
      local cost = a:byte(i) == b:byte(j) and 0 or 1
      local best = math.min(row[j] + 1, row[j - 1] + 1, diagonal + cost)
      diagonal, row[j] = row[j], best
    end
  end
  return row[#b]
end

--- The key of `known` that is nearest to `key`, or nil when none is near.
function options.nearest(key, known)
  local best, least = nil, math.max(2, math.floor(#key / 2)) + 0.5
  for name in pairs(known) do
    -- A long text is compared with no short name: that takes its square.
    local d = math.abs(#key - #name)
    if d <= least then
      d = distance(key:lower(), name:lower())
    end
    if d < least or (d == least and best and name < best) then
      best, least = name, d
    end
  end
  return best
end

local function is_whole(value)
  return type(value) == "number" and value >= 0 and value <= 4294967295
    and value == math.floor(value)
end

local function is_size(value)
  return type(value) == "number" and value >= 0 and value <= 2 ^ 53
    and value == math.floor(value)
end

local function is_bytes(value)
  return type(value) == "string"
end

local function is_texts(value)
  if type(value) ~= "table" then
    return false
  end
  for i = 1, #value do
    if type(value[i]) ~= "string" or value[i]:find("\0", 1, true) then
      return false
    end
  end
  return true
end

-- kind -> test, what is expected
local kinds = {
  whole = { is_whole, "a whole number from 0 to 4294967295" },
  size = { is_size, "a whole number from 0 to 2^53" },
  texts = { is_texts, "a list of strings without a NUL" },
  bytes = { is_bytes, "a string of bytes" },
}

local function one_of(value, allowed, what, key, level)
  local number = type(value) == "string" and allowed[value]
  if not number then
    local names = {}
    for name in pairs(allowed) do
      names[#names + 1] = string.format("%q", name)
    end
    table.sort(names)
    error(("%s: %s must be one of %s"):format(what, key, table.concat(names, ", ")),
      level + 1)
  end
  return number
end

local function check_value(value, kind, what, key, level)
  if type(kind) == "table" then
    return (one_of(value, kind, what, key, level + 1)) -- no tail call: levels count
  elseif type(kind) == "function" then
    return (kind(value, what, key, level + 1))
  end
  local special = kinds[kind]
  if special and not special[1](value) then
    error(("%s: %s must be %s"):format(what, key, special[2]), level + 1)
  elseif not special and type(value) ~= kind then
    error(("%s: %s must be a %s, not a %s"):format(what, key, kind, type(value)),
      level + 1)
  elseif kind == "string" and value:find("\0", 1, true) then
    error(("%s: %s must be a text without a NUL"):format(what, key), level + 1)
  end
  return value
end

--- Checks one argument, as options.check does an option, and gives the value to
--- use.
function options.argument(value, kind, what, name, level)
  return (check_value(value, kind, what, name, level + 1))
end

--- A checked copy of `given` (nil: empty). `known` maps each key to a type
--- name, "whole", "size", "texts", "bytes", a table of allowed names with their values, or a
--- function(value, what, key, level) that gives the value to use. `level` says
--- who made the mistake: 1 is the caller of check.
function options.check(given, known, what, level)
  local checked = {}
  if given == nil then
    return checked
  elseif type(given) ~= "table" then
    error(("%s: a table of options expected, got a %s"):format(what, type(given)),
      level + 1)
  end
  for key, value in pairs(given) do
    local kind = known[key]
    if kind == nil then
      local near = type(key) == "string" and options.nearest(key, known)
      error(("%s: unknown option '%s'%s"):format(what, tostring(key),
        near and (", did you mean '%s'?"):format(near) or ""), level + 1)
    end
    checked[key] = check_value(value, kind, what, key, level + 1)
  end
  return checked
end

return options
