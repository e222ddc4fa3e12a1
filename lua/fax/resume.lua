-- SPDX-License-Identifier: MIT
-- A subscription to a server in another process outlives the runs of that: after
-- the end of one it subscribes again, with growing pauses, and tells what it may
-- have missed. It keeps no subscription alive that nobody else does.

local core = require "fax.core"

local now = core.clock.now

local FIRST, LONGEST = 0.25, 15 -- seconds between two attempts

local resume = {}

--- What is to be known of the server for it: nil when it is of this process, and
--- ends for good.
function resume.of(server)
  local boot, elsewhere = server:boot()
  if boot and elsewhere then
    return { server = server, boot = boot }
  end
end

-- As far as is known: what came last, and whether it was another run.
local function gap(run, boot)
  return { kind = "gap", name = "FEI_FAX_MISSED", time = core.clock.wall(), after = run.last,
    boot = boot, restarted = boot ~= run.boot }
end

local attempt

-- In a coroutine of the loop, when the pause is over.
local function later(loop, ref, pause)
  local job = { _task = function()
    attempt(loop, ref, pause)
  end }
  loop._tasks = loop._tasks + 1
  loop._timers:add(now() + pause, { co = job })
end

function attempt(loop, ref, pause)
  local self = ref[1]
  if not self or self:closed() or loop._closed then
    return
  elseif self._run.server:closed() then
    return self:close()
  end
  local boot = self._run.server:boot()
  local handle = boot and loop._queue:subscribe(self._run.server, self._number)
  if not handle then
    return later(loop, ref, math.min(pause * 2, LONGEST))
  end
  self._handle = handle
  local missed = gap(self._run, boot)
  self._run.boot, self._run.last = boot, nil
  self._fn(missed)
end

--- The run has ended: begins to ask for the next one.
function resume.begin(loop, self)
  self._handle:close()
  self._handle = false
  later(loop, setmetatable({ self }, { __mode = "v" }), FIRST)
end

return resume
