-- SPDX-License-Identifier: MIT
-- JSON. cjson of Debian cannot tell an empty list from an empty object, and gives too
-- few digits, so what is said is put together here; texts are cjson's, and are UTF-8.

local cjson = require "cjson.safe"

local json = { null = cjson.null }

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
function json.utf8(value)
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

-- ---- encoding ----

local is_list = {}

--- Says that a table is a list, also when it is empty.
function json.list(items)
  return setmetatable(items, is_list)
end

local encode

local function names_of(value, brief)
  local names = {}
  for name, one in pairs(value) do
    if type(name) ~= "string" then
      error("a key that is not a text", 0)
    elseif not brief or type(one) ~= "table" or next(one) ~= nil then
      names[#names + 1] = name
    end
  end
  table.sort(names)
  return names
end

-- In one order, so that what is the same reads the same.
local function members(value, brief)
  local parts = {}
  for i, name in ipairs(names_of(value, brief)) do
    parts[i] = cjson.encode(json.utf8(name)) .. ":" .. encode(value[name], brief)
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

local function items(value, brief)
  local parts = {}
  for i = 1, #value do
    parts[i] = encode(value[i], brief)
  end
  return "[" .. table.concat(parts, ",") .. "]"
end

-- cjson gives 14 digits of a number, which is too few for a time. Sixteen are what
-- people wrote; where those are not all of it, one more is.
local function number(value)
  if value ~= value or value == math.huge or value == -math.huge then
    error("a number that is not finite", 0)
  elseif value == math.floor(value) then
    return ("%.0f"):format(value)
  end
  local short = ("%.16g"):format(value)
  return tonumber(short) == value and short or ("%.17g"):format(value)
end

local kinds = {
  string = function(value)
    return cjson.encode(json.utf8(value))
  end,
  number = number,
  boolean = tostring,
  table = function(value, brief)
    local list = getmetatable(value) == is_list or value[1] ~= nil
    return (list and items or members)(value, brief)
  end,
}

encode = function(value, brief)
  local kind = kinds[type(value)]
  if value == nil or value == json.null then
    return "null"
  elseif not kind then
    error("a value that JSON has no word for", 0)
  end
  return kind(value, brief)
end

--- A value as JSON; raises for what JSON has no word for.
json.encode = encode

--- The same for the fax server, to which what is absent is an empty list; nil and why
--- instead of an error.
function json.told(value)
  local ok, line = pcall(encode, value, true)
  if not ok then
    return nil, tostring(line)
  end
  return line
end

-- ---- decoding ----

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

--- The table that a line of the server says, without what is null; nil: it is none.
function json.heard(line)
  local value = cjson.decode(line)
  if type(value) ~= "table" then
    return nil
  end
  return line:find("null", 1, true) and without_null(value) or value
end

return json
