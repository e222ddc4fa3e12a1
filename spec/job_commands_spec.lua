-- SPDX-License-Identifier: MIT
-- FaxSetJob from Lua: pause, resume, restart, delete.
local fax = require "fax"
local helper = require "spec.helper"
local fails = helper.fails

describe("a command:", function()
  local server, path
  local LATER = os.time() + 86400

  before_each(function()
    server = helper.connect()
    path = helper.tiff(helper.folder(), 1)
  end)

  after_each(helper.tear_down)

  local function later()
    return assert(server:send(path, { to = "102", at = LATER }))
  end

  local function flags(job)
    return table.concat(assert(job:info()).queue_status, " ")
  end

  it("pause holds a job, resume lets it go on (JOB-48, JOB-51)", function()
    assert.is_true(server:set_configuration { pause_server_queue = true })
    local job = assert(server:send(path, { to = "102", device = 1 }))
    assert.is_true(job:pause())
    assert.equal("JS_PAUSED", flags(job))
    assert.is_true(job:pause())
    assert.is_true(server:set_configuration { pause_server_queue = false })
    fails("WAIT_TIMEOUT", job:wait(0.1))
    assert.same({}, assert(job:result()).attempts)
    assert.is_true(job:resume())
    assert.is_true(job:wait(60))
  end)

  it("resume of a job in retries exceeded restarts it (JOB-52, JOB-54)", function()
    for _, command in ipairs { "resume", "restart" } do
      local job = assert(server:send(path, { to = "999" }))
      fails("ERROR_FAX_FAILED", job:wait(60))
      assert.equal("JS_RETRIES_EXCEEDED", flags(job))
      assert.is_true(job[command](job))
      fails("ERROR_FAX_FAILED", job:wait(60))
      assert.equal(2, #assert(job:result()).attempts)
      assert.is_true(job:delete())
    end
  end)

  it("restart is the same number: it resumes a paused job (JOB-52)", function()
    local job = later()
    assert.is_true(job:pause())
    assert.is_true(job:restart())
    assert.equal("JS_PENDING", flags(job))
    assert.equal(fax.const.JC_RESUME, fax.const.JC_RESTART)
  end)

  it("delete is abort (JOB-57, JOB-58)", function()
    local job = later()
    assert.is_true(job:delete())
    fails("ERROR_INVALID_PARAMETER", job:info())
    fails("ERROR_CANCELLED", job:wait(1))
    assert.equal("cancelled", assert(job:result()).outcome)
    fails("ERROR_INVALID_PARAMETER", job:delete())
    job = later()
    assert.is_true(job:pause())
    assert.is_true(job:delete())
    fails("ERROR_INVALID_PARAMETER", job:info())
  end)

  it("is set by name or by number (JOB-48, JOB-55)", function()
    local job = later()
    for _, command in ipairs { "JC_PAUSE", "pause", 2, fax.const.JC_PAUSE } do
      assert.is_true(job:set(command))
      assert.equal("JS_PAUSED", flags(job))
      assert.is_true(job:set("JC_RESUME"))
      assert.equal("JS_PENDING", flags(job))
    end
    fails("ERROR_INVALID_PARAMETER", job:set("JC_UNKNOWN"))
    fails("ERROR_INVALID_PARAMETER", job:set(4))
    assert.is_true(job:set("delete"))
    fails("ERROR_INVALID_PARAMETER", job:set("pause"))
    local line = debug.getinfo(1, "l").currentline + 1
    local _, err = pcall(function() job:set("stop") end)
    assert.matches("job_commands_spec.lua:" .. line .. ": job:set: command must be one of "
      .. '"delete", "pause", "restart", "resume", "unknown"', err)
    assert.has_error(function() job:set() end)
  end)

  it("is the owner's, or needs FAX_JOB_MANAGE (SEC-8)", function()
    local mine = assert(fax.connect { rights = "FAX_JOB_SUBMIT", user = "ann" })
    local job = assert(mine:send(path, { to = "102", at = LATER }))
    assert.is_true(job:pause())
    local other = assert(fax.connect { rights = "FAX_JOB_QUERY", user = "bob" })
    fails("ERROR_ACCESS_DENIED", other:job(job.id):resume())
    local manager = assert(fax.connect { rights = "FAX_JOB_MANAGE", user = "bob" })
    assert.is_true(manager:job(job.id):resume())
    mine:close()
    fails("ERROR_INVALID_HANDLE", job:pause())
    fails("ERROR_INVALID_HANDLE", job:delete())
  end)

  it("is told of by an event", function()
    local seen = 0
    local subscription = server:on("job", function(event)
      seen = seen + (event.name == "FEI_FAX_JOB_CHANGED" and 1 or 0)
    end)
    local job = later()
    assert.is_true(job:pause())
    assert.is_true(job:resume())
    while seen < 2 do
      assert.is_true(assert(fax.loop():poll(60)) > 0)
    end
    subscription:close()
  end)

  it("discount waits for the period (JOB-43, JOB-44)", function()
    local job = assert(server:send(path, { to = "102", discount = true, device = 1 }))
    assert.equal("JSA_DISCOUNT_PERIOD", assert(job:info()).schedule_action)
    assert.is_true(job:wait(60)) -- no period is set: due at once
    local _, err = pcall(server.send, server, path, { to = "102", discount = true, at = LATER })
    assert.matches("give 'at' or 'discount', not both", err)
    job = assert(server:send(path, { to = "102", discount = false, at = LATER }))
    assert.equal("JSA_SPECIFIC_TIME", assert(job:info()).schedule_action)
  end)

  it("report goes with a job as far as it can be delivered (JOB-66, JOB-68)", function()
    local job = assert(server:send(path, { to = "102", at = LATER, report = "none" }))
    assert.equal("DRT_NONE", assert(job:info()).delivery_report_type)
    fails("ERROR_INVALID_PARAMETER", server:send(path, { to = "102", report_to = "a@b" }))
    fails("ERROR_UNSUPPORTED_TYPE", server:send(path, { to = "102", report = "email",
      report_to = "a@b" }))
    fails("ERROR_UNSUPPORTED_TYPE", server:send(path, { to = "102", report = "DRT_INBOX" }))
    local _, err = pcall(server.send, server, path, { to = "102", report = "mail" })
    assert.matches('report must be one of "email", "inbox", "none"', err)
  end)
end)

describe("a pause while the call is under way", function()
  after_each(helper.tear_down)

  it("does nothing to the call (JOB-49)", function()
    local server = helper.connect { loopback = { lines = 2, pace = "real" } }
    local job = assert(server:send(helper.tiff(helper.folder(), 1), { to = "102", device = 1 }))
    local during
    server:on("job", function(event)
      if not during and event.name == "FEI_DIALING" then
        assert.is_true(job:pause())
        during = assert(job:info()).queue_status
        assert.is_true(job:abort())
      end
    end)
    assert.equal("ERROR_CANCELLED", (select(3, job:wait(60))))
    assert.same({ "JS_INPROGRESS" }, during)
    server:close()
  end)
end)
