-- SPDX-License-Identifier: MIT
-- Jobs and their attempts as the API tells them.

local json = require "site.json"

local told = {}

-- The first of these that the queue says of a job.
local words = {
  { "cancelling", "JS_DELETING" }, { "sending", "JS_INPROGRESS" }, { "paused", "JS_PAUSED" },
  { "failed", "JS_RETRIES_EXCEEDED", "JS_FAILED" }, { "retrying", "JS_RETRYING" },
}
local LAST = "waiting"

local function queue_state(entry)
  local has = {}
  for _, name in ipairs(type(entry.queue_status) == "table" and entry.queue_status or {}) do
    has[name] = true
  end
  for _, word in ipairs(words) do
    if has[word[2]] or has[word[3]] then
      return word[1]
    end
  end
  return LAST
end

--- What the queue says of the jobs in that state (nil: any), as server:jobs is asked for
--- them; nil: there is no such state. It does not tell receptions from others.
function told.status(state)
  local without = {}
  state = state == "receiving" and "sending" or state
  for _, word in ipairs(words) do
    if state == word[1] then
      return { with = { word[2], word[3] }, without = without }
    end
    without[#without + 1], without[#without + 2] = word[2], word[3]
  end
  return (not state and {}) or state == LAST and { without = without } or nil
end

--- In one word: the queue's while it is there, then how it ended.
function told.state(entry, result)
  if result and result.outcome ~= "pending" then
    return result.outcome
  elseif not entry then
    return "stopped"
  end
  local state = queue_state(entry)
  return state == "sending" and entry.job_type == "JT_RECEIVE" and "receiving" or state
end

local function kind_of(record)
  return record.job_type == "JT_RECEIVE" and "receive" or "send"
end

local function last_of(result)
  local attempts = result and result.attempts or {}
  return attempts[#attempts] or {}
end

-- One that has failed stays there, for whoever restarts or cancels it; one that is over
-- another way leaves it in a moment.
local function is_queued(entry, result)
  return entry and (not result or result.outcome == "pending" or queue_state(entry) == "failed")
    or nil
end

--- A job: of its entry in the queue, its result, or both.
function told.job(entry, result)
  local e, r, last = entry or {}, result or {}, last_of(result)
  return { id = e.job_id or r.job_id, kind = kind_of(entry or result),
    state = told.state(entry, result), queued = is_queued(entry, result),
    number = e.recipient_number or r.number,
    name = e.recipient_name, subject = e.document_name or r.document,
    user = e.user_name or r.user, pages = e.page_count or r.pages,
    pages_sent = r.pages_confirmed, port = not last.status and last.device_id or nil,
    cause = r.cause or last.cause, evidence = last.evidence, advice = last.advice,
    attempts_made = #(r.attempts or {}), remote_id = r.remote_id, created = r.submitted,
    ended = r.finished, at = e.schedule_action == "JSA_SPECIFIC_TIME" and e.schedule_time or nil,
    billing = e.billing_code, sender = e.sender_name, from = e.tsid }
end

--- An attempt, with the time line of its T.30 exchange.
function told.attempt(one)
  return { number = one.number, port = one.device_id, start = one.started, ["end"] = one.ended,
    result = one.status and one.status:gsub("^FS_", ""):lower() or nil, cause = one.cause,
    evidence = one.evidence, advice = one.advice, speed = one.rate, ecm = one.ecm,
    encoding = one.encoding, transport = one.transport, pages = one.pages_confirmed,
    first_page = one.first_page, csid = one.remote_id, quality = one.quality,
    bad_rows = one.bad_rows, decision = one.decision, delay = one.delay, reason = one.reason,
    timeline = json.list(one.timeline or {}) }
end

--- All of a job's.
function told.attempts(result)
  local list = {}
  for i, one in ipairs(result and result.attempts or {}) do
    list[i] = told.attempt(one)
  end
  return json.list(list)
end

return told
