-- SPDX-License-Identifier: MIT
-- Shows how far a fax has come: a bar on a terminal, else a line for each
-- change. Told of events; knows no job and no service.

local estimate = require "fax.cli.estimate"

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
  FEI_FAXSVC_ENDED = "the server has ended, waiting until it is back",
  FEI_FAX_MISSED = "the server is back",
}

-- Of the service: how far the call was is not known any more.
local interruptions = { FEI_FAXSVC_ENDED = true }

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

local function speed(self)
  if not self.rate then
    return ""
  end
  return (", %d bit/s%s%s"):format(self.rate, self.ecm and " ECM" or "",
    self.encoding and " " .. self.encoding or "")
end

local function page(self)
  return ("page %d%s"):format(self.page,
    self.estimate.pages and " of " .. ("%d"):format(self.estimate.pages) or "")
end

local function what(self)
  if self.over then
    return self.over
  elseif self.phase == "page" and self.page then
    return page(self) .. speed(self)
  elseif self.phase == "post_message" and self.page then
    return page(self) .. ", waiting for confirmation"
  end
  return phases[self.phase] or self.word or "queued"
end

local function bar(self)
  local part = self.over == words.FEI_COMPLETED and 1 or self.estimate:share()
  if not part then
    return what(self)
  end
  local full = math.floor(part * WIDTH + 0.5)
  local rest = not self.over and self.estimate:left()
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

--- What is to be sent: FAX_JOB_ENTRY's size (bytes) and page_count.
function Progress:document(bytes, pages)
  self.estimate:document(bytes, pages)
end

--- Takes an event of the job.
function Progress:event(event)
  if self.quiet then
    return
  end
  if event.attempt and event.attempt ~= self.attempt then
    self.attempt, self.over, self.phase = event.attempt, nil, nil
  end
  if interruptions[event.name] then
    self.attempt, self.over, self.phase = nil, nil, nil
  end
  for _, key in ipairs { "page", "rate", "encoding", "phase" } do
    if event[key] then
      self[key] = event[key]
    end
  end
  self.ecm = event.ecm == nil and self.ecm or event.ecm
  self.estimate:event(event)
  self.over = self.over or (endings[event.name] and words[event.name])
  self.word = words[event.name] or self.word
  show(self)
end

--- Time has passed.
function Progress:tick()
  if self.terminal and not self.quiet and self.shown then
    show(self)
  end
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
    estimate = estimate.new(settings.now),
  }, meta)
end

return progress
