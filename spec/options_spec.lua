-- SPDX-License-Identifier: MIT
local options = require "fax.options"

describe("options", function()
  local known = {
    retries = "whole",
    directory = "string",
    branding = "boolean",
    paper = { a4 = 1, letter = 2 },
    files = "texts",
    twice = function(value)
      return value * 2
    end,
  }

  local function check(given)
    return options.check(given, known, "what", 1)
  end

  local function failure(given)
    local ok, err = pcall(check, given)
    assert.is_false(ok)
    return (tostring(err))
  end

  it("gives a checked copy", function()
    local given = { retries = 3, directory = "d", branding = false, paper = "a4",
      files = { "a" }, twice = 4 }
    assert.same({ retries = 3, directory = "d", branding = false, paper = 1,
      files = { "a" }, twice = 8 }, check(given))
    assert.equal("a4", given.paper)
  end)

  it("takes nil for no options", function()
    assert.same({}, check(nil))
  end)

  it("names the nearest known key", function()
    assert.matches("unknown option 'directry', did you mean 'directory'%?",
      failure { directry = "d" })
    assert.matches("unknown option 'Paper', did you mean 'paper'%?", failure { Paper = "a4" })
  end)

  it("names none when none is near", function()
    local err = failure { zzzzzzzzzz = 1 }
    assert.matches("unknown option 'zzzzzzzzzz'", err)
    assert.is_nil(err:find("did you mean"))
  end)

  it("refuses keys that are no names", function()
    assert.matches("unknown option '1'", failure { "a" })
  end)

  it("refuses the wrong type", function()
    assert.matches("directory must be a string, not a number", failure { directory = 1 })
    assert.matches("branding must be a boolean", failure { branding = 1 })
    assert.matches("a table of options expected, got a string", failure "x")
  end)

  it("refuses numbers that are not whole or out of range", function()
    for _, bad in ipairs { 1.5, -1, 2 ^ 32, 0 / 0, "3" } do
      assert.matches("retries must be a whole number", failure { retries = bad })
    end
    assert.equal(2 ^ 32 - 1, check({ retries = 2 ^ 32 - 1 }).retries)
  end)

  it("lists what a word may be", function()
    assert.matches('paper must be one of "a4", "letter"', failure { paper = "a5" })
  end)

  it("points at the one who gave them", function()
    local function api(given)
      local checked = options.check(given, known, "api", 2)
      return checked
    end
    local line = debug.getinfo(1, "l").currentline + 1
    local _, err = pcall(function() api { nope = 1 } end)
    assert.matches("options_spec.lua:" .. line .. ": api: unknown option 'nope'", err)
    line = debug.getinfo(1, "l").currentline + 1
    _, err = pcall(function() api { paper = "a5" } end)
    assert.matches("options_spec.lua:" .. line .. ": api: paper must be", err)
  end)
end)
