-- SPDX-License-Identifier: MIT
-- What the service wants of a provider in Lua, as its calls come through a loop:
-- the same in the program and in a worker.

local dispatch = require "fax.dispatch"
local operation = require "fax.operation"

local calls = {}

calls.names = { "start_job", "send", "receive", "report_status", "end_job", "abort", "enable" }

--- The operation to begin, which is in a box, or nil when it is over already.
function calls.start(self, box)
  local job = operation.new(self, box)
  if job then
    self._jobs[job._number] = job
  end
  return job
end

--- One that is over is not there any more.
function calls.abort(self, call)
  local job = self._jobs[call.number]
  if not job or job._aborted then
    return
  end
  job:_abort()
  local fn = self._callbacks.abort
  if fn then
    local ok, err = xpcall(fn, dispatch.explain, job)
    if not ok and type(err) == "table" then
      error(err.interrupt, 0)
    elseif not ok then
      job._failure = err
    end
  end
end

--- What job:commit waits for.
function calls.committed(self, call)
  local job = self._jobs[call.number]
  if job then
    job:_answer(call.page, call.error)
  end
end

function calls.enable(self, call)
  local fn, of = self._callbacks.enable, self._by_id[call.device_id]
  if fn and of then
    self._loop:spawn(fn, of, call.receive, call.send)
  end
end

return calls
