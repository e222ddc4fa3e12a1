-- SPDX-License-Identifier: MIT
-- Where a hook points: its parts, and whether this site may call there.

local address = require "site.hooks.address"
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
  if host and not (host:find(":", 1, true) and address.parse(host)) then
    return nil -- a zone, say
  end
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
  elseif scheme == "https" and address.parse(host) then
    return refused "https needs a name, which the certificate is of"
  end
  return { scheme = scheme, host = host, port = port, authority = authority,
    path = path:find("^/") and path or "/" .. path }
end

--- The addresses to connect to, one after the other, as texts; nil and why. The name is
--- looked up once, so that what was looked at is what is called.
function target.addresses(parsed)
  local list, why = resolve.all(parsed.host)
  if not list then
    return nil, why
  end
  for i, one in ipairs(list) do
    if not settings.hooks_private and not address.is_public(one) then
      return nil, parsed.host .. ": an address of this network"
    end
    list[i] = address.show(one)
  end
  return list
end

return target
