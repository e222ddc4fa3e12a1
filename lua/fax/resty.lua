-- SPDX-License-Identifier: MIT
-- fax for nginx with its Lua module, and OpenResty: the handles of `fax` over a
-- fax server in another process, with cosockets and light threads only. Nothing
-- here blocks the worker. docs/resty.md shows it.

local share = require "fax.resty.share"

local absent = require "fax.resty.absent"
local config = share "fax.config"
local core = require "fax.resty.core"
local exit = require "fax.resty.exit"
local json = require "fax.resty.json"
local names = share "fax.names"
local options = share "fax.options"
local server = require "fax.resty.server"

require "fax.resty.archive"
require "fax.resty.batch"
require "fax.resty.port"
share "fax.server"
share "fax.port"
require "fax.resty.submit"
require "fax.resty.wait"

local resty = {
  version = core.version,
  const = core.constants,
  err = core.errors,
  routing = names.routing,
  json = json.encode,
  list = json.list,
  on_exit = exit.watch,
}

local known = { socket = "string", directory = "string", user = "string",
  rights = names.rights, timeout = "whole", most = "whole" }

-- Seconds that a call may take: a large document is rendered within one.
local TIMEOUT = 600

-- In these phases of nginx no connection can be made; the first call makes it.
local silent = { init = true, init_worker = true, set = true, header_filter = true,
  body_filter = true, log = true }

-- Those of fax.connect that mean nothing here are refused with the reason.
local function refuse_absent(given)
  for key in pairs(type(given) == "table" and given or {}) do
    local why = not known[key] and absent.option(key, config)
    if why then
      error(("resty.connect: option '%s': %s"):format(key, why), 3)
    end
  end
end

--- FaxConnectFaxServer: a handle of the server whose socket that is. `user` is
--- for whom it asks, `rights` are no more than these; files of more than `most`
--- bytes are not taken.
function resty.connect(given)
  refuse_absent(given)
  local checked = options.check(given, known, "resty.connect", 2)
  if (checked.socket == nil) == (checked.directory == nil) then
    error("resty.connect: give 'socket' or 'directory'", 2)
  end
  local new = server.new {
    path = checked.socket or checked.directory .. "/fax.sock",
    user = checked.user,
    rights = checked.rights,
    timeout = checked.timeout or TIMEOUT,
    most = checked.most,
  }
  if not silent[ngx.get_phase()] then
    local ok, why, code = new:_do("ping")
    if not ok then
      return nil, why, code
    end
  end
  return new
end

return absent.guard(resty)
