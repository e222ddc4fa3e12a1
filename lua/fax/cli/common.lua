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

--- Reaches or starts the service that the options describe.
function common.connect(given, extra)
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
  return fax.connect(options)
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
