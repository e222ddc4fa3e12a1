-- SPDX-License-Identifier: MIT
-- A fax server for specs whose provider sends each page when it is told to: a
-- datagram to <folder>/gate for each. Says what it does, a line each.
--   gated.lua FOLDER
local fax = require "fax"
local unix = require "socket.unix"

local folder = arg[1]
io.stdout:setvbuf("line")

os.remove(folder .. "/gate")
local gate = assert(unix.dgram())
assert(gate:bind(folder .. "/gate"))
gate:settimeout(0)

local server = assert(fax.connect { directory = folder .. "/state", providers = {}, retries = 3,
  retry_delay = 0, branding = false, adopt = true })

local function send(job)
  job:commit(0)
  for page in job:pages() do
    local n = page.number
    job:status("FS_TRANSMITTING", { page = n, pages_confirmed = n - 1 })
    assert(job:commit(n))
    print(("job %d page %d"):format(job.id, n))
    while not gate:receive() do
      local ok, why, code = job:wait(gate:getfd(), "r")
      if not ok then
        print(why, code)
        return "FS_FATAL_ERROR"
      end
    end
    job:status("FS_TRANSMITTING", { page = n, pages_confirmed = n })
  end
  print(("job %d sent"):format(job.id))
  return "FS_COMPLETED"
end

local provider = assert(fax.provider { name = "gated", devices = { { name = "gated line" } },
  send = send })
print("started")
fax.loop():run()
provider:close()
server:close()
