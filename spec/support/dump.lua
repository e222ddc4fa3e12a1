-- SPDX-License-Identifier: MIT
-- A value as one text that is the same in every Lua, to compare what two of them
-- got. Loaded by specs and, as text, by the nginx that they start.
local dump

local function key_order(a, b)
  if type(a) == type(b) then
    return a < b
  end
  return type(a) == "number"
end

local function members(value)
  local keys, parts = {}, {}
  for key in pairs(value) do
    keys[#keys + 1] = key
  end
  table.sort(keys, key_order)
  for i, key in ipairs(keys) do
    parts[i] = tostring(key) .. "=" .. dump(value[key])
  end
  return "{" .. table.concat(parts, " ") .. "}"
end

dump = function(value)
  if type(value) == "number" then
    return ("%.14g"):format(value)
  elseif type(value) == "string" then
    return ("%q"):format(value)
  elseif type(value) == "table" and not getmetatable(value) then
    return members(value)
  elseif type(value) == "table" and next(value) == nil then
    return "{}" -- the list of fax.core that has nothing
  end
  return type(value) == "userdata" and "(handle)" or type(value) == "table" and "(handle)"
    or tostring(value)
end

return dump
