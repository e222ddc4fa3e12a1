-- SPDX-License-Identifier: MIT
-- Cases: calls that come in, when they may and when they may not.

local verdict = require "fax.fsp.check.verdict"
local watch = require "fax.fsp.check.watch"

local fail, skip = verdict.fail, verdict.skip

local CALLER = "5550100"
local RINGS = 9 -- as often as a port may want
local STORM = 100
local WHILE = 120 -- seconds

local function prepare(stage, callback)
  local provider = stage:attach()
  stage:needs(callback or "receive")
  return provider, provider.devices[1]
end

local function ring(device, rings)
  local ok, why = device:ring { rings = rings or RINGS, caller = CALLER }
  if not ok then
    fail("device:ring: %s", why)
  end
end

-- The reception that follows a ring, when it has begun.
local function answered(stage)
  local op = stage:run_until(function()
    return watch.last.receive
  end, WHILE)
  if not op then
    fail("no receive within %d s of the ring", WHILE)
  end
  return op
end

local function finished(stage, op)
  local ended = stage:run_until(function()
    return op.ended
  end)
  if not ended then
    fail("receive was not over within %d s", stage.order.call_limit)
  end
end

-- A reception that its provider calls whole is a fax.
local function received(stage, op, got)
  finished(stage, op)
  if op.final ~= "FS_COMPLETED" then
    skip("nothing came: its receive gave %s", tostring(op.final))
  end
  local event = stage:run_until(got, WHILE)
  if not event or (event.pages or 0) < 1 then
    fail("FS_COMPLETED, and there is no page")
  end
end

local function listen(stage)
  local event
  stage.server:on("received", function(one)
    event = one
  end)
  return function()
    return event
  end
end

-- Some have nothing to give before they were sent something.
local function after_a_ring(stage)
  local _, device = prepare(stage)
  local got = listen(stage)
  if stage.order.number and watch.options.send then
    stage:delivered(stage:send())
  end
  ring(device)
  received(stage, answered(stage), got)
end

local function by_itself(stage)
  local got = listen(stage)
  prepare(stage)
  local op = stage:run_until(function()
    return watch.last.receive
  end, WHILE)
  if not op then
    skip("nothing rang for %d s", WHILE)
  end
  received(stage, op, got)
end

local function not_enabled(stage)
  local _, device = prepare(stage)
  stage:set(device, { receive = false })
  ring(device)
  local op = stage:run_until(function()
    return watch.last.receive
  end, WHILE)
  if op and op.device == device then
    fail("receive was called on a port that does not receive")
  end
  stage:set(device, { receive = true })
  ring(device)
  finished(stage, answered(stage))
end

local function while_sending(stage)
  local provider = stage:attach()
  local job = stage:middle()
  for _, device in ipairs(provider.devices) do
    ring(device)
  end
  stage:delivered(job, "the fax in whose call it rang")
end

local function storm(stage)
  local provider = prepare(stage)
  for i = 1, STORM do
    for _, device in ipairs(provider.devices) do
      ring(device, i % 3)
    end
    stage:run(0.01)
  end
  local op = stage:run_until(function()
    return watch.last.receive
  end, WHILE)
  if op then
    finished(stage, op)
  end
end

local function aborted(stage)
  local _, device = prepare(stage)
  ring(device)
  local op = answered(stage)
  if op.ended then
    skip("its receive does not wait, and is over at once")
  end
  assert(stage.server:job(op.id)):abort()
  stage:ends(op)
end

return {
  { "FSP-64", "a ring is followed by receive, and a fax comes in", after_a_ring },
  { "FSP-61", "a call that comes by itself is received", by_itself },
  { "FSP-60", "a port that does not receive is not asked to", not_enabled },
  { "FSP-61", "rings while it sends harm nothing", while_sending, number = true },
  { "FSP-61", "a storm of rings harms nothing", storm },
  { "FSP-31", "an abort while it receives", aborted },
}
