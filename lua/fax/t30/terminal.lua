-- SPDX-License-Identifier: MIT
-- A fax machine in Lua: on a line of samples, or on T.38. Nothing calls Lua from
-- within the machine: what it told is handed on after the call.

local core = require "fax.core"
local options = require "fax.options"
local words = require "fax.provider.words"

-- ---- what both lines have ----

local Terminal = {}
local Audio = setmetatable({}, { __index = Terminal })
local T38 = setmetatable({}, { __index = Terminal })

local audio_meta = { __index = Audio, __name = "fax.t30_audio" }
local t38_meta = { __index = T38, __name = "fax.t30_t38" }

local function check(self, what, level, meta)
  local of = getmetatable(self)
  if of ~= (meta or audio_meta) and (meta or of ~= t38_meta) then
    error(what .. ": a terminal expected", level + 1)
  end
end

-- Tells the program what the machine told during the call before.
local function tell(self)
  local progress = self._progress
  if progress and self._box:changed() then
    progress(self:progress())
  end
end

--- How far it has come, as job:status of a provider takes it.
function Terminal:progress()
  check(self, "terminal:progress", 2)
  return self._box:progress()
end

--- How the call ended, or what is known of it so far.
function Terminal:result()
  check(self, "terminal:result", 2)
  local result, why, code = self._box:result()
  if not result then
    return nil, why, code
  end
  result.status = result.status and words.name(result.status)
  result.pages = result.pages_confirmed
  return result
end

--- Whether the call is over for this machine.
function Terminal:done()
  check(self, "terminal:done", 2)
  return self._box:done()
end

--- fax_t30_end: the other side hung up, or it is to be given up.
function Terminal:stop(cause)
  check(self, "terminal:stop", 2)
  if cause ~= nil then
    options.argument(cause, "string", "terminal:stop", "cause", 2)
  end
  local ok, why, code = self._box:stop(cause)
  tell(self)
  return ok, why, code
end

function Terminal:close()
  check(self, "terminal:close", 2)
  self._box:close()
end

function Terminal:closed()
  check(self, "terminal:closed", 2)
  return self._box:closed()
end

for _, meta in ipairs { audio_meta, t38_meta } do
  meta.__close = Terminal.close
  function meta:__tostring()
    return meta.__name .. (self._box:closed() and " (closed)" or "")
  end
end

-- ---- samples ----

local MOST_SAMPLES = 480000

--- Samples from the line. Time goes on by them, so silence is fed too.
function Audio:feed(samples)
  check(self, "audio:feed", 2, audio_meta)
  options.argument(samples, "bytes", "audio:feed", "samples", 2)
  if #samples % 2 ~= 0 then
    error("audio:feed: samples must be of two bytes each", 2)
  end
  local ok, why, code = self._box:audio_in(samples)
  tell(self)
  return ok, why, code
end

--- So many samples for the line, silence included.
function Audio:take(count)
  check(self, "audio:take", 2, audio_meta)
  if options.argument(count, "whole", "audio:take", "count", 2) > MOST_SAMPLES then
    error(("audio:take: count must be at most %d"):format(MOST_SAMPLES), 2)
  end
  local samples, why, code = self._box:audio_out(count)
  tell(self)
  return samples, why, code
end

-- ---- packets ----

local MOST_SECONDS = 86400

--- A packet (IFP) from the other side, with its sequence number.
function T38:feed(ifp, seq)
  check(self, "t38:feed", 2, t38_meta)
  options.argument(ifp, "bytes", "t38:feed", "ifp", 2)
  if options.argument(seq, "whole", "t38:feed", "seq", 2) > 65535 then
    error("t38:feed: seq must be at most 65535", 2)
  end
  local ok, why, code = self._box:ifp_in(ifp, seq)
  tell(self)
  return ok, why, code
end

--- Lets time go on.
function T38:advance(seconds)
  check(self, "t38:advance", 2, t38_meta)
  options.argument(seconds, "number", "t38:advance", "seconds", 2)
  if not (seconds >= 0 and seconds <= MOST_SECONDS) then
    error(("t38:advance: seconds must be from 0 to %d"):format(MOST_SECONDS), 2)
  end
  local ok, why, code = self._box:advance(seconds)
  tell(self)
  return ok, why, code
end

--- The next packet for the other side, its sequence number, and how often to send
--- it; nil when there is none.
function T38:take()
  check(self, "t38:take", 2, t38_meta)
  return self._box:ifp_out()
end

local terminal = { methods = Terminal, audio = Audio, t38 = T38 }

--- A terminal of checked options: on T.38, or on samples.
function terminal.new(checked)
  local box, why, code = core.t30(checked)
  if not box then
    return nil, why, code
  end
  return setmetatable({ _box = box, _progress = checked.progress },
    checked.t38 and t38_meta or audio_meta)
end

return terminal
