-- SPDX-License-Identifier: MIT
-- The callbacks of a provider for the specs: what an operation does is in the
-- name of the recipient. Runs in a loop and in workers; what blocks belongs
-- into a worker.

local args = ...
local count = 0 -- operations that this Lua state has had

-- The other end of a pipe says when it may go on; it blocks until then.
local function block(name)
  local file = assert(io.open(("%s/%s"):format(args.folder, name)))
  local text = file:read("*l")
  file:close()
  return text
end

local acts = {}

function acts.done()
  return "FS_COMPLETED", { remote_id = ("operation %d"):format(count) }
end

function acts.block(job, name)
  job:status("FS_DIALING", { phase = "dialing" })
  return "FS_COMPLETED", { remote_id = block(name) }
end

function acts.sleep(job, seconds)
  job:status("FS_DIALING", { phase = "dialing" })
  local ok, _, code = job:sleep(tonumber(seconds))
  if not ok then
    assert(job:aborted())
    return "FS_USER_ABORT", { cause = code }
  end
  return acts.done()
end

-- Looks at nothing but job:aborted().
function acts.commit(job)
  for page in job:pages() do
    assert(job:commit(page.number))
    job:status("FS_TRANSMITTING", { page = page.number, pages_confirmed = page.number })
  end
  return acts.done()
end

function acts.compute(job)
  job:status("FS_DIALING", { phase = "dialing" })
  while not job:aborted() do
    count = count + 0
  end
  return "FS_USER_ABORT", { cause = "seen" }
end

function acts.fail()
  error("on purpose")
end

function acts.silent()
end

-- Waits where no coroutine could.
function acts.deep(job)
  local slept = {}
  table.sort({ 2, 1 }, function(a, b)
    slept[1] = job:sleep(10)
    return a < b
  end)
  slept[2] = coroutine.wrap(function()
    return job:sleep(10)
  end)()
  return "FS_COMPLETED", { remote_id = ("%s %s"):format(tostring(slept[1]), tostring(slept[2])) }
end

function acts.execute()
  local a, b, c = os.execute("exit 3")
  local d, e, f = io.popen("exit 4"):close()
  local show = "sed -n 's/^SigBlk:.//p' /proc/self/status"
  os.execute(("%s > %s/mask"):format(show, args.folder))
  local pipe = io.popen(("cat - >> %s/mask"):format(args.folder), "w")
  local own = io.popen(show)
  pipe:write(own:read("*a"))
  own:close()
  pipe:close()
  return "FS_COMPLETED", { remote_id = table.concat({ tostring(a), tostring(b),
    tostring(c), tostring(d), tostring(e), tostring(f) }, " ") }
end

function acts.close()
  require("fax").loop():close()
  return "FS_COMPLETED"
end

return {
  send = function(job)
    count = count + 1
    local act, with = job.receiver_name:match("^(%a+) ?(.*)$")
    return acts[act](job, with)
  end,
  receive = function(job)
    assert(job:set_caller("0999"))
    local file = assert(io.open(args.document, "rb"))
    local text = file:read("*a")
    file:close()
    file = assert(io.open(job.file, "wb"))
    file:write(text)
    file:close()
    return "FS_COMPLETED", { remote_id = job.device.name }
  end,
  report_status = function(job)
    return "FS_BUSY", { cause = "asked " .. job.receiver_name }
  end,
  end_job = function(job, status)
    if job.receiver_name == "silent" then
      error("end_job of " .. status)
    end
  end,
  abort = function(job)
    assert(job:aborted())
    job:status("FS_DISCONNECTED", { phase = "release" })
  end,
}
