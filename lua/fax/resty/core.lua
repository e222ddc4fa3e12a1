-- SPDX-License-Identifier: MIT
-- What stands for fax.core within nginx: the constants, the clock, and the
-- methods of handles, whose primitives ask the server (server.lua, port.lua,
-- document.lua of this folder).

local absent = require "fax.resty.absent"
local constants = require "fax.resty.constants"

local core = {
  version = "0.1.0",
  constants = constants.constants,
  errors = constants.errors,
  server_methods = {},
  port_methods = {},
  document_methods = {},
  clock = {},
}

--- Seconds; nginx's clock may be set while it runs, so these are for waits of
--- this worker only.
function core.clock.now()
  ngx.update_time()
  return ngx.now()
end

core.clock.wall = core.clock.now

function core.load()
  return absent.method "load_provider"
end

function core.attach_policy()
  return absent.method "policy"
end

return core
