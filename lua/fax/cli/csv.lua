-- SPDX-License-Identifier: MIT
-- Lines of CSV (RFC 4180) from records: a head with the names of the columns,
-- then a line for each record.

local csv = {}

-- What a spreadsheet would compute gets a ' in front: texts are what the other
-- side sent. Plain numbers, of telephones too, compute to nothing.
local function harmless(text)
  if text:find("^[=+@\t\r-]") and not text:find("^[+-]?[%d ]+$") then
    return "'" .. text
  end
  return text
end

local function cell(value)
  if value == nil then
    return ""
  elseif type(value) == "number" and value ~= math.floor(value) then
    return ("%.3f"):format(value)
  elseif type(value) == "number" then
    return ("%d"):format(value)
  end
  value = harmless(tostring(value))
  if value:find('[",\r\n]') or value:find("^%s") or value:find("%s$") then
    return '"' .. value:gsub('"', '""') .. '"'
  end
  return value
end

local function line(cells)
  return table.concat(cells, ",") .. "\r\n"
end

--- The head.
function csv.head(columns)
  return line(columns)
end

--- A record as a line: of the columns that are named.
function csv.row(columns, record)
  local cells = {}
  for i, name in ipairs(columns) do
    cells[i] = cell(record[name])
  end
  return line(cells)
end

return csv
