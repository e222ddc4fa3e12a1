-- SPDX-License-Identifier: MIT
-- The commands of faxctl, in the order in which the help lists them.

local commands = {}

commands.names = { "send", "jobs", "show", "cancel", "pause", "resume", "hold", "release",
  "ports", "top", "events", "inbox", "archive", "log", "metrics", "numbers", "policy", "dial",
  "render", "fsp", "demo", "completion" }

--- What describes and runs it.
function commands.get(name)
  return require("fax.cli." .. name)
end

function commands.all()
  local list = {}
  for i, name in ipairs(commands.names) do
    list[i] = commands.get(name)
  end
  return list
end

return commands
