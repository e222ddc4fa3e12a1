-- SPDX-License-Identifier: MIT
-- The service of this process: fax.service.

local config = require "fax.config"
local core = require "fax.core"
local names = require "fax.names"
local options = require "fax.options"
local provider = require "fax.provider"

local service = {}

--- FaxServiceStart: a service that runs until it is stopped. Options as for
--- fax.connect, without rights and user, and with
--- socket, listen_fd and access.
function service.start(given)
  local checked = options.check(given, config.service, "fax.service.start", 2)
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

--- FaxServiceAskStop: the same without the wait, for a program with a loop: a
--- subscription hears FEI_FAXSVC_ENDED. Providers of this Lua state go on until then.
function service.ask_stop(given)
  local checked = options.check(given, known, "fax.service.ask_stop", 2)
  core.ask_stop(checked.drain or 0, checked.timeout or 30)
end

--- FaxServiceReload: other options for the service that runs. Gives a list of the
--- names of those that differ and need a restart.
function service.reload(given)
  local checked = options.check(given, config.service, "fax.service.reload", 2)
  local made = config.of(checked, "fax.service.reload", 2)
  made.embedded = false
  local text, why, code = core.reload(made)
  if not text then
    return nil, why, code
  end
  local left = {}
  for name in text:gmatch("[^\n]+") do
    left[#left + 1] = name
  end
  return left
end

--- FaxServiceNote: a line in the service's log.
function service.note(level, room, text)
  local what = "fax.service.note"
  return core.note(options.argument(level, names.log_level, what, "level", 2),
    options.argument(room, "string", what, "room", 2),
    options.argument(text, "string", what, "text", 2))
end

--- FaxServiceReopenLog.
function service.reopen_log()
  core.reopen_log()
end

--- FaxServiceCheck: whether a service with these options could start.
function service.check(given)
  local checked = options.check(given, config.service, "fax.service.check", 2)
  return core.check(config.of(checked, "fax.service.check", 2))
end

function service.running()
  return core.running()
end

return service
