-- SPDX-License-Identifier: MIT
-- One POST to a receiver, of whom only the status is heard. However he behaves, it
-- ends in time and takes little memory.

local target = require "site.hooks.target"

local post = {}

local CONNECT = 10    -- seconds
local MOST_LINE = 1024 -- bytes of the first line of an answer

local function request_of(parsed, headers, body)
  local lines = { ("POST %s HTTP/1.1"):format(parsed.path), "Host: " .. parsed.authority,
    "User-Agent: fax-site", "Content-Type: application/json", "Content-Length: " .. #body,
    "Connection: close" }
  for name, value in pairs(headers) do
    lines[#lines + 1] = name .. ": " .. value
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n" .. body
end

local function left(deadline)
  ngx.update_time()
  return math.max(deadline - ngx.now(), 0.001) * 1000
end

local function first_line(sock, deadline)
  local text = ""
  while not text:find("\n", 1, true) and #text < MOST_LINE do
    sock:settimeout(left(deadline))
    local part, why = sock:receiveany(MOST_LINE)
    if not part then
      return nil, why
    end
    text = text .. part
  end
  return text:match("^HTTP/1%.[01] (%d%d%d)[ \r\n]"), "it answers no HTTP"
end

local function exchange(sock, parsed, headers, body, deadline)
  if parsed.scheme == "https" then
    local ok, why = sock:sslhandshake(nil, parsed.host, true)
    if not ok then
      return nil, why
    end
  end
  sock:settimeout(left(deadline))
  local sent, why = sock:send(request_of(parsed, headers, body))
  if not sent then
    return nil, why
  end
  return first_line(sock, deadline)
end

-- To the first that takes the connection, which is one of those that were looked at.
local function connect(list, port, deadline)
  local ok, why
  for i, address in ipairs(list) do
    local sock, share = ngx.socket.tcp(), left(deadline) / (#list - i + 1)
    sock:settimeout(math.min(CONNECT * 1000, share))
    ok, why = sock:connect(address:find(":", 1, true) and "[" .. address .. "]" or address, port)
    if ok then
      return sock
    end
  end
  return nil, why
end

--- The status that the receiver answers with within so many seconds; nil and why.
function post.send(parsed, headers, body, seconds)
  local list, why = target.addresses(parsed)
  if not list then
    return nil, why
  end
  local deadline = ngx.now() + seconds
  local sock, away = connect(list, parsed.port, deadline)
  if not sock then
    return nil, tostring(away)
  end
  local status
  status, why = exchange(sock, parsed, headers, body, deadline)
  sock:close()
  return tonumber(status), not status and tostring(why) or nil
end

return post
