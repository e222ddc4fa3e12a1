-- SPDX-License-Identifier: MIT
-- Jobs: the list, one of them, what can be done to it.

local ended = require "site.ended"
local found = require "site.found"
local json = require "site.json"
local pictures = require "site.pictures"
local reply = require "site.reply"
local told = require "site.told"

local jobs = {}

local function missing(why, code)
  return nil, why, code, code == "ERROR_INVALID_PARAMETER" and 404 or nil
end

-- ---- the list ----

-- The results of those, each { result or nil, why, code }: asked at the same time.
local function results_of(server, chosen, limit)
  local threads, results = {}, {}
  for i = 1, math.min(#chosen, limit) do
    threads[i] = ngx.thread.spawn(function()
      return { server:result(chosen[i].job_id) }
    end)
  end
  for i, thread in ipairs(threads) do
    local _, result = ngx.thread.wait(thread)
    results[i] = result
  end
  return results
end

-- One that has gone meanwhile is left out, and one that the queue does not tell from
-- those in that state.
local function tell(server, chosen, limit, state)
  local list = {}
  for i, result in ipairs(results_of(server, chosen, limit)) do
    if result[1] and (not state or told.state(chosen[i]) == state) then
      list[#list + 1] = told.job(chosen[i], result[1])
    elseif not result[1] and result[3] ~= "ERROR_INVALID_PARAMETER" then
      return nil, result[2], result[3]
    end
  end
  return list
end

-- One more than the page has says whether there is another.
local function page_of(request, page, status)
  return request.server:jobs { newest_first = true, limit = page.limit + 1,
    cursor = page.after, number = request:arg "number", with = status.with,
    without = status.without }
end

function jobs.list(request)
  local state = request:arg "state"
  if ended.has(state) then
    return ended.list(request)
  end
  local status = told.status(state)
  if not status then
    return nil, ("state: there is no '%s'"):format(state:sub(1, 40)), "ERROR_INVALID_PARAMETER"
  end
  local page, why, code = request:page()
  if not page then
    return nil, why, code
  end
  local chosen, list
  chosen, why, code = page_of(request, page, status)
  if chosen then
    list, why, code = tell(request.server, chosen, page.limit, state)
  end
  if not list then
    return nil, why, code
  end
  return reply.json(200, { jobs = json.list(list),
    next = chosen[page.limit + 1] and chosen[page.limit].job_id or nil })
end

-- ---- one ----

local with_result = found(function(request)
  local result, why, code = request.server:result(request.params.id)
  if not result then
    return missing(why, code)
  end
  return result
end)

jobs.show = with_result(function(request, result)
  local job = request.server:job(request.params.id)
  local may_wait = result.outcome == "pending" or result.outcome == "failed"
  local entry = may_wait and job:info() or nil
  local one = told.job(entry, result)
  one.attempts = told.attempts(result)
  return reply.json(200, one)
end)

--- GET /v1/jobs/ID/pages/N.png, of a fax that is to be sent.
jobs.page = with_result(function(request, result)
  local job = request.server:job(request.params.id)
  local name = ("job-%d-%.0f"):format(job.id, (result.submitted or 0) * 1e6)
  return pictures.answer(request, name, { form = "png", page = request.params.page },
    function(wanted)
      return job:file(wanted)
    end)
end)

-- ---- commands ----

local function command(name)
  return function(request)
    local job = request.server:job(request.params.id)
    local ok, why, code = job[name](job)
    if not ok then
      return missing(why, code)
    end
    return jobs.show(request)
  end
end

jobs.cancel = command "abort"
jobs.pause = command "pause"
jobs.resume = command "resume"
jobs.restart = command "restart"

return jobs
