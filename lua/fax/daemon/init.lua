-- SPDX-License-Identifier: MIT
-- faxd: reads its command line and its configuration, and runs, checks or prints.

local args = require "fax.cli.args"
local fax = require "fax"
local file = require "fax.daemon.file"
local show = require "fax.daemon.show"

local daemon = {}

local FILE = "/etc/fax/faxd.lua"

local command = {
  name = "faxd",
  usage = "[options] [FILE]",
  about = "Runs the fax service that FILE (" .. FILE .. ") describes, in the foreground.",
  options = {
    { flag = "--check", help = "only say all that is wrong with FILE; 0: nothing is" },
    { flag = "--print", help = "only show the configuration that is in force" },
    { flag = "--version", help = "show the version" },
  },
}

local function usage_error(to, why)
  to.err:write("faxd: ", why, "\n  `faxd --help` lists the options\n")
  return 2
end

local function run(given, path, to)
  local settings, found = file.read(path)
  if not settings then
    to.err:write(table.concat(found, "\n"), "\n")
    return 1
  elseif given.print then
    to.out:write(show.text(settings))
    return 0
  elseif given.check then
    return 0
  end
  return require("fax.daemon.run").main(settings, path, to)
end

--- Runs a command line; gives the exit status.
function daemon.main(argv, to)
  to = to or { out = io.stdout, err = io.stderr }
  local given, why = args.parse(command, argv, 1)
  if not given then
    return usage_error(to, why)
  elseif given.help then
    to.out:write((args.help(command):gsub("^usage: faxctl ", "usage: ")))
    return 0
  elseif given.version then
    to.out:write("faxd ", fax.version, "\n")
    return 0
  elseif #given > 1 then
    return usage_error(to, "one file only")
  end
  return run(given, given[1] or FILE, to)
end

return daemon
