-- SPDX-License-Identifier: MIT
-- faxctl events: what happens at a server, from now on.

local common = require "fax.cli.common"
local connect = require "fax.cli.connect"
local fax = require "fax"
local moment = require "fax.cli.moment"

local events = {
  name = "events",
  usage = "[options]",
  summary = "follow what happens at the server",
  about = "Writes each event of the server as it comes, until Ctrl-C, or until there were N with\n"
    .. "--limit. When the server ends it waits until it is back; a gap says what was missed. A\n"
    .. "line on standard error says that it listens.",
  options = common.with_server {
    { flag = "--kind", value = "WORD",
      choices = { "any", "job", "port", "received", "archive", "service", "config" },
      help = "any, job, port, received, archive, service or config" },
    { flag = "--job", value = "ID", kind = "number", help = "of this job" },
    { flag = "--device", value = "ID", kind = "number", help = "of this port" },
    { flag = "--limit", value = "N", kind = "number", help = "end after so many" },
    { flag = "--json", help = "write JSON, one object a line" },
    { flag = "--quiet", short = "-q", help = "say nothing on standard error" },
  },
}

-- What an event tells besides its name, in this order.
local TOLD = { { "job_id", "job" }, { "attempt", "attempt" }, { "device_id", "port" },
  { "phase", "phase" }, { "page", "page" }, { "pages", "pages" },
  { "pages_confirmed", "confirmed" }, { "rate", "bit/s" }, { "caller_id", "caller" },
  { "remote_id", "remote id" }, { "outcome", "outcome" }, { "cause", "cause" },
  { "path", "file" }, { "missed", "missed" },
  { "after", "after" } }

--- An event for people, in one line.
function events.line_of(event)
  local words = {}
  for _, told in ipairs(TOLD) do
    local value = event[told[1]]
    if value ~= nil and value ~= 0 and value ~= "pending" then
      words[#words + 1] = ("%s %s"):format(told[2], value)
    end
  end
  return ("%s  %-8s %-20s %s"):format(moment.shown(event.time), event.kind,
    event.name:gsub("^FEI_", ""):lower(), table.concat(words, ", "))
end

-- What was missed may have been of any kind, job and port.
local function is_wanted(given, event)
  return event.kind == "gap" or event.name == "FEI_FAXSVC_ENDED"
    or (not given.job or event.job_id == given.job)
    and (not given.device or event.device_id == given.device)
end

local function follow(server, given, to)
  local left = given.limit
  local each, _, _, closer = server:events(given.kind)
  if not given.quiet then
    to.err:write("faxctl: listening to the server; Ctrl-C ends\n")
    to.err:flush()
  end
  while left ~= 0 do
    local event = each()
    if not event then
      return nil, "the server has ended", "RPC_S_SERVER_UNAVAILABLE"
    elseif is_wanted(given, event) then
      to.out:write(given.json and fax.json(event) or events.line_of(event), "\n")
      to.out:flush()
      left = left and left - 1
    end
  end
  closer:close()
  return true
end

function events.run(given, to)
  return common.served(to, function(server)
    return follow(server, given, to)
  end, connect.reach(given))
end

return events
