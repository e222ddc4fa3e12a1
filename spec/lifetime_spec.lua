-- SPDX-License-Identifier: MIT
-- However a script ends, with a call under way: no thread crashes, the process
-- ends within bounded time, and the next one can use the directory.
local child = require "spec.support.child"
local helper = require "spec.helper"

describe("lifetime:", function()
  local folder, state, page, long

  setup(function()
    folder = helper.folder()
    assert(helper.run(("%s/spec/documents %s canonical-a4-standard.tif hundred.tif"):format(
      helper.build, folder)).status == 0, "make c-tests comes first")
    page = folder .. "/canonical-a4-standard.tif"
    long = folder .. "/hundred.tif"
  end)

  teardown(helper.clean)

  local states = 0
  before_each(function()
    states = states + 1
    state = ("%s/state-%d"):format(folder, states)
  end)

  local function document(pace)
    return pace == "fast" and long or page
  end

  local function files(name)
    return helper.lines(("ls -A %s/%s"):format(state, name))
  end

  -- The next script: the lock is free, nothing is half received, a fax passes.
  local function goes_on()
    local status, text = child.start("send", state, { page }):finish()
    assert.equal(0, status, text)
    assert.matches("delivered", text)
    assert.same({}, files("incoming"))
    return text
  end

  for _, pace in ipairs { "real", "fast" } do
    describe("at " .. pace .. " pace, a script that", function()
      local function ends(name, expected, pattern)
        it("ends by " .. name:gsub("_", " "), function()
          local status, text = child.start("ending", state,
            { name, pace, document(pace) }):finish()
          assert.matches("\nunder way\n", text)
          assert.equal(expected, status, text)
          if pattern then
            assert.matches(pattern, text)
          end
          goes_on()
        end)
      end

      ends("reach_end", 0, "end of reach_end")
      ends("fail", 1, "on purpose")
      ends("fail_in_callback", 1, "on purpose")
      ends("fail_in_coroutine", 1, "on purpose")
      ends("fail_in_wait", 1, "on purpose")
      ends("exit", 3)
      ends("exit_close", 3)
      ends("exit_in_callback", 3)
      ends("exit_close_in_callback", 3)
      ends("exit_in_coroutine", 3)
      ends("exit_close_in_coroutine", 3)
      ends("drop", 0, "\ndropped")
      ends("drop_iterator", 0)
      ends("close_in_callback", 0, "end of")
      ends("close_loop_in_callback", 0, "end of")
      ends("stop_in_callback", 0, "end of")
      ends("stop_in_coroutine", 0, "end of")
      ends("close_all", 0, "end of")
      ends("close_twice", 0, "end of")
      ends("fork", 0, "end of")
      ends("leave_child", 0, "end of")

      it("collects handles while others live", function()
        local status, text = child.start("collect", state, { pace, document(pace) }):finish()
        assert.equal(0, status, text)
        assert.matches("\ncollected\n", text)
        goes_on()
      end)

      local function waiting(how)
        return child.start("wait", state, { how, pace, document(pace) }):expect("under way")
      end

      for _, how in ipairs { "wait", "run", "coroutine", "events", "busy" } do
        it("is interrupted in " .. how, function()
          local status, text = waiting(how):signal("INT"):finish()
          assert.equal(1, status, text)
          assert.matches("interrupted!", text)
          goes_on()
        end)
      end

      it("is interrupted twice", function()
        local status, text = waiting("twice"):signal("INT")
          :expect("first false interrupted!"):signal("INT"):finish()
        assert.equal(128 + 2, status, text)
        goes_on()
      end)

      it("aborts its call when interrupted", function()
        local status, text = waiting("abort"):signal("INT"):finish()
        assert.equal(0, status, text)
        assert.matches("\naborted ERROR_CANCELLED\n", text)
        goes_on()
      end)

      it("is terminated", function()
        local status, text = waiting("wait"):signal("TERM"):finish()
        assert.equal(128 + 15, status, text)
        goes_on()
      end)

      it("is killed", function()
        local status, text = waiting("wait"):signal("KILL"):finish()
        assert.equal(128 + 9, status, text)
        text = goes_on()
        -- at fast pace pages were through by then
        if pace == "fast" then
          assert.matches("\nin the inbox incomplete\n", text)
        end
      end)
    end)
  end

  describe("two scripts on one directory:", function()
    it("the second one is told which process has it when it wants a service itself", function()
      local first = child.start("wait", state, { "wait", "real", page }):expect("under way")
      local second = helper.script(([[
        local fax = require "fax"
        local _, why, code = fax.service.start { directory = %q }
        print(code, why)
      ]]):format(state))
      assert.matches("^ERROR_SHARING_VIOLATION", second.out)
      assert.matches("another process, pid " .. first.pid .. " ", second.out, 1, true)
      first:signal("KILL"):finish()
      goes_on()
    end)

    it("the second one is a client of the first", function()
      local first = child.start("wait", state, { "wait", "real", page }):expect("under way")
      local second = helper.script(([[
        local fax = require "fax"
        print(#assert(fax.connect { directory = %q }):ports(), fax.service.running())
      ]]):format(state))
      assert.equal("2\tfalse\n", second.out, second.err)
      first:signal("TERM"):finish()
      goes_on()
    end)
  end)

  describe("a program with Lua in it", function()
    local function embed(mode, count, owner, script, pace, file)
      local program = ("%s/spec/embed-%s"):format(helper.build, helper.version)
      local arguments = { mode, count }
      if owner then
        arguments[#arguments + 1] = "spec/lifetime/" .. owner .. ".lua"
      end
      arguments[#arguments + 1] = "spec/lifetime/" .. script .. ".lua"
      arguments[#arguments + 1] = pace
      arguments[#arguments + 1] = file
      local status, text = child.command(program, state, arguments):finish()
      assert.equal(0, status, text)
      assert.matches("clean\nstatus 0$", text)
      goes_on()
    end

    it("closes 20 states, each with a call under way at real pace", function()
      embed("repeat", 20, nil, "call", "real", page)
    end)

    it("closes 20 states, each with a call under way at fast pace", function()
      embed("repeat", 20, nil, "call", "fast", long)
    end)

    it("closes 20 states, each with workers of a provider under way", function()
      embed("repeat", 20, nil, "worker", "real", page)
    end)

    it("has a state in each of 16 threads, all clients of one service", function()
      embed("threads", 16, "owner", "client", "fast", page)
    end)

    it("closes the state that owns the service while others wait", function()
      embed("pull", 16, "owner", "client", "real", page)
    end)
  end)
end)
