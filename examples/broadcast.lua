-- SPDX-License-Identifier: MIT
-- Sends one document to several numbers, and shows what became of each.
--   lua5.4 examples/broadcast.lua letter.pdf 102,103,104 [directory]
local fax = require "fax"

local path, list, directory = arg[1], arg[2], arg[3]
if not list then
  io.stderr:write("usage: broadcast.lua FILE NUMBER,NUMBER,... [DIRECTORY]\n")
  os.exit(2)
end

local server = assert(fax.connect { directory = directory, retries = 1, retry_delay = 1 })

-- Told of in job:wait, below.
server:on("job", function(event)
  if event.phase == "page" and event.device_id == 1 then
    print(("job %d: page %d of %d"):format(event.job_id, event.page or 0, event.pages or 0))
  end
end)

-- The pages are made once. The function is asked for one recipient after the
-- other, and a job is queued for each before the next; a list would do as well.
local numbers = list:gmatch("[^,%s]+")
local jobs, why, code, queued = server:broadcast(path, function(n)
  local number = numbers()
  return number and { to = number, subject = ("Circular, copy %d"):format(n) }
end, { from = "101", device = 1 })
if not jobs then
  io.stderr:write(("%s (%s), after %d jobs\n"):format(why, code, #queued))
  os.exit(1, true)
end
print(("%d jobs are queued"):format(#jobs))

local delivered = 0
local rows = {}
for i, job in ipairs(jobs) do
  local ok, reason = job:wait(600)
  local result = assert(job:result())
  delivered = delivered + (ok and 1 or 0)
  rows[i] = ("%-6d %-12s %-10s %5d%s"):format(job.id, result.number, result.outcome,
    result.pages_confirmed or 0, ok and "" or "  " .. reason)
end

print(("%-6s %-12s %-10s %5s"):format("job", "number", "outcome", "pages"))
print(table.concat(rows, "\n"))

server:close()
-- The other lines may still be storing what they received.
assert(fax.service:stop { drain = 60 })
os.exit(delivered == #jobs and 0 or 1, true)
