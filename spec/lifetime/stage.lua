-- SPDX-License-Identifier: MIT
-- What the child scripts share: `local stage = dofile "spec/lifetime/stage.lua"`.
-- The service's directory is $FAX_DIRECTORY.
local fax = require "fax"

local stage = {}

function stage.say(...)
  io.stdout:write(table.concat({ ... }, " "), "\n")
  io.stdout:flush()
end

local stat = io.open("/proc/self/stat")
stage.say("pid", (stat:read("*a"):match("^%d+")))
stat:close()

--- Two lines, 101 and 102, that answer at the first ring.
function stage.connect(pace)
  local server = assert(fax.connect {
    branding = false,
    retries = 0,
    loopback = { lines = 2, pace = pace, ["number.1"] = "101", ["number.2"] = "102" },
  })
  local port = assert(server:open_port(2, "modify"))
  assert(port:set { rings = 1 })
  port:close()
  return server
end

--- Sends the document from 101 to 102 and returns when the call is under way:
--- at real pace the other side has answered; at fast pace two pages are through,
--- and the rest takes seconds.
function stage.call(pace, document)
  local loop = fax.loop()
  local server = stage.connect(pace)
  local under_way = false
  local subscription = server:on("job", function(event)
    assert(event.outcome == "pending", "the call has ended already")
    under_way = under_way or (pace == "real" and event.name == "FEI_ANSWERED")
      or (event.page or 0) > 2
  end)
  local job = assert(server:send(document, { to = "102", device = 1, max_rate = 4800 }))
  while not under_way do
    assert(loop:poll(60) > 0, "no call within a minute")
  end
  subscription:close()
  return server, job, loop
end

return stage
