-- SPDX-License-Identifier: MIT
-- The exchange that a provider in Lua tells with its result: checked, cut, and
-- in the attempt afterwards.
local fax = require "fax"
local helper = require "spec.helper"

describe("the time line of a provider in Lua", function()
  local folder, server, document, log

  before_each(function()
    assert(fax.clock.virtual(1.6e9))
    folder = helper.folder()
    log = folder .. "/log"
    server = assert(fax.connect { directory = folder .. "/state", providers = {}, retries = 0,
      log = log, branding = false })
    document = assert(server:prepare(helper.tiff(folder, 1)))
  end)

  after_each(function()
    assert(fax.service.stop { timeout = 60 })
    fax.loop():close()
    collectgarbage()
    assert(fax.clock.real())
    helper.clean()
  end)

  -- The last attempt of a job.
  local function attempt_of(number)
    local job = assert(server:send(document, { to = number or "555" }))
    job:wait(100000)
    local attempts = assert(job:result()).attempts
    return attempts[#attempts]
  end

  local function outcome_of(send)
    assert(fax.provider { name = "test", devices = { { name = "line 1" } }, send = send })
    return attempt_of()
  end

  it("is in the attempt afterwards", function()
    local events = {
      { moment = 0.25, sent = false, frame = "CSI", details = "+1 555 0199" },
      { moment = 3, sent = true, frame = "DCS", details = "14400 bit/s ECM" },
      { moment = 4294967.295, sent = true, frame = "DCN" },
    }
    local told
    server:on("job", function(event)
      told = told or event.timeline
    end)
    assert.same(events, outcome_of(function(job)
      if job.number == "555" then
        return "FS_COMPLETED", { timeline = events }
      elseif job.number == "556" then
        job:status("FS_DIALING", { timeline = { { moment = 1, frame = "DIS" } } })
        job:status("FS_TRANSMITTING", { timeline = events, page = 1 })
        job:status("FS_TRANSMITTING", { timeline = {}, page = 2 })
      end
      return "FS_COMPLETED", { timeline = {} }
    end).timeline)
    -- With a status too; what is said last counts, and nothing is no list.
    local again = attempt_of("556")
    assert.same(events, again.timeline)
    assert.same({}, attempt_of("557").timeline)
    assert.is_nil(told)
  end)

  it("is cut where it is too long", function()
    local events = {}
    for i = 1, 2000 do
      events[i] = { moment = i, sent = true, frame = "PPR", details = ("\195\188"):rep(24) }
    end
    local list = outcome_of(function()
      return "FS_BUSY", { timeline = events }
    end).timeline
    assert.equal(1000, #list)
    assert.equal(1000, list[1000].moment)
    assert.equal(("\195\188"):rep(23), list[1000].details) -- 46 of 47 bytes
  end)

  it("is an error where it is none", function()
    local bad = {
      [1] = { 7, "timeline must be a list of tables" },
      [2] = { { 7 }, "timeline%[1%]: a table of options expected" },
      [3] = { { { frame = "DIS", moment = -1 } }, "moment must be seconds" },
      [4] = { { { frame = "DIS", moment = 0 / 0 } }, "moment must be seconds" },
      [5] = { { { frame = "DIS" }, { frame = 1 } }, "timeline%[2%]: frame must be a string" },
      [6] = { { { fram = "DIS" } }, "did you mean 'frame'" },
      [7] = { { { frame = "D\0S" } }, "a text without a NUL" },
      [8] = { { { sent = 1 } }, "sent must be a boolean" },
    }
    local heard = {}
    local attempt = outcome_of(function(job)
      for i, case in ipairs(bad) do
        local ok, why = pcall(job.status, job, "FS_DIALING", { timeline = case[1] })
        heard[i] = not ok and why
      end
      return "FS_COMPLETED", { timeline = 1 }
    end)
    for i, case in ipairs(bad) do
      assert.matches(case[2], heard[i])
    end
    assert.equal("FS_FATAL_ERROR", attempt.status)
    assert.matches("timeline must be a list", attempt.evidence .. helper.read(log))
  end)
end)
