-- SPDX-License-Identifier: MIT
-- What is to be done before a worker exits: what runs in timers keeps it until it ends.

local exit = {}

-- Seconds; the timer is there to be run early.
local FAR = 1e6

--- Calls fn() once, in a light thread of its own, when the worker is to exit; soon, when
--- it is already, by which a request may begin what others must end.
function exit.watch(fn)
  local waits, why = ngx.timer.at(FAR, function(premature)
    if not premature then
      return exit.watch(fn)
    end
    -- What a timer that is run early wakes goes on only when nginx has something
    -- to do; it has after this.
    ngx.sleep(0.001)
    fn()
  end)
  if not waits and ngx.worker.exiting() then
    waits, why = ngx.timer.at(0, fn) -- no other is let in then
  end
  if not waits then
    ngx.log(ngx.ERR, "fax.resty: no timer for the end of the worker: ", why)
  end
end

return exit
