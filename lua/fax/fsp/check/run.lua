-- SPDX-License-Identifier: MIT
-- Runs one case of the check in this process.

local stages = require "fax.fsp.check.stage"
local verdict = require "fax.fsp.check.verdict"
local watch = require "fax.fsp.check.watch"

local function explain(err)
  return verdict.is(err) or type(err) == "string" and err:find("interrupted!$") and err
    or debug.traceback(verdict.text(err), 2)
end

-- A verdict as result and why.
local function result_of(ok, err)
  if ok then
    return "ok"
  elseif verdict.is(err) then
    return err.result, err.why
  elseif err:find("interrupted!$") then
    error(err, 0)
  end
  return "fail", "the loop was ended by an error: " .. err
end

--- Gives its result and why; the rules that hold throughout are in `watch` then.
return function(case, order)
  watch.install(order.limit)
  local stage = stages.new(order, case.watched)
  local ok, err = xpcall(case.run, explain, stage)
  local settled, trouble = xpcall(stage.settle, explain, stage)
  stage:stop()
  watch.remove()
  local result, why = result_of(ok, err)
  if result ~= "fail" and not settled then
    result, why = result_of(settled, trouble)
  end
  return result, why
end
