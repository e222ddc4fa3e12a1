-- SPDX-License-Identifier: MIT
-- server:records: one record for each attempt, page by page.
local fax = require "fax"
local helper = require "spec.helper"

describe("server:records", function()
  local server, path

  before_each(function()
    path = helper.tiff(helper.folder(), 2)
    assert(fax.clock.virtual(1.6e9))
    server = helper.connect { retries = 1, retry_delay = 60 }
  end)

  after_each(function()
    server:close()
    helper.tear_down()
    assert(fax.clock.real())
  end)

  local function all(query)
    local list, cursors = {}, {}
    for record, cursor in assert(server:records(query)) do
      list[#list + 1] = record
      cursors[#cursors + 1] = cursor
    end
    assert.equal(#list, #cursors)
    return list, cursors
  end

  -- Sends to each of the numbers, one after the other.
  local function send(...)
    local jobs = {}
    for i, number in ipairs { ... } do
      jobs[i] = assert(server:send(path, { to = number, subject = "Offer", billing = "4711" }))
      jobs[i]:wait()
    end
    return jobs
  end

  it("has both sides of a fax", function()
    local received
    server:on("received", function(event) received = event end)
    send("102")
    while not received do
      fax.loop():poll(60)
    end
    local list = all { direction = "sent" }
    assert.equal(1, #list)
    local record = list[1]
    for key, value in pairs { job_id = 1, attempt = 1, outcome = "completed", pages = 2,
      status = "FS_COMPLETED", first_page = 1, pages_confirmed = 2, number = "102",
      document = "Offer", billing_code = "4711", provider = "loopback", ecm = true,
      device = "loopback line 1", transport = "audio", class = "none" } do
      assert.equal(value, record[key], key)
    end
    assert.is_nil(record.cause)
    assert.is_true(record.ended >= record.started)
    list = all { direction = "received" }
    assert.equal(1, #list)
    assert.equal(received.job_id, list[1].job_id)
    assert.equal("completed", list[1].outcome)
    assert.equal(2, list[1].pages)
    assert.is_nil(list[1].document)
    assert.is_nil(list[1].class)
  end)

  it("says what followed each attempt", function()
    send("+9999999101") -- is busy
    local list = all()
    assert.equal(2, #list)
    assert.same({ "retry", "failed" }, { list[1].outcome, list[2].outcome })
    assert.equal("busy", list[2].cause)
    assert.is_string(list[2].evidence)
  end)

  it("says how a job ended that waited, to who asks", function()
    local job = assert(server:send(path, { to = "102", hold = true }))
    assert(job:abort())
    assert.is_nil((job:wait()))
    assert.same({}, all())
    local list = all { uncalled = true }
    assert.equal(1, #list)
    assert.same({ job.id, 0, "cancelled", 2 },
      { list[1].job_id, list[1].attempt, list[1].outcome, list[1].pages })
    assert.is_nil(list[1].status)
    assert.is_nil(list[1].started)
    assert.error_matches(function() server:records { uncalled = 1 } end, "uncalled")
  end)

  it("goes on behind a cursor, in each order", function()
    local jobs = send("+9999999101", "+9999999102")
    for order, ids in pairs { oldest = { 1, 1, 2, 2 }, newest = { 2, 2, 1, 1 },
      written = { 1, 1, 2, 2 }, latest = { 2, 2, 1, 1 } } do
      local list, cursors = all { order = order }
      for i, record in ipairs(list) do
        assert.equal(jobs[ids[i]].id, record.job_id)
        assert.equal(#list - i, #all { order = order, cursor = cursors[i] })
      end
      assert.equal(3, #all { order = order, limit = 3 })
    end
    local _, cursors = all { order = "written" }
    send("+9999999100")
    assert.equal("completed", all({ order = "written", cursor = cursors[4] })[1].outcome)
  end)

  it("finds by what it is asked", function()
    local jobs = send("+9999999101", "+9999999100")
    for n, query in pairs { [2] = { job = jobs[1].id }, [1] = { number = "+999 9999 100" },
      [3] = { direction = "sent", after = 1.6e9, device = 1 }, [0] = { before = 1.6e9 } } do
      assert.equal(n, #all(query))
    end
    assert.equal(2, #all { cause = "busy" })
    for _, none in ipairs { { job = 0 }, { device = 0 }, { limit = 0 }, { user = "nobody" } } do
      assert.equal(0, #all(none))
    end
  end)

  it("goes when it is record_days old", function()
    server:close()
    helper.stop()
    server = helper.connect { record_days = 2 }
    send("+9999999100")
    fax.clock.wait(86400)
    assert.equal(1, #all())
    fax.clock.wait(86400 + 2 * 3600) -- it is looked at once an hour
    assert.equal(0, #all())
  end)

  it("raises for what is no question, and gives what failed", function()
    for _, bad in ipairs { { after = "now" }, { direction = "both" }, { cursor = "7" },
      { order = "id" }, { jobs = 1 }, { limit = -1 } } do
      assert.has_error(function() server:records(bad) end)
    end
    server:close()
    local iterator, why, code = server:records()
    assert.is_nil(iterator)
    assert.is_string(why)
    assert.equal("ERROR_INVALID_HANDLE", code)
  end)
end)
