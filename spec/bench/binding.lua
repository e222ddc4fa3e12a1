-- SPDX-License-Identifier: MIT
-- What a call and a table of the binding cost, beside the same by hand. One
-- line for each figure: name, ns of the binding, ns by hand.

local fax = require "fax"
local core = require "fax.core"
local minimal = require "minimal"

local ROUNDS = 11

local folder = arg[1]
local server = assert(fax.connect { directory = folder, loopback = { lines = 4 } })
local port = assert(server:open_port(assert(server:ports())[1].device_id))
local queue = assert(core.queue())

local by_hand = assert(minimal.connect())
local port_by_hand = assert(by_hand:open_port(assert(by_hand:ports())[1].device_id))
local queue_by_hand = assert(minimal.queue())

-- ---- the same is compared ----

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then
    return a == b
  end
  for key, value in pairs(a) do
    if not same(value, b[key]) then
      return false
    end
  end
  for key in pairs(b) do
    if a[key] == nil then
      return false
    end
  end
  return true
end

assert(same(port:info(), port_by_hand:info()), "the tables of a port differ")
assert(same(server:ports(), by_hand:ports()), "the tables of the ports differ")
assert(server:closed() == by_hand:closed())
assert(type(queue:fd()) == type(queue_by_hand:fd()))

-- ---- measuring ----

-- The method's name is a constant of each function, as in a user's program.
local calls = {
  closed = function(object, count)
    for _ = 1, count do
      object:closed()
    end
  end,
  fd = function(object, count)
    for _ = 1, count do
      object:fd()
    end
  end,
  info = function(object, count)
    for _ = 1, count do
      object:info()
    end
  end,
  ports = function(object, count)
    for _ = 1, count do
      object:ports()
    end
  end,
}

local function nanoseconds(call, object, count)
  collectgarbage()
  local from = minimal.now()
  call(object, count)
  return (minimal.now() - from) / count * 1e9
end

local function median(list)
  table.sort(list)
  return list[math.floor(#list / 2) + 1]
end

-- Both in turn, so that what else the machine does hits both.
local function measure(name, method, mine, other, count, each)
  local a, b = {}, {}
  for i = 1, ROUNDS do
    a[i] = nanoseconds(calls[method], mine, count) / (each or 1)
    b[i] = nanoseconds(calls[method], other, count) / (each or 1)
  end
  print(("%s %.3f %.3f"):format(name, median(a), median(b)))
end

measure("call_binding_only", "closed", server, by_hand, 1000000)
measure("call_into_library", "fd", queue, queue_by_hand, 500000)
measure("port_info", "info", port, port_by_hand, 50000)
measure("ports_each", "ports", server, by_hand, 20000, 4)

server:close()
by_hand:close()
