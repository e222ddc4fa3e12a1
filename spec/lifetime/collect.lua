-- SPDX-License-Identifier: MIT
-- collect.lua PACE DOCUMENT: handles are collected while others live.
local stage = dofile "spec/lifetime/stage.lua"
local fax = require "fax"

local function collect()
  collectgarbage()
  collectgarbage()
end

local pace, document = arg[1], arg[2]
local server, job, loop = stage.call(pace, document)
local id = job.id

-- the server goes, the job stays
server = nil -- luacheck: ignore
collect()
assert(job:info().job_id == id)
server = job.server

-- the job goes, the server stays
job = nil -- luacheck: ignore
collect()
assert(server:job(id):info().job_id == id)

-- subscriptions outlive the handle they were made with
local events = 0
local subscription = server:on("any", function() events = events + 1 end)
local other = assert(fax.connect())
server:close()
server = nil -- luacheck: ignore
collect()
assert(not subscription:closed())
other:job(id):abort()
while events == 0 do
  assert(loop:poll(60) > 0)
end

-- a port handle outlives its server in Lua, not in the service
local port = assert(other:open_port(1))
other:close()
other = nil -- luacheck: ignore
collect()
assert(select(3, port:info()) == "ERROR_INVALID_HANDLE")
stage.say("collected")
