-- SPDX-License-Identifier: MIT
-- The categories of the log from Lua, and what they do to the log.
local fax = require "fax"
local helper = require "spec.helper"
local fails = helper.fails

describe("the log's categories", function()
  local server, folder

  before_each(function()
    folder = helper.folder()
    server = helper.connect { directory = folder }
  end)

  after_each(helper.tear_down)

  -- category -> level, both without their prefix
  local function levels()
    local map = {}
    for _, one in ipairs(assert(server:logging_categories())) do
      assert.is_string(one.name)
      map[one.category:match("^FAXLOG_CATEGORY_(%u+)$")] =
        one.level:match("^FAXLOG_LEVEL_(%u+)$")
    end
    return map
  end

  it("are four, each with a level (LOG-1, LOG-3)", function()
    local map = levels()
    for _, name in ipairs { "INIT", "OUTBOUND", "INBOUND", "UNKNOWN" } do
      assert.is_string(map[name], name)
    end
    assert.equal(4, #assert(server:logging_categories()))
  end)

  it("are set by name, the others stay (LOG-4)", function()
    local expected = levels()
    for _, level in ipairs { "none", "min", "med", "max" } do
      assert.is_true(server:set_logging_categories { outbound = level })
      expected.OUTBOUND = level:upper()
      assert.same(expected, levels())
    end
    assert.is_true(server:set_logging_categories { init = "FAXLOG_LEVEL_MIN", inbound = 0,
      unknown = fax.const.FAXLOG_LEVEL_MAX })
    assert.same({ INIT = "MIN", OUTBOUND = "MAX", INBOUND = "NONE", UNKNOWN = "MAX" },
      levels())
  end)

  it("are set by the list that is read (LOG-4)", function()
    local list = assert(server:logging_categories())
    assert.is_true(server:set_logging_categories { outbound = "none", init = "none" })
    assert.is_true(server:set_logging_categories(list))
    assert.same(list, assert(server:logging_categories()))
    assert.is_true(server:set_logging_categories { { category = "inbound", level = "min" } })
    assert.equal("MIN", levels().INBOUND)
  end)

  it("change nothing when one is wrong (LOG-5, LOG-8)", function()
    local before = levels()
    fails("ERROR_INVALID_PARAMETER", server:set_logging_categories {})
    fails("ERROR_INVALID_PARAMETER", server:set_logging_categories { outbound = 4 })
    fails("ERROR_INVALID_PARAMETER", server:set_logging_categories {
      { category = 1, level = 3 }, { category = 9, level = 3 } })
    assert.same(before, levels())
  end)

  it("decide what is written (LOG-2)", function()
    local path = helper.pdf(folder, 1)
    local function lines_of_send()
      local before = #helper.read(folder .. "/fax.log")
      assert(assert(server:send(path, { to = "999" })):wait(60) == nil)
      helper.stop()
      local text = helper.read(folder .. "/fax.log"):sub(before + 1)
      server = helper.connect { directory = folder }
      return select(2, text:gsub(" job=%d+", ""))
    end
    assert.is_true(server:set_logging_categories { outbound = "max" })
    assert.is_true(lines_of_send() > 0)
    assert.is_true(server:set_logging_categories { outbound = "none" })
    assert.equal(0, lines_of_send())
  end)

  it("ask for their rights (SEC-6)", function()
    local reader = assert(fax.connect { rights = "FAX_CONFIG_QUERY" })
    assert.is_table(reader:logging_categories())
    fails("ERROR_ACCESS_DENIED", reader:set_logging_categories { init = "max" })
    local other = assert(fax.connect { rights = "FAX_CONFIG_SET" })
    fails("ERROR_ACCESS_DENIED", other:logging_categories())
    assert.is_true(other:set_logging_categories { init = "max" })
    other:close()
    fails("ERROR_INVALID_HANDLE", other:logging_categories())
    fails("ERROR_INVALID_HANDLE", other:set_logging_categories { init = "max" })
  end)

  it("raise what the caller should have known", function()
    local function raises(pattern, given)
      local line = debug.getinfo(1, "l").currentline + 1
      local ok, why = pcall(function() server:set_logging_categories(given) end)
      assert.is_false(ok)
      assert.matches("logging_spec.lua:" .. line .. ": server:set_logging_categories", why)
      assert.matches(pattern, why)
    end
    raises("unknown option 'outbond', did you mean 'outbound'", { outbond = "max" })
    raises('outbound must be one of "max", "med", "min", "none"', { outbound = "much" })
    raises("category 1: a category and a level expected", { { category = 1 } })
    raises("category 2: a table", { { category = 1, level = 1 }, 7 })
    raises("category must be one of", { { category = "outbond", level = 1 } })
    raises("must be a table", 7)
  end)
end)
