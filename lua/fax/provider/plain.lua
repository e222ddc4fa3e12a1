-- SPDX-License-Identifier: MIT
-- Plain values as text, for another Lua state: strings, numbers, booleans, and
-- tables of those.

local plain = {}

local INFINITY = 1 / 0
local DEEPEST = 100

-- ---- writing ----

local write = {}

function write.string(out, value)
  out[#out + 1] = ("s%d:%s"):format(#value, value)
end

-- Whether a number is whole is kept where the language knows.
function write.number(out, value)
  local text
  if value ~= value then
    text = "nan"
  elseif value == INFINITY or value == -INFINITY then
    text = value > 0 and "inf" or "-inf"
  elseif math.type and math.type(value) == "integer" then -- luacheck: ignore 143
    text = ("%d"):format(value)
  else
    text = ("%.17g"):format(value)
    if math.type and not text:find("[.e]") then -- luacheck: ignore 143
      text = text .. ".0"
    end
  end
  out[#out + 1] = ("n%s;"):format(text)
end

function write.boolean(out, value)
  out[#out + 1] = value and "t" or "f"
end

local function write_value(out, value, name, inside, level)
  local kind = type(value)
  if not write[kind] then
    error(("%s is a %s; strings, numbers, booleans and tables of them are allowed")
      :format(name, kind), level)
  end
  write[kind](out, value, name, inside, level + 1)
end

local function name_of(name, key)
  return type(key) == "string" and ("%s.%s"):format(name, key)
    or ("%s[%s]"):format(name, tostring(key))
end

function write.table(out, value, name, inside, level)
  if inside[value] then
    error(name .. " is a table that contains itself", level)
  elseif inside.depth == DEEPEST then
    error(("%s is nested deeper than %d tables"):format(name, DEEPEST), level)
  end
  inside[value], inside.depth = true, inside.depth + 1
  out[#out + 1] = "{"
  for key, one in next, value do
    local of = name_of(name, key)
    if type(key) == "table" then
      error(("%s has a table for its key"):format(of), level)
    end
    write_value(out, key, "the key of " .. of, inside, level + 1)
    write_value(out, one, of, inside, level + 1)
  end
  out[#out + 1] = "}"
  inside[value], inside.depth = nil, inside.depth - 1
end

--- The text of a value. What cannot be written is an error, raised where `level`
--- says (1: the caller), that calls the value `name`.
function plain.write(value, name, level)
  local out = {}
  write_value(out, value, name, { depth = 0 }, level + 2)
  return table.concat(out)
end

-- ---- reading: what plain.write has written ----

local numbers = { nan = 0 / 0, inf = INFINITY, ["-inf"] = -INFINITY }

local read = {}

local function read_value(text, at)
  return read[text:sub(at, at)](text, at + 1)
end

function read.s(text, at)
  local length, from = text:match("^(%d+):()", at)
  local after = from + tonumber(length)
  return text:sub(from, after - 1), after
end

function read.n(text, at)
  local number, after = text:match("^([^;]+);()", at)
  return numbers[number] or tonumber(number), after
end

function read.t(_, at)
  return true, at
end

function read.f(_, at)
  return false, at
end

read["{"] = function(text, at)
  local value = {}
  while text:sub(at, at) ~= "}" do
    local key
    key, at = read_value(text, at)
    value[key], at = read_value(text, at)
  end
  return value, at + 1
end

function plain.read(text)
  return (read_value(text, 1))
end

return plain
