-- SPDX-License-Identifier: MIT
-- Jobs: the list, one of them, what can be done to it.

local json = require "site.json"
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

-- With the result of each; one that has gone meanwhile is left out.
local function tell(server, chosen, limit)
  local list = {}
  for i = 1, math.min(#chosen, limit) do
    local result, why, code = server:result(chosen[i].job_id)
    if result then
      list[#list + 1] = told.job(chosen[i], result)
    elseif code ~= "ERROR_INVALID_PARAMETER" then
      return nil, why, code
    end
  end
  return list
end

function jobs.list(request)
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
