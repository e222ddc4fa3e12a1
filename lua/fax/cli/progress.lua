-- SPDX-License-Identifier: MIT
-- Shows how far a fax has come: a bar on a terminal, else a line for each
-- change. Told of events; knows no job and no service.

local Progress = {}
local meta = { __index = Progress }

local WIDTH = 24

local words = {
  FEI_DIALING = "dialing",
  FEI_BUSY = "the line is busy",
  FEI_NO_ANSWER = "no answer",
  FEI_BAD_ADDRESS = "the number is not known",
  FEI_NO_DIAL_TONE = "no dial tone",
  FEI_DISCONNECTED = "the call was cut off",
  FEI_FATAL_ERROR = "the call failed",
  FEI_NOT_FAX_CALL = "no fax machine answered",
  FEI_CALL_DELAYED = "the call is delayed",
  FEI_CALL_BLACKLISTED = "the number is blocked",
  FEI_LINE_UNAVAILABLE = "the line is not available",
  FEI_ABORTING = "aborting",
  FEI_COMPLETED = "all pages sent",
}

-- Of an attempt: what comes after it does not matter to the reader.
local endings = {
  FEI_BUSY = true,
  FEI_NO_ANSWER = true,
  FEI_BAD_ADDRESS = true,
  FEI_NO_DIAL_TONE = true,
  FEI_DISCONNECTED = true,
  FEI_FATAL_ERROR = true,
  FEI_NOT_FAX_CALL = true,
  FEI_CALL_BLACKLISTED = true,
  FEI_LINE_UNAVAILABLE = true,
  FEI_COMPLETED = true,
  FEI_ABORTING = true,
}

local phases = {
  dialing = "dialing",
  ringing = "ringing",
  connected = "connected",
  training = "training",
  post_message = "waiting for confirmation",
  release = "hanging up",
}

local function clock(seconds)
  seconds = math.max(0, math.floor(seconds + 0.5))
  return ("%d:%02d"):format(math.floor(seconds / 60), seconds % 60)
end

-- How much of the document is through, from 0 to 1; nil: not known.
local function share(self)
  local pages = self.pages
  if not pages or pages == 0 then
    return nil
  end
  local through = self.confirmed or 0
  if self.phase == "page" and self.page and self.page > through then
    through = self.page - 0.5
  end
  return math.min(through / pages, 1)
end

-- By the pages confirmed so far; nil before there is one.
local function left(self)
  local confirmed = self.confirmed or 0
  if not self.started or confirmed == 0 or not self.pages then
    return nil
  end
  return (self.now() - self.started) / confirmed * (self.pages - confirmed)
end

local function speed(self)
  if not self.rate then
    return ""
  end
  return (", %d bit/s%s%s"):format(self.rate, self.ecm and " ECM" or "",
    self.encoding and " " .. self.encoding or "")
end

local function what(self)
  if self.over then
    return self.over
  elseif self.phase == "page" and self.page then
    return ("page %d%s"):format(self.page,
      self.pages and " of " .. ("%d"):format(self.pages) or "") .. speed(self)
  end
  return self.word or phases[self.phase] or "queued"
end

local function bar(self)
  local part = share(self)
  if not part then
    return what(self)
  end
  local full = math.floor(part * WIDTH + 0.5)
  local rest = left(self)
  return ("[%s%s] %s%s"):format(("#"):rep(full), ("-"):rep(WIDTH - full), what(self),
    rest and ", " .. clock(rest) .. " left" or "")
end

local function show(self)
  local text = self.terminal and bar(self) or what(self)
  if text == self.shown then
    return
  elseif self.terminal then
    self.out:write("\r", text, (" "):rep(#(self.shown or "") - #text))
  else
    self.out:write(text, "\n")
  end
  self.out:flush()
  self.shown = text
end

--- Takes an event of the job.
function Progress:event(event)
  if self.quiet then
    return
  end
  for _, key in ipairs { "page", "pages", "rate", "encoding", "phase" } do
    if event[key] then
      self[key] = event[key]
    end
  end
  self.ecm = event.ecm == nil and self.ecm or event.ecm
  self.confirmed = event.pages_confirmed or self.confirmed
  if self.phase == "page" and not self.started then
    self.started = self.now()
  end
  if event.attempt and event.attempt ~= self.attempt then
    self.attempt, self.started, self.over = event.attempt, nil, nil
  end
  self.over = self.over or (endings[event.name] and words[event.name])
  self.word = self.over or words[event.name]
  show(self)
end

--- Leaves the bar's line.
function Progress:finish()
  if self.terminal and self.shown then
    self.out:write("\n")
    self.out:flush()
    self.shown = nil
  end
end

local progress = {}

--- settings: out (a stream), terminal, quiet, now (a function, seconds).
function progress.new(settings)
  return setmetatable({
    out = settings.out,
    terminal = settings.terminal,
    quiet = settings.quiet,
    now = settings.now,
  }, meta)
end

return progress
