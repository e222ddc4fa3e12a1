-- SPDX-License-Identifier: MIT
-- Waiting for descriptors in a loop and in an operation, on both clocks. The
-- descriptors are FIFOs; the system tells their numbers.
local fax = require "fax"
local helper = require "spec.helper"

-- The number of the descriptor that is open for a path.
local function number_of(path)
  local pid = helper.read("/proc/self/stat"):match("^%d+")
  for _, line in ipairs(helper.lines("ls -l /proc/" .. pid .. "/fd")) do
    local number, target = line:match(" (%d+) %-> (.*)$")
    if target == path then
      return tonumber(number)
    end
  end
end

-- A FIFO that nobody else has: nothing to read, and never full.
local function open(path)
  os.execute("mkfifo " .. path)
  local file = assert(io.open(path, "r+"))
  file:setvbuf("no")
  return file, assert(number_of(path))
end

for _, clock in ipairs { "real", "virtual" } do
  describe("on the " .. clock .. " clock a coroutine", function()
    local loop, folder

    before_each(function()
      folder = helper.folder()
      if clock == "virtual" then
        assert(fax.clock.virtual(1.6e9))
      end
      loop = assert(fax.new_loop())
    end)

    after_each(function()
      loop:close()
      if clock == "virtual" then
        assert(fax.clock.real())
      end
      helper.clean()
    end)

    it("waits for what comes from a pipe", function()
      local go = folder .. "/go"
      local file, fd = open(go)
      local got, order = nil, {}
      loop:spawn(function()
        assert.is_true(loop:wait(fd, "r"))
        got = file:read("*l")
        order[#order + 1] = "read"
      end)
      loop:spawn(function()
        loop:sleep(0.01)
        order[#order + 1] = "write"
        helper.write(go, "hello\n")
      end)
      assert(loop:run())
      file:close()
      assert.equal("hello", got)
      assert.same({ "write", "read" }, order)
    end)

    it("gets a time-out, by that clock", function()
      local file, fd = open(folder .. "/fifo")
      local ok, why, code
      local before = fax.clock.now()
      local seconds = clock == "virtual" and 20 or 0.05
      loop:spawn(function()
        ok, why, code = loop:wait(fd, "r", seconds)
      end)
      assert(loop:run())
      file:close()
      assert.is_nil(ok)
      assert.matches("not ready in time", why)
      assert.equal("WAIT_TIMEOUT", code)
      local took = fax.clock.now() - before
      assert.is_true(took >= seconds - 1e-6 and (clock == "real" or took < seconds + 1e-6), took)
    end)

    it("sees that a pipe can be written, and its end", function()
      local file, fd = open(folder .. "/fifo")
      local writer = open(folder .. "/other")
      local reader = assert(io.open(folder .. "/other"))
      writer:close()
      local other = assert(number_of(folder .. "/other"))
      local written, ended
      loop:spawn(function()
        written = loop:wait(fd, "w", 100)
        ended = loop:wait(other, "r", 100)
      end)
      assert(loop:run())
      file:close()
      reader:close()
      assert.is_true(written)
      assert.is_true(ended)
    end)

    it("shares a descriptor with others", function()
      local go = folder .. "/go"
      local file, fd = open(go)
      local woken = 0
      for i = 1, 3 do
        loop:spawn(function()
          if loop:wait(fd, "r", i < 3 and 1000 or 0.001) then
            woken = woken + 1
          end
        end)
      end
      loop:spawn(function()
        loop:sleep(0.02)
        helper.write(go, "x\n")
      end)
      assert(loop:run())
      file:close()
      assert.equal(2, woken)
      assert.is_nil(loop._watched)
    end)

    it("does not wait for a file, which is always ready", function()
      local path = helper.write(folder .. "/file", "x")
      local file = assert(io.open(path))
      local fd = number_of(path)
      assert.is_true(loop:wait(fd, "r", 10))
      assert.is_true(loop:wait({ getfd = function()
        return fd
      end }, "w"))
      file:close()
    end)

    it("is told of what is no descriptor", function()
      local ok, why, code = loop:wait(9999, "r", 10)
      assert.is_nil(ok)
      assert.is_string(why)
      assert.equal("ERROR_INVALID_HANDLE", code)
      for call, pattern in pairs {
        ["fd must be"] = { -1, "r" },
        ["mode must be"] = { 0, "rw" },
        ["timeout must be"] = { 0, "r", "1" },
      } do
        local fine, err = pcall(function() loop:wait(pattern[1], pattern[2], pattern[3]) end)
        assert.is_false(fine)
        assert.matches("descriptor_spec.lua:%d+: loop:wait: " .. call, err)
      end
    end)
  end)
end

describe("the descriptor of a loop", function()
  local loop

  before_each(function()
    loop = assert(fax.new_loop())
  end)

  after_each(function()
    loop:close()
    helper.clean()
  end)

  -- Whether it is readable now, as another event loop would see it.
  local function is_ready()
    local outer = assert(fax.new_loop())
    local ready = outer:wait(loop:fd(), "r", 0) == true
    outer:close()
    return ready
  end

  it("is ready for packets and for descriptors, and stays the same", function()
    local fd = loop:fd()
    assert.is_false(is_ready())
    loop:post(1)
    assert.is_true(is_ready())
    loop:poll(0)
    assert.is_false(is_ready())
    local file, pipe = open(helper.folder() .. "/fifo")
    local done
    loop:spawn(function()
      done = loop:wait(pipe, "w")
    end)
    loop:poll(0)
    assert.is_true(is_ready())
    assert.equal(fd, loop:fd())
    loop:poll(0)
    assert.is_true(done)
    assert.is_false(is_ready())
    file:close()
  end)

  it("is closed with it", function()
    loop:fd()
    local open_now = helper.descriptors()
    loop:close()
    assert.is_true(helper.descriptors() < open_now)
  end)
end)

describe("an operation", function()
  after_each(helper.tear_down)

  it("that waits for a descriptor is woken by an abort", function()
    local folder = helper.folder()
    local server = helper.connect { directory = folder .. "/state", providers = {} }
    local file, fd = open(folder .. "/fifo")
    local result
    assert(fax.provider { name = "x", devices = { { name = "a" } }, send = function(job)
      assert(job:wait(fd, "w", 10))
      local _, _, code = job:wait(fd, "r", 0.01)
      assert(code == "WAIT_TIMEOUT")
      job:status("FS_DIALING")
      result = { job:wait(fd, "r", 60) }
    end })
    local job = assert(server:send(helper.tiff(folder, 1), { to = "1" }))
    server:on("job", function(event)
      if event.name == "FEI_DIALING" then
        job:abort()
      end
    end)
    local _, _, code = job:wait(30)
    assert.equal("ERROR_CANCELLED", code)
    assert.is_nil(result[1])
    assert.equal("ERROR_OPERATION_ABORTED", result[3])
    file:close()
  end)
end)
