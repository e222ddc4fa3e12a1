-- SPDX-License-Identifier: MIT
-- Completion packets that another thread posts: to a Lua callback through the
-- loop, and to a pop loop in bare C. Lines of name, packets per second of the
-- loop, and of C.

local fax = require "fax"
local minimal = require "minimal"

local ROUNDS = 11
local COUNT = 1000000
local BATCH = 256 -- as src/lua/completion.c

local loop = assert(fax.new_loop())

local got, sum
local function on_packet(_, bytes)
  got = got + 1
  sum = sum + bytes
end

-- `waiting`: all of them were posted before.
local function through_loop(waiting)
  got, sum = 0, 0
  loop:on_packet(on_packet)
  collectgarbage()
  local producer = minimal.produce(loop:handle(), COUNT)
  local from = minimal.now()
  minimal.go(producer)
  if waiting then
    minimal.join(producer)
    from = minimal.now()
  end
  while got < COUNT do
    assert(loop:poll())
  end
  local seconds = minimal.now() - from
  if not waiting then
    minimal.join(producer)
  end
  assert(sum == COUNT * (COUNT - 1) / 2, "packets were lost")
  return COUNT / seconds
end

local function median(list)
  table.sort(list)
  return list[math.floor(#list / 2) + 1]
end

local function in_c(batch, waiting)
  return COUNT / minimal.pop(COUNT, batch, waiting)
end

local lua, batches, single, lua_waiting, waiting = {}, {}, {}, {}, {}
for i = 1, ROUNDS do
  lua[i], batches[i], single[i] = through_loop(), in_c(BATCH), in_c(1)
  lua_waiting[i], waiting[i] = through_loop(true), in_c(BATCH, true)
end
print(("packets %.0f %.0f"):format(median(lua), median(batches)))
print(("packets_single %.0f %.0f"):format(median(lua), median(single)))
print(("packets_waiting %.0f %.0f"):format(median(lua_waiting), median(waiting)))
loop:close()
