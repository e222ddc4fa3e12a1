-- SPDX-License-Identifier: MIT
-- The test numbers and the bad line, from Lua and faxctl; and that the document
-- says of them what the provider does.

local fax = require "fax"
local helper = require "spec.helper"

describe("docs/test-numbers.md", function()
  local document = helper.read("docs/test-numbers.md")

  local function rows(pattern)
    local list = {}
    for line in document:gmatch("\n(|[^\n]*)") do
      local cells = {}
      for cell in line:gmatch("|%s*([^|]-)%s*%f[|]") do
        cells[#cells + 1] = cell
      end
      cells[1] = cells[1]:match(pattern)
      list[#list + 1] = cells[1] and cells or nil
    end
    return list
  end

  it("has the table of the numbers, row by row", function()
    local source, list = helper.read("fsp/loopback/numbers.c"), {}
    for code, text, status, cause in
      source:gmatch('\n    {"(%w+)", "([^"]*)", ([%w_]+), "([%w_]*)",') do
      list[#list + 1] = { code, text, status == "0" and "" or status, cause }
    end
    assert.equal(select(2, source:gsub("%.act = ", "")), #list)
    assert.same(list, rows("^`%+999 9999 (%w+)`$"))
  end)

  it("has every option of a line, with its limits", function()
    local source, limits = helper.read("fsp/loopback/impairments.c"), {}
    for name, least, most in source:gmatch("KEY%(([%w_]+), (%-?%d+), (%-?%d+), %d+%)") do
      limits[name] = { least, most }
    end
    assert.is_truthy(limits.noise)
    for _, row in ipairs(rows("^`([%l_]+)`$")) do
      assert.same(limits[row[1]], { row[3], row[4] }, row[1])
      limits[row[1]] = nil
    end
    assert.same({}, limits)
  end)
end)

describe("a test number", function()
  local server, path

  local function start(loopback, more)
    local options = more or {}
    loopback.lines = 1
    options.loopback = loopback
    server = helper.connect(options)
    path = helper.tiff(helper.folder(), 2)
  end

  after_each(helper.tear_down)

  -- The result of one fax, whose first attempt is the one that counts.
  local function send(number, options)
    local all = helper.merged({ to = number }, options)
    local job = assert(server:send(path, all))
    local ok = job:wait(600)
    local result = assert(job:result())
    assert.equal(result.outcome == "completed", ok == true)
    return result, result.attempts[1]
  end

  it("needs one line, and behaves as it should", function()
    start {}
    for number, expected in pairs {
      ["+999 9999 100"] = { "FS_COMPLETED" },
      ["9999999101"] = { "FS_BUSY", "busy" },
      ["+999 9999 102"] = { "FS_NO_ANSWER", "no_answer" },
      ["+999 9999 105"] = { "FS_NOT_FAX_CALL", "no_fax_answered" },
      ["+999 (9999) 202"] = { "FS_DISCONNECTED", "disconnected" },
      ["+999 9999 221"] = { "FS_FATAL_ERROR", "page_rejected" },
      ["+999 9999 999"] = { "FS_BAD_ADDRESS", "unknown_number" },
    } do
      local _, attempt = send(number)
      assert.equal(expected[1], attempt.status, number)
      assert.equal(expected[2], attempt.cause, number)
    end
    local _, attempt = send("+999 9999 108")
    assert.equal(9600, attempt.rate)
    _, attempt = send("+999 9999 107")
    assert.is_false(attempt.ecm)
    assert.equal(0, #assert(server:inbox()))
  end)

  it("gets a document through in as many calls as it takes", function()
    start({}, { retries = 3, retry_delay = 0 })
    local result = send("+999 9999 202")
    assert.equal("completed", result.outcome)
    assert.equal(2, #result.attempts)
  end)

  it("takes the options of its line from the same table", function()
    start { noise = -55, ["to.+999 9999 100.cut"] = 2.5, seed = 7 }
    local _, attempt = send("+999 9999 100")
    assert.equal("FS_DISCONNECTED", attempt.status)
    _, attempt = send("+999 9999 700")
    assert.equal("FS_COMPLETED", attempt.status)
  end)

  it("takes the time of the line, on the virtual clock", function()
    assert(fax.clock.virtual(1700000000))
    start { pace = "real" }
    local lasted = {}
    for i = 1, 2 do
      local _, attempt = send("+999 9999 103")
      assert.equal("FS_COMPLETED", attempt.status)
      lasted[i] = attempt.ended - attempt.started
    end
    assert.is_true(lasted[1] > 60 and lasted[1] < 120)
    assert.is_true(math.abs(lasted[1] - lasted[2]) < 0.001)
    helper.stop()
    assert(fax.clock.real())
  end)

  it("refuses what is no option of a line, and says where they are", function()
    for _, option in ipairs { "noise=loud", "to.102.noise=1", "to..noise=-1", "to.102", "loss=101",
      "keep=/no/such/folder" } do
      local none, why = fax.connect { directory = helper.folder(), loopback = { option } }
      assert.is_nil(none)
      assert.matches("is no option", why)
      assert.matches("docs/test%-numbers.md", why)
    end
  end)

  it("is dialled by faxctl too", function()
    start {}
    local done = helper.faxctl(("send --wait --json %s --to '+999 9999 101' --retries 0 "
      .. "--directory %s "
      .. "--line-option lines=1 --line-option noise=-60"):format(path, helper.folder()))
    assert.equal(1, done.status)
    assert.matches('"cause":"busy"', done.out)
  end)
end)
