-- SPDX-License-Identifier: MIT
-- As much of JSON Schema as the description of the site uses: says what of a value
-- does not fit.
local schema = {}

local check

local kinds = {
  object = function(value)
    return type(value) == "table"
  end,
  array = function(value)
    return type(value) == "table" and (next(value) == nil or value[1] ~= nil)
  end,
  string = function(value)
    return type(value) == "string"
  end,
  number = function(value)
    return type(value) == "number"
  end,
  integer = function(value)
    return type(value) == "number" and value == math.floor(value)
  end,
  boolean = function(value)
    return type(value) == "boolean"
  end,
}

local function is_kind(wanted, value)
  for _, name in ipairs(type(wanted) == "table" and wanted or { wanted }) do
    if kinds[name](value) then
      return true
    end
  end
  return false
end

local function has(list, value)
  for _, one in ipairs(list) do
    if one == value then
      return true
    end
  end
  return false
end

local function check_object(document, of, value, at)
  for _, name in ipairs(of.required or {}) do
    assert(value[name] ~= nil, at .. "." .. name .. " is missing")
  end
  for name, one in pairs(value) do
    local known = (of.properties or {})[name]
    assert(known or of.additionalProperties ~= false, at .. "." .. name .. " is not described")
    if known then
      check(document, known, one, at .. "." .. name)
    end
  end
end

function schema.follow(document, of)
  while of["$ref"] do
    local to = document
    for part in of["$ref"]:gmatch("[^#/]+") do
      to = assert(to[part], of["$ref"] .. " is not there")
    end
    of = to
  end
  return of
end

check = function(document, of, value, at)
  of = schema.follow(document, of)
  assert(not of.type or is_kind(of.type, value), at .. " is no " .. tostring(of.type))
  assert(not of.enum or has(of.enum, value), at .. " is none of the names: " .. tostring(value))
  if of.type == "object" then
    check_object(document, of, value, at)
  elseif of.type == "array" then
    for i, one in ipairs(value) do
      check(document, of.items, one, ("%s[%d]"):format(at, i))
    end
  end
end

schema.check = check

return schema
