-- SPDX-License-Identifier: MIT
-- A small imitation of an HTTP fax provider, on the loopback device and in the
-- loop of whoever makes one: what http_fsp.lua is shown and tested against.
--   local service = dofile "http_service.lua" { key = "secret" }
--   service.url, service:arrive { from =, document = }, service:close()
--
--   POST   /v1/faxes            a form: to, from, first_page, pages, document
--   GET    /v1/faxes/ID         { id, status, pages_sent, reason, message }
--   GET    /v1/faxes?key=KEY    the same, by its Idempotency-Key
--   POST   /v1/faxes/ID/cancel  the same
--   GET    /v1/inbox            { faxes = { { id, from } } }
--   GET    /v1/inbox/ID         the document
--   DELETE /v1/inbox/ID
local folder = debug.getinfo(1, "S").source:match("^@(.*/)") or ""
local client = dofile(folder .. "http_client.lua")
local fax = require "fax"
local socket = require "socket"

local Service = {}
Service.__index = Service

-- What becomes of a fax: a state for each time that it is asked for.
local USUAL = { { status = "queued" }, { status = "dialing" },
  { status = "sending", pages_sent = 1 }, { status = "delivered" } }

local TIMEOUT = 30

-- ---- the API: functions(service, request, id) -> status, value ----

-- A part of a form, by its name.
local function part(request, name)
  local boundary = request.headers["content-type"]:match('boundary="?([^"]*)')
  local _, from = request.body:find(('; name="%s"'):format(name), 1, true)
  if from then
    _, from = request.body:find("\r\n\r\n", from, true)
    local to = request.body:find("\r\n--" .. boundary, from, true)
    return request.body:sub(from + 1, to - 1)
  end
end

local function find(list, key, value)
  for i, one in ipairs(list) do
    if one[key] == value then
      return one, i
    end
  end
end

