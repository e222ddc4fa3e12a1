-- SPDX-License-Identifier: MIT
-- What a person reads when the directory is none that this version can use.

local helper = require "spec.helper"

describe("faxctl in a directory that it cannot use", function()
  local folder

  before_each(function() folder = helper.folder() end)
  after_each(helper.clean)

  local function says(words)
    local done = helper.faxctl("ports --directory " .. folder)
    assert.equal(1, done.status)
    assert.equal("", done.out)
    assert.matches("^faxctl: [^\n]+\n$", done.err) -- one line
    assert.truthy(done.err:find(folder .. "/fax.db: " .. words, 1, true), done.err)
  end

  local function write(offset, bytes)
    local file = assert(io.open(folder .. "/fax.db", "r+b"))
    file:seek("set", offset)
    file:write(bytes)
    file:close()
  end

  it("names the store that is no database", function()
    local file = assert(io.open(folder .. "/fax.db", "wb"))
    file:write(("only some text\n"):rep(100))
    file:close()
    says "file is not a database"
  end)

  it("names the store that is damaged", function()
    assert.equal(0, helper.faxctl("ports --directory " .. folder).status)
    write(100, ("\255"):rep(3000))
    says ""
  end)

  it("says that a newer version made it", function()
    assert.equal(0, helper.faxctl("ports --directory " .. folder).status)
    write(60, "\0\0\0\99") -- user_version of SQLite's header
    says "was made by a newer version of the fax service (schema 99"
  end)
end)
