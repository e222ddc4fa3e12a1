-- SPDX-License-Identifier: MIT
-- What calls teach of numbers: learned, used, shown, set, forgotten; on the
-- virtual clock.
local fax = require "fax"
local helper = require "spec.helper"

local WEEK = 7 * 86400

describe("the memory of numbers", function()
  local path, folder, server, provider

  before_each(function()
    path = helper.tiff(helper.folder(), 1)
    folder = helper.folder()
    assert(fax.clock.virtual(1.6e9))
  end)

  after_each(function()
    if provider then
      provider:close()
      provider = nil
    end
    helper.tear_down()
    assert(fax.clock.real())
  end)

  local function start(options)
    local all = { directory = folder, retries = 3, retry_delay = 60, adopt = true }
    server = helper.connect(helper.merged(all, options))
  end

  -- A line over which no more than `rate` gets through; notes what was asked.
  local function slow_line(rate, asked)
    start { providers = {} }
    provider = assert(fax.provider { name = "slow", server = server,
      devices = { { name = "slow" } },
      send = function(job)
        asked[#asked + 1] = job.max_rate or 0
        local used = job.max_rate or 14400
        if used > rate then
          return "FS_FATAL_ERROR", { rate = used }
        end
        return "FS_COMPLETED", { pages_confirmed = 1, rate = used, ecm = true }
      end })
  end

  local function send(number)
    local job = assert(server:send(path, { to = number }))
    job:wait()
    return job
  end

  local function pass(seconds)
    fax.clock.wait(seconds)
  end

  it("counts failures in a row, and how long a number takes to answer", function()
    start { retries = 1, loopback = { lines = 2, pace = "real" } }
    send("+9999999101")
    local one = assert(server:number("+9999999101"))
    assert.equal("+9999999101", one.number)
    assert.equal(2, one.calls)
    assert.equal(2, one.failures)
    assert.is_nil(one.rate)
    assert.is_nil(one.last_success)
    send("+9999999103")
    one = assert(server:number("+9999999103"))
    assert.equal(0, one.failures)
    assert.is_true(one.answer >= 40 and one.answer < 60, one.answer)
    assert.equal(14400, one.rate)
    assert.is_true(one.ecm)
    assert.equal("audio", one.transport)
    assert.is_true(one.last_success >= 1.6e9)
    assert.equal(2, #server:numbers())
  end)

  it("begins with the speed that the ladder came down to, and fades", function()
    local asked = {}
    slow_line(4800, asked)
    assert.equal("completed", send("1234567"):result().outcome)
    assert.same({ 0, 9600, 4800 }, asked)
    assert.equal(4800, server:number("123-4567").max_rate)
    send("123 45 67") -- the same number
    assert.same({ 0, 9600, 4800, 4800 }, asked)
    pass(WEEK + 1)
    assert.equal(7200, server:number("1234567").max_rate)
    send("1234567")
    assert.same({ 7200, 4800 }, { asked[5], asked[6] })
    assert.equal(4800, server:number("1234567").max_rate)
    pass(5 * WEEK)
    assert.equal(0, server:number("1234567").max_rate)
    pass(26 * WEEK)
    assert.is_nil((server:number("1234567")))
    assert.same({}, server:numbers())
  end)

  it("is set by hand, and pinned", function()
    local asked = {}
    slow_line(9600, asked)
    assert.is_true(server:set_number { number = "77-88", max_rate = 4800, pinned = true })
    send("7788")
    assert.same({ 4800 }, asked)
    pass(60 * WEEK)
    assert.equal(4800, server:number("7788").max_rate)
    assert.is_true(server:set_number { number = "7788", pinned = false, t38 = false,
      ecm = false })
    local one = server:number("7788")
    assert.equal(4800, one.max_rate)
    assert.is_true(one.without_ecm)
    assert.is_true(one.t38_refused ~= nil)
    assert.is_true(server:set_number { number = "7788", t38 = true, ecm = true, max_rate = 0 })
    one = server:number("7788")
    assert.is_false(one.without_ecm)
    assert.is_nil(one.t38_refused)
    assert.is_true(server:forget_number("7788"))
    local gone, why, code = server:forget_number("7788")
    assert.is_nil(gone)
    assert.equal("ERROR_NOT_FOUND", code, why)
  end)

  it("outlives the service", function()
    start { retries = 0 }
    send("+9999999101")
    assert.is_true(server:set_number { number = "5555", max_rate = 9600 })
    local before = server:numbers()
    helper.stop()
    start()
    assert.same(before, server:numbers())
    assert.is_true(server:forget_number("5555"))
    helper.stop()
    start()
    assert.equal(1, #server:numbers())
  end)

  it("needs the rights of the configuration, and refuses nonsense", function()
    start()
    local reader = assert(fax.connect { rights = "FAX_CONFIG_QUERY" })
    assert.same({}, reader:numbers())
    local ok, why, code = reader:set_number { number = "1" }
    assert.is_nil(ok)
    assert.equal("ERROR_ACCESS_DENIED", code, why)
    ok, why, code = reader:forget_number("1")
    assert.is_nil(ok)
    assert.equal("ERROR_ACCESS_DENIED", code, why)
    reader:close()
    local other = assert(fax.connect { rights = "FAX_JOB_SUBMIT" })
    ok, why, code = other:numbers()
    assert.is_nil(ok)
    assert.equal("ERROR_ACCESS_DENIED", code, why)
    other:close()
    ok, why, code = server:set_number { number = "1", max_rate = 300 }
    assert.is_nil(ok)
    assert.equal("ERROR_INVALID_PARAMETER", code)
    assert.matches("max_rate is 300", why)
    ok, why, code = server:set_number { number = "" }
    assert.is_nil(ok)
    assert.equal("ERROR_INVALID_PARAMETER", code, why)
  end)
end)
