-- SPDX-License-Identifier: MIT
-- The events that a user may see, as this worker has heard them: one subscription
-- for all streams of that user and his rights, and the last events as text, so that
-- whoever was away for a moment misses nothing.

local json = require "site.json"
local resty = require "fax.resty"
local semaphore = require "ngx.semaphore"

local Feed = {}
local meta = { __index = Feed }

local feed = {}

local feeds = {} -- by the server handle

-- Events kept; and for how many seconds at least after the last listener has gone.
local KEPT, AFTER = 1000, 300
local AT_ONCE = 100 -- in one text: a slow listener holds no more

-- ---- what is heard ----

local function text_of(entry, event)
  local told = {}
  for name, value in pairs(event) do
    told[name] = value
  end
  told.path = nil -- where the server keeps its files is no business of the web
  return ("id: %s-%s\nevent: %s\ndata: %s\n\n"):format(entry.boot, entry.sequence, event.kind,
    json.encode(told))
end

function Feed:_wake()
  local arrived, waiting = self.arrived, self.waiting
  self.arrived, self.waiting = semaphore.new(), 0
  if waiting > 0 then
    arrived:post(waiting)
  end
end

-- In the thread that reads: must not wait.
function Feed:_hear(event)
  if event.boot and event.boot ~= self.boot then
    self.boot, self.sequence = event.boot, 0
  end
  self.sequence = tonumber(event.sequence) or self.sequence
  local entry = { boot = self.boot, sequence = ("%d"):format(self.sequence) }
  entry.text = text_of(entry, event)
  self.last = self.last + 1
  self[self.last] = entry
  if self.last - self.first >= KEPT then
    self[self.first] = nil
    self.first = self.first + 1
  end
  self:_wake()
end

-- ---- who listens ----

--- The place behind the event of that id; nil: it is not known what came since.
function Feed:place(id)
  local boot, sequence = id:match("^(%d+)%-(%d+)$")
  sequence = tonumber(sequence)
  local found
  for at = self.first, self.last do
    local entry = self[at]
    if entry.boot == boot and tonumber(entry.sequence) <= sequence then
      found = at + 1
    end
  end
  return found
end

--- The place behind all that came.
function Feed:now()
  return self.last + 1
end

--- What to say to a listener who has missed something: from now on.
function Feed:gap()
  local entry = { boot = self.boot, sequence = ("%d"):format(self.sequence) }
  return text_of(entry, { kind = "gap", name = "FEI_FAX_MISSED", time = ngx.now(),
    boot = self.boot })
end

--- The text from a place on, and the next place; nil: there is none yet.
function Feed:take(at)
  if at > self.last then
    return nil, at
  elseif at < self.first then
    return self:gap(), self.last + 1
  end
  local parts, to = {}, math.min(self.last, at + AT_ONCE - 1)
  for i = at, to do
    parts[#parts + 1] = self[i].text
  end
  return table.concat(parts), to + 1
end

--- Until something has come, or for so many seconds; true: before they were over.
function Feed:wait(seconds)
  local arrived = self.arrived
  self.waiting = self.waiting + 1
  local woken = arrived:wait(seconds)
  if not woken and arrived == self.arrived then
    self.waiting = self.waiting - 1
  end
  return woken
end

--- Whether nothing will come any more.
function Feed:is_over()
  return self.ended or self.subscription:closed()
end

function Feed:join()
  self.listeners = self.listeners + 1
end

-- One timer for however many have come and gone.
function Feed:_rest()
  self.resting = ngx.timer.at(AFTER, function()
    self.resting = nil
    if self.listeners > 0 then
      return
    elseif self.turn == self.rested then
      return feed.close(self)
    end
    self.rested = self.turn
    self:_rest()
  end)
end

--- The last one to go leaves the feed to those who come again soon.
function Feed:leave()
  self.listeners = self.listeners - 1
  self.turn = self.turn + 1
  if self.listeners == 0 and not self.resting then
    self.rested = self.turn
    self:_rest()
  end
end

-- ---- life ----

--- Has all that wait look whether they are to go on.
function feed.wake()
  for _, one in pairs(feeds) do
    one:_wake()
  end
end

function feed.close(self)
  if feeds[self.server] == self then -- else another one has its place
    feeds[self.server] = nil
  end
  self.ended = true
  self.subscription:close()
  self:_wake()
end

-- A server tells so many users of one connection apart; those without a listener
-- make room.
local function close_idle()
  for _, one in pairs(feeds) do
    if one.listeners == 0 then
      feed.close(one)
    end
  end
end

local function subscribe(self)
  return self.server:on("any", function(event)
    self:_hear(event)
  end)
end

local watching

-- Streams end when the worker is to exit: whoever reads one comes again.
local function watch_exit()
  watching = true
  resty.on_exit(function()
    for _, one in pairs(feeds) do
      one.ended = true
    end
    feed.wake()
  end)
end

local function new(server)
  local self = setmetatable({ server = server, first = 1, last = 0, sequence = 0, waiting = 0,
    listeners = 0, turn = 0, arrived = semaphore.new() }, meta)
  local why, code
  self.boot, why, code = server:boot()
  if not self.boot then
    return nil, why, code
  end
  self.subscription, why, code = subscribe(self)
  if code == "ERROR_BUSY" then
    close_idle()
    self.subscription, why, code = subscribe(self)
  end
  if not self.subscription then
    return nil, why, code
  end
  return self
end

--- That of a server handle; nil, why, code.
function feed.of(server)
  if not watching then
    watch_exit()
  end
  local self = feeds[server]
  if self and not self:is_over() then
    return self
  end
  local why, code
  self, why, code = new(server)
  if self and feeds[server] and not feeds[server]:is_over() then
    self.subscription:close() -- another request was first
    return feeds[server]
  end
  feeds[server] = self
  return self, why, code
end

return feed
