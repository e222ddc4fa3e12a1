-- SPDX-License-Identifier: MIT
-- For the specs of faxd: a configuration in a folder, the process, its manager.
local child = require "spec.support.child"
local helper = require "spec.helper"

local faxd = {}

--- Writes a configuration with the folder's state; gives its path.
function faxd.write(folder, text)
  return helper.write(folder .. "/faxd.lua", ("directory = %q\n%s"):format(folder .. "/state",
    text))
end

--- Starts it, in a shell that says its pid first; `words` stand there before `exec`.
function faxd.start(path, words)
  return child.plain("sh -c " .. helper.quote(("echo pid $$; %s exec env %s %s lua/bin/faxd %s")
    :format(words or "", helper.environment(), helper.interpreter, helper.quote(path))))
end

--- Runs it to its end with these arguments.
function faxd.run(arguments)
  return helper.run(("timeout 60 env %s %s lua/bin/faxd %s"):format(helper.environment(),
    helper.interpreter, arguments))
end

--- A socket that hears what a service manager would; close it.
function faxd.manager(folder)
  local socket = assert(require("socket.unix").dgram())
  assert(socket:bind(folder .. "/notify"))
  socket:settimeout(60)
  return {
    environment = ("NOTIFY_SOCKET=%s/notify"):format(folder),
    hear = function()
      return assert(socket:receive())
    end,
    close = function()
      socket:close()
    end,
  }
end

--- Puts a fax into the queue that nobody sends yet.
function faxd.queue(folder, number)
  local done = helper.script([[
    local fax = require "fax"
    local server = assert(fax.connect { directory = arg[1], offline = true })
    assert(server:send(arg[2], { to = arg[3], retries = 5, retry_delay = 3600 }))
    server:close()
    assert(fax.service.stop())
  ]], ("%s/state %s %s"):format(folder, helper.pdf(folder), helper.quote(number)))
  assert(done.status == 0, done.err)
end

return faxd
