-- SPDX-License-Identifier: MIT
-- faxctl show: all that is known of a job, queued or decided, with its attempts.

local common = require "fax.cli.common"
local details = require "fax.cli.details"
local fax = require "fax"
local jobs = require "fax.cli.jobs"

local show = {
  name = "show",
  usage = "ID [options]",
  summary = "show a job and its attempts",
  about = "Shows what is known of a job, as long as its result is kept: what was asked, what\n"
    .. "became of it, and each attempt.",
  operands = "ID",
  options = common.with_server {
    { flag = "--exchange", help = "with the T.30 exchange of each attempt" },
    { flag = "--json", help = "write one JSON object, exchange and all" },
  },
}

local FIELDS = {
  { "state", "state" },
  { "number", "number" },
  { "remote_id", "remote id" },
  { "recipient_name", "recipient" },
  { "document", "document" },
  { "user", "user" },
  { "pages", "pages" },
  { "pages_confirmed", "confirmed" },
  { "bad_rows", "bad rows" },
  { "submitted", "submitted" },
  { "schedule_time", "not before" },
  { "finished", "finished" },
  { "cause", "cause" },
  { "path", "file" },
}

-- The result, and of the queue's entry what it does not have.
local function record_of(server, id)
  local job = server:job(id)
  local entry = job:info()
  local result, why, code = job:result()
  if not result then
    return nil, why, code
  end
  if entry then
    result.state, result.recipient_name = jobs.state(entry), entry.recipient_name
    result.schedule_time = entry.schedule_time
  end
  return result
end

local function write(to, given, record)
  to.out:write(("job %d, %s, %s\n"):format(record.job_id, jobs.way(record), record.outcome))
  for _, key in ipairs { "submitted", "schedule_time", "finished" } do
    record[key] = record[key] and common.date(record[key])
  end
  details.fields(to, record, FIELDS)
  for _, attempt in ipairs(record.attempts) do
    details.attempt(to, attempt)
    if given.exchange and #attempt.timeline > 0 then
      to.out:write(fax.t30.timeline(attempt.timeline))
    elseif given.exchange then
      to.out:write("  no T.30 exchange is known of the call\n")
    end
  end
end

function show.run(given, to)
  if #given ~= 1 then
    return nil, "name one job by its number"
  end
  local id, wrong = common.job_id(given[1])
  if not id then
    return nil, wrong
  end
  local record, why, code = common.asked(function(server)
    return record_of(server, id)
  end, common.connect_to_queue(given))
  if not record then
    return common.fail(to, why, code, "`faxctl jobs` lists the queue, `faxctl log` what was sent")
  elseif given.json then
    to.out:write(fax.json(record), "\n")
  else
    write(to, given, record)
  end
  return 0
end

return show
