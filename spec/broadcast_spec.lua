-- SPDX-License-Identifier: MIT
-- One document to many, from Lua; and the documents that are prepared for it.
local fax = require "fax"
local helper = require "spec.helper"
local fails = helper.fails

describe("broadcast", function()
  local server, folder, path
  local LATER = os.time() + 86400

  before_each(function()
    folder = helper.folder()
    server = helper.connect { directory = folder .. "/state" }
    path = helper.pdf(folder, 2)
  end)

  after_each(helper.tear_down)

  local function numbers()
    local list = {}
    for i, job in ipairs(assert(server:jobs())) do
      list[i] = job.recipient_number
    end
    return list
  end

  it("queues a job for each of a list, with what all have in common (BC-6)", function()
    local jobs = assert(server:broadcast(path, {
      "101", { to = "102", name = "Ann" }, { to = "103", subject = "Other" } },
      { at = LATER, subject = "Offer", sender = "Bob" }))
    assert.equal(3, #jobs)
    assert.same({ "101", "102", "103" }, numbers())
    local second, third = assert(jobs[2]:info()), assert(jobs[3]:info())
    assert.equal("Ann", second.recipient_name)
    assert.equal("Offer", second.document_name)
    assert.equal("Bob", second.sender_name)
    assert.equal("Other", third.document_name)
    assert.equal(LATER, third.schedule_time)
    assert.equal(2, third.page_count)
  end)

  it("asks for one recipient after the other, counting from 1 (BC-1, BC-2)", function()
    local asked = {}
    local jobs = assert(server:broadcast(path, function(n, extra)
      asked[n] = #assert(server:jobs()) -- none before all are named
      assert.is_nil(extra)
      return n <= 3 and { to = "10" .. n, at = LATER } or nil
    end))
    assert.same({ 0, 0, 0, 0 }, asked)
    assert.equal(3, #jobs)
    assert.same({ "101", "102", "103" }, numbers())
  end)

  it("gives a key to each recipient, so that it may be repeated", function()
    local options = { at = LATER, key = "mailing" }
    local first = assert(server:broadcast(path, { "101", { to = "102", key = "own" } },
      options))
    local again = assert(server:broadcast(path, { "101", { to = "102", key = "own" }, "103" },
      options))
    assert.same({ first[1].id, first[2].id }, { again[1].id, again[2].id })
    assert.same({ "101", "102", "103" }, numbers())
    assert.equal(first[1].id, assert(server:send(path, { to = "101",
      key = "mailing/101" })).id)
    assert.equal(first[2].id, assert(server:send(path, { to = "102", key = "own" })).id)
    local why = fails("ERROR_ALREADY_EXISTS", server:send(path, { to = "103", key = "own" }))
    assert.matches("job " .. first[2].id, why)
  end)

  it("takes an iterator", function()
    local list = helper.write(folder .. "/numbers", "101\n102\n")
    assert.equal(2, #assert(server:broadcast(path, io.lines(list), { at = LATER })))
    assert.same({ "101", "102" }, numbers())
  end)

  it("raises FEI_JOB_QUEUED for each (BC-8)", function()
    local queued = {}
    local subscription = server:on("job", function(event)
      if event.name == "FEI_JOB_QUEUED" then
        queued[#queued + 1] = event.job_id
      end
    end)
    local jobs = assert(server:broadcast(path, { "101", "102" }, { at = LATER }))
    while #queued < 2 do
      assert.is_true(assert(fax.loop():poll(60)) > 0)
    end
    subscription:close()
    assert.same({ jobs[1].id, jobs[2].id }, queued)
  end)

  it("that ends with the first answer is cancelled (BC-12)", function()
    for _, nobody in ipairs { {}, function() end } do
      local _, queued = fails("ERROR_CANCELLED", server:broadcast(path, nobody))
      assert.same({}, queued)
    end
    assert.same({}, numbers())
    assert.same({}, helper.empties(folder .. "/state/spool"))
  end)

  it("ends with what is wrong, and keeps what is queued (BC-5, BC-13)", function()
    local why, queued = fails("ERROR_INVALID_PARAMETER", server:broadcast(path,
      { "101", "102", "", "103" }, { at = LATER }))
    assert.matches("recipient 3: ", why)
    assert.equal(2, #queued)
    assert.same({ "101", "102" }, numbers())
    why, queued = fails("ERROR_FILE_NOT_FOUND", server:broadcast(folder .. "/none.pdf",
      { "101" }))
    assert.matches("none.pdf", why)
    assert.same({}, queued)
  end)

  it("keeps to the limit of the service (BC-10)", function()
    helper.stop()
    server = helper.connect { recipients_limit = 2 }
    local _, queued = fails("FAX_ERR_RECIPIENTS_LIMIT", server:broadcast(path,
      { "101", "102", "103" }, { at = LATER }))
    assert.equal(2, #queued)
    assert.equal(2, #assert(server:broadcast(path, { "101", "102" }, { at = LATER })))
  end)

  it("passes on what its function raises, whatever that is", function()
    local thrown = {}
    local ok, err = pcall(server.broadcast, server, path, function(n)
      if n == 2 then
        error(thrown)
      end
      return { to = "101", at = LATER }
    end)
    assert.is_false(ok)
    assert.equal(thrown, err)
    assert.same({ "101" }, numbers())
    assert.is_true(server:job(assert(server:jobs())[1].job_id):abort())
    assert.same({}, helper.empties(folder .. "/state/spool"))
  end)

  it("may be asked from a coroutine that yields", function()
    local co = coroutine.wrap(function()
      return assert(server:broadcast(path, function()
        return coroutine.yield("next")
      end, { at = LATER }))
    end)
    assert.equal("next", co())
    assert.equal("next", co("101"))
    assert.equal("next", co("102"))
    assert.equal(2, #co(nil))
    assert.same({ "101", "102" }, numbers())
  end)

  it("raises what the caller should have known", function()
    local function raises(pattern, ...)
      local line = debug.getinfo(1, "l").currentline + 2
      local args = { n = select("#", ...), ... }
      local ok, why = pcall(function() server:broadcast(args[1], args[2], args[3]) end)
      assert.is_false(ok)
      assert.matches("broadcast_spec.lua:" .. line .. ": server:broadcast: ", why)
      assert.matches(pattern, why)
      assert.same({}, numbers())
      assert.same({}, helper.empties(folder .. "/state/spool"))
    end
    raises("recipients must be a list or a function, not a nil", path)
    raises("recipient 1: a table of options expected, got a number", path, { 102 })
    raises("recipient 1: unknown option 'too', did you mean 'to'", path, { { too = "1" } })
    raises("recipient 1: the option 'to'", path, { { name = "Ann" } })
    raises("recipient 1: to must be a text without a NUL", path, { "1\0002" })
    raises("recipient 1: paper: the document has its pages", path, { { to = "1",
      paper = "a4" } })
    raises("unknown option 'to'", path, { "101" }, { to = "102" })
    raises("a path or a list of paths expected", 7, { "101" })
  end)
end)

describe("a broadcast on the virtual clock", function()
  after_each(function()
    helper.stop()
    assert(fax.clock.real())
    helper.clean()
  end)

  it("delivers to each, again and again if need be", function()
    assert(fax.clock.virtual(1700000000))
    local server = helper.connect { retries = 9, retry_delay = 60 } -- the line may be busy
    local jobs = assert(server:broadcast(helper.pdf(helper.folder(), 2), { "102",
      { to = "102", subject = "Two" }, "102" }, { device = 1 }))
    for _, job in ipairs(jobs) do
      assert.is_true(job:wait())
      assert.equal(2, assert(job:result()).pages_confirmed)
    end
    server:close()
  end)
end)

describe("a prepared document", function()
  local server, folder
  local LATER = os.time() + 86400

  before_each(function()
    folder = helper.folder()
    server = helper.connect { directory = folder .. "/state" }
  end)

  after_each(helper.tear_down)

  it("is sent as often as one likes, also when its file is gone", function()
    local path = helper.pdf(folder, 2)
    local document = assert(server:prepare(path, { resolution = "standard", paper = "a4" }))
    assert(os.remove(path))
    local first = assert(server:send(document, { to = "102", at = LATER }))
    assert.equal(2, #assert(server:broadcast(document, { "101", "102" }, { at = LATER })))
    assert.is_false(document:closed())
    document:close()
    document:close()
    assert.is_true(document:closed())
    assert.matches("closed", tostring(document))
    assert.equal(2, assert(first:info()).page_count)
    assert.is_table(first:page_data())
    fails("ERROR_INVALID_HANDLE", server:send(document, { to = "102" }))
    fails("ERROR_INVALID_HANDLE", server:broadcast(document, { "102" }))
  end)

  it("is closed with its server, and by the collector", function()
    local path = helper.pdf(folder, 1)
    local other = assert(fax.connect())
    local document = assert(other:prepare(path))
    other:close()
    fails("ERROR_INVALID_HANDLE", server:send(document, { to = "102" }))
    assert(server:prepare(path))
    collectgarbage()
    collectgarbage()
    assert.same({}, helper.empties(folder .. "/state/spool"))
    fails("ERROR_INVALID_HANDLE", other:prepare(path))
  end)

  it("needs the right to submit, and a document that can be sent", function()
    local reader = assert(fax.connect { rights = "FAX_JOB_QUERY" })
    fails("ERROR_ACCESS_DENIED", reader:prepare(helper.pdf(folder, 1)))
    assert.matches("none.pdf", fails("ERROR_FILE_NOT_FOUND",
      server:prepare(folder .. "/none.pdf")))
    fails("ERROR_INVALID_DATA", server:prepare(folder))
  end)

  it("has its pages: options for them are the caller's mistake", function()
    local document = assert(server:prepare(helper.pdf(folder, 1)))
    for key, value in pairs { paper = "a4", resolution = "fine", time_limit = 7 } do
      local ok, why = pcall(server.send, server, document, { to = "102", [key] = value })
      assert.is_false(ok)
      assert.matches("server:send: " .. key .. ": the document has its pages already", why)
    end
    assert.has_error(function() server:prepare(document) end)
    assert.has_error(function() server:prepare("x", { papre = "a4" }) end)
    assert.has_error(function() server:send(server, { to = "102" }) end)
  end)
end)
