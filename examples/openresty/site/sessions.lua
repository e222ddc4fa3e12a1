-- SPDX-License-Identifier: MIT
-- The login of the pages: a random cookie that stands for a key for some hours,
-- known to all workers. What is kept is the cookie's digest, and that of the key: of
-- one that was made anew the old cookies are worth nothing.

local digest = require "site.digest"
local json = require "site.json"
local keys = require "site.keys"
local limits = require "site.limits"
local reply = require "site.reply"
local settings = require "site.settings"

local sessions = {}

local NAME = "fax_session"
local BYTES = 32

local function cookie(value, seconds)
  return ("%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s"):format(NAME, value, seconds,
    settings.secure and "; Secure" or "")
end

local function own()
  local value = ngx.var["cookie_" .. NAME]
  return value and value:find("^%x+$") and #value == 2 * BYTES and digest.sha256(value) or nil
end

-- Of a session that is there.
local function key_of(name)
  local key = name and ngx.shared.sessions:get(name)
  return key and keys.by_digest[key]
end

--- The key that the cookie of the request stands for.
function sessions.key()
  return key_of(own())
end

--- The name of the session that let the request in; nil: a key did.
function sessions.name()
  return not ngx.var.http_authorization and own() or nil
end

--- Whether the session of that name is still one.
function sessions.lives(name)
  return key_of(name) ~= nil
end

--- Goes up with each session that was ended, in any worker.
function sessions.ends()
  return ngx.shared.sessions:get("ends") or 0
end

local function finish(name)
  local shared = ngx.shared.sessions
  if shared:get(name) then
    shared:delete(name)
    shared:incr("ends", 1, 0)
  end
end

--- Whether a request that changes something comes from the site's own pages.
function sessions.is_own_page()
  local site = ngx.var.http_sec_fetch_site
  if site then
    return site == "same-origin"
  end
  local origin = ngx.var.http_origin
  return origin ~= nil and origin:match("^https?://(.+)$") == ngx.var.http_host
end

-- A key has so many at a time; the oldest makes room, so that none can take that of
-- the others.
local function keep(name, key)
  local shared = ngx.shared.sessions
  local number = shared:incr("last " .. key.id, 1, 0) or 0
  local place = ("%s %d"):format(key.id, number % settings.sessions)
  local oldest = shared:get(place)
  if oldest then
    finish(oldest)
  end
  shared:set(place, name, settings.session)
  shared:set(name, key.sha256:lower(), settings.session)
end

local function told(key)
  return { user = key.user, rights = json.list(key.rights), key = key.id }
end

-- nil, ...: a page of another site asks. A program says nothing of where it is.
local function check_origin()
  if (ngx.var.http_origin or ngx.var.http_sec_fetch_site) and not sessions.is_own_page() then
    return nil, "the request does not come from this site", "ERROR_ACCESS_DENIED"
  end
  return true
end

--- POST /v1/session
function sessions.begin(request)
  local ok, refused, name = check_origin()
  if not ok then
    return nil, refused, name
  end
  local given, why, code, status = request:json()
  if not given then
    return nil, why, code, status
  end
  local key = type(given.key) == "string" and keys.find(given.key)
  if not key then
    return limits.wrong_key "there is no such key"
  end
  local wait = limits.count(key, "requests")
  if wait then
    return nil, "too many requests of this key", "ERROR_BUSY", 429, wait
  end
  local value = digest.random(BYTES)
  keep(digest.sha256(value), key)
  return reply.json(201, told(key), { ["Set-Cookie"] = cookie(value, settings.session) })
end

--- GET /v1/session
function sessions.show(request)
  return reply.json(200, told(request.key))
end

--- DELETE /v1/session
function sessions.finish()
  local ok, why, code = check_origin()
  if not ok then
    return nil, why, code
  end
  local name = own()
  if name then
    finish(name)
  end
  return reply.empty { ["Set-Cookie"] = cookie("", 0) }
end

return sessions
