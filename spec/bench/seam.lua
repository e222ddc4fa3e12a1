-- SPDX-License-Identifier: MIT
-- Operations of a provider in Lua, handed to it at the provider seam (lua/seam.c)
-- a thousand at a time: how many a second are started, run and ended, beside a
-- bare coroutine loop; and what each of a thousand takes that sleep. Lines of
-- name, operations a second, coroutines a second (both in turn, and the median of
-- the rounds' ratios); or bytes, limit.

local core = require "fax.core"
local minimal = require "minimal"
local seam = assert(package.loadlib(package.searchpath("fax.core", package.cpath),
  "luaopen_seam"))()

local AT_ONCE = 1000
local WAVES = 30
local ROUNDS = 11
local LIMIT = 8192

-- The provider of the module, but that no service is behind it.
local attached
function core.attach(_, queue, _, number)
  attached = seam.attach(queue:handle(), number)
  return attached
end

local loop = assert(require("fax.loop").default())
local provider = require "fax.provider"

local function no_service()
  return { close = function() end }
end

local function attach(send)
  return assert(provider.new({ name = "seam", devices = { { name = "line" } }, send = send,
    receive = send }, no_service))
end

local function detach(one)
  one:close()
  assert(one:wait(10))
end

local function median(list)
  table.sort(list)
  return list[math.floor(#list / 2) + 1]
end

-- ---- rates ----

local function operations()
  local before = attached:ended()
  collectgarbage()
  local from = minimal.now()
  for wave = 1, WAVES do
    attached:start(AT_ONCE)
    while attached:ended() - before < wave * AT_ONCE do
      assert(loop:poll())
    end
  end
  local seconds = minimal.now() - from
  local ended, completed = attached:ended()
  assert(ended == completed, "an operation failed")
  return WAVES * AT_ONCE / seconds
end

local function body(job)
  job.state = "running"
  coroutine.yield(job)
  job.state = "over"
  return "FS_COMPLETED"
end

local function coroutines()
  collectgarbage()
  local ended = 0
  local from = minimal.now()
  for _ = 1, WAVES do
    local list = {}
    for i = 1, AT_ONCE do
      local co = coroutine.create(body)
      assert(coroutine.resume(co, { number = i }))
      list[i] = co
    end
    for i = 1, AT_ONCE do
      local _, status = coroutine.resume(list[i])
      if status == "FS_COMPLETED" then
        ended = ended + 1
      end
    end
  end
  local seconds = minimal.now() - from
  assert(ended == WAVES * AT_ONCE)
  return ended / seconds
end

local function measure(name, send)
  local one = attach(send)
  local mine, bare, ratio = {}, {}, {}
  for i = 1, ROUNDS do
    mine[i], bare[i] = operations(), coroutines()
    ratio[i] = mine[i] / bare[i]
  end
  detach(one)
  print(("%s %.0f %.0f"):format(name, median(mine), median(bare)))
  print(("%s_ratio %.4f"):format(name, median(ratio)))
end

-- ---- memory ----

-- Lua's own is in malloc too under Lua 5.4, and in maps of its own under LuaJIT.
local in_malloc = not rawget(_G, "jit")

local function used()
  collectgarbage()
  collectgarbage()
  return seam.allocated() + (in_malloc and 0 or collectgarbage("count") * 1024)
end

-- Nothing is there yet that operations before have left for those to come.
local function measure_memory()
  local asleep = 0
  local one = attach(function(job)
    asleep = asleep + 1
    job:sleep(1e6)
    return "FS_COMPLETED"
  end)
  local before = used()
  attached:start(AT_ONCE)
  while asleep < AT_ONCE do
    assert(loop:poll())
  end
  print(("memory %.0f %d"):format((used() - before) / AT_ONCE, LIMIT))
  one:_lose()
end

measure_memory()
measure("trivial", function()
  return "FS_COMPLETED"
end)
measure("sleeping", function(job)
  job:sleep(0)
  return "FS_COMPLETED"
end)
loop:close()
