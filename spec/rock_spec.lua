-- SPDX-License-Identifier: MIT
-- `luarocks make` works offline, `make install` fills a prefix, and what either
-- installs runs from elsewhere.
local helper = require "spec.helper"

describe("the rock", function()
  after_each(helper.clean)

  it("installs into a tree and runs from another folder", function()
    local tree = helper.folder()
    local made = helper.run(("BUILD=%s luarocks-%s make --tree %s fax-scm-1.rockspec"):format(
      helper.quote(helper.build), helper.version, tree))
    assert.equal(0, made.status, made.err)
    local lib = ("%s/lib/lua/%s/fax/"):format(tree, helper.version)
    for _, file in ipairs { "core.so", "libfax.so.0", "fax-render", "fax-fsp-check", "fax-host",
      "fsp/loopback.so" } do
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
    local command = "cd %s && timeout 120 %s/bin/faxctl demo --quiet --directory %s"
    local demo = helper.run(command:format(
      folder, tree, folder))
    assert.equal(0, demo.status, demo.err)
    assert.matches("first page: .*page%-001.png", demo.out)
    assert.matches("^faxd %d", helper.run(("cd / && %s/bin/faxd --version"):format(tree)).out)
  end)
end)

describe("make install", function()
  after_each(helper.clean)

  local function make(target, prefix)
    local done = helper.run(("make -s BUILD=%s %s PREFIX=%s"):format(
      helper.quote(helper.build), target, prefix))
    assert.equal(0, done.status, done.err)
  end

  it("fills a prefix that works for Lua and for C, and uninstall empties it", function()
    local prefix = helper.folder() .. "/prefix"
    make("install", prefix)
    local demo = helper.run(("cd / && env -u LUA_PATH -u LUA_CPATH timeout 120 "
      .. "%s/bin/faxctl demo --quiet --directory %s/state"):format(prefix, helper.folder()))
    assert.equal(0, demo.status, demo.err)
    local checked = helper.run(("cd / && env -u LUA_PATH -u LUA_CPATH %s/bin/faxd --check "
      .. "%s/share/fax/faxd.lua"):format(prefix, prefix))
    assert.equal(0, checked.status, checked.err)
    local completed = helper.run(("bash -c 'source %s/share/bash-completion/completions/faxctl "
      .. "&& complete -p faxctl'"):format(prefix))
    assert.equal(0, completed.status, completed.err)
    assert.truthy(helper.exists(prefix .. "/share/zsh/site-functions/_faxctl"))
    local source = helper.write(helper.folder() .. "/client.c", [[
      #include <fax/winfax.h>
      int main(void) {
        HANDLE fax;
        return !FaxConnectFaxServer(NULL, &fax) &&
               FaxGetLastError() == ERROR_SERVICE_NOT_ACTIVE ? 0 : 1;
      }
    ]])
    local built = helper.run(("cd / && export PKG_CONFIG_PATH=%s/lib/pkgconfig && cc %s -o %s.out "
      .. "$(pkg-config --cflags --libs fax) -Wl,-rpath,%s/lib && %s.out"):format(prefix, source,
      source, prefix, source))
    assert.equal(0, built.status, built.err)
    make("uninstall", prefix)
    assert.same({}, helper.lines("find " .. prefix .. " -type f -o -type l"))
  end)
end)
