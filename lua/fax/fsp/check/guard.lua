-- SPDX-License-Identifier: MIT
-- Callbacks that keep their loop to themselves: how long each turn of a coroutine
-- takes, and an end to one that never stops. What blocks outside of Lua and never
-- returns only a process around it can end (process.lua).

local task = require "fax.task"
local verdict = require "fax.fsp.check.verdict"

local guard = {}

local STEP = 100000 -- instructions between two looks

local real, limit, tell
local began, began_at, current -- of this turn: processor time, time, callback

-- Seconds. os.time has whole ones: one less than it says is certain.
local function spent()
  return math.max(os.clock() - began, os.time() - began_at - 1)
end

local function begin()
  began, began_at = os.clock(), os.time()
end

local function look()
  if limit and spent() > limit then
    local at = debug.getinfo(2, "Sl")
    tell(("%s did not give way for %d s at %s:%d"):format(current or "a coroutine", limit,
      at.short_src, at.currentline))
    begin()
    error("the check has ended it: it did not give way", 0)
  end
end

-- The hook of the coroutine (under LuaJIT: of all).
local function hook()
  debug.sethook(look, "", STEP)
end

local function done(name, ...)
  if spent() > limit then
    tell(("%s did not give way for %d s"):format(name, math.floor(spent())))
  end
  debug.sethook()
  return ...
end

local function explain(err)
  if type(err) == "string" and err:find("interrupted!$") then
    return { interrupt = err }
  end
  return verdict.text(err)
end

--- xpcall of a callback.
function guard.call(name, fn, ...)
  current = name
  if not task.loop() then -- a plain one is a turn of its own
    begin()
  end
  hook()
  return done(name, xpcall(fn, explain, ...))
end

--- A callback goes on after it waited.
function guard.resumed(name)
  current = name
end

local function ended(...)
  if limit and spent() > limit then
    tell(("%s did not give way for %d s"):format(current or "a coroutine",
      math.floor(spent())))
  end
  return ...
end

function guard.install(seconds, fn)
  limit, tell, real = seconds, fn, task.resume
  begin()
  function task.resume(loop, entry) -- luacheck: ignore 122
    begin()
    current = nil
    if rawget(_G, "jit") then
      hook()
    end
    return ended(real(loop, entry))
  end
end

function guard.remove()
  task.resume, limit = real, nil -- luacheck: ignore 122
  debug.sethook()
end

return guard
