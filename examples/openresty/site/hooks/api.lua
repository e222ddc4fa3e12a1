-- SPDX-License-Identifier: MIT
-- GET and POST /v1/hooks, GET and DELETE /v1/hooks/ID, POST /v1/hooks/ID/test, pause and
-- resume, GET /v1/hooks/ID/deliveries. A hook belongs to the key that made it.

local delivery = require "site.hooks.delivery"
local digest = require "site.digest"
local found = require "site.found"
local json = require "site.json"
local reply = require "site.reply"
local settings = require "site.settings"
local store = require "site.hooks.store"
local target = require "site.hooks.target"

local api = {}

local kinds = { job = true, port = true, received = true, service = true, config = true,
  archive = true, gap = true }
local members = { url = true, kinds = true, secret = true }

local TURN = 60 -- seconds that the making of a hook takes at most

local function wrong(why)
  return nil, why, "ERROR_INVALID_PARAMETER"
end

local function told(hook, secret)
  return { id = hook.id, url = hook.url, kinds = hook.kinds and json.list(hook.kinds),
    created = hook.created, state = hook.ended and "ended" or hook.paused and "paused" or "active",
    ended = hook.ended, secret = secret }
end

local function own_hooks(request)
  local all, why, code = store.hooks()
  local list = {}
  for _, hook in ipairs(all or {}) do
    if hook.key == request.key.id then
      list[#list + 1] = hook
    end
  end
  table.sort(list, function(a, b)
    return a.created < b.created or a.created == b.created and a.id < b.id
  end)
  return all and list, why, code
end

local with_hooks = found(own_hooks)

local with_hook = found(function(request)
  local hook, why, code = store.hook(request.params.token)
  if hook and hook.key == request.key.id then
    return hook
  elseif hook or not code then
    return nil, "there is no such hook", "ERROR_NOT_FOUND"
  end
  return nil, why, code
end)

-- ---- making one ----

local function check_kinds(given)
  if given == nil or given == json.null then
    return true
  elseif type(given) ~= "table" or #given == 0 then
    return wrong "kinds: a list of kinds expected"
  end
  for _, kind in ipairs(given) do
    if not kinds[kind] then
      return wrong "kinds: job, port, received, service, config, archive, gap"
    end
  end
  return true
end

local function check_secret(given)
  if given ~= nil and (type(given) ~= "string" or #given < 16 or #given > 200) then
    return wrong "secret: a text of 16 to 200 bytes expected"
  end
  return true
end

local function check(given)
  for name in pairs(given) do
    if not members[name] then
      return wrong(tostring(name):sub(1, 50) .. ": unknown")
    end
  end
  local ok, why, code = check_kinds(given.kinds)
  if ok then
    ok, why, code = check_secret(given.secret)
  end
  local parsed
  if ok then
    parsed, why, code = target.parse(given.url)
  end
  if not parsed then
    return nil, why, code
  end
  -- A name may change later; each try looks again.
  ok, why = target.addresses(parsed)
  return ok, why and "url: " .. why, "ERROR_INVALID_PARAMETER", 422
end

-- Counts those that there are, and waits for the disk.
local keep = with_hooks(function(request, list, given)
  if #list >= settings.hooks then
    return nil, ("the key '%s' has %d hooks: no more are allowed; delete some"):format(
      request.key.id, #list), "ERROR_NOT_ENOUGH_QUOTA"
  end
  local hook = { id = digest.random(16), key = request.key.id, url = given.url,
    kinds = type(given.kinds) == "table" and given.kinds or nil,
    secret = given.secret or digest.random(32), created = ngx.now() }
  local ok, why, code = store.save(hook)
  if not ok then
    return nil, why, code
  end
  return reply.json(201, told(hook, hook.secret), { Location = "/v1/hooks/" .. hook.id })
end)

-- Those who make hooks of a key at the same time would all find room for one more; who
-- changes one that another removes would write it anew.
local function one_at_a_time(key, fn, ...)
  local name = "hook " .. key.id
  if not ngx.shared.limits:add(name, true, TURN) then
    return nil, "another request changes the hooks of this key now", "ERROR_BUSY", 429, 1
  end
  local ok, why, code, status = fn(...)
  ngx.shared.limits:delete(name)
  return ok, why, code, status
end

function api.make(request)
  local given, why, code, status = request:json()
  if not given then
    return nil, why, code, status
  end
  local ok
  ok, why, code, status = check(given)
  if not ok then
    return nil, why, code, status
  end
  return one_at_a_time(request.key, keep, request, given)
end

-- ---- the others ----

api.list = with_hooks(function(_, list)
  for i, hook in ipairs(list) do
    list[i] = told(hook)
  end
  return reply.json(200, { hooks = json.list(list) })
end)

api.show = with_hook(function(_, hook)
  return reply.json(200, told(hook))
end)

local forget = with_hook(function(_, hook)
  store.forget(hook.id)
  return reply.empty()
end)

function api.remove(request)
  return one_at_a_time(request.key, forget, request)
end

local function over()
  return nil, "the hook has ended", "ERROR_INVALID_OPERATION"
end

local set_paused = with_hook(function(_, hook, paused)
  if hook.ended then
    return over()
  end
  hook.paused = paused
  local ok, why, code = store.save(hook)
  if not ok then
    return nil, why, code
  end
  return reply.json(200, told(hook))
end)

--- Events are kept for it, and wait until it is resumed.
function api.pause(request)
  return one_at_a_time(request.key, set_paused, request, true)
end

function api.resume(request)
  return one_at_a_time(request.key, set_paused, request, nil)
end

--- Sends an event that nothing has happened for.
api.test = with_hook(function(_, hook)
  if hook.ended then
    return over()
  end
  local one = delivery.new(hook, nil, { kind = "test", time = ngx.now() })
  local ok, why, code = store.hand_over(one)
  if not ok then
    return nil, why, code
  end
  return reply.json(202, { id = one.id })
end)

api.deliveries = with_hook(function(_, hook)
  return reply.json(200, { deliveries = json.list(store.log(hook.id)) })
end)

return api
