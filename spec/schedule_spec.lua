-- SPDX-License-Identifier: MIT
-- Who has a line, and when, from Lua and from faxctl: docs/jobs.md.

local core = require "fax.core"
local fax = require "fax"
local helper = require "spec.helper"
local support = require "spec.support.provider"

-- The directories of a TIFF that this machine wrote, little end first.
local function pages_of(path)
  local text, count = helper.read(path), 0
  local function number(at, bytes)
    local n = 0
    for i = bytes - 1, 0, -1 do
      n = n * 256 + text:byte(at + 1 + i)
    end
    return n
  end
  local at = number(4, 4)
  while at ~= 0 do
    count = count + 1
    at = number(at + 2 + 12 * number(at, 2), 4)
  end
  return count
end

describe("a service in Lua", function()
  local folder, stage, sent

  -- One line; each call takes a minute.
  local function start(options, provider)
    stage = support.new(folder .. "/1.tif", options)
    sent = {}
    local all = { send = function(job)
      sent[#sent + 1] = job.number
      job:sleep(60)
      return "FS_COMPLETED"
    end }
    for key, value in pairs(provider or {}) do
      all[key] = value
    end
    support.attach(all)
  end

  before_each(function()
    folder = helper.folder()
    helper.tiff(folder, 1)
  end)

  after_each(function()
    stage:stop()
    helper.clean()
  end)

  it("sends by priority", function()
    start()
    local jobs = {}
    local function send(to, priority)
      jobs[#jobs + 1] = stage:send { to = to, priority = priority }
    end
    send("1")
    support.run_until(function() return sent[1] end) -- it has the line
    send("2", "low")
    send("3", "normal")
    send("4", "high")
    assert.is_true(jobs[2]:wait(1000))
    assert.same({ "1", "4", "3", "2" }, sent)
  end)

  it("has one call to a number at a time, unless it is told otherwise", function()
    for limit = 1, 2 do
      start({ calls_per_number = limit }, { devices = { { name = "a" }, { name = "b" } } })
      local first = stage:send { to = "+1 555 0100 0000" }
      local second = stage:send { to = "+1 (555) 0100-0000" }
      assert.is_true(second:wait(1000))
      local gap = second:result().attempts[1].started - first:result().attempts[1].started
      assert.equal(limit == 1 and 60 or 0, math.floor(gap))
      if limit == 1 then
        stage:stop()
      end
    end
  end)

  -- A provider that notes and counts its pages, from its second call on.
  it("sends several jobs for a number in one call", function()
    local calls = {}
    start({ calls_per_number = 1, batch = 3 }, { send = function(job)
      local count = pages_of(job.file)
      calls[#calls + 1] = count
      for page = 1, count do
        job:status("FS_TRANSMITTING", { page = page, pages_confirmed = page - 1 })
        assert(job:commit(page))
      end
      return "FS_COMPLETED", { pages_confirmed = count }
    end })
    local jobs = {}
    for i = 1, 6 do
      jobs[i] = stage:send { to = "+1 555 0100 0000" }
    end
    for _, job in ipairs(jobs) do
      assert.is_true(job:wait(1000))
      assert.same({ 1, 1 }, { #job:result().attempts, job:result().attempts[1].pages_confirmed })
    end
    assert.same({ 1, 3, 2 }, calls)
  end)

  it("lends no more lines of a provider than it is to have calls", function()
    start({}, { calls = 1,
      devices = { { name = "a" }, { name = "b" } } })
    stage:send { to = "1" }
    local second = stage:send { to = "2" }
    fax.loop():poll(1)
    assert.same({ "JS_NOLINE" }, second:info().queue_status)
    assert.is_true(second:wait(1000))
  end)

  it("gives a job up after its deadline", function()
    start()
    stage:send { to = "1" }
    local late = stage:send { to = "2", deadline = fax.clock.wall() + 59 }
    local ok, why, code = late:wait(1000)
    assert.same({ "ERROR_FAX_FAILED" }, { ok or code })
    assert.matches("its deadline is over", why)
    assert.same({ "failed", "expired", 0 }, { late:result().outcome, late:result().cause,
      #late:result().attempts })
    for _, past in ipairs { fax.clock.wall(), 0, -1 } do
      ok, why, code = stage.server:send(stage.document, { to = "2", deadline = past })
      assert.same({ "ERROR_INVALID_PARAMETER" }, { ok or code })
      assert.matches("the deadline is over", why)
    end
  end)

  it("holds a job until it is resumed", function()
    start()
    local held = stage:send { to = "1", hold = true }
    assert.same({ "JS_PAUSED" }, held:info().queue_status)
    local ok, _, code = held:wait(1000)
    assert.same({ "WAIT_TIMEOUT" }, { ok or code })
    assert.is_true(held:resume())
    assert.is_true(held:wait(1000))
  end)
end)

describe("faxctl", function()
  it("holds jobs and lets them go", function()
    local folder = helper.folder()
    local document = helper.tiff(folder, 1)
    local function faxctl(arguments)
      return helper.run(("FAX_DIRECTORY=%s/state env %s %s lua/bin/faxctl %s"):format(folder,
        helper.environment(), helper.interpreter, arguments))
    end
    local done = faxctl(("send %s --to 102 --hold --priority high"):format(document))
    assert.equal(0, done.status, done.err)
    local id = assert(done.out:match("^held: job (%d+) to 102\n$"), done.out)
    assert.equal("released: job " .. id .. "\n", faxctl("release " .. id).out)
    assert.equal("held: job " .. id .. "\n", faxctl("hold " .. id).out)
    assert.equal("released: job " .. id .. "\n", faxctl("release " .. id).out)
    local server = assert(fax.connect { directory = folder .. "/state", adopt = true,
      loopback = { lines = 2 }, branding = false })
    assert.is_true(assert(server:job(tonumber(id))):wait(100))
    helper.stop()
    done = faxctl("hold " .. id)
    assert.equal(1, done.status)
    assert.matches("there is no job " .. id, done.err)
    assert.equal(2, faxctl("release").status)
    assert.equal(2, faxctl("release 1.5").status)
    helper.clean()
  end)

  it("begins no call of another job for that", function()
    local folder = helper.folder()
    local document = helper.tiff(folder, 1)
    local options = { directory = folder .. "/state", adopt = true, branding = false }
    options.offline = true
    local server = assert(fax.connect(options))
    local waits = assert(server:send(document, { to = "102" })).id
    local held = assert(server:send(document, { to = "103" })).id
    assert(fax.register_service_provider { name = "mine", friendly_name = "Mine",
      image = assert(core.companion("fsp/loopback.so")) })
    helper.stop()
    local done = helper.run(("FAX_DIRECTORY=%s/state env %s %s lua/bin/faxctl hold %d"):format(
      folder, helper.environment(), helper.interpreter, held))
    assert.equal("held: job " .. held .. "\n", done.out)
    server = assert(fax.connect(options))
    assert.same({}, server:job(waits):result().attempts)
    assert.same({ "JS_PAUSED" }, server:job(held):info().queue_status)
    helper.stop()
    helper.clean()
  end)
end)
