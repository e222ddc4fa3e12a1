-- SPDX-License-Identifier: MIT
-- For specs that need a server in another process: a service with two lines that
-- faxctl asks. Its standard output says "pid N", then "listens".
local child = require "spec.support.child"
local helper = require "spec.helper"

local PROGRAM = [[
local fax = require "fax"
print("pid " .. io.open("/proc/self/stat"):read("*a"):match("%d+"))
assert(fax.service.start { directory = os.getenv("FAX_DIRECTORY"), branding = false,
  retries = 0, providers = { { name = "loopback", options = { "lines=2", arg[1] } } } })
local server = assert(fax.connect())
server:on("service", function() end)
print("listens")
io.stdout:flush()
fax.loop():run()
]]

local fax_server = {}

--- Starts one in the folder's "state"; `option` is one more of its lines. It is a
--- child as of spec.support.child.
function fax_server.start(folder, option)
  local program = helper.write(folder .. "/server.lua", PROGRAM)
  return child.command(("%s %s"):format(helper.interpreter, program), folder .. "/state",
    { option or "pace=fast" }):expect("listens")
end

--- Runs faxctl against it: { status =, out =, err = }.
function fax_server.faxctl(folder, arguments)
  return helper.run(("timeout 120 env %s FAX_DIRECTORY=%s/state %s lua/bin/faxctl %s"):format(
    helper.environment(), folder, helper.interpreter, arguments))
end

--- The same as a child; it says its pid first.
function fax_server.follow(folder, arguments)
  return child.told_command(("%s lua/bin/faxctl %s"):format(helper.interpreter, arguments),
    folder .. "/state")
end

return fax_server
