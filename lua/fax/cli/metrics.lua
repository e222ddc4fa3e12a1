-- SPDX-License-Identifier: MIT
-- faxctl metrics: counters of the service, as text for Prometheus.

local common = require "fax.cli.common"

local metrics = {
  name = "metrics",
  usage = "[options]",
  summary = "counters, as text for Prometheus",
  about = "Writes what the service counted since it was started, and what there is now, in the\n"
    .. "exposition format 0.0.4. Without a server a service is started here for the moment, and\n"
    .. "its counters are at their beginning.",
  options = common.with_service {},
}

function metrics.run(given, to)
  return common.served(to, function(server)
    local text, why, code = server:metrics()
    if not text then
      return nil, why, code
    end
    to.out:write(text)
    return true
  end, common.connect(given))
end

return metrics
