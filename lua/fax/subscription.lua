-- SPDX-License-Identifier: MIT
-- Events of a server: to a callback, or through an iterator. A subscription
-- outlives the server handle and ends with close(), with the loop, or with the
-- service (FEI_FAXSVC_ENDED); one in another process may come back (fax.resume).

local backlog = require "fax.backlog"
local resume = require "fax.resume"

local Subscription = {}
local meta = { __index = Subscription, __name = "fax.subscription" }

local kinds = {
  job = true,
  port = true,
  received = true,
  service = true,
  config = true,
  archive = true,
  gap = true,
  any = true,
}

local subscription = { methods = Subscription }

--- The kind of events to hear of, which is checked.
function subscription.kind(kind, what, level)
  if not kinds[kind] then
    error(what .. ': kind must be "job", "port", "received", "service", "config", '
      .. '"archive", "gap" or "any"', level + 1)
  end
  return kind
end

-- A gap may hide events of any kind, so it is told whatever the kind.
function Subscription:_tell(event)
  if self._kind == "any" or self._kind == event.kind or event.kind == "gap" then
    if event.kind == "received" then
      event.tsid = event.remote_id
    end
    self._fn(event)
  end
end

function Subscription:_deliver(event)
  if event.name == "FEI_FAXSVC_ENDED" then
    self:_end_run()
  elseif self._run then
    self._run.last = event.sequence
  end
  self:_tell(event)
end

function Subscription:_end_run()
  if self._run and self._handle then
    resume.begin(self._loop, self)
  else
    self:close()
  end
end

--- Ends it; events that were not dispatched yet are dropped. Does nothing the
--- second time.
function Subscription:close()
  if self._handle ~= nil then
    if self._handle then
      self._handle:close()
    end
    self._handle, self._run = nil, nil
    self._places[self._number] = nil
    if self._ended then
      self._ended()
    end
  end
end

function Subscription:closed()
  return self._handle == nil
end

--- Whether it waits for the server to come back.
function Subscription:_resumes()
  return self._handle == false
end

meta.__close = Subscription.close

function meta.__tostring(self)
  return ("fax.subscription to %s events%s"):format(self._kind,
    self._handle == nil and " (closed)" or "")
end

-- `places` is the table of the loop that holds it: strongly, or weakly.
local function new(loop, places, server, kind, fn)
  local number = loop._number + 1
  loop._number = number -- others may subscribe before this one is answered
  local handle, why, code = loop._queue:subscribe(server, number)
  if not handle then
    return nil, why, code
  end
  local self = setmetatable({
    _loop = loop,
    _run = resume.of(server), -- nil: it ends with the service
    _places = places,
    _number = number,
    _handle = handle,
    _kind = kind,
    _fn = fn,
  }, meta)
  places[self._number] = self
  return self
end

function subscription.callback(loop, server, kind, fn)
  return new(loop, loop._subscriptions, server, kind, fn)
end

--- An iterator over the events of a kind from now on, and the subscription under
--- it as the closing value of a generic for (Lua 5.4). The loop does not keep it
--- alive: one that is dropped ends with the next collection.
function subscription.iterator(loop, server, kind, level)
  local queue = backlog.new()
  local waiter = {}
  local function wake()
    loop:_wake(waiter)
  end
  local self, why, code = new(loop, loop._iterators, server, kind, function(event)
    queue:put(event)
    wake()
  end)
  if not self then
    return nil, why, code
  end
  self._ended = wake
  return function()
    local event = queue:take()
    while not event do
      if self:closed() then
        return nil
      end
      waiter = {}
      if not loop:_wait(waiter, nil, level + 1) then
        return nil
      end
      event = queue:take()
    end
    return event
  end, nil, nil, self
end

return subscription
