-- SPDX-License-Identifier: MIT
-- HTTP/1.1 for coroutines of a loop, over LuaSocket: one request a connection,
-- with a time for all of it. Whoever waits is a job or a loop: `who:wait(...)`.
-- No redirects, no TLS (put a proxy as stunnel before it), and a host's name is
-- looked up with the loop standing still: use an address, or /etc/hosts.
local fax = require "fax"
local socket = require "socket"

local client = {}

-- What an answer may take: bytes of a line, lines of its head, bytes of its body.
local LINE, LINES, BODY = 8192, 100, 16 * 1024 * 1024

-- ---- a connection: bytes in and out, in time ----

local Connection = {}
Connection.__index = Connection

--- Of a socket (takes), for `timeout` seconds.
function client.connection(sock, who, timeout)
  sock:settimeout(0)
  return setmetatable({ socket = sock, who = who, buffer = "",
    deadline = fax.clock.now() + timeout }, Connection)
end

function Connection:close()
  self.socket:close()
end

function Connection:ready(mode)
  local left = self.deadline - fax.clock.now()
  if left <= 0 then
    return nil, "no answer in time"
  end
  return self.who:wait(self.socket, mode, left)
end

function Connection:open(host, port)
  local ok, why = self.socket:connect(host, port)
  if not ok and why == "timeout" then
    ok, why = self:ready("w")
    if ok then
      ok, why = self.socket:connect(host, port)
    end
  end
  if ok or why == "already connected" then
    return true
  end
  return nil, why
end

function Connection:write(bytes)
  local from = 1
  while from <= #bytes do
    local last, why, part = self.socket:send(bytes, from)
    from = (last or part) + 1
    if not last then
      local ok = why == "timeout"
      if ok then
        ok, why = self:ready("w")
      end
      if not ok then
        return nil, why
      end
    end
  end
  return true
end

-- Puts what comes behind the buffer.
function Connection:more()
  while true do
    local data, why, part = self.socket:receive(65536)
    if (data or part) ~= "" then
      self.buffer = self.buffer .. (data or part)
      return true
    elseif why ~= "timeout" then
      return nil, why
    end
    local ok
    ok, why = self:ready("r")
    if not ok then
      return nil, why
    end
  end
end

function Connection:line()
  while true do
    local line, rest = self.buffer:match("^([^\n]*)\n(.*)$")
    if line then
      self.buffer = rest
      return (line:gsub("\r$", ""))
    elseif #self.buffer > LINE then
      return nil, "a line of the head is too long"
    end
    local ok, why = self:more()
    if not ok then
      return nil, why
    end
  end
end

function Connection:take(count)
  local parts, have = { self.buffer }, #self.buffer
  while have < count do
    self.buffer = ""
    local ok, why = self:more()
    if not ok then
      return nil, "it is cut short: " .. why
    end
    parts[#parts + 1] = self.buffer
    have = have + #self.buffer
  end
  local all = table.concat(parts)
  self.buffer = all:sub(count + 1)
  return all:sub(1, count)
end

-- All until the other side closes.
function Connection:rest()
  local ok, why
  repeat
    ok, why = self:more()
  until not ok or #self.buffer > BODY
  if ok then
    return nil, "it is too long"
  elseif why ~= "closed" then
    return nil, why
  end
  return self.buffer
end

-- ---- a message ----

-- The header lines up to the empty one, by lower-case name.
local function read_headers(self)
  local headers = {}
  for _ = 1, LINES do
    local line, why = self:line()
    if not line then
      return nil, why
    elseif line == "" then
      return headers
    end
    local name, value = line:match("^([%w_-]+):[ \t]*(.-)[ \t]*$")
    if not name then
      return nil, "a broken header"
    end
    name = name:lower()
    headers[name] = headers[name] and headers[name] .. ", " .. value or value
  end
  return nil, "too many headers"
end

--- The first line and the headers, or nil and why.
function Connection:head()
  local first, why = self:line()
  if not first then
    return nil, why
  end
  local headers
  headers, why = read_headers(self)
  return headers and first, headers or why
end

local function read_chunked(self)
  local chunks, total = {}, 0
  while true do
    local line, why = self:line()
    local size = line and tonumber(line:match("^(%x+)%s*$") or line:match("^(%x+)%s*;") or "", 16)
    if not size or total + size > BODY then
      return nil, why or "a broken chunk"
    elseif size == 0 then
      break
    end
    local chunk
    chunk, why = self:take(size)
    if not chunk or self:line() ~= "" then
      return nil, why or "a broken chunk"
    end
    chunks[#chunks + 1], total = chunk, total + size
  end
  local trailers, why = read_headers(self)
  return trailers and table.concat(chunks), why
end

--- The body that these headers announce; without a length all until the close.
function Connection:body(headers)
  local coding, length = headers["transfer-encoding"], headers["content-length"]
  if coding then
    if length or coding:lower() ~= "chunked" then
      return nil, "an unknown coding"
    end
    return read_chunked(self)
  elseif not length then
    return self:rest()
  elseif not length:find("^%d+$") or tonumber(length) > BODY then
    return nil, "a bad length"
  end
  return self:take(tonumber(length))
end

local function read_answer(self)
  local first, headers, status
  repeat
    first, headers = self:head()
    status = first and tonumber((first .. " "):match("^HTTP/1%.[01] (%d%d%d) "))
    if not status then
      return nil, first and "that is no HTTP: " .. first:sub(1, 40):gsub("%c", "?") or headers
    end
  until status >= 200 -- before that there are notes on the way
  local body, why = "", nil
  if status ~= 204 and status ~= 304 then
    body, why = self:body(headers)
  end
  if not body then
    return nil, "a broken answer: " .. why
  end
  return { status = status, headers = headers, body = body }
end

-- ---- requests ----

--- Host, port and path of an http URL.
function client.url(text)
  local host, port, path = text:match("^http://([%w.-]+):?(%d*)(.*)$")
  if not host or (path ~= "" and path:sub(1, 1) ~= "/") then
    error("not an http URL: " .. text, 2)
  end
  return host, tonumber(port) or 80, (path:gsub("/$", ""))
end

local function head_of(asked)
  local lines = { ("%s %s HTTP/1.1"):format(asked.method, asked.path),
    ("Host: %s:%d"):format(asked.host, asked.port), "Connection: close",
    ("Content-Length: %d"):format(#(asked.body or "")) }
  for name, value in pairs(asked.headers or {}) do
    lines[#lines + 1] = ("%s: %s"):format(name, (value:gsub("%c", " ")))
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

--- { method =, host =, port =, path =, headers =, body =, timeout = } asked by
--- `who`: { status =, headers =, body = }, or nil and why; then the request may
--- have got there or not.
function client.request(who, asked)
  local connection = client.connection(assert(socket.tcp()), who, asked.timeout)
  local answer
  local ok, why = connection:open(asked.host, asked.port)
  if ok then
    ok, why = connection:write(head_of(asked) .. (asked.body or ""))
  end
  if ok then
    answer, why = read_answer(connection)
  end
  connection:close()
  return answer, why
end

return client
