-- SPDX-License-Identifier: MIT
-- The option `policy` of a service, in the shape that fax.core wants: parts as
-- whole percents.

local names = require "fax.names"
local options = require "fax.options"

local policy = {}

-- A number from `least` to `most`, as percents.
local function percents(least, most)
  return function(value, what, key, level)
    if type(value) ~= "number" or not (value >= least and value <= most) then
      error(("%s: %s must be a number from %g to %g"):format(what, key, least, most), level + 1)
    end
    return math.floor(value * 100 + 0.5)
  end
end

local rule = {
  limit = "whole",
  delay = "whole",
  growth = percents(1, 100),
  jitter = percents(0, 1),
  cap = "whole",
}

local step = { max_rate = "whole", ecm = "boolean", transport = names.transport }

-- As in enum fax_cause; the C code has the numbers.
local causes = { "busy", "no_answer", "no_carrier", "no_fax", "line_unavailable", "protocol",
  "page_rejected", "local" }

local function ladder(given, what, key, level)
  if type(given) ~= "table" then
    error(("%s: %s must be a list of tables"):format(what, key), level + 1)
  end
  local list = {}
  for i = 1, #given do
    list[i] = options.check(given[i], step, ("%s: %s step %d"):format(what, key, i), level + 1)
  end
  return list
end

local known = { ladder = ladder, patience = "whole" }
for _, cause in ipairs(causes) do
  known[cause] = function(value, what, key, level)
    return (options.check(value, rule, what .. "." .. key, level + 1))
  end
end

policy.known, policy.rule, policy.step, policy.causes = known, rule, step, causes

--- A kind for options.check.
function policy.option(given, what, key, level)
  return (options.check(given, known, what .. ": " .. key, level + 1))
end

-- ---- decisions of a function ----

local answer = {
  delay = "whole",
  max_rate = "whole",
  ecm = "boolean",
  transport = names.transport,
  reason = "string",
}

local function from_table(value)
  local ok, checked = pcall(options.check, value, answer, "the decision", 0)
  if not ok then
    return nil, checked
  elseif not checked.delay then
    return nil, "the decision: the delay is missing"
  end
  checked.decision = "retry"
  return checked
end

--- What a function of server:policy gave, checked: nil is the built-in
--- decision ({}), false gives up, a number is a delay, a table more than that.
--- Nil and why: it is none of these.
function policy.answer(value)
  if value == nil then
    return {}
  elseif value == false then
    return { decision = "give_up" }
  elseif type(value) == "number" then
    return from_table { delay = value }
  elseif type(value) == "table" then
    return from_table(value)
  end
  return nil, ("the decision: nil, false, seconds or a table expected, not a %s")
    :format(type(value))
end

return policy
