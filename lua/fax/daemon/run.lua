-- SPDX-License-Identifier: MIT
-- faxd at work: starts the service, tells the manager that it is ready, obeys
-- signals, and ends when the service has.

local core = require "fax.core"
local fax = require "fax"
local file = require "fax.daemon.file"
local ports = require "fax.daemon.ports"
local schema = require "fax.daemon.schema"

local Daemon = {}
local meta = { __index = Daemon }

-- Seconds for a provider to end what was aborted, at the end.
local ABORT_SECONDS = 30
-- And after a second signal.
local AT_ONCE_SECONDS = 5

-- ---- telling ----

--- To the service's log, else to standard error.
function Daemon:say(level, text)
  if not fax.service.note(level, "faxd", text) then
    self.err:write("faxd: ", text, "\n")
  end
end

-- There may be no manager, and what it does not hear costs nothing.
local function notify(...)
  return core.manager.notify(table.concat({ ... }, "\n"))
end

-- ---- settings of ports ----

-- Without a handle of its own afterwards: that would be a client.
function Daemon:_with_server(use)
  local server, why = fax.connect { start = false }
  if not server then
    return self:say("error", why)
  end
  use(server)
  server:close()
end

function Daemon:_set_ports(device_id)
  local wanted = self.settings.ports
  if wanted and next(wanted) and not self.stopping then
    self:_with_server(function(server)
      ports.apply(server, wanted, function(...)
        self:say(...)
      end, device_id)
    end)
  end
end

-- ---- the events that it hears ----

function Daemon:_hear(event)
  if event.name == "FEI_FAXSVC_ENDED" then
    self.ended = true
    self.loop:stop()
  elseif event.name == "FEI_MODEM_POWERED_ON" and event.device_id then
    self:_set_ports(event.device_id)
  end
end

function Daemon:_subscribe()
  self:_with_server(function(server)
    assert(server:on("any", function(event)
      self:_hear(event)
    end))
  end)
end

-- ---- signals ----

function Daemon:_stop()
  local drain, limit = self.settings.drain, ABORT_SECONDS
  if self.stopping then
    drain, limit = 0, AT_ONCE_SECONDS
    self:say("warn", "a second signal: what is under way is aborted")
  else
    self.stopping = true
    self:say("info", ("stopping; what is under way has %g s to end"):format(drain))
    notify("STOPPING=1", "STATUS=Finishing what is under way",
      ("EXTEND_TIMEOUT_USEC=%d"):format((drain + limit + 30) * 1e6))
  end
  fax.service.ask_stop { drain = drain, timeout = limit }
end

function Daemon:_reload()
  notify("RELOADING=1", "STATUS=Reading " .. self.path)
  local settings, found = file.read(self.path)
  if settings then
    self:_change(schema.complete(settings))
  else
    for _, text in ipairs(found) do
      self:say("error", text)
    end
    self:say("error", "the configuration is not changed")
  end
  notify("READY=1", "STATUS=" .. (settings and "Ready" or "Ready; the file has errors"))
end

function Daemon:_change(settings)
  local left, why = fax.service.reload(schema.service_options(settings))
  if not left then
    return self:say("error", "the configuration is not changed: " .. why)
  end
  self.settings = settings
  self:_set_ports()
  self:say("info", "the configuration was read again")
  if #left > 0 then
    self:say("warn", "needs a restart: " .. table.concat(left, ", "))
  end
end

local actions = {
  TERM = Daemon._stop,
  INT = Daemon._stop,
  HUP = function(self)
    if not self.stopping then
      self:_reload()
    end
  end,
  USR1 = function(self)
    fax.service.reopen_log()
    self:say("info", "the log was opened again")
  end,
}

function Daemon:_obey()
  while not self.ended do
    self.loop:wait(self.signals, "r")
    local name = self.signals:take()
    while name do
      local ok, why = xpcall(actions[name], debug.traceback, self)
      if not ok then -- the next signal is obeyed all the same
        self:say("error", tostring(why))
      end
      name = self.signals:take()
    end
  end
end

function Daemon:_give_signs()
  local seconds = core.manager.watchdog()
  while seconds and not self.ended do
    notify("WATCHDOG=1")
    self.loop:sleep(seconds / 2)
  end
end

-- ---- its life ----

function Daemon:_start()
  local listening, why = core.manager.listening()
  if not listening then
    return nil, why
  end
  local given = schema.service_options(self.settings)
  given.listen_fd = listening[1]
  return fax.service.start(given)
end

function Daemon:_run()
  self.loop = assert(fax.loop())
  self:_subscribe()
  self:_set_ports()
  self.loop:spawn(self._obey, self)
  self.loop:spawn(self._give_signs, self)
  notify("READY=1", "STATUS=Ready")
  while not self.ended and fax.service.running() or self.stopping and not self.ended do
    assert(self.loop:run())
  end
end

local run = {}

--- Runs the service of the settings until it has ended; gives the exit status.
function run.main(settings, path, to)
  local self = setmetatable({ settings = schema.complete(settings), path = path, err = to.err },
    meta)
  self.signals = assert(core.signals { "TERM", "INT", "HUP", "USR1" })
  local ok, why = self:_start()
  if not ok then
    notify("STATUS=" .. why)
    to.err:write("faxd: ", why, "\n")
    return 1
  end
  self:_run()
  ok, why = fax.service.stop { drain = 0, timeout = AT_ONCE_SECONDS }
  if not ok then
    to.err:write("faxd: ", why, "\n")
  end
  return ok and 0 or 1
end

return run
