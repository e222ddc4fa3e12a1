-- SPDX-License-Identifier: MIT
-- A fax arrives: the same pixels, all the pages, and what is known of it.
local fax = require "fax"
local helper = require "spec.helper"

describe("a fax", function()
  local folder, server, loop, arrived

  local function file(name)
    local path = folder .. "/" .. name
    if not helper.exists(path) then
      local made = helper.run(("%s/spec/documents %s %s"):format(helper.build, folder, name))
      assert(made.status == 0, made.err)
    end
    return path
  end

  local function connect(options)
    local all = { loopback = { lines = 2, ["number.1"] = "101", ["number.2"] = "102" } }
    server, loop, arrived = helper.connect(helper.merged(all, options)), assert(fax.loop()), {}
    server:on("received", function(event) arrived[#arrived + 1] = event end)
    return server
  end

  before_each(function()
    folder = helper.folder()
  end)

  after_each(helper.tear_down)

  -- Sends and waits until it is confirmed here and stored there.
  local function send(path, options)
    local all = helper.merged({ to = "102", device = 1 }, options)
    local before = #arrived
    local job = assert(server:send(path, all))
    assert(job:wait(120))
    while #arrived == before do
      assert(assert(loop:poll(60)) > 0)
    end
    return arrived[#arrived], assert(job:result())
  end

  local function same(whole, ...)
    local parts = {}
    for i = 1, select("#", ...) do
      parts[i] = helper.quote((select(i, ...)))
    end
    local done = helper.run(("%s/spec/compare %s %s"):format(helper.build,
      helper.quote(whole), table.concat(parts, " ")))
    assert.equal(0, done.status, done.out .. done.err)
    return done.out
  end

  it("arrives pixel by pixel: A4, Letter, Legal, standard and fine", function()
    connect()
    for _, paper in ipairs { "a4", "letter", "legal" } do
      for _, resolution in ipairs { "standard", "fine" } do
        local path = file(("canonical-%s-%s.tif"):format(paper, resolution))
        local event, result = send(path, { resolution = resolution, ecm = true })
        assert.equal(1, event.pages)
        assert.is_true(event.complete)
        assert.is_true(result.attempts[1].ecm)
        assert.equal("verified", result.attempts[1].quality)
        assert.equal("audio", result.attempts[1].transport)
        assert.equal("verified", event.quality)
        same(event.path, path)
      end
    end
  end)

  it("arrives whole with a hundred pages", function()
    connect()
    local path = file("hundred.tif")
    local event, result = send(path, { resolution = "standard" })
    assert.equal(100, event.pages)
    assert.equal(100, result.pages)
    assert.equal(100, result.pages_confirmed)
    assert.matches("^same, 100 pages", same(event.path, path))
  end)

  it("arrives without error correction, and says so", function()
    connect()
    local path = file("canonical-a4-fine.tif")
    local event, result = send(path, { ecm = false })
    local attempt = result.attempts[1]
    assert.is_false(attempt.ecm)
    assert.is_false(event.ecm)
    assert.equal("unverified", attempt.quality)
    assert.equal("unverified", event.quality)
    assert.not_equal("MMR", attempt.encoding)
    assert.equal(0, event.bad_rows)
    same(event.path, path)
  end)

  it("is sent no faster than it may be", function()
    connect()
    for _, rate in ipairs { 4800, 9600 } do
      local path = file("canonical-a4-standard.tif")
      local event, result = send(path, { max_rate = rate, resolution = "standard" })
      assert.equal(rate, result.attempts[1].rate)
      same(event.path, path)
    end
  end)

  it("may be of several files", function()
    connect()
    local one, three = file("canonical-a4-standard.tif"), file("three.tif")
    local event = send({ one, three, one }, { resolution = "standard", paper = "a4" })
    assert.equal(5, event.pages)
    same(event.path, one, three, one)
  end)

  -- JOB-14
  it("may be of PDF, PostScript and TIFF", function()
    connect()
    local event = send({ file("three.pdf"), file("three.ps"), file("scan.tif") })
    assert.equal(7, event.pages)
    local shown = assert(fax.render(event.path, { output = folder .. "/shown.tif" }))
    assert.is_true(shown.unchanged)
    for _, name in ipairs { "three.pdf", "three.ps" } do
      local sent = folder .. "/" .. name .. ".tif"
      assert(fax.render(file(name), { output = sent }))
      local alone = send(file(name))
      assert.equal(3, alone.pages)
      same(alone.path, sent)
    end
  end)

  -- CFG-7, -8
  it("carries a header line when branding is on, above the same pixels", function()
    connect { branding = true }
    local path = file("canonical-a4-standard.tif")
    local event = send(path, { from = "+1 555 0199", resolution = "standard" })
    local done = helper.run(("%s/spec/compare %s %s"):format(helper.build, event.path, path))
    assert.equal(1, done.status)
    assert.equal(1, event.pages)
  end)

  it("is told of with what is known", function()
    connect { use_device_tsid = false }
    local before = os.time()
    local event, result = send(file("three.tif"), { from = "+1 555 0199",
      resolution = "standard" })
    assert.equal("received", event.kind)
    assert.equal("+1 555 0199", event.tsid)
    assert.equal("101", event.caller_id)
    assert.equal(2, event.device_id)
    assert.equal(3, event.pages)
    assert.equal(0, event.bad_rows)
    assert.is_true(event.complete)
    assert.is_true(event.time >= before - 1)
    assert.is_true(helper.exists(event.path))
    local taken = assert(server:result(event.job_id))
    assert.equal("JT_RECEIVE", taken.job_type)
    assert.equal("completed", taken.outcome)
    assert.equal(event.path, taken.path)
    assert.equal("completed", result.outcome)
    assert.equal("102", result.remote_id)
  end)

  it("has a result after it left the queue", function()
    connect()
    local job = assert(server:send(file("canonical-a4-standard.tif"), { to = "102",
      device = 1 }))
    assert(job:wait(60))
    local _, _, code = job:info()
    assert.equal("ERROR_INVALID_PARAMETER", code)
    assert.equal("completed", assert(server:result(job.id)).outcome)
    assert.equal("completed", assert(server:job(job.id):result()).outcome)
    for _, entry in ipairs(assert(server:jobs())) do
      assert.not_equal(job.id, entry.job_id)
    end
  end)

  it("stays in the inbox across a restart", function()
    local directory = folder .. "/state"
    connect { directory = directory }
    local path = file("three.tif")
    local event = send(path, { resolution = "standard" })
    assert.equal(1, #assert(server:inbox()))
    helper.stop()
    connect { directory = directory }
    local list = assert(server:inbox())
    assert.equal(1, #list)
    assert.equal(event.path, list[1].path)
    assert.equal(3, list[1].pages)
    assert.is_true(list[1].complete)
    same(list[1].path, path)
    send(path)
    assert.equal(2, #assert(server:inbox()))
    assert.equal(0, #assert(server:inbox { after = os.time() + 60 }))
  end)

  it("is seen by those who may", function()
    connect()
    local narrow = assert(fax.connect { rights = { "FAX_JOB_SUBMIT" }, user = "ada" })
    local other = assert(fax.connect { rights = { "FAX_JOB_SUBMIT" }, user = "bob" })
    local later = os.time() + 86400
    local job = assert(narrow:send(file("canonical-a4-standard.tif"), { to = "102",
      at = later }))
    assert.equal(1, #assert(server:jobs()))
    assert.equal("ada", assert(server:jobs())[1].user_name)
    local function refused(...)
      assert.is_nil((...))
      assert.equal("ERROR_ACCESS_DENIED", (select(3, ...)))
    end
    refused(narrow:ports())
    refused(narrow:open_port(1))
    refused(narrow:inbox())
    refused(other:job(job.id):abort())
    assert.is_nil((other:result(job.id)))
    assert.equal("pending", assert(job:result()).outcome)
    assert(job:abort())
    local _, _, code = job:wait(60)
    assert.equal("ERROR_CANCELLED", code)
    narrow:close()
    other:close()
  end)
end)
