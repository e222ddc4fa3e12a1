-- SPDX-License-Identifier: MIT
-- The retry policy and what is known of numbers, through a server handle.

local core = require "fax.core"
local options = require "fax.options"

local Server = core.server_methods

--- FaxExplainPolicy: what comes next of a job that sends, and why.
function Server:explain_policy(id)
  options.argument(id, "whole", "server:explain_policy", "the id of a job", 2)
  local explanation, why, code = self:_explain_policy(id)
  if not explanation then
    return nil, why, code
  end
  explanation.history = explanation.history[1]
  return explanation
end

--- FaxEnumNumbers: what calls to each number taught.
function Server:numbers()
  return self:_numbers()
end

--- FaxEnumNumbers for one number.
function Server:number(number)
  options.argument(number, "string", "server:number", "number", 2)
  local list, why, code = self:_numbers(number)
  if not list then
    return nil, why, code
  end
  return list[1]
end

local settings = {
  number = "string",
  failures = "whole",
  max_rate = "whole",
  ecm = "boolean",
  t38 = "boolean",
  pinned = "boolean",
}

-- What is known of it already, or a number of which nothing is.
local function known(self, number)
  local one, why, code = self:number(number)
  if not one and code == "ERROR_NOT_FOUND" then
    return { number = number }
  end
  return one, why, code
end

--- FaxSetNumber: sets what is named and leaves the rest as it is.
function Server:set_number(given)
  local what = "server:set_number"
  options.argument(given, "table", what, "what is to be set", 2)
  local changes = options.check(given, settings, what, 2)
  if not changes.number then
    error(what .. ": the option 'number' is missing", 2)
  end
  local one, why, code = known(self, changes.number)
  if not one then
    return nil, why, code
  end
  one.failures = changes.failures or one.failures
  one.max_rate = changes.max_rate or one.max_rate
  local refused = one.t38_refused
  if changes.ecm ~= nil then
    one.without_ecm = not changes.ecm
  end
  if changes.t38 ~= nil then
    refused = not changes.t38 and core.clock.wall() or nil
  end
  if changes.pinned ~= nil then
    one.pinned = changes.pinned
  end
  return self:_set_number(one, refused)
end

--- FaxForgetNumber.
function Server:forget_number(number)
  options.argument(number, "string", "server:forget_number", "number", 2)
  return self:_forget_number(number)
end

return { methods = Server }
