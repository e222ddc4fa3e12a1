-- SPDX-License-Identifier: MIT
-- Holds docs/protocol.md to the code and to a server, and runs examples/client.py.
local faxd = require "spec.support.faxd"
local helper = require "spec.helper"
local unix = require "socket.unix"

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
    says("to its end within (%d+) s", "src/ipc/server/own.h", "PATIENCE")
    says("part %((%d+) items at most%)", "src/ipc/server/serve.c", "PAGE_ITEMS")
    says("name in their order, (%d+) at most", "src/wire/socket.h", "WIRE_DESCRIPTORS")
    assert.equal(tonumber(text:match("not read to their end (%d+) MiB")),
      number("src/ipc/server/own.h", "KEPT_EACH") / 2 ^ 20)
    says("the last (%d+) descriptors", "src/wire/socket.h", "WIRE_KEPT")
  end)
end)

-- The requests of the transcript, each { text, content = bytes, lines = {} } with what
-- came after it.
local function transcript()
  local asked = {}
  local text = helper.read("docs/protocol.md"):match("\n## A transcript\n(.*)$")
  for direction, line in text:gmatch("\n    ([<-]%-[->]) ([^\n]+)") do
    local bytes = line:match("^%((%d+) bytes%)$")
    if direction == "-->" and bytes then
      asked[#asked].content = tonumber(bytes)
    elseif direction == "-->" then
      asked[#asked + 1] = { line, lines = {} }
    else
      table.insert(asked[#asked].lines, line)
    end
  end
  return asked
end

-- Without what is of one run: numbers, and who runs it.
local function masked(lines)
  local list = {}
  for i, line in ipairs(lines) do
    list[i] = line:gsub("[%d.]+", "n"):gsub('"user":"[^"]*","rights"', '"user","rights"')
  end
  table.sort(list)
  return list
end

describe("a server", function()
  local folder, daemon

  setup(function()
    folder = helper.folder()
    os.execute("mkdir " .. folder .. "/state")
    daemon = faxd.start(faxd.write(folder, 'retries = 0\nbranding = false\n'
      .. 'providers = { { name = "loopback", options = { lines = 2 } } }\n'))
    daemon:await("started")
  end)

  teardown(function()
    daemon:signal("TERM"):finish()
    helper.clean()
  end)

  it("answers as the transcript says", function()
    local pdf = helper.read(helper.pdf(folder, 1))
    local sock = assert(unix.stream())
    sock:settimeout(60)
    assert(sock:connect(folder .. "/state/fax.sock"))
    local function read()
      local line = assert(sock:receive("*l"))
      local bytes = line:match('"attachment":(%d+)')
      if bytes then
        assert(sock:receive(tonumber(bytes)))
        return line, "(n bytes)"
      end
      return line
    end
    local asked = transcript()
    assert.is_true(#asked > 10)
    for _, one in ipairs(asked) do
      assert.is_true(one.content == nil or one.content == #pdf)
      assert(sock:send(one[1] .. "\n" .. (one.content and pdf or "")))
      local got = {}
      while #got < #one.lines do
        local line, more = read()
        got[#got + 1] = line
        got[#got + 1] = more
      end
      assert.same(masked(one.lines), masked(got), one[1])
    end
    sock:close()
  end)

  local function client(number, document)
    return helper.run(("timeout 60 python3 examples/client.py %s/state/fax.sock %s %s"):format(
      folder, document or helper.pdf(folder, 2), number))
  end

  it("sends what examples/client.py asks for", function()
    local done = client("102")
    assert.equal("", done.err)
    assert.matches("page 1\npage 2\njob %d+ completed 2 pages", done.out)
    assert.equal(0, done.status)
    done = client("999")
    assert.matches("job %d+ failed 0 pages unknown_number", done.out)
    assert.equal(1, done.status)
    done = client("102", "examples/client.py")
    assert.matches("client.py: .*is not TIFF", done.err)
    assert.equal(1, done.status)
    done = helper.run("python3 examples/client.py")
    assert.matches("SOCKET DOCUMENT NUMBER", done.err)
  end)
end)
