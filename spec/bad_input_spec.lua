-- SPDX-License-Identifier: MIT
-- What cannot be sent: each document and number gets an error that says which
-- and why, leaves no job and no file, and the next fax passes.
local fax = require "fax"
local child = require "spec.support.child"
local helper = require "spec.helper"

describe("bad input:", function()
  local documents, good, state, server

  setup(function()
    documents = helper.folder()
    local made = helper.run(("%s/spec/documents %s"):format(helper.build, documents))
    assert(made.status == 0, made.err)
    good = documents .. "/canonical-a4-standard.tif"
    os.execute("mkdir " .. documents .. "/folder")
    state = helper.folder() .. "/state"
    server = helper.connect { directory = state,
      loopback = { lines = 2, ["number.1"] = "101", ["number.2"] = "102" } }
  end)

  teardown(helper.tear_down)

  local function children()
    local pid = helper.read("/proc/self/stat"):match("^%d+")
    local list = {}
    for _, line in ipairs(helper.lines("ps -o pid=,stat=,comm= --ppid " .. pid)) do
      if not line:find("sh$") and not line:find("ps$") then
        list[#list + 1] = line
      end
    end
    return list
  end

  local function no_trace()
    assert.same({}, assert(server:jobs()))
    assert.same({}, helper.empties(state .. "/spool"))
    assert.same({}, children())
  end

  local function goes_on()
    local job = assert(server:send(good, { to = "102", device = 1 }))
    assert(job:wait(60))
    local loop = fax.loop()
    while #assert(server:jobs()) > 0 do -- the receiving side's
      local subscription = server:on("any", function() end)
      if #assert(server:jobs()) > 0 then
        loop:poll(1)
      end
      subscription:close()
    end
    no_trace()
  end

  -- nil, a message with all of these, the code
  local function refused(code, words, ...)
    local value, why, name = ...
    assert.is_nil(value)
    assert.equal(code, name, why)
    for _, word in ipairs(words) do
      assert.is_truthy(why:find(word, 1, true), ("'%s' is not in '%s'"):format(word, why))
    end
    no_trace()
  end

  describe("a document", function()
    -- name -> code, what the message says
    local bad = {
      ["missing.tif"] = { "ERROR_FILE_NOT_FOUND", "no such file" },
      ["folder"] = { "ERROR_INVALID_DATA", "is a folder" },
      ["empty.tif"] = { "ERROR_INVALID_DATA", "empty" },
      ["text.txt"] = { "ERROR_INVALID_DATA", "TIFF" },
      ["truncated.tif"] = { "ERROR_INVALID_DATA", "" },
      ["header-only.tif"] = { "ERROR_INVALID_DATA", "" },
      ["cyclic.tif"] = { "ERROR_INVALID_DATA", "" },
      ["selfish.tif"] = { "ERROR_INVALID_DATA", "" },
      ["tiny.tif"] = { "ERROR_INVALID_DATA", "8 by 8" },
      ["huge.tif"] = { "ERROR_INVALID_DATA", "pixel" },
      ["pages-10001.tif"] = { "ERROR_INVALID_DATA", "pages" },
      ["password.pdf"] = { "ERROR_INVALID_DATA", "password" },
      ["giant.pdf"] = { "ERROR_INVALID_DATA", "" },
      ["nonsense.pdf"] = { "ERROR_INVALID_DATA", "" },
      ["wrong.ps"] = { "ERROR_INVALID_DATA", "" },
      ["no-page.ps"] = { "ERROR_INVALID_DATA", "page" },
      ["giant.ps"] = { "ERROR_INVALID_DATA", "" },
    }
    for name, expected in pairs(bad) do
      it(name .. " is refused", function()
        local path = documents .. "/" .. name
        refused(expected[1], { path, expected[2] }, server:send(path, { to = "102" }))
        refused(expected[1], { path, expected[2] },
          server:send({ good, path }, { to = "102" }))
        refused(expected[1], { path, expected[2] },
          fax.render(path, { output = documents .. "/out.tif" }))
        assert.is_false(helper.exists(documents .. "/out.tif"))
        goes_on()
      end)
    end

    -- JOB-15
    it("that never ends is refused in the end", function()
      local path = documents .. "/bomb.pdf"
      refused("ERROR_INVALID_DATA", { path, "too long" }, server:send(path,
        { to = "102", time_limit = 2 }))
      goes_on()
    end)

    for _, how in ipairs { "main", "coroutine" } do
      it("that never ends gives way to Ctrl-C in the " .. how, function()
        local folder = helper.folder()
        local status, text = child.start("render", folder, { documents .. "/bomb.pdf", how })
          :expect("rendering"):signal("INT"):finish()
        assert.is_true(status < 2, text) -- neither a signal nor the deadline
        assert.matches("interrupted!", text)
      end)
    end

    it("that is refused leaves no temporary file", function()
      local folder = helper.folder()
      for _, name in ipairs { "giant.pdf", "password.pdf", "cyclic.tif", "huge.tif" } do
        local done = helper.run(("%s TMPDIR=%s timeout 60 %s lua/bin/faxctl render %s"):format(
          helper.environment(), folder, helper.interpreter, documents .. "/" .. name))
        assert.equal(1, done.status, done.err)
      end
      assert.same({}, helper.lines("ls -A " .. folder .. " | grep -v '^run[.]'"))
    end)

    it("30,000 pixels wide is scaled, and arrives", function()
      local arrived
      local subscription = server:on("received", function(event) arrived = event end)
      local job = assert(server:send(documents .. "/wide-30000.tif", { to = "102",
        device = 1 }))
      assert(job:wait(60))
      while not arrived do
        assert(assert(fax.loop():poll(60)) > 0)
      end
      subscription:close()
      assert.equal(1, arrived.pages)
      local shown = assert(fax.render(arrived.path, { output = documents .. "/wide-out.tif" }))
      assert.equal(1728, shown.pages[1].width)
      goes_on()
    end)
  end)

  describe("a number", function()
    local function number(to, code, ...)
      refused(code, { ... }, server:send(good, { to = to }))
      goes_on()
    end

    it("that is empty is refused", function()
      number("", "ERROR_INVALID_PARAMETER", "number")
      number("   ", "ERROR_INVALID_PARAMETER", "number")
    end)

    it("of 10,000 digits is refused", function()
      number(("1"):rep(10000), "ERROR_INVALID_PARAMETER", "number")
    end)
  end)

  describe("a text", function()
    local function raises(pattern, path, options)
      local ok, why = pcall(server.send, server, path, options)
      assert.is_false(ok)
      assert.matches(pattern, why)
      no_trace()
    end

    it("with a NUL is refused", function()
      raises("NUL", good, { to = "1\0002" })
      raises("NUL", good, { to = "102", subject = "a\0b" })
      raises("NUL", good .. "\0.tif", { to = "102" })
      raises("NUL", { good, good .. "\0" }, { to = "102" })
      goes_on()
    end)

    it("that is no UTF-8 is refused", function()
      refused("ERROR_INVALID_PARAMETER", { "number", "cannot be dialled" },
        server:send(good, { to = "\255" }))
      for _, key in ipairs { "from", "name", "subject", "sender", "company", "dept",
        "billing" } do
        local options = { to = "102" }
        options[key] = "\255\254"
        refused("ERROR_INVALID_PARAMETER", { "UTF-8" }, server:send(good, options))
      end
      goes_on()
    end)
  end)

  describe("an option", function()
    local function raises(pattern, fn, ...)
      local ok, why = pcall(fn, ...)
      assert.is_false(ok)
      assert.matches(pattern, why)
      no_trace()
    end

    it("of the wrong type is refused, by its name", function()
      local options = { to = 102, from = true, name = {}, at = "now", retries = 1.5,
        retry_delay = "1", ecm = 1, max_rate = "9600", device = "1", resolution = "best",
        paper = 4 }
      for key, value in pairs(options) do
        local given = { to = "102" }
        given[key] = value
        raises("server:send: .*" .. key, server.send, server, good, given)
      end
      raises("'to'", server.send, server, good, {})
      raises("path", server.send, server, 7, { to = "102" })
      raises("path", server.send, server, {}, { to = "102" })
      raises("path 2", server.send, server, { good, 7 }, { to = "102" })
      goes_on()
    end)

    it("of another name is refused, with the nearest one", function()
      raises("unknown option 'subjct', did you mean 'subject'", server.send, server, good,
        { to = "102", subjct = "x" })
      raises("did you mean 'resolution'", fax.render, good, { resolutoin = "fine" })
      raises("did you mean 'directory'", fax.connect, { directroy = "x" })
      raises("did you mean 'after'", server.inbox, server, { aftr = 1 })
    end)

    it("out of range is refused", function()
      local function wrong(options)
        options.to = "102"
        local ok, value, why, code = pcall(server.send, server, good, options)
        if ok then
          assert.is_nil(value)
          assert.is_true(code == "ERROR_INVALID_PARAMETER" or code == "ERROR_BAD_UNIT", why)
        end
        no_trace()
      end
      wrong { device = 77 }
      wrong { device = -1 }
      wrong { retries = -1 }
      wrong { retries = 2 ^ 40 }
      wrong { at = 0 / 0 }
      wrong { at = 1e300 }
      wrong { max_rate = -1 }
      goes_on()
    end)
  end)

  it("a closed handle is refused", function()
    local other = assert(fax.connect())
    local port = assert(other:open_port(1))
    other:close()
    refused("ERROR_INVALID_HANDLE", { "handle" }, other:send(good, { to = "102" }))
    refused("ERROR_INVALID_HANDLE", { "handle" }, other:ports())
    assert.equal("ERROR_INVALID_HANDLE", (select(3, port:info())))
    goes_on()
  end)

  describe("faxctl", function()
    local function faxctl(status, arguments, ...)
      local done = helper.faxctl(arguments)
      assert.equal(status, done.status, done.err)
      assert.equal("", done.out)
      for _, word in ipairs { ... } do
        assert.is_truthy(done.err:find(word, 1, true), done.err)
      end
      assert.is_nil(done.err:find("traceback", 1, true), done.err)
    end

    local function send(name, to)
      local directory = helper.quote(state .. "-faxctl")
      return ("send --wait %s --to %s --directory %s --quiet"):format(
        helper.quote(documents .. "/" .. name), helper.quote(to or "102"), directory)
    end

    for name, word in pairs {
      ["missing.tif"] = "no such file", ["folder"] = "is a folder", ["empty.tif"] = "empty",
      ["truncated.tif"] = "", ["cyclic.tif"] = "", ["tiny.tif"] = "8 by 8",
      ["huge.tif"] = "pixel", ["password.pdf"] = "password",
    } do
      it("refuses " .. name, function()
        faxctl(1, send(name), documents .. "/" .. name, word)
        assert.same({}, helper.lines(("ls -A %s-faxctl/spool"):format(state)))
        faxctl(1, "render " .. helper.quote(documents .. "/" .. name),
          documents .. "/" .. name, word)
      end)
    end

    it("refuses numbers", function()
      faxctl(1, send("three.tif", ""), "number")
      faxctl(1, send("three.tif", ("1"):rep(10000)), "number")
      faxctl(1, send("three.tif", "\255"), "cannot be dialled")
    end)

    it("refuses options, and names the nearest", function()
      faxctl(2, send("three.tif") .. " --resolutoin fine", "--resolution")
      faxctl(2, send("three.tif") .. " --resolution best", "--resolution", "fine")
      faxctl(2, send("three.tif") .. " --device x", "--device")
      faxctl(2, "send --to 102", "file")
      faxctl(2, "sned", "send")
    end)

    it("sends a good one after it", function()
      local done = helper.faxctl(send("three.tif"))
      assert.equal(0, done.status, done.err)
    end)
  end)
end)
