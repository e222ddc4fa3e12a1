-- SPDX-License-Identifier: MIT
-- How far a fax is, and how long it will still take: by its size and the speed
-- of the line; when it goes in another coding than it is stored in (MMR), by the
-- pages confirmed so far as soon as there is one.

local Estimate = {}
local meta = { __index = Estimate }

-- What a page costs besides its data: training, the end of the page and its
-- confirmation, in seconds.
local PAGE_SECONDS = 6

--- The document: FAX_JOB_ENTRY's size (bytes) and page_count.
function Estimate:document(bytes, pages)
  self.bytes, self.pages = bytes, pages
end

--- Takes what an event of the job tells.
function Estimate:event(event)
  self.pages = event.pages or self.pages
  self.rate = event.rate or self.rate
  self.encoding = event.encoding or self.encoding
  if event.attempt and event.attempt ~= self.attempt then
    self.attempt, self.started, self.confirmed_at, self.most = event.attempt, nil, nil, 0
  end
  if event.phase == "page" and not self.started then
    self.started = self.now()
  end
  local confirmed = event.pages_confirmed
  if confirmed and confirmed > self.confirmed then
    self.confirmed, self.confirmed_at = confirmed, self.now()
  end
end

-- Seconds for the whole document, from its first page on; nil: not known.
local function total(self)
  if not self.started or not self.pages or self.pages == 0 then
    return nil
  end
  local by_size = self.bytes and self.rate and self.rate > 0
    and self.bytes * 8 / self.rate + PAGE_SECONDS * self.pages
  if by_size and (self.encoding == "MMR" or self.confirmed == 0) then
    return by_size
  elseif self.confirmed > 0 then
    return (self.confirmed_at - self.started) / self.confirmed * self.pages
  end
end

--- Seconds still to go, never negative; nil: not known.
function Estimate:left()
  local whole = total(self)
  return whole and math.max(whole - (self.now() - self.started), 0)
end

--- From 0 to 1, never less than before in one attempt, and never past a page
--- that was not confirmed yet; nil: not known.
function Estimate:share()
  local pages = self.pages
  if not pages or pages == 0 then
    return nil
  end
  local whole = total(self)
  local by_time = whole and whole > 0 and (self.now() - self.started) / whole or 0
  local least, most = self.confirmed / pages, (self.confirmed + 0.9) / pages
  local part = math.max(least, math.min(by_time, most), self.most)
  self.most = math.min(part, 1)
  return self.most
end

local estimate = {}

--- now: a function that gives seconds.
function estimate.new(now)
  return setmetatable({ now = now, confirmed = 0, most = 0 }, meta)
end

return estimate
