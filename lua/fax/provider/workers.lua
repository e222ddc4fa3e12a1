-- SPDX-License-Identifier: MIT
-- A provider whose callbacks run in workers, as the program sees it. What a
-- worker does is in provider/worker.lua, in another Lua state.

local core = require "fax.core"
local dispatch = require "fax.dispatch"
local plain = require "fax.provider.plain"

local workers = {}

local MOST = 1000

-- ---- options ----

local function count(value, what, key, level)
  if type(value) ~= "number" or value < 1 or value > MOST or value ~= math.floor(value) then
    error(("%s: %s must be a whole number from 1 to %d"):format(what, key, MOST), level + 1)
  end
  return value
end

local function arguments(value, what, key, level)
  if type(value) ~= "table" then
    error(("%s: %s must be a table, not a %s"):format(what, key, type(value)), level + 1)
  end
  return (plain.write(value, ("%s: %s"):format(what, key), level + 1))
end

workers.options = { worker = "string", workers = count, args = arguments }

--- The callbacks of a provider with workers are in their file.
function workers.check(checked, callbacks, what, level)
  for name in pairs(workers.options) do
    if checked[name] and not checked.worker then
      error(("%s: the option '%s' needs the option 'worker'"):format(what, name), level + 1)
    end
  end
  for _, name in ipairs(callbacks) do
    if checked[name] and checked.worker then
      error(("%s: the option '%s' belongs into the file of 'worker'"):format(what, name),
        level + 1)
    end
  end
end

-- ---- their life ----

local function order_of(checked)
  return {
    count = checked.workers or math.min(#checked.devices, MOST),
    stall = checked.stall,
    path = package.path,
    cpath = package.cpath,
    config = plain.write({ name = checked.name, devices = checked.devices,
      worker = checked.worker, args = checked.args }, "fax.provider", 1),
  }
end

--- Starts them; true when all have loaded their file, else nil, why, code. What
--- is started is in self._workers then. Waits as everything does: other
--- coroutines of the loop go on.
function workers.start(self, checked, level)
  local box, why, code = core.workers(self._loop._queue, self._number, order_of(checked))
  if not box then
    return nil, why, code
  end
  self._workers, self._loading = box, {}
  local ok
  ok, why, code = self._loop:_wait(self._loading, nil, level)
  if ok and self._refused then
    code, why = self._refused:match("^(%S+) (.*)$")
    return nil, why, code
  end
  return ok, why, code
end

local heard = {}

-- The names of the callbacks are all that the program has of them.
function heard.loaded(self, text)
  for name in text:gmatch("%S+") do
    self._callbacks[name] = true
  end
  self._loop:_wake(self._loading)
end

function heard.failed(self, text)
  self._refused = text
  self._loop:_wake(self._loading)
end

function heard.error(self, text)
  dispatch.report(self._loop, text)
end

--- By kind of call: what workers tell.
workers.heard = heard

--- After the service has stopped: waits for their end, and gives what did not
--- end, or nil.
function workers.left(self)
  local ended, left = self._workers:ended(2)
  return left or (not ended and "its workers" or nil)
end

return workers
