-- SPDX-License-Identifier: MIT
-- client.lua PACE DOCUMENT, run by embed in threads: one client of the service
-- of this process. At real pace it waits until the service has gone.
local fax = require "fax"

local server = assert(fax.connect { start = false })
local events = 0
server:on("any", function() events = events + 1 end)
assert(#server:ports() == 8)
local job = assert(server:send(arg[2], { to = "108" }))
assert(job:info() or job:result())
if arg[1] == "fast" then
  -- 108 is busy while it takes another's fax.
  if not job:wait(100) then
    local first = job:result().attempts[1]
    assert(first.status == "FS_BUSY", first.evidence)
  end
  while events == 0 do
    assert(fax.loop():poll(60) > 0)
  end
else
  ready()
  local ok, why, code = job:wait(100)
  assert(not ok and (code == "ERROR_SHUTDOWN_IN_PROGRESS" or code == "ERROR_CANCELLED"
    or code == "ERROR_FAX_FAILED" or code == "ERROR_SERVICE_NOT_ACTIVE"), why)
end
