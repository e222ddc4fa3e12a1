-- SPDX-License-Identifier: MIT
-- What a provider in Lua and one that was loaded have in common: they are
-- detached, and waited for until they have ended.

local core = require "fax.core"

local life = {}

local Life = {}

--- Detaches it: nothing new comes, and what is under way ends under its code.
--- Does nothing the second time.
function Life:close()
  if not self._box:closed() then
    self._box:close()
  end
  if self._server then
    self._server:close()
    self._server = nil
  end
end

function Life:closed()
  return self._box:closed()
end

--- Waits until it is detached and its last operation is over: true, or nil, why,
--- "WAIT_TIMEOUT"; "ERROR_TIMEOUT": it did not end, and is left behind.
function Life:wait(timeout)
  if timeout ~= nil and type(timeout) ~= "number" then
    error("provider:wait: a number of seconds expected", 2)
  end
  if not self._stopped then
    local waiter = {}
    self._waiters[waiter] = true
    local ok, why, code = self._loop:_wait(waiter, timeout and core.clock.now() + timeout, 2)
    self._waiters[waiter] = nil
    if ok == false then
      return nil, ("provider:wait: '%s' was not over in time"):format(self.name), "WAIT_TIMEOUT"
    elseif not ok then
      return nil, why, code
    end
  end
  if self._left_behind then
    return nil, ("provider:wait: '%s' does not end, and stays in memory"):format(self.name),
      self._left_behind
  end
  return true
end

--- A table of these methods.
function life.methods()
  local methods = {}
  for name, fn in pairs(Life) do
    methods[name] = fn
  end
  return methods
end

function life.text(self)
  return ("fax.provider '%s'%s"):format(self.name, self:closed() and " (closed)" or "")
end

--- Nothing comes any more; `code` says why it did not end, nil: it did.
function life.stopped(self, code)
  self._stopped, self._left_behind = true, code
  self:close()
  for waiter in pairs(self._waiters) do
    self._loop:_wake(waiter)
  end
end

return life
