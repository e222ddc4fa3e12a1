-- SPDX-License-Identifier: MIT
-- Events of a server: to a callback, or through an iterator. A subscription
-- outlives the server handle and ends with close(), with the loop, or with the
-- service (FEI_FAXSVC_ENDED).

local backlog = require "fax.backlog"

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
    self:close()
  end
  self:_tell(event)
end

--- Ends it; events that were not dispatched yet are dropped. Does nothing the
--- second time.
function Subscription:close()
  if self._handle then
    self._handle:close()
    self._handle = nil
    self._places[self._number] = nil
    if self._ended then
      self._ended()
    end
  end
end

function Subscription:closed()
  return self._handle == nil
end

meta.__close = Subscription.close

function meta.__tostring(self)
  return ("fax.subscription to %s events%s"):format(self._kind,
    self._handle and "" or " (closed)")
end

-- `places` is the table of the loop that holds it: strongly, or weakly.
local function new(loop, places, server, kind, fn)
  loop._number = loop._number + 1
  local handle, why, code = loop._queue:subscribe(server, loop._number)
  if not handle then
    return nil, why, code
  end
  local self = setmetatable({
    _places = places,
    _number = loop._number,
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
