-- SPDX-License-Identifier: MIT
-- A binary heap of moments. Each node knows its place, so that one that is no
-- longer needed leaves at once; equal moments come out in order of creation.

local Timers = {}
local meta = { __index = Timers, __name = "fax.timers" }

local function before(a, b)
  return a.at < b.at or (a.at == b.at and a.order < b.order)
end

local function place(self, node, index)
  self[index] = node
  node.index = index
end

local function rise(self, node)
  local index = node.index
  while index > 1 do
    local up = math.floor(index / 2)
    if not before(node, self[up]) then
      break
    end
    place(self, self[up], index)
    index = up
  end
  place(self, node, index)
end

local function sink(self, node)
  local index = node.index
  while true do
    local child = index * 2
    if child > self.count then
      break
    end
    if child < self.count and before(self[child + 1], self[child]) then
      child = child + 1
    end
    if not before(self[child], node) then
      break
    end
    place(self, self[child], index)
    index = child
  end
  place(self, node, index)
end

--- Adds `what`, due at `at` seconds of the clock; gives the node.
function Timers:add(at, what)
  self.order = self.order + 1
  self.count = self.count + 1
  local node = { at = at, order = self.order, what = what, index = self.count }
  self[self.count] = node
  rise(self, node)
  return node
end

--- Takes a node out; one that is out already is left alone.
function Timers:remove(node)
  local index = node.index
  if not index then
    return
  end
  local last = self[self.count]
  self[self.count] = nil
  self.count = self.count - 1
  node.index = nil
  if last ~= node then
    place(self, last, index)
    rise(self, last)
    sink(self, last)
  end
end

--- The earliest moment, or nil.
function Timers:first()
  local node = self[1]
  return node and node.at
end

--- Takes out what is due at `now`, or nil.
function Timers:due(now)
  local node = self[1]
  if node and node.at <= now then
    self:remove(node)
    return node.what
  end
end

local timers = {}

function timers.new()
  return setmetatable({ count = 0, order = 0 }, meta)
end

return timers
