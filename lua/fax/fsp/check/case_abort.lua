-- SPDX-License-Identifier: MIT
-- Cases: operations that are aborted, at every moment at which that is possible.

local fax = require "fax"
local verdict = require "fax.fsp.check.verdict"
local watch = require "fax.fsp.check.watch"

local fail, skip = verdict.fail, verdict.skip

local MOMENTS = 6

-- It may have been over before; else it says so.
local function aborted_well(stage, job)
  local attempt, ok = stage:outcome(job)
  if not ok and attempt.status and attempt.status ~= "FS_USER_ABORT" then
    fail("after the abort its status is %s (%s), not FS_USER_ABORT", attempt.status,
      verdict.line(attempt.evidence or attempt.cause or "no cause"))
  end
end

local function before_begin(stage)
  stage:attach()
  local job = stage:send()
  fax.clock.wait(1) -- it is in the port, and nothing was polled
  job:abort()
  fax.clock.wait(1)
  aborted_well(stage, job)
  if watch.by_id[job.id] and watch.by_id[job.id].begun then
    fail("start_job was called")
  end
end

local function in_the_middle(stage)
  stage:attach()
  local job, op = stage:middle()
  job:abort()
  stage:ends(op)
  aborted_well(stage, job)
  stage:works()
end

-- Stops at the first wait of this kind.
local function in_a(method)
  return function(stage)
    stage:attach()
    local job = stage:send()
    local op = stage:run_until(function()
      local now = watch.by_id[job.id]
      return now and (now.ended or now.within == method) and now
    end)
    if not op or op.ended then
      skip("its send never waits with job:%s", method)
    end
    job:abort()
    stage:ends(op)
    aborted_well(stage, job)
    stage:works()
  end
end

local function at_moments(stage)
  stage:attach()
  for i = 1, MOMENTS do
    local job
    watch.moment = function(operation, op)
      if op.moments == i and job and operation.id == job.id then
        job:abort()
      end
    end
    job = stage:send { pages = 3 }
    aborted_well(stage, job)
  end
  stage:works()
end

local function at_the_end(stage)
  local job
  stage:attach()
  watch.instead.end_job = function(fn, ...)
    job:abort()
    return fn(...)
  end
  job = stage:send()
  stage:outcome(job)
  stage:works()
end

local function twice(stage)
  stage:attach()
  local job, op = stage:middle()
  job:abort()
  job:abort()
  stage:run(0)
  job:abort()
  stage:ends(op)
  aborted_well(stage, job)
  stage:works()
end

local function all_devices(stage)
  local devices, jobs = stage:attach().devices, {}
  for i = 1, #devices do
    jobs[i] = stage:middle { device = devices[i].id }
  end
  for i = 1, #jobs do
    jobs[i]:abort()
  end
  for i = 1, #jobs do
    stage:ends(watch.by_id[jobs[i].id])
    aborted_well(stage, jobs[i])
  end
  stage:works()
end

return {
  { "FSP-31", "an abort before the operation begins", before_begin, number = true },
  { "FSP-31", "an abort in the middle", in_the_middle, number = true },
  { "FSP-31", "an abort while it sleeps", in_a "sleep", number = true },
  { "FSP-31", "an abort while it waits for a descriptor", in_a "wait", number = true },
  { "FSP-31", "an abort at each of the first calls of its job", at_moments, number = true,
    pages = 3 },
  { "FSP-31", "an abort in end_job", at_the_end, number = true },
  { "FSP-31", "an abort, and another", twice, number = true },
  { "FSP-26", "aborts of all its devices at once", all_devices, number = true },
}
