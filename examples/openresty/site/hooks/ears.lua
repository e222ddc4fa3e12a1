-- SPDX-License-Identifier: MIT
-- What the keys that have hooks may see, as it happens: a subscription each. When
-- one begins, a gap says that nobody has listened before.

local keys = require "site.keys"
local server = require "site.server"

local ears = { wake = nil } -- a semaphore that is posted when something was heard

local MOST = 10000 -- that wait to be kept
local AGAIN = 1    -- seconds before an attempt to listen is made again

local heard = {}
local lost = {} -- key id -> boot: some of its events found no place
local of = {}   -- key id -> { subscription =, boot =, at = }

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

local function begin(id, key)
  local handle = server.of(key)
  local boot = handle and handle:boot()
  local one = { boot = boot, at = ngx.now() }
  of[id] = one
  one.subscription = boot and handle:on("any", function(event)
    one.boot = event.boot or one.boot
    put(id, one.boot, event)
  end)
  if one.subscription then
    put(id, boot, gap(boot))
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
    if not one or is_deaf(one) and ngx.now() - one.at > AGAIN then
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
