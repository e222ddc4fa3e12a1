-- SPDX-License-Identifier: MIT
-- The calls of a fax company's HTTP API, as http_service.lua has them, for
-- http_fsp.lua. Each is made until there is an answer, and all can be made twice:
-- a submission has a key by which the company knows it again.
--   local api = dofile "http_api.lua" { url =, key = }
-- `who` waits: a job, which does not once it is aborted, or a loop. Given back is
-- the answer's table; one that says no has `refused` (a word) and `message`; nil
-- and why when `patience` seconds were not enough: then it may be done or not.
local client = dofile((debug.getinfo(1, "S").source:match("^@(.*/)") or "") .. "http_client.lua")
local fax = require "fax"
local json = require "dkjson"

local REQUEST, LONGEST_PAUSE = 30, 60 -- seconds

local Api = {}
Api.__index = Api

-- ---- one request ----

-- An id goes into paths, so it is one word.
local function is_id(value)
  return type(value) == "string" and value:find("^[%w_-]+$") ~= nil
end

local function value_of(answer, raw)
  if raw then
    return { document = answer.body }
  elseif answer.status == 204 then
    return {}
  end
  local ok, value = pcall(json.decode, answer.body)
  return ok and type(value) == "table" and value or nil
end

-- When to try again: "Retry-After: 30", or soon.
local function again(answer)
  return tonumber((answer.headers["retry-after"] or ""):match("^%d+$") or 1)
end

-- The answer's table; or nil, why, and after how many seconds to try again.
local function once(self, who, timeout, asked)
  local answer, why = client.request(who, { host = self.host, port = self.port,
    method = asked[1], path = self.path .. asked[2], headers = asked.headers, body = asked.body,
    timeout = timeout })
  if not answer then
    return nil, why, 1
  end
  local status, said = answer.status, ("the API answers %d"):format(answer.status)
  if status == 408 or status == 429 or status >= 500 then
    return nil, said, again(answer)
  elseif status >= 300 and status < 400 then -- the key is not for others
    return { refused = "redirected", message = said .. ", which is not followed" }
  end
  local value = value_of(answer, asked.raw and status == 200)
  if status >= 400 then
    value = value or {}
    return { refused = tostring(value.reason or status), message = tostring(value.message or said) }
  elseif not value then
    return nil, "the API's answer is not JSON", 1
  elseif asked.id and not is_id(value.id) then
    return nil, "the API gives no id", 1
  end
  return value
end

-- With pauses that grow.
local function insist(self, who, patience, asked)
  local now = fax.clock.now()
  local deadline, pause = now + patience, 1
  asked.headers = asked.headers or {}
  asked.headers.Authorization = "Bearer " .. self.key
  while true do
    local value, why, after = once(self, who, math.min(REQUEST, deadline - now), asked)
    if value then
      return value
    end
    after = math.max(after, pause)
    if fax.clock.now() + after >= deadline or not who:sleep(after) then
      return nil, why
    end
    now, pause = fax.clock.now(), math.min(2 * pause, LONGEST_PAUSE)
  end
end

-- ---- the calls ----

local function form(fields, document, boundary)
  while document:find(boundary, 1, true) do
    boundary = boundary .. "x"
  end
  local lines = {}
  for name, value in pairs(fields) do
    lines[#lines + 1] = ('--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n')
      :format(boundary, name, (tostring(value):gsub("%c", " ")))
  end
  lines[#lines + 1] = ('--%s\r\nContent-Disposition: form-data; name="document"; filename="fax.tif"'
    .. "\r\nContent-Type: image/tiff\r\n\r\n%s\r\n--%s--\r\n"):format(boundary, document, boundary)
  return table.concat(lines), "multipart/form-data; boundary=" .. boundary
end

--- Hands a fax over: { id =, ... }. With a key that it had before the API gives
--- that fax, and sends none.
function Api:submit(who, patience, key, fields, document)
  local body, kind = form(fields, document, "fax-" .. key)
  return insist(self, who, patience, { "POST", "/faxes", body = body, id = true,
    headers = { ["Idempotency-Key"] = key, ["Content-Type"] = kind } })
end

--- The fax of a key, refused when there is none.
function Api:find(who, patience, key)
  return insist(self, who, patience, { "GET", "/faxes?key=" .. key, id = true })
end

--- { status =, pages_sent =, reason =, message = }
function Api:fax(who, patience, id)
  return insist(self, who, patience, { "GET", "/faxes/" .. id })
end

--- The same, of one that is to be no more; it may be over already.
function Api:cancel(who, patience, id)
  return insist(self, who, patience, { "POST", "/faxes/" .. id .. "/cancel" })
end

--- What has come in: a list of { id =, from = }.
function Api:inbox(who, patience)
  local told = insist(self, who, patience, { "GET", "/inbox" })
  local list = {}
  for _, one in ipairs(told and type(told.faxes) == "table" and told.faxes or {}) do
    list[#list + 1] = type(one) == "table" and is_id(one.id) and one or nil
  end
  return list
end

--- { document = bytes }
function Api:document(who, patience, id)
  return insist(self, who, patience, { "GET", "/inbox/" .. id, raw = true })
end

function Api:remove(who, patience, id)
  return insist(self, who, patience, { "DELETE", "/inbox/" .. id })
end

return function(options)
  local host, port, path = client.url(options.url)
  return setmetatable({ host = host, port = port, path = path, key = options.key }, Api)
end
