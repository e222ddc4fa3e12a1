-- SPDX-License-Identifier: MIT
-- The providers that come with the module in Lua: the folders, and the template
-- for one's own. On the virtual clock.
local core = require "fax.core"
local fax = require "fax"
local folder_provider = require "fax.fsp.folder"
local helper = require "spec.helper"

describe("the provider", function()
  local folder, directory, server

  setup(function()
    folder = helper.folder()
    helper.tiff(folder, 2)
    helper.pdf(folder, 1)
  end)

  teardown(helper.clean)

  before_each(function()
    assert(fax.clock.virtual(1.6e9))
    directory = core.temporary("fax-spec")
    helper.lines(("mkdir %s/out %s/in"):format(directory, directory))
    server = assert(fax.connect { directory = directory .. "/state", providers = {},
      branding = false, retries = 0 })
  end)

  after_each(function()
    assert(fax.service.stop { timeout = 60 })
    fax.loop():close()
    collectgarbage()
    assert(fax.clock.real())
    os.execute("rm -rf " .. helper.quote(directory))
  end)

  local function names(where)
    local list = assert(core.entries(directory .. "/" .. where))
    table.sort(list)
    return list
  end

  local function run_until(done, seconds)
    local loop, deadline = fax.loop(), fax.clock.now() + (seconds or 1000)
    while not done() and fax.clock.now() < deadline do
      loop:poll(deadline - fax.clock.now())
    end
    return done()
  end

  describe("folder", function()
    it("writes what is sent, and what it was", function()
      assert(folder_provider { out = directory .. "/out" })
      local job = assert(server:send(folder .. "/2.tif", { to = "+49/30 1", from = "42",
        name = "Somebody" }))
      assert.is_true(job:wait(60))
      assert.equal(2, job:result().pages_confirmed)
      local list = names("out")
      assert.equal(2, #list)
      local base = ("1600000000-%d-+49_30_1"):format(job.id)
      assert.same({ base .. ".json", base .. ".tif" }, list)
      local json = helper.read(directory .. "/out/" .. list[1])
      assert.matches('"number":"%+49/30 1"', json)
      assert.matches('"from":"42"', json)
      assert.matches('"recipient":"Somebody"', json)
      assert.matches('"width":1728', json)
      assert.equal(2, #assert(fax.render(directory .. "/out/" .. list[2])).pages)
    end)

    it("says when it cannot write", function()
      assert(folder_provider { out = directory .. "/out" })
      os.execute("rmdir " .. directory .. "/out")
      local job = assert(server:send(folder .. "/2.tif", { to = "1" }))
      assert.is_nil(job:wait(60))
      local attempt = job:result().attempts[1]
      assert.equal("FS_FATAL_ERROR", attempt.status)
      assert.equal("folder", attempt.cause)
      assert.matches("/out/.*No such file", attempt.evidence)
    end)

    it("receives what is dropped, one after the other, TIFF and PDF", function()
      local pages = {}
      server:on("received", function(event)
        pages[#pages + 1] = event.pages
      end)
      assert(folder_provider { inn = directory .. "/in" })
      helper.write(directory .. "/in/a.TIF", helper.read(folder .. "/2.tif"))
      helper.write(directory .. "/in/b.pdf", helper.read(folder .. "/1.pdf"))
      helper.write(directory .. "/in/c.txt", "not for us")
      helper.write(directory .. "/in/.hidden.tif", "not for us")
      assert.is_true(run_until(function()
        return #pages == 2
      end))
      assert.same({ 2, 1 }, pages)
      assert.same({ "c.txt" }, names("in"))
    end)

    it("waits until a file has stopped growing", function()
      local received
      server:on("received", function()
        received = true
      end)
      assert(folder_provider { inn = directory .. "/in" })
      local text = helper.read(folder .. "/2.tif")
      for i = 1, 5 do
        helper.write(directory .. "/in/a.tif", text:sub(1, i))
        fax.loop():sleep(1)
        assert.is_nil(received)
      end
      helper.write(directory .. "/in/a.tif", text)
      assert.is_true(run_until(function()
        return received
      end, 100))
    end)

    it("puts aside what is no document", function()
      assert(folder_provider { inn = directory .. "/in" })
      helper.write(directory .. "/in/a.tif", "II*\0 and nothing more")
      assert.is_true(run_until(function()
        return names("in")[1] == "a.tif.bad"
      end, 100))
      assert.same({ "a.tif.bad" }, names("in"))
    end)

    it("rings again when nobody answered", function()
      local received
      server:on("received", function()
        received = true
      end)
      local provider = assert(folder_provider { inn = directory .. "/in" })
      local port = assert(server:open_port(provider.devices[1].id, "modify"))
      assert(port:set { receive = false })
      helper.write(directory .. "/in/a.tif", helper.read(folder .. "/2.tif"))
      fax.loop():sleep(100)
      assert.is_nil(received)
      assert(port:set { receive = true })
      assert.is_true(run_until(function()
        return received
      end, 200))
    end)

    it("may have several lines, both ways", function()
      local received = 0
      server:on("received", function()
        received = received + 1
      end)
      assert(folder_provider { inn = directory .. "/in", out = directory .. "/out",
        devices = { { name = "a" }, { name = "b" } } })
      for i = 1, 4 do
        helper.write(("%s/in/%d.tif"):format(directory, i), helper.read(folder .. "/2.tif"))
      end
      assert.is_true(assert(server:send(folder .. "/2.tif", { to = "1" })):wait(100))
      assert.is_true(run_until(function()
        return received == 4
      end))
      assert.equal(2, #names("out"))
    end)

    it("refuses options that make no sense", function()
      local ok, err = pcall(function() folder_provider {} end)
      assert.is_false(ok)
      assert.matches("fsp_folder_spec.lua:%d+: fax.fsp.folder: one of the options 'out' and 'inn'",
        err)
      ok, err = pcall(function() folder_provider { in_ = "x" } end)
      assert.is_false(ok)
      assert.matches("did you mean 'inn'", err)
      local none, why, code = folder_provider { out = directory .. "/nowhere" }
      assert.is_nil(none)
      assert.matches("nowhere", why)
      assert.equal("ERROR_FILE_NOT_FOUND", code)
    end)
  end)

  describe("template", function()
    local template = dofile("fsp/template-lua/template.lua")

    it("sends, page after page", function()
      local pages = {}
      server:on("job", function(event)
        pages[event.page or 0] = true
      end)
      local provider = assert(template { lines = 2 })
      assert.equal(2, #provider.devices)
      local job = assert(server:send(folder .. "/2.tif", { to = "7" }))
      assert.is_true(job:wait(60))
      assert.equal(2, job:result().pages_confirmed)
      assert.equal("7", job:result().remote_id)
      assert.is_true(pages[1] and pages[2])
    end)

    it("ends when it is told to, and takes no call", function()
      local provider = assert(template())
      local job = assert(server:send(folder .. "/2.tif", { to = "7" }))
      fax.loop():sleep(0.15)
      assert(job:abort())
      local _, _, code = job:wait(60)
      assert.equal("ERROR_CANCELLED", code)
      local ended
      server:on("job", function(event)
        ended = ended or event.cause == "voice"
      end)
      assert(provider.devices[1]:ring { caller = "1" })
      assert.is_true(run_until(function()
        return ended
      end, 100))
    end)
  end)
end)
