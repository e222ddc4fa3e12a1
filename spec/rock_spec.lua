-- SPDX-License-Identifier: MIT
-- `luarocks make` works offline, and what it installs runs from elsewhere.
local helper = require "spec.helper"

describe("the rock", function()
  after_each(helper.clean)

  it("installs into a tree and runs from another folder", function()
    local tree = helper.folder()
    local made = helper.run(("BUILD=%s luarocks-%s make --tree %s fax-scm-1.rockspec"):format(
      helper.quote(helper.build), helper.version, tree))
    assert.equal(0, made.status, made.err)
    local lib = ("%s/lib/lua/%s/fax/"):format(tree, helper.version)
    for _, file in ipairs { "core.so", "libfax.so.0", "fax-render", "fsp/loopback.so" } do
      assert.is_true(helper.exists(lib .. file), file)
    end
    local folder = helper.folder()
    helper.write(folder .. "/script.lua", [[
      local fax = require "fax"
      local server = assert(fax.connect { directory = "state" })
      assert(#server:ports() == 4)
      server:close()
      print(package.searchpath and package.searchpath("fax.core", package.cpath) or "found")
    ]])
    local ran = helper.run(("cd %s && LUA_PATH='%s/share/lua/%s/?.lua;%s/share/lua/%s/?/init.lua' "
      .. "LUA_CPATH='%s/lib/lua/%s/?.so' %s script.lua"):format(folder, tree, helper.version,
      tree, helper.version, tree, helper.version, helper.interpreter))
    assert.equal(0, ran.status, ran.err)
    local demo = helper.run(("cd %s && %s/bin/faxctl demo --quiet --directory %s"):format(
      folder, tree, folder))
    assert.equal(0, demo.status, demo.err)
    assert.matches("first page: .*page%-001.png", demo.out)
  end)
end)
