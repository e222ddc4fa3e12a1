-- SPDX-License-Identifier: MIT
-- JSON as the fax server wants it: texts are UTF-8, numbers are whole, and what
-- may be an empty list is left out.

local json = require "cjson.safe"

local text = {}

local REPLACEMENT = "\239\191\189"

-- Well-formed sequences of more than one byte: by the first byte, the length and
-- the least and the greatest second byte.
local function shape(byte)
  if byte >= 0xc2 and byte <= 0xdf then
    return 2, 0x80, 0xbf
  elseif byte >= 0xe0 and byte <= 0xef then
    return 3, byte == 0xe0 and 0xa0 or 0x80, byte == 0xed and 0x9f or 0xbf
  elseif byte >= 0xf0 and byte <= 0xf4 then
    return 4, byte == 0xf0 and 0x90 or 0x80, byte == 0xf4 and 0x8f or 0xbf
  end
end

local function is_tail(value, first, last)
  for i = first, last do
    local byte = value:byte(i)
    if not byte or byte < 0x80 or byte > 0xbf then
      return false
    end
  end
  return true
end

local function length_at(value, at)
  local byte = value:byte(at)
  if byte < 0x80 then
    return 1
  end
  local length, least, most = shape(byte)
  local second = value:byte(at + 1)
  if length and second and second >= least and second <= most
    and is_tail(value, at + 2, at + length - 1) then
    return length
  end
end

--- The text with U+FFFD for each byte that is no UTF-8.
function text.utf8(value)
  if not value:find("[\128-\255]") then
    return value
  end
  local parts, at = {}, 1
  while at <= #value do
    local length = length_at(value, at)
    parts[#parts + 1] = length and value:sub(at, at + length - 1) or REPLACEMENT
    at = at + (length or 1)
  end
  return table.concat(parts)
end

local encode

-- An empty table is left out: it may be a list, and the server takes what is
-- absent as empty.
local function members(value)
  local parts = {}
  for key, one in pairs(value) do
    if type(one) ~= "table" or next(one) ~= nil then
      parts[#parts + 1] = json.encode(tostring(key)) .. ":" .. encode(one)
    end
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

local function items(value)
  local parts = {}
  for i = 1, #value do
    parts[i] = encode(value[i])
  end
  return "[" .. table.concat(parts, ",") .. "]"
end

-- cjson gives 14 digits of a number, which is too few for a time.
local function number(value)
  if value % 1 == 0 and value > -1e15 and value < 1e15 then
    return ("%d"):format(value)
  end
  if value ~= value or value == math.huge or value == -math.huge then
    error("a number that is none", 0)
  end
  return (value == math.floor(value) and "%.0f" or "%.17g"):format(value)
end

local kinds = {
  string = function(value)
    return json.encode(text.utf8(value))
  end,
  number = number,
  boolean = tostring,
  table = function(value)
    return value[1] ~= nil and items(value) or members(value)
  end,
}

encode = function(value)
  return kinds[type(value)](value)
end

--- One line of JSON; nil and why for what JSON cannot say.
function text.encode(value)
  local ok, line = pcall(encode, value)
  if not ok then
    return nil, tostring(line)
  end
  return line
end

-- null is as absent.
local function without_null(value)
  for key, one in pairs(value) do
    if one == json.null then
      value[key] = nil
    elseif type(one) == "table" then
      without_null(one)
    end
  end
  return value
end

--- The table that a line says; nil: it is none.
function text.decode(line)
  local value = json.decode(line)
  if type(value) ~= "table" then
    return nil
  end
  return line:find("null", 1, true) and without_null(value) or value
end

return text
