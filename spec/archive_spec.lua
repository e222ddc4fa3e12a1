-- SPDX-License-Identifier: MIT
-- The archive from Lua and faxctl: records, questions, export, removal.
local fax = require "fax"
local helper = require "spec.helper"

describe("the archive", function()
  local folder, server

  -- One fax sent and one received, by two lines of this process.
  setup(function()
    folder = helper.folder()
    server = helper.connect { directory = folder .. "/state" }
    assert(server:set_configuration { archive_outgoing_faxes = true,
      archive_directory = folder .. "/archive" })
    local received
    local subscription = server:on("received", function(event)
      received = event
    end)
    local job = assert(server:send(helper.pdf(folder, 2), { to = "102", from = "101",
      subject = "Offer, \"4711\"", name = "Bob" }))
    assert(job:wait(60))
    while not received or #assert(server:archive()) < 2 do
      fax.loop():poll(0.01)
    end
    subscription:close()
  end)

  teardown(helper.tear_down)

  local function of(list, kind)
    for _, one in ipairs(list) do
      if one.folder == kind then
        return one
      end
    end
  end

  it("has a table for each fax", function()
    local list = assert(server:archive())
    local sent, received = of(list, "sent"), of(list, "received")
    assert.equal("102", sent.number)
    assert.equal("Bob", sent.recipient)
    assert.equal('Offer, "4711"', sent.subject)
    assert.equal(2, sent.pages)
    assert.is_true(sent.complete)
    assert.is_true(helper.exists(sent.path))
    assert.equal("verified", received.quality)
    assert.is_nil(received.user)
    assert.same(sent, assert(server:archived(sent.id)))
    local inbox = assert(server:inbox())
    assert.equal(1, #inbox)
    assert.equal(received.path, inbox[1].path)
    assert.equal(received.time, inbox[1].time)
    assert.equal(received.quality, inbox[1].quality)
  end)

  it("answers questions", function()
    local all = assert(server:archive())
    local function ids(query)
      local list = {}
      for i, one in ipairs(assert(server:archive(query))) do
        list[i] = one.id
      end
      return list
    end
    assert.same({ all[1].id, all[2].id }, ids {})
    assert.same({ all[2].id, all[1].id }, ids { newest_first = true })
    assert.same({ all[1].id }, ids { limit = 1 })
    assert.same({ all[2].id }, ids { limit = 1, cursor = all[1].id })
    assert.same({ of(all, "sent").id }, ids { folder = "sent" })
    assert.same({ of(all, "sent").id }, ids { number = "1 0-2" })
    assert.same({ of(all, "sent").id }, ids { job = of(all, "sent").job_id })
    assert.same({ of(all, "received").id }, ids { job = of(all, "received").job_id })
    assert.same({}, ids { job = of(all, "sent").job_id, folder = "received" })
    assert.same({}, ids { job = 4711 })
    assert.same({}, ids { job = 0 })
    assert.same({}, ids { before = all[1].time - 10 })
    assert.equal(2, #ids { after = all[1].time - 10 })
    local none, why, code = server:archived(4711)
    assert.is_nil(none)
    assert.equal("ERROR_INVALID_PARAMETER", code, why)
  end)

  it("raises for what is no question", function()
    assert.error_matches(function() server:archive { folder = "inbox" } end,
      'folder must be one of "received", "sent"')
    assert.error_matches(function() server:archive { limits = 1 } end,
      "did you mean 'limit'")
    assert.error_matches(function() server:purge_archive {} end, "what is to go")
    assert.has_error(function() server:archived("1") end)
    assert.has_error(function() server:remove_archived { "1" } end)
    assert.has_error(function() server:remove_archived() end)
    assert.has_error(function() fax.export({}, "x.pdf") end)
    assert.has_error(function() fax.export("x.tif") end)
  end)

  it("reads their files", function()
    local list = assert(server:archive())
    local sent, received = of(list, "sent"), of(list, "received")
    assert.equal(helper.read(sent.path), assert(server:archived_file(sent.id)))
    assert.equal(helper.read(received.path), assert(server:archived_file(received.id)))
    assert.equal(helper.read(received.path), assert(server:received_file(received.job_id)))
    helper.fails("ERROR_INVALID_PARAMETER", server:archived_file(99))
    helper.fails("ERROR_INVALID_PARAMETER", server:received_file(sent.job_id))
    assert.has_error(function() server:archived_file("1") end)
    assert.has_error(function() server:received_file() end)
  end)

  it("exports a fax as PDF, TIFF and pictures", function()
    local received = of(assert(server:archive()), "received")
    local done = assert(fax.export(received, folder .. "/fax.pdf"))
    assert.equal(folder .. "/fax.pdf", done.output)
    assert.equal(2, #done.pages)
    assert.matches("^%%PDF", helper.read(done.output))
    assert(fax.export(received.path, folder .. "/fax.tif"))
    assert.equal(helper.read(received.path), helper.read(folder .. "/fax.tif"))
    done = assert(fax.export(received, folder .. "/pictures"))
    assert.matches("^.PNG", helper.read(done.pages[2].png))
    local none, why, code = fax.export(received, folder .. "/fax.png")
    assert.is_nil(none)
    assert.equal("ERROR_INVALID_PARAMETER", code)
    assert.matches("name a folder", why)
  end)

  it("removes them with their files", function()
    local list = assert(server:archive())
    local gone = {}
    local heard = server:on("archive", function(event) gone[#gone + 1] = event end)
    assert.equal(0, assert(server:remove_archived(4711)))
    assert.equal(1, assert(server:remove_archived(list[1].id)))
    local deadline = fax.clock.now() + 60
    while #gone == 0 and fax.clock.now() < deadline do
      fax.loop():poll(deadline - fax.clock.now())
    end
    assert.same({ 1, "FEI_FAX_REMOVED", list[1].path, list[1].job_id },
      { #gone, gone[1].name, gone[1].path, gone[1].job_id })
    heard:close()
    assert.is_false(helper.exists(list[1].path) or false)
    assert.equal(1, assert(server:purge_archive { keep_bytes = 0 }))
    assert.same({}, assert(server:archive()))
    assert.is_false(helper.exists(list[2].path) or false)
  end)
end)

describe("faxctl archive", function()
  local folder, state

  setup(function()
    folder = helper.folder()
    state = folder .. "/state"
    local server = helper.connect { directory = state }
    assert(server:set_configuration { archive_outgoing_faxes = true,
      archive_directory = folder .. "/archive" })
    local job = assert(server:send(helper.pdf(folder, 1), { to = "102",
      subject = 'Offer, "4711"' }))
    assert(job:wait(60))
    while #assert(server:archive()) < 2 do
      fax.loop():poll(0.01)
    end
    server:close()
    helper.stop()
  end)

  teardown(helper.clean)

  local function runs(status, arguments)
    local done = helper.faxctl("archive " .. arguments .. " --directory " .. state)
    assert.equal(status, done.status, done.err)
    return done
  end

  it("lists, as a table, CSV and JSON", function()
    local out = runs(0, "list").out
    assert.matches("\n +%d+  sent +%d+%-%d+%-%d+ %d+:%d+  102 +102 +1  Offer, \"4711\"\n", out)
    assert.matches("\n +%d+  received ", out)
    assert.is_nil(runs(0, "list --folder sent").out:find("received", 1, true))
    local csv = runs(0, "list --csv --folder sent").out
    assert.matches("^id,folder,time,job_id,", csv)
    assert.matches('\r\n%d+,sent,[%d.]+,%d+,.-,"Offer, ""4711""",', csv)
    local json = runs(0, "list --json --limit 1 --newest").out
    assert.equal(1, select(2, json:gsub("\n", "\n")))
    assert.matches('"id":', json)
    assert.equal(1, select(2, runs(0, "list --before 2020-01-01").out:gsub("\n", "\n")))
  end)

  it("shows one, with its attempts", function()
    local id = runs(0, "list --json --folder sent").out:match('"id":(%d+)')
    local out = runs(0, "show " .. id).out
    assert.matches("^fax " .. id .. ", ", out)
    assert.matches("\nnumber +102\n", out)
    assert.matches("\nattempt 1, .-: FS_COMPLETED, 1 pages confirmed, 14400 bit/s ECM", out)
    assert.matches('"attempts":%[', runs(0, "show --json " .. id).out)
    assert.matches("there is no fax 99", runs(1, "show 99").err)
  end)

  it("exports", function()
    local id = runs(0, "list --json --folder sent").out:match('"id":(%d+)')
    assert.equal(folder .. "/x.pdf\n", runs(0, "export " .. id .. " " .. folder .. "/x.pdf").out)
    assert.matches("^%%PDF", helper.read(folder .. "/x.pdf"))
    assert.equal(folder .. "/x.png\n", runs(0, "export " .. id .. " " .. folder .. "/x.png").out)
  end)

  it("refuses what it does not know", function()
    assert.matches("list, show, export or purge", runs(2, "lost").err)
    assert.matches("name the id", runs(2, "show").err)
    assert.matches("'x' is not the id", runs(2, "show x").err)
    assert.matches("and the output", runs(2, "export 1").err)
    assert.matches("ids, or %-%-older%-than", runs(2, "purge").err)
    assert.matches("ids, or %-%-older%-than", runs(2, "purge 1 --older-than 3").err)
    assert.matches("expects an age", runs(2, "purge --older-than old").err)
    assert.matches("expects a size", runs(2, "purge --keep-bytes much").err)
    for _, date in ipairs { "yesterday", "2026-13-01", "2026-02-29", "'2026-05-01 24:00'" } do
      assert.matches("expects a date", runs(2, "list --after " .. date).err)
    end
  end)

  it("removes nothing without --yes", function()
    local done = runs(1, "purge --keep-bytes 0")
    assert.matches("2 faxes would be removed", done.err)
    assert.matches("%-%-yes", done.err)
    assert.matches("0 faxes would be", runs(1, "purge --older-than 1").err)
    assert.matches("removed: 0", runs(0, "purge --older-than 1 --yes").out)
    local id = runs(0, "list --json --folder sent").out:match('"id":(%d+)')
    assert.matches("removed: 1", runs(0, "purge --yes " .. id).out)
    assert.matches("removed: 1", runs(0, "purge --yes --keep-bytes 0").out)
    assert.equal("", runs(0, "list --json").out)
    assert.same({}, helper.lines("ls " .. state .. "/inbox " .. folder .. "/archive | grep tif"))
  end)
end)
