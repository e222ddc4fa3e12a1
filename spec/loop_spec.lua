-- SPDX-License-Identifier: MIT
local fax = require "fax"

describe("loop", function()
  local loop

  before_each(function()
    loop = assert(fax.new_loop())
  end)

  after_each(function()
    loop:close()
  end)

  describe("packets", function()
    it("come in order, across batches", function()
      local keys, sum = {}, 0
      loop:on_packet(function(key, bytes)
        keys[#keys + 1] = key
        sum = sum + bytes
      end)
      for i = 1, 1000 do
        assert(loop:post(i, 2))
      end
      local count = 0
      while count < 1000 do
        count = count + assert(loop:poll(0))
      end
      assert.equal(1000, #keys)
      for i = 1, 1000 do
        assert.equal(i, keys[i])
      end
      assert.equal(2000, sum)
    end)

    it("cost only themselves when a callback fails", function()
      local seen, errors = {}, {}
      loop.on_error = function(err)
        errors[#errors + 1] = err
      end
      loop:on_packet(function(key)
        if key % 3 == 0 then
          error("bad " .. key)
        end
        seen[#seen + 1] = key
      end)
      for i = 1, 7 do
        loop:post(i)
      end
      assert.equal(7, loop:poll(0))
      assert.same({ 1, 2, 4, 5, 7 }, seen)
      assert.equal(2, #errors)
      assert.matches("loop_spec.lua:%d+: bad 3", errors[1])
      assert.matches("stack traceback", errors[1])
    end)

    it("raise the first error after the batch when nobody handles it", function()
      local seen = 0
      loop:on_packet(function(key)
        seen = seen + 1
        error("bad " .. key)
      end)
      loop:post(1)
      loop:post(2)
      local ok, err = pcall(loop.poll, loop, 0)
      assert.is_false(ok)
      assert.matches("bad 1", err)
      assert.equal(2, seen)
      assert.equal(0, loop:poll(0))
    end)

    it("are kept for the next poll when an interrupt ends this one", function()
      local seen = {}
      loop.on_error = function() end
      loop:on_packet(function(key)
        seen[#seen + 1] = key
        if key == 2 then
          error("interrupted!", 0)
        end
      end)
      for i = 1, 4 do
        loop:post(i)
      end
      local ok, err = pcall(loop.poll, loop, 0)
      assert.is_false(ok)
      assert.equal("interrupted!", err)
      assert.same({ 1, 2 }, seen)
      loop:poll(0)
      assert.same({ 1, 2, 3, 4 }, seen)
    end)

    it("are dropped when nobody asked for them", function()
      loop:post(1)
      assert.equal(1, loop:poll(0))
      assert.equal(0, loop:poll(0))
    end)

    it("stop with a loop that a callback closes", function()
      local seen = 0
      loop:on_packet(function()
        seen = seen + 1
        loop:close()
      end)
      loop:post(1)
      loop:post(2)
      loop:poll(0)
      assert.equal(1, seen)
      local count, why, code = loop:poll(0)
      assert.is_nil(count)
      assert.is_string(why)
      assert.equal("ERROR_INVALID_HANDLE", code)
    end)

    it("refuse a poll from inside", function()
      local ok, err
      loop:on_packet(function()
        ok, err = pcall(loop.poll, loop, 0)
      end)
      loop:post(1)
      loop:poll(0)
      assert.is_false(ok)
      assert.matches("called from inside the loop", err)
    end)
  end)

  describe("arguments", function()
    it("of a wrong type are raised where they were given", function()
      local line = debug.getinfo(1, "l").currentline + 1
      local _, err = pcall(function() loop:poll("x") end)
      assert.matches("loop_spec.lua:" .. line .. ": loop:poll: a number", err)
      assert.has_error(function() loop:on_packet(1) end)
      assert.has_error(function() loop:spawn(1) end)
      assert.has_error(function() loop:sleep("x") end)
      assert.has_error(function() loop:post(1.5) end)
      assert.has_error(function() loop:post(-1) end)
    end)
  end)

  describe("coroutines", function()
    it("sleep beside each other, in the order of their times", function()
      local order = {}
      for _, ms in ipairs { 30, 10, 20 } do
        loop:spawn(function()
          loop:sleep(ms / 1000)
          order[#order + 1] = ms
        end)
      end
      assert.is_true(loop:run())
      assert.same({ 10, 20, 30 }, order)
    end)

    it("get the arguments of spawn", function()
      local got
      loop:spawn(function(...)
        got = { n = select("#", ...), ... }
      end, 1, nil, 3)
      loop:run()
      assert.same({ n = 3, 1, nil, 3 }, got)
    end)

    it("take turns when they only yield", function()
      local order = {}
      for name = 1, 2 do
        loop:spawn(function()
          for step = 1, 2 do
            order[#order + 1] = name * 10 + step
            coroutine.yield()
          end
        end)
      end
      loop:run()
      assert.same({ 11, 21, 12, 22 }, order)
    end)

    it("report their errors with their own traceback", function()
      local errors = {}
      loop.on_error = function(err)
        errors[#errors + 1] = err
      end
      local function culprit()
        loop:sleep(0)
        error("in a coroutine")
      end
      loop:spawn(function()
        culprit()
        return nil
      end)
      loop:run()
      assert.equal(1, #errors)
      assert.matches("in a coroutine", errors[1])
      assert.matches("culprit", errors[1])
    end)

    it("may catch errors across a wait", function()
      local ok, err
      loop:spawn(function()
        ok, err = pcall(function()
          loop:sleep(0.001)
          error("late", 0)
        end)
      end)
      loop:run()
      assert.is_false(ok)
      assert.equal("late", err)
    end)

    it("end with run() and leave nothing behind", function()
      loop:spawn(function() end)
      assert.is_true(loop:run())
      assert.is_true(loop:run())
      assert.is_nil(loop:timeout())
    end)
  end)

  it("sleeps by running itself outside of a coroutine", function()
    local seen = false
    loop:on_packet(function()
      seen = true
    end)
    loop:post(1)
    assert.is_true(loop:sleep(0.001))
    assert.is_true(seen)
  end)

  it("refuses to wait inside a plain callback", function()
    local ok, err
    loop:on_packet(function()
      ok, err = pcall(loop.sleep, loop, 1)
    end)
    loop:post(1)
    loop:poll(0)
    assert.is_false(ok)
    assert.matches("cannot wait inside a callback", err)
  end)

  it("stops when told to", function()
    local count = 0
    loop:on_packet(function()
      count = count + 1
      loop:post(1)
      if count == 10 then
        loop:stop()
      end
    end)
    loop:post(1)
    assert.is_true(loop:run())
    assert.equal(10, count)
  end)

  describe("in another loop", function()
    it("shows a descriptor, what to wait for and how long", function()
      assert.is_true(loop:fd() > 2)
      assert.equal(loop:fd(), loop:pollfd())
      assert.equal("r", loop:events())
      assert.is_nil(loop:timeout())
      loop:spawn(function()
        loop:sleep(1000)
      end)
      assert.equal(0, loop:timeout())
      loop:poll(0)
      local left = loop:timeout()
      assert.is_true(left > 990 and left <= 1000)
    end)
  end)

  it("may be closed twice, and says that it is closed", function()
    loop:close()
    loop:close()
    local fd, _, code = loop:fd()
    assert.is_nil(fd)
    assert.equal("ERROR_INVALID_HANDLE", code)
    assert.matches("closed", tostring(loop))
  end)

  it("is the same for one Lua state until it is closed", function()
    local default = fax.loop()
    assert.equal(default, fax.loop())
    default:close()
    assert.are_not.equal(default, fax.loop())
  end)
end)
