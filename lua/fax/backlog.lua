-- SPDX-License-Identifier: MIT
-- The events that an iterator has not been asked for yet. Bounded: the oldest
-- stay, and in the place of the rest one event tells how many were missed.

local Backlog = {}
local meta = { __index = Backlog }

local LIMIT = 10000

local backlog = {}

function backlog.new()
  return setmetatable({ _first = 1, _last = 0 }, meta)
end

local function append(self, event)
  self._last = self._last + 1
  self[self._last] = event
end

--- The service's last event always finds a place.
function Backlog:put(event)
  if self._last - self._first + 1 < LIMIT or event.name == "FEI_FAXSVC_ENDED" then
    append(self, event)
    return
  end
  local gap = self[self._last]
  if gap.kind ~= "gap" then
    gap = { kind = "gap", name = "FEI_FAX_MISSED", device_id = 0, missed = 0 }
    append(self, gap)
  end
  gap.missed = gap.missed + (event.missed or 1)
  gap.sequence, gap.time = event.sequence, event.time
end

--- The oldest, or nil.
function Backlog:take()
  local event = self[self._first]
  if event then
    self[self._first] = nil
    self._first = self._first + 1
  end
  return event
end

return backlog
