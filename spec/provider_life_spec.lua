-- SPDX-License-Identifier: MIT
-- Providers in Lua: waiting and aborting, many at once, replacing one while the
-- service runs, and every way in which a provider can go. FSP-31 in "an abort".
local fax = require "fax"
local helper = require "spec.helper"
local support = require "spec.support.provider"

describe("a provider in Lua", function()
  local folder, stage, server

  setup(function()
    folder = helper.folder()
    helper.tiff(folder, 1)
  end)

  teardown(helper.clean)

  local function start(options)
    server = stage:start(options)
  end

  before_each(function()
    stage = support.new(folder .. "/1.tif")
    server = stage.server
  end)

  after_each(function()
    stage:stop()
  end)

  local attach, run_until = support.attach, support.run_until
  local last_attempt = support.last_attempt

  local function send(options)
    return stage:send(options)
  end

  describe("an abort", function()
    it("wakes one that sleeps at once, and is a cancelled job (FSP-31)", function()
      local asleep, woken, result
      attach { send = function(job)
        asleep = true
        result = { job:sleep(3600) }
        woken = fax.clock.now()
        return job:aborted() and "FS_USER_ABORT" or "FS_COMPLETED"
      end }
      local job = send()
      run_until(function()
        return asleep
      end)
      local before = fax.clock.now()
      assert(job:abort())
      local ok, _, code = job:wait(100)
      assert.is_nil(ok)
      assert.equal("ERROR_CANCELLED", code)
      assert.equal(before, woken)
      assert.is_nil(result[1])
      assert.equal("ERROR_OPERATION_ABORTED", result[3])
      assert.equal("FS_USER_ABORT", last_attempt(job).status)
    end)

    it("is told of once, and ends every later wait", function()
      local told, results, asleep = 0, {}, false
      attach { abort = function(job)
        told = told + 1
        assert(job:aborted())
      end, send = function(job)
        asleep = true
        for i = 1, 3 do
          local _, _, code = job:sleep(10)
          results[i] = code
        end
        local _, _, code = job:wait(0, "r", 10)
        results[4] = code
      end }
      local job = send()
      run_until(function()
        return asleep
      end)
      assert(job:abort())
      job:abort()
      job:wait(100)
      assert.equal(1, told)
      assert.equal("ERROR_OPERATION_ABORTED", results[1])
      assert.equal("ERROR_OPERATION_ABORTED", results[3])
      assert.equal("ERROR_OPERATION_ABORTED", results[4])
      assert.equal("FS_USER_ABORT", last_attempt(job).status) -- it gave no status
    end)

    it("callback that fails is a failed operation, not a dead loop", function()
      local asleep
      attach { abort = function()
        error("in abort")
      end, send = function(job)
        asleep = true
        job:sleep(100)
        return "FS_USER_ABORT"
      end }
      local job = send()
      run_until(function()
        return asleep
      end)
      assert(job:abort())
      job:wait(100)
      assert.equal("lua_error", last_attempt(job).cause)
      assert.matches("in abort", last_attempt(job).evidence)
    end)

    it("that is not heeded is an operation that is written off", function()
      assert(fax.service.stop { timeout = 60 })
      start { abort_limit = 5 }
      local asleep, done
      attach { send = function()
        asleep = true
        fax.loop():sleep(1000) -- of the loop, not of the job
        done = true
        return "FS_COMPLETED"
      end }
      local job = send()
      run_until(function()
        return asleep
      end)
      assert(job:abort())
      local before = fax.clock.now()
      local _, _, code = job:wait(100)
      assert.equal("ERROR_CANCELLED", code)
      assert.is_true(fax.clock.now() - before < 10)
      run_until(function() -- the job is decided first
        return server:ports()[1].state == "FPS_OFFLINE"
      end, 10)
      run_until(function()
        return done
      end)
      run_until(function()
        return server:ports()[1].state == "FPS_AVAILABLE"
      end, 10)
    end)
  end)

  describe("with many operations", function()
    it("runs 1,000 at once", function()
      local N = 1000
      local devices, jobs, most, now = {}, {}, 0, 0
      for i = 1, N do
        devices[i] = { name = ("line %d"):format(i) }
      end
      attach { devices = devices, send = function(job)
        now = now + 1
        most = math.max(most, now)
        for _ = 1, 3 do
          job:sleep(10)
        end
        now = now - 1
        return job.number == "13" and "FS_BUSY" or "FS_COMPLETED"
      end }
      for i = 1, N do
        jobs[i] = send { to = tostring(i) }
      end
      collectgarbage()
      collectgarbage()
      local before = collectgarbage("count")
      run_until(function()
        return now == N
      end)
      collectgarbage()
      collectgarbage()
      assert.is_true((collectgarbage("count") - before) / N < 8, "KiB an operation")
      local completed = 0
      for i = 1, N do
        local ok = jobs[i]:wait(1000)
        assert.equal(i ~= 13, ok == true)
        completed = completed + (ok and 1 or 0)
      end
      assert.equal(N - 1, completed)
      assert.equal(N, most)
      assert.equal(0, now)
    end)

    it("has nothing to do with one that is over", function()
      local first, second, status
      attach { devices = { { name = "a" } }, send = function(job)
        if not first then
          first = job
          return "FS_COMPLETED"
        end
        second = job
        status = { first:status("FS_DIALING") }
        first:set_caller("4711")
        return job:sleep(10) and "FS_COMPLETED" or "FS_BUSY"
      end }
      local jobs = { send { to = "1" }, send { to = "2" } }
      assert.is_true(jobs[1]:wait(1000))
      assert.is_true(jobs[2]:wait(1000))
      assert.is_nil(status[1])
      assert.equal("ERROR_INVALID_HANDLE", status[3])
      assert.same({ "1", jobs[1].id, "2", jobs[2].id },
        { first.number, first.id, second.number, second.id })
      assert.is_nil(last_attempt(jobs[2]).caller_number)
    end)

    it("keeps none that is over", function()
      local seen = setmetatable({}, { __mode = "k" })
      attach { devices = { { name = "a" } }, send = function(job)
        seen[job] = true
        return "FS_COMPLETED"
      end }
      assert.is_true(send():wait(1000))
      fax.loop():poll(0)
      collectgarbage()
      collectgarbage()
      assert.is_nil(next(seen))
    end)

    it("of which each is aborted on its own", function()
      local devices, jobs, asleep = {}, {}, 0
      for i = 1, 20 do
        devices[i] = { name = ("line %d"):format(i) }
      end
      attach { devices = devices, send = function(job)
        asleep = asleep + 1
        return job:sleep(100) and "FS_COMPLETED" or "FS_USER_ABORT"
      end }
      for i = 1, 20 do
        jobs[i] = send()
      end
      run_until(function()
        return asleep == 20
      end)
      for i = 1, 20, 2 do
        assert(jobs[i]:abort())
      end
      for i = 1, 20 do
        assert.equal(i % 2 == 0, jobs[i]:wait(1000) == true)
      end
    end)
  end)

  describe("that is replaced while the service runs", function()
    it("has its number before it takes the jobs that wait", function()
      local function version(number)
        return attach { name = "v", devices = { { name = "a", number = number } },
          send = function()
            return "FS_COMPLETED"
          end }
      end
      version("1"):close()
      local job = send { to = "2" }
      local provider = version("777")
      local port = assert(server:open_port(provider.devices[1].id))
      assert.equal("777", assert(port:info()).csid)
      port:close()
      assert.is_true(job:wait(1000))
    end)

    it("ends its calls under its own code", function()
      local calls, asleep = {}, false
      local function version(word)
        return function(job)
          asleep = true
          job:sleep(100)
          calls[#calls + 1] = word .. " " .. job.number
          return "FS_COMPLETED"
        end
      end
      local old = attach { name = "v1", send = version("old") }
      local first = send { to = "1" }
      run_until(function()
        return asleep
      end)
      old:close()
      assert.is_true(old:closed())
      attach { name = "v2", send = version("new") }
      local second = send { to = "2" }
      local third = send { to = "3" }
      assert.is_true(first:wait(1000))
      assert.is_true(second:wait(1000))
      assert.is_true(third:wait(1000))
      assert.is_true(old:wait(10))
      assert.same({ "old 1", "new 2", "new 3" }, calls)
      assert.equal(1, #server:ports())
    end)

    it("gives its ids to the next one, while its operation goes on (FSP-7)", function()
      local asleep
      local devices = { { name = "a", id = 9 } }
      local function fn(job)
        asleep = true
        job:sleep(50)
        return "FS_COMPLETED"
      end
      local old = attach { devices = devices, send = fn }
      local job = send()
      run_until(function()
        return asleep
      end)
      assert.is_nil((fax.provider { name = "x", devices = devices, send = fn }))
      old:close()
      local ok, _, code = old:wait(10)
      assert.is_nil(ok)
      assert.equal("WAIT_TIMEOUT", code)
      local new = attach { devices = devices, send = function()
        return "FS_BUSY"
      end }
      local ports = server:ports()
      assert.same({ 1, 9, "FPS_AVAILABLE" }, { #ports, ports[1].device_id, ports[1].state })
      assert.is_nil((send { retries = 0 }:wait(10))) -- by the new one
      assert.is_true(job:wait(100))
      assert.is_true(old:wait(10))
      assert.same({ 1, 9 }, { #server:ports(), new.devices[1].id })
    end)

    it("may be closed within its own callback", function()
      local provider
      provider = attach { send = function(job)
        provider:close()
        job:sleep(1)
        return "FS_COMPLETED"
      end }
      assert.is_true(send():wait(100))
      assert.is_true(provider:wait(10))
      assert.equal(0, #server:ports())
    end)

    it("lets loop:run() end", function()
      local provider = attach { send = function()
        return "FS_COMPLETED"
      end }
      local job = send()
      fax.loop():spawn(function()
        assert(job:wait(100))
        provider:close()
      end)
      assert.is_true(fax.loop():run())
      assert.is_true(provider:wait(0))
    end)
  end)

  describe("is lost", function()
    it("with its loop", function()
      local asleep
      attach { send = function(job)
        asleep = true
        job:sleep(100)
        return "FS_COMPLETED"
      end }
      local job = send()
      run_until(function()
        return asleep
      end)
      fax.loop():close()
      local _, _, code = job:wait(100)
      assert.equal("ERROR_FAX_FAILED", code)
      assert.equal("provider_lost", last_attempt(job).cause)
    end)

    it("with a call that nobody took", function()
      attach { send = function()
        return "FS_COMPLETED"
      end }
      local job = send { retries = 0 }
      fax.clock.wait(1) -- it is in the port
      fax.loop():close()
      job:wait(100)
      assert.equal("provider_lost", last_attempt(job).cause)
    end)

    it("when the loop is not polled for `stall` seconds", function()
      local job
      attach { stall = 7, send = function()
        return "FS_COMPLETED"
      end }
      job = send()
      fax.clock.wait(60)
      local attempt = last_attempt(job)
      assert.equal("stalled", attempt.cause)
      assert.equal(7, math.floor(attempt.ended - attempt.started + 0.5))
    end)

    it("for as long as it is stalled, and dials nothing then", function()
      local dialled = 0
      attach { stall = 7, send = function()
        dialled = dialled + 1
        return "FS_COMPLETED"
      end }
      local job = send { retries = 1, retry_delay = 100 }
      fax.clock.wait(20)
      assert.equal("FPS_OFFLINE", server:ports()[1].state)
      assert.is_true(job:wait(1000))
      assert.equal(1, dialled)
      assert.equal("stalled", job:result().attempts[1].cause)
      assert.equal("FS_COMPLETED", job:result().attempts[2].status)
      assert.equal("FPS_AVAILABLE", server:ports()[1].state)
    end)

    it("in a stop of the service, and its operations are aborted first", function()
      local asleep, aborted
      attach { send = function(job)
        asleep = true
        job:sleep(100)
        aborted = job:aborted()
        return "FS_USER_ABORT"
      end }
      local job = send()
      run_until(function()
        return asleep
      end)
      local before = fax.clock.now()
      assert(fax.service.stop { drain = 10, timeout = 30 })
      assert.is_true(aborted)
      assert.is_true(fax.clock.now() - before < 11)
      assert.is_nil(job:result())
    end)

    it("not in a stop that lets it end", function()
      local asleep, done
      attach { send = function(job)
        asleep = true
        job:sleep(100)
        done = true
        return "FS_COMPLETED"
      end }
      send()
      run_until(function()
        return asleep
      end)
      assert(fax.service.stop { drain = 1000 })
      assert.is_true(done)
    end)

    it("at once in a stop inside a plain callback", function()
      local stopped, asleep
      attach { send = function(job)
        asleep = true
        job:sleep(100)
        return "FS_COMPLETED"
      end }
      send()
      run_until(function()
        return asleep
      end)
      fax.loop():on_packet(function()
        stopped = fax.service.stop { timeout = 30 }
      end)
      fax.loop():post(1)
      fax.loop():poll(0)
      assert.is_true(stopped)
    end)
  end)

  it("is what docs/fsp-lua.md begins with, and that works", function()
    local block = helper.read("docs/fsp-lua.md"):match("\n\n(    local fax = .-)\n\n%S")
    local script = helper.write(folder .. "/first.lua", (block:gsub("letter%.pdf", folder
      .. "/1.tif")))
    local done = helper.run(("FAX_DIRECTORY=%s/first timeout 60 env %s %s %s"):format(folder,
      helper.environment(), helper.interpreter, script))
    assert.equal("", done.err)
    assert.equal("true\n", done.out)
  end)

  it("starts a service without other providers when none runs", function()
    local script = helper.write(folder .. "/alone.lua", ([[
      local fax = require "fax"
      local provider = assert(fax.provider { name = "alone", devices = { { name = "line 1" } },
        send = function(job) job:sleep(0.01) return "FS_COMPLETED" end })
      local server = assert(fax.connect())
      assert(#server:ports() == 1)
      assert(assert(server:send(%q, { to = "1" })):wait(30))
      provider:close()
      assert(provider:wait(10))
    ]]):format(folder .. "/1.tif"))
    local done = helper.run(("FAX_DIRECTORY=%s/alone timeout 60 env %s %s %s"):format(folder,
      helper.environment(), helper.interpreter, script))
    assert.equal(0, done.status, done.err)
    assert.equal("", done.err)
  end)
end)

describe("a Lua state with operations under way", function()
  local folder

  before_each(function()
    folder = helper.folder()
    helper.tiff(folder, 1)
  end)

  after_each(helper.clean)

  local function ends(text, status)
    local done = helper.script(([[
      local fax = require "fax"
      local server = assert(fax.connect { directory = %q, providers = {}, retries = 0,
        calls_per_number = 0 })
      local asleep = 0
      local provider = assert(fax.provider { name = "x",
        devices = { { name = "a" }, { name = "b" }, { name = "c" } },
        send = function(job)
          asleep = asleep + 1
          job:sleep(3600)
          return "FS_COMPLETED"
        end })
      local job
      for _ = 1, 3 do job = assert(server:send(%q, { to = "1" })) end
      while asleep < 3 do fax.loop():poll(30) end
    ]]):format(folder .. "/state", folder .. "/1.tif") .. text)
    assert.equal(status or 0, done.status, done.err)
    return done
  end

  it("may reach its end", function()
    assert.equal("", ends("").err)
  end)

  it("may leave by os.exit, with the state closed or not, also from a callback", function()
    ends("os.exit(3, true)", 3)
    ends("os.exit(4)", 4)
    ends("fax.loop():spawn(os.exit, 5, true) fax.loop():run()", 5)
  end)

  it("may fail", function()
    assert.matches("on purpose", ends("error('on purpose')", 1).err)
  end)

  it("may drop everything it has", function()
    assert.equal("", ends([[
      provider, job, server = nil, nil, nil
      fax.loop():close()
      collectgarbage() collectgarbage()
    ]]).err)
  end)

  it("may be interrupted within a callback, and go on", function()
    assert.equal("ok\n", ends([[
      provider:close()
      local provider = assert(fax.provider { name = "y", devices = { { name = "d" } },
        send = function() error("interrupted!", 0) end })
      local late = assert(server:send(]] .. ("%q"):format(folder .. "/1.tif") .. [[,
        { to = "1", device = provider.devices[1].id }))
      local ok, err = pcall(late.wait, late, 60)
      assert(not ok and err == "interrupted!", err)
      ok, err = late:wait(60)
      assert(not ok and err:find("interrupted"), err)
      print("ok")
    ]]).out)
  end)

  it("may be one of several in the process, each with its provider", function()
    assert.equal("", ends([[
      local other = assert(fax.new_loop())
      local done
      other:spawn(function()
        assert(fax.provider { name = "z", devices = { { name = "e", id = 50 } },
          send = function() return "FS_COMPLETED" end })
        local late = assert(server:send(]] .. ("%q"):format(folder .. "/1.tif") .. [[,
          { to = "1", device = 50 }))
        done = late:wait(60)
        other:stop()
      end)
      other:run()
      assert(done)
      other:close()
    ]]).err)
  end)
end)
