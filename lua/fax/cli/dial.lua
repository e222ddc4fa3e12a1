-- SPDX-License-Identifier: MIT
-- faxctl dial: what becomes of a number by the rules of dialling.

local common = require "fax.cli.common"
local fax = require "fax"

local dial = {
  name = "dial",
  usage = "NUMBER [options]",
  summary = "say what becomes of a number by the rules of dialling",
  about = "Says the normal form of the number, its route, the ports that may call it, and\n"
    .. "whether it is blocked; nothing is dialled. The exit status is 0 when a port may call\n"
    .. "it, 1 when none may.",
  operands = "NUMBER",
  options = common.with_service {
    { flag = "--json", help = "write the plan as JSON" },
  },
}

local function write_plan(to, plan)
  local function line(what, text)
    to.out:write(("%-12s %s\n"):format(what, text))
  end
  line("number", plan.number)
  line("normal form", plan.normal)
  line("route", plan.prefix == nil and "none"
    or plan.prefix == "" and "all others" or plan.prefix .. "...")
  line("port group", plan.group or "any port")
  line("blocked", plan.blocked_by and ("yes, by %s"):format(plan.blocked_by) or "no")
  for i, port in ipairs(plan.ports) do
    line(i == 1 and "ports" or "", ("%d %s%s"):format(port.device_id, port.name,
      port.sends and "" or " (not free)"))
  end
  if #plan.ports == 0 then
    line("ports", "none is there")
  end
end

function dial.run(given, to)
  if #given ~= 1 then
    return nil, "name one number"
  end
  local plan, why, code = common.asked(function(server)
    return server:dial_plan(given[1])
  end, common.connect(given))
  if not plan then
    return common.fail(to, why, code)
  elseif given.json then
    to.out:write(fax.json(plan), "\n")
  else
    write_plan(to, plan)
  end
  return (plan.blocked_by or #plan.ports == 0) and 1 or 0
end

return dial
