-- SPDX-License-Identifier: MIT
-- faxctl ports: lists the ports of the service.

local common = require "fax.cli.common"

local ports = {
  name = "ports",
  usage = "[options]",
  summary = "list the ports",
  about = "Lists the ports of the providers, with the station id that each presents.",
  options = common.with_service {
    { flag = "--json", help = "write the records as JSON, one a line" },
  },
}

local function short(name)
  return (tostring(name or "-"):gsub("^FP[FS]_", ""):lower())
end

local function write_table(to, list)
  to.out:write(("%-4s %-24s %-14s %-22s %s\n"):format("id", "name", "state", "csid", "does"))
  for _, port in ipairs(list) do
    local does = {}
    for i, flag in ipairs(port.flags) do
      does[i] = short(flag)
    end
    to.out:write(("%-4d %-24s %-14s %-22s %s\n"):format(port.device_id,
      port.device_name or "-", short(port.state), port.csid or "-", table.concat(does, " ")))
  end
end

function ports.run(given, to)
  return common.show(to, given, write_table, common.asked(function(server)
    return server:ports()
  end, common.connect(given)))
end

return ports
