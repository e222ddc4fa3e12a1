-- SPDX-License-Identifier: MIT
-- A connection of a worker to a server that all its requests share: for events
-- (hub.lua), for calls (trunk.lua). It lives in a timer: one light thread reads, one
-- writes, and after a loss it is made again.

local connection = require "fax.resty.connection"
local presence = require "fax.resty.presence"
local semaphore = require "ngx.semaphore"
local wire = require "fax.resty.wire"

local Link = {}
local meta = { __index = Link }

local link = {}

-- Seconds before it is tried again: from the first to the last, doubled; and the last
-- when this account is not let in, of which the server's log has a line each time.
local FIRST, LAST, LAST_DENIED = 0.05, 2, 60
-- Seconds that an answer may take; events may be far apart.
local SILENCE = 1e6

--- `owner` has the callbacks: connected(welcome), event(params), lost(why, code),
--- ended(), and gone(why, code) in the place of all when the worker is to exit before.
--- lost() says whether to go on trying.
function link.new(path, owner)
  return setmetatable({ path = path, owner = owner, outbox = {}, pending = {}, last = 0,
    asked = 0, work = semaphore.new(), stopping = semaphore.new() }, meta)
end

--- Sends a request { method =, tail = (wire.tail), done = }, whose `sent` is then
--- set; `done`, called with (result, cursor) or (nil, why, code), comes in the
--- reading thread.
function Link:put(request)
  local outbox = self.outbox
  outbox[#outbox + 1] = request
  if #outbox == 1 then
    self.work:post()
  end
end

--- The same, of what it is made of.
function Link:call(method, on, params, done)
  self:put { method = method, tail = assert(wire.tail({ params = params }, on)), done = done }
end

--- How many calls have no answer yet.
function Link:waiting()
  return self.asked + #self.outbox
end

--- Ends it, now or as soon as it reads.
function Link:stop()
  self.stopping:post()
end

-- ---- the threads of one connection ----

-- What was asked meanwhile goes out in one piece.
local function lines_of(self, requests)
  local lines = {}
  for i = 1, #requests do
    local request = requests[i]
    self.last = self.last + 1
    self.pending[self.last] = request.done
    lines[i], request.sent = wire.line(self.last, request.method, request.tail), true
  end
  self.asked = self.asked + #requests
  return lines
end

local function write_all(self, sock)
  while true do
    local requests = self.outbox
    if #requests > 0 then
      self.outbox = {}
      local sent, err = sock:send(lines_of(self, requests))
      if not sent then
        return select(2, wire.gone(err))
      end
    else
      self.work:wait(3600)
    end
  end
end

local function obey(self, message)
  if message.method == "event" then
    self.owner:event(message.params)
    return
  end
  local done = self.pending[message.id]
  if not done then
    return
  end
  self.pending[message.id], self.asked = nil, self.asked - 1
  if message.error then
    done(wire.refused(message.error))
  else
    done(message.result, message.cursor)
  end
end

local function read_all(self, sock)
  while true do
    local message, why, code = wire.take(sock)
    if not message then
      return why, code
    end
    obey(self, message)
  end
end

local function wait_for_stop(self)
  while not self.stopping:wait(3600) do -- nginx knows no wait without an end
  end
  self.stopped = true
  return "stopped", "ERROR_CANCELLED"
end

-- Until the connection is lost, or it is to stop: why and code.
local function serve(self, sock)
  local threads = { ngx.thread.spawn(read_all, self, sock), ngx.thread.spawn(write_all, self, sock),
    ngx.thread.spawn(wait_for_stop, self) }
  local ok, why, code = ngx.thread.wait(threads[1], threads[2], threads[3])
  for i = 1, #threads do
    ngx.thread.kill(threads[i])
  end
  if not ok then
    ngx.log(ngx.ERR, "fax.resty: events: ", why)
    return tostring(why), "RPC_S_CALL_FAILED"
  end
  return why, code
end

-- ---- its life ----

-- What was asked is answered; what was not, is not.
local function fail_all(self, why, code)
  local pending, outbox = self.pending, self.outbox
  self.pending, self.outbox, self.asked = {}, {}, 0
  for _, done in pairs(pending) do
    done(nil, why, code)
  end
  for _, request in ipairs(outbox) do
    request.done(nil, why, code)
  end
end

local function once(self)
  local sock, why, code = connection.open(self.path, SILENCE, "fax-events:")
  if not sock then
    return why, code
  end
  self.pause = FIRST
  self.owner:connected(why) -- what is new was welcome
  why, code = serve(self, sock)
  sock:close()
  presence.lost(self.path)
  return why, code
end

local function run(self)
  self.pause = FIRST
  repeat
    local why, code = once(self)
    fail_all(self, why, code)
    local go_on = self.owner:lost(why, code) and not self.stopped
    if go_on and self.stopping:wait(self.pause) then
      go_on = false
    end
    self.pause = math.min(self.pause * 2, code == "ERROR_ACCESS_DENIED" and LAST_DENIED or LAST)
  until not go_on
  self.running = false
  self.owner:ended()
end

-- The worker is to exit before it began.
local function refuse(self)
  local why, code = "the worker is leaving", "ERROR_SHUTDOWN_IN_PROGRESS"
  self.running = false
  fail_all(self, why, code)
  self.owner:gone(why, code)
end

--- Starts it when it does not run. nil, why, code: the worker is leaving.
function Link:start()
  if self.running then
    return true
  end
  self.running, self.stopped = true, false
  self.stopping = semaphore.new()
  local ok, why = ngx.timer.at(0, function(premature)
    if premature then
      return refuse(self)
    end
    run(self)
  end)
  if not ok then
    self.running = false
    return nil, "no timer for events: " .. tostring(why), "ERROR_SHUTDOWN_IN_PROGRESS"
  end
  return true
end

return link
