-- SPDX-License-Identifier: MIT
-- Connections to a fax server. They are kept in a pool of the worker; each is used by
-- one light thread at a time.

local presence = require "fax.resty.presence"
local wire = require "fax.resty.wire"

local connection = {}

-- By the path of a server: its run. Connections that are kept are of that one.
local boots = {}

local HELLO = { method = "hello", params = { versions = { 1, 1 }, client = "fax.resty 0.1.0" } }
-- Of one worker; who finds them all in use waits for one.
local POOL, BACKLOG = 64, 4096
local IDLE_MS = 60000
local CONNECT_MS, SEND_MS = 10000, 60000

local function unreachable(path, err)
  presence.failed(path, err)
  if err:find("permission denied", 1, true) then
    return nil, ("%s: permission denied"):format(path), "ERROR_ACCESS_DENIED"
  end
  return nil, ("%s: no fax server answers there (%s)"):format(path, err),
    "RPC_S_SERVER_UNAVAILABLE"
end

-- The welcome. Who is not let in is told so before he has said anything.
local function meet(sock)
  local sent, why, code = wire.put(sock, 1, HELLO)
  if not sent and code ~= "RPC_S_CALL_FAILED" then
    return nil, why, code
  end
  return wire.answer(sock)
end

--- A connection that was welcome, and what the welcome says when it is new.
function connection.open(path, timeout, pool)
  local there, err = presence.look(path)
  if not there then
    return unreachable(path, err)
  end
  local sock = ngx.socket.tcp()
  sock:settimeouts(CONNECT_MS, SEND_MS, timeout * 1000)
  local ok
  ok, err = sock:connect("unix:" .. path,
    { pool = (pool or "fax:") .. path, pool_size = POOL, backlog = not pool and BACKLOG or nil })
  if not ok then
    return unreachable(path, tostring(err))
  elseif sock:getreusedtimes() > 0 then
    return sock
  end
  local answer, why, code = meet(sock)
  if not answer then
    sock:close()
    if code == "ERROR_ACCESS_DENIED" then
      presence.failed(path, why)
    end
    return nil, ("%s: %s"):format(path, why), code
  end
  boots[path] = answer.result.boot
  presence.found(path)
  return sock, answer.result
end

--- The run of the server at that path that was last met.
function connection.boot(path)
  return boots[path]
end

--- Back into the pool: nothing is outstanding on it.
function connection.keep(sock)
  sock:setkeepalive(IDLE_MS, POOL)
end

return connection
