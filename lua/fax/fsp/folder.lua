-- SPDX-License-Identifier: MIT
-- A provider that has folders for lines: what is sent is written into one, what
-- is dropped into another comes in.
--   local provider = assert(require "fax.fsp.folder" { out = "sent", inn = "drop" })
-- NAME.tif is there whole when NAME.json is, which tells what the fax was.

local core = require "fax.core"
local drop = require "fax.fsp.drop"
local fax = require "fax"
local files = require "fax.fsp.files"
local loops = require "fax.loop"
local options = require "fax.options"

local known = {
  out = "string",
  inn = "string",
  devices = "table",
  name = "string",
  stall = "whole",
  server = "userdata",
}

local EVERY = 1 -- seconds between two looks into the folder

-- ---- sending ----

local function facts(job, pages)
  return fax.json {
    job_id = job.id,
    number = job.number,
    from = job.local_id,
    sender = job.caller_name,
    recipient = job.receiver_name,
    device = job.device.name,
    time = fax.clock.wall(),
    pages = pages,
  }
end

-- Under another name until it is whole; the .json comes last.
local function store(out, job, pages)
  local name = ("%s/%d-%d-%s"):format(out, math.floor(fax.clock.wall()), job.id,
    (job.number or ""):gsub("[^%w+-]", "_"))
  local part = name .. ".part"
  local ok, why = files.copy(job.file, part, "wb")
  ok, why = ok and os.rename(part, name .. ".tif"), why
  ok, why = ok and files.write(part, facts(job, pages)), why
  if ok and os.rename(part, name .. ".json") then
    return true
  end
  os.remove(part)
  os.remove(name .. ".tif")
  return nil, why or name .. " cannot be written"
end

local function sender(out)
  return function(job)
    local pages = {}
    job:status("FS_DIALING", { phase = "dialing" })
    for page in job:pages(1) do
      pages[#pages + 1] = page
    end
    for number = job.first_page, #pages do
      job:status("FS_TRANSMITTING", { phase = "page", page = number, pages_total = #pages })
    end
    local ok, why = store(out, job, pages)
    if not ok then
      return "FS_FATAL_ERROR", { cause = "folder", evidence = tostring(why) }
    end
    return "FS_COMPLETED", { pages_confirmed = #pages - job.first_page + 1 }
  end
end

-- ---- receiving ----

local function watch(inbound, provider)
  local loop = loops.current()
  loop:spawn(function()
    while not provider:closed() do
      inbound:look(provider)
      loop:sleep(EVERY)
    end
  end)
end

-- ---- the provider ----

local function check(given)
  local checked = options.check(given, known, "fax.fsp.folder", 3)
  if not checked.out and not checked.inn then
    error("fax.fsp.folder: one of the options 'out' and 'inn' is missing", 3)
  end
  return checked
end

return function(given)
  local checked = check(given)
  for _, folder in ipairs { checked.out or checked.inn, checked.inn } do
    local names, why, code = core.entries(folder)
    if not names then
      return nil, why, code
    end
  end
  local inbound = checked.inn and drop.new(checked.inn)
  local provider, why, code = fax.provider {
    name = checked.name or "folder",
    devices = checked.devices or { { name = "folder" } },
    stall = checked.stall,
    server = checked.server,
    send = checked.out and sender(checked.out),
    receive = inbound and function(job)
      return inbound:receive(job)
    end,
  }
  if provider and inbound then
    watch(inbound, provider)
  end
  return provider, why, code
end
