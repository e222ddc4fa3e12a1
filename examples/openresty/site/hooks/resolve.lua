-- SPDX-License-Identifier: MIT
-- Addresses of a name, asked of the name server of the settings by UDP. nginx's own
-- resolver does not tell what it found, and that is to be looked at first.

local digest = require "site.digest"
local settings = require "site.settings"

local resolve = {}

local SECONDS, TRIES = 3, 2
local A, AAAA, INTERNET = 1, 28, 1

local function is_v4(host)
  local parts = { host:match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$") }
  for _, part in ipairs(parts) do
    if tonumber(part) > 255 or #part > 3 then
      return false
    end
  end
  return #parts == 4
end

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

local function show(data)
  if #data == 4 then
    return ("%d.%d.%d.%d"):format(data:byte(1, 4))
  end
  local groups = {}
  for i = 1, 16, 2 do
    groups[#groups + 1] = ("%x"):format(number16(data, i))
  end
  return table.concat(groups, ":")
end

local function addresses(text, kind, list)
  local at = skip_name(text, 13) + 4
  for _ = 1, number16(text, 7) do
    at = skip_name(text, at)
    local found, size = number16(text, at), number16(text, at + 8)
    local data = text:sub(at + 10, at + 9 + size)
    if found == kind and #data == (kind == A and 4 or 16) then
      list[#list + 1] = show(data)
    end
    at = at + 10 + size
  end
end

-- ---- asking ----

local function ask(sock, name, kind, list)
  local id = tonumber(digest.random(2), 16)
  local asked = question(id, name, kind)
  if not asked then
    return nil, "no name of a host"
  end
  for _ = 1, TRIES do
    sock:send(asked)
    local text = sock:receive(4096)
    if text and #text >= 12 and number16(text, 1) == id and text:byte(3) >= 128 then
      addresses(text, kind, list)
      return true
    end
  end
  return nil, "the name server is silent"
end

--- All addresses of a host, at least one; nil and why.
function resolve.all(host)
  if is_v4(host) or host:find(":", 1, true) then
    return { host }
  elseif host == "localhost" then
    return { "127.0.0.1" }
  elseif not settings.resolver then
    return nil, host .. ": no name server is set up here"
  end
  local address, port = settings.resolver:match("^([^:]+):?(%d*)$")
  local sock, list = ngx.socket.udp(), {}
  sock:settimeout(SECONDS * 1000)
  local ok, why = sock:setpeername(address, tonumber(port) or 53)
  ok = ok and ask(sock, host, A, list)
  if ok and #list == 0 then
    ok, why = ask(sock, host, AAAA, list)
  end
  sock:close()
  if not ok or #list == 0 then
    return nil, ("%s: %s"):format(host, why or "no address")
  end
  return list
end

return resolve
