-- SPDX-License-Identifier: MIT
-- A receiver of webhooks for specs: an HTTP server on the loopback, that takes one
-- request when it is asked to and answers as it is told.
local helper = require "spec.helper"
local json = require "dkjson"
local socket = require "socket"

local Receiver = {}
local meta = { __index = Receiver }

local Request = {}
local request_meta = { __index = Request }

local receiver = {}

--- On an address of the loopback, and a port, that of IPv4 and any when not given.
function receiver.open(address, at)
  local listener = assert(socket.bind(address or "127.0.0.1", at or 0))
  listener:settimeout(60)
  local _, port = listener:getsockname()
  local host = (address or "127.0.0.1"):gsub("^.*:.*$", "[%0]")
  return setmetatable({ listener = listener, port = tonumber(port), host = host,
    url = ("http://%s:%d/told?x=1"):format(host, port) }, meta)
end

function Receiver:close()
  self.listener:close()
end

local function read(sock)
  sock:settimeout(60)
  local one = setmetatable({ sock = sock, headers = {}, line = assert(sock:receive("*l")) },
    request_meta)
  local line = assert(sock:receive("*l"))
  while line ~= "" do
    local name, value = line:match("^([^:]+): (.*)$")
    one.headers[name:lower()] = value
    line = assert(sock:receive("*l"))
  end
  one.body = assert(sock:receive(tonumber(one.headers["content-length"])))
  one.told = assert(json.decode(one.body))
  return one
end

--- The next request, without an answer yet: { line =, headers = by small letters,
--- body =, told = its JSON }.
function Receiver:take()
  return read(assert(self.listener:accept()))
end

--- Whether nobody waits to be taken.
function Receiver:is_quiet()
  self.listener:settimeout(0)
  local sock = self.listener:accept()
  self.listener:settimeout(60)
  return sock == nil
end

--- Receives well whatever comes until that function gives something: gives that.
function Receiver:serve_until(done)
  local result
  self.listener:settimeout(0.01)
  repeat
    local sock = self.listener:accept()
    if sock then
      read(sock):answer(200)
    end
    result = done()
  until result
  self.listener:settimeout(60)
  return result
end

--- Answers with these bytes, or with that status, and closes.
function Request:answer(what)
  self.sock:send(type(what) == "string" and what
    or ("HTTP/1.1 %d Told\r\nContent-Length: 0\r\n\r\n"):format(what))
  self.sock:close()
  return self
end

--- Takes what comes until there is one that fits, which is not answered; the others
--- are well received.
function Receiver:until_told(fits)
  local one = self:take()
  while not fits(one.told) do
    one:answer(204)
    one = self:take()
  end
  return one
end

--- Whether another program finds its signature right for that secret.
function Request:is_signed(secret)
  local path = helper.write(helper.folder() .. "/signed", ("%s.%s.%s"):format(
    self.headers["fax-timestamp"], self.headers["fax-id"], self.body))
  local done = helper.run(("openssl dgst -sha256 -hmac %s %s"):format(helper.quote(secret), path))
  assert(done.status == 0, done.err)
  return self.headers["fax-signature"] == "v1=" .. done.out:match("(%x+)%s*$")
end

return receiver
