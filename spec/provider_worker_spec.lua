-- SPDX-License-Identifier: MIT
-- Providers in Lua whose callbacks run in workers, and may block. FSP-31 in "an
-- abort", FSP-32 in "that is not free", FSP-60 in "settings".
local fax = require "fax"
local helper = require "spec.helper"
local support = require "spec.support.provider"

describe("a provider with workers", function()
  local folder, stage, server, document, directory, pipes

  setup(function()
    folder = helper.folder()
    helper.tiff(folder, 1)
  end)

  teardown(helper.clean)

  before_each(function()
    stage, pipes = support.new(folder .. "/1.tif", { retry_delay = 60 }), {}
    server, document, directory = stage.server, stage.document, stage.directory
  end)

  after_each(function()
    for _, file in ipairs(pipes) do -- nobody waits for ever
      file:close()
    end
    stage:stop()
  end)

  local function attach(options)
    local all = helper.merged({ name = "test", worker = "spec/support/worker.lua",
      devices = { { name = "line 1", number = "100" } },
      args = { folder = directory, document = folder .. "/1.tif" } }, options)
    return assert(fax.provider(all))
  end

  local function lines(count)
    local devices = {}
    for i = 1, count do
      devices[i] = { name = ("line %d"):format(i) }
    end
    return devices
  end

  local function send(act, options)
    local all = helper.merged({ to = "555", name = act }, options)
    return assert(server:send(document, all))
  end

  local function last_attempt(job)
    local attempts = assert(job:result()).attempts
    return attempts[#attempts]
  end

  local function outcome_of(act, options)
    local job = send(act, options)
    job:wait(100000)
    return last_attempt(job)
  end

  -- One that blocks its reader until the function that this gives is called.
  local function pipe(name)
    local path = ("%s/%s"):format(directory, name)
    os.execute("mkfifo " .. path)
    local file = assert(io.open(path, "r+"))
    pipes[#pipes + 1] = file
    return function(text)
      file:write(text or name, "\n")
      file:flush()
    end
  end

  -- Until so many operations have said "dialing".
  local function watch()
    local dialing = 0
    server:on("job", function(event)
      dialing = dialing + (event.phase == "dialing" and 1 or 0)
    end)
    return function(count)
      while dialing < count do
        fax.loop():poll(100)
      end
    end
  end

  describe("that block", function()
    it("stops neither the other lines nor the loop", function()
      local go_on, until_dialing = pipe("a"), watch()
      attach { devices = lines(2) }
      local blocked = send("block a")
      until_dialing(1)
      assert.equal("FS_COMPLETED", outcome_of("done").status)
      assert.equal("pending", blocked:result().outcome)
      go_on("word")
      assert.is_true(blocked:wait(100))
      assert.equal("word", last_attempt(blocked).remote_id)
    end)

    it("runs as many as there are devices at once", function()
      local names, until_dialing, jobs = { "a", "b", "c" }, watch(), {}
      attach { devices = lines(3) }
      for i, name in ipairs(names) do
        names[i] = pipe(name)
        jobs[i] = send("block " .. name)
      end
      until_dialing(3)
      for i = 1, 3 do
        names[i]()
        assert.is_true(jobs[i]:wait(100))
      end
    end)

    it("goes on while the loop is not polled at all", function()
      local job
      attach { stall = 5 }
      job = send("sleep 300")
      fax.clock.wait(301)
      assert.equal("FS_COMPLETED", last_attempt(job).status)
    end)
  end)

  it("runs the same file as a loop does, with the same results", function()
    local here = assert(loadfile("spec/support/worker.lua"))({ folder = directory,
      document = folder .. "/1.tif" })
    local numbers = { "done", "sleep 20", "silent", "done" }
    local outcomes = {}
    for turn, more in ipairs { here, { worker = "spec/support/worker.lua",
      args = { document = folder .. "/1.tif" } } } do
      local options = { name = "test", devices = lines(1) }
      for key, value in pairs(more) do
        options[key] = value
      end
      local provider = assert(fax.provider(options))
      fax.loop().on_error = function() end
      outcomes[turn] = {}
      for i, number in ipairs(numbers) do
        local attempt = outcome_of(number)
        outcomes[turn][i] = { attempt.status, attempt.remote_id, attempt.cause,
          math.floor(attempt.ended - attempt.started + 0.5) }
      end
      provider:close()
      assert(provider:wait(10))
    end
    assert.same({ "FS_COMPLETED", "operation 2", nil, 20 }, outcomes[1][2])
    assert.same(outcomes[1], outcomes[2])
  end)

  it("notes the end of a page", function()
    attach()
    local last = outcome_of("commit")
    assert.equal("FS_COMPLETED", last.status)
    assert.equal(0, last.doubt)
  end)

  it("waits anywhere: in a comparison, in a coroutine of its own", function()
    attach()
    local attempt = outcome_of("deep")
    assert.equal("true true", attempt.remote_id)
    assert.is_true(attempt.ended - attempt.started >= 20)
  end)

  it("receives, and rings from the worker's side too", function()
    local file = helper.write(directory .. "/ringer.lua", [[
      local callbacks = assert(loadfile("spec/support/worker.lua"))(...)
      function callbacks.send(job)
        assert(job.device:ring { rings = 2, caller = "0815" })
        return "FS_COMPLETED"
      end
      return callbacks
    ]])
    local provider, received = attach { worker = file }, {}
    server:on("received", function(event)
      received[#received + 1] = event
    end)
    assert(provider.devices[1]:ring { rings = 9 })
    while #received < 1 do
      fax.loop():poll(100)
    end
    assert.equal("0999", received[1].caller_id)
    assert.equal("line 1", received[1].tsid)
    assert.is_true(send("x"):wait(100))
    while #received < 2 do
      fax.loop():poll(100)
    end
  end)

  it("hears of settings in its first worker (FSP-60)", function()
    local file = helper.write(directory .. "/heard.lua", [[
      local heard = "nothing"
      return { send = function() return "FS_COMPLETED", { remote_id = heard } end,
        receive = function() end,
        enable = function(device, receive, send)
          heard = ("%s %s %s"):format(device.name, tostring(receive), tostring(send))
        end }
    ]])
    local provider = attach { worker = file }
    local port = assert(server:open_port(provider.devices[1].id, "modify"))
    assert(port:set { receive = false })
    port:close()
    assert.equal("line 1 false true", outcome_of("x").remote_id)
  end)

  it("gives its commands the signals that the program has", function()
    local own = helper.read("/proc/self/status"):match("SigBlk:\t(%x+)")
    attach()
    local job = send("execute")
    assert.is_true(job:wait(100))
    local a, b, c = os.execute("exit 3") -- what they give is the same here and there
    local d, e, f = io.popen("exit 4"):close()
    assert.equal(table.concat({ tostring(a), tostring(b), tostring(c), tostring(d),
      tostring(e), tostring(f) }, " "), last_attempt(job).remote_id)
    assert.equal(("%s\n%s\n"):format(own, own), helper.read(directory .. "/mask"))
  end)

  describe("that is not free", function()
    it("is waited for", function()
      attach { devices = lines(2), workers = 1 }
      local before = fax.clock.now()
      local one, other = send("sleep 20"), send("sleep 20")
      assert.is_true(one:wait(100))
      assert.is_true(other:wait(100))
      assert.equal(40, math.floor(fax.clock.now() - before + 0.5))
      assert.equal("operation 2", last_attempt(other).remote_id)
    end)

    it("in `stall` seconds is a line that cannot be had (FSP-32)", function()
      local until_dialing = watch()
      attach { devices = lines(2), workers = 1, stall = 5 }
      local one = send("sleep 50")
      until_dialing(1)
      local other = send("done")
      assert.is_true(other:wait(1000))
      local attempts = assert(other:result()).attempts
      assert.equal("FS_LINE_UNAVAILABLE", attempts[1].status)
      assert.equal("no_worker", attempts[1].cause)
      assert.equal("FS_COMPLETED", attempts[2].status)
      assert.is_true(one:wait(1000))
    end)

    it("costs a waiting operation nothing when that is aborted", function()
      local until_dialing = watch()
      attach { devices = lines(2), workers = 1 }
      local one = send("sleep 20")
      until_dialing(1)
      local other = send("done")
      fax.clock.wait(1)
      local before = fax.clock.now()
      assert(other:abort())
      other:wait(100)
      assert.equal("FS_USER_ABORT", last_attempt(other).status)
      assert.equal(before, fax.clock.now())
      assert.is_true(one:wait(100))
      assert.equal("operation 1", last_attempt(one).remote_id)
    end)
  end)

  describe("an abort", function()
    for number, cause in pairs { ["sleep 3600"] = "ERROR_OPERATION_ABORTED", compute = "seen" } do
      it("reaches " .. number .. " at once (FSP-31)", function()
        local until_dialing, released = watch(), 0
        server:on("job", function(event)
          released = released + (event.phase == "release" and 1 or 0)
        end)
        attach()
        local job = send(number)
        until_dialing(1)
        local before = fax.clock.now()
        assert(job:abort())
        local _, _, code = job:wait(100)
        assert.equal("ERROR_CANCELLED", code)
        assert.equal(before, fax.clock.now())
        assert.equal("FS_USER_ABORT", last_attempt(job).status)
        assert.equal(cause, last_attempt(job).cause)
        while number ~= "compute" and released == 0 do -- of the callback `abort`
          fax.loop():poll(100)
        end
        assert.equal("operation 2", outcome_of("done").remote_id)
      end)
    end

    it("ends a wait for a descriptor", function()
      local file = helper.write(directory .. "/wait.lua", [[
        local args = ...
        return { send = function(job)
          job:status("FS_DIALING", { phase = "dialing" })
          local _, _, code = job:wait(args.fd, "r", 3600)
          return "FS_USER_ABORT", { cause = code }
        end }
      ]])
      local until_dialing, silent = watch(), fax.new_loop()
      attach { worker = file, args = { fd = silent:fd() } }
      local job = send("x")
      until_dialing(1)
      local before = fax.clock.now()
      assert(job:abort())
      job:wait(100)
      assert.is_true(fax.clock.now() - before < 3600)
      assert.equal("ERROR_OPERATION_ABORTED", last_attempt(job).cause)
      silent:close()
    end)
  end)

  describe("an error", function()
    it("is a failed operation with its traceback, and the worker lives on", function()
      attach()
      local attempt = outcome_of("fail")
      assert.equal("FS_FATAL_ERROR", attempt.status)
      assert.equal("lua_error", attempt.cause)
      assert.matches("worker.lua:%d+: on purpose\nstack traceback", attempt.evidence)
      assert.equal("operation 2", outcome_of("done").remote_id)
      assert(fax.service.stop())
      assert.matches("cause=lua_error evidence=[^\n]*on purpose", helper.read(directory
        .. "/log"))
    end)

    it("in end_job goes to the loop that the provider was made in", function()
      local errors = {}
      fax.loop().on_error = function(err)
        errors[#errors + 1] = err
      end
      attach()
      local attempt = outcome_of("silent")
      assert.equal("FS_BUSY", attempt.status)
      assert.equal("asked silent", attempt.cause)
      while #errors == 0 do
        fax.loop():poll(10)
      end
      assert.matches("end_job of FS_BUSY\nstack traceback", errors[1])
    end)

    it("of a worker that closes its loop ends that worker only", function()
      attach { devices = lines(2) }
      assert.equal("FS_COMPLETED", outcome_of("close").status)
      assert.equal("FS_COMPLETED", outcome_of("done").status)
      assert.equal("operation 2", outcome_of("done").remote_id)
    end)
  end)
end)
