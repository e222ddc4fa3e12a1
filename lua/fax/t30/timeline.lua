-- SPDX-License-Identifier: MIT
-- A time line as text for people: sent frames on the left, received ones on the
-- right, the line between them.

local options = require "fax.options"

-- The reader's terminal gets no control characters from the other machine.
local function plain(text)
  return (text:gsub("[%c\127]", "?"):gsub("\194[\128-\159]", "?"))
end

local function words_of(event)
  return event.details and ("%-4s %s"):format(plain(event.frame), plain(event.details))
    or plain(event.frame)
end

-- Letters, not bytes.
local function width(text)
  return #text - select(2, text:gsub("[\128-\191]", ""))
end

local fields = { moment = "number", sent = "boolean", frame = "string", details = "string" }

local function read(events, level)
  if type(events) ~= "table" then
    error(("fax.t30.timeline: a list of events expected, got a %s"):format(type(events)),
      level + 1)
  end
  local list = {}
  for i = 1, #events do
    local what = ("fax.t30.timeline: events[%d]"):format(i)
    local event = options.check(events[i] or false, fields, what, level + 1)
    if not event.moment or not event.frame then
      error(what .. " lacks its moment or its frame", level + 1)
    end
    list[i] = event
  end
  return list
end

local timeline = {}

--- The events of a result or an attempt as text, a line for each.
function timeline.draw(events, level)
  local list, left = read(events, level + 1), 0
  for _, event in ipairs(list) do
    event.words = words_of(event)
    left = event.sent and math.max(left, width(event.words)) or left
  end
  local lines = {}
  for i, event in ipairs(list) do
    local sent = event.sent and event.words or ""
    lines[i] = ("%7.2f s  %s%s  %s\n"):format(event.moment, sent,
      (" "):rep(left - width(sent)), event.sent and "-->" or "<-- " .. event.words)
  end
  return table.concat(lines)
end

return timeline
