-- SPDX-License-Identifier: MIT
-- A fax service provider in Lua, a fax sent through it, and a call coming in.
--   lua5.4 examples/lua_fsp.lua letter.pdf 555-1234 [directory]
--   faxctl fsp check examples/lua_fsp.lua --number 555-1234
local fax = require "fax"

-- The callbacks are coroutines of the loop. Numbers that end in 0 are busy at the
-- first attempt; the others "are sent" at a page in a tenth of a second.
local last, attempts
local options = {
  name = "example",
  devices = { { name = "example line", number = "555-1000" } },
  send = function(job)
    attempts = (attempts or 0) + 1
    job:status("FS_DIALING")
    if not job:sleep(0.1) then return "FS_USER_ABORT" end
    if attempts == 1 and job.number:find("0$") then return "FS_BUSY", { cause = "busy" } end
    for page in job:pages() do
      print(("page %d: %d x %d pixels"):format(page.number, page.width, page.height))
      job:status("FS_TRANSMITTING", { page = page.number, rate = 14400 })
      if not job:sleep(0.1) then return "FS_USER_ABORT" end
    end
    local file = assert(io.open(job.file, "rb"))
    last = file:read("*a") -- for the call that comes in
    file:close()
    return "FS_COMPLETED", { remote_id = "A machine" }
  end,
  receive = function(job)
    if not last then return "FS_NOT_FAX_CALL", { cause = "silence" } end
    local file = assert(io.open(job.file, "r+b")) -- it is there, and empty
    file:write(last)
    file:close()
    return "FS_COMPLETED", { remote_id = "Another machine" }
  end,
}

if not arg then -- no script: only the provider is wanted
  return options
end

local path, number, directory = arg[1], arg[2], arg[3]
if not number then
  io.stderr:write("usage: lua_fsp.lua FILE NUMBER [DIRECTORY]\n")
  os.exit(2)
end

local server = assert(fax.connect { directory = directory, providers = {}, retries = 1,
  retry_delay = 1 })
local provider = assert(fax.provider(options))


local delivered, why = assert(server:send(path, { to = number })):wait(60)
print(delivered and "delivered" or "not delivered: " .. why)

-- The fax comes back: the line rings, and the service answers.
local events = server:events("received")
assert(provider.devices[1]:ring { rings = 2, caller = number })
print(("received from %s: %d pages"):format(number, events().pages))

provider:close()
assert(provider:wait(10))
server:close()
assert(fax.service:stop())
