-- SPDX-License-Identifier: MIT
-- Events for any number of listeners of a worker. A hub has one connection to a
-- server (link.lua); each user and set of rights has one subscription on it, a view,
-- since the server shows to each what he may see.

local link = require "fax.resty.link"
local subscribe = require "fax.resty.subscribe"

local Hub = {}
local hub_meta = { __index = Hub }

local hub = {}

local MOST = 64 -- views

-- ---- listeners ----

local function drop(self, view, number)
  if view.listeners[number] then
    view.listeners[number], view.list = nil, nil
    view.count = view.count - 1
    self.count = self.count - 1
  end
end

-- The numbers in a list, which stays as it is while others come and go.
local function numbers(view)
  local list = view.list
  if not list then
    list = {}
    for number in pairs(view.listeners) do
      list[#list + 1] = number
    end
    view.list = list
  end
  return list
end

local function listener(self, number)
  return self.loop._subscriptions[number] or self.loop._iterators[number]
end

local function tell(self, view, event)
  local list = numbers(view)
  for i = 1, #list do
    local one = listener(self, list[i])
    if not one then -- an iterator that was forgotten, or one that was closed
      self:leave(view, list[i])
    else
      local ok, why = pcall(one._tell, one, event)
      if not ok then
        ngx.log(ngx.ERR, "fax.resty: a listener failed: ", tostring(why))
      end
    end
  end
end

-- ---- views ----

local function settle(self, view, why, code)
  local waiters = view.waiters
  view.waiters = {}
  for _, waiter in ipairs(waiters) do
    waiter.why, waiter.code = why, code
    self.loop:_wake(waiter)
  end
end

-- Whoever listened is told that nothing will come.
local function refuse(self, view, why, code)
  self.views[view.key] = nil
  for _, number in ipairs(numbers(view)) do
    local one = listener(self, number)
    drop(self, view, number)
    if one then
      one:close()
    end
  end
  settle(self, view, why, code)
end

local function subscribed(self, view, result)
  view.number = result.subscription
  self.by_number[view.number] = view
  if view.before then
    tell(self, view, { kind = "gap", name = "FEI_FAX_MISSED", time = ngx.now(),
      after = view.last, boot = self.boot, restarted = view.before ~= self.boot })
  end
  view.before, view.last = self.boot, nil
  settle(self, view)
end

local function open(self, view)
  subscribe(self.link, view, function(result, why, code)
    if result then
      subscribed(self, view, result)
    else
      refuse(self, view, why, code)
    end
  end)
end

-- ---- what the link tells ----

function Hub:connected(welcome)
  self.boot, self.online = welcome.boot, true
  for _, view in pairs(self.views) do
    open(self, view)
  end
end

function Hub:event(told)
  local view = self.by_number[told.subscription]
  if view and told.event then
    view.last = told.event.sequence or view.last
    tell(self, view, told.event)
  end
end

--- Whether anybody wants to hear more. Who only now began is told why not.
function Hub:lost(why, code)
  self.online, self.by_number = false, {}
  for key, view in pairs(self.views) do
    view.number = nil
    if not view.before then
      refuse(self, view, why, code)
    elseif view.count == 0 then
      self.views[key] = nil
    end
  end
  return self.count > 0
end

--- The worker is to exit: there will be no connection.
function Hub:gone(why, code)
  for _, view in pairs(self.views) do
    refuse(self, view, why, code)
  end
end

function Hub:ended()
  if not self.leaving and (self.count > 0 or next(self.views)) then
    self.link:start()
  end
end

-- ---- joining and leaving ----

local function key_of(at)
  return ("%s %s"):format(at.rights or "", at.user or "")
end

local function view_for(self, at)
  local key = key_of(at)
  local view = self.views[key]
  if not view then
    view = { key = key, user = at.user, rights = at.rights, listeners = {}, count = 0,
      waiters = {} }
    self.views[key] = view
    if self.online then
      open(self, view)
    end
  end
  return view
end

-- So many more, or fewer, listen or are about to.
local function count(self, view, more)
  view.count, self.count = view.count + more, self.count + more
end

-- Waits for the answer of the server: true, or nil, why, code.
local function await(self, view)
  if self.leaving then
    return nil, "the worker is leaving", "ERROR_SHUTDOWN_IN_PROGRESS"
  end
  local started, why, code = self.link:start()
  if not started then
    return nil, why, code
  elseif not view.number then
    local waiter = {}
    table.insert(view.waiters, waiter)
    self.loop:_wait(waiter)
    if waiter.code then
      return nil, waiter.why, waiter.code
    end
  end
  return true
end

--- The listener of that number hears what whoever asks `at` may see, from now on:
--- gives the view.
function Hub:join(at, number)
  local view = view_for(self, at)
  count(self, view, 1)
  local ok, why, code = await(self, view)
  if not ok then
    count(self, view, -1)
    return nil, why, code
  end
  view.listeners[number], view.list = true, nil
  return view
end

--- The last one of a user ends the view; the account's own view stays.
function Hub:leave(view, number)
  drop(self, view, number)
  if view.count == 0 and (view.user or view.rights) and view.number then
    self.by_number[view.number] = nil
    self.views[view.key] = nil
    self.link:call("event.unsubscribe", nil, { subscription = view.number }, function() end)
  end
end

--- Whether it has the view of whoever asks `at`.
function Hub:has(at)
  return self.views[key_of(at)] ~= nil
end

--- Whether there is room for one more view.
function Hub:has_room()
  local views = 0
  for _ in pairs(self.views) do
    views = views + 1
  end
  return views < MOST
end

--- Ends it: callbacks may still listen, but keep no worker that is to exit.
function Hub:leave_worker()
  self.leaving = true
  self.link:stop()
end

function hub.new(loop, path)
  local self = setmetatable({ loop = loop, views = {}, by_number = {}, count = 0 }, hub_meta)
  self.link = link.new(path, self)
  return self
end

return hub
