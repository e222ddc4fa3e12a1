-- SPDX-License-Identifier: MIT
-- server:metrics: the form of the text, and that docs/records.md has each family.
local exposition = require "spec.support.exposition"
local fax = require "fax"
local helper = require "spec.helper"

describe("the checker of the exposition format", function()
  local head = "# HELP fax_a_total A.\n# TYPE fax_a_total counter\n"

  it("takes what is right", function()
    local families = exposition.read(head .. 'fax_a_total{b="\\"c\\\\\\n",d=""} 1\n'
      .. "# HELP fax_e E.\n# TYPE fax_e gauge\nfax_e -2.5e3\n")
    assert.equal(1, exposition.value(families, "fax_a_total", { b = '"c\\\n', d = "" }))
    assert.equal(-2500, exposition.value(families, "fax_e"))
    assert.is_nil(exposition.value(families, "fax_a_total"))
  end)

  it("refuses what is not", function()
    for _, bad in ipairs {
      head .. "fax_a_total 1", "fax_a_total 1\n", head .. "fax_b_total 1\n",
      head .. "fax_a_total -1\n", head .. "fax_a_total one\n", head .. "fax_a_total 1 2 3\n",
      head .. "fax_a_total 1\nfax_a_total 2\n", head .. 'fax_a_total{b="\\c"} 1\n',
      head .. 'fax_a_total{b="c} 1\n', head .. 'fax_a_total{b="c",b="d"} 1\n',
      head .. 'fax_a_total{1b="c"} 1\n', head .. head, head .. "\n",
      "# TYPE fax_a_total counter\n", "# HELP fax_a A.\n# TYPE fax_a counter\n",
      "# HELP fax_a_total A.\n# TYPE fax_a_total gauge\n",
      "# HELP fax_a A\n# TYPE fax_a gauge\n", "# HELP fax_a A.\n# TYPE fax_a summary\n",
      "# HELP a A.\n# TYPE a gauge\n",
      "# HELP fax_a_milliseconds A.\n# TYPE fax_a_milliseconds gauge\n",
    } do
      assert.has_error(function() exposition.read(bad) end, nil, bad)
    end
  end)
end)

describe("server:metrics", function()
  local server

  before_each(function()
    assert(fax.clock.virtual(1.6e9))
    server = helper.connect()
  end)

  after_each(function()
    server:close()
    helper.tear_down()
    assert(fax.clock.real())
  end)

  local function read()
    return exposition.read((assert(server:metrics())))
  end

  it("is text that Prometheus reads, before and after calls", function()
    local before = read()
    assert.equal(1, exposition.value(before, "fax_build_info", { version = fax.version }))
    assert.equal(2, exposition.value(before, "fax_ports", { state = "FPS_AVAILABLE" }))
    local path = helper.tiff(helper.folder(), 2)
    for _, number in ipairs { "102", "+9999999101" } do
      assert(server:send(path, { to = number })):wait()
    end
    local after = read()
    assert.equal(1, exposition.value(after, "fax_jobs_finished_total",
      { outcome = "failed", cause = "busy" }))
    assert.equal(1, exposition.value(after, "fax_attempts_total",
      { direction = "sent", status = "FS_BUSY", cause = "busy" }))
    assert.equal(2, exposition.value(after, "fax_pages_total", { direction = "sent" }))
    assert.equal(2, exposition.value(after, "fax_submissions_total"))
    for name in pairs(before) do
      assert.is_table(after[name], name)
    end
  end)

  it("escapes what providers say", function()
    local cause, name = 'a "cause"\\', 'the "first"\\'
    local provider = assert(fax.provider {
      name = "odd", devices = { { name = name, number = "900" } },
      send = function() return "FS_FATAL_ERROR", { cause = cause } end,
    })
    local device
    for _, port in ipairs(assert(server:ports())) do
      device = port.device_name == name and port.device_id or device
    end
    local path = helper.tiff(helper.folder(), 1)
    assert(server:send(path, { to = "900", device = device })):wait()
    local after = read()
    assert.equal(1, exposition.value(after, "fax_attempts_total",
      { direction = "sent", status = "FS_FATAL_ERROR", cause = cause }))
    assert.is_number(exposition.value(after, "fax_line_seconds_total",
      { device_id = tostring(device), device = name }))
    provider:close()
  end)

  it("is described in docs/records.md, each family of it", function()
    local page = helper.read("docs/records.md")
    local count = 0
    for name, family in pairs(read()) do
      count = count + 1
      assert.is_truthy(page:find("| `" .. name .. "` | " .. family.kind .. " |", 1, true), name)
    end
    for name in page:gmatch("\n| `(fax_[%w_]+)`") do
      assert.is_truthy(read()[name], name)
    end
    assert.is_true(count > 15)
  end)

  it("gives what failed", function()
    server:close()
    local text, why, code = server:metrics()
    assert.is_nil(text)
    assert.is_string(why)
    assert.equal("ERROR_INVALID_HANDLE", code)
  end)
end)
