-- SPDX-License-Identifier: MIT
-- What the keys that have hooks may see, as it happens: a subscription each. When
-- one begins, a gap says that nobody has listened before.

local keys = require "site.keys"
local server = require "site.server"

local ears = { wake = nil } -- a semaphore that is posted when something was heard

local MOST = 10000 -- that wait to be kept
-- Seconds before an attempt to listen is made again: from the first to the last, doubled.
local FIRST, LAST = 0.25, 15

local heard = {}
local lost = {} -- key id -> boot: some of its events found no place
local of = {}   -- key id -> { subscription =, boot =, again =, pause =, why = }

-- That the server is away fax.resty says.
local silent = { RPC_S_SERVER_UNAVAILABLE = true, RPC_S_CALL_FAILED = true,
  ERROR_SHUTDOWN_IN_PROGRESS = true }

local function gap(boot)
  return { kind = "gap", name = "FEI_FAX_MISSED", time = ngx.now(), boot = boot }
end

local function put(id, boot, event)
  if #heard >= MOST then
    lost[id] = boot
  else
    heard[#heard + 1] = { key = id, boot = boot, event = event }
  end
  ears.wake:post()
end

-- The subscription of what a key may see, and the run of the server.
local function subscribe(id, key, one)
  local handle, why, code = server.of(key)
  if not handle then
    return nil, why, code
  end
  local subscription
  one.boot, why, code = handle:boot()
  if one.boot then
    subscription, why, code = handle:on("any", function(event)
      one.boot = event.boot or one.boot
      put(id, one.boot, event)
    end)
  end
  return subscription, why, code
end

-- A line when it does not go, and one when it goes again.
local function tell(id, one, why)
  if why and not one.why then
    ngx.log(ngx.ERR, "site: hooks of the key ", id, " hear nothing: ", why)
  elseif one.why and not why then
    ngx.log(ngx.WARN, "site: hooks of the key ", id, " hear again")
  end
  one.why = why
end

local function begin(id, key)
  local one = of[id] or {}
  of[id] = one
  local subscription, why, code = subscribe(id, key, one)
  one.subscription = subscription
  one.pause = not subscription and math.min((one.pause or FIRST / 2) * 2, LAST) or nil
  one.again = ngx.now() + (one.pause or FIRST)
  if subscription then
    put(id, one.boot, gap(one.boot))
    tell(id, one)
  elseif not silent[code] then
    tell(id, one, why)
  end
end

local function is_deaf(one)
  return not one.subscription or one.subscription:closed()
end

--- Listens for the keys of these hooks, and for no others.
function ears.listen(hooks)
  local wanted = {}
  for _, hook in pairs(hooks) do
    wanted[hook.key] = not hook.ended and keys.by_id[hook.key] or wanted[hook.key]
  end
  for id, key in pairs(wanted) do
    local one = of[id]
    if not one or is_deaf(one) and ngx.now() >= one.again then
      begin(id, key)
    end
  end
  for id, one in pairs(of) do
    if not wanted[id] then
      of[id] = nil
      if one.subscription then
        one.subscription:close()
      end
    end
  end
end

--- All that was heard since: { key =, boot =, event = }.
function ears.take()
  local all, missing = heard, lost
  heard, lost = {}, {}
  for id, boot in pairs(missing) do
    all[#all + 1] = { key = id, boot = boot, event = gap(boot) }
  end
  return all
end

--- Those that could not be kept come again.
function ears.give_back(list)
  for _, one in ipairs(heard) do
    list[#list + 1] = one
  end
  heard = list
end

return ears
