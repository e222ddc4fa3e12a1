-- SPDX-License-Identifier: MIT
-- The rules of dialling through a server handle.

local core = require "fax.core"
local options = require "fax.options"

local Server = core.server_methods

--- FaxGetDialPlan: what becomes of a number by the rules of the service.
function Server:dial_plan(number)
  options.argument(number, "string", "server:dial_plan", "number", 2)
  return self:_dial_plan(number)
end

return { methods = Server }
