-- SPDX-License-Identifier: MIT
-- What the commands of faxctl share: the service options, connecting, and
-- saying what went wrong and what to do next.

local connect = require "fax.cli.connect"
local fax = require "fax"

local common = {}

common.directory = connect.directory

--- Of a command that asks a server, or needs only the directory.
common.server_options = { connect.directory, connect.socket }

--- Of one that may start a service with lines.
common.service_options = { connect.directory, connect.socket }
for _, option in ipairs(connect.start_options) do
  table.insert(common.service_options, option)
end

--- A time for people, of the place where they are.
function common.date(time)
  return time and os.date("%Y-%m-%d %H:%M", math.floor(time)) or "-"
end

local function with(list, more)
  for _, option in ipairs(more) do
    list[#list + 1] = option
  end
  return list
end

--- The options of a command followed by those of the service.
function common.with_service(list)
  return with(list, common.service_options)
end

--- The same, followed by those that say which server.
function common.with_server(list)
  return with(list, common.server_options)
end

local advice = {
  ERROR_SHARING_VIOLATION = "end the other process first, or give another --directory",
  ERROR_SERVICE_ALREADY_RUNNING = "leave the option out: a server has its own",
  ERROR_SERVICE_NOT_ACTIVE = "start faxd, or name its --directory or --socket",
  RPC_S_SERVER_UNAVAILABLE = "the server ended, or was started anew; try again",
  ERROR_FILE_NOT_FOUND = "check the path",
  ERROR_MOD_NOT_FOUND = "build or install the provider, or name it with --provider-path",
  ERROR_WRITE_FAULT = "check that the folder exists and that you may write to it",
  ERROR_DISK_FULL = "make room, or give another --directory",
  ERROR_BAD_UNIT = "`faxctl ports` lists the devices",
}

local ACCESS = "`access` in the server's file says who may do what (man 8 faxd)"

--- "faxctl: why", what to do next, and exit status 1.
function common.fail(to, why, code, next_step)
  to.err:write("faxctl: ", why, "\n")
  next_step = next_step or advice[code]
    or why:find("is not TIFF", 1, true) and "save it as PDF first"
    or why:find("took too long", 1, true) and "give it more time with --time-limit"
    or why:find("%f[%w]right [%w_]+ is missing") and ACCESS
    or why:find("no right on this server", 1, true) and ACCESS
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

--- The server that listens, else a service started here that the options describe.
common.connect = connect.any

--- The same for what looks at the queue: a service started here calls no one.
function common.connect_to_queue(given)
  local server, why, code = connect.any(given, { providers = {}, adopt = true, offline = true })
  return server, why, code
end

--- A job's number, or nil and what is wrong.
function common.job_id(text)
  local n = tonumber(text)
  if n and n >= 1 and n <= 4294967295 and n == math.floor(n) then
    return n
  end
  return nil, ("'%s' is not the number of a job"):format(text)
end

--- Leaves the server; ends a service that was started here after what is under way:
--- a fax that comes in at another line of this process, for instance.
function common.finish(server)
  server:close()
  return fax.service.stop { drain = 60, timeout = 30 }
end

--- What `ask` gives of a server that was reached, and is left then; or why there is none.
function common.asked(ask, server, why, code)
  local value
  if server then
    value, why, code = ask(server)
    common.finish(server)
  end
  return value, why, code
end

--- The exit status that `act` gives of a server, true being 0; or 1, after what went wrong.
function common.served(to, act, server, why, code)
  local status
  status, why, code = common.asked(act, server, why, code)
  return status == true and 0 or status or common.fail(to, why, code)
end

function common.is_interrupt(err)
  return type(err) == "string" and err:find("interrupted!", 1, true) ~= nil
end

return common
