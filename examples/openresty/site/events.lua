-- SPDX-License-Identifier: MIT
-- GET /v1/events: what the key may see, as it happens, as server-sent events.

local feed = require "site.feed"
local sessions = require "site.sessions"
local settings = require "site.settings"

local events = {}

-- Seconds after which a line says that the stream is alive.
local ALIVE = 15

-- Seconds between two looks for sessions that were ended in other workers.
local LOOK = 0.5

local streams = {} -- by the id of a key: how many there are in this worker
local guests = 0   -- how many of them are of sessions
local looking      -- for the ends of those

-- Wakes all streams when sessions have ended, while there are streams of sessions: each
-- of those looks for its own.
local function look()
  local before = sessions.ends()
  looking = ngx.timer.at(LOOK, function(premature)
    looking = false
    if premature or guests == 0 then
      return
    end
    look()
    if sessions.ends() ~= before then
      feed.wake()
    end
  end)
end

local function begin(request, self)
  local id, session = request.key.id, sessions.name()
  streams[id] = (streams[id] or 0) + 1
  self:join()
  ngx.ctx.stream = { id = id, feed = self, session = session }
  if session then
    guests = guests + 1
    if not looking then
      look()
    end
  end
  ngx.header["Content-Type"] = "text/event-stream"
  ngx.header["Cache-Control"] = "no-store"
  ngx.header["X-Accel-Buffering"] = "no"
end

--- At the end of the request, whatever became of it.
function events.release()
  local stream = ngx.ctx.stream
  if stream then
    streams[stream.id] = streams[stream.id] > 1 and streams[stream.id] - 1 or nil
    stream.feed:leave()
    guests = guests - (stream.session and 1 or 0)
  end
end

local function put(text)
  return ngx.print(text) and ngx.flush(true)
end

-- From where to go on, and what to say first.
local function resume(self, id)
  local at = id and self:place(id)
  if id and not at then
    return self:now(), self:gap()
  end
  return at or self:now(), ": listening\n\n"
end

-- Until the client has gone, his session has ended, or the worker is to exit.
local function run(self, at, text)
  local alive, session = put(text), ngx.ctx.stream.session
  while alive and not self:is_over() and (not session or sessions.lives(session)) do
    text, at = self:take(at)
    if text then
      alive = put(text)
    elseif not self:wait(ALIVE) then
      alive = put ":\n\n"
    end
  end
end

function events.stream(request)
  if (streams[request.key.id] or 0) >= settings.streams then
    return nil, "too many streams of this key", "ERROR_BUSY", 429, ALIVE
  end
  local self, why, code = feed.of(request.server)
  if not self then
    return nil, why, code
  end
  begin(request, self)
  local at, text = resume(self, ngx.var.http_last_event_id)
  if ngx.req.get_method() ~= "HEAD" then
    run(self, at, text)
  end
  return true
end

return events
