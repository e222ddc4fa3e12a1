-- SPDX-License-Identifier: MIT
-- Holds docs/protocol.md to the code.
local helper = require "spec.helper"

describe("docs/protocol.md", function()
  it("lists the methods and records that there are", function()
    local done = helper.run(("FAX_BUILD=%s %s docs/protocol.lua --check"):format(helper.build,
      helper.interpreter))
    assert.equal(0, done.status, done.err)
  end)

  it("has each record once, so that a link finds it", function()
    local seen = {}
    for name in helper.read("docs/protocol.md"):gmatch("\n### ([^\n]+)\n") do
      assert.is_nil(seen[name:lower()], name)
      seen[name:lower()] = true
    end
    for target in helper.read("docs/protocol.md"):gmatch("%]%(#([%w_]+)%)") do
      assert.is_true(seen[target] or target == "methods", target)
    end
  end)

  it("says the limits of the code", function()
    local text = helper.read("docs/protocol.md")
    local function number(path, name)
      local value = helper.read(path):match("%f[%w]" .. name .. " = ([%d <]+)")
      local base, shift = value:match("(%d+) << (%d+)")
      return base and base * 2 ^ shift or tonumber(value)
    end
    local function says(pattern, ...)
      assert.equal(number(...), tonumber((text:match(pattern):gsub(",", ""))), pattern)
    end
    says("at most 1 MiB %(([%d,]+) bytes%)", "src/wire/message.h", "MESSAGE_LENGTH")
    says("at most (%d+) objects", "src/wire/message.h", "MESSAGE_DEPTH")
    says("There may be ([%d,]+) on a connection", "src/ipc/hello.h", "PROTOCOL_HANDLES")
    says("this page is version (%d+)", "src/ipc/hello.h", "PROTOCOL_VERSION")
    says("may have ([%d,]+) connections", "src/ipc/server/own.h", "SESSIONS")
    says("at a time, and (%d+) of one account", "src/ipc/server/own.h", "SESSIONS_EACH")
    says("silent for (%d+) s within", "src/ipc/server/own.h", "PATIENCE")
    says("part %((%d+) items at most%)", "src/ipc/server/serve.c", "PAGE_ITEMS")
    says("name in their order, (%d+) at most", "src/wire/socket.h", "WIRE_DESCRIPTORS")
  end)
end)
