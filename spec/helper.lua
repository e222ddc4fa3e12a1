-- SPDX-License-Identifier: MIT
-- What the specs share: folders and documents of their own, a service on them,
-- child processes. `local helper = require "spec.helper"`.

local core = require "fax.core"
local document = require "fax.cli.document"
local fax = require "fax"
local luassert = require "luassert"
local text = require "spec.support.text"

local helper = {}

helper.build = os.getenv("FAX_BUILD") or "build"
helper.version = _VERSION:match("%d%.%d")
helper.interpreter = rawget(_G, "jit") and "luajit" or "lua5.4"

-- ---- files ----

function helper.quote(word)
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

local folders = {}

--- A new, empty folder; helper.clean() removes it.
function helper.folder()
  local path = assert(core.temporary("fax-spec"))
  folders[#folders + 1] = path
  return path
end

function helper.clean()
  for i = 1, #folders do
    os.execute("rm -rf " .. helper.quote(folders[i]))
    folders[i] = nil
  end
end

helper.read, helper.write, helper.lines = text.read, text.write, text.lines

function helper.exists(path)
  local file = io.open(path, "rb")
  return file ~= nil and file:close() and true
end

--- A PDF with that many pages in the folder.
function helper.pdf(folder, pages)
  return helper.write(("%s/%d.pdf"):format(folder, pages or 1), document.pdf(pages or 1))
end

--- The same as canonical TIFF/F.
function helper.tiff(folder, pages)
  local path = ("%s/%d.tif"):format(folder, pages or 1)
  assert(fax.render(helper.pdf(folder, pages), { output = path, paper = "a4" }))
  return path
end

-- ---- the service ----

--- `all` with what is in `more`, which may be nil.
function helper.merged(all, more)
  for key, value in pairs(more or {}) do
    all[key] = value
  end
  return all
end

--- Whether specs reach their services through their sockets.
helper.over = os.getenv("FAX_OVER") == "socket"

--- All events that were raised have come: on the virtual clock, which does not go on
--- while one is on its way over a socket.
function helper.heard()
  if helper.over then
    fax.clock.wait(1)
  end
end

-- The handles that keep the services of specs, where the specs reach them
-- through their sockets.
local kept = {}

--- fax.connect with a folder of its own and two lines, 101 and 102. With
--- FAX_OVER=socket in the environment the handle is one as of another process.
function helper.connect(options)
  local all = helper.merged({ branding = false, retries = 0, calls_per_number = 0,
    loopback = { lines = 2 } }, options)
  all.directory = all.directory or helper.folder()
  if all.providers then
    all.loopback = nil
  end
  local server = assert(fax.connect(all))
  if not helper.over then
    return server
  end
  kept[#kept + 1] = server
  return assert(fax.connect { socket = all.directory .. "/fax.sock", rights = all.rights,
    user = all.user })
end

--- Sends a fax that fails: the seconds between its attempts, these, and the job.
function helper.failed(server, path, options)
  local job = assert(server:send(path, options))
  luassert.is_nil((job:wait()))
  local attempts, gaps = assert(job:result()).attempts, {}
  for i = 2, #attempts do
    gaps[#gaps + 1] = math.floor(attempts[i].started - attempts[i - 1].ended + 0.5)
  end
  return gaps, attempts, job
end

--- Waits until nothing is in the folder: a document goes a moment after its job,
--- when the store has the job's end, and no event says so.
function helper.empties(folder)
  local deadline = fax.clock.now() + 60
  local left
  repeat
    left = helper.lines(("ls -A %s"):format(folder))
    if #left > 0 then
      fax.clock.wait(0.01)
    end
  until #left == 0 or fax.clock.now() > deadline
  return left
end

--- Ends the service and frees what Lua has forgotten.
function helper.stop()
  kept = {}
  assert(fax.service.stop { timeout = 30 })
  fax.loop():close()
  collectgarbage()
  collectgarbage()
end

function helper.tear_down()
  helper.stop()
  helper.clean()
end

--- Holds that a call failed with that code: helper.fails("ERROR_BUSY", job:pause()).
--- Gives what it said, and what else it gave.
function helper.fails(code, value, why, name, more)
  luassert.is_nil(value)
  luassert.is_string(why)
  luassert.equal(code, name, why)
  return why, more
end

-- ---- the process ----

local function own(folder)
  local pid = helper.read("/proc/self/stat"):match("^%d+")
  return ("/proc/%s/%s"):format(pid, folder)
end

--- How many descriptors this process has open.
-- Without pipes: the one to `ls` itself may have two ends when it looks.
function helper.descriptors()
  local count = 0
  for _, line in ipairs(helper.lines("ls -l " .. own("fd"))) do
    count = count + (line:find("pipe:[", 1, true) and 0 or 1)
  end
  return count
end

function helper.threads()
  return #helper.lines("ls " .. own("task"))
end

-- ---- child processes ----

local root = helper.lines("pwd")[1]

--- The environment that a child needs to find the module of this build, and what
--- else is installed for this Lua. A
--- sanitizer that this process was given by $FAX_PRELOAD instead of LD_PRELOAD
--- (shells do not survive every one of them) is passed on.
function helper.environment()
  local build = helper.build
  local preload = os.getenv("FAX_PRELOAD")
  if build:sub(1, 1) ~= "/" then
    build = root .. "/" .. build
  end
  return ("%sFAX_BUILD=%s LUA_PATH=%s LUA_CPATH=%s"):format(
    preload and ("LD_PRELOAD=%s "):format(helper.quote(preload)) or "", helper.quote(build),
    helper.quote(root .. "/lua/?.lua;" .. root .. "/lua/?/init.lua;;"),
    helper.quote(("%s/lua/%s/?.so;;"):format(build, helper.version)))
end

--- Runs a shell command: { status =, out =, err = }.
function helper.run(command)
  local base = helper.folder() .. "/run"
  local wrapped = ("%s > %s.out 2> %s.err; echo $? > %s.status"):format(command, base, base,
    base)
  os.execute(wrapped)
  return {
    status = tonumber(helper.read(base .. ".status"):match("%d+")),
    out = helper.read(base .. ".out"),
    err = helper.read(base .. ".err"),
  }
end

--- Runs a Lua script given as text, in a child with this interpreter.
function helper.script(source, arguments)
  local path = helper.write(helper.folder() .. "/script.lua", source)
  return helper.run(("timeout 60 env %s %s %s %s"):format(helper.environment(),
    helper.interpreter, path, arguments or ""))
end

function helper.faxctl(arguments)
  return helper.run(("timeout 120 env %s %s lua/bin/faxctl %s"):format(helper.environment(),
    helper.interpreter, arguments))
end

return helper
