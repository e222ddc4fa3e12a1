-- SPDX-License-Identifier: MIT
-- examples/http_fsp.lua against the imitation of a fax company, on the virtual
-- clock: what is delivered, what is not, and what an API can do wrong.
local core = require "fax.core"
local fax = require "fax"
local helper = require "spec.helper"

describe("the HTTP provider", function()
  local folder, server, document, company, directory

  setup(function()
    folder = helper.folder()
    helper.tiff(folder, 2)
  end)

  teardown(helper.clean)

  local function start(retries, more)
    server = assert(fax.connect { directory = directory, providers = {}, retries = retries or 0,
      retry_delay = 60, branding = false })
    document = assert(server:prepare(folder .. "/2.tif"))
    company = dofile "examples/http_service.lua" { key = "secret" }
    more = more or {}
    assert(dofile "examples/http_fsp.lua" { url = company.url, key = more.key or "secret",
      number = "100", patience = more.patience })
  end

  before_each(function()
    assert(fax.clock.virtual(1.6e9))
    directory = core.temporary("fax-spec")
  end)

  after_each(function()
    company:close()
    fax.loop():poll(1)
    assert(fax.service.stop { timeout = 60 })
    fax.loop():close()
    collectgarbage()
    assert(fax.clock.real())
    os.execute("rm -rf " .. helper.quote(directory))
  end)

  local function send(to)
    return assert(server:send(document, { to = to or "555", from = "+49 1" }))
  end

  -- The last attempt of a job to `to`, how many there were, and the job.
  local function outcome(to)
    local job = send(to)
    job:wait(100000)
    local attempts = assert(job:result()).attempts
    return attempts[#attempts], #attempts, job
  end

  -- The first requests that match get these instead of their answers.
  local function fail(pattern, ...)
    local faults = { ... }
    company.fault = function(request)
      if #faults > 0 and (request.method .. " " .. request.path):find(pattern) then
        return table.remove(faults, 1)
      end
    end
  end

  local function asked(pattern)
    local count = 0
    for _, request in ipairs(company.log) do
      count = count + (request:find(pattern) and 1 or 0)
    end
    return count
  end

  local function run_until(done)
    local deadline = fax.clock.now() + 1000
    while not done() and fax.clock.now() < deadline do
      fax.loop():poll(1)
    end
    return assert.is_truthy(done())
  end

  local function answer(status, body, headers)
    return ("HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n%s"):format(status, headers or "", #body,
      body)
  end

  local function same_pages(a, b)
    local one = assert(fax.render(a, { png = folder .. "/a" })).pages
    local other = assert(fax.render(b, { png = folder .. "/b" })).pages
    assert.equal(2, #one)
    assert.equal(2, #other)
    for i = 1, 2 do
      assert.is_true(helper.read(one[i].png) == helper.read(other[i].png))
    end
  end

  local function assert_sent_once(attempt)
    assert.equal("FS_COMPLETED", attempt.status)
    assert.equal(2, attempt.pages_confirmed)
    assert.equal(1, #company.faxes)
  end

  describe("that sends", function()
    it("hands the document over, and looks until it is delivered", function()
      start()
      local attempt = outcome("+49 30 123")
      assert_sent_once(attempt)
      assert.equal("The other side", attempt.remote_id)
      local one = company.faxes[1]
      assert.same({ "+49 30 123", "+49 1", 1, 2 }, { one.to, one.from, one.first_page, one.pages })
      same_pages(folder .. "/2.tif", helper.write(folder .. "/company.tif", one.document))
      assert.equal(3, asked "^GET /v1/faxes/fax%-1$")
    end)

    it("says why it failed, in the service's words", function()
      start()
      for reason, status in pairs { busy = "FS_BUSY", no_answer = "FS_NO_ANSWER",
        not_fax = "FS_NOT_FAX_CALL", blocked = "FS_CALL_BLACKLISTED",
        line_noise = "FS_FATAL_ERROR" } do
        company.scripts["555"] = { { status = "queued" },
          { status = "failed", reason = reason, message = "so it is", pages_sent = 1 } }
        local attempt = outcome()
        assert.same({ status, reason, "so it is", 1 },
          { attempt.status, attempt.cause, attempt.evidence, attempt.pages_confirmed })
      end
    end)

    it("does not try a number again that is none", function()
      start(3)
      local attempt, count = outcome("5-5")
      assert.same({ "FS_BAD_ADDRESS", "bad_number", "that is no number", 1 },
        { attempt.status, attempt.cause, attempt.evidence, count })
    end)

    it("sends the pages that are left at the next attempt, under another key", function()
      start(1)
      company.scripts["555"] = { { status = "failed", reason = "cut", pages_sent = 1 } }
      local job = send()
      run_until(function()
        return #company.faxes == 1
      end)
      company.scripts["555"] = nil
      assert.is_true(job:wait(100000))
      local first, second = company.faxes[1], company.faxes[2]
      assert.are_not.equal(first.key, second.key)
      assert.same({ 1, 2, 2, 1 },
        { first.first_page, first.pages, second.first_page, second.pages })
    end)

    it("calls no fax delivered of which pages are missing, or not counted", function()
      start()
      for _, pages in ipairs { 1, 0, -1, 3, 1.5, 1e300, "2", false, { 2 } } do
        company.scripts["555"] = { { status = "queued" }, { status = "delivered",
          pages_sent = pages } }
        local attempt = outcome()
        assert.equal("FS_FATAL_ERROR", attempt.status)
        assert.equal("pages_missing", attempt.cause)
      end
    end)

    it("takes words of the API that are none for what they are", function()
      start()
      company.scripts["555"] = { { status = 7 }, { status = "flying" }, { status = {} },
        { status = "failed", reason = { 1 }, message = "a\0b" } }
      local attempt = outcome()
      assert.equal("FS_FATAL_ERROR", attempt.status)
      assert.equal("", attempt.evidence or "")
    end)
  end)

  describe("when the API fails", function()
    it("does not send twice what was submitted and not answered", function()
      start()
      fail("^POST", "lost", "lost")
      assert_sent_once(outcome())
      assert.equal(3, asked "^POST /v1/faxes$")
    end)

    it("does not send twice what was not answered in one attempt, in the next", function()
      start(1, { patience = 60 })
      local from = fax.clock.now()
      company.fault = function()
        return #company.faxes == 0 and "lost" or fax.clock.now() < from + 70 and "silent" or nil
      end
      local attempt, count = outcome()
      assert_sent_once(attempt)
      assert.equal(2, count)
    end)

    it("looks again in the next attempt for one that it lost sight of", function()
      start(1)
      fail("^GET /v1/faxes/", answer(404, "{}"))
      local attempt, count = outcome()
      assert_sent_once(attempt)
      assert.equal(2, count)
    end)

    it("says of one that was never answered that it is undecided", function()
      start(0, { patience = 60 })
      company.fault = function()
        return "lost"
      end
      local attempt, _, job = outcome()
      assert.same({ "FS_FATAL_ERROR", "undecided" }, { attempt.status, attempt.cause })
      assert.matches("job " .. job.id, attempt.advice)
      assert.equal(1, #company.faxes)
    end)

    it("waits as long as it is told to", function()
      start()
      local at = {}
      company.fault = function(request)
        if request.method == "POST" then
          at[#at + 1] = fax.clock.now()
          return ({ answer(429, "", "Retry-After: 40\r\n"), answer(503, "", "Retry-After: 20\r\n"),
            answer(500, "") })[#at]
        end
      end
      assert_sent_once(outcome())
      assert.equal(4, #at)
      assert.is_true(at[2] - at[1] >= 40 and at[3] - at[2] >= 20 and at[4] - at[3] >= 1)
    end)

    it("asks again when no answer comes in time", function()
      start()
      fail("/v1/faxes", "silent", "silent")
      assert_sent_once(outcome())
    end)

    it("believes no broken answer", function()
      start()
      fail("/v1/faxes", "\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nno header\r\n\r\n", answer(200, ""),
        "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}")
      assert_sent_once(outcome())
      fail("/v1/faxes", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}!\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        "HTTP/1.1 200 OK\r\n" .. ("a: b\r\n"):rep(200), "HTTP/1.1 200 " .. ("x"):rep(20000))
      assert.equal("FS_COMPLETED", outcome().status)
      fail("/v1/faxes", answer(200, "{"), answer(200, "[1"), answer(200, '"delivered"'),
        answer(200, "{}"), answer(200, '{"id":7}'), answer(200, ("["):rep(100000)))
      assert.equal("FS_COMPLETED", outcome().status)
      assert.equal(3, #company.faxes)
    end)

    it("takes an answer without a length, in chunks with words, and after a note", function()
      start()
      local delivered = '{"status":"delivered","pages_sent":2}'
      for _, one in ipairs { "HTTP/1.0 200 OK\n\n" .. delivered,
        ("HTTP/1.1 200\r\nTransfer-Encoding: Chunked\r\n\r\n%x;a=b\r\n%s\r\n0\r\nend: 1\r\n\r\n")
          :format(#delivered, delivered),
        "HTTP/1.1 100 Continue\r\n\r\n" .. answer(200, delivered) } do
        fail("^GET /v1/faxes/", one)
        assert.equal("FS_COMPLETED", outcome().status)
      end
      assert.equal(3, asked "^GET /v1/faxes/")
    end)

    it("follows nobody elsewhere", function()
      start()
      fail("^POST", answer(307, "", ("Location: %s/other\r\n"):format(company.url)))
      local attempt = outcome()
      assert.same({ "FS_FATAL_ERROR", "redirected" }, { attempt.status, attempt.cause })
      assert.equal(0, asked "other")
    end)

    it("says that its key is not taken", function()
      start(0, { key = "wrong" })
      local attempt = outcome()
      assert.same({ "FS_FATAL_ERROR", "unauthorized" }, { attempt.status, attempt.cause })
    end)

    it("says that nobody is there", function()
      start(0, { patience = 60 })
      company:close()
      fax.loop():poll(1)
      local attempt = outcome()
      assert.equal("undecided", attempt.cause)
      assert.matches("refused", attempt.evidence)
    end)
  end)

  describe("that is to give up", function()
    local function aborted_when(done)
      local job = send()
      run_until(done)
      assert(job:abort())
      job:wait(1000)
      return assert(job:result()).attempts[1]
    end

    it("cancels the fax", function()
      start()
      company.scripts["555"] = { { status = "queued" } }
      local attempt = aborted_when(function()
        return asked "^GET /v1/faxes/" == 2
      end)
      assert.same({ "FS_USER_ABORT", "cancelled" }, { attempt.status, attempt.cause })
      assert.is_true(company.faxes[1].cancelled)
    end)

    it("lets one be that was delivered already", function()
      start()
      company.scripts["555"] = { { status = "queued" }, { status = "queued" } }
      local attempt = aborted_when(function()
        if asked "^GET /v1/faxes/" == 1 then
          company.faxes[1].script = { { status = "delivered" } }
          return true
        end
      end)
      assert_sent_once(attempt)
    end)

    it("cancels one of which it knows the key only", function()
      start()
      fail("^POST /v1/faxes$", "lost")
      local attempt = aborted_when(function()
        return #company.faxes == 1
      end)
      assert.equal("FS_USER_ABORT", attempt.status)
      assert.is_true(company.faxes[1].cancelled)
    end)

    it("says when that was not confirmed, and waits for it no longer than it may", function()
      start()
      company.fault = function(request)
        return request.path:find("cancel") and "silent"
      end
      local attempt = aborted_when(function()
        return #company.faxes == 1
      end)
      assert.same({ "FS_USER_ABORT", "cancel_unconfirmed" }, { attempt.status, attempt.cause })
      assert.equal("FPS_AVAILABLE", server:ports()[1].state)
    end)
  end)

  describe("that receives", function()
    local function tiff()
      return helper.read(folder .. "/2.tif")
    end

    it("takes what came in, once, and removes it there", function()
      start()
      local events = server:events("received")
      fail("^DELETE", "silent")
      company:arrive { from = "+49 2", document = tiff() }
      company:arrive { from = "+49 3", document = tiff() }
      for _, from in ipairs { "+49 2", "+49 3" } do
        local got = events()
        assert.same({ from, 2 }, { got.caller_id, got.pages })
        same_pages(folder .. "/2.tif", got.path)
      end
      run_until(function()
        return #company.inbox == 0
      end)
      assert.equal(2, asked "^GET /v1/inbox/in")
    end)

    it("asks again for one that came in part", function()
      start()
      local events = server:events("received")
      fail("^GET /v1/inbox/in", "HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nII*\0",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nII*\0\r\n")
      company:arrive { from = "+49 2", document = tiff() }
      assert.equal(2, events().pages)
    end)

    it("leaves there what is no TIFF, and takes the next one", function()
      start()
      local events = server:events("received")
      company:arrive { from = "+49 2", document = "<html>" }
      company:arrive { from = "+49 3", document = tiff() }
      assert.equal("+49 3", events().caller_id)
      run_until(function()
        return #company.inbox == 1
      end)
      assert.equal("<html>", company.inbox[1].document)
      assert.equal(1, asked "^GET /v1/inbox/in%-1$")
    end)
  end)
end)
