-- SPDX-License-Identifier: MIT
-- A request that was let in: who asks, what of, and its body, which is kept in
-- memory whole. Its size is known before a byte is read.

local json = require "site.json"
local limits = require "site.limits"
local settings = require "site.settings"

local Request = {}
local meta = { __index = Request }

local request = {}

local MOST_ID = 4294967295
local MOST, USUAL = 200, 50 -- of a list at a time

-- Of a body that is no document.
local SMALL = 64 * 1024

--- One of that key; `params` are the parts of its path that a route names.
function request.new(key, server, params)
  return setmetatable({ key = key, user = key and key.user, server = server, params = params },
    meta)
end

--- Whether the key has that right.
function Request:may(right)
  return self.key.has[right] == true or self.key.has.FAX_ALL_ACCESS == true
end

--- An argument of the query, a text, of which a NUL is no part; nil when it is not
--- there.
function Request:arg(name)
  self.args = self.args or ngx.req.get_uri_args(50)
  local value = self.args[name]
  if type(value) == "table" then
    value = value[1]
  end
  value = type(value) == "string" and value:gsub("%z", "") or ""
  return value ~= "" and value or nil
end

--- A whole number of the query from 1 to `most`; `default` when it is not there.
function Request:number(name, default, most)
  local given = self:arg(name)
  if not given then
    return default
  end
  local value = given:find("^%d+$") and #given <= 10 and tonumber(given)
  if not value or value < 1 or value > most then
    return nil, ("%s: a whole number from 1 to %d expected"):format(name, most),
      "ERROR_INVALID_PARAMETER"
  end
  return value
end

--- How much of a list is asked for.
function Request:limit()
  return self:number("limit", USUAL, MOST)
end

--- The part of a list that is asked for: { limit =, after = what `next` said, or nil }.
function Request:page()
  local limit, why, code = self:limit()
  local after
  if limit then
    after, why, code = self:number("after", false, MOST_ID)
  end
  if after == nil then
    return nil, why, code
  end
  return { limit = limit, after = after or nil }
end

local function too_large(most)
  return nil, ("more than %d bytes"):format(most), "ERROR_FILE_TOO_LARGE", 413
end

--- The body, at most so many bytes; "": there is none.
function Request.body(_, most)
  local length = tonumber(ngx.var.http_content_length)
  -- HTTP/2 sends parts without saying so.
  if ngx.var.http_transfer_encoding or not length and ngx.req.http_version() >= 2 then
    return nil, "the request must say its length", "ERROR_INVALID_PARAMETER", 411
  elseif (length or 0) > most then
    return too_large(most)
  end
  ngx.req.read_body()
  return ngx.req.get_body_data() or ""
end

--- The body of a small request: an object of JSON.
function Request:json()
  local body, why, code, status = self:body(SMALL)
  if not body then
    return nil, why, code, status
  end
  local value
  value, why = json.decode(body)
  if type(value) ~= "table" then
    return nil, "no JSON object: " .. tostring(why or "it is something else"),
      "ERROR_INVALID_DATA", 400
  end
  return value
end

--- The body of an upload, of which a key may have some under way at a time.
function Request:upload()
  local key = self.key
  local wait = limits.count(key, "submissions")
  if wait then
    return nil, "too many submissions of this key", "ERROR_BUSY", 429, wait
  elseif not limits.begin_upload(key) then
    return nil, "too many uploads of this key at a time", "ERROR_BUSY", 429, 1
  end
  local form = (ngx.var.http_content_type or ""):lower():find("multipart/", 1, true) == 1
  return self:body(form and limits.bytes(key) + SMALL or settings.json)
end

--- nil, ...: the document is longer than this key may send.
function Request:check_size(document)
  local most = limits.bytes(self.key)
  if #document > most then
    return too_large(most)
  end
  return true
end

return request
