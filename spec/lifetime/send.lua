-- SPDX-License-Identifier: MIT
-- send.lua DOCUMENT: one fax at fast pace, from start to end, and the inbox.
local stage = dofile "spec/lifetime/stage.lua"

local server = stage.connect("fast")
for _, fax in ipairs(assert(server:inbox())) do
  stage.say("in the inbox", fax.complete and "complete" or "incomplete")
end
local job = assert(server:send(arg[1], { to = "102", device = 1 }))
assert(job:wait(100))
stage.say("delivered")
