-- SPDX-License-Identifier: MIT
-- faxctl policy replay: the attempts that the store has, decided once more.

local common = require "fax.cli.common"
local fax = require "fax"
local policy = require "fax.policy"

local replay = {}

-- The jobs that were asked for, else all of which there are records.
local function ids_of(server, given)
  local ids, seen = {}, {}
  for i = 2, #given do
    ids[#ids + 1] = tonumber(given[i])
  end
  if #ids > 0 then
    return ids
  end
  local records, why, code = server:records { direction = "sent" }
  if not records then
    return nil, why, code
  end
  for record in records do
    if not seen[record.job_id] then
      seen[record.job_id] = true
      ids[#ids + 1] = record.job_id
    end
  end
  table.sort(ids)
  return ids
end

-- What a function is told, as server:policy tells it, after the n-th attempt.
local function question(result, explanation, n)
  local attempts = {}
  for i = 1, n do
    attempts[i] = result.attempts[i]
  end
  local job = { id = result.job_id, number = explanation.number, user = result.user,
    document = result.document, submitted = result.submitted, pages = result.pages,
    pages_confirmed = result.pages_confirmed, retries = explanation.retries,
    retry_delay = explanation.retry_delay }
  return job, attempts, explanation.attempts[n].class, explanation.history,
    explanation.attempts[n]
end

-- What is decided now after the n-th attempt.
local function decide(given, result, explanation, n)
  local usual = explanation.attempts[n]
  if not given.decide or usual.decision == nil or usual.decision == "final"
    or usual.class == "line_unavailable" then
    return usual
  end
  local ok, answer = pcall(given.decide, question(result, explanation, n))
  local decision, why
  if ok then
    decision, why = policy.answer(answer)
  else
    why = tostring(answer)
  end
  if not decision then
    return { decision = "wrong", reason = why }
  end
  return decision.decision and decision or usual
end

local function text(of)
  if of.decision == "retry" then
    return ("retry after %d s"):format(of.delay)
  end
  return (of.decision or "nothing to decide"):gsub("_", " ")
end

local function compare(then_, now)
  return text(then_) == text(now)
end

local function write(to, given, job, attempt, now, same)
  if given.json then
    to.out:write(fax.json { job_id = job.job_id, number = job.number, attempt = attempt.number,
      class = attempt.class, same = same, then_decision = attempt.decision,
      then_delay = attempt.delay, decision = now.decision, delay = now.delay,
      reason = now.reason }, "\n")
  else
    to.out:write(("job %d attempt %d %s: %s, then %s%s\n"):format(job.job_id, attempt.number,
      attempt.class or "-", text(now), text(attempt), now.reason and " (" .. now.reason .. ")"
      or ""))
  end
end

-- One job; counts in `sum`.
local function one(server, given, to, id, sum)
  local result, why, code = server:result(id)
  local explanation
  if result then
    explanation, why, code = server:explain_policy(id)
  end
  if not explanation then
    return code == "ERROR_INVALID_PARAMETER" or nil, why, code -- it is kept no more
  end
  sum.jobs = sum.jobs + 1
  for n, attempt in ipairs(result.attempts) do
    local now = explanation.attempts[n] and decide(given, result, explanation, n)
    if now and (now.decision or attempt.decision) then
      local same = compare(attempt, now)
      sum.attempts = sum.attempts + 1
      sum.differ = sum.differ + (same and 0 or 1)
      sum.wrong = sum.wrong + (now.decision == "wrong" and 1 or 0)
      if given.all or not same then
        write(to, given, result, attempt, now, same)
      end
    end
  end
  return true
end

function replay.run(server, given, to)
  local ids, why, code = ids_of(server, given)
  if not ids then
    return common.fail(to, why, code)
  end
  local sum = { jobs = 0, attempts = 0, differ = 0, wrong = 0 }
  for _, id in ipairs(ids) do
    local done
    done, why, code = one(server, given, to, id, sum)
    if not done then
      return common.fail(to, why, code)
    end
  end
  if not given.json then
    to.out:write(("%d jobs, %d decisions: %d would differ\n"):format(sum.jobs, sum.attempts,
      sum.differ))
  end
  return sum.wrong > 0 and 1 or 0
end

return replay
