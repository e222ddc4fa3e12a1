-- SPDX-License-Identifier: MIT
-- A provider in Lua that is right, but for the fault that its options name:
-- spec/fsp_lua_check_spec.lua has them with the line of the check that must fail.
local fax = require "fax"

local NO_FAX = "FS_NOT_FAX_CALL"

return function(options)
  local fault = options and options.fault

  local function is(name)
    return fault == name
  end

  local kept, files, line = {}, {}, nil
  if is "raises_when_loaded" then
    error("there is no line")
  elseif is "attaches_nothing" then
    return nil, "there is no line"
  elseif is "exits_when_loaded" then
    os.exit(3)
  end
  if is "leaves_file" then
    local lost = assert(io.open("/dev/null"))
    package.loaded[lost] = lost
  end

  local function dial(job)
    if is "no_status_name" then
      job:status("FS_DAILING")
    elseif is "unknown_number" then
      job:status(0x1234)
    elseif is "wrong_type" then
      job:status("FS_DIALING", { rate = "fast" })
    elseif is "wrong_field" then
      job:status("FS_DIALING", { rat = 1 })
    elseif is "endless_loop" then
      while true do end -- luacheck: ignore 542
    elseif is "holds_loop" then
      os.execute("sleep 3")
    elseif is "never_returns" then
      os.execute("sleep 60")
    elseif is "exits" then
      os.exit(0)
    elseif is "raises" then
      error("the line fell down")
    end
    return job:status("FS_DIALING")
  end

  -- A wait of its own, which an abort does not end.
  local function pause(job, seconds)
    if is "deaf" then
      return fax.loop():sleep(1000)
    elseif is "never_ends" then
      return fax.loop():sleep(1e6)
    elseif is "sleeps_on" then
      job:sleep(seconds)
      fax.loop():sleep(100)
      return not job:aborted()
    end
    return job:sleep(seconds)
  end

  local function send(job)
    if is "one_at_a_time" and line then
      return "FS_FATAL_ERROR", { cause = "busy" }
    elseif (is "keeps_line" or is "keeps_busy_line") and line then
      return "FS_BUSY", { cause = "busy" }
    elseif is "never_sends" then
      return "FS_NO_ANSWER", { cause = "silence" }
    elseif is "keeps_files" then
      files[#files + 1] = assert(io.open(job.file, "rb"))
    elseif is "keeps_jobs" then
      kept[#kept + 1] = job
    elseif is "keeps_memory" then
      kept[#kept + 1] = ("x"):rep(10000) .. #kept
    end
    line = job
    if job.number == "999" and not is "reaches_all" then
      return "FS_BAD_ADDRESS", not is "no_cause" and { cause = "no_number" } or nil
    end
    dial(job)
    local sent, count, first = 0, 0, is "starts_over" and 1 or nil
    if is "needs_no_document" then
      count, sent = 1, 1
      pause(job, 0.1)
    else
      for _ in job:pages(1) do
        count = count + 1
      end
      for page in job:pages(first) do
        if not pause(job, 0.1) then
          return is "aborts_as_busy" and "FS_BUSY" or "FS_USER_ABORT", { pages_confirmed = sent }
        end
        job:status("FS_TRANSMITTING", { page = page.number + (is "counts_on" and 3 or 0) })
        sent = sent + 1
      end
    end
    if not is "keeps_line" and not is "keeps_busy_line" then
      line = nil
    end
    if is "no_status" or is "reports_nonsense" then
      return nil
    elseif is "no_such_status" then
      return "FS_DONE"
    elseif is "confirms_more" then
      sent = sent + 1
    elseif is "confirms_less" then
      sent = sent - 1
    end
    return "FS_COMPLETED", not is "needs_no_document" and { pages_confirmed = sent } or nil
  end

  local function receive(job)
    if is "raises_in_receive" then
      error("nobody speaks")
    elseif is "receives_nothing" then
      return "FS_COMPLETED"
    elseif is "deaf_in_receive" then
      fax.loop():sleep(1000)
    end
    job:status("FS_ANSWERED")
    job:sleep(1)
    return NO_FAX, { cause = "voice" }
  end

  local function end_job(job, status)
    if is "raises_in_end" then
      error("nothing to hang up")
    elseif is "tells_late" then
      fax.loop():spawn(function()
        fax.loop():sleep(1)
        job:status("FS_DISCONNECTED")
      end)
    elseif is "hangs_in_end" then
      fax.loop():sleep(1e6)
    end
    if not is "keeps_line" and not (is "keeps_busy_line" and status == "FS_BUSY") then
      line = nil
    end
  end

  local names = { "line 1", is "same_names" and "line 1" or "line 2" }
  local provider = assert(fax.provider {
    name = "faulty",
    devices = { { name = names[1] }, { name = names[2] } },
    start_job = is "refuses" and function()
      return "FS_CALL_BLACKLISTED"
    end or is "completes_at_start" and function()
      return "FS_COMPLETED"
    end or nil,
    send = send,
    receive = receive,
    end_job = end_job,
    report_status = is "reports_nonsense" and function()
      return { "what" }
    end or nil,
    abort = function()
      if is "raises_in_abort" then
        error("nothing to abort")
      elseif is "loops_in_abort" then
        while true do end -- luacheck: ignore 542
      end
    end,
    enable = is "raises_in_enable" and function()
      error("no such line")
    end or nil,
  })
  if is "keeps_open" then
    provider.close = function() end
  end
  return provider
end
