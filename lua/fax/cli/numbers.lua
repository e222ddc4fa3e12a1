-- SPDX-License-Identifier: MIT
-- faxctl numbers: what calls to numbers taught, shown, set and forgotten.

local common = require "fax.cli.common"

local numbers = {
  name = "numbers",
  usage = "[list | show NUMBER | set NUMBER | forget NUMBER] [options]",
  summary = "what calls to numbers taught",
  about = "Lists what is remembered of the numbers that were called, shows one of them, sets "
    .. "what\nthe next fax to it begins with, or forgets it.",
  operands = { "list", "show", "set", "forget" },
  options = common.with_server {
    { flag = "--max-rate", value = "BPS", kind = "number",
      help = "set: begin with this speed, 0 for no limit" },
    { flag = "--ecm", help = "set: begin with error correction" },
    { flag = "--no-ecm", key = "ecm", sets = false, help = "set: begin without it" },
    { flag = "--t38", help = "set: T.38 is not refused" },
    { flag = "--no-t38", key = "t38", sets = false, help = "set: begin over audio" },
    { flag = "--failures", value = "N", kind = "number", help = "set: failures in a row" },
    { flag = "--pin", key = "pinned", help = "set: calls change none of this, nor time" },
    { flag = "--unpin", key = "pinned", sets = false, help = "set: they do" },
    { flag = "--json", help = "write the records as JSON, one a line" },
  },
}

local function begins(one)
  local words = {}
  if one.max_rate ~= 0 then
    words[#words + 1] = ("%d bit/s"):format(one.max_rate)
  end
  if one.without_ecm then
    words[#words + 1] = "no ECM"
  end
  if one.t38_refused then
    words[#words + 1] = "audio"
  end
  if one.pinned then
    words[#words + 1] = "pinned"
  end
  return #words > 0 and table.concat(words, ", ") or "-"
end

local function write_table(to, list)
  local row = "%-20s %6s %6s  %-16s  %-16s %6s %6s  %s\n"
  to.out:write(row:format("number", "calls", "failed", "last call", "last success", "bit/s",
    "answer", "begins with"))
  for _, one in ipairs(list) do
    to.out:write(row:format(one.number, one.calls, one.failures, common.date(one.last_call),
      common.date(one.last_success), one.rate or "-", one.answer and one.answer .. " s" or "-",
      begins(one)))
  end
end

local actions = {}

function actions.list(server, given, to)
  return common.show(to, given, write_table, server:numbers())
end

function actions.show(server, given, to)
  local one, why, code = server:number(given[2])
  return common.show(to, given, write_table, one and { one }, why, code)
end

function actions.set(server, given, to)
  local done, why, code = server:set_number { number = given[2], max_rate = given.max_rate,
    ecm = given.ecm, t38 = given.t38, failures = given.failures, pinned = given.pinned }
  if not done then
    return common.fail(to, why, code)
  end
  return actions.show(server, given, to)
end

function actions.forget(server, given, to)
  local done, why, code = server:forget_number(given[2])
  return done and 0 or common.fail(to, why, code)
end

function numbers.run(given, to)
  local word = given[1] or "list"
  local action = actions[word]
  if not action then
    return nil, ("numbers: list, show, set or forget, not '%s'"):format(word)
  elseif word ~= "list" and not given[2] then
    return nil, ("numbers %s: name the number"):format(word)
  end
  return common.served(to, function(server)
    return action(server, given, to)
  end, common.connect(given, { providers = {} }))
end

return numbers
