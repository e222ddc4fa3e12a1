-- SPDX-License-Identifier: MIT
-- A fax from Lua to the inbox, and what is heard of it on the way.
local fax = require "fax"
local helper = require "spec.helper"

describe("a fax", function()
  local folder, server, path

  before_each(function()
    folder = helper.folder()
    server = helper.connect { directory = folder .. "/state" }
    path = helper.pdf(folder, 2)
  end)

  after_each(helper.tear_down)

  -- Runs the loop until done() or the time is up.
  local function run_until(done)
    local loop, deadline = fax.loop(), fax.clock.now() + 60
    while not done() and fax.clock.now() < deadline do
      loop:poll(deadline - fax.clock.now())
    end
    return assert.is_true(done())
  end

  it("is sent, received and remembered", function()
    local received
    server:on("received", function(event)
      received = event
    end)
    local before = os.time()
    local job = assert(server:send(path, { to = "102", from = "101", device = 1 }))
    assert.is_true(job:wait(60))
    run_until(function()
      return received ~= nil
    end)

    local result = assert(job:result())
    assert.equal("completed", result.outcome)
    assert.equal("JT_SEND", result.job_type)
    assert.equal(2, result.pages)
    assert.equal(2, result.pages_confirmed)
    assert.equal("102", result.number)
    assert.equal(1, #result.attempts)
    local attempt = result.attempts[1]
    assert.equal("FS_COMPLETED", attempt.status)
    assert.equal(1, attempt.device_id)
    assert.equal(14400, attempt.rate)
    assert.is_true(attempt.ecm)
    assert.is_true(attempt.started <= attempt.ended)

    assert.equal("101", received.tsid)
    assert.equal(2, received.pages)
    assert.is_true(received.complete)
    assert.equal(2, received.device_id)
    assert.is_true(helper.exists(received.path))

    local inbox = assert(server:inbox())
    assert.equal(1, #inbox)
    assert.equal(received.path, inbox[1].path)
    assert.equal(2, inbox[1].pages)
    assert.is_true(inbox[1].complete)
    assert.is_true(inbox[1].time >= before - 1)
    assert.equal(1, #assert(server:inbox { after = before - 1 }))
    assert.equal(0, #assert(server:inbox { after = os.time() + 3600 }))
  end)

  it("that fails says why", function()
    local job = assert(server:send(path, { to = "999" }))
    local ok, why, code = job:wait(60)
    assert.is_nil(ok)
    assert.equal("ERROR_FAX_FAILED", code)
    assert.matches("job %d+: .*999", why)
    local result = assert(job:result())
    assert.equal("failed", result.outcome)
    assert.equal("FS_BAD_ADDRESS", result.attempts[1].status)
  end)

  it("is waited for in coroutines, several at once", function()
    helper.stop()
    server = helper.connect { loopback = { lines = 4 } }
    local loop, done = fax.loop(), 0
    for i, to in ipairs { "103", "104", "999" } do
      loop:spawn(function()
        local job = assert(server:send(path, { to = to, device = i < 3 and i or nil }))
        local ok, _, code = job:wait(60)
        assert.equal(i ~= 3 or nil, ok)
        assert.equal(i == 3 and "ERROR_FAX_FAILED" or nil, code)
        done = done + 1
      end)
    end
    assert.is_true(loop:run())
    assert.equal(3, done)
  end)

  it("is not waited for inside a plain callback", function()
    local ok, err
    local job = assert(server:send(path, { to = "102" }))
    local subscription
    subscription = server:on("job", function()
      ok, err = pcall(job.wait, job)
      subscription:close()
    end)
    assert.is_true(job:wait(60))
    assert.is_false(ok)
    assert.matches("job:wait: cannot wait inside a callback", err)
  end)

  it("tells its events in order", function()
    local names, phases, last, pages = {}, {}, 0, {}
    server:on("any", function(event)
      assert.is_true(tonumber(event.sequence) > last)
      last = tonumber(event.sequence)
      names[event.name] = true
      if event.kind == "job" and event.device_id == 1 then
        if event.phase then
          phases[event.phase] = true
        end
        if event.page then
          pages[event.page] = true
        end
      end
    end)
    local job = assert(server:send(path, { to = "102", device = 1 }))
    assert.is_true(job:wait(60))
    run_until(function()
      return names.FEI_FAX_RECEIVED
    end)
    for _, name in ipairs { "FEI_JOB_QUEUED", "FEI_DIALING", "FEI_SENDING", "FEI_RECEIVING",
      "FEI_COMPLETED", "FEI_DELETED" } do
      assert.is_true(names[name], name)
    end
    assert.is_true(phases.page)
    assert.is_true(pages[1] and pages[2])
  end)

  it("is heard of by kind", function()
    local kinds = {}
    server:on("port", function(event)
      kinds[event.kind] = true
    end)
    assert.is_true(assert(server:send(path, { to = "102" })):wait(60))
    assert.is_nil(kinds.job)
    assert.is_nil(kinds.received)
  end)

  it("goes on after its server handle is closed, and so do the events", function()
    local ended
    server:on("job", function(event)
      ended = ended or event.outcome == "completed"
    end)
    assert(server:send(path, { to = "102" }))
    server:close()
    run_until(function()
      return ended
    end)
  end)

  it("comes through an iterator, in a coroutine and outside", function()
    local loop, seen = fax.loop(), {}
    loop:spawn(function()
      for event in server:events() do
        if event.kind == "job" then
          seen[#seen + 1] = event.name
        end
        if event.outcome and event.outcome ~= "pending" then
          break
        end
      end
    end)
    loop:poll(0)
    assert(server:send(path, { to = "999" }))
    assert.is_true(loop:run())
    assert.equal("FEI_JOB_QUEUED", seen[1])

    local step = server:events()
    local job = assert(server:send(path, { to = "999" }))
    local event = step()
    while event.job_id ~= job.id do
      event = step()
    end
    assert.equal("FEI_JOB_QUEUED", event.name)
  end)

  it("leaves an iterator that was dropped to the collector", function()
    local loop = fax.loop()
    for _ = 1, 3 do
      local step = server:events()
      assert.is_function(step)
    end
    collectgarbage()
    collectgarbage()
    assert.is_nil(next(loop._iterators))
  end)

  it("ends the wait when the service stops", function()
    local job = assert(server:send(path, { to = "102", at = os.time() + 3600 }))
    local loop, ok, code = fax.loop(), nil, nil
    loop:spawn(function()
      local _
      ok, _, code = job:wait()
    end)
    loop:poll(0)
    assert(fax.service:stop())
    assert.is_true(loop:run())
    assert.is_nil(ok)
    assert.matches(helper.over and "^RPC_S_SERVER_UNAVAILABLE$" or "^ERROR_", code)
  end)

  it("can be aborted while it is sent", function()
    helper.stop()
    server = helper.connect { loopback = { lines = 2, pace = "real" } }
    local job, aborted
    server:on("job", function(event)
      if not aborted and event.name == "FEI_DIALING" then
        aborted = job:abort()
      end
    end)
    job = assert(server:send(path, { to = "102" }))
    local ok, _, code = job:wait(60)
    assert.is_nil(ok)
    assert.equal("ERROR_CANCELLED", code)
    assert.is_true(aborted)
  end)
end)

describe("a fax that is tried again", function()
  after_each(function()
    helper.stop()
    assert(fax.clock.real())
    helper.clean()
  end)

  it("waits for hours of the clock, not of the world", function()
    assert(fax.clock.virtual(1700000000))
    local server = helper.connect { retries = 3, retry_delay = 7200 }
    local folder = helper.folder()
    assert(assert(server:open_port(2, "modify")):set { receive = false })
    local started = fax.clock.now()
    local job = assert(server:send(helper.pdf(folder), { to = "102", device = 1 }))
    local ok, _, code = job:wait()
    assert.is_nil(ok)
    assert.equal("ERROR_FAX_FAILED", code)
    assert.equal(4, #assert(job:result()).attempts)
    assert.is_true(fax.clock.now() - started > 3 * 7200 - 1e-6) -- seconds are doubles
    server:close()
  end)
end)
