-- SPDX-License-Identifier: MIT
-- faxctl top: the ports and jobs of a server in a terminal, drawn anew as things
-- happen. Elsewhere they are written once.

local common = require "fax.cli.common"
local connect = require "fax.cli.connect"
local core = require "fax.core"
local events = require "fax.cli.events"
local fax = require "fax"
local view = require "fax.cli.view"

local top = {
  name = "top",
  usage = "[options]",
  summary = "ports and jobs of the server, live",
  about = "Shows the ports with their calls, the jobs and the latest events of a server, drawn\n"
    .. "anew as things happen; q or Ctrl-C ends. Without a terminal they are written once.",
  options = common.with_server {
    { flag = "--once", help = "write them once, also to a terminal" },
  },
}

-- Plain ANSI: another screen, no cursor; and back.
local ENTER, LEAVE = "\27[?1049h\27[?25l", "\27[?25h\27[?1049l"
local HOME, REST_OF_LINE, REST = "\27[H", "\27[K", "\27[J"

-- Where the terminal says nothing of its size.
local WIDTH, HEIGHT = 80, 24

local function ask_terminal(words)
  local pipe = io.popen("stty " .. words .. " 2>/dev/null")
  local answer = pipe and pipe:read("*a") or ""
  if pipe then
    pipe:close()
  end
  return answer
end

local function size()
  local rows, columns = ask_terminal("size"):match("^(%d+) (%d+)")
  rows, columns = tonumber(rows), tonumber(columns)
  return columns and columns > 0 and columns or WIDTH, rows and rows > 0 and rows or HEIGHT
end

-- ---- the server ----

local function look(shown, server)
  local ports, why, code = server:ports()
  local list
  if ports then
    list, why, code = server:jobs()
  end
  if not list then
    return nil, why, code
  end
  shown:state(ports, list)
  return true
end

local function title()
  return "fax server, " .. os.date("%Y-%m-%d %H:%M:%S", math.floor(fax.clock.wall()))
end

local function write_once(server, to)
  local shown = view.new()
  local ok, why, code = look(shown, server)
  if not ok then
    return nil, why, code
  end
  to.out:write(table.concat(shown:lines(title()), "\n"), "\n")
  return true
end

-- ---- the terminal ----

local function draw(shown, to, away)
  local width, height = size()
  local head = title() .. (away and ", which has ended: waiting" or "") .. "  (q ends)"
  local lines = shown:lines(head, width, height)
  to.out:write(HOME, table.concat(lines, REST_OF_LINE .. "\r\n"), REST_OF_LINE, REST)
  to.out:flush()
end

-- A key ends it, and so does the end of the keyboard.
local function read_keys(loop)
  io.stdin:setvbuf("no")
  while loop:wait(0, "r") do
    local key = io.read(1)
    if key == nil or key == "q" or key == "Q" then
      break
    end
  end
end

-- What came while one picture was drawn is in the next.
local function live(server, to)
  local loop, shown, dirty = fax.loop(), view.new(), true
  local stopped, away = false, false
  local subscription, why, code = server:on("any", function(event)
    shown:event(event, events.line_of(event))
    dirty = true
    if event.name == "FEI_FAXSVC_ENDED" or event.kind == "gap" then
      away = event.kind ~= "gap"
    end
  end)
  if not subscription then
    return nil, why, code
  end
  loop:spawn(function()
    read_keys(loop)
    stopped = true
  end)
  local ok = true
  while ok and not stopped do
    if dirty then
      dirty = false
      if not away then
        ok, why, code = look(shown, server)
        -- An event says so in a moment, and another when it is back.
        ok = ok or code == "RPC_S_SERVER_UNAVAILABLE" or code == "RPC_S_CALL_FAILED"
      end
      draw(shown, to, away)
    end
    if ok then
      loop:poll()
    end
  end
  subscription:close()
  return ok, why, code
end

local function in_terminal(server, to)
  local before = ask_terminal("-g"):match("^%S+")
  ask_terminal("-icanon -echo min 1")
  to.out:write(ENTER)
  local ran, ok, why, code = pcall(live, server, to)
  to.out:write(LEAVE)
  to.out:flush()
  if before then
    ask_terminal(before)
  end
  if not ran and common.is_interrupt(ok) then
    return true
  elseif not ran then
    error(ok, 0)
  end
  return ok, why, code
end

function top.run(given, to)
  local is_terminal = not given.once and core.isatty(0) and core.isatty(1)
  return common.served(to, function(server)
    return (is_terminal and in_terminal or write_once)(server, to)
  end, connect.reach(given))
end

return top
