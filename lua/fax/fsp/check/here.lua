-- SPDX-License-Identifier: MIT
-- The cases of the check in this process, for a provider that is no file.

local cases = require "fax.fsp.check.cases"
local run = require "fax.fsp.check.run"
local watch = require "fax.fsp.check.watch"

local function rules_now()
  local rules = {}
  for rule in pairs(watch.seen) do
    rules[rule] = { broken = watch.broken[rule] ~= nil, why = watch.broken[rule] }
  end
  return rules
end

--- A function that runs a case, as process.runner gives one.
return function(order)
  return function(index)
    local jit = rawget(_G, "jit")
    if jit then
      jit.off() -- what is compiled looks at no hook
    end
    local result, why = run(cases[index], order)
    if jit then
      jit.on()
    end
    return { result = result, why = why, rules = rules_now() }
  end
end
