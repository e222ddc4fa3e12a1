-- SPDX-License-Identifier: MIT
-- What the commands of faxctl share: the service options, connecting, and
-- saying what went wrong and what to do next.

local fax = require "fax"

local common = {}

common.directory = { flag = "--directory", value = "DIR",
  help = "state of the service ($FAX_DIRECTORY)" }

common.service_options = {
  common.directory,
  { flag = "--inbox", value = "DIR", help = "where received faxes go (DIRECTORY/inbox)" },
  { flag = "--provider", value = "NAME", help = "the provider to dial with (loopback)" },
  { flag = "--provider-path", value = "FILE", help = "its shared object, when not with libfax" },
  { flag = "--line-option", value = "KEY=VALUE", kind = "pair", many = true,
    help = "an option of the provider; may be repeated" },
  { flag = "--dialling", value = "FILE", help = "rules of dialling: a file with a Lua table" },
}

--- A time for people, of the place where they are.
function common.date(time)
  return time and os.date("%Y-%m-%d %H:%M", math.floor(time)) or "-"
end

--- The options of a command followed by those of the service.
function common.with_service(list)
  for _, option in ipairs(common.service_options) do
    list[#list + 1] = option
  end
  return list
end

local advice = {
  ERROR_SHARING_VIOLATION = "end the other process first, or give another --directory",
  ERROR_FILE_NOT_FOUND = "check the path",
  ERROR_MOD_NOT_FOUND = "build or install the provider, or name it with --provider-path",
  ERROR_WRITE_FAULT = "check that the folder exists and that you may write to it",
  ERROR_DISK_FULL = "make room, or give another --directory",
  ERROR_BAD_UNIT = "`faxctl ports` lists the devices",
}

--- "faxctl: why", what to do next, and exit status 1.
function common.fail(to, why, code, next_step)
  to.err:write("faxctl: ", why, "\n")
  next_step = next_step or advice[code]
    or why:find("is not TIFF", 1, true) and "save it as PDF first"
    or why:find("took too long", 1, true) and "give it more time with --time-limit"
  if next_step then
    to.err:write("  ", next_step, "\n")
  end
  return 1
end

--- A list as JSON, one of it a line.
function common.write_json(to, list)
  for _, one in ipairs(list) do
    to.out:write(fax.json(one), "\n")
  end
end

--- A list as --json or `write_table` has it, or why there is none; the exit status.
function common.show(to, given, write_table, list, why, code)
  if not list then
    return common.fail(to, why, code)
  end
  local write = given.json and common.write_json or write_table
  write(to, list)
  return 0
end

-- `{ country = "49", ... }`, or the same behind `return`. Nothing is in reach of it.
local function read_table(path)
  local file, why = io.open(path, "rb")
  if not file then
    return nil, why
  end
  local text = file:read("*a")
  file:close()
  if not text:find("^%s*return%s") then
    text = "return " .. text
  end
  local chunk
  chunk, why = load(text, "=" .. path, "t", {})
  if not chunk then
    return nil, why
  end
  local ran, value = pcall(chunk)
  if not ran or type(value) ~= "table" then
    return nil, ran and path .. ": not a table" or value
  end
  return value
end

-- The service with these options; a wrong rule is the file's mistake.
local function start(options, path)
  local ran, server, why, code = pcall(fax.connect, options)
  if ran then
    return server, why, code
  elseif not path or type(server) ~= "string" then
    error(server, 0)
  end
  return nil, ("%s: %s"):format(path, server:gsub("^.-fax%.connect: ", "")),
    "ERROR_INVALID_PARAMETER"
end

--- Reaches or starts the service that the options describe.
function common.connect(given, extra)
  local dialling, why
  if given.dialling then
    dialling, why = read_table(given.dialling)
    if not dialling then
      return nil, why, "ERROR_INVALID_DATA"
    end
  end
  local options = {
    directory = given.directory,
    inbox = given.inbox,
    providers = { {
      name = given.provider or "loopback",
      path = given.provider_path,
      options = given.line_option,
    } },
  }
  for key, value in pairs(extra or {}) do
    options[key] = value
  end
  options.dialling = dialling
  return start(options, given.dialling)
end

--- Ends the service after what is under way: a fax that comes in at another
--- line of this process, for instance.
function common.finish(server)
  server:close()
  return fax.service.stop { drain = 60, timeout = 30 }
end

function common.is_interrupt(err)
  return type(err) == "string" and err:find("interrupted!", 1, true) ~= nil
end

return common
