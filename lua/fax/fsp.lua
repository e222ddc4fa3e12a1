-- SPDX-License-Identifier: MIT
-- For authors of providers in C: runs fax-fsp-check, which came with libfax, on
-- one. The provider is never loaded into this process.

local config = require "fax.config"
local core = require "fax.core"
local options = require "fax.options"

local fsp = {}

local known = {
  path = "string",
  options = config.pairs_of,
  number = "string",
  bad_number = "string",
  pages = "whole",
  limit = "whole",
  call_limit = "whole",
  abort_limit = "whole",
  only = "string",
  each = "function",
}

-- In the order of the command line.
local flags = {
  { "number", "--number" }, { "bad_number", "--bad-number" }, { "pages", "--pages" },
  { "limit", "--limit" }, { "call_limit", "--call-limit" },
  { "abort_limit", "--abort-limit" }, { "only", "--only" },
}

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function command(program, order)
  local words = { quote(program) }
  for _, flag in ipairs(flags) do
    local value = order[flag[1]]
    if value ~= nil then
      words[#words + 1] = flag[2] .. "=" .. quote(type(value) == "number"
        and ("%d"):format(value) or value)
    end
  end
  words[#words + 1] = "--"
  words[#words + 1] = quote(order.path)
  for _, option in ipairs(order.options or {}) do
    words[#words + 1] = quote(option)
  end
  -- LuaJIT's close tells no exit status.
  return table.concat(words, " ") .. '; echo "exit $?"'
end

-- "FAIL FSP-40    a title: why"
local function read_line(line)
  local word, rule, rest = line:match("^(%a+) +(%S+) +(.*)$")
  if not word then
    return nil
  end
  local title, why = rest:match("^(.-): (.*)$")
  return { result = word:lower(), rule = rule, title = title or rest, why = why }
end

local function read_all(pipe, order)
  local list, status = { failed = 0 }, nil
  for line in pipe:lines() do
    local exit = line:match("^exit (%d+)$")
    local one = not exit and read_line(line)
    status = exit and tonumber(exit) or status
    if one then
      list[#list + 1] = one
      list.failed = list.failed + (one.result == "fail" and 1 or 0)
      if order.each then
        order.each(one)
      end
    end
  end
  return list, status
end

local function is_file(path)
  local file = io.open(path, "rb")
  local byte = file and file:read(1)
  if file then
    file:close()
  end
  return byte ~= nil
end

--- Drives a provider written in C through all that the service may ask of it.
function fsp.check(given)
  local what = "fax.fsp.check"
  local order = options.check(given, known, what, 2)
  if not order.path then
    error(what .. ": the option 'path' is missing", 2)
  elseif not is_file(order.path) then
    return nil, ("%s: %s cannot be read"):format(what, order.path), "ERROR_MOD_NOT_FOUND"
  end
  local program, why, code = core.companion("fax-fsp-check")
  if not program then
    return nil, why, code
  end
  local pipe
  pipe, why = io.popen(command(program, order), "r")
  if not pipe then
    return nil, ("%s: fax-fsp-check did not start:%s"):format(what,
      tostring(why):match("[^:]*$")), "ERROR_GEN_FAILURE"
  end
  local list, status = read_all(pipe, order)
  pipe:close()
  if status == nil or status > 2 then
    return nil, what .. ": the check was interrupted", "ERROR_CANCELLED"
  elseif status == 2 then
    return nil, what .. ": fax-fsp-check did not take the options",
      "ERROR_INVALID_PARAMETER"
  end
  list.passed = status == 0
  return list
end

return fsp
