-- SPDX-License-Identifier: MIT
local fax = require "fax"
local helper = require "spec.helper"
local fails = helper.fails

describe("server", function()
  after_each(helper.tear_down)

  local LATER = os.time() + 86400

  describe("connect", function()
    it("starts nothing with require, and only what it is allowed to", function()
      assert.is_false(fax.service.running())
      fails("ERROR_SERVICE_NOT_ACTIVE", fax.connect { start = false, directory = helper.folder() })
      assert.is_false(fax.service.running())
    end)

    it("starts a service, and reaches it the second time", function()
      local first = helper.connect()
      assert.is_true(fax.service.running())
      local second = assert(fax.connect())
      assert.equal(2, #assert(second:ports()))
      first:close()
      assert.equal(2, #assert(second:ports()))
    end)

    it("refuses options of a service that runs already", function()
      helper.connect()
      local why = fails("ERROR_SERVICE_ALREADY_RUNNING", fax.connect { retries = 1 })
      assert.matches("retries", why)
    end)

    it("ends the embedded service with the last handle", function()
      local server = helper.connect()
      server:close()
      assert(fax.service.stop())
      assert.is_false(fax.service.running())
    end)

    it("takes the options that it runs with already", function()
      local folder = helper.folder()
      for _ = 1, 5 do
        local server = helper.connect { directory = folder }
        assert.equal(2, #assert(server:ports()))
        server:close()
      end
    end)

    it("says what is wrong with a provider", function()
      local why = fails("ERROR_MOD_NOT_FOUND", fax.connect {
        directory = helper.folder(), providers = { { name = "nosuch" } } })
      assert.matches("nosuch", why)
      fails("ERROR_INVALID_PARAMETER", fax.connect {
        directory = helper.folder(), loopback = { lnies = 4 } })
      assert.is_false(fax.service.running())
    end)

    it("raises what the caller should have known", function()
      local line = debug.getinfo(1, "l").currentline + 1
      local _, err = pcall(function() fax.connect { directry = "x" } end)
      assert.matches("server_spec.lua:" .. line .. ": fax.connect: unknown option 'directry', "
        .. "did you mean 'directory'%?", err)
      assert.has_error(function() fax.connect { rights = { "FAX_FOO" } } end)
      assert.has_error(function() fax.connect { providers = { { path = "x" } } } end)
      assert.has_error(function()
        fax.connect { providers = {}, loopback = {} }
      end)
      local _, text = pcall(fax.connect, { directory = "a\0b" })
      assert.matches("NUL", text)
    end)

    it("narrows the rights", function()
      helper.connect()
      local server = assert(fax.connect { rights = { "FAX_JOB_SUBMIT" } })
      fails("ERROR_ACCESS_DENIED", server:ports())
      local both = assert(fax.connect { rights = { "FAX_JOB_SUBMIT", "FAX_PORT_QUERY" } })
      assert.equal(2, #assert(both:ports()))
      fails("ERROR_ACCESS_DENIED", fax.connect { rights = 0 })
    end)
  end)

  describe("a handle", function()
    it("may be closed twice, and fails after it", function()
      local server = helper.connect()
      local job = server:job(1)
      server:close()
      server:close()
      assert.is_true(server:closed())
      assert.matches("closed", tostring(server))
      fails("ERROR_INVALID_HANDLE", server:ports())
      fails("ERROR_INVALID_HANDLE", server:jobs())
      fails("ERROR_INVALID_HANDLE", server:inbox())
      fails("ERROR_INVALID_HANDLE", server:result(1))
      fails("ERROR_INVALID_HANDLE", server:open_port(1))
      fails("ERROR_INVALID_HANDLE", server:send("x", { to = "1" }))
      fails("ERROR_INVALID_HANDLE", server:on("job", function() end))
      fails("ERROR_INVALID_HANDLE", job:info())
      fails("ERROR_INVALID_HANDLE", job:abort())
      fails("ERROR_INVALID_HANDLE", job:wait(1))
    end)

    it("is closed by the garbage collector", function()
      local server = helper.connect()
      assert(server:open_port(1, "modify"))
      collectgarbage()
      collectgarbage()
      assert(server:open_port(1, "modify")):close()
    end)

    it("is closed by <close>", function()
      local server = helper.connect()
      local chunk = (rawget(_G, "loadstring") or load)([[
        local server = ...
        do local port <close> = assert(server:open_port(1, "modify")) end
        return (assert(server:open_port(1, "modify")))
      ]])
      if helper.version == "5.1" then
        assert.is_nil(chunk)
      else
        assert.is_false(chunk(server):closed())
      end
    end)

    it("is not another kind of handle", function()
      local server = helper.connect()
      local port = assert(server:open_port(1))
      assert.has_error(function() server.ports(port) end)
      assert.has_error(function() port.info(server) end)
      assert.has_error(function() server.ports(io.stdout) end)
    end)
  end)

  describe("ports", function()
    it("are the records of FAX_PORT_INFO", function()
      local server = helper.connect { loopback = { lines = 3 } }
      local ports = assert(server:ports())
      assert.equal(3, #ports)
      assert.equal("FPS_AVAILABLE", ports[1].state)
      assert.equal("number", type(ports[1].device_id))
      assert.equal("string", type(ports[1].device_name))
      local flags = table.concat(ports[1].flags, " ")
      assert.matches("FPF_SEND", flags)
      assert.matches("FPF_RECEIVE", flags)
    end)

    it("open for query, and for modify by one at a time", function()
      local server = helper.connect()
      local first = assert(server:open_port(1, "modify"))
      fails("ERROR_INVALID_HANDLE", server:open_port(1, "modify"))
      local query = assert(server:open_port(1))
      assert.equal(1, assert(query:info()).device_id)
      fails("ERROR_BAD_UNIT", server:open_port(99))
      first:close()
      assert(server:open_port(1, "modify"))
    end)

    it("raise for a wrong mode or id", function()
      local server = helper.connect()
      assert.has_error(function() server:open_port(1, "write") end)
      assert.has_error(function() server:open_port("1") end)
      assert.has_error(function() server:open_port(1.5) end)
      assert.has_error(function() server:open_port(-1) end)
    end)

    it("keep what is set, and what is not", function()
      local server = helper.connect()
      local port = assert(server:open_port(1, "modify"))
      local before = assert(port:info())
      assert(port:set { rings = 5, csid = "+1 555 0100" })
      local after = assert(port:info())
      assert.equal(5, after.rings)
      assert.equal("+1 555 0100", after.csid)
      assert.equal(before.tsid, after.tsid)
      assert.same(before.flags, after.flags)
      assert(port:set { receive = false })
      local flags = table.concat(assert(port:info()).flags, " ")
      assert.is_nil(flags:find("RECEIVE"))
      assert.matches("FPF_SEND", flags)
      assert(port:set { receive = true })
      assert.same(before.flags, assert(port:info()).flags)
      fails("ERROR_INVALID_PARAMETER", port:set { rings = 100 })
      assert.equal(5, assert(port:info()).rings)
      assert.has_error(function() port:set { ring = 1 } end)
    end)

    it("are closed with their server", function()
      local server = helper.connect()
      local port = assert(server:open_port(1))
      server:close()
      fails("ERROR_INVALID_HANDLE", port:info())
      port:close()
      port:close()
    end)

    it("tell what the device does", function()
      local server = helper.connect()
      local status = assert(assert(server:open_port(2)):status())
      assert.equal("JT_UNKNOWN", status.job_type)
      assert.equal(2, status.device_id)
      assert.equal("FPS_AVAILABLE", status.status)
    end)
  end)

  describe("send", function()
    it("queues a job that can be looked at and aborted", function()
      local server = helper.connect()
      local path = helper.pdf(helper.folder(), 2)
      local job = assert(server:send(path, { to = "102", name = "Ann", subject = "Offer",
        from = "101", sender = "Bob", company = "C", dept = "D", billing = "B",
        at = LATER }))
      local info = assert(job:info())
      assert.equal(job.id, info.job_id)
      assert.equal("102", info.recipient_number)
      assert.equal("Ann", info.recipient_name)
      assert.equal("Offer", info.document_name)
      assert.equal("101", info.tsid)
      assert.equal("Bob", info.sender_name)
      assert.equal("C", info.sender_company)
      assert.equal("D", info.sender_dept)
      assert.equal("B", info.billing_code)
      assert.equal("JT_SEND", info.job_type)
      assert.equal("JSA_SPECIFIC_TIME", info.schedule_action)
      assert.equal(LATER, info.schedule_time)
      assert.equal(2, info.page_count)
      assert.same({ "JS_PENDING" }, info.queue_status)
      assert.is_nil(info.status)
      local jobs = assert(server:jobs())
      assert.equal(1, #jobs)
      assert.equal(job.id, jobs[1].job_id)
      local function found(query)
        return #assert(server:jobs(query))
      end
      assert.equal(1, found { number = "1 0-2", without = { "JS_PAUSED", "JS_FAILED" } })
      assert.equal(1, found { limit = 1, newest_first = true, cursor = job.id + 1 })
      for _, query in ipairs { { number = "103" }, { with = "JS_PAUSED" }, { cursor = job.id },
        { newest_first = true, cursor = job.id } } do
        assert.equal(0, found(query))
      end
      assert.has_error(function() server:jobs { with = "FAX_JOB_QUERY" } end)
      assert.equal("pending", assert(job:result()).outcome)

      fails("WAIT_TIMEOUT", job:wait(0.01))
      assert.is_true(job:abort())
      fails("ERROR_CANCELLED", job:wait(10))
      fails("ERROR_INVALID_PARAMETER", job:info())
      fails("ERROR_INVALID_PARAMETER", job:abort())
      assert.equal("cancelled", assert(server:result(job.id)).outcome)
      assert.same({}, assert(server:jobs()))
    end)

    it("says what is wrong with a document, and leaves no job", function()
      local server = helper.connect()
      local folder = helper.folder()
      local why = fails("ERROR_FILE_NOT_FOUND",
        server:send(folder .. "/none.pdf", { to = "102" }))
      assert.matches("none.pdf", why)
      fails("ERROR_INVALID_DATA", server:send(folder, { to = "102" }))
      fails("ERROR_INVALID_DATA", server:send(helper.write(folder .. "/empty.pdf", ""),
        { to = "102" }))
      fails("ERROR_INVALID_DATA", server:send(helper.write(folder .. "/x.tif", "II*\0junk"),
        { to = "102" }))
      assert.same({}, assert(server:jobs()))
      assert(server:send(helper.pdf(folder), { to = "102", at = LATER }))
    end)

    it("refuses numbers that are none", function()
      local server = helper.connect()
      local path = helper.pdf(helper.folder())
      fails("ERROR_INVALID_PARAMETER", server:send(path, { to = "" }))
      local value, why, code = server:send(path, { to = ("1"):rep(10000) })
      assert.is_nil(value)
      assert.is_string(why)
      assert.matches("^ERROR_", code)
      assert.same({}, assert(server:jobs()))
    end)

    it("raises what the caller should have known", function()
      local server = helper.connect()
      local line = debug.getinfo(1, "l").currentline + 1
      local _, err = pcall(function() server:send("x", { too = "1" }) end)
      assert.matches("server_spec.lua:" .. line .. ": server:send: unknown option 'too', "
        .. "did you mean 'to'%?", err)
      assert.has_error(function() server:send("x") end)
      assert.has_error(function() server:send(nil, { to = "1" }) end)
      assert.has_error(function() server:send({}, { to = "1" }) end)
      assert.has_error(function() server:send({ "x", 2 }, { to = "1" }) end)
      assert.has_error(function() server:send("x", { to = 102 }) end)
      assert.has_error(function() server:send("x", { to = "1", paper = "a5" }) end)
      assert.has_error(function() server:send("a\0b", { to = "1" }) end)
      assert.has_error(function() server:send("x", { to = "1\0002" }) end)
    end)

    it("joins files", function()
      local server = helper.connect()
      local folder = helper.folder()
      local job = assert(server:send({ helper.pdf(folder, 1), helper.tiff(folder, 3) },
        { to = "102", at = LATER, resolution = "standard", paper = "letter" }))
      assert.equal(4, assert(job:info()).page_count)
      job:abort()
    end)
  end)

  it("sends from a coroutine without touching its caller's stack", function()
    local server = helper.connect()
    local path = helper.tiff(helper.folder(), 1)
    local function sends(count)
      for _ = 1, count do
        assert(server:send(path, { to = "102", at = LATER })):abort()
      end
      return "back"
    end
    local function caller(co, count)
      local x, y = "x", "y"
      local ok, value = coroutine.resume(co, count)
      return { ok, value, x, y, coroutine.status(co) }
    end
    for count = 1, 8 do
      assert.same({ true, "back", "x", "y", "dead" }, caller(coroutine.create(sends), count))
    end
  end)

  it("knows no job that was never there", function()
    local server = helper.connect()
    fails("ERROR_INVALID_PARAMETER", server:job(4711):info())
    fails("ERROR_INVALID_PARAMETER", server:result(4711))
    fails("ERROR_INVALID_PARAMETER", server:job(4711):wait(1))
    assert.has_error(function() server:job("1") end)
  end)

  it("leaks no descriptor and no thread", function()
    helper.connect():close()
    helper.stop()
    local descriptors, threads = helper.descriptors(), helper.threads()
    for _ = 1, 3 do
      local server = helper.connect()
      assert(server:open_port(1))
      server:on("any", function() end)
      server:close()
      helper.stop()
    end
    assert.is_true(helper.descriptors() <= descriptors)
    assert.is_true(helper.threads() <= threads)
  end)
end)
