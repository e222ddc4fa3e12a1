-- SPDX-License-Identifier: MIT
-- Cases: whatever an operation ends with, end_job takes it and the line works.

local core = require "fax.core"
local verdict = require "fax.fsp.check.verdict"
local watch = require "fax.fsp.check.watch"

local UNKNOWN = 0x2000ffff -- none of FS_
local NO_LINE = "FS_LINE_UNAVAILABLE" -- its job waits for another line (FSP-32)

-- The first fax ends as the check says, whatever its provider gave.
local function ends_with(stage, status)
  watch.instead.send = function(fn, job)
    fn(job)
    return status, { evidence = "the check says so" }
  end
  local job = stage:send()
  stage:outcome(job)
  local op = watch.by_id[job.id]
  if not op.ended or op.calls[#op.calls] ~= "end_job" then
    verdict.fail("the last callback after %s was %s", tostring(status),
      op.calls[#op.calls])
  end
  stage:works(("the fax after %s"):format(tostring(status)))
end

local function every_status(stage)
  local names = {}
  for name in pairs(core.records().fax_attempt.status.names) do
    names[#names + 1] = name ~= NO_LINE and name or nil
  end
  table.sort(names)
  stage:attach()
  for _, name in ipairs(names) do
    ends_with(stage, name)
  end
  ends_with(stage, UNKNOWN)
end

return {
  { "FSP-28", "end_job takes every status, known or not", every_status, number = true },
}
