-- SPDX-License-Identifier: MIT
-- faxctl jobs: lists the jobs of the queue.

local common = require "fax.cli.common"

local jobs = {
  name = "jobs",
  usage = "[options]",
  summary = "list the jobs of the queue",
  about = "Lists what waits, what is under way, and what is out of attempts. Without a server\n"
    .. "it is the queue of the directory, and nothing of it is sent.",
  options = common.with_server {
    { flag = "--json", help = "write the records as JSON, one a line" },
  },
}

--- "in progress, paused": what the queue says of the job.
function jobs.state(job)
  local words = {}
  for i, name in ipairs(job.queue_status) do
    words[i] = name:gsub("^JS_", ""):gsub("_", " "):lower()
  end
  table.sort(words)
  return table.concat(words, ", ")
end

--- Out or in.
function jobs.way(job)
  return job.job_type == "JT_RECEIVE" and "in" or "out"
end

local function write_table(to, list)
  local row = "%6s  %-3s  %-20s %5s  %-18s %-12s %-16s  %s\n"
  to.out:write(row:format("job", "way", "number", "pages", "state", "user", "not before",
    "document"))
  for _, job in ipairs(list) do
    to.out:write((row:format(job.job_id, jobs.way(job), job.recipient_number or "-",
      job.page_count, jobs.state(job), job.user_name or "-", common.date(job.schedule_time),
      job.document_name or "-")))
  end
end

function jobs.run(given, to)
  return common.show(to, given, write_table, common.asked(function(server)
    return server:jobs()
  end, common.connect_to_queue(given)))
end

return jobs
