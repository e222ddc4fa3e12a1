-- SPDX-License-Identifier: MIT
-- faxctl log: the records of attempts, as a table, CSV or JSON.

local common = require "fax.cli.common"
local csv = require "fax.cli.csv"
local fax = require "fax"
local moment = require "fax.cli.moment"

local log = {
  name = "log",
  usage = "[options]",
  summary = "what was sent and received",
  about = "Lists the record of each attempt, the oldest first. TIME is a date"
    .. " (2026-11-21), perhaps with a\ntime (2026-11-21T15:30, by the clock of this place, or"
    .. " with Z or +01:00 behind), or so long ago (90m, 7d).",
  options = common.with_server {
    { flag = "--since", value = "TIME", help = "ended then or later" },
    { flag = "--until", value = "TIME", help = "ended earlier" },
    { flag = "--number", value = "NUMBER", help = "the other side's, however it is written" },
    { flag = "--cause", value = "WORD", help = "failed for that cause" },
    { flag = "--job", value = "ID", kind = "number", help = "of this job" },
    { flag = "--device", value = "ID", kind = "number", help = "at this port" },
    { flag = "--user", value = "NAME", help = "of this user's jobs" },
    { flag = "--in", key = "direction", sets = "received", help = "received" },
    { flag = "--out", key = "direction", sets = "sent", help = "sent" },
    { flag = "--limit", value = "N", kind = "number",
      help = "the newest N; with --follow: end after so many" },
    { flag = "--csv", help = "write CSV, all columns" },
    { flag = "--json", help = "write JSON, one object a line" },
    { flag = "--follow", help = "write each as its attempt ends, from now on" },
  },
}

-- ---- forms ----

local columns = { "id", "job_id", "attempt", "direction", "outcome", "status", "started",
  "ended", "duration", "user", "number", "device_id", "device", "provider", "remote_id",
  "pages", "first_page", "pages_confirmed", "rate", "ecm", "encoding", "transport",
  "bad_rows", "quality", "class", "decision", "cause", "evidence", "bytes", "document",
  "billing_code" }

local function with_dates(record)
  record.started, record.ended = moment.iso(record.started), moment.iso(record.ended)
  return record
end

local forms = {}

function forms.csv(to)
  to.out:write(csv.head(columns))
  return function(record)
    to.out:write(csv.row(columns, with_dates(record)))
  end
end

function forms.json(to)
  return function(record)
    to.out:write(fax.json(with_dates(record)), "\n")
  end
end

local row = "%-19s  %-8s %-3s  %-18s %7s %7s %6s  %-10s %s\n"

local function pages_of(record)
  if record.direction == "received" then
    return tostring(record.pages or "-")
  end
  return ("%s/%s"):format(record.pages_confirmed or "-", record.pages or "-")
end

function forms.table(to)
  to.out:write(row:format("ended", "job", "way", "number", "pages", "seconds", "bit/s",
    "outcome", "why"))
  return function(record)
    local why = record.cause or (record.outcome ~= "completed" and record.status) or "-"
    to.out:write((row:format(moment.shown(record.ended),
      ("%d.%d"):format(record.job_id, record.attempt),
      record.direction == "sent" and "out" or "in", record.number or "-", pages_of(record),
      record.duration and ("%.0f"):format(record.duration) or "-", record.rate or "-",
      record.outcome, why)))
  end
end

local function form_of(given, to)
  return forms[given.csv and "csv" or given.json and "json" or "table"](to)
end

-- ---- what is asked ----

local function query_of(given, now)
  local query = { number = given.number, cause = given.cause, job = given.job,
    device = given.device, user = given.user, direction = given.direction }
  for flag, key in pairs { since = "after", ["until"] = "before" } do
    if given[flag] then
      query[key] = moment.read(given[flag], now)
      if not query[key] then
        return nil, ("--%s expects a TIME, as 2026-11-21T15:30 or 7d, not '%s'")
          :format(flag, given[flag])
      end
    end
  end
  return query
end

-- The newest ones, in the order in which they came.
local function list_newest(server, query, limit, write)
  local list = {}
  query.order, query.limit = "newest", limit
  local records, why, code = server:records(query)
  if not records then
    return nil, why, code
  end
  for record in records do
    list[#list + 1] = record
  end
  for i = #list, 1, -1 do
    write(list[i])
  end
  return true
end

local function list(server, query, limit, write)
  if limit then
    return list_newest(server, query, limit, write)
  end
  local records, why, code = server:records(query)
  if not records then
    return nil, why, code
  end
  for record in records do
    write(record)
  end
  return true
end

-- Where the log ends now, false when it is empty; nil, why, code.
local function end_of(server)
  local records, why, code = server:records { order = "latest", limit = 1 }
  if not records then
    return nil, why, code
  end
  return select(2, records()) or false
end

-- An event says that something happened; the log what.
local function follow(server, query, limit, write)
  local events = server:events() -- from here on
  local cursor, why, code = end_of(server)
  if cursor == nil then
    return nil, why, code
  end
  query.order, query.cursor, query.limit = "written", cursor or nil, limit
  for event in events do
    if event.kind ~= "port" then
      local records
      records, why, code = server:records(query)
      if not records then
        return nil, why, code
      end
      for record, behind in records do
        query.cursor = behind
        if record.outcome ~= "stopped" then -- else it comes anew, decided
          write(record)
          query.limit = limit and query.limit - 1
        end
      end
    end
    if query.limit == 0 then
      return true
    end
  end
  return true
end

function log.run(given, to)
  if given.csv and given.json then
    return nil, "--csv or --json, not both"
  end
  local query, wrong = query_of(given, fax.clock.wall())
  if not query then
    return nil, wrong
  end
  return common.served(to, function(server)
    return (given.follow and follow or list)(server, query, given.limit, form_of(given, to))
  end, common.connect(given))
end

return log
