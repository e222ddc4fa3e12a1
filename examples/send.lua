-- SPDX-License-Identifier: MIT
-- Sends a document and says what became of it.
--   lua5.4 examples/send.lua letter.pdf 102 [directory]
local fax = require "fax"

local path, number, directory = arg[1], arg[2], arg[3]
if not number then
  io.stderr:write("usage: send.lua FILE NUMBER [DIRECTORY]\n")
  os.exit(2)
end

-- No service runs in this process yet: one is started, with the four lines of
-- the loopback exchange (101 to 104), and ends with the script.
local server = assert(fax.connect { directory = directory })

-- First the events, then the job: none is missed. They are told of in wait.
server:on("job", function(event)
  if event.phase == "page" then
    print(("job %d: page %d%s"):format(event.job_id, event.page or 0,
      event.pages and " of " .. event.pages or ""))
  end
end)

local job = assert(server:send(path, { to = number, subject = "An example", retries = 0 }))
print(("job %d: queued"):format(job.id))

local delivered, why, code = job:wait(600)

local result = assert(job:result())
for _, attempt in ipairs(result.attempts) do
  print(("attempt %d: %s, %s pages confirmed"):format(attempt.number,
    tostring(attempt.status), tostring(attempt.pages_confirmed or "unknown")))
end

server:close()
-- The other line may still be storing what it received.
assert(fax.service:stop { drain = 60 })

if delivered then
  print("delivered")
else
  io.stderr:write(("not delivered: %s (%s)\n"):format(why, code))
  os.exit(1, true)
end
