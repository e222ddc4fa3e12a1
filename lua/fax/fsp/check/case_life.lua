-- SPDX-License-Identifier: MIT
-- Cases: the service, the loop or the provider goes while a call is up.

local fax = require "fax"
local verdict = require "fax.fsp.check.verdict"
local watch = require "fax.fsp.check.watch"

local fail, skip = verdict.fail, verdict.skip

local DEFAULT_STALL = 30
-- Each of its lines can be dialled once before it is known that nobody is there.
local MOST_STALLED = 99

local function drained(stage)
  stage:attach()
  local _, op = stage:middle()
  assert(fax.service.stop { drain = stage.order.call_limit })
  if op.final ~= "FS_COMPLETED" or not op.ended then
    fail("its call did not end as FS_COMPLETED, but as %s", tostring(op.final))
  end
end

local function stopped(stage)
  stage:attach()
  local _, op = stage:middle()
  local before = fax.clock.now()
  assert(fax.service.stop { timeout = stage.order.abort_limit })
  if not op.ended or fax.clock.now() - before > stage.order.abort_limit then
    fail("its call did not end within %d s", stage.order.abort_limit)
  end
end

local function closed(stage)
  local provider = stage:attach()
  local job, op = stage:middle()
  stage:close(provider)
  if not op.ended then
    fail("its call had no end")
  end
  stage:delivered(job, "the fax under way")
  if #stage.server:ports() > 0 then
    fail("%d ports are left", #stage.server:ports())
  end
end

local function replaced(stage)
  local old = stage:attach()
  local job = stage:middle()
  old:close()
  stage:attach()
  stage:delivered(job, "the fax of the old one")
  stage:works("the fax of the new one")
  stage:close(old)
end

local function loop_closed(stage)
  stage:attach()
  local job, op = stage:middle { retries = 1, retry_delay = 1 }
  fax.loop():close()
  op.ended = true -- it goes no further
  stage:attach()
  local _, attempts = stage:delivered(job, "the fax after the loop was closed")
  if attempts[1].cause ~= "provider_lost" then
    fail("the first attempt ended as %s", tostring(attempts[1].cause))
  end
end

local function dropped(stage)
  stage:attach()
  local job = stage:middle()
  watch.providers = {}
  collectgarbage()
  collectgarbage()
  stage:delivered(job, "the fax of a provider that nobody keeps")
  stage:works()
end

-- Longer than the service puts up with it.
local function stand_still(stage)
  if not fax.clock.is_virtual() then
    skip("it takes too long on the real clock")
  end
  fax.clock.wait((watch.options.stall or DEFAULT_STALL) + stage.order.abort_limit + 10)
end

local function stalled(stage)
  stage:attach()
  local job = stage:send { retries = MOST_STALLED, retry_delay = 1 }
  stand_still(stage)
  local _, attempts = stage:delivered(job, "the fax after it")
  if attempts[1].cause ~= "stalled" then
    fail("the first attempt ended as %s", tostring(attempts[1].cause))
  end
end

-- The service has written the call off when its provider hears of the abort.
local function stalled_abort(stage)
  stage:attach()
  local job, op = stage:middle()
  job:abort()
  stand_still(stage)
  stage:ends(op, "the abort, of which it heard late")
  stage:works()
end

return {
  { "FSP-12", "a stop of the service that lets its call end", drained, number = true },
  { "FSP-12", "a stop of the service in the middle of a call", stopped, number = true },
  { "FSP-11", "it is closed in the middle of a call", closed, number = true },
  { "FSP-16", "it is replaced in the middle of a call", replaced, number = true },
  { "loop", "its loop is closed in the middle of a call", loop_closed, number = true },
  { "loop", "its loop stands still when a call begins", stalled, number = true },
  { "loop", "its loop stands still when a call is aborted", stalled_abort, number = true },
  { "FSP-29", "nobody keeps it in the middle of a call", dropped, number = true },
}
