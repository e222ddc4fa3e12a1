-- SPDX-License-Identifier: MIT
-- A client of a server that is killed now and then (server.lua): submits faxes,
-- each again with its key until it is answered. Prints "accepted NAME JOB PAGES",
-- or "refused NAME why".
--   client.lua FOLDER NUMBER SECONDS SEED
local fax = require "fax"

local folder, me, seconds = arg[1], arg[2], tonumber(arg[3])
local ends = os.time() + seconds
math.randomseed(tonumber(arg[4]))

-- The server is not there, or went away during the call.
local function is_away(code)
  return code:find("^RPC_S_") or code == "ERROR_FILE_NOT_FOUND"
    or code == "ERROR_SHUTDOWN_IN_PROGRESS" or code == "ERROR_SERVICE_NOT_ACTIVE"
end

local function insist(call)
  local value, why, code
  repeat
    value, why, code = call()
    if not value then
      fax.clock.wait(0.05)
    end
  until value or not is_away(code) or os.time() > ends + 120
  return value, why
end

local server = assert(insist(function()
  return fax.connect { socket = folder .. "/state/fax.sock" }
end))

local count = 0
while os.time() < ends do
  count = count + 1
  local name, pages = ("c%s-%d"):format(me, count), math.random(4)
  local to = tostring(101 + math.random(5))
  local job, why = insist(function()
    return server:send(("%s/%d.pdf"):format(folder, pages), { to = to, key = name, from = name })
  end)
  print(job and ("accepted %s %d %d"):format(name, job.id, pages)
    or ("refused %s %s"):format(name, why))
  fax.clock.wait(math.random() * 0.6)
end
server:close()
