-- SPDX-License-Identifier: MIT
-- What fax.subscription asks of a loop: events of a server, to a number of its
-- own (hubs.lua, hub.lua); and the end of them with the worker.

local hubs = require "fax.resty.hubs"

local Queue = {}
local Handle = {}

-- Seconds; the timer is there to be run early.
local FAR = 1e6
-- Between two looks at who still waits in a worker that is to exit.
local LOOK = 0.5

-- nginx runs timers that wait when a worker is to exit. Iterators end then: whoever
-- reads them comes again, to another worker. Waits for jobs go on.
local function watch_exit(loop)
  ngx.timer.at(FAR, function(premature)
    if not premature then
      return watch_exit(loop)
    end
    -- What a timer that is run early wakes goes on only when nginx has something
    -- to do; it has after this.
    ngx.sleep(0.001)
    for _, one in pairs(loop._iterators) do
      one:close()
    end
    while loop:_awaited() do
      ngx.sleep(LOOK)
    end
    hubs.exit()
  end)
end

function Handle:close()
  self.hub:leave(self.view, self.number)
end

--- Events of what the server may see go to the subscription of that number from
--- now on.
function Queue:subscribe(server, number)
  if server:closed() then
    return nil, "the handle is not valid", "ERROR_INVALID_HANDLE"
  elseif not self.watching then
    self.watching = true
    watch_exit(self.loop)
  end
  local of = hubs.of(self.loop, server._at)
  local view, why, code = of:join(server._at, number)
  if not view then
    return nil, why, code
  end
  return setmetatable({ hub = of, view = view, number = number }, { __index = Handle })
end

local queue = {}

function queue.new(loop)
  return setmetatable({ loop = loop }, { __index = Queue })
end

return queue
