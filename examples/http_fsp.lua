-- SPDX-License-Identifier: MIT
-- A provider that hands faxes to the HTTP API of a fax company, and takes from it
-- those that came in. http_fax.lua shows it.
--   assert(dofile "http_fsp.lua" { url = "http://127.0.0.1:8080/v1", key = "secret",
--     number = "+49 30 1234567", every = 5, patience = 300 })
-- every: seconds between two looks; patience: in which the API must be heard.
local here = debug.getinfo(1, "S").source:match("^@(.*/)") or ""
local new_api = dofile(here .. "http_api.lua")
local fax = require "fax"

-- Seconds within which an abort is confirmed (twice that is less than the service's
-- abort_limit), a fax is decided, the inbox looked into.
local CANCEL, LONGEST, LOOK = 10, 3600, 30

local working = { dialing = "FS_DIALING", sending = "FS_TRANSMITTING" }
local failures = { busy = "FS_BUSY", no_answer = "FS_NO_ANSWER", not_fax = "FS_NOT_FAX_CALL",
  bad_number = "FS_BAD_ADDRESS", blocked = "FS_CALL_BLACKLISTED" }

-- ---- what the API says, which may be anything ----

local function text(value)
  return type(value) == "string" and not value:find("%z") and value or nil
end

-- How many of the operation's pages are through.
local function through(job, told)
  local pages = told.pages_sent
  local sound = type(pages) == "number" and pages >= 0 and pages <= job.left
  return sound and math.floor(pages) or 0
end

-- What has become of the fax; nil while that is open. It is delivered when the API
-- says so, of every page: with fewer pages_confirmed the service calls it failed.
local function verdict(job, told)
  local fields = { pages_confirmed = through(job, told), remote_id = text(told.remote_id),
    cause = text(told.reason), evidence = text(told.message) }
  if told.status == "delivered" then
    return "FS_COMPLETED", fields
  elseif told.status == "failed" then
    return failures[told.reason] or "FS_FATAL_ERROR", fields
  elseif told.status == "cancelled" then
    fields.cause = "cancelled"
    return job:aborted() and "FS_USER_ABORT" or "FS_FATAL_ERROR", fields
  end
end

-- ---- sending ----

local function read(path)
  local file = assert(io.open(path, "rb"))
  local bytes = file:read("*a")
  file:close()
  return bytes
end

-- Looks at the fax until it is decided: status, fields; or nil, why.
local function follow(api, job, id)
  local deadline = fax.clock.now() + LONGEST
  repeat
    local told, why = api:fax(job, api.patience, id)
    if not told or told.refused then
      return nil, why or told.message
    end
    local status, fields = verdict(job, told)
    if status then
      return status, fields
    end
    job:status(working[told.status] or "FS_INITIALIZING", told.status == "sending"
      and { page = job.first_page + math.min(through(job, told), job.left - 1) } or nil)
  until fax.clock.now() >= deadline or not job:sleep(api.every)
  return nil, ("after %d s it was still open"):format(LONGEST)
end

-- The job was aborted, so it waits no more; the loop does. A fax may be there
-- though no answer said so, and may have been delivered meanwhile.
local function cancel(api, key, job)
  local loop = fax.loop()
  local told = api:find(loop, CANCEL, key)
  if told and not told.refused then
    told = api:cancel(loop, CANCEL, told.id)
    local status, fields = verdict(job, told or {})
    if status then
      return status, fields
    end
    return "FS_USER_ABORT", { cause = "cancel_unconfirmed" }
  end
  return "FS_USER_ABORT", { cause = told and "cancelled" or "cancel_unconfirmed" }
end

-- A refusal of which a second attempt would not be better ends the job; what became
-- of the fax is not known after any other.
local function undecided(api, job, told, why)
  local status = told and failures[told.refused]
  if status then
    api.open[job.id] = nil
    return status, { cause = told.refused, evidence = told.message }
  end
  return "FS_FATAL_ERROR", { cause = told and told.refused or "undecided",
    evidence = told and told.message or why,
    advice = ("the next attempt of job %d asks for the same fax"):format(job.id) }
end

-- As long as it is not known what became of a fax, each attempt of its job has the
-- same key: it finds that fax, and sends no second one. (One that shall know this
-- after a restart writes the keys down.)
local function send(api, job)
  job.left = 0
  for _ in job:pages() do
    job.left = job.left + 1
  end
  api.count = api.count + 1
  local key = api.open[job.id]
    or ("%d-%d-%d"):format(job.id, math.floor(fax.clock.wall() * 1000), api.count)
  api.open[job.id] = key
  local status, fields, refusal
  local told, why = api:submit(job, api.patience, key, { to = job.number, from = job.local_id or "",
    first_page = job.first_page, pages = job.left }, read(job.file))
  if told and told.refused then
    refusal = told
  elseif told then
    status, fields = follow(api, job, told.id)
    why = fields
  end
  if not status and job:aborted() then
    status, fields = cancel(api, key, job)
  elseif not status then
    return undecided(api, job, refusal, why)
  end
  api.open[job.id] = nil
  return status, fields
end

-- ---- receiving ----

-- One look into the inbox, and at most one call. A fax that was taken is removed
-- there when it is seen again, so a removal that got lost is made up for; a call
-- that nobody answered comes again.
local function look(api, device)
  local loop = fax.loop()
  for _, one in ipairs(api:inbox(loop, LOOK)) do
    if api.taken[one.id] then
      api:remove(loop, LOOK, one.id)
    elseif not api.bad[one.id] and not api.receiving then
      api.coming = { id = one.id, from = text(one.from) }
      device:ring { rings = 99, caller = api.coming.from } -- it rings no longer
      return
    end
  end
end

local function receive(api, job)
  local one = api.coming
  if not one then
    return "FS_FATAL_ERROR", { cause = "no_document", evidence = "no document waits for this call" }
  end
  api.receiving = true
  job:status("FS_RECEIVING")
  local told, why = api:document(job, api.patience, one.id)
  local document = told and told.document
  if not document or not (document:find("^II%*%z") or document:find("^MM%z%*")) then
    api.bad[one.id] = told and true -- not when there was no answer
    return job:aborted() and "FS_USER_ABORT" or "FS_FATAL_ERROR", { cause = "bad_document",
      evidence = why or told.message or "what came is no TIFF" }
  end
  local file = assert(io.open(job.file, "r+b"))
  assert(file:write(document))
  assert(file:close())
  api.taken[one.id] = true
  return "FS_COMPLETED"
end

return function(options)
  local api = new_api(options)
  api.every, api.patience = options.every or 5, options.patience or 300
  api.count, api.open, api.taken, api.bad = 0, {}, {}, {}
  local provider, why, code = fax.provider {
    name = "http",
    devices = { { name = "http line", number = options.number } },
    send = function(job) return send(api, job) end,
    receive = function(job) return receive(api, job) end,
    end_job = function(job)
      if job.kind == "receive" then
        api.receiving, api.coming = false, nil
      end
    end,
  }
  if provider then
    fax.loop():spawn(function()
      while not provider:closed() do
        look(api, provider.devices[1])
        fax.loop():sleep(api.every)
      end
    end)
  end
  return provider, why, code
end
