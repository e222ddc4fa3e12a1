-- SPDX-License-Identifier: MIT
-- Handles of the fax server, one for each user and set of rights in a worker: they
-- hold no connection, and all requests share them.

local resty = require "fax.resty"
local settings = require "site.settings"

local server = {}

local handles = {}

--- For whom a key asks; nil, why, code when the fax server is away.
function server.of(key)
  local name = key.user .. "\0" .. table.concat(key.rights, " ")
  local handle, why, code = handles[name], nil, nil
  if not handle then
    handle, why, code = resty.connect { socket = settings.socket, user = key.user,
      rights = key.rights, timeout = settings.seconds, most = settings.file }
    handles[name] = handle
  end
  return handle, why, code
end

local own

--- The account of nginx itself, which asks only whether somebody is there.
function server.own()
  local why, code
  if not own then
    own, why, code = resty.connect { socket = settings.socket, timeout = settings.health }
  end
  return own, why, code
end

return server
