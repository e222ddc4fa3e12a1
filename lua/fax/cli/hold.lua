-- SPDX-License-Identifier: MIT
-- faxctl hold: keeps jobs that wait from every line; release, pause, resume and
-- cancel are made here, too. Without a server the queue of the directory is
-- changed: no provider is loaded, and no call begins meanwhile.

local common = require "fax.cli.common"

local hold = {}

local function each(to, server, ids, method, done)
  local status = 0
  for i = 1, #ids do
    local job, why, code = server:job(ids[i])
    local ok = job
    if job then
      ok, why, code = job[method](job)
    end
    if ok then
      to.out:write(("%s: job %d\n"):format(done, ids[i]))
    else
      status = common.fail(to, why, code)
    end
  end
  return status
end

local function numbers(given)
  local ids = {}
  for i = 1, #given do
    local id, wrong = common.job_id(given[i])
    if not id then
      return nil, wrong
    end
    ids[i] = id
  end
  return #ids > 0 and ids or nil, "name a job by its number"
end

--- A command that does this to each of the jobs named.
function hold.command(name, method, done, summary, about)
  local command = {
    name = name,
    usage = "ID... [options]",
    summary = summary,
    about = about,
    operands = "ID",
    options = common.with_server {},
  }
  function command.run(given, to)
    local ids, wrong = numbers(given)
    if not ids then
      return nil, wrong
    end
    return common.served(to, function(server)
      return each(to, server, ids, method, done)
    end, common.connect_to_queue(given))
  end
  return command
end

local command = hold.command("hold", "pause", "held", "keep jobs that wait from every line",
  "Holds jobs that wait in the queue, until `faxctl release`.")
command.command = hold.command
return command
