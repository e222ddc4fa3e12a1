-- SPDX-License-Identifier: MIT
-- worker.lua PACE DOCUMENT, run by embed: returns with three workers: one waits,
-- one computes, one has nothing to do.
local fax = require "fax"

local server = assert(fax.connect { branding = false, retries = 0, providers = {} })
assert(fax.provider { name = "workers", devices = { { name = "a" }, { name = "b" },
  { name = "c" } }, worker = "spec/support/worker.lua", args = {} })

local dialing = 0
server:on("job", function(event)
  dialing = dialing + (event.phase == "dialing" and 1 or 0)
end)
local document = assert(server:prepare(arg[2]))
for i, act in ipairs { "sleep 3600", "compute" } do
  assert(server:send(document, { to = "555" .. i, name = act }))
end
while dialing < 2 do
  assert(fax.loop():poll(60) > 0, "no call within a minute")
end
