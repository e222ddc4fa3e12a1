-- SPDX-License-Identifier: MIT
-- For the benchmarks of the binding: is the same compared, and what does each
-- side take.

local minimal = require "minimal"

local compare = {}

function compare.same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then
    return a == b
  end
  for key, value in pairs(a) do
    if not compare.same(value, b[key]) then
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

--- One line: name, ns of the binding, ns by hand. `mine` and `other` are
--- { function(object, count), object }. Both in turn, so that what else the
--- machine does hits both.
function compare.measure(name, mine, other, count, rounds)
  local a, b = {}, {}
  for i = 1, rounds or 11 do
    a[i] = nanoseconds(mine[1], mine[2], count)
    b[i] = nanoseconds(other[1], other[2], count)
  end
  print(("%s %.3f %.3f"):format(name, median(a), median(b)))
end

return compare
