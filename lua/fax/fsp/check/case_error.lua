-- SPDX-License-Identifier: MIT
-- Cases: an error in the midst of a callback costs that operation only.

local verdict = require "fax.fsp.check.verdict"
local watch = require "fax.fsp.check.watch"

local fail = verdict.fail

local WHY = "an error that the check made"

-- Nothing was delivered, end_job came when it had to, and the line works.
local function afterwards(stage, job, ended)
  local _, ok = stage:outcome(job)
  if ok then
    fail("the fax was delivered all the same")
  end
  local op, last = watch.by_id[job.id], nil
  for _, name in ipairs(op.calls) do
    last = name
  end
  if ended and last ~= "end_job" then
    fail("the last callback was %s, not end_job", tostring(last))
  end
  stage:works()
end

-- The callback does its work, and then fails.
local function behind(name, ended)
  return function(stage)
    stage:attach()
    watch.quiet = true
    watch.instead[name] = function(fn, ...)
      fn(...)
      error(WHY, 0)
    end
    afterwards(stage, stage:send(), ended)
  end
end

-- One of the first calls of its job fails, as what a provider calls may.
local function within(stage)
  stage:attach()
  for i = 1, 3 do
    watch.quiet = true
    watch.moment = function(_, op, name)
      if op.moments == i then
        error(("job:%s: %s"):format(name, WHY), 0)
      end
    end
    local job = stage:send()
    stage:outcome(job)
    local op = watch.by_id[job.id]
    if op.calls[#op.calls] ~= "end_job" then
      fail("the last callback was %s, not end_job", op.calls[#op.calls])
    end
    stage:works()
  end
end

local function in_report(stage)
  stage:attach()
  stage:needs("report_status")
  watch.instead.send = function(fn, job)
    fn(job)
  end
  behind("report_status", true)(stage)
end

local function in_end(stage)
  stage:attach()
  watch.quiet = true
  watch.instead.end_job = function(fn, ...)
    fn(...)
    error(WHY, 0)
  end
  stage:delivered(stage:send())
  stage:works()
end

local function in_abort(stage)
  stage:attach()
  watch.quiet = true
  watch.instead.abort = function(fn, job)
    fn(job)
    error(WHY, 0)
  end
  local job, op = stage:middle()
  job:abort()
  stage:ends(op)
  stage:outcome(job)
  stage:works()
end

return {
  { "FSP-14", "an error in start_job is one of that operation", behind("start_job"),
    number = true },
  { "FSP-14", "an error behind send is one, and end_job comes", behind("send", true),
    number = true },
  { "FSP-14", "an error in each of the first calls of its job is one", within, number = true },
  { "FSP-14", "an error in report_status is one, and end_job comes", in_report,
    number = true },
  { "FSP-14", "an error in end_job undoes nothing", in_end, number = true },
  { "FSP-14", "an error in abort lets the loop live", in_abort, number = true },
}
