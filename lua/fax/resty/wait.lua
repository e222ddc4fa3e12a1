-- SPDX-License-Identifier: MIT
-- Waiting for a job goes on when the server is away: a job outlives it.

local core = require "fax.resty.core"
local share = require "fax.resty.share"

local jobs = share "fax.job"

local now = core.clock.now
local wait_once = jobs.methods.wait

-- Seconds between two looks while the server is away: from the first to the last.
local FIRST, LAST = 0.1, 2

local away = {
  RPC_S_SERVER_UNAVAILABLE = true,
  RPC_S_CALL_FAILED = true,
  ERROR_SERVICE_NOT_ACTIVE = true,
  ERROR_SHUTDOWN_IN_PROGRESS = true,
}

--- As in fax, but a server that stops is no end of the job, which goes on when
--- the next one begins.
function jobs.methods:wait(timeout)
  if timeout ~= nil and type(timeout) ~= "number" then
    error("job:wait: a number of seconds expected", 2)
  end
  local deadline = timeout and now() + timeout or math.huge
  local pause = FIRST
  while true do
    local left = deadline - now()
    local ok, why, code = wait_once(self, timeout and math.max(left, 0))
    if ok or not away[code] or ngx.worker.exiting() or now() + pause > deadline then
      return ok, why, code
    end
    ngx.sleep(pause)
    pause = math.min(pause * 2, LAST)
  end
end

return jobs
