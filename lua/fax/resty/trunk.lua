-- SPDX-License-Identifier: MIT
-- The connection of a worker to a server for calls that are soon answered. What
-- many requests ask at the same time goes out in one piece, and the answers come
-- in one, so that a call costs little beside what nginx does for the request.
-- Users have their sessions on it for as long as it lasts.

local exit = require "fax.resty.exit"
local link = require "fax.resty.link"
local semaphore = require "ngx.semaphore"
local wire = require "fax.resty.wire"

local Trunk = {}
local meta = { __index = Trunk }

local trunk = {}

local trunks = {} -- path -> trunk

-- Those that hold nobody up who asks behind them.
trunk.quick = { ping = true, ["port.list"] = true, ["job.read"] = true, ["job.result"] = true,
  ["access.ask"] = true, ["config.read"] = true, ["archive.read"] = true,
  ["policy.explain"] = true, ["dial.plan"] = true }

-- Sessions at a time; then the oldest goes.
local SESSIONS = 500
-- Seconds: without a call for so long a connection that was lost is not made again.
local REST = 60

-- ---- one call ----

-- Calls for the other parts of a long array, which are put together.
local function go_on(self, flight, page, cursor)
  if flight.result then
    wire.extend(flight.result, page)
  else
    flight.result = page
  end
  if cursor then
    self.link:call("cursor.next", cursor, nil, flight.done)
  else
    flight.arrived:post(flight.count)
  end
end

local function begin(self, key, method, tail)
  local flights = self.flights
  local flight = { method = method, tail = tail, count = 0, arrived = semaphore.new() }
  function flight.done(result, more, code)
    if flights[key] == flight then -- no later one has its place
      flights[key] = nil
    end
    if result then
      return go_on(self, flight, result, more)
    end
    flight.result, flight.why, flight.code = nil, more, code
    flight.arrived:post(flight.count)
  end
  flights[key] = flight
  self.link:put(flight)
  return flight
end

-- One that was not sent yet is the same for all who ask just that: what it will
-- find is as it is after each of them asked.
local function flight_of(self, request, session)
  local tail, why = wire.tail(request, session)
  if not tail then
    return nil, why, "ERROR_INVALID_PARAMETER"
  end
  local key = request.method .. tail
  local flight = self.flights[key]
  if not flight or flight.sent then
    flight = begin(self, key, request.method, tail)
  end
  flight.count = flight.count + 1
  return flight
end

local function copy(value)
  local new = {}
  for key, one in pairs(value) do
    new[key] = type(one) == "table" and copy(one) or one
  end
  return new
end

local function call(self, timeout, request, session)
  local flight, why, code = flight_of(self, request, session)
  if not flight then
    return nil, why, code
  elseif not flight.arrived:wait(timeout) then
    return nil, "the fax server is silent", "ERROR_TIMEOUT"
  end
  flight.count = flight.count - 1
  local result = flight.result
  if result and flight.count > 0 then -- each has a table of his own
    result = copy(result)
  end
  return result, flight.why, flight.code
end

-- ---- sessions ----

local function forget_oldest(self)
  local key = table.remove(self.order, 1)
  self.link:call("handle.close", self.sessions[key], nil, function() end)
  self.sessions[key] = nil
end

local function session_of(self, at)
  local key = ("%s %s"):format(at.rights or "", at.user or "")
  if self.sessions[key] then
    return self.sessions[key]
  end
  local run = self.run
  local opened, why, code = call(self, at.timeout, { method = "session.open",
    params = { user = at.user, rights = at.rights and { at.rights } } })
  if not opened then
    return nil, why, code
  elseif run ~= self.run then
    return nil, "the connection was lost", "RPC_S_CALL_FAILED"
  elseif self.sessions[key] then -- another who asked for it was first
    return self.sessions[key]
  end
  self.sessions[key] = opened.handle
  table.insert(self.order, key)
  if #self.order > SESSIONS then
    forget_oldest(self)
  end
  return opened.handle
end

-- ---- its life ----

function Trunk:connected()
  self.run, self.sessions, self.order, self.flights = {}, {}, {}, {}
end

function Trunk.event() end

function Trunk:lost()
  self.run = nil
  return ngx.now() - self.used < REST
end

function Trunk.ended() end

function Trunk.gone() end

-- The worker is to exit: who has asked is still answered.
local function watch_exit(self)
  exit.watch(function()
    self.leaving = true
    repeat
      ngx.sleep(0.01)
    until self.link:waiting() == 0
    self.link:stop()
  end)
end

local function of(path)
  local self = trunks[path]
  if not self then
    self = setmetatable({ used = 0 }, meta)
    self.link = link.new(path, self)
    trunks[path] = self
    watch_exit(self)
  end
  return self
end

--- Asks as client.ask, of the methods that are quick. false: there is no
--- connection yet, or no more.
function trunk.ask(at, request)
  local self, session = of(at.path), nil
  self.used = ngx.now()
  if self.leaving then
    return false
  elseif not self.run then
    self.link:start()
    return false
  elseif at.user or at.rights then
    local why, code
    session, why, code = session_of(self, at)
    if not session then
      return nil, why, code
    end
  end
  return call(self, at.timeout, request, session)
end

return trunk
