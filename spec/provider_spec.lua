-- SPDX-License-Identifier: MIT
-- Providers in Lua, on the virtual clock: what the callbacks get and give, and
-- what becomes of the job. FSP-21, FSP-27..28 in "the callbacks".
local fax = require "fax"
local helper = require "spec.helper"
local support = require "spec.support.provider"

local load = rawget(_G, "loadstring") or load

describe("a provider in Lua", function()
  local folder, stage, server, log

  setup(function()
    folder = helper.folder()
    helper.tiff(folder, 3)
  end)

  teardown(helper.clean)

  before_each(function()
    log = folder .. "/log"
    os.remove(log)
    stage = support.new(folder .. "/3.tif", { retry_delay = 60, log = log })
    server = stage.server
  end)

  after_each(function()
    stage:stop()
  end)

  local attach, run_until = support.attach, support.run_until

  local function send(options)
    return stage:send(options)
  end

  -- The last attempt of a job that is waited for.
  local function attempt_of(job)
    local ok, why, code = job:wait(100000)
    return support.last_attempt(job), ok, why, code
  end

  -- Attaches one with this send, and gives what became of a job.
  local function outcome_of(fn, more)
    attach(helper.merged({ send = fn }, more))
    return attempt_of(send())
  end

  describe("as ports", function()
    it("shows each device, with its number as CSID", function()
      local provider = attach { send = function() end, receive = function() end,
        devices = { { name = "a", number = "+49 1" }, { name = "b", id = 77 } } }
      local ports = {}
      for _, port in ipairs(assert(server:ports())) do
        ports[port.device_name] = port
      end
      assert.equal("+49 1", ports.a.csid)
      assert.same({ "FPF_RECEIVE", "FPF_SEND", "FPF_VIRTUAL" }, ports.a.flags)
      assert.equal(ports.a.device_id, provider.devices[1].id)
      assert.equal(77, ports.b.device_id)
      assert.equal(77, provider.devices[2].id)
      assert.equal("b", provider.devices[2].name)
      assert.equal("fax.provider 'test'", tostring(provider))
      assert.equal("fax.device 77 'b'", tostring(provider.devices[2]))
    end)

    it("does not send with those that cannot, nor receive", function()
      local sends = attach { send = function() end }
      assert.same({ "FPF_SEND", "FPF_VIRTUAL" }, server:ports()[1].flags)
      sends:close()
      assert(sends:wait(10))
      assert.equal(0, #server:ports())
      attach { receive = function() end }
      local port = server:ports()[1]
      assert.same({ "FPF_RECEIVE", "FPF_VIRTUAL" }, port.flags)
      local handle = assert(server:open_port(port.device_id, "modify"))
      assert(handle:set { send = true })
      assert.same({ "FPF_RECEIVE", "FPF_VIRTUAL" }, handle:info().flags)
      handle:close()
    end)

    it("hears of settings (FSP-60)", function()
      local heard = {}
      local provider = attach { send = function() end, receive = function() end,
        enable = function(device, receive, may_send)
          heard[#heard + 1] = { device.id, receive, may_send }
        end }
      local id = provider.devices[1].id
      local port = assert(server:open_port(id, "modify"))
      assert(port:set { receive = false })
      run_until(function()
        return heard[#heard] and heard[#heard][2] == false
      end)
      assert.same({ id, false, true }, heard[#heard])
    end)

    it("refuses an id that is in use, and leaves nothing behind", function()
      attach { send = function() end, devices = { { name = "a", id = 5 } } }
      local provider, why, code = fax.provider { name = "x", send = function() end,
        devices = { { name = "b" }, { name = "c", id = 5 } } }
      assert.is_nil(provider)
      assert.is_string(why)
      assert.equal("ERROR_ALREADY_EXISTS", code)
      assert.equal(1, #server:ports())
    end)
  end)

  describe("what a callback gets", function()
    it("is all that is known of a fax to send", function()
      local got, pages = nil, {}
      local device
      local provider = attach { send = function(job)
        got = job
        device = job.device
        for page in job:pages() do
          pages[#pages + 1] = page
        end
        return "FS_COMPLETED"
      end }
      local job = send { to = "+49 30 123", name = "Recipient", sender = "Sender", from = "42",
        ecm = false, max_rate = 9600, transport = "t38" }
      assert.is_true(job:wait(60))
      assert.equal("send", got.kind)
      assert.equal(job.id, got.id)
      assert.equal(provider.devices[1], device)
      assert.equal("+49 30 123", got.number)
      assert.equal("Recipient", got.receiver_name)
      assert.equal("Sender", got.caller_name)
      assert.equal("42", got.local_id)
      assert.is_false(got.ecm)
      assert.equal(9600, got.max_rate)
      assert.equal("t38", got.transport)
      assert.equal(1, got.first_page)
      assert.is_nil(got.branding)
      assert.is_nil(got.caller)
      assert.is_string(got.file)
      assert.matches("fax.operation %(send, job %d+%)", tostring(got))
      assert.equal(3, #pages)
      for i, page in ipairs(pages) do
        assert.same({ number = i, width = 1728, height = page.height, x_resolution = 204,
          y_resolution = page.y_resolution }, page)
        assert.is_true(page.height > 1000)
      end
    end)

    it("has the pages that are still to be sent (JOB retries go on)", function()
      local seen = {}
      attach { send = function(job)
        local list = {}
        for page in job:pages() do
          list[#list + 1] = page.number
        end
        seen[#seen + 1] = table.concat(list, " ")
        if #seen == 1 then
          return "FS_DISCONNECTED", { pages_confirmed = 1, cause = "cut" }
        end
        local all = 0
        for _ in job:pages(1) do
          all = all + 1
        end
        assert(all == 3)
        return "FS_COMPLETED"
      end }
      local job = send { retries = 1, retry_delay = 60 }
      assert.is_true(job:wait(1000))
      assert.same({ "1 2 3", "2 3" }, seen)
      assert.equal("cut", job:result().attempts[1].cause)
    end)

    it("is who calls, and the file to fill", function()
      local got, local_id
      local provider = attach { receive = function(job)
        got, local_id = job, job.local_id
        job:status("FS_ANSWERED")
        job:status("FS_RECEIVING", { page = 1, remote_id = "SENDER" })
        helper.write(job.file, helper.read(folder .. "/3.tif"))
        return "FS_COMPLETED"
      end }
      local received
      server:on("received", function(event)
        received = event
      end)
      assert(provider.devices[1]:ring { rings = 2, caller = "0815" })
      run_until(function()
        return received
      end)
      assert.equal("receive", got.kind)
      assert.equal("0815", got.caller)
      assert.equal("100", local_id)
      assert.is_nil(got.number)
      assert.equal(3, received.pages)
      assert.equal("SENDER", received.tsid)
      assert.equal("0815", received.caller_id)
      assert.is_true(helper.exists(received.path))
    end)

    it("may tell who calls later than the ring", function()
      local provider = attach { receive = function(job)
        assert(job:set_caller("0999", "extension 7"))
        helper.write(job.file, helper.read(folder .. "/3.tif"))
        return "FS_COMPLETED"
      end }
      local received
      server:on("received", function(event)
        received = event
      end)
      assert(provider.devices[1]:ring { rings = 9 })
      run_until(function()
        return received
      end)
      assert.equal("0999", received.caller_id)
    end)
  end)

  describe("what a callback tells", function()
    it("are events of the job, in order", function()
      local phases, last = {}, nil
      server:on("job", function(event)
        if event.phase then
          phases[#phases + 1] = event.phase .. (event.page or "")
        end
        last = event.rate and event or last
      end)
      local attempt = outcome_of(function(job)
        assert(job:status("FS_DIALING", { phase = "dialing" }))
        job:sleep(5)
        job:status("FS_TRANSMITTING", { phase = "page", page = 1, rate = 14400, ecm = true,
          encoding = "MMR", remote_id = "CSID" })
        job:sleep(30)
        job:status(0x20000002, { page = 2 })
        return "FS_COMPLETED", { pages_confirmed = 3, bad_rows = 4, longest_bad_run = 2,
          quality = "damaged", transport = "t38" }
      end)
      assert.same({ "dialing", "page1", "page2" }, { phases[1], phases[2], phases[3] })
      assert.equal(14400, last.rate)
      assert.equal("MMR", last.encoding)
      assert.equal("FS_COMPLETED", attempt.status)
      assert.equal("CSID", attempt.remote_id)
      assert.equal(3, attempt.pages_confirmed)
      assert.equal(4, attempt.bad_rows)
      assert.equal(2, attempt.longest_bad_run)
      assert.equal("damaged", attempt.quality)
      assert.equal("t38", attempt.transport)
      assert.equal(35, math.floor(attempt.ended - attempt.started + 0.5))
    end)

    it("is the status that it gives, by name or number, with why", function()
      local attempt, ok, why, code = outcome_of(function()
        return "FS_BUSY", { cause = "busy", evidence = "the line is busy", advice = "wait" }
      end)
      assert.is_nil(ok)
      assert.equal("ERROR_FAX_FAILED", code)
      assert.matches("the line is busy", why)
      assert.equal("FS_BUSY", attempt.status)
      assert.equal("busy", attempt.cause)
      assert.equal("wait", attempt.advice)
    end)

    it("is a number, if it likes", function()
      assert.equal("FS_COMPLETED", outcome_of(function()
        return 0x20000008
      end).status)
      assert.is_true(send():wait(10))
    end)

    it("decides whether it is tried again (FSP-45)", function()
      local count = 0
      attach { send = function()
        count = count + 1
        return count < 3 and "FS_NO_ANSWER" or "FS_COMPLETED"
      end }
      local before = fax.clock.now()
      assert.is_true(send({ retries = 5, retry_delay = 60 }):wait(10000))
      assert.equal(3, count)
      assert.equal(120, math.floor(fax.clock.now() - before + 0.5))
    end)

    it("is final when it says so (FSP-46)", function()
      local count = 0
      attach { send = function()
        count = count + 1
        return "FS_BAD_ADDRESS"
      end }
      assert.is_nil(send({ retries = 5, retry_delay = 1 }):wait(10000))
      assert.equal(1, count)
    end)

    it("counts, also by a cause that is the service's own word", function()
      local calls = 0
      local attempt = outcome_of(function()
        calls = calls + 1
        return calls < 9 and "FS_FATAL_ERROR" or "FS_COMPLETED", { cause = "service_stopped" }
      end)
      assert.equal(1, calls) -- without retries
      assert.equal("give_up", attempt.decision)
      assert.equal("local", attempt.class)
    end)

    it("may be nothing, when report_status tells (FSP-27)", function()
      local seen
      local attempt = outcome_of(function(job)
        job.my_own = "kept"
      end, { report_status = function(job)
        seen = job.my_own
        return "FS_NO_DIAL_TONE", { cause = "silence" }
      end })
      assert.equal("kept", seen)
      assert.equal("FS_NO_DIAL_TONE", attempt.status)
      assert.equal("silence", attempt.cause)
    end)
  end)

  describe("the callbacks", function()
    it("come in their order, and see each other's job (FSP-21, FSP-28)", function()
      local order = {}
      local function note(word, status)
        return function(job, more)
          job.steps = (job.steps or 0) + 1
          order[#order + 1] = word .. job.steps .. (more and " " .. more or "")
          job:sleep(1)
          return status
        end
      end
      attach { start_job = note("start"), send = note("send"),
        report_status = note("report", "FS_NO_ANSWER"), end_job = note("end") }
      local job = send { retries = 1, retry_delay = 1 }
      job:wait(1000)
      assert.same({ "start1", "send2", "report3", "end4 FS_NO_ANSWER",
        "start1", "send2", "report3", "end4 FS_NO_ANSWER" }, order)
    end)

    it("are left out after start_job refused (FSP-30)", function()
      local called = false
      local function note()
        called = true
      end
      local attempt = outcome_of(note, { end_job = note, start_job = function()
        return "FS_CALL_BLACKLISTED", { cause = "not_wanted" }
      end })
      assert.equal("FS_CALL_BLACKLISTED", attempt.status)
      assert.equal("not_wanted", attempt.cause)
      assert.is_false(called)
    end)

    it("are left out when it was aborted before it began", function()
      local called = false
      attach { send = function()
        called = true
        return "FS_COMPLETED"
      end }
      local job = send()
      -- The call is in the port; nothing was polled yet.
      fax.clock.wait(1)
      assert(job:abort())
      fax.clock.wait(1)
      local attempt, _, _, code = attempt_of(job)
      assert.equal("FS_USER_ABORT", attempt.status)
      assert.equal("ERROR_CANCELLED", code)
      assert.is_false(called)
    end)
  end)

  describe("an error", function()
    local function is_lua_error(attempt, pattern)
      assert.equal("FS_FATAL_ERROR", attempt.status)
      assert.equal("lua_error", attempt.cause)
      assert.matches(pattern, attempt.evidence)
    end

    it("in send is a failed operation with its traceback", function()
      local function culprit(job)
        job:sleep(1)
        error("on purpose")
      end
      local attempt = outcome_of(function(job)
        culprit(job)
        return "FS_COMPLETED"
      end)
      is_lua_error(attempt, "provider_spec.lua:%d+: on purpose")
      assert.matches("culprit", attempt.evidence)
      assert.matches("stack traceback", attempt.evidence)
      assert(fax.service.stop())
      assert.matches("cause=lua_error evidence=[^\n]*on purpose[^\n]*culprit", helper.read(log))
    end)

    it("costs the next operation nothing", function()
      local count = 0
      attach { send = function()
        count = count + 1
        return count == 1 and error("once") or "FS_COMPLETED"
      end }
      assert.is_true(send({ retries = 1, retry_delay = 1 }):wait(100))
      assert.equal(2, count)
    end)

    it("in any callback is one", function()
      local ended = 0
      local function bad()
        error("bad")
      end
      local function count()
        ended = ended + 1
      end
      local provider = attach { start_job = bad, send = bad, end_job = count }
      is_lua_error(attempt_of(send()), "bad")
      assert.equal(0, ended)
      provider:close()
      assert(provider:wait(10))
      is_lua_error(outcome_of(function() end, { report_status = bad, end_job = count }), "bad")
      assert.equal(1, ended)
    end)

    it("may be any value", function()
      for _, value in ipairs { { "table" }, 42, "a\0b", setmetatable({}, { __tostring = function()
        error("worse")
      end }), setmetatable({}, { __tostring = function()
        return {}
      end }), ("x"):rep(100000) } do
        local provider = attach { send = function()
          error(value)
        end }
        is_lua_error(attempt_of(send()), ".")
        provider:close()
        assert(provider:wait(10))
      end
    end)

    it("of end_job is told of, and undoes nothing", function()
      local told = {}
      fax.loop().on_error = function(err)
        told[#told + 1] = err
      end
      local attempt, ok = outcome_of(function()
        return "FS_COMPLETED"
      end, { end_job = function()
        error("too late")
      end })
      assert.is_true(ok)
      assert.equal("FS_COMPLETED", attempt.status)
      assert.equal(1, #told)
      assert.matches("too late", told[1])
    end)

    it("is a result that is none", function()
      for _, result in ipairs { { true, nil, "a status expected" },
        { "FS_COMPLTED", nil, "did you mean 'FS_COMPLETED'" },
        { "FS_COMPLETED", { pagse = 1 }, "did you mean 'page" },
        { "FS_COMPLETED", { page = -1 }, "page must be a whole number" },
        { "FS_COMPLETED", 7, "a table of options expected" },
        { nil, nil, "gave no status" } } do
        local provider = attach { send = function()
          return result[1], result[2]
        end }
        is_lua_error(attempt_of(send()), result[3])
        provider:close()
        assert(provider:wait(10))
      end
      is_lua_error(outcome_of(function() end, { start_job = function()
        return "FS_COMPLETED"
      end }), "it can only refuse")
    end)

    it("is a wrong argument of a job's method, where it was given", function()
      for call, pattern in pairs {
        ['job:status("FS_DAILING")'] = "did you mean 'FS_DIALING'",
        ['job:status("FS_DIALING", { rat = 1 })'] = "did you mean 'rate'",
        ["job:status()"] = "a status expected",
        ['job:sleep("x")'] = "a number of seconds expected",
        ["job:sleep(0/0)"] = "a number of seconds expected",
        ['job:wait("x", "r")'] = "fd must be a descriptor",
        ['job:wait(0, "x")'] = 'mode must be "r" or "w"',
        ['job:wait(0, "r", "x")'] = "timeout must be",
        ["job:pages({})"] = "first must be",
        ["job:set_caller({})"] = "caller must be",
        ["job.status(nil, 1)"] = "an operation expected",
      } do
        local fn = assert(load("local job = ... " .. call, "=user"))
        local provider = attach { send = function(job)
          fn(job)
          return "FS_COMPLETED"
        end }
        is_lua_error(attempt_of(send()), "^user:1: .*" .. pattern)
        provider:close()
        assert(provider:wait(10))
      end
    end)
  end)

  describe("misuse", function()
    it("is raised where fax.provider was called", function()
      local good = { name = "x", devices = { { name = "a" } }, send = function() end }
      for key, case in pairs {
        name = { false, "the option 'name' is missing" },
        devices = { false, "the option 'devices' is missing" },
        send = { false, "one of the options 'send' and 'receive' is missing" },
      } do
        local options = { name = good.name, devices = good.devices, send = good.send }
        options[key] = case[1] or nil
        local line = debug.getinfo(1, "l").currentline + 1
        local ok, err = pcall(function() fax.provider(options) end)
        assert.is_false(ok)
        assert.matches("provider_spec.lua:" .. line .. ": fax.provider: " .. case[2], err)
      end
      for _, case in ipairs {
        { { devices = {} }, "devices must be a list of tables, at least one" },
        { { devices = { {} } }, "device 1 has no name" },
        { { devices = { { name = "a", nmber = "1" } } }, "did you mean 'number'" },
        { { send = 1 }, "send must be a function" },
        { { sned = 1 }, "did you mean 'send'" },
        { { server = {} }, "server must be a server handle" },
        { { server = io.stdout }, "server must be a server handle" },
        { { stall = -1 }, "stall must be" },
      } do
        local options = { name = good.name, devices = good.devices, send = good.send }
        for key, value in pairs(case[1]) do
          options[key] = value
        end
        local ok, err = pcall(function() fax.provider(options) end)
        assert.is_false(ok)
        assert.matches("provider_spec.lua:%d+: fax.provider.*" .. case[2], err)
      end
      assert.has_error(function() fax.provider() end)
      assert.equal(0, #server:ports())
    end)

    it("of a closed server, a closed provider or a finished job is an error", function()
      local other = assert(fax.connect())
      other:close()
      local none, _, code = fax.provider { name = "x", devices = { { name = "a" } },
        send = function() end, server = other }
      assert.is_nil(none)
      assert.equal("ERROR_INVALID_HANDLE", code)
      local job
      local provider = attach { send = function(operation)
        job = operation
        return "FS_COMPLETED"
      end }
      assert.is_true(send():wait(10))
      for _, call in ipairs { { "status", "FS_DIALING" }, { "set_caller", "1" } } do
        local ok
        ok, _, code = job[call[1]](job, call[2])
        assert.is_nil(ok)
        assert.equal("ERROR_INVALID_HANDLE", code)
      end
      provider:close()
      provider:close()
      assert.is_true(provider:closed())
      local ok
      ok, _, code = provider.devices[1]:ring()
      assert.is_nil(ok)
      assert.equal("ERROR_INVALID_HANDLE", code)
      assert.has_error(function() provider.devices[1]:ring { ring = 1 } end)
      assert.has_error(function() provider:wait("x") end)
      assert.matches("closed", tostring(provider))
    end)
  end)
end)
