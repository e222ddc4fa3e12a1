-- SPDX-License-Identifier: MIT
local timers = require "fax.timers"

describe("timers", function()
  -- A fixed sequence, so that a failure comes again.
  local function sequence()
    local seed = 12345
    return function(n)
      seed = (seed * 1103515245 + 12345) % 2147483648
      return math.floor(seed / 65536) % n
    end
  end

  it("gives what is due, the earliest first", function()
    local t, random, moments = timers.new(), sequence(), {}
    for i = 1, 500 do
      moments[i] = random(100)
      t:add(moments[i], moments[i])
    end
    table.sort(moments)
    for i = 1, 500 do
      assert.equal(moments[i], t:first())
      assert.equal(moments[i], t:due(1000))
    end
    assert.is_nil(t:first())
    assert.is_nil(t:due(1000))
  end)

  it("keeps the order of creation for one moment", function()
    local t = timers.new()
    for i = 1, 50 do
      t:add(7, i)
    end
    for i = 1, 50 do
      assert.equal(i, t:due(7))
    end
  end)

  it("gives nothing before its time", function()
    local t = timers.new()
    t:add(5, "five")
    assert.is_nil(t:due(4.9))
    assert.equal("five", t:due(5))
  end)

  it("lets any node leave, once", function()
    local t, random, nodes, left = timers.new(), sequence(), {}, {}
    for i = 1, 300 do
      nodes[i] = t:add(random(50), i)
    end
    for i = 1, 300, 2 do
      t:remove(nodes[i])
      t:remove(nodes[i])
    end
    assert.equal(150, t.count)
    local last = -1
    local what = t:due(1000)
    while what do
      assert.equal(0, what % 2)
      assert.is_true(nodes[what].at >= last)
      last = nodes[what].at
      left[#left + 1] = what
      what = t:due(1000)
    end
    assert.equal(150, #left)
  end)
end)
