-- SPDX-License-Identifier: MIT
-- For authors of providers: the check of one. For a provider in C it runs
-- fax-fsp-check, which came with libfax; fsp/check/ is that of providers in Lua.

local config = require "fax.config"
local core = require "fax.core"
local options = require "fax.options"

local fsp = {}

local known = {
  path = "string",
  provider = function(value, what, key, level)
    if type(value) ~= "function" and type(value) ~= "table" then
      error(("%s: %s must be a function or a table"):format(what, key), level + 1)
    end
    return value
  end,
  options = "table",
  clock = { virtual = "virtual", real = "real" },
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

local WHAT = "fax.fsp.check"

local function check_c(order)
  local program, why, code = core.companion("fax-fsp-check")
  if not program then
    return nil, why, code
  end
  local pipe
  pipe, why = io.popen(command(program, order), "r")
  if not pipe then
    return nil, ("%s: fax-fsp-check did not start:%s"):format(WHAT,
      tostring(why):match("[^:]*$")), "ERROR_GEN_FAILURE"
  end
  local list, status = read_all(pipe, order)
  pipe:close()
  if status == nil or status > 2 then
    return nil, WHAT .. ": the check was interrupted", "ERROR_CANCELLED"
  elseif status == 2 then
    return nil, WHAT .. ": fax-fsp-check did not take the options",
      "ERROR_INVALID_PARAMETER"
  end
  list.passed = status == 0
  return list
end

-- Options as a function takes them: those of the command line are texts.
local function as_table(given)
  local all = {}
  for key, value in pairs(given) do
    local name, text = nil, nil
    if type(key) == "number" then
      name, text = value:match("^([^=]+)=(.*)$")
    end
    all[name or key] = text or value
  end
  return all
end

local function check_lua(order, given)
  order.limit, order.call_limit = order.limit or 10, order.call_limit or 300
  order.abort_limit, order.options = order.abort_limit or 30, as_table(given or {})
  if order.provider and core.running() then
    return nil, WHAT .. ": a service runs in this process: give it the path of a file",
      "ERROR_SERVICE_ALREADY_RUNNING"
  end
  order.factory = order.provider and require("fax.fsp.check.factory").of(order.provider)
  local list, why, code = require("fax.fsp.check").run(order)
  return list, why and WHAT .. ": " .. why, code
end

--- Drives a provider through all that the service may ask of it.
function fsp.check(given)
  local order = options.check(given, known, WHAT, 2)
  local list = order.options and config.pairs_of(order.options, WHAT, "options", 2)
  if not order.path and not order.provider then
    error(WHAT .. ": the option 'path' is missing", 2)
  elseif order.path and order.provider then
    error(WHAT .. ": 'path' and 'provider' are two providers", 2)
  elseif order.path and not is_file(order.path) then
    return nil, ("%s: %s cannot be read"):format(WHAT, order.path), "ERROR_MOD_NOT_FOUND"
  end
  for _, key in ipairs { "limit", "call_limit", "abort_limit" } do
    if order[key] == 0 then
      return nil, ("%s: %s must be one second at least"):format(WHAT, key),
        "ERROR_INVALID_PARAMETER"
    end
  end
  if order.provider or order.path:find("%.lua$") then
    local result, why, code = check_lua(order, order.options)
    return result, why, code
  end
  order.options = list
  return check_c(order)
end

return fsp
