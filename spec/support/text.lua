-- SPDX-License-Identifier: MIT
-- What several specs read: files, tables, the output of commands.

local M = {}

function M.read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

function M.write(path, text)
  local file = assert(io.open(path, "wb"))
  assert(file:write(text))
  file:close()
  return path
end

function M.output(command)
  local pipe = assert(io.popen(command))
  local text = pipe:read("*a")
  pipe:close()
  return text
end

function M.lines(command)
  local list = {}
  for line in M.output(command):gmatch("[^\n]+") do list[#list + 1] = line end
  return list
end

-- The rows of a table with a heading, each by the names of its columns.
function M.tsv(path)
  local rows, names = {}, nil
  for line in M.read(path):gmatch("[^\n]+") do
    local row, n = {}, 0
    for cell in (line .. "\t"):gmatch("([^\t]*)\t") do
      n = n + 1
      row[names and names[n] or n] = cell
    end
    if names then rows[#rows + 1] = row else names = row end
  end
  return rows
end

return M