-- As it is now.
local function shown(one)
  local state = one.cancelled and { status = "cancelled" }
    or one.script[math.min(one.asked, #one.script)]
  local all = { id = one.id, remote_id = "The other side" }
  if state.status == "delivered" then
    all.pages_sent = one.pages
  end
  for key, value in pairs(state) do
    all[key] = value
  end
  return all
end

local function submit(self, request)
  local key = request.headers["idempotency-key"]
  local known = find(self.faxes, "key", key)
  if known then
    return 200, shown(known)
  end
  local to = part(request, "to")
  if not to:find("^%+?[%d ]+$") then
    return 422, { reason = "bad_number", message = "that is no number" }
  end
  local one = { id = ("fax-%d"):format(#self.faxes + 1), key = key, to = to, asked = 1,
    from = part(request, "from"), document = part(request, "document"),
    first_page = tonumber(part(request, "first_page")), pages = tonumber(part(request, "pages")),
    script = self.scripts[to] or USUAL }
  self.faxes[#self.faxes + 1] = one
  return 201, shown(one)
end

local function status(self, _, id)
  local one = find(self.faxes, "id", id)
  if not one then
    return 404, { reason = "unknown" }
  end
  one.asked = one.asked + 1
  return 200, shown(one)
end

local function by_key(self, _, key)
  local one = find(self.faxes, "key", key)
  if not one then
    return 404, { reason = "unknown" }
  end
  return 200, shown(one)
end

-- One that is over stays what it was.
local function cancel(self, _, id)
  local one = find(self.faxes, "id", id)
  if not one then
    return 404, { reason = "unknown" }
  end
  local now = shown(one).status
  one.cancelled = now ~= "delivered" and now ~= "failed"
  return 200, shown(one)
end

local function inbox(self)
  local list = {}
  for i, one in ipairs(self.inbox) do
    list[i] = { id = one.id, from = one.from }
  end
  return 200, { faxes = list }
end

local function download(self, _, id)
  local one = find(self.inbox, "id", id)
  if not one then
    return 404, { reason = "unknown" }
  end
  return 200, one.document
end

local function remove(self, _, id)
  local _, at = find(self.inbox, "id", id)
  if at then
    table.remove(self.inbox, at)
  end
  return 204
end

local routes = {
  { "POST", "^/v1/faxes$", submit },
  { "GET", "^/v1/faxes/([%w-]+)$", status },
  { "GET", "^/v1/faxes%?key=([%w-]+)$", by_key },
  { "POST", "^/v1/faxes/([%w-]+)/cancel$", cancel },
  { "GET", "^/v1/inbox$", inbox },
  { "GET", "^/v1/inbox/([%w-]+)$", download },
  { "DELETE", "^/v1/inbox/([%w-]+)$", remove },
}

local function route(self, request)
  if request.headers.authorization ~= "Bearer " .. self.key then
    return 401, { reason = "unauthorized" }
  end
  for _, one in ipairs(routes) do
    local id = request.method == one[1] and request.path:match(one[2])
    if id then
      return one[3](self, request, id)
    end
  end
  return 404, { reason = "no_such_call" }
end

-- ---- HTTP ----

local function read_request(connection)
  local first, headers = connection:head()
  local method, path = (first or ""):match("^(%u+) (%S+) HTTP/1%.1$")
  local body = method and connection:body(headers)
  return body and { method = method, path = path, headers = headers, body = body }
end

-- A document goes in chunks, the rest with its length.
local function answer_of(code, value)
  local head = ("HTTP/1.1 %d As-it-is\r\nConnection: close\r\n"):format(code)
  if type(value) ~= "string" then
    local body = value and fax.json(value) or ""
    return ("%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"):format(head,
      #body, body)
  end
  local parts = { head, "Transfer-Encoding: chunked\r\n\r\n" }
  for from = 1, #value, 1000 do
    local chunk = value:sub(from, from + 999)
    parts[#parts + 1] = ("%x\r\n%s\r\n"):format(#chunk, chunk)
  end
  return table.concat(parts) .. "0\r\n\r\n"
end

-- `self.fault(request)` may say what goes wrong: a text that is sent instead of
-- the answer; "lost": the answer never comes, but it was done; "silent": nothing
-- is done, and nothing is said until the other side gives up.
local function serve(self, connection)
  local request = read_request(connection)
  if not request then
    return
  end
  self.log[#self.log + 1] = request.method .. " " .. request.path
  local fault = self.fault and self.fault(request)
  if fault == "silent" then
    connection:more()
  elseif fault and fault ~= "lost" then
    connection:write(fault)
  else
    local answer = answer_of(route(self, request))
    if not fault then
      connection:write(answer)
    end
  end
end

local function accept(self, loop, listener)
  while not self.closed and loop:wait(listener, "r") do
    local sock = not self.closed and listener:accept()
    if sock then
      loop:spawn(function()
        local connection = client.connection(sock, loop, TIMEOUT)
        serve(self, connection)
        connection:close()
      end)
    end
  end
  listener:close()
end

--- A fax has come in: { from =, document = }.
function Service:arrive(one)
  self.arrived = self.arrived + 1
  self.inbox[#self.inbox + 1] = { id = ("in-%d"):format(self.arrived), from = one.from,
    document = one.document }
end

--- Ends it at the loop's next turn, for which it calls itself up.
function Service:close()
  self.closed = true
  local sock = socket.connect("127.0.0.1", self.port)
  if sock then
    sock:close()
  end
end

return function(options)
  local listener = assert(socket.bind("127.0.0.1", options.port or 0))
  listener:settimeout(0)
  local _, port = listener:getsockname()
  local self = setmetatable({ key = options.key, url = ("http://127.0.0.1:%d/v1"):format(port),
    port = tonumber(port), scripts = {}, faxes = {}, inbox = {}, log = {}, arrived = 0 },
    Service)
  local loop = fax.loop()
  loop:spawn(accept, self, loop, listener)
  return self
end
