-- SPDX-License-Identifier: MIT
-- A configuration as text that is one: settings in the order of their names.

local schema = require "fax.daemon.schema"

local show = {}

local function is_list(value)
  return #value > 0 or next(value) == nil
end

local function key_text(key)
  if key:find("^[%a_][%w_]*$") then
    return key
  end
  return ("[%q]"):format(key)
end

local function sorted(value)
  local keys = {}
  for key in pairs(value) do
    keys[#keys + 1] = key
  end
  table.sort(keys)
  return keys
end

local value_text

local function items(value, indent)
  local list = {}
  if is_list(value) then
    for i = 1, #value do
      list[i] = value_text(value[i], indent)
    end
  else
    for i, key in ipairs(sorted(value)) do
      list[i] = ("%s = %s"):format(key_text(key), value_text(value[key], indent))
    end
  end
  return list
end

local function number_text(value)
  if value == math.floor(value) and math.abs(value) < 2 ^ 53 then
    return ("%d"):format(value)
  end
  return ("%.17g"):format(value)
end

function value_text(value, indent)
  if type(value) == "string" then
    return (("%q"):format(value):gsub("\\\n", "\\n"))
  elseif type(value) == "number" then
    return number_text(value)
  elseif type(value) ~= "table" then
    return tostring(value)
  end
  local list = items(value, indent .. "  ")
  local line = "{ " .. table.concat(list, ", ") .. " }"
  if #list == 0 then
    return "{}"
  elseif #indent + #line < 80 and not line:find("\n", 1, true) then
    return line
  end
  local inner = indent .. "  "
  return "{\n" .. inner .. table.concat(list, ",\n" .. inner) .. ",\n" .. indent .. "}"
end

--- Reading it gives the same again.
function show.text(settings)
  local all, lines = schema.complete(settings), {}
  for i, key in ipairs(sorted(all)) do
    lines[i] = ("%s = %s\n"):format(key, value_text(all[key], ""))
  end
  return table.concat(lines)
end

return show
