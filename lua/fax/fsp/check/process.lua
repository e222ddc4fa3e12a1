-- SPDX-License-Identifier: MIT
-- Each case of the check of a provider in Lua in a process of its own: one that
-- hangs, ends its process or leaves things behind costs a line. Their folders are
-- in that of the check.

local core = require "fax.core"

local process = {}

local STARTING = 2 -- seconds that a process may take without any callback

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

-- The program that runs this one, when that is an interpreter of Lua.
local function interpreter()
  local list, i = rawget(_G, "arg"), 0
  while type(list) == "table" and list[i - 1] do
    i = i - 1
  end
  local first = i < 0 and list[i] or ""
  if first:find("lua[^/]*$") then
    return first
  end
  return rawget(_G, "jit") and "luajit" or "lua" .. _VERSION:match("%d+%.%d+")
end

local function serialise(value)
  if type(value) ~= "table" then
    return type(value) == "string" and ("%q"):format(value) or tostring(value)
  end
  local parts = {}
  for key, one in pairs(value) do
    parts[#parts + 1] = ("[%s]=%s"):format(serialise(key), serialise(one))
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

-- On the real clock a case has several calls.
local function deadline(order)
  if order.clock == "real" then
    return STARTING + 4 * (order.call_limit + order.abort_limit)
  end
  return STARTING + 2 * order.limit
end

--- A function that runs a case: result, why, and the rules as in its file.
function process.runner(order, folder)
  local orders, out, log = folder .. "/order.lua", folder .. "/out", folder .. "/log"
  local file = assert(io.open(orders, "wb"))
  file:write("return " .. serialise(order))
  file:close()
  local limit = deadline(order)
  local command = ("timeout -k 1 %d env -u LUA_PATH_5_4 -u LUA_CPATH_5_4 -u LUA_INIT "
    .. "TMPDIR=%s LUA_PATH=%s LUA_CPATH=%s %s -e %s >%s 2>&1 </dev/null; echo $?"):format(limit,
    quote(folder), quote(package.path), quote(package.cpath), quote(interpreter()), "%s",
    quote(log))
  return function(index)
    os.remove(out)
    local script = ("require 'fax.fsp.check.child'(%q, %d, %q)"):format(orders, index, out)
    local pipe = assert(io.popen((command:gsub("%%s", function()
      return quote(script)
    end))))
    local status = tonumber(pipe:read("*l"))
    pipe:close()
    return process.read(out, log, status, limit)
  end
end

local function last_line(path)
  local last
  for line in io.lines(path) do
    last = line:find("%S") and line or last
  end
  return last
end

--- What a process has left: its result, why, and { rule = { broken, why } };
--- `dead`: it did not live to say so.
function process.read(out, log, status, limit)
  local file = io.open(out, "rb")
  if not file then
    local why = status == 124 and ("a callback did not return within %d s"):format(limit)
      or ("it ended the process (status %s): %s"):format(tostring(status),
        last_line(log) or "without a word")
    return { result = "fail", why = why, rules = {}, dead = true }
  end
  local result, why = file:read("*l"):match("^(%a+) (.*)$")
  local rules = {}
  for line in file:lines() do
    local word, rule, more = line:match("^(%a+) (%S+) (.*)$")
    rules[rule] = { broken = word == "broken", why = more }
  end
  file:close()
  return { result = result, why = why ~= "" and why or nil, rules = rules }
end

--- A folder for it, which process.clean removes.
function process.folder()
  return core.temporary("fax-fsp-check")
end

function process.clean(folder)
  os.execute("rm -rf " .. quote(folder))
end

return process
