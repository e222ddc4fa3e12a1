-- SPDX-License-Identifier: MIT
-- What fax.subscription asks of a loop: events of a server, to a number of its
-- own (hubs.lua, hub.lua); and the end of them with the worker.

local exit = require "fax.resty.exit"
local hubs = require "fax.resty.hubs"

local Queue = {}
local Handle = {}

-- Seconds between two looks at who still waits in a worker that is to exit.
local LOOK = 0.5

-- Iterators end when a worker is to exit: whoever reads them comes again, to another
-- worker. Waits for jobs go on.
local function watch_exit(loop)
  exit.watch(function()
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
