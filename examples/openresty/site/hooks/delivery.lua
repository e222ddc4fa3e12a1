-- SPDX-License-Identifier: MIT
-- A delivery: what is said to a hook, and one try to say it.

local digest = require "site.digest"
local json = require "site.json"
local post = require "site.hooks.post"
local settings = require "site.settings"
local target = require "site.hooks.target"

local delivery = {}

-- The same event has the same id for a hook, also when two workers hear it, or one
-- hears it twice.
local function id_of(hook, boot, event)
  if event.sequence and event.kind ~= "gap" then
    return digest.sha256(("%s.%s.%s"):format(hook.id, boot, event.sequence)):sub(1, 32)
  end
  return digest.random(16)
end

--- One of an event, for that hook; `boot` is the run of the server.
function delivery.new(hook, boot, event)
  local told = {}
  for name, value in pairs(event) do
    told[name] = value
  end
  told.path = nil -- where the server keeps its files is no business of the web
  told.boot = told.boot or boot
  local now = ngx.now()
  local one = { id = id_of(hook, boot, event), hook = hook.id, kind = event.kind, created = now,
    next = now, tries = 0 }
  one.body = json.encode { id = one.id, hook = hook.id, kind = event.kind, created = now,
    event = told }
  return one
end

--- Tries once: the status of the answer, or nil and why.
function delivery.try(one, hook)
  local parsed, why = target.parse(hook.url)
  if not parsed then
    return nil, why
  end
  local time = ("%d"):format(ngx.time())
  return post.send(parsed, { ["Fax-Id"] = one.id, ["Fax-Timestamp"] = time,
    ["Fax-Signature"] = "v1=" .. digest.hmac(hook.secret,
      ("%s.%s.%s"):format(time, one.id, one.body)) }, one.body, settings.hook_seconds)
end

return delivery
