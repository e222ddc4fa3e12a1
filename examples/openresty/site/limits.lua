-- SPDX-License-Identifier: MIT
-- How much a key may ask: so many a minute over all workers, so many uploads at a time
-- in this one, and so much that is kept for it.

local settings = require "site.settings"

local limits = {}

local MINUTE = 60
local uploads = {} -- by the id of a key: how many are on their way

-- Seconds until the next minute begins, or nil while there is room in this one.
local function over(name, most)
  local now = ngx.now()
  local minute = math.floor(now / MINUTE)
  local shared = ngx.shared.limits
  local count = shared:incr(name .. " " .. minute, 1, 0, 2 * MINUTE)
  if not count or count <= most then
    return nil
  end
  return math.ceil((minute + 1) * MINUTE - now)
end

--- So much of it the key may have.
function limits.most(key, what)
  return tonumber(key.limits[what]) or settings[what]
end

--- Counts one more request, or one more submission; gives the seconds to wait when
--- it is one too many.
function limits.count(key, what)
  return over(what .. " " .. key.id, limits.most(key, what))
end

--- Counts a wrong key from the address of the request. A right one is never refused
--- for that: who shares an address with others is not to suffer for them.
function limits.wrong_key(why)
  local wait = over("failed " .. ngx.var.binary_remote_addr, settings.failures)
  if wait then
    return nil, "too many wrong keys from this address", "ERROR_BUSY", 429, wait
  end
  return nil, why, "ERROR_LOGON_FAILURE", 401
end

-- For the fax server 0 is no limit.
local function whole(value, most)
  return math.floor(math.max(math.min(value, most), 1))
end

--- Has the fax server refuse an order that would be too much of the key's user in the
--- queue: only it knows what there is, and what the key of a submission finds.
function limits.of_queue(key, order)
  order.queue_limit = whole(limits.most(key, "queued"), 4294967295)
  order.queue_bytes = whole(limits.most(key, "queued_bytes"), 2 ^ 53)
end

--- Bytes of a document at most.
function limits.bytes(key)
  return math.min(tonumber(key.limits.document) or settings.document, settings.document)
end

--- Whether one more upload may begin; `release` ends it, whatever becomes of the
--- request.
function limits.begin_upload(key)
  local count = uploads[key.id] or 0
  if count >= limits.most(key, "uploads") then
    return false
  end
  uploads[key.id] = count + 1
  ngx.var.upload = key.id -- unlike ngx.ctx, it is there behind an error_page
  return true
end

--- From log_by_lua, which runs at the end of each request.
function limits.release()
  local id = ngx.var.upload
  if uploads[id] then
    uploads[id] = uploads[id] > 1 and uploads[id] - 1 or nil
  end
end

return limits
