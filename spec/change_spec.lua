-- SPDX-License-Identifier: MIT
-- Calls that go over to T.38, from Lua and faxctl: how they are asked for, what
-- they went over, and what is known of the pages of a bad way.

local fax = require "fax"
local helper = require "spec.helper"

describe("a call over T.38", function()
  local server, path

  local function start(loopback)
    server = helper.connect { loopback = loopback }
    path = helper.tiff(helper.folder(), 2)
  end

  after_each(helper.tear_down)

  local function send(number, options)
    local all = helper.merged({ to = number }, options)
    local job = assert(server:send(path, all))
    job:wait(600)
    return assert(job:result()).attempts[1], job
  end

  it("is wanted by an option, a number or the submission", function()
    start { lines = 1, ["to.+999 9999 100.transport"] = "t38" }
    for number, expected in pairs { ["100"] = "t38", ["108"] = "audio", ["800"] = "t38",
      ["801"] = "audio", ["804"] = "t38", ["910"] = "t38" } do
      local attempt = send("+999 9999 " .. number)
      assert.equal("FS_COMPLETED", attempt.status)
      assert.equal(expected, attempt.transport, number)
      assert.equal("verified", attempt.quality)
    end
    assert.equal("t38", send("+999 9999 108", { transport = "t38" }).transport)
    assert.equal("audio", send("+999 9999 800", { transport = "audio" }).transport)
  end)

  it("fails when it is refused and nothing else was wanted", function()
    start { lines = 1, fallback = "none" }
    for _, transport in ipairs { false, "t38" } do
      local attempt, job = send("+999 9999 801", { transport = transport or nil })
      assert.equal("t38_refused", attempt.cause)
      assert.equal("FS_DISCONNECTED", attempt.status)
      assert.matches("T%.38", attempt.evidence)
      assert.matches("audio", attempt.advice)
      local ok, why, code = job:wait(0)
      assert.is_nil(ok)
      assert.matches("T%.38", why)
      assert.equal("ERROR_FAX_FAILED", code)
    end
  end)

  it("tells of its pages what is known, to the inbox", function()
    start { lines = 2, transport = "t38", redundancy = 0, loss = 3, seed = 2 }
    local event
    server:on("received", function(one) event = one end)
    local attempt = send("102", { ecm = false })
    assert.equal("FS_COMPLETED", attempt.status)
    assert.equal("unverified", attempt.quality)
    assert.is_nil(attempt.bad_rows)
    local loop = assert(fax.loop())
    while not event do
      assert(assert(loop:poll(60)) > 0)
    end
    local inbox = assert(server:inbox())
    assert.equal("damaged", event.quality)
    assert.equal("damaged", inbox[1].quality)
    assert.is_true(inbox[1].bad_rows > 0)
    local got = assert(server:result(inbox[1].job_id))
    assert.equal("damaged", got.attempts[1].quality)
    assert.equal("t38", got.attempts[1].transport)
  end)

  it("is asked for by faxctl", function()
    start { lines = 1 }
    local function run(number, expected)
      local done = helper.faxctl(("send --wait --json %s --to '+999 9999 %s' --retries 0 "
        .. "--directory %s "
        .. "--line-option lines=1 --transport t38"):format(path, number, helper.folder()))
      assert.equal(expected, done.status)
      return done.out
    end
    assert.matches('"transport":"t38"', run("100", 0))
    assert.matches('"cause":"t38_refused"', run("801", 1))
  end)

  it("is a word, and no other", function()
    start { lines = 1 }
    assert.has_error(function()
      server:send(path, { to = "1", transport = "sip" })
    end)
    helper.stop()
    for _, option in ipairs { "transport=sip", "fallback=yes", "redundancy=9", "fec_span=0" } do
      local none, why = fax.connect { directory = helper.folder(), loopback = { option } }
      assert.is_nil(none)
      assert.matches("is no option", why)
    end
  end)
end)
