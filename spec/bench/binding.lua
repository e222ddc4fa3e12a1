-- SPDX-License-Identifier: MIT
-- What a call costs, beside the same by hand. One line for each figure: name,
-- ns of the binding, ns by hand.

local fax = require "fax"
local core = require "fax.core"
local minimal = require "minimal"
local compare = dofile("spec/bench/compare.lua")

local folder = arg[1]
local server = assert(fax.connect { directory = folder, loopback = { lines = 4 } })
local queue = assert(core.queue())
local by_hand = assert(minimal.connect())
local queue_by_hand = assert(minimal.queue())

assert(server:closed() == by_hand:closed())
assert(type(queue:fd()) == type(queue_by_hand:fd()))

-- The method's name is a constant of each function, as in a user's program.
local function closed(object, count)
  for _ = 1, count do
    object:closed()
  end
end

local function fd(object, count)
  for _ = 1, count do
    object:fd()
  end
end

compare.measure("call_binding_only", { closed, server }, { closed, by_hand }, 1000000)
compare.measure("call_into_library", { fd, queue }, { fd, queue_by_hand }, 500000)

server:close()
by_hand:close()
