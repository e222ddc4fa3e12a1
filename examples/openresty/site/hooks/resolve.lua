-- SPDX-License-Identifier: MIT
-- Addresses of a name, asked of the name server of the settings by UDP. nginx's own
-- resolver does not tell what it found, and that is to be looked at first.

local address = require "site.hooks.address"
local digest = require "site.digest"
local settings = require "site.settings"

local resolve = {}

local TRIES = 2
local A, AAAA, INTERNET = 1, 28, 1
local HEAD = 12 -- bytes of a message before the question

-- ---- messages ----

local function bytes16(number)
  return string.char(math.floor(number / 256), number % 256)
end

local function question(id, name, kind)
  local labels = {}
  for label in name:gmatch("[^.]+") do
    if #label > 63 then
      return nil
    end
    labels[#labels + 1] = string.char(#label) .. label
  end
  return bytes16(id) .. "\1\0\0\1\0\0\0\0\0\0" .. table.concat(labels) .. "\0" .. bytes16(kind)
    .. bytes16(INTERNET)
end

local function number16(text, at)
  local high, low = text:byte(at, at + 1)
  return low and high * 256 + low or 0
end

-- Behind a name: labels, then an end or a pointer.
local function skip_name(text, at)
  while true do
    local length = text:byte(at)
    if not length then
      return #text + 1
    elseif length >= 192 then
      return at + 2
    elseif length == 0 then
      return at + 1
    end
    at = at + 1 + length
  end
end

local function addresses(text, kind, list)
  local at = skip_name(text, 13) + 4
  for _ = 1, number16(text, 7) do
    at = skip_name(text, at)
    local found, size = number16(text, at), number16(text, at + 8)
    local data = text:sub(at + 10, at + 9 + size)
    if found == kind and #data == (kind == A and 4 or 16) then
      list[#list + 1] = { data:byte(1, -1) }
    end
    at = at + 10 + size
  end
end

-- ---- asking ----

local function new_question(name, kind)
  local text = question(tonumber(digest.random(2), 16), name, kind)
  return text and { text = text, kind = kind, list = {} }
end

-- Whether a message answers that question: it repeats it.
local function answers(text, asked)
  return #text >= HEAD and text:sub(1, 2) == asked.text:sub(1, 2) and text:byte(3) >= 128
    and text:sub(HEAD + 1, #asked.text) == asked.text:sub(HEAD + 1)
end

local function hear(sock, asked)
  local text = sock:receive(4096)
  for _, one in ipairs(text and asked or {}) do
    if not one.answered and answers(text, one) then
      addresses(text, one.kind, one.list)
      one.answered = true
    end
  end
  return text
end

local function is_open(asked)
  for _, one in ipairs(asked) do
    if not one.answered then
      return true
    end
  end
  return false
end

-- Asks all at once, and again what was not answered.
local function ask(sock, asked)
  for _ = 1, TRIES do
    for _, one in ipairs(asked) do
      if not one.answered then
        sock:send(one.text)
      end
    end
    while is_open(asked) and hear(sock, asked) do -- luacheck: ignore 542
    end
  end
end

-- The address and the port of the name server: "1.2.3.4", "1.2.3.4:53", "::1", "[::1]:53".
local function name_server()
  local given = settings.resolver
  local host, port = given:match("^%[(.*)%]:?(%d*)$")
  if not host then
    host, port = given:match("^([^:]*):?(%d*)$")
  end
  host = host or given
  return host:find(":", 1, true) and "[" .. host .. "]" or host, tonumber(port) or 53
end

local function look_up(host)
  local of4, of6 = new_question(host, A), new_question(host, AAAA)
  if not of4 then
    return nil, host .. ": no name of a host"
  end
  local sock, list = ngx.socket.udp(), of4.list
  sock:settimeout(settings.resolver_seconds * 1000)
  local ok, why = sock:setpeername(name_server())
  if ok then
    ask(sock, { of4, of6 })
  end
  sock:close()
  for _, one in ipairs(of6.list) do
    list[#list + 1] = one
  end
  if not ok or #list == 0 then
    local silent = not of4.answered and not of6.answered
    return nil, ("%s: %s"):format(host, why or silent and "the name server is silent"
      or "no address")
  end
  return list
end

-- What ends in a number is an address for some, in a form of old.
local function is_name(host)
  local last = host:match("([^.]*)%.?$")
  return not last:find("^%d*$") and not last:find("^0[xX]%x*$")
end

--- All addresses of a host as bytes, at least one, those of IPv4 first; nil and why.
function resolve.all(host)
  local literal = address.parse(host)
  if literal then
    return { literal }
  elseif host == "localhost" then
    return { address.parse "127.0.0.1", address.parse "::1" }
  elseif not is_name(host) then
    return nil, host .. ": no address, and no name"
  elseif not settings.resolver then
    return nil, host .. ": no name server is set up here"
  end
  return look_up(host)
end

return resolve
