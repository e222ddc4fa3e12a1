-- SPDX-License-Identifier: MIT
-- faxctl log and metrics, in this process: times, forms, what is found, and
-- following; and that CSV comes back as it went in.
local cli = require "fax.cli.init"
local common = require "fax.cli.common"
local csv = require "fax.cli.csv"
local exposition = require "spec.support.exposition"
local fax = require "fax"
local helper = require "spec.helper"
local moment = require "fax.cli.moment"

-- The fields of each line, by RFC 4180.
local function read_csv(text)
  local lines, at = {}, 1
  while at <= #text do
    local line = {}
    repeat
      local value, stop
      if text:sub(at, at) == '"' then
        local parts = {}
        at = at + 1
        repeat
          local part, quote = text:match('^([^"]*)"("?)', at)
          assert(part, "a quote is not closed")
          parts[#parts + 1] = part .. quote
          at = at + #part + 1 + #quote
        until quote == ""
        value, stop = table.concat(parts), at
      else
        value, stop = text:match('^([^,\r\n"]*)()', at)
      end
      line[#line + 1] = value
      local c = text:sub(stop, stop)
      assert(c == "," or text:sub(stop, stop + 1) == "\r\n", "no end of a field")
      at = stop + (c == "," and 1 or 2)
    until c ~= ","
    lines[#lines + 1] = line
  end
  return lines
end

describe("CSV", function()
  -- As one line, and back.
  local function back(...)
    local columns, record = {}, {}
    for i = 1, select("#", ...) do
      columns[i] = "column " .. i
      record[columns[i]] = select(i, ...)
    end
    local lines = read_csv(csv.head(columns) .. csv.row(columns, record))
    assert.equal(2, #lines)
    assert.same(columns, lines[1])
    return lines[2]
  end

  it("comes back as it went in", function()
    assert.same({ "a", 'say "no", please', "two\r\nlines", "", " edge", "edge ", "7", "0.500",
      "true", "J\195\182rg, \"\"" }, back("a", 'say "no", please', "two\r\nlines", "", " edge",
      "edge ", 7, 0.5, true, "J\195\182rg, \"\""))
    assert.same({ "a", "", "b", "" }, back("a", nil, "b", nil))
  end)

  it("has no formula in it", function()
    for _, bad in ipairs { "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "+49x", "=" } do
      assert.same({ "'" .. bad }, back(bad))
    end
    for _, good in ipairs { "+4930123", "-1", "+49 30 123", "a=1", "1-2" } do
      assert.same({ good }, back(good))
    end
  end)
end)

describe("a time on the command line", function()
  it("is a date, or so long ago", function()
    for text, time in pairs { ["1970-01-01T00:00Z"] = 0, ["2000-02-29T12:00:01Z"] = 951825601,
      ["2026-11-21T15:30+01:00"] = 1795271400, ["2026-11-21 15:30-0130"] = 1795280400,
      ["1999-12-31T23:59:59Z"] = 946684799, ["90m"] = 1e9 - 5400, ["7d"] = 1e9 - 604800,
      ["0s"] = 1e9, ["2w"] = 1e9 - 1209600 } do
      assert.equal(time, moment.read(text, 1e9), text)
    end
    assert.equal(os.time { year = 2026, month = 3, day = 1, hour = 0 },
      moment.read("2026-03-01", 0))
    for _, bad in ipairs { "", "yesterday", "2026-13-01", "2026-00-01", "2026-02-30T",
      "2026-04-31", "2026-01-01T24:00", "2026-01-01T12", "2026-01-01T12:60", "7", "7y", "-1d",
      "2026-01-01X", "2026-01-01T00:00:00+25", "2026-01-01T00:00+01:60" } do
      assert.is_nil(moment.read(bad, 1e9), bad)
    end
  end)

  it("is written by ISO 8601", function()
    assert.equal("1970-01-01T00:00:00.000Z", moment.iso(0))
    assert.equal("2026-11-21T15:29:59.500Z", moment.iso(1795274999.5))
    assert.equal("2026-11-21T15:30:00.000Z", moment.iso(1795274999.9996))
    assert.is_nil(moment.iso(nil))
  end)
end)

describe("faxctl log", function()
  local finish = common.finish
  local server, path, directory

  before_each(function()
    assert(fax.clock.virtual(1.6e9))
    directory = helper.folder()
    -- as faxctl would: it finds the same service here
    server = assert(fax.connect { directory = directory, providers = { { name = "loopback" } } })
    path = helper.tiff(helper.folder(), 2)
  end)

  after_each(function()
    common.finish = finish
    server:close()
    helper.tear_down()
    assert(fax.clock.real())
  end)

  -- Runs a command line in this process: its status, what it wrote. The service
  -- ends with it.
  local function run(...)
    local out, err = {}, {}
    local function to(list)
      return { write = function(_, ...) list[#list + 1] = table.concat { ... } end }
    end
    local argv = { ... }
    argv[#argv + 1] = "--directory"
    argv[#argv + 1] = directory
    local status = cli.main(argv, { out = to(out), err = to(err) })
    return status, table.concat(out), table.concat(err)
  end

  local function send(...)
    for _, number in ipairs { ... } do
      assert(server:send(path, { to = number, retries = 1,
        subject = "An \"offer\", =now" })):wait()
    end
  end

  it("writes a table", function()
    send("+9999999101", "+9999999100")
    local status, text = run("log")
    assert.equal(0, status)
    local lines = {}
    for line in text:gmatch("[^\n]+") do
      lines[#lines + 1] = line
    end
    assert.equal(4, #lines)
    assert.matches("^ended +job +way +number", lines[1])
    assert.matches(" 1%.1 +out +%+?9999999101 +0/2 .* retry +busy$", lines[2])
    assert.matches(" 1%.2 .* failed +busy$", lines[3])
    assert.matches(" 2%.1 .* 2/2 .* completed +%-$", lines[4])
  end)

  it("writes CSV with a line of names", function()
    send("+9999999100")
    local status, text = run("log", "--csv")
    assert.equal(0, status)
    local lines = read_csv(text)
    assert.equal(2, #lines)
    local record = {}
    for i, name in ipairs(lines[1]) do
      record[name] = lines[2][i]
    end
    assert.equal(#lines[1], #lines[2])
    assert.equal('An "offer", =now', record.document)
    assert.equal("completed", record.outcome)
    assert.matches("^2020%-09%-13T12:26:%d%d%.%d%d%dZ$", record.ended)
    local page = helper.read("docs/records.md")
    for _, name in ipairs(lines[1]) do -- each column is described
      assert.is_truthy(page:find("`" .. name .. "`", 1, true), name)
    end
  end)

  it("writes JSON, one object a line", function()
    send("+9999999101")
    local status, text = run("log", "--json")
    assert.equal(0, status)
    local count = 0
    for line in text:gmatch("([^\n]*)\n") do
      count = count + 1
      assert.matches('^{.*"ended":"2020%-09%-13T12:%d%d:%d%d%.%d%d%dZ".*}$', line)
    end
    assert.equal(2, count)
  end)

  local questions = { ["--limit 1"] = 1, ["--job 2"] = 1, ["--cause busy"] = 2,
    ["--number +999-9999-100"] = 1, ["--in"] = 0, ["--out"] = 3, ["--device 9"] = 0,
    ["--since 0s"] = 0, ["--until 2020-01-01"] = 0, ["--since 2020-01-01T00:00Z"] = 3,
    ["--user nobody"] = 0, ["--out --cause busy --limit 9"] = 2 }

  it("finds by what it is asked", function()
    send("+9999999101", "+9999999100")
    fax.clock.wait(1)
    common.finish = function(handle) -- the service here goes on
      handle:close()
    end
    for option, count in pairs(questions) do
      local argv = { "log", "--json" }
      for word in option:gmatch("%S+") do
        argv[#argv + 1] = word
      end
      local status, text = run((unpack or table.unpack)(argv)) -- luacheck: ignore
      assert.equal(0, status)
      assert.equal(count, select(2, text:gsub("\n", "")), option)
    end
  end)

  it("shows the newest, the last one below", function()
    send("+9999999101", "+9999999100")
    local _, text = run("log", "--json", "--limit", "2")
    assert.matches('"job_id":1.*\n.*"job_id":2', text)
    assert.is_nil(text:find('"attempt":1,[^\n]*"job_id":1'))
  end)

  it("follows what happens from now on", function()
    send("+9999999100")
    local status, text
    local loop = fax.loop()
    loop:spawn(function()
      status, text = run("log", "--follow", "--limit", "3", "--json")
    end)
    loop:poll(0)
    send("+9999999101", "102")
    while not status do
      loop:poll(60)
    end
    assert.equal(0, status)
    local ids = {}
    for job in text:gmatch('"job_id":(%d+)') do
      ids[#ids + 1] = job
    end
    assert.equal(3, #ids)
    assert.same({ "2", "2" }, { ids[1], ids[2] })
  end)

  it("refuses what it does not know", function()
    for _, bad in ipairs { { "--since", "soon" }, { "--until", "2026-13-01" }, { "x" },
      { "--csv", "--json" }, { "--job", "x" } } do
      local status, _, why = run("log", (unpack or table.unpack)(bad)) -- luacheck: ignore
      assert.equal(2, status)
      assert.matches("faxctl log %-%-help", why)
    end
    assert.equal(2, (run("metrics", "x")))
  end)

  it("is beside faxctl metrics", function()
    send("+9999999100")
    local status, text = run("metrics")
    assert.equal(0, status)
    assert.equal(1, exposition.value(exposition.read(text), "fax_submissions_total"))
  end)
end)
