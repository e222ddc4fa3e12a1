-- SPDX-License-Identifier: MIT
-- faxctl archive: the faxes that were sent and received, listed, shown, exported
-- and removed.

local common = require "fax.cli.common"
local csv = require "fax.cli.csv"
local fax = require "fax"
local purge = require "fax.cli.purge"
local show = require "fax.cli.archived"

local archive = {
  name = "archive",
  usage = "list | show ID | export ID OUTPUT | purge [ID...] [options]",
  summary = "faxes that were sent and received",
  about = "list: the archive, oldest first. show: all that is known of one fax, with its\n"
    .. "attempts as long as the result is kept. export: by the name of OUTPUT a PDF (.pdf),\n"
    .. "a TIFF (.tif), the picture of a fax of one page (.png), else a folder for pictures.\n"
    .. "purge: removes faxes with their files; without --yes it only says which.",
  operands = { "list", "show", "export", "purge" },
  options = common.with_server {
    { flag = "--folder", value = "WORD", choices = { "sent", "received" },
      help = "list, purge: sent or received ones only" },
    { flag = "--after", value = "DATE", kind = "date",
      help = "list: from then on, \"2026-05-01\" or \"2026-05-01 14:30\"" },
    { flag = "--before", value = "DATE", kind = "date", help = "list: before then" },
    { flag = "--number", value = "NUMBER", help = "list: dialled, or the caller's" },
    { flag = "--limit", value = "N", kind = "number", help = "list: so many at most" },
    { flag = "--newest", help = "list: the newest first" },
    { flag = "--csv", help = "list: write CSV" },
    { flag = "--json", help = "list, show, export: write JSON, one object a line" },
    { flag = "--older-than", value = "AGE", kind = "age",
      help = "purge: those older than so many days; 12h, 8w" },
    { flag = "--keep-bytes", value = "SIZE", kind = "size",
      help = "purge: the oldest until the rest has no more; 500M, 2G" },
    { flag = "--yes", help = "purge: remove them" },
    { flag = "--time-limit", value = "SECONDS", kind = "number",
      help = "export: give up then (120)" },
    { flag = "--inbox", value = "DIR", help = "where received faxes go (DIRECTORY/inbox)" },
  },
}

local COLUMNS = { "id", "folder", "time", "job_id", "user", "number", "remote_id", "pages",
  "bytes", "path", "complete", "quality", "bad_rows", "device_id", "subject", "sender",
  "recipient" }

-- ---- list ----

local writers = { json = common.write_json }

function writers.table(to, list)
  local row = "%5s  %-8s  %-16s  %-18s %-20s %5s  %s\n"
  to.out:write(row:format("id", "folder", "time", "number", "remote id", "pages", "subject"))
  for _, one in ipairs(list) do
    to.out:write(row:format(one.id, one.folder, common.date(one.time), one.number or "-",
      one.remote_id or "-", one.pages .. (one.complete and "" or "*"), one.subject or "-"))
  end
end

function writers.csv(to, list)
  to.out:write(csv.head(COLUMNS))
  for _, one in ipairs(list) do
    to.out:write(csv.row(COLUMNS, one))
  end
end

local actions = {}

function actions.list(server, given, to)
  local list, why, code = server:archive {
    folder = given.folder,
    after = given.after,
    before = given.before,
    number = given.number,
    limit = given.limit,
    newest_first = given.newest,
  }
  if not list then
    return common.fail(to, why, code)
  end
  writers[given.json and "json" or given.csv and "csv" or "table"](to, list)
  return 0
end

-- ---- show, export ----

function actions.show(server, given, to)
  local one, why, code = server:archived(tonumber(given[2]))
  if not one then
    return common.fail(to, why, code, "`faxctl archive list` lists them")
  end
  return show(server, given, to, one)
end

function actions.export(server, given, to)
  local one, why, code = server:archived(tonumber(given[2]))
  if not one then
    return common.fail(to, why, code, "`faxctl archive list` lists them")
  end
  local done
  done, why, code = fax.export(one, given[3], { time_limit = given.time_limit })
  if not done then
    return common.fail(to, why, code)
  elseif given.json then
    to.out:write(fax.json(done), "\n")
    return 0
  end
  if done.output then
    to.out:write(done.output, "\n")
  end
  for _, page in ipairs(done.output and {} or done.pages) do
    to.out:write(page.png, "\n")
  end
  return 0
end

-- Without --yes nothing goes.
function actions.purge(server, given, to)
  local ids = {}
  for i = 2, #given do
    ids[#ids + 1] = tonumber(given[i])
  end
  if given.yes then
    return purge.remove(server, given, to, ids)
  end
  local going, why, code = purge.chosen(server, given, ids)
  if not going then
    return common.fail(to, why, code)
  end
  writers[given.json and "json" or "table"](to, going)
  return common.fail(to, ("%d faxes would be removed"):format(#going), nil,
    "give --yes to remove them with their files")
end

-- ---- the command line ----

local function check_ids(given, first, last)
  for i = first, last do
    if not given[i]:find("^%d+$") or tonumber(given[i]) > 4294967295 then
      return nil, ("'%s' is not the id of a fax"):format(given[i])
    end
  end
  return true
end

local checks = {}

function checks.list(given)
  return not given[2] or nil, "archive list takes options only"
end

function checks.show(given)
  if not given[2] then
    return nil, "archive show: name the id of the fax"
  end
  return check_ids(given, 2, #given)
end

function checks.export(given)
  if not given[3] then
    return nil, "archive export: name the id of the fax and the output"
  end
  return check_ids(given, 2, 2)
end

function checks.purge(given)
  local chosen_by = given.older_than or given.keep_bytes
  if (#given > 1) == (chosen_by ~= nil) then
    return nil, "archive purge: name ids, or --older-than and --keep-bytes"
  end
  return check_ids(given, 2, #given)
end

function archive.run(given, to)
  local word = given[1] or "list"
  if not actions[word] then
    return nil, ("archive: list, show, export or purge, not '%s'"):format(word)
  end
  local ok, wrong = checks[word](given)
  if not ok then
    return nil, wrong
  end
  return common.served(to, function(server)
    return actions[word](server, given, to)
  end, common.connect(given, { providers = {} }))
end

return archive
