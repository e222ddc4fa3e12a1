-- SPDX-License-Identifier: MIT
-- faxctl policy: what comes next of a job and why, and what other rules would
-- have made of jobs that were sent. It calls no one.

local common = require "fax.cli.common"
local fax = require "fax"
local replay = require "fax.cli.replay"

local policy = {
  name = "policy",
  usage = "explain ID | replay [ID...] [options]",
  summary = "why a fax is tried again, and when",
  about = "explain: what comes next of a job, with the rules and each attempt.\n"
    .. "replay: what the rules make of attempts that were made, beside what was decided then.",
  operands = { "explain", "replay" },
  options = common.with_server {
    { flag = "--policy", value = "FILE", help = "Lua that gives the rules, as the option `policy`"
      .. " of a service, or, for replay, a function as server:policy takes" },
    { flag = "--retries", value = "N", kind = "number", help = "the limit of all causes" },
    { flag = "--retry-delay", value = "SECONDS", kind = "number", help = "without a rule" },
    { flag = "--all", help = "replay: also what would be the same" },
    { flag = "--json", help = "write JSON" },
  },
}

local function transport(of)
  local words = { of.max_rate == 0 and "any speed" or ("at most %d bit/s"):format(of.max_rate),
    of.ecm and "ECM" or "no ECM", of.transport or "any transport" }
  return table.concat(words, ", ")
end

local function write_rules(to, explanation)
  local row = "%-17s %6s %6s %7s %7s %7s %7s  %s\n"
  to.out:write("\n", row:format("cause", "failed", "limit", "delay", "growth", "jitter", "cap",
    "if the next call fails so"))
  for _, rule in ipairs(explanation.rules) do
    to.out:write(row:format(rule.class, rule.failures, rule.limit or "-", rule.delay,
      ("%g"):format(rule.growth / 100), ("%g"):format(rule.jitter / 100), rule.cap or "-",
      rule.reason or "-"))
  end
end

local function write_attempts(to, explanation, attempts)
  for i, step in ipairs(explanation.attempts) do
    local attempt = attempts[i] or {}
    to.out:write(i == 1 and "\n" or "", ("attempt %d, %s: %s\n"):format(step.number,
      attempt.started and os.date("%Y-%m-%d %H:%M:%S", math.floor(attempt.started)) or step.class,
      attempt.reason or step.reason or step.class))
    if attempt.reason and step.reason and attempt.reason ~= step.reason then
      to.out:write("  now: ", step.reason, "\n")
    end
  end
end

local function write_explanation(to, e, attempts)
  to.out:write(("job %d to %s: %s\n"):format(e.job_id, e.number or "-", e.reason))
  if e.next then
    to.out:write(("not before %s\n"):format(os.date("%Y-%m-%d %H:%M:%S", math.floor(e.next))))
  end
  to.out:write(("the next call: %s\n"):format(transport(e)))
  to.out:write(("%d failures; at most %d further attempts, %d s apart where no rule says more\n")
    :format(e.failures, e.retries, e.retry_delay))
  if e.history then
    to.out:write(("the number: %d calls, %d failures in a row%s\n"):format(e.history.calls,
      e.history.failures, e.history.answer and (", answers after %d s"):format(e.history.answer)
      or ""))
  end
  write_rules(to, e)
  write_attempts(to, e, attempts)
end

local actions = {}

function actions.explain(server, given, to)
  local id = tonumber(given[2])
  local e, why, code = server:explain_policy(id)
  if not e then
    return common.fail(to, why, code)
  elseif given.json then
    to.out:write(fax.json(e), "\n")
  else
    local result = server:result(id)
    write_explanation(to, e, result and result.attempts or {})
  end
  return 0
end

actions.replay = replay.run

local function is_id(text)
  local n = tonumber(text)
  return n ~= nil and n >= 1 and n <= 4294967295 and n == math.floor(n)
end

-- What is wrong with the operands, or nil.
local function mistake(given)
  if given[1] ~= "explain" and given[1] ~= "replay" then
    return "policy: explain or replay expected"
  elseif given[1] == "explain" and (not given[2] or given[3]) then
    return "policy explain: name one job"
  end
  for i = 2, #given do
    if not is_id(given[i]) then
      return ("policy %s: '%s' is not the id of a job"):format(given[1], given[i])
    end
  end
end

-- The rules, and the function, of a file: nil and why when there are none.
local function read_file(path)
  if not path then
    return {}
  end
  local chunk, why = loadfile(path)
  if not chunk then
    return nil, why
  end
  local ok, value = pcall(chunk)
  if not ok then
    return nil, tostring(value)
  elseif type(value) == "function" then
    return { decide = value }
  elseif type(value) == "table" then
    return { rules = value }
  end
  return nil, path .. ": gives neither a table nor a function"
end

function policy.run(given, to)
  local why = mistake(given)
  if why then
    return nil, why
  end
  local file, code
  file, why = read_file(given.policy)
  if not file then
    return common.fail(to, why)
  elseif file.decide and given[1] == "explain" then
    return common.fail(to, given.policy .. ": explain takes rules, replay a function too")
  end
  local ok, server
  ok, server, why, code = pcall(common.connect, given, { providers = {}, policy = file.rules,
    retries = given.retries, retry_delay = given.retry_delay })
  if not ok then -- the rules make no sense
    return common.fail(to, tostring(server))
  end
  given.decide = file.decide
  return common.served(to, function(reached)
    return actions[given[1]](reached, given, to)
  end, server, why, code)
end

return policy
