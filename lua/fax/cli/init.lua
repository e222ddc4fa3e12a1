-- SPDX-License-Identifier: MIT
-- faxctl: finds the command, reads its options, runs it, gives the exit status.

local args = require "fax.cli.args"
local commands = require "fax.cli.commands"
local common = require "fax.cli.common"
local core = require "fax.core"
local fax = require "fax"
local options = require "fax.options"

local cli = {}

local function help()
  local lines = { "usage: faxctl COMMAND [options]", "" }
  for _, command in ipairs(commands.all()) do
    lines[#lines + 1] = ("  %-10s %s"):format(command.name, command.summary)
  end
  lines[#lines + 1] = ""
  lines[#lines + 1] = "`faxctl COMMAND --help` tells more; `faxctl --version` the version."
  return table.concat(lines, "\n") .. "\n"
end

local function is_command(name)
  for _, known in ipairs(commands.names) do
    if name == known then
      return true
    end
  end
end

local function usage_error(to, why, hint)
  to.err:write("faxctl: ", why, "\n", "  ", hint, "\n")
  return 2
end

local function unknown(to, name)
  local known = {}
  for _, command in ipairs(commands.names) do
    known[command] = true
  end
  local near = options.nearest(name, known)
  return usage_error(to, ("there is no command '%s'%s"):format(name,
    near and (", did you mean '%s'?"):format(near) or ""),
    "`faxctl --help` lists the commands")
end

local function run(argv, to)
  local name = argv[1]
  if name == nil then
    to.err:write(help())
    return 2
  elseif name == "--help" or name == "-h" or name == "help" then
    to.out:write(help())
    return 0
  elseif name == "--version" then
    to.out:write("faxctl ", fax.version, "\n")
    return 0
  elseif not is_command(name) then
    return unknown(to, name)
  end
  local command = commands.get(name)
  local given, why = args.parse(command, argv, 2)
  local hint = ("`faxctl %s --help` lists the options"):format(name)
  if not given then
    return usage_error(to, why, hint)
  elseif given.help then
    to.out:write(args.help(command))
    return 0
  end
  local status
  if given[1] and not command.operands then
    why = ("no operand is known here: '%s'"):format(given[1])
  else
    status, why = command.run(given, to)
  end
  if not status then
    return usage_error(to, why, hint)
  end
  return status
end

--- Runs a command line; gives the exit status. `to` has the streams out and
--- err and whether err is a terminal; nil: those of the process.
function cli.main(argv, to)
  to = to or { out = io.stdout, err = io.stderr, terminal = core.isatty(2) }
  local ok, status = xpcall(function()
    return run(argv, to)
  end, function(err)
    return common.is_interrupt(err) and err or debug.traceback(tostring(err), 2)
  end)
  if ok then
    return status
  elseif common.is_interrupt(status) then
    to.err:write("\nfaxctl: interrupted\n")
    return 130
  end
  to.err:write("faxctl: ", status, "\n")
  return 1
end

return cli
