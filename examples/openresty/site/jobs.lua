-- SPDX-License-Identifier: MIT
-- Jobs: the list, one of them, what can be done to it.

local ended = require "site.ended"
local json = require "site.json"
local pictures = require "site.pictures"
local reply = require "site.reply"
local told = require "site.told"

local jobs = {}

local MOST, USUAL = 200, 50

local function missing(why, code)
  return nil, why, code, code == "ERROR_INVALID_PARAMETER" and 404 or nil
end

-- ---- the list ----

-- Those that are asked for, the newest first.
local function choose(list, wanted)
  local chosen = {}
  for i = #list, 1, -1 do
    local entry = list[i]
    if (not wanted.after or entry.job_id < wanted.after)
      and (not wanted.state or told.state(entry) == wanted.state)
      and (not wanted.number or (entry.recipient_number or ""):find(wanted.number, 1, true)) then
      chosen[#chosen + 1] = entry
    end
    if #chosen > wanted.limit then
      break
    end
  end
  return chosen
end

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

-- One that has gone meanwhile is left out.
local function tell(server, chosen, limit)
  local list = {}
  for i, result in ipairs(results_of(server, chosen, limit)) do
    if result[1] then
      list[#list + 1] = told.job(chosen[i], result[1])
    elseif result[3] ~= "ERROR_INVALID_PARAMETER" then
      return nil, result[2], result[3]
    end
  end
  return list
end

function jobs.list(request)
  if ended.has(request:arg "state") then
    return ended.list(request)
  end
  local limit, why, code = request:number("limit", USUAL, MOST)
  local after = false
  if limit then
    after, why, code = request:number("after", false, 4294967295)
  end
  if after == nil or not limit then
    return nil, why, code
  end
  local all, list
  all, why, code = request.server:jobs()
  if not all then
    return nil, why, code
  end
  local chosen = choose(all, { after = after or nil, limit = limit, state = request:arg "state",
    number = request:arg "number" })
  list, why, code = tell(request.server, chosen, limit)
  if not list then
    return nil, why, code
  end
  return reply.json(200, { jobs = json.list(list),
    next = chosen[limit + 1] and chosen[limit].job_id or nil })
end

-- ---- one ----

function jobs.show(request)
  local job = request.server:job(request.params.id)
  local result, why, code = job:result()
  if not result then
    return missing(why, code)
  end
  local entry = result.outcome == "pending" and job:info() or nil
  local one = told.job(entry, result)
  one.attempts = told.attempts(result)
  return reply.json(200, one)
end

--- GET /v1/jobs/ID/pages/N.png, of a fax that is to be sent.
function jobs.page(request)
  local job = request.server:job(request.params.id)
  local result, why, code = job:result()
  if not result then
    return missing(why, code)
  end
  local name = ("job-%d-%.0f"):format(job.id, (result.submitted or 0) * 1e6)
  return pictures.answer(request, name, { form = "png", page = request.params.page },
    function(wanted)
      return job:file(wanted)
    end)
end

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
