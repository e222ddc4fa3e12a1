-- SPDX-License-Identifier: MIT
-- Hands what a loop has taken to callbacks, subscriptions and coroutines, each
-- in protected mode. Used by fax.loop only, from within poll.

local task = require "fax.task"

local dispatch = {}

-- ---- errors ----

local function is_interrupt(err)
  return type(err) == "string" and err:find("interrupted!$") ~= nil
end

-- An error value may have a __tostring that fails.
local function text_of(err)
  local ok, text = pcall(tostring, err)
  return ok and type(text) == "string" and text or "an error value without a text"
end

--- A handler for xpcall: the traceback, or { interrupt = err } for Ctrl-C, which
--- ends the run and is not an error of the callback it happened to hit.
function dispatch.explain(err)
  if is_interrupt(err) then
    return { interrupt = err }
  end
  return debug.traceback(text_of(err), 2)
end

local explain = dispatch.explain

--- What is done with an error. With no handler the first one is raised by poll,
--- after everything else of the batch was dispatched.
function dispatch.report(self, err)
  if self.on_error then
    self.on_error(err)
  elseif not self._failure then
    self._failure = err
  end
end

local report = dispatch.report

-- ---- dispatching: an error costs one packet, the index is in the batch ----

local function deliver_packets(self)
  local batch = self._batch
  while batch.next <= batch.last do
    local i = batch.next
    batch.next = i + 2
    local fn = self._packet
    if fn then
      fn(batch[i], batch[i + 1])
    end
  end
end

local function deliver_events(self)
  local batch = self._batch
  while batch.next <= batch.last do
    local i = batch.next
    local key, value = batch[i], batch[i + 1]
    batch.next = i + 2
    if type(value) ~= "number" then
      batch[i + 1] = false
      local receiver = self._subscriptions[key] or self._iterators[key]
        or self._providers[key] or self._loaded[key]
      if receiver then
        receiver:_deliver(value)
      end
    elseif self._packet then
      self._packet(key, value)
    end
  end
end

-- A function of the loop without arguments, made once: xpcall hands none on in
-- Lua 5.1, which the command of a rock may be run by.
local function of_loop(self, name, fn)
  local made = self[name]
  if not made then
    made = function()
      fn(self)
    end
    self[name] = made
  end
  return made
end

--- Dispatches what is left of the batch.
function dispatch.batch(self)
  local batch = self._batch
  if batch.next > batch.last then
    return
  end
  local deliver = batch.events == 0 and of_loop(self, "_deliver_packets", deliver_packets)
    or of_loop(self, "_deliver_events", deliver_events)
  while batch.next <= batch.last do
    local ok, err = xpcall(deliver, explain)
    if not ok then
      if type(err) == "table" then
        error(err.interrupt, 0)
      end
      report(self, err)
    end
  end
end

--- Runs the coroutines that can go on now.
function dispatch.ready(self)
  local ready = self._ready
  for _ = ready.first, ready.last do
    local entry = ready[ready.first]
    ready[ready.first] = nil
    ready.first = ready.first + 1
    local err, co = task.resume(self, entry)
    if is_interrupt(err) then
      error(err, 0)
    elseif err then
      report(self, debug.traceback(co, text_of(err)))
    end
    if self._closed then
      return
    end
  end
end

return dispatch
