-- SPDX-License-Identifier: MIT
-- Times as people and programs write them.

local moment = {}

local units = { s = 1, m = 60, h = 3600, d = 86400, w = 7 * 86400 }

-- Days since 1970 of a date in the calendar of today; the year begins in March.
local function days_of(year, month, day)
  if month <= 2 then
    year, month = year - 1, month + 12
  end
  local leap = math.floor(year / 4) - math.floor(year / 100) + math.floor(year / 400)
  return 365 * year + leap + math.floor((153 * (month - 3) + 2) / 5) + day - 1 - 719468
end

-- "", "Z", "+01:00": seconds that the place is ahead of UTC; false: it is no zone.
local function zone_of(text)
  if text == "" then
    return nil
  elseif text == "Z" then
    return 0
  end
  local sign, hours, minutes = text:match("^([+-])(%d%d):?(%d%d)$")
  if not sign or tonumber(minutes) > 59 then
    return false
  end
  local ahead = (tonumber(hours) * 60 + tonumber(minutes)) * 60
  return sign == "-" and -ahead or ahead
end

local months = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

local function number_of(text, most, least)
  local n = tonumber(text)
  return n >= (least or 0) and n <= most and n or nil
end

-- "2026-11-21", and then perhaps "T15:30", ":05", a zone; without one: here.
local function date(text)
  local year, month, day, rest = text:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)(.*)$")
  if not year then
    return nil
  end
  local hour, minute, behind = rest:match("^[T ](%d%d):(%d%d)(.*)$")
  local second, zone = (behind or ""):match("^:(%d%d)(.*)$")
  zone = zone_of(zone or behind or rest)
  month = number_of(month, 12, 1)
  day = month and number_of(day, months[month], 1)
  hour, minute = number_of(hour or "0", 23), number_of(minute or "0", 59)
  second = number_of(second or "0", 60)
  if zone == false or not (day and hour and minute and second) then
    return nil
  elseif zone then
    return days_of(tonumber(year), month, day) * 86400 + hour * 3600 + minute * 60 + second
      - zone
  end
  return os.time { year = tonumber(year), month = month, day = day, hour = hour, min = minute,
    sec = second }
end

--- Seconds since 1970 of a date, or of so long before `now` ("90m", "7d"); nil:
--- it is neither.
function moment.read(text, now)
  local count, unit = text:match("^(%d+)([smhdw])$")
  if count then
    return now - tonumber(count) * units[unit]
  end
  return date(text)
end

--- ISO 8601, in UTC, to the millisecond.
function moment.iso(time)
  if not time then
    return nil
  end
  local ms = math.floor(time * 1000 + 0.5)
  return os.date("!%Y-%m-%dT%H:%M:%S", math.floor(ms / 1000)) .. (".%03dZ"):format(ms % 1000)
end

--- For people, by the clock of this place.
function moment.shown(time)
  return time and os.date("%Y-%m-%d %H:%M:%S", math.floor(time)) or "-"
end

return moment
