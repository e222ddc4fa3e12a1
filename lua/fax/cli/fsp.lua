-- SPDX-License-Identifier: MIT
-- faxctl fsp: for authors of providers.

local common = require "fax.cli.common"
local fax = require "fax"

local fsp = {
  name = "fsp",
  usage = "check PATH [KEY=VALUE...] [--number N] [--bad-number N]",
  summary = "check a fax service provider in C or in Lua",
  about = "Drives the provider, with these options, through all that the service may ask of\n"
    .. "it, each case in a process of its own. A line for each case and each rule: ok,\n"
    .. "FAIL, skip (it did not come to that) or note (the service never does that).\n"
    .. "PATH is a shared object, or a .lua file that returns a function(options) or a\n"
    .. "table as for fax.provider. docs/fsp-c.md and docs/fsp-lua.md tell more.",
  operands = { "check" },
  options = {
    { flag = "--number", value = "N", help = "a number that answers and takes a fax" },
    { flag = "--bad-number", value = "N", help = "one that cannot be reached" },
    { flag = "--pages", value = "COUNT", kind = "number",
      help = "of the fax; in Lua it is 1 and 3 (1)" },
    { flag = "--limit", value = "SECONDS", kind = "number",
      help = "for a call that must not wait (10)" },
    { flag = "--call-limit", value = "SECONDS", kind = "number",
      help = "for an operation (300)" },
    { flag = "--abort-limit", value = "SECONDS", kind = "number",
      help = "for its end after an abort (30)" },
    { flag = "--real", help = "a provider in Lua: by the real clock" },
    { flag = "--only", value = "TEXT",
      help = "cases of this rule, or with this in their title" },
    { flag = "--json", help = "write one JSON object a line" },
  },
}

local words = { fail = "FAIL" }

local function line_of(one)
  return ("%-4s %-9s %s%s\n"):format(words[one.result] or one.result, one.rule, one.title,
    one.why and ": " .. one.why or "")
end

function fsp.run(given, to)
  if given[1] ~= "check" then
    return nil, given[1] and ("fsp does not know '%s', only 'check'"):format(given[1])
      or "say what to do: fsp check PATH"
  elseif not given[2] then
    return nil, "name the provider to check"
  end
  local options = {}
  for i = 3, #given do
    if not given[i]:find("^[^=]+=") then
      return nil, ("'%s' is no option of the provider: KEY=VALUE expected"):format(given[i])
    end
    options[#options + 1] = given[i]
  end
  local list, why, code = fax.fsp.check {
    path = given[2],
    options = options,
    number = given.number,
    bad_number = given.bad_number,
    pages = given.pages,
    limit = given.limit,
    call_limit = given.call_limit,
    abort_limit = given.abort_limit,
    only = given.only,
    clock = given.real and "real" or nil,
    each = function(one)
      to.out:write(given.json and fax.json(one) .. "\n" or line_of(one))
    end,
  }
  if not list then
    return common.fail(to, why, code, code == "ERROR_MOD_NOT_FOUND" and "check the path" or nil)
  end
  return list.passed and 0 or 1
end

return fsp
