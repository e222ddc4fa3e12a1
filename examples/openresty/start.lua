-- SPDX-License-Identifier: MIT
-- Runs a fax server and the site over it, to try them: `make demo-web`. Both have a
-- folder of their own; Ctrl-C stops both.
--   lua5.4 start.lua [--state DIR] [--port N | --listen ADDRESS] [--pace fast|real]
--                    [--write]
-- With --write the files are written, and nothing is started.

local here = arg[0]:match("^(.*)/[^/]*$") or "."

local function line_of(command)
  local pipe = assert(io.popen(command))
  local line = pipe:read("l")
  pipe:close()
  return line
end

local root = line_of(("cd '%s/../..' && pwd"):format(here))
package.path = ("%s/lua/?.lua;%s/lua/?/init.lua;%s"):format(root, root, package.path)
local build = os.getenv("FAX_BUILD") or "build"
if build:sub(1, 1) ~= "/" then
  build = root .. "/" .. build
end
package.cpath = ("%s/lua/5.4/?.so;%s"):format(build, package.cpath)

local core = require "fax.core"
local fax = require "fax"
local key = dofile(here .. "/key.lua")

local MODULES = "/usr/lib/nginx/modules"
local FIRST_PORT, LAST_PORT = 8080, 8180

local function fail(why)
  io.stderr:write("start.lua: ", tostring(why), "\n")
  os.exit(1)
end

-- ---- what is asked ----

local USAGE = "[--state DIR] [--port N | --listen ADDRESS] [--pace fast|real] [--write]"

local function check(given)
  local port = tonumber(given.port or FIRST_PORT)
  if not port or port % 1 ~= 0 or port < 1 or port > 65535 then
    fail("--port expects a number from 1 to 65535, not " .. given.port)
  elseif given.pace ~= "fast" and given.pace ~= "real" then
    fail("--pace expects fast or real, not " .. given.pace)
  end
  return given
end

local function read_options()
  local given, i = { pace = "real" }, 1
  local known = { ["--state"] = "state", ["--port"] = "port", ["--listen"] = "listen",
    ["--pace"] = "pace" }
  while arg[i] do
    if arg[i] == "--write" then
      given.write = true
    elseif known[arg[i]] and arg[i + 1] then
      given[known[arg[i]]] = arg[i + 1]
      i = i + 1
    else
      fail(("%s: unknown, or without a value; there are\n  %s"):format(arg[i], USAGE))
    end
    i = i + 1
  end
  return check(given)
end

-- Whether somebody listens on that port.
local function is_taken(port)
  for _, name in ipairs { "/proc/net/tcp", "/proc/net/tcp6" } do
    local file = io.open(name, "r")
    for line in file and file:lines() or function() end do
      local number, state = line:match("^%s*%d+: %x+:(%x+) %x+:%x+ (%x+)")
      if number and tonumber(number, 16) == port and state == "0A" then
        return true
      end
    end
    if file then
      file:close()
    end
  end
  return false
end

local function free_port()
  for port = FIRST_PORT, LAST_PORT do
    if not is_taken(port) then
      return port
    end
  end
  fail("no port is free; give one with --port")
end

-- ---- files ----

local function write(path, text)
  local file = assert(io.open(path, "w"))
  assert(file:write(text))
  assert(file:close())
end

-- What is sent to 102 arrives in the inbox; so does what is sent to 103 and 104.
local FAXD = [[
directory = %q
retries = 1
retry_delay = 60
providers = { { name = "loopback", options = { lines = 4, pace = %q } } }
]]

local function write_conf(state, listen)
  local file = assert(io.open(here .. "/nginx.conf", "r"))
  local text = file:read("a")
  file:close()
  local root_user = line_of "id -u" == "0"
  local values = { USER = root_user and ("user %s;"):format(line_of "id -un") or "",
    MODULES = MODULES, SITE = line_of(("cd '%s' && pwd"):format(here)), LUA = root .. "/lua",
    SOCKET = state .. "/fax/fax.sock", STATE = state, LISTEN = listen }
  write(state .. "/nginx.conf", (text:gsub("@([A-Z]+)@", values)))
end

-- Faxes that were sent are kept, for the page that lists them.
local function keep_sent(state)
  local server = assert(fax.connect { directory = state .. "/fax", offline = true, providers = {} })
  assert(server:set_configuration { archive_outgoing_faxes = true,
    archive_directory = state .. "/sent" })
  server:close()
  assert(fax.service.stop())
end

-- sh takes the signals, and stops both, also when whoever started it is gone. It says
-- when they are ready, or why not.
local RUN = [[
cd '%s' || exit 1
rm -f pid
FAX_BUILD='%s' '%s/lua/bin/faxd' faxd.lua 2> faxd.log & fax=$!
nginx -e stderr -p '%s/' -c nginx.conf -g 'daemon off;' 2> nginx.log & web=$!
stop() { trap '' INT TERM HUP; kill -QUIT $web; kill -TERM $fax; kill -TERM $fax; }
trap stop INT TERM HUP
echo $$ > pid
lives() { kill -0 $fax && kill -0 $web; } 2>/dev/null
while lives && ! { grep -q started faxd.log && [ -s nginx.pid ]; }; do sleep 0.1; done
if lives; then
  echo 'It runs. A fax to 102 goes from one line of this computer to another.'
  echo 'Ctrl-C stops it all.'
  while lives && kill -0 $PPID 2>/dev/null; do sleep 1 & wait $!; done
else
  echo 'It did not start:' >&2; tail -n 3 faxd.log nginx.log >&2; failed=1
fi
kill -QUIT $web 2>/dev/null; kill -TERM $fax 2>/dev/null
wait $fax; wait $web
rm -f pid
exit ${failed:-0}
]]

local function prepare(given)
  local state = given.state or core.temporary("fax-web")
  if not os.execute(("mkdir -p '%s/fax' '%s/sent' && chmod 700 '%s'"):format(state, state,
    state)) then
    fail(state .. ": cannot be the folder of the state")
  end
  state = line_of(("cd '%s' && pwd"):format(state))
  local listen = given.listen or ("127.0.0.1:%d"):format(given.port or free_port())
  write(state .. "/faxd.lua", FAXD:format(state .. "/fax", given.pace))
  write(state .. "/run.sh", RUN:format(state, build, root, state))
  local value = key.make(state .. "/keys.json", "demo", "demo", key.rights)
  write_conf(state, listen)
  keep_sent(state)
  return state, listen, value
end

-- ---- start ----

local given = read_options()
if not io.open(MODULES .. "/ngx_http_lua_module.so") then
  fail("nginx and its Lua module are not installed: make deps")
end
local state, listen, value = prepare(given)
io.write(("the site:  http://%s/\nthe key:   %s\nits state: %s\n"):format(listen, value, state))
if given.write then
  os.exit(0)
end
io.flush()
local _, how, status = os.execute(("exec sh '%s/run.sh'"):format(state))
os.exit(how == "exit" and status or 1)
