-- SPDX-License-Identifier: MIT
-- Sends one fax and stays with it to its end: for `faxctl send` and `demo`.

local common = require "fax.cli.common"
local fax = require "fax"
local progress = require "fax.cli.progress"

-- How long an aborted call is given to end.
local ABORT_SECONDS = 40

-- Lets the time left run down between events. Gives a function that ends it.
local function tick(shown)
  local loop, live = fax.loop(), true
  loop:spawn(function()
    while live do
      loop:sleep(1)
      if live then
        shown:tick()
      end
    end
  end)
  return function()
    live = false
  end
end

local decided = { ERROR_CANCELLED = true, ERROR_FAX_FAILED = true }

-- As job:wait, after the abort.
local function abort(job)
  local aborted, why = job:abort()
  local ended, _, code = job:wait(aborted and ABORT_SECONDS or 0)
  if ended then -- it was through before the abort came
    return true
  elseif not aborted and not decided[code] then -- the server is away
    return nil, ("job %d was not aborted: %s"):format(job.id, why), "INTERRUPTED"
  end
  return nil, code == "WAIT_TIMEOUT" and "the call did not end in time"
    or ("job %d: the call was aborted"):format(job.id), "INTERRUPTED"
end

--- Sends and waits, showing the progress. Gives the job, and true or nil, why,
--- code as job:wait does, "INTERRUPTED" being the code after Ctrl-C. Without a
--- job: nil, nil, why, code.
return function(to, server, path, options, quiet)
  local shown = progress.new {
    out = to.err,
    terminal = to.terminal,
    quiet = quiet,
    now = fax.clock.now,
  }
  local job
  local subscription, why, code = server:on("any", function(event)
    local is_of_server = event.kind == "gap" or event.name == "FEI_FAXSVC_ENDED"
    if job and (is_of_server or event.kind ~= "port" and event.job_id == job.id) then
      shown:event(event)
    end
  end)
  if not subscription then
    return nil, nil, why, code
  end
  job, why, code = server:send(path, options)
  if not job then
    subscription:close()
    return nil, nil, why, code
  end
  local info = job:info()
  if info then
    shown:document(info.size, info.page_count)
  end
  local over = tick(shown)
  local ran, ok
  ran, ok, why, code = pcall(job.wait, job)
  if not ran and common.is_interrupt(ok) then
    shown:finish()
    to.err:write("faxctl: interrupted, aborting the call\n")
    ok, why, code = abort(job)
  elseif not ran then
    subscription:close()
    error(ok, 0)
  end
  over()
  shown:finish()
  subscription:close()
  return job, ok, why, code
end
