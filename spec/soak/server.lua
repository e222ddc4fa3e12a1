-- SPDX-License-Identifier: MIT
-- faxd, killed and stopped at any moment while clients submit faxes to it, for a
-- given time: server.lua SECONDS [SEED]. Ends with an error when a fax that was
-- accepted is not called sent, did not arrive whole, or arrived twice but for the
-- pages that were told to be in doubt.
local fax = require "fax"

local seconds = tonumber(arg[1] or 60)
local seed = tonumber(arg[2] or os.time())
local CLIENTS = { "lua5.4", "luajit", "lua5.4", "luajit" }
local PATIENCE = 600 -- seconds for what is left in the queue at the end
math.randomseed(seed)
print(("soak of the server: %d s, seed %d"):format(seconds, seed))

local folder = os.tmpname()
os.remove(folder)
assert(os.execute("mkdir " .. folder))

local function write(name, text)
  local file = assert(io.open(folder .. "/" .. name, "wb"))
  assert(file:write(text))
  file:close()
end

for pages = 1, 4 do
  write(pages .. ".pdf", require("fax.cli.document").pdf(pages))
end
write("faxd.lua", ([[
  directory = %q
  providers = { { name = "loopback", options = { lines = 6 } } }
  branding = false
  retries, retry_delay = 99, 1
  limits = { calls_per_number = 0 }
  log = { to = %q }
]]):format(folder .. "/state", folder .. "/log"))

-- ---- the server ----

local pid

local function start()
  local pipe = assert(io.popen(("faxd %s/faxd.lua >>%s/out 2>&1 & echo $!"):format(folder, folder)))
  pid = pipe:read("*n")
  pipe:close()
end

-- Its parent is gone, so that whoever collects orphans has seen its end.
local function stop(signal)
  os.execute(("kill -%s %d 2>/dev/null"):format(signal, pid))
  if signal ~= "KILL" and math.random(2) == 1 then
    fax.clock.wait(math.random() * 0.3)
    os.execute(("kill -KILL %d 2>/dev/null"):format(pid))
  end
  os.execute(("while kill -0 %d 2>/dev/null; do sleep 0.01; done"):format(pid))
end

local function reach()
  local ends = os.time() + 60
  local server, why
  repeat
    server, why = fax.connect { socket = folder .. "/state/fax.sock" }
    if not server then
      fax.clock.wait(0.05)
    end
  until server or os.time() > ends
  return assert(server, why)
end

-- ---- the time ----

local clients = {}
for i, vm in ipairs(CLIENTS) do
  clients[i] = assert(io.popen(("%s spec/soak/client.lua %s %d %d %d"):format(vm, folder, i,
    seconds, seed + i)))
end
local ends, kills = os.time() + seconds, 0
start()
while os.time() < ends do
  fax.clock.wait(0.05 + math.random() * 1.5)
  stop(math.random(3) == 1 and "TERM" or "KILL")
  kills = kills + 1
  start()
end

-- ---- what came of it ----

local accepted = {}
for _, pipe in ipairs(clients) do
  for line in pipe:lines() do
    local name, id, pages = line:match("^accepted (%S+) (%d+) (%d+)$")
    accepted[#accepted + 1] = { name = assert(name, line), id = tonumber(id),
      pages = tonumber(pages) }
  end
  assert(pipe:close())
end

local function rest(server)
  local last = os.time() + PATIENCE
  local queue
  repeat
    queue = assert(server:jobs())
    fax.clock.wait(0.2)
  until #queue == 0 or os.time() > last
  for _, job in ipairs(queue) do
    error(("job %d is left over: %s"):format(job.job_id, table.concat(job.queue_status, " ")))
  end
end

-- Pages by the name that their sender had.
local function inbox(server)
  local pages = {}
  for _, one in ipairs(assert(server:inbox())) do
    pages[one.tsid or ""] = (pages[one.tsid or ""] or 0) + one.pages
  end
  return pages
end

-- What became of one; the pages of it that were sent again.
local function check(server, one, arrived)
  local result = assert(server:result(one.id))
  local doubts, pages = 0, arrived[one.name] or 0
  for _, attempt in ipairs(result.attempts) do
    doubts = doubts + ((attempt.doubt or 0) ~= 0 and 1 or 0)
  end
  local told = ("job %d, %d pages: %s, %d confirmed, %d arrived, %d in doubt"):format(one.id,
    one.pages, result.outcome, result.pages_confirmed, pages, doubts)
  assert(result.outcome == "completed" and result.pages_confirmed == one.pages, told)
  assert(pages >= one.pages and pages <= one.pages + doubts, told)
  arrived[one.name] = nil
  return pages - one.pages
end

local function judge()
  local server = reach()
  rest(server)
  local arrived, seen, again = inbox(server), {}, 0
  for _, one in ipairs(accepted) do
    assert(not seen[one.id], "two faxes were accepted as job " .. one.id)
    seen[one.id] = true
    again = again + check(server, one, arrived)
  end
  local stray = next(arrived)
  assert(not stray, ("a fax of %s arrived that nobody sent"):format(tostring(stray)))
  server:close()
  return again
end

local ok, again = pcall(judge)
stop("TERM")
if not ok then
  error(("%s; see %s"):format(again, folder), 0)
end
os.execute("rm -r " .. folder)
print(("  %d kills, %d faxes, all sent and arrived; pages in doubt that came again: %d"):format(
  kills, #accepted, again))
