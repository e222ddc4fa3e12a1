-- SPDX-License-Identifier: MIT
-- Who waits for the end of which job: one subscription for all waiters of a
-- server in a loop, there as long as one of them is.

local subscription = require "fax.subscription"

local watch = {}

local function wake_all(loop, waiters, event)
  for waiter in pairs(waiters) do
    waiter.event = event or waiter.event
    loop:_wake(waiter)
  end
end

-- What was missed may have been the end of any job: all look at theirs anew.
local function deliver(loop, self, event)
  if event.name == "FEI_FAXSVC_ENDED" or event.kind == "gap" then
    for _, waiters in pairs(self.jobs) do
      wake_all(loop, waiters)
    end
  elseif event.kind ~= "port" and event.job_id and event.outcome
    and event.outcome ~= "pending" and self.jobs[event.job_id] then
    wake_all(loop, self.jobs[event.job_id], event)
  end
end

--- Joins the watch of the server; to be left with leave().
function watch.join(loop, server)
  local self = loop._watches[server]
  if not self or self.subscription:closed() then
    self = { jobs = {}, users = 0 }
    local why, code
    self.subscription, why, code = subscription.callback(loop, server, "any",
      function(event)
        deliver(loop, self, event)
      end)
    if not self.subscription then
      return nil, why, code
    end
    loop._watches[server] = self
  end
  self.users = self.users + 1
  return self
end

-- Weakly: one whose coroutine was dropped is forgotten with it.
function watch.add(self, id, waiter)
  self.jobs[id] = self.jobs[id] or setmetatable({}, { __mode = "k" })
  self.jobs[id][waiter] = true
end

function watch.remove(self, id, waiter)
  local waiters = self.jobs[id]
  if waiters then
    waiters[waiter] = nil
    if next(waiters) == nil then
      self.jobs[id] = nil
    end
  end
end

function watch.leave(loop, server, self)
  self.users = self.users - 1
  if self.users == 0 then
    self.subscription:close()
    if loop._watches[server] == self then
      loop._watches[server] = nil
    end
  end
end

return watch
