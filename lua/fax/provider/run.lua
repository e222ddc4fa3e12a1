-- SPDX-License-Identifier: MIT
-- The life of one operation of a provider in Lua, in a coroutine of its own:
-- start_job, send or receive, report_status, end_job, and the end. Whatever a
-- callback does, the operation ends, and ends once.

local dispatch = require "fax.dispatch"
local words = require "fax.provider.words"

local explain = dispatch.explain

local COMPLETED, FATAL, ABORTED, UNAVAILABLE =
  "FS_COMPLETED", "FS_FATAL_ERROR", "FS_USER_ABORT", "FS_LINE_UNAVAILABLE"

-- What of a traceback is kept: its head says what happened, and where.
local LONGEST = 4000

local function failure(text)
  -- A text in C ends with the first NUL.
  text = text:gsub("%z", "?")
  if #text > LONGEST then
    text = text:sub(1, LONGEST) .. " ..."
  end
  return words.status(FATAL, "", 1), { cause = "lua_error", evidence = text }
end

-- Ctrl-C is nobody's error: the operation ends, and the loop raises it.
local function failed(job, err)
  if type(err) == "table" then
    job._box:finish(failure(err.interrupt))
    error(err.interrupt, 0)
  end
  return failure(err)
end

-- A final status as a number with its fields, from what a callback gave.
local function verdict(what, status, fields)
  local number = words.known(status)
  if not number then
    local _, why = pcall(words.status, status, what, 1)
    return failure(why)
  elseif fields == nil then
    return number
  end
  local fine, last = pcall(words.progress, fields, what, 1)
  if not fine then
    return failure(last)
  end
  return number, last
end

-- A callback that gave no status: an abort explains that.
local function silent(self, job)
  if job:aborted() then
    return words.status(ABORTED, "", 1)
  end
  return failure(("%s of the provider '%s' gave no status, and there is no report_status")
    :format(job.kind, self.name))
end

local function report(self, job)
  local fn = self._callbacks.report_status
  if not fn then
    return silent(self, job)
  end
  local ok, status, fields = xpcall(fn, explain, job)
  if not ok then
    return failed(job, status)
  elseif status == nil then
    return silent(self, job)
  end
  return verdict("report_status", status, fields)
end

-- The call itself.
local function transfer(self, job)
  local fn = self._callbacks[job.kind]
  if not fn then -- another line may be able to
    return words.status(UNAVAILABLE, "", 1), { cause = "not_supported",
      evidence = ("the provider '%s' has no %s"):format(self.name, job.kind) }
  end
  local ok, status, fields = xpcall(fn, explain, job)
  if not ok then
    return failed(job, status)
  elseif status == nil then
    return report(self, job)
  end
  return verdict(job.kind, status, fields)
end

-- Without a result: go on. start_job refuses with a status (FSP-30).
local function begin(self, job)
  if job._aborted then
    return words.status(ABORTED, "", 1)
  end
  local fn = self._callbacks.start_job
  if not fn then
    return nil
  end
  local ok, status, fields = xpcall(fn, explain, job)
  if not ok then
    return failed(job, status)
  elseif status == nil then
    return nil
  elseif status == COMPLETED or status == words.status(COMPLETED, "", 1) then
    return failure("start_job gave FS_COMPLETED: it can only refuse")
  end
  return verdict("start_job", status, fields)
end

-- A fax that was delivered stays delivered: what end_job did wrong is told of,
-- and changes the result of nothing.
local function finish_up(self, job, number)
  local fn = self._callbacks.end_job
  local ok, err = true, nil
  if fn then
    ok, err = xpcall(fn, explain, job, words.name(number))
  end
  if ok then
    return nil
  elseif type(err) == "table" then
    return err.interrupt
  end
  dispatch.report(self._loop, err)
end

-- So many boxes are kept for operations to come.
local SPARE = 1000

-- The end. The box is another one's from now on: this operation has an empty one.
local function finish(job, number, last)
  local box, boxes = job._box, job._provider._loop._batch.boxes
  job._box = nil
  box:finish(number, last)
  local count = #boxes
  if count < SPARE then
    boxes[count + 1] = box
  end
end

--- Runs an operation from its beginning to its end.
return function(job)
  local self = job._provider
  local number, last = begin(self, job)
  local interrupt
  if not number then
    number, last = transfer(self, job)
    -- An abort callback that failed says why nothing else did.
    if job._failure and number ~= words.status(COMPLETED, "", 1) then
      number, last = failure(job._failure)
    end
    interrupt = finish_up(self, job, number)
  end
  self._jobs[job._number] = nil
  finish(job, number, last)
  if interrupt then
    error(interrupt, 0)
  end
end
