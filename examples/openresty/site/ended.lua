-- SPDX-License-Identifier: MIT
-- GET /v1/jobs?state=ended, or one of the ends: jobs that are over, by the records of
-- their last calls, or of their ends without one, which outlive them.

local json = require "site.json"
local reply = require "site.reply"

local ended = {}

-- Records that are looked at for one answer; what is behind them is for the next.
local AT_ONCE, MORE = 2000, 500

local ends = { completed = true, failed = true, cancelled = true, incomplete = true,
  stopped = true }

function ended.has(state)
  return state == "ended" or ends[state] == true
end

-- Of all calls of the job.
local function pages_sent(record)
  return record.pages_confirmed and (record.first_page or 1) - 1 + record.pages_confirmed or nil
end

local function told(record)
  return { id = record.job_id, kind = record.direction == "received" and "receive" or "send",
    state = record.outcome, number = record.number, subject = record.document,
    user = record.user, pages = record.pages, pages_sent = pages_sent(record),
    cause = record.cause, evidence = record.evidence, attempts_made = record.attempt,
    remote_id = record.remote_id, ended = record.ended, billing = record.billing_code }
end

-- Whether it is what `next` may have said: four numbers that JSON can say.
local function is_cursor(text)
  local parts = { text:match("^(%d+)%-(%d+)%-(%d+)%-(%d+)$") }
  for _, part in ipairs(parts) do
    if #part > 16 or tonumber(part) >= 2 ^ 53 then
      return false
    end
  end
  return parts[1] ~= nil
end

-- What fits of the records that the query finds, and the cursor behind it when there is
-- more: as many are read as may do, and more of them only when they do not.
local function take(server, query, wanted)
  local list, last, seen, more = {}, nil, 0, true
  query.limit = wanted.limit + 1
  while more do
    local step, why, code = server:records(query)
    if not step then
      return nil, why, code
    end
    local before = seen
    for record, cursor in step do
      if #list == wanted.limit or seen == AT_ONCE then
        return list, last
      end
      seen, last = seen + 1, cursor
      if record.outcome == wanted.state or wanted.state == "ended" and ends[record.outcome] then
        list[#list + 1] = told(record)
      end
    end
    more = seen - before == query.limit
    query.cursor, query.limit = last, MORE
  end
  return list
end

function ended.list(request)
  local limit, why, code = request:limit()
  local after = request:arg "after"
  if not limit then
    return nil, why, code
  elseif after and not is_cursor(after) then
    return nil, "after: what `next` of another answer says expected", "ERROR_INVALID_PARAMETER"
  end
  local list, more
  list, more, code = take(request.server, { order = "latest", direction = "sent", uncalled = true,
    number = request:arg "number", cursor = after }, { limit = limit,
    state = request:arg "state" })
  if not list then
    return nil, more, code
  end
  return reply.json(200, { jobs = json.list(list), next = more })
end

return ended
