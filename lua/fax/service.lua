-- SPDX-License-Identifier: MIT
-- The service of this process: fax.service.

local config = require "fax.config"
local core = require "fax.core"
local options = require "fax.options"
local provider = require "fax.provider"

local service = {}

--- FaxServiceStart: a service that runs until it is stopped. Options as for
--- fax.connect, without rights and user.
function service.start(given)
  local checked = options.check(given, config.known, "fax.service.start", 2)
  local made = config.of(checked, "fax.service.start", 2)
  made.embedded = false
  return core.start(made)
end

local known = { drain = "number", timeout = "number" }

--- FaxServiceStop: starts nothing new, lets what is under way end for `drain`
--- seconds (0), aborts it then, and waits `timeout` seconds (30) more for it.
function service.stop(self, given)
  if self ~= service then
    given = self
  end
  local checked = options.check(given, known, "fax.service.stop", 2)
  local drain, timeout = checked.drain or 0, checked.timeout or 30
  local drained = core.clock.now() + drain
  local with_workers = provider.settle(drain, timeout)
  local ok, why, code = core.stop(math.max(drained - core.clock.now(), 0), timeout)
  local left = provider.left(with_workers)
  if ok and left then
    return nil, "stopped, but threads did not end: of " .. left, "ERROR_TIMEOUT"
  end
  return ok, why, code
end

function service.running()
  return core.running()
end

return service
