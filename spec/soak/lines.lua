-- SPDX-License-Identifier: MIT
-- Random faxes, aborts and failures for a given time: lines.lua SECONDS [SEED].
-- Ends with an error when a job is left undecided, a port stays busy, a
-- delivered fax did not arrive, or memory grows without end.

local fax = require "fax"

local seconds = tonumber(arg[1] or 60)
local seed = tonumber(arg[2] or os.time())
math.randomseed(seed)
local jit = rawget(_G, "jit")
print(("soak of the lines: %d s, seed %d, %s"):format(seconds, seed,
  jit and jit.version or _VERSION))

local directory = os.tmpname()
os.remove(directory)
assert(os.execute("mkdir " .. directory))
local document = directory .. "/document.pdf"
local file = assert(io.open(document, "wb"))
file:write(require("fax.cli.document").pdf(2))
file:close()

local lines = 8
local server = assert(fax.connect {
  directory = directory .. "/state", branding = false,
  providers = { { name = "loopback", options = { lines = lines, no_answer = 5 } } },
})
assert(fax.render(document, { output = directory .. "/document.tif" }))

local counts = { sent = 0, received = 0, partial = 0, started = 0 }
local function count(what) counts[what] = (counts[what] or 0) + 1 end

server:on("received", function(f)
  assert(f.kind == "received", "events were missed")
  count(f.complete and "received" or "partial")
  os.remove(f.path)
end)

local function number()
  local n = math.random(20)
  if n == 1 then return "999" end -- nobody
  return tostring(100 + math.random(lines))
end

local function one(loop)
  count "started"
  local job = assert(server:send(directory .. "/document.tif", {
    to = number(), retries = math.random(0, 2), retry_delay = 0,
    ecm = math.random(4) > 1, max_rate = ({ 0, 9600, 4800 })[math.random(3)],
  }))
  if math.random(5) == 1 then
    loop:sleep(math.random() * 0.05)
    job:abort() -- may come too late
  end
  local ok, _, code = job:wait(120)
  if ok then count "sent" else count(code) end
  if code == "WAIT_TIMEOUT" then error("job " .. job.id .. " was never decided") end
  job:abort() -- one that failed leaves the queue
end

local loop = fax.loop()
loop.on_error = function(why) print(why) os.exit(1) end
local until_time = os.time() + seconds
local live = 0
for _ = 1, lines do
  live = live + 1
  loop:spawn(function()
    while os.time() < until_time do one(loop) end
    live = live - 1
    if live == 0 then loop:stop() end
  end)
end
loop:run()

-- What is on the lines ends by itself.
for _, port in ipairs(server:ports()) do
  local deadline = os.time() + 60
  while port.state ~= "FPS_AVAILABLE" do
    assert(os.time() < deadline, port.device_name .. " stays " .. port.state)
    loop:poll(0.1)
    port = server:ports()[port.device_id]
  end
end
while loop:poll(0.2) > 0 do end
for _, job in ipairs(server:jobs()) do
  assert(job.job_type == "JT_FAIL_RECEIVE", "job " .. job.job_id .. " is left over")
end
assert(counts.received >= counts.sent,
  counts.sent .. " were called sent, " .. counts.received .. " arrived")
server:close()
assert(fax.service:stop { timeout = 20 })
os.execute("rm -r " .. directory)
local names = {}
for name in pairs(counts) do names[#names + 1] = name end
table.sort(names)
for _, name in ipairs(names) do print(("  %-24s %d"):format(name, counts[name])) end
