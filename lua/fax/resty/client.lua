-- SPDX-License-Identifier: MIT
-- Asking a fax server: for a handle that only says who asks (each call takes a
-- connection of the pool), and on a connection of one's own, which has what was
-- opened on it.

local connection = require "fax.resty.connection"
local presence = require "fax.resty.presence"
local repeats = require "fax.resty.repeats"
local trunk = require "fax.resty.trunk"
local wire = require "fax.resty.wire"

local client = {}

-- A session when the handle is for another user, or has less rights.
local function open_session(sock, at)
  if not at.user and not at.rights then
    return true
  end
  local answer, why, code = wire.ask(sock, { method = "session.open",
    params = { user = at.user, rights = at.rights and { at.rights } } })
  if not answer then
    return nil, why, code
  end
  return answer.result.handle
end

-- After a loss nothing can be told on it any more.
local function release(at, sock, session, code)
  if wire.is_lost(code) then
    presence.lost(at.path)
    sock:close()
    return
  end
  if type(session) == "number" then
    local closed, _, lost = wire.ask(sock, { method = "handle.close", on = session })
    if not closed and wire.is_lost(lost) then
      sock:close()
      return
    end
  end
  connection.keep(sock)
end

local function exchange(at, request)
  local sock, why, code = connection.open(at.path, at.timeout)
  if not sock then
    return nil, why, code
  end
  local session, result, more
  session, why, code = open_session(sock, at)
  if session then
    request.on = type(session) == "number" and session or nil
    request.most = at.most
    result, more, code = wire.ask_all(sock, request)
    why = more
  end
  release(at, sock, session, not result and code or nil)
  if not result then
    return nil, why, code
  end
  return result, more
end

local function may_repeat(request)
  return repeats[request.method] and not request.content
end

--- Asks: the result and the bytes that came with it; else nil, why, code. What
--- may be asked twice is, when the connection had gone meanwhile.
function client.ask(at, request)
  local result, more, code
  if trunk.quick[request.method] and not request.content then
    result, more, code = trunk.ask(at, request)
  end
  if not result and (code == nil or code == "RPC_S_CALL_FAILED") then
    result, more, code = exchange(at, request)
  end
  if not result and code == "RPC_S_CALL_FAILED" then
    if may_repeat(request) then
      return exchange(at, request)
    end
    more = ("%s, during %s, which it may have done"):format(more, request.method)
  end
  return result, more, code
end

-- ---- a connection of one's own ----

local Own = {}
local own_meta = { __index = Own }

local CLOSED = "the handle is not valid"

--- Opens something on a connection of its own: { sock =, on =, handle = }, whose
--- calls are `ask`; the request is what opens it.
function client.open(at, request)
  local sock, why, code = connection.open(at.path, at.timeout, "fax-own:")
  if not sock then
    return nil, why, code
  end
  local session, answer
  session, why, code = open_session(sock, at)
  if session then
    request.on = type(session) == "number" and session or nil
    answer, why, code = wire.ask(sock, request)
  end
  if not answer then
    sock:close()
    return nil, why, code
  end
  return setmetatable({ sock = sock, session = request.on, handle = answer.result.handle,
    most = at.most }, own_meta)
end

--- Asks on the connection; request.on says what is asked.
function Own:ask(request)
  if not self.sock then
    return nil, CLOSED, "ERROR_INVALID_HANDLE"
  end
  request.most = self.most
  local result, more, code = wire.ask_all(self.sock, request)
  if not result and wire.is_lost(code) then
    self:close()
  end
  return result, more, code
end

--- Its end releases all that was opened on it.
function Own:close()
  if self.sock then
    self.sock:close()
    self.sock = nil
  end
end

function Own:closed()
  return self.sock == nil
end

return client
