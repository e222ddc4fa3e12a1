-- SPDX-License-Identifier: MIT
-- An operation of a provider in Lua: one fax to send or to receive, as the
-- callbacks get it. Its waits end at once when it is aborted.

local core = require "fax.core"
local descriptors = require "fax.descriptors"
local options = require "fax.options"
local run = require "fax.provider.run"
local tiff = require "fax.tiff"
local words = require "fax.provider.words"

local now = core.clock.now

-- While nobody waits, `_waiters` is this one: no table of its own for those that
-- never wait.
local NOBODY = {}

local Operation = { _box = core.no_operation, _aborted = false, _waiters = NOBODY, _task = run }
local meta = { __index = Operation, __name = "fax.operation" }

local function check(self, what, level)
  if getmetatable(self) ~= meta then
    error(what .. ": an operation expected", level + 1)
  end
end

--- Tells how far it has come: a status by its FS_ name or number, and fields.
function Operation:status(status, fields)
  check(self, "job:status", 2)
  local number = words.status(status, "job:status", 2)
  return self._box:status(number, words.progress(fields, "job:status", 2))
end

--- Who calls, as the network says it.
function Operation:set_caller(caller, routing)
  check(self, "job:set_caller", 2)
  if caller ~= nil then
    options.argument(caller, "string", "job:set_caller", "caller", 2)
  end
  if routing ~= nil then
    options.argument(routing, "string", "job:set_caller", "routing", 2)
  end
  return self._box:caller(caller, routing)
end

--- Whether it is to be given up; also while its loop is not polled.
function Operation:aborted()
  check(self, "job:aborted", 2)
  return self._aborted or self._box:aborted()
end

-- ---- waiting ----

local function abort_result(what)
  return nil, what .. ": the operation was aborted", "ERROR_OPERATION_ABORTED"
end

local function new_waiter(self)
  local waiter = {}
  if self._waiters == NOBODY then
    self._waiters = {}
  end
  self._waiters[waiter] = true
  return waiter
end

--- Waits `seconds`: true, or nil, why, "ERROR_OPERATION_ABORTED".
function Operation:sleep(seconds)
  check(self, "job:sleep", 2)
  if type(seconds) ~= "number" or seconds ~= seconds then
    error("job:sleep: a number of seconds expected", 2)
  elseif self._aborted then
    return abort_result("job:sleep")
  end
  local waiter = new_waiter(self)
  local ok, why, code = self._provider._loop:_wait(waiter, now() + seconds, 2)
  self._waiters[waiter] = nil
  if self:aborted() then
    return abort_result("job:sleep")
  elseif ok == nil then
    return nil, why, code
  end
  return true
end

--- Waits until a descriptor can be read or written: true, or nil, why,
--- "WAIT_TIMEOUT" or "ERROR_OPERATION_ABORTED".
function Operation:wait(fd, mode, timeout)
  check(self, "job:wait", 2)
  local number, which, deadline = descriptors.arguments(fd, mode, timeout, "job:wait", 2)
  if self._aborted then
    return abort_result("job:wait")
  end
  local waiter = new_waiter(self)
  local ok, why, code = descriptors.await(self._provider._loop, waiter, number, which, deadline, 2)
  self._waiters[waiter] = nil
  if self:aborted() then
    return abort_result("job:wait")
  elseif ok == false then
    return nil, ("job:wait: descriptor %d was not ready in time"):format(number), "WAIT_TIMEOUT"
  end
  return ok, why, code
end

local function wake_all(self)
  for waiter in pairs(self._waiters) do
    self._provider._loop:_wake(waiter)
  end
end

--- It is to be given up: whoever waits goes on at once.
function Operation:_abort()
  self._aborted = true
  wake_all(self)
end

-- ---- the end of a page ----

-- Less than a receiver waits for what comes after the page.
local COMMIT_TIME = 4

--- The answer of the service: `code` says why it is not on the disk.
function Operation:_answer(page, code)
  self._refused, self._refusal = code and page, code
  wake_all(self)
end

-- True, or nil, why, code; false: not yet.
local function committed(self, page)
  if self._box:committed(page) then
    return true
  elseif self:aborted() then
    return abort_result("job:commit")
  elseif self._refused == page then
    return nil, ("job:commit: the end of page %d cannot be noted"):format(page), self._refusal
  end
  return false
end

--- Notes on the disk that a page is being finished, and waits for that: true, or
--- nil, why, "WAIT_TIMEOUT", "ERROR_OPERATION_ABORTED" or the disk's error.
function Operation:commit(page, timeout)
  check(self, "job:commit", 2)
  options.argument(page, "whole", "job:commit", "page", 2)
  if timeout ~= nil then
    options.argument(timeout, "number", "job:commit", "timeout", 2)
  end
  local deadline = now() + (timeout or COMMIT_TIME)
  local ok, why, code = self._box:commit(page)
  if not ok or page == 0 then
    return ok, why, code
  end
  ok, why, code = committed(self, page)
  while ok == false and now() < deadline do
    local waiter = new_waiter(self)
    local went_on, problem, of = self._provider._loop:_wait(waiter, deadline, 2)
    self._waiters[waiter] = nil
    if went_on == nil then
      return nil, problem, of
    end
    ok, why, code = committed(self, page)
  end
  if ok == false then
    return nil, ("job:commit: the end of page %d is not on the disk yet"):format(page),
      "WAIT_TIMEOUT"
  end
  return ok, why, code
end

-- ---- the document ----

--- Iterates over the pages of the document, from `first` on; nil: those that
--- are still to be sent.
function Operation:pages(first)
  check(self, "job:pages", 2)
  if first ~= nil then
    options.argument(first, "whole", "job:pages", "first", 2)
  end
  local pages, why = tiff.pages(self.file)
  if not pages then
    error(why, 2)
  end
  local number = (first or self.first_page) - 1
  if number < 0 then
    number = 0
  end
  return function()
    number = number + 1
    return pages[number]
  end
end

function meta.__tostring(self)
  return ("fax.operation (%s, job %s)"):format(self.kind or "lost", tostring(self.id))
end

local operation = { methods = Operation }

--- The operation in a box of fax.core, or nil when it is over.
function operation.new(provider, box)
  local number, kind, id, device, file, ecm, first_page, called, local_id, receiver_name,
    caller_name, caller, branding, trunk, transport, max_rate = box:facts()
  if not number then
    return nil
  end
  local self = { _provider = provider, _box = box, _number = number, kind = kind, id = id,
    device = provider._by_id[device], file = file, ecm = ecm, first_page = first_page,
    number = called, local_id = local_id, receiver_name = receiver_name,
    caller_name = caller_name }
  if caller or branding or trunk or transport or max_rate then -- known of few
    self.caller, self.branding, self.trunk, self.transport, self.max_rate =
      caller, branding, trunk, transport, max_rate
  end
  return setmetatable(self, meta)
end

return operation
