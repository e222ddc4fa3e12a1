-- SPDX-License-Identifier: MIT
-- A function in the place of the retry rules: it is asked through a loop what
-- becomes of a fax that failed.

local core = require "fax.core"
local dispatch = require "fax.dispatch"
local loops = require "fax.loop"
local policy = require "fax.policy"

local Server = core.server_methods

local Policy = {}
local meta = { __index = Policy, __name = "fax.policy" }

-- enum fax_decision; no decision: the rules decide
local codes = { retry = 1, give_up = 2 }
local USUAL, FAILED = 0, 0xffffffff

local function arguments(question)
  local job = {}
  for key, value in pairs(question) do
    if type(value) ~= "table" then
      job[key] = value
    end
  end
  job.id, job.job_id, job.question, job.class = question.job_id, nil, nil, nil
  return job, question.attempts, question.class, question.history[1], question.usual[1]
end

-- The function may have closed the policy: then the rules have decided.
local function answer(self, question, code, decision)
  if self._box then
    self._box:answer(question.question, code, decision)
  end
end

-- The rules decide; the error is that of a callback.
local function fail(self, question, why)
  answer(self, question, FAILED, { reason = why:gsub("%z", "?") })
  dispatch.report(self._loop, why)
end

function Policy:_deliver(question)
  if not self._box then
    return
  elseif question.question == 0 then -- the service has stopped
    self:close()
    return
  end
  local ok, value = xpcall(function()
    return self._fn(arguments(question))
  end, dispatch.explain)
  if not ok and type(value) == "table" then -- Ctrl-C
    answer(self, question, USUAL, {})
    error(value.interrupt, 0)
  elseif not ok then
    fail(self, question, value)
    return
  end
  local decision, why = policy.answer(value)
  if not decision then
    fail(self, question, why)
  else
    answer(self, question, codes[decision.decision] or USUAL, decision)
  end
end

--- The rules decide again. Does nothing the second time.
function Policy:close()
  if self._box then
    self._box:close()
    self._box = nil
    self._loop._subscriptions[self._number] = nil
  end
end

function Policy:closed()
  return self._box == nil
end

meta.__close = Policy.close

function meta.__tostring(self)
  return self._box and "fax.policy" or "fax.policy (closed)"
end

--- FaxAttachPolicy: fn(job, attempts, cause, history, usual) decides.
function Server:policy(fn)
  self:closed() -- raises for what is no server
  if type(fn) ~= "function" then
    error("server:policy: a function expected", 2)
  end
  local loop, why, code = loops.current()
  if not loop then
    return nil, why, code
  end
  loop._number = loop._number + 1
  local box
  box, why, code = core.attach_policy(self, loop._queue, loop._number)
  if not box then
    return nil, why, code
  end
  local one = setmetatable({ _box = box, _fn = fn, _loop = loop, _number = loop._number }, meta)
  loop._subscriptions[loop._number] = one
  return one
end

return { methods = Policy }
