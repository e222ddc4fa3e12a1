-- SPDX-License-Identifier: MIT
-- faxctl inbox: lists the faxes that were received.

local common = require "fax.cli.common"
local fax = require "fax"
local moment = require "fax.cli.moment"

local inbox = {
  name = "inbox",
  usage = "[options]",
  summary = "list the faxes that were received",
  about = "Lists the faxes of the inbox, the oldest first; an asterisk marks one that was\n"
    .. "received in part. TIME is as for `faxctl log`.",
  options = common.with_server {
    { flag = "--since", value = "TIME", help = "stored then or later" },
    { flag = "--json", help = "write the records as JSON, one a line" },
    { flag = "--inbox", value = "DIR",
      help = "where they are, without a server (DIRECTORY/inbox)" },
  },
}

local function write_table(to, list)
  local row = "%-16s  %-18s %-20s %5s %6s  %s\n"
  to.out:write(row:format("time", "caller", "station id", "pages", "device", "file"))
  for _, one in ipairs(list) do
    to.out:write(row:format(common.date(one.time), one.caller_id or "-", one.tsid or "-",
      one.pages .. (one.complete and "" or "*"), one.device_id, one.path))
  end
end

function inbox.run(given, to)
  local after = given.since and moment.read(given.since, fax.clock.wall())
  if given.since and not after then
    return nil, ("--since expects a TIME, as 2026-11-21T15:30 or 7d, not '%s'"):format(given.since)
  end
  return common.show(to, given, write_table, common.asked(function(server)
    return server:inbox { after = after }
  end, common.connect(given, { providers = {} })))
end

return inbox
