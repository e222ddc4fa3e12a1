-- SPDX-License-Identifier: MIT
-- What can be done with jobs in the queue: schedule, pause, resume, restart,
-- delete. Line 1 of the exchange calls line 2.
--   lua5.4 examples/queue.lua letter.pdf [directory]
local fax = require "fax"

local path, directory = arg[1], arg[2]
if not path then
  io.stderr:write("usage: queue.lua FILE [DIRECTORY]\n")
  os.exit(2)
end

-- Line 2 may be busy for a moment: it is tried again after a second.
local server = assert(fax.connect { directory = directory, retries = 3, retry_delay = 1 })

local function show(title)
  print(title)
  for _, job in ipairs(assert(server:jobs())) do
    if job.job_type == "JT_SEND" then
      print(("  job %d to %s: %s%s"):format(job.job_id, job.recipient_number,
        table.concat(job.queue_status, " "),
        job.schedule_time and os.date("!, not before %Y-%m-%d %H:%M UTC",
          math.floor(job.schedule_time)) or ""))
    end
  end
end

-- The pages are made once for all of these.
local document = assert(server:prepare(path))

-- While the queue is paused, jobs are accepted and nothing is sent.
assert(server:set_configuration { pause_server_queue = true })
local tomorrow = assert(server:send(document, { to = "102", at = os.time() + 86400 }))
local cheap = assert(server:send(document, { to = "102", discount = true, device = 1 }))
local held = assert(server:send(document, { to = "102", device = 1 }))
local wrong = assert(server:send(document, { to = "999", device = 1 }))
document:close() -- the jobs keep the pages
assert(held:pause())
show("queued:")

-- There is no discount period: the second job is due at once. The fourth calls
-- a number that does not exist.
assert(server:set_configuration { pause_server_queue = false })
assert(cheap:wait(600))
assert(not wrong:wait(600))
show("one is delivered, one will not be tried again:")

-- A restarted job has all its attempts again.
assert(wrong:restart())
assert(not wrong:wait(600))
print(("job %d: %d attempts"):format(wrong.id, #assert(wrong:result()).attempts))

assert(held:resume())
assert(held:wait(600))
show("the paused one is delivered:")

assert(wrong:delete())
assert(tomorrow:abort())
show("at the end:")

server:close()
assert(fax.service:stop { drain = 60 })
