-- SPDX-License-Identifier: MIT
-- A client of a server in another process: `remote.lua FOLDER WHAT COUNT` does
-- so many of what is asked over FOLDER/fax.sock, one after the other: "small",
-- a question and an answer without values; "ports", the state of all ports. With
-- "bare" before that it sends and gets as many bytes over FOLDER/echo.sock. It
-- begins when it is told (together.c).

local folder, bare, what, count = arg[1], arg[2]:match("^(b?a?r?e?)%-?(%a+)$")
count = tonumber(arg[3])

local METHODS = { small = '"access.ask"', ports = '"port.list"' }

-- Bytes of the question and of its answer, which a trace has.
local function sizes(path)
  local asked
  for line in io.lines(path) do
    local way, text = line:match("^%S+ %S+ ([<>]) (.*)$")
    if asked then
      return asked, #text + 1
    elseif way == ">" and text:find(METHODS[what], 1, true) then
      asked = #text + 1
    end
  end
end

local function ask()
  local server = assert(require("fax").connect { socket = folder .. "/fax.sock" })
  if what == "small" then
    return function()
      return assert(server:access_check("FAX_JOB_QUERY"))
    end
  end
  return function()
    return assert(server:ports())
  end
end

local function echo()
  local link = assert(require("minimal").echo(folder .. "/echo.sock",
    sizes(folder .. "/" .. what)))
  return function()
    return assert(link:again())
  end
end

local once = bare == "bare" and echo() or ask()
once()
if count then
  print("ready")
  io.stdout:flush()
  assert(io.read("*l"))
  for _ = 1, count do
    once()
  end
end
