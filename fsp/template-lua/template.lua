-- SPDX-License-Identifier: MIT
-- A fax service provider in Lua to begin with: copy it, give it a name, and put
-- your line where it says so. docs/fsp-lua.md goes through it.
--   local provider = assert(dofile "template.lua" { lines = 2 })
--   faxctl fsp check template.lua lines=2 --number 100
local fax = require "fax"

-- What a line does when it is told to dial. This one takes a moment and is never
-- busy. A real one talks to a modem, a gateway or a web service, waits for its
-- descriptor with job:wait(fd, "r", seconds), and gives nil, status, why when the
-- call fails.
local function dial(job)
  local ok = job:sleep(0.1)
  if not ok then -- the service wants it to end: job:aborted()
    return nil, "FS_USER_ABORT"
  elseif job.number == "" then
    return nil, "FS_BAD_ADDRESS", { cause = "no_number", evidence = "there is nothing to dial" }
  end
  return { remote_id = job.number }
end

-- Sends one page, and gives true when the other side has confirmed it.
local function send_page(job)
  return job:sleep(0.1)
end

local function hang_up()
end

local callbacks = {}

-- First of all, for each attempt: is the line there? A status refuses.
function callbacks.start_job(job)
  job.confirmed = 0 -- an operation is a table: keep here what belongs to it
end

-- The fax is in job.file, a TIFF; job:pages() has what is still to be sent.
function callbacks.send(job)
  job:status("FS_DIALING")
  local call, status, why = dial(job)
  if not call then
    return status, why
  end
  job.call = call
  for page in job:pages() do
    job:status("FS_TRANSMITTING", { page = page.number, remote_id = call.remote_id })
    if not send_page(job, page) then
      return job:aborted() and "FS_USER_ABORT" or "FS_DISCONNECTED",
        { pages_confirmed = job.confirmed, cause = "cut" }
    end
    job.confirmed = job.confirmed + 1
  end
  return "FS_COMPLETED", { pages_confirmed = job.confirmed }
end

-- After device:ring{...}, when the port answers: write a TIFF to job.file, which
-- is there and empty. This line is never called.
function callbacks.receive(job)
  job:status("FS_ANSWERED")
  return "FS_NOT_FAX_CALL", { cause = "voice" }
end

-- Last of all, whatever happened before.
function callbacks.end_job(job)
  if job.call then
    hang_up(job.call)
  end
end

return function(options)
  local devices = {}
  for i = 1, tonumber(options and options.lines or 1) do
    devices[i] = { name = ("template %d"):format(i), number = ("10%d"):format(i) }
  end
  return fax.provider {
    name = "template",
    devices = devices,
    start_job = callbacks.start_job,
    send = callbacks.send,
    receive = callbacks.receive,
    end_job = callbacks.end_job,
  }
end
