-- SPDX-License-Identifier: MIT
-- Cases: faxes are sent, resumed, tried again, many at once, and cannot be.

local verdict = require "fax.fsp.check.verdict"
local watch = require "fax.fsp.check.watch"

local fail = verdict.fail

local MOST = 16 -- devices that are used at once
local REPEATS = 64
local HEAP = 4 -- KiB of Lua's heap that an operation may leave

local function sends(pages)
  return function(stage)
    stage:attach()
    local attempt = stage:delivered(stage:send { pages = pages })
    if attempt.pages_confirmed and attempt.pages_confirmed ~= pages then
      fail("%d of %d pages are confirmed", attempt.pages_confirmed, pages)
    end
  end
end

-- The check plays the first attempt itself: it confirms one page.
local function resumes(stage)
  local attempts, first = 0, nil
  stage:attach()
  watch.instead.send = function(fn, job)
    attempts = attempts + 1
    if attempts == 1 then
      return "FS_DISCONNECTED", { pages_confirmed = 1, cause = "cut" }
    end
    first = job.first_page
    return fn(job)
  end
  local attempt = stage:delivered(stage:send { pages = 3, retries = 2, retry_delay = 1 })
  if first ~= 2 or (attempt.pages_confirmed or 0) > 2 then
    fail("%s pages are confirmed from page 2 of 3", tostring(attempt.pages_confirmed))
  end
end

-- The check gives another result to the first one.
local function again(stage)
  local seen = {}
  stage:attach()
  watch.instead.send = function(fn, job)
    seen[#seen + 1] = job
    local status, fields = fn(job)
    if #seen == 1 then
      return "FS_NO_ANSWER"
    end
    return status, fields
  end
  stage:delivered(stage:send { retries = 1, retry_delay = 1 })
  if seen[1] == seen[2] then
    fail("both attempts had the same operation")
  end
end

local function at_once(stage)
  local devices = stage:attach().devices
  local jobs = {}
  for i = 1, math.min(#devices, MOST) do
    jobs[i] = stage:send { device = devices[i].id }
  end
  for i = 1, #jobs do
    stage:delivered(jobs[i], ("the fax on %s"):format(devices[i].name))
  end
end

local function without_document(stage)
  stage:attach()
  watch.quiet = true
  watch.instead.send = function(fn, job)
    job.file = stage.directory .. "/none.tif"
    return fn(job)
  end
  local _, ok = stage:outcome(stage:send())
  if ok then
    fail("a fax whose file is not there was sent")
  end
  stage:works()
end

local function bad_number(stage)
  stage:attach()
  local attempt, ok = stage:outcome(stage:send { to = stage.order.bad_number })
  if ok then
    fail("%s was reached", stage.order.bad_number)
  elseif not attempt.cause then
    fail("%s for %s has no cause", attempt.status or "the failure", stage.order.bad_number)
  end
end

local function count_alive()
  local count = 0
  collectgarbage()
  collectgarbage()
  for _ in pairs(watch.ops) do
    count = count + 1
  end
  return count
end

local function send_many(stage, count)
  for _ = 1, count do
    stage:delivered(stage:send())
    watch.by_id = {}
  end
  return count_alive(), watch.descriptors(), collectgarbage("count")
end

local function leaves_nothing(stage)
  stage:attach()
  local alive, files, heap = send_many(stage, 4)
  local now_alive, now_files, now_heap = send_many(stage, REPEATS)
  if now_alive >= alive + REPEATS / 2 then
    fail("operations that are over are kept, %d of them", now_alive)
  elseif now_files >= files + REPEATS / 2 then
    fail("each operation leaves a file open")
  elseif now_heap >= heap + REPEATS * HEAP then
    fail("each operation leaves %d KiB", math.floor((now_heap - heap) / REPEATS))
  end
end

return {
  { "FSP-40", "a fax of one page is sent to the good number", sends(1), number = true,
    needed = true, unwatched = true },
  { "FSP-40", "one of three pages", sends(3), number = true, pages = 3, unwatched = true },
  { "FSP-40", "one goes on behind what was confirmed", resumes, number = true,
    pages = 3 },
  { "FSP-21", "one is tried again as another operation", again, number = true },
  { "FSP-20", "its devices send at the same time", at_once, number = true,
    unwatched = true },
  { "FSP-34", "a document that is not there is not sent", without_document, number = true },
  { "FSP-40", "the bad number is not reached, and it says why", bad_number, bad_number = true,
    unwatched = true },
  { "FSP-29", "an operation that is over leaves nothing", leaves_nothing, number = true },
}
