-- SPDX-License-Identifier: MIT
-- A fax service provider that blocks: it hands each fax to a command, and waits
-- for that. Two lines, each with a thread of its own, so that two commands run at
-- once and nothing else waits. The command gets the document and the number; it
-- delivers with status 0, and 1 is a busy line.
--   lua5.4 examples/blocking_fsp.lua letter.pdf ./send.sh 555-1,555-2 [directory]
local first = ...

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

-- The status that a command ended with, in every Lua.
local function run(command)
  local ok, _, status = os.execute(command)
  if type(ok) == "number" then return ok % 256 == 0 and ok / 256 or 255 end
  return status
end

-- In a worker: the file is called with `args`, and gives the callbacks.
if type(first) == "table" then
  local args = first
  return {
    send = function(job)
      job:status("FS_DIALING")
      local status = run(("%s %s %s"):format(args.command, quote(job.file), quote(job.number)))
      if status == 0 then return "FS_COMPLETED" end
      if status == 1 then return "FS_BUSY", { cause = "busy" } end
      return "FS_FATAL_ERROR", { cause = "command",
        evidence = ("the command ended with %d"):format(status) }
    end,
  }
end

-- In the program.
local fax = require "fax"
local path, command, numbers, directory = arg[1], arg[2], arg[3], arg[4]
if not numbers then
  io.stderr:write("usage: blocking_fsp.lua FILE COMMAND NUMBER,NUMBER... [DIRECTORY]\n")
  os.exit(2)
end

local server = assert(fax.connect { directory = directory, providers = {}, retries = 0 })
local provider = assert(fax.provider { name = "command", worker = arg[0],
  devices = { { name = "line 1" }, { name = "line 2" } }, args = { command = command } })

local document, jobs = assert(server:prepare(path)), {}
for number in numbers:gmatch("[^,]+") do
  jobs[#jobs + 1] = assert(server:send(document, { to = number }))
end
local failed = false
for _, job in ipairs(jobs) do
  local delivered = job:wait(60)
  local result = job:result()
  local last = result.attempts[#result.attempts]
  failed = failed or not delivered
  print(("%s: %s"):format(result.number, delivered and "delivered" or last.evidence or last.cause))
end

provider:close()
assert(provider:wait(10))
server:close()
assert(fax.service:stop())
os.exit(failed and 1 or 0)
