-- SPDX-License-Identifier: MIT
-- Holds the rules of spec/reference/rules.tsv to specs or reasons, and the
-- matrix of rights to the headers.
local helper = require "spec.helper"

describe("every rule", function()
  it("has a spec or a reason, and docs/conformance.md tells which", function()
    local done = helper.run(helper.interpreter .. " docs/rules.lua --check")
    assert.equal(0, done.status, done.err)
  end)

  it("has a number of its own, in order, and a short title", function()
    local last = {}
    local marks = { D = true, S = true, H = true, I = true, GAP = true, CONTRA = true }
    local lines = io.lines("spec/reference/rules.tsv")
    assert.equal("id\tevidence\tsource\ttitle", lines())
    for line in lines do
      local family, number, evidence, title =
        line:match("^(%u+)%-(%d+)\t([%u,]+)\t[^\t]+\t([^\t]+)$")
      assert.is_string(family, line)
      assert.equal((last[family] or 0) + 1, tonumber(number), line)
      last[family] = tonumber(number)
      for mark in evidence:gmatch("%u+") do
        assert.is_true(marks[mark], line)
      end
      assert.is_true(select(2, title:gsub("%S+", "")) <= 8, line)
    end
  end)
end)

describe("docs/rules.lua", function()
  local script = helper.lines("pwd")[1] .. "/docs/rules.lua"
  local folder

  before_each(function()
    folder = helper.folder()
    helper.lines(("mkdir -p %s/docs %s/spec/c %s/spec/reference"):format(folder, folder, folder))
    local rows = { "id\tevidence\tsource\ttitle\n" }
    for i = 1, 6 do
      rows[#rows + 1] = ("ZED-%d\tD\t-\tA title\n"):format(i)
    end
    helper.write(folder .. "/spec/reference/rules.tsv", table.concat(rows))
    helper.write(folder .. "/docs/conformance.md", "text\n"
      .. "<!-- rules: made by docs/rules.lua, do not edit -->\n<!-- end of rules -->\nmore\n")
  end)

  after_each(helper.clean)

  local function run(specs, reasons, option)
    helper.write(folder .. "/spec/a_spec.lua", "-- ZED-1..6 in the head\n\n" .. specs)
    helper.write(folder .. "/docs/rules.tsv", "rules\tkind\treason\n" .. reasons)
    return helper.run(("cd %s && %s %s %s"):format(folder, helper.interpreter, script,
      option or ""))
  end

  it("reads every form, and writes what it found", function()
    local done = run('-- ZED-1..2, -4\nit("ZED-5 (or so)")', "ZED-3, -6\tnone\ta fact\n")
    assert.equal(0, done.status, done.err)
    local text = helper.read(folder .. "/docs/conformance.md")
    assert.matches("^text\n", text)
    assert.matches("\nmore\n$", text)
    assert.matches("| ZED%-3, %-6 | a fact |", text)
    assert.matches("| ZED%-1%.%.2 | a_spec |\n| ZED%-4%.%.5 | a_spec |", text)
    assert.equal(0, run('-- ZED-1..2, -4\nit("ZED-5 (or so)")', "ZED-3, -6\tnone\ta fact\n",
      "--check").status)
    done = run("-- ZED-1..5", "ZED-6\tnone\ta fact\n", "--check")
    assert.equal(1, done.status)
    assert.matches("stale", done.err)
  end)

  it("complains of what does not fit", function()
    local function complains(why, specs, reasons)
      local done = run(specs, reasons)
      assert.equal(1, done.status)
      assert.matches(why, done.err)
    end
    complains("ZED%-6 .* has neither", "-- ZED-1..5", "")
    complains("ZED%-7, which does not exist", "-- ZED-1..7", "")
    complains("ZED%-8, which does not exist", "-- ZED-1..6", "ZED-8\tnone\tx\n")
    complains("ZED%-2 has a spec .* out of date", "-- ZED-1..6", "ZED-2\twaits\tx\n")
    complains("ZED%-6 twice", "-- ZED-1..5", "ZED-6\tnone\tx\nZED-6\twaits\tx\n")
  end)

  it("shows a temporary reason under its own heading", function()
    assert.equal(0, run("-- ZED-1..5", "ZED-5..6\ttemporary\tsoon\n").status)
    assert.matches("### Being specced: temporary\n.*| ZED%-6 | soon |",
      helper.read(folder .. "/docs/conformance.md"))
  end)
end)

describe("the matrix of rights", function()
  it("has every function that takes a handle of the service", function()
    local rows, count = helper.read("spec/c/service_rights_test.c"), 0
    for _, header in ipairs { "winfax.h", "fax_service.h", "fax_archive.h" } do
      local text = helper.read("src/include/fax/" .. header):gsub("/%*.-%*/", "")
      for name in text:gmatch("FAX_EXPORT%s+%w+%s+(Fax%w+)%s*%(%s*HANDLE%s") do
        count = count + 1
        assert.is_truthy(rows:find('{"' .. name .. '",', 1, true),
          name .. " is missing in spec/c/service_rights_test.c")
      end
    end
    assert.is_true(count >= 32)
  end)
end)
