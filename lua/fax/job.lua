-- SPDX-License-Identifier: MIT
-- A job: its id and the server handle it is asked through.

local core = require "fax.core"
local form_of = require "fax.form"
local loops = require "fax.loop"
local names = require "fax.names"
local options = require "fax.options"
local watch = require "fax.watch"

local now = core.clock.now

local Job = {}
local meta = { __index = Job, __name = "fax.job" }

--- FaxGetJob: the record of a queued or active job.
function Job:info()
  return self.server:_job_info(self.id)
end

--- FaxAbort.
function Job:abort()
  return self.server:_abort(self.id)
end

--- FaxGetJobResult: what became of it, also after it left the queue.
function Job:result()
  return self.server:_result(self.id)
end

--- FaxGetPageData: the first page, { data = (TIFF/F), width =, height = }.
function Job:page_data()
  return self.server:_page_data(self.id)
end

--- FaxReadDocument: all pages, TIFF/F; with options FaxReadFile.
function Job:file(given)
  return self.server:_job_file(self.id, form_of(given, "job:file", 2))
end

-- ---- commands ----

local command_of = names.one_of("JC_")

--- FaxSetJob: a command by name ("JC_PAUSE", "pause") or number.
function Job:set(command)
  return self.server:_set_job(self.id,
    options.argument(command, command_of, "job:set", "command", 2))
end

--- Holds it in the queue; a call under way goes on to its end.
function Job:pause()
  return self.server:_set_job(self.id, core.constants.JC_PAUSE)
end

--- Lets a paused job go on; restarts one that used up its attempts.
function Job:resume()
  return self.server:_set_job(self.id, core.constants.JC_RESUME)
end

--- The same command: the state of the job tells the two apart (JOB-52).
function Job:restart()
  return self.server:_set_job(self.id, core.constants.JC_RESTART)
end

--- Takes it out of the queue, as abort does.
function Job:delete()
  return self.server:_set_job(self.id, core.constants.JC_DELETE)
end

-- ---- waiting ----

-- Why the last attempt failed, as far as is known; or why it was not made.
local function reason(result)
  if result.cause == "expired" then
    return "its deadline is over"
  elseif result.cause then
    return result.cause
  end
  local attempts = result.attempts or {}
  local last = attempts[#attempts]
  if not last then
    return "it was never dialled"
  end
  return last.evidence or last.cause or last.status or "the provider does not say why"
end

local endings = {
  completed = function()
    return true
  end,
  cancelled = function(self)
    return nil, ("job %d: it was cancelled"):format(self.id), "ERROR_CANCELLED"
  end,
  failed = function(self, result)
    return nil, ("job %d: %s"):format(self.id, reason(result)), "ERROR_FAX_FAILED"
  end,
  incomplete = function(self, result)
    return nil, ("job %d: received in part: %s"):format(self.id, reason(result)),
      "ERROR_FAX_FAILED"
  end,
  stopped = function(self)
    return nil, ("job %d: the service stopped before it was decided"):format(self.id),
      "ERROR_SHUTDOWN_IN_PROGRESS"
  end,
}

-- Of a server in another process, which may come back.
local away = { RPC_S_SERVER_UNAVAILABLE = true, RPC_S_CALL_FAILED = true }

-- true, or nil, message, code, once it is decided; false when it is not. The
-- event that ended the wait counts even if the result lags behind it.
local function ending(self, watched, event)
  local result, why, code = self:result()
  if not result and code == "ERROR_SERVICE_NOT_ACTIVE" then
    -- The service is gone; what its last event said still holds.
    result = { outcome = event and event.outcome or "stopped", attempts = { event } }
  elseif not result and away[code] and watched.subscription:_resumes() then
    return false -- until the server is back, and what was missed is told
  elseif not result then
    return nil, why, code
  end
  local outcome = result.outcome
  if outcome == "pending" and event then
    outcome = event.outcome
  end
  if outcome == "pending" then
    return false
  end
  return endings[outcome](self, result)
end

-- The waiter is there before the look: within nginx the end may be told while the
-- answer is on its way.
local function wait(self, loop, watched, deadline)
  local event
  while true do
    local waiter = {}
    watch.add(watched, self.id, waiter)
    local ok, why, code = ending(self, watched, event)
    local over = ok ~= false
    if not over and watched.subscription:closed() then
      over, ok, why, code = true, endings.stopped(self)
    elseif not over then
      ok, why, code = loop:_wait(waiter, deadline, 2)
    end
    watch.remove(watched, self.id, waiter)
    if over or ok == nil then
      return ok, why, code
    elseif not ok then
      return nil, ("job %d: not decided in time"):format(self.id), "WAIT_TIMEOUT"
    end
    event = waiter.event
  end
end

--- Waits until the job is decided, at most `timeout` seconds (nil: no limit).
--- true: every page was confirmed; else nil, why, code. Yields in a coroutine
--- of a loop, runs the loop outside one, raises in a plain callback.
function Job:wait(timeout)
  if timeout ~= nil and type(timeout) ~= "number" then
    error("job:wait: a number of seconds expected", 2)
  end
  local loop, why, code = loops.current()
  if not loop then
    return nil, why, code
  elseif loop._polling and not loop:_in_task() then
    error("job:wait: cannot wait inside a callback of the loop; "
      .. "use loop:spawn(function() ... end)", 2)
  end
  local deadline = timeout and now() + timeout
  local watched
  watched, why, code = watch.join(loop, self.server)
  if not watched then
    return nil, why, code
  end
  local ok, first, second, third
  if loop:_in_task() then -- nothing of the loop is raised here
    ok, first, second, third = true, wait(self, loop, watched, deadline)
  else
    ok, first, second, third = pcall(wait, self, loop, watched, deadline)
  end
  watch.leave(loop, self.server, watched)
  if not ok then
    error(first, 0)
  elseif first then
    return first
  end
  return nil, second, third
end

function meta.__tostring(self)
  return ("fax.job %d"):format(self.id)
end

local job = { methods = Job }

function job.new(server, id)
  return setmetatable({ server = server, id = id }, meta)
end

return job
