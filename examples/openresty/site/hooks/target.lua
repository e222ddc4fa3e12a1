-- SPDX-License-Identifier: MIT
-- Where a hook points: its parts, and whether this site may call there.

local resolve = require "site.hooks.resolve"
local settings = require "site.settings"

local target = {}

local ports = { http = 80, https = 443 }

local function refused(why)
  return nil, "url: " .. why, "ERROR_INVALID_PARAMETER"
end

-- "[::1]:80", "name", "1.2.3.4:80"
local function split(authority)
  local host, rest = authority:match("^%[([%x:.]+)%](.*)$")
  if not host then
    host, rest = authority:match("^([%w.-]+)(.*)$")
  end
  local port = rest and (rest == "" or rest:match("^:(%d+)$"))
  return port and host, tonumber(port)
end

--- { scheme =, host =, port =, path =, authority = }; nil, why, code.
function target.parse(url)
  if type(url) ~= "string" or #url > 2000 or url:find("[^\33-\126]") or url:find("#", 1, true) then
    return refused "http://host/path expected, of 2,000 characters at most"
  end
  local scheme, authority, path = url:match("^(https?)://([^/?]+)(.*)$")
  if not scheme then
    return refused "http:// or https:// expected"
  end
  local host, port = split(authority)
  port = port or ports[scheme]
  if not host or port < 1 or port > 65535 then
    return refused "a host, and perhaps a port, expected"
  elseif scheme == "https" and not settings.hooks_https then
    return refused "https is not set up here"
  end
  return { scheme = scheme, host = host, port = port, authority = authority,
    path = path:find("^/") and path or "/" .. path }
end

-- ---- addresses ----

-- first, bits
local private = { { "0.0.0.0", 8 }, { "10.0.0.0", 8 }, { "100.64.0.0", 10 }, { "127.0.0.0", 8 },
  { "169.254.0.0", 16 }, { "172.16.0.0", 12 }, { "192.0.0.0", 24 }, { "192.168.0.0", 16 },
  { "198.18.0.0", 15 }, { "224.0.0.0", 3 } }

local function number_of(address)
  local a, b, c, d = address:match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$")
  return ((a * 256 + b) * 256 + c) * 256 + d
end

-- Of IPv6 what the world reaches, but for addresses within which others are.
local function is_public6(address)
  local first, second = address:match("^(%x+):(%x*)")
  first, second = tonumber(first or "", 16), tonumber(second or "", 16) or 0
  return first ~= nil and first >= 0x2000 and first <= 0x3fff and first ~= 0x2002
    and not (first == 0x2001 and second < 0x200)
end

--- Whether the whole world reaches that address.
function target.is_public(address)
  if address:find(":", 1, true) then
    return is_public6(address)
  end
  local number = number_of(address)
  for _, one in ipairs(private) do
    local size = 2 ^ (32 - one[2])
    if math.floor(number / size) == math.floor(number_of(one[1]) / size) then
      return false
    end
  end
  return true
end

--- The address to connect to; nil and why. The name is looked up once, so that
--- what was looked at is what is called.
function target.address(parsed)
  local list, why = resolve.all(parsed.host)
  if not list then
    return nil, why
  end
  for _, address in ipairs(list) do
    if not settings.hooks_private and not target.is_public(address) then
      return nil, parsed.host .. ": an address of this network"
    end
  end
  return list[1]
end

return target
