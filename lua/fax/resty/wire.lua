-- SPDX-License-Identifier: MIT
-- Messages to a fax server over nginx's cosockets (docs/protocol.md).

local json = require "fax.resty.json"

local wire = {}

local CHUNK = 65536

local lost = { RPC_S_SERVER_UNAVAILABLE = true, RPC_S_CALL_FAILED = true, ERROR_TIMEOUT = true,
  ERROR_FILE_TOO_LARGE = true }

--- Whether that error is, or may be, one of the connection, not of the server's.
function wire.is_lost(code)
  return lost[code] == true
end

--- nil, why, code of what a cosocket says.
local function gone(err)
  if err == "timeout" then
    return nil, "the fax server is silent", "ERROR_TIMEOUT"
  end
  return nil, "the fax server went away: " .. tostring(err), "RPC_S_CALL_FAILED"
end

wire.gone = gone

local function nonsense(what)
  return nil, "the fax server broke the protocol: " .. what, "RPC_S_CALL_FAILED"
end

-- ---- one request on a connection ----

-- A string, or { size =, read = function that gives the next part }.
local function send_content(sock, content)
  if type(content) == "string" then
    return sock:send(content)
  end
  local left = content.size
  while left > 0 do
    local part = content.read(math.min(left, CHUNK))
    if not part then
      return nil, "the document became shorter while it was sent"
    end
    left = left - #part
    local sent, err = sock:send(part)
    if not sent then
      return nil, err
    end
  end
  return true
end

local function size_of(content)
  return content and (type(content) == "string" and #content or content.size) or nil
end

-- Most calls have few members, and these are always the same.
local begin = setmetatable({}, { __index = function(all, method)
  all[method] = ('{"jsonrpc":"2.0","method":"%s","id":'):format(method)
  return all[method]
end })

--- What a request { params =, content = } has behind its id; nil and why. `on` is
--- what is asked.
function wire.tail(request, on)
  local size, params = size_of(request.content), request.params
  local tail = on and ',"on":' .. on or ""
  if size then
    tail = tail .. (',"attachment":%d'):format(size)
  end
  if params and next(params) ~= nil then
    local given, why = json.told(params)
    if not given then
      return nil, why
    end
    tail = tail .. ',"params":' .. given
  end
  return tail
end

function wire.line(id, method, tail)
  return begin[method] .. id .. tail .. "}\n"
end

--- Sends a request { method =, on =, params =, content = }.
function wire.put(sock, id, request)
  local tail, why = wire.tail(request, request.on)
  if not tail then
    return nil, why, "ERROR_INVALID_PARAMETER"
  end
  local sent, err = sock:send(wire.line(id, request.method, tail))
  if sent and request.content then
    sent, err = send_content(sock, request.content)
  end
  if not sent then
    return gone(err)
  end
  return true
end

--- nil, why, code of the error in an answer.
function wire.refused(err)
  local code = tonumber(err.code) or 0
  if code <= 0 then
    return nil, "the fax server refused the call: " .. tostring(err.message),
      "ERROR_NOT_SUPPORTED"
  end
  local name = type(err.data) == "table" and err.data.name or ("ERROR_%d"):format(code)
  return nil, err.message, name
end

--- Reads one message: the message, with `content` when raw bytes came with it. A file
--- of more than `most` bytes is left there: what is lost then is the connection.
function wire.take(sock, most)
  local line, err = sock:receive("*l")
  if not line then
    return gone(err)
  end
  local message = json.heard(line)
  if type(message) ~= "table" then
    return nonsense("a message is no JSON")
  elseif not message.attachment then
    return message
  end
  if most and message.attachment > most and not message.attached then
    return nil, ("a file of %d bytes, %d are taken"):format(message.attachment, most),
      "ERROR_FILE_TOO_LARGE"
  end
  message.content = ""
  if message.attachment > 0 then
    message.content, err = sock:receive(message.attachment)
  end
  if not message.content then
    return gone(err)
  elseif message.attached then
    message.result, message.content = json.heard(message.content), nil
  end
  return message
end

--- The answer to a request: its message; else nil, why, code.
function wire.answer(sock, most)
  local message, why, code = wire.take(sock, most)
  if not message then
    return nil, why, code
  elseif message.error then
    return wire.refused(message.error)
  elseif type(message.result) ~= "table" then
    return nonsense("an answer has no result")
  end
  return message
end

function wire.ask(sock, request)
  local sent, why, code = wire.put(sock, 1, request)
  if not sent then
    return nil, why, code
  end
  return wire.answer(sock, request.most)
end

--- Appends the items of the next part of a long array.
function wire.extend(all, page)
  for key, list in pairs(page) do
    if type(list) == "table" and type(all[key]) == "table" then
      for i = 1, #list do
        table.insert(all[key], list[i])
      end
    end
  end
end

--- As ask, with the parts of a long array put together: result, content.
function wire.ask_all(sock, request)
  local answer, why, code = wire.ask(sock, request)
  local all = answer
  while answer and answer.cursor do
    answer, why, code = wire.ask(sock, { method = "cursor.next", on = answer.cursor })
    if answer then
      wire.extend(all.result, answer.result)
    end
  end
  if not answer then
    return nil, why, code
  end
  return all.result, all.content
end

return wire
