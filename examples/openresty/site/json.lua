-- SPDX-License-Identifier: MIT
-- JSON. lua-cjson of Debian cannot tell an empty list from an empty object, so
-- what the site says is put together here; texts are cjson's.

local cjson = require "cjson.safe"
local text = require "fax.resty.text"

local json = { decode = cjson.decode, null = cjson.null }

local is_list = {}

--- Says that a table is a list, also when it is empty.
function json.list(items)
  return setmetatable(items, is_list)
end

local encode

local function items(value)
  local parts = {}
  for i = 1, #value do
    parts[i] = encode(value[i])
  end
  return "[" .. table.concat(parts, ",") .. "]"
end

-- In one order, so that what is the same reads the same.
local function members(value)
  local names, parts = {}, {}
  for name in pairs(value) do
    names[#names + 1] = tostring(name)
  end
  table.sort(names)
  for i, name in ipairs(names) do
    parts[i] = cjson.encode(text.utf8(name)) .. ":" .. encode(value[name])
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

local kinds = {
  string = function(value)
    return cjson.encode(text.utf8(value))
  end,
  number = function(value)
    return (value == math.floor(value) and "%.0f" or "%.16g"):format(value)
  end,
  boolean = tostring,
  userdata = function()
    return "null"
  end,
  table = function(value)
    local list = getmetatable(value) == is_list or value[1] ~= nil
    return list and items(value) or members(value)
  end,
}

encode = function(value)
  return kinds[type(value)](value)
end

json.encode = encode

return json
