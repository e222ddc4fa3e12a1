-- SPDX-License-Identifier: MIT
-- The one worker that sends: hears events, keeps a delivery of each for each hook
-- that wants it, and tries those that are due, one at a time for each hook. What
-- was not delivered when it ended is on the disk for the next one.

local delay = require "site.hooks.delay"
local delivery = require "site.hooks.delivery"
local ears = require "site.hooks.ears"
local keys = require "site.keys"
local queue = require "site.hooks.queue"
local resty = require "fax.resty"
local semaphore = require "ngx.semaphore"
local settings = require "site.settings"
local store = require "site.hooks.store"

local sender = {}

local hooks, version = {}, nil -- by id
local wants = {}               -- of those that do not want all kinds: kind -> true
local busy, missed = {}, {}    -- those with a try under way; those that could not keep up
local trying = 0               -- how many tries are under way
local wake, leaving

-- ---- one try ----

local function finish(one, state, status, why)
  queue.remove(one)
  store.drop { one }
  store.note(one, state, status, why)
end

-- The receiver wants no more.
local function end_hook(hook)
  hook.ended = ngx.now()
  store.save(hook)
  local rest = queue.clear(hook.id)
  store.drop(rest)
  for _, one in ipairs(rest) do
    store.note(one, "failed", nil, "the hook has ended")
  end
end

local function put_off(one, status, why)
  local now = ngx.now()
  local pause = delay.after(one.tries, settings.hook_first, settings.hook_longest, math.random())
  if now + pause > one.created + settings.hook_life then
    return finish(one, "failed", status, why)
  end
  one.next = now + pause
  store.keep { one }
  store.note(one, "waiting", status, why)
end

local function try(one, hook)
  local status, why = delivery.try(one, hook)
  one.tries = one.tries + 1
  if not hooks[hook.id] then -- it was removed meanwhile
    return store.drop { one }
  elseif status and status >= 200 and status < 300 then
    finish(one, "delivered", status)
  elseif status == 410 then
    finish(one, "failed", status)
    end_hook(hook)
  else
    put_off(one, status, why)
  end
end

local function start(one, hook)
  busy[hook.id], trying = true, trying + 1
  local ok = ngx.timer.at(0, function()
    local done, why = xpcall(try, debug.traceback, one, hook)
    if not done then
      ngx.log(ngx.ERR, "site: a delivery failed: ", why)
      one.next = ngx.now() + settings.hook_first
    end
    busy[hook.id], trying = nil, trying - 1
    wake:post()
  end)
  if not ok then
    busy[hook.id], trying = nil, trying - 1
  end
end

local function start_all(now)
  for id, hook in pairs(hooks) do
    local may = trying < settings.hook_at_once and not busy[id] and not hook.ended
      and not hook.paused and keys.by_id[hook.key]
    local one = may and queue.first(id)
    if one and one.next <= now then
      start(one, hook)
    end
  end
end

-- ---- what there is to send ----

local function set_of(kinds)
  local set = {}
  for _, kind in ipairs(kinds) do
    set[kind] = true
  end
  return set
end

local function load_hooks()
  local seen, list = store.version(), store.hooks()
  if not list then
    return
  end
  hooks, wants, version = {}, {}, seen
  for _, hook in ipairs(list) do
    hooks[hook.id] = hook
    wants[hook.id] = hook.kinds and set_of(hook.kinds)
  end
  store.drop(queue.keep_only(hooks))
end

local function keep(list)
  if #list == 0 then
    return true
  elseif not store.keep(list) then
    return false
  end
  for _, one in ipairs(list) do
    queue.put(one)
    store.note(one, "waiting")
  end
  return true
end

-- A gap may hide events of any kind, so all hear of it.
local function wanted_by(hook, heard)
  local kinds, kind = wants[hook.id], heard.event.kind
  if hook.ended or hook.key ~= heard.key or kinds and kind ~= "gap" and not kinds[kind] then
    return nil
  elseif queue.count(hook.id) >= settings.hook_waiting then
    missed[hook.id] = true
    return nil
  end
  return delivery.new(hook, heard.boot, heard.event)
end

local function hear()
  local heard, list = ears.take(), {}
  for _, hook in pairs(hooks) do
    if missed[hook.id] and queue.count(hook.id) == 0 then
      missed[hook.id] = nil
      list[#list + 1] = delivery.new(hook, nil, { kind = "gap", name = "FEI_FAX_MISSED",
        time = ngx.now() })
    end
    for _, one in ipairs(heard) do
      list[#list + 1] = wanted_by(hook, one)
    end
  end
  if not keep(list) then
    ears.give_back(heard)
  end
end

local function take_over()
  for _, one in ipairs(store.take()) do
    if queue.count(one.hook) < settings.hook_waiting then
      queue.put(one)
      store.note(one, "waiting")
    else
      finish(one, "failed", nil, "too many wait")
    end
  end
end

local function turn()
  if version ~= store.version() then
    load_hooks()
  end
  ears.listen(hooks)
  hear()
  take_over()
  start_all(ngx.now())
end

-- ---- its life ----

local function run()
  for _, one in ipairs(store.deliveries() or {}) do
    queue.put(one)
  end
  while not leaving do
    local done, why = xpcall(turn, debug.traceback)
    if not done then
      ngx.log(ngx.ERR, "site: ", why)
    end
    wake:wait(settings.hook_look)
  end
  hear() -- what came meanwhile
  store.leave(queue.all()) -- the next one may have looked before some were there
end

--- From init_worker_by_lua.
function sender.start()
  if ngx.worker.id() ~= 0 then
    return
  end
  ngx.timer.at(0, function(premature)
    if not premature then
      wake = semaphore.new()
      ears.wake = wake
      resty.on_exit(function()
        leaving = true
        wake:post()
      end)
      run()
    end
  end)
end

return sender
