-- SPDX-License-Identifier: MIT
-- What `faxctl top` shows, as lines: the ports with what is on them, the jobs, and
-- the latest that happened. Knows no terminal and no server.

local jobs = require "fax.cli.jobs"

local View = {}
local meta = { __index = View }

local view = {}

local LATEST = 5

function view.new()
  return setmetatable({ ports = {}, jobs = {}, calls = {}, latest = {} }, meta)
end

-- ---- what it is told ----

--- The ports and the jobs as they are now.
function View:state(ports, list)
  self.ports, self.jobs = ports, list
  local alive = {}
  for _, job in ipairs(list) do
    alive[job.job_id] = self.calls[job.job_id]
  end
  self.calls = alive
end

local TOLD = { "attempt", "phase", "page", "pages", "rate", "ecm", "device_id", "remote_id" }

--- An event: how far a call is, and a line of what happened. `text` is for people.
function View:event(event, text)
  local id = event.job_id
  if event.kind == "job" and id then
    local call = self.calls[id] or {}
    if event.attempt ~= call.attempt then
      call = {}
    end
    for _, key in ipairs(TOLD) do
      if event[key] ~= nil then
        call[key] = event[key]
      end
    end
    self.calls[id] = event.outcome == "pending" and call or nil
  end
  table.insert(self.latest, text)
  if #self.latest > LATEST then
    table.remove(self.latest, 1)
  end
end

-- ---- what it shows ----

local function short(name)
  return (tostring(name or "-"):gsub("^FPS_", ""):gsub("_", " "):lower())
end

local function how_far(call)
  if not call then
    return "-"
  elseif call.page then
    return ("page %d%s%s"):format(call.page, call.pages and " of " .. call.pages or "",
      call.rate and (", %d bit/s%s"):format(call.rate, call.ecm and " ECM" or "") or "")
  end
  return call.phase and call.phase:gsub("_", " ") or "-"
end

-- The job at that port, by what its call said last.
local function job_at(self, device)
  for id, call in pairs(self.calls) do
    if call.device_id == device then
      return id, call
    end
  end
end

local function add_ports(self, lines)
  local row = "%4s  %-24s %-14s %6s  %s"
  lines[#lines + 1] = row:format("port", "name", "state", "job", "how far")
  for _, port in ipairs(self.ports) do
    local id, call = job_at(self, port.device_id)
    lines[#lines + 1] = row:format(port.device_id, port.device_name or "-", short(port.state),
      id or "-", how_far(call))
  end
end

local function add_jobs(self, lines)
  local row = "%4s  %-3s %-20s %5s  %-18s %-12s %s"
  lines[#lines + 1] = row:format("job", "way", "number", "pages", "state", "user", "how far")
  for _, job in ipairs(self.jobs) do
    lines[#lines + 1] = row:format(job.job_id, jobs.way(job), job.recipient_number or "-",
      job.page_count, jobs.state(job), job.user_name or "-", how_far(self.calls[job.job_id]))
  end
end

-- No control character of a server reaches the terminal.
local function cut(line, width)
  return (line:gsub("%c", "?"):sub(1, width))
end

--- The lines for so many columns and rows; nil: all, as long as they are.
function View:lines(title, width, height)
  local lines = { title, "" }
  add_ports(self, lines)
  lines[#lines + 1] = ""
  add_jobs(self, lines)
  lines[#lines + 1] = ""
  for _, text in ipairs(self.latest) do
    lines[#lines + 1] = text
  end
  while height and #lines > height do
    table.remove(lines)
  end
  for i, line in ipairs(lines) do
    lines[i] = cut(line, width or 1000)
  end
  return lines
end

return view
