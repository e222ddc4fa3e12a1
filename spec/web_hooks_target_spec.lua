-- SPDX-License-Identifier: MIT
-- Where webhooks of the site may point, and when they are tried again.
local helper = require "spec.helper"
local receiver = require "spec.support.receiver"
local socket = require "socket"
local web = require "spec.support.web"

local SITE = "examples/openresty/site/"
local SOON = "requests = 1e9, hook_first = 0.02, hook_longest = 0.1, hook_look = 0.02,"
local LOOPBACK = ("0"):rep(31) .. "1" -- ::1

describe("the pause before a delivery is tried again", function()
  local delay = dofile(SITE .. "hooks/delay.lua")

  it("is 5 s, doubled up to an hour, and a fifth more or less", function()
    local list = {}
    for tries = 1, 12 do
      list[tries] = delay.after(tries, 5, 3600, 0.5)
    end
    assert.same({ 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600 }, list)
    assert.near(4, delay.after(1, 5, 3600, 0), 1e-9)
    assert.near(4320, delay.after(1000, 5, 3600, 1), 1e-9)
  end)
end)

describe("the address of a webhook:", function()
  if not web.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  -- What the site's own module says of each, in the Lua of nginx.
  local function ask(expression, list)
    local done = helper.run(("luajit -e %s"):format(helper.quote(([[
      package.path = %q .. package.path
      local target, address = require "site.hooks.target", require "site.hooks.address"
      for one in (%q):gmatch("%%S+") do
        print(%s)
      end
    ]]):format("examples/openresty/?.lua;", table.concat(list, " "), expression))))
    assert.equal(0, done.status, done.err)
    return done.out
  end

  it("what the whole world reaches is public, and nothing else", function()
    local public = { "1.1.1.1", "9.255.255.255", "11.0.0.0", "93.184.216.34", "100.63.255.255",
      "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.167.1.1", "192.169.0.0", "198.17.0.1",
      "198.20.0.0", "223.255.255.255", "2a00::1", "2001:4860:0:0:0:0:0:8888", "2000::",
      "3ffe:ffff::", "2003::7f00:1", "2001:200::", "2001:db7:ffff::1", "2001:db9::", "3fff:1000::1",
      "2a00::10.0.0.1" }
    local private = { "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.0.1",
      "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.168.1.1", "198.18.0.1",
      "198.19.255.255", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::",
      "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0a00:1", "0:0:0:0:0:ffff:a00:1",
      "::ffff:1.1.1.1",
      "::ffff:0:1.1.1.1", "::1.1.1.1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1",
      "2002:7f00:1::", "2002:0101:0101::1", "2001::1", "2001:0:1::", "2001:1ff:ffff::",
      "2001:db8::1", "3fff:fff::1", "4000::", "5f00::1", "64:ff9b::7f00:1", "64:ff9b::1.1.1.1",
      "64:ff9b:1::1", "100::1", "1fff:ffff::" }
    assert.equal(("true\n"):rep(#public), ask("address.is_public(address.parse(one))", public))
    assert.equal(("false\n"):rep(#private), ask("address.is_public(address.parse(one))",
      private))
  end)

  it("is read in one way only", function()
    local good = { "0.0.0.0", "255.255.255.255", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "1::8",
      "A:b::10.1.2.3", "::ffff:255.255.255.255", "1:2:3:4:5:6:7::" }
    assert.equal("0.0.0.0\n255.255.255.255\n0:0:0:0:0:0:0:0\n0:0:0:0:0:0:0:1\n"
      .. "1:0:0:0:0:0:0:0\n1:2:3:4:5:6:7:8\n1:0:0:0:0:0:0:8\na:b:0:0:0:0:a01:203\n"
      .. "0:0:0:0:0:ffff:ffff:ffff\n1:2:3:4:5:6:7:0\n", ask("address.show(address.parse(one))",
      good))
    local none = { "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.010", "0x7f.0.0.1",
      "1.2.3.",
      ":", ":::", "1:::2", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
      "12345::", "g::", "::1%lo", "fe80::1%25eth0", "1.2.3.4::", "::1.2.3", "::1.2.3.4:5", "1:",
      ":1", "::ffff:1.2.3.4.5", "-1::", "::+1" }
    assert.equal(("nil\n"):rep(#none), ask("address.parse(one)", none))
  end)

  it("is of one form", function()
    assert.equal("example.org 80 / example.org\nexample.org 8080 /a?b=c example.org:8080\n"
      .. "1.2.3.4 80 /?x 1.2.3.4\n2a00::1 81 / [2a00::1]:81\n", ask(
      "(function(t) return ('%s %d %s %s'):format(t.host, t.port, t.path, t.authority) end)"
      .. "(target.parse(one))", { "http://example.org", "http://example.org:8080/a?b=c",
        "http://1.2.3.4?x", "http://[2a00::1]:81/" }))
    local wrong = { "ftp://a/", "https://a/", "http://", "http:///x", "http://a:0/",
      "http://a:65536/", "http://a:b/", "http://u:p@a/", "http://a/#b", "http://[::1/",
      "http://::1/", "http://[]/", "http://[a]/", "http://[1.2.3.4]/", "http://[fe80::1%25lo]/",
      "http://[::1%lo]/", "http://[::1]x/", "http://[::1]:0/", "http://[1::2::3]/", "http://a/\228",
      "javascript:alert(1)", "http://" .. ("a"):rep(2000) }
    assert.equal(("ERROR_INVALID_PARAMETER\n"):rep(#wrong),
      ask("(select(3, target.parse(one)))", wrong))
  end)

  describe("with a name server,", function()
    local site, names, far

    local function start(more, on6)
      names, far = assert(on6 and socket.udp6() or socket.udp()), receiver.open(on6 and "::1")
      assert(names:setsockname(on6 and "::1" or "127.0.0.1", 0))
      names:settimeout(60)
      local _, port = names:getsockname()
      site = web.start { conf = function(text)
        return (text:gsub("%-%- hooks_private[^\n]*", ('resolver = "%s:%d", %s'):format(
          on6 and "[::1]" or "127.0.0.1", port, more)))
      end }
    end

    after_each(function()
      names:close()
      far:close()
      site:stop()
      helper.clean()
    end)

    local function bytes_of(address)
      if #address == 32 then -- of IPv6, in hexadecimal digits
        return address:gsub("%x%x", function(byte)
          return string.char(tonumber(byte, 16))
        end)
      end
      return address:gsub("(%d+)%.?", function(byte)
        return string.char(tonumber(byte))
      end)
    end

    local function send(asked, addresses, ip, port)
      local parts = { asked:sub(1, 2), "\129\128\0\1\0", string.char(#addresses),
        "\0\0\0\0", asked:sub(13) }
      for _, address in ipairs(addresses) do
        local bytes = bytes_of(address)
        parts[#parts + 1] = "\192\12\0" .. (#bytes == 4 and "\1" or "\28")
          .. "\0\1\0\0\0\0\0" .. string.char(#bytes) .. bytes
      end
      assert(names:sendto(table.concat(parts), ip, port))
    end

    -- Answers the next question of each kind with these addresses; nil: not at all.
    local function answer(of4, of6)
      local seen = {}
      while not seen["\1"] or not seen["\28"] do
        local asked, ip, port = names:receivefrom()
        assert(asked, ip)
        local kind = asked:sub(-3, -3)
        local list
        if kind == "\1" then
          list = of4
        else
          list = of6
        end
        if list then
          send(asked, list, ip, port)
        end
        seen[kind] = asked
      end
      return seen
    end

    local function make(url)
      return site:raw(site:request("POST", "/v1/hooks", { body = { url = url } }))
    end

    -- The last delivery of a hook, once it was tried.
    local function tried(made, times)
      local told
      repeat
        told = site:ask("GET", made.headers.location .. "/deliveries").json.deliveries[1]
      until told and told.tries == times
      return told
    end

    local function made_by(sock)
      local made = web.answer(sock)
      assert.equal(201, made.status, made.body)
      return made
    end

    it("a name is looked up for each try", function()
      start "hooks_private = true,"
      local sock = make(("http://fax.test:%d/"):format(far.port))
      local seen = answer({ "127.0.0.1" }, {})
      assert.matches("\3fax\4test\0\0\1\0\1$", seen["\1"])
      assert.matches("\3fax\4test\0\0\28\0\1$", seen["\28"])
      local made = made_by(sock)
      answer({}, {}) -- no address: it is tried again
      assert.matches("fax.test: no address", tried(made, 1).why)
    end)

    it("a name may have addresses of IPv6 only, or one that takes no connection", function()
      start("hooks_private = true, " .. SOON)
      far:close()
      far = receiver.open("::1")
      local sock = make(("http://fax.test:%d/told"):format(far.port))
      answer({}, { LOOPBACK })
      local made = made_by(sock)
      answer({}, { LOOPBACK })
      local one = far:take()
      assert.equal(("fax.test:%d"):format(far.port), one.headers.host)
      one:answer(500)
      answer({ "127.0.0.1" }, { LOOPBACK }) -- nobody is at the first of them
      local again = far:take():answer(200)
      assert.equal(one.told.id, again.told.id)
      assert.equal("delivered", tried(made, 2).state)
    end)

    it("all may be on IPv6", function()
      start("hooks_private = true, ", true)
      local sock = make(("http://fax.test:%d/told"):format(far.port))
      answer({}, { LOOPBACK })
      made_by(sock)
      answer({}, { LOOPBACK })
      far:take():answer(200)
      local place = made_by(make(far.url)).headers.location
      site:ask("POST", place .. "/test")
      local one = far:take():answer(200)
      assert.equal(("[::1]:%d"):format(far.port), one.headers.host)
      assert.equal("test", one.told.kind)
    end)

    it("a name server that is silent about one kind is not waited for in vain", function()
      start "hooks_private = true, resolver_seconds = 0.2,"
      local sock = make(("http://fax.test:%d/"):format(far.port))
      answer({ "127.0.0.1" }, nil)
      answer(nil, nil) -- asked once more what was not answered
      made_by(sock)
      answer({ "127.0.0.1" }, {})
      far:take():answer(200)
    end)

    it("what does not repeat the question is no answer", function()
      start "hooks_private = true,"
      local sock = make(("http://fax.test:%d/"):format(far.port))
      local asked, ip, port = names:receivefrom()
      send(asked:gsub("\3fax", "\3fox"), { "10.0.0.1" }, ip, port)
      send("\0\0" .. asked:sub(3), { "10.0.0.1" }, ip, port)
      send(asked, {}, ip, port)
      asked, ip, port = names:receivefrom()
      send(asked, {}, ip, port)
      assert.matches("fax.test: no address", web.answer(sock).json.detail)
    end)

    it("an address that was good and is none any more is not called", function()
      start(SOON)
      local sock = make(("http://fax.test:%d/"):format(far.port))
      answer({ "192.0.2.1" }, {}) -- of nobody, and never called here
      local made = made_by(sock)
      for i, later in ipairs { { { "127.0.0.1" }, {} }, { {}, { LOOPBACK } },
        { {}, { "00000000000000000000ffff7f000001" } } } do
        answer(later[1], later[2]) -- the one that is called is looked at
        assert.equal("fax.test: an address of this network", tried(made, i).why)
      end
      far.listener:settimeout(0)
      assert.is_nil((far.listener:accept()))
    end)

    it("one of this network is refused, by whatever name", function()
      start ""
      for _, addresses in ipairs { { { "127.0.0.1" }, {} },
        { { "192.0.2.1", "10.0.0.1" }, {} }, { {}, { LOOPBACK } },
        { { "192.0.2.1" }, { "fe800000000000000000000000000001" } },
        { {}, { "00000000000000000000ffff0a000001" } },
        { {}, { "0064ff9b00000000000000000a000001" } },
        { {}, { "20020a00000100000000000000000001" } } } do
        local sock = make "http://fax.test/"
        answer(addresses[1], addresses[2])
        local made = web.answer(sock)
        assert.same({ 422, "url: fax.test: an address of this network" },
          { made.status, made.json.detail })
      end
      for _, host in ipairs { "127.0.0.1", "localhost", "[::1]", "169.254.169.254",
        "[::ffff:10.0.0.1]", "[::ffff:1.1.1.1]", "[64:ff9b::1.1.1.1]", "[fd00::1]", "2130706433",
        "127.1", "0x7f.1", "0x7f000001", "127.0.0.1.", "1.2.3.010" } do
        assert.equal(422, web.answer(make("http://" .. host .. "/")).status)
      end
      for _, body in ipairs { {}, { url = 5 }, { url = "http://1.1.1.1/", kinds = { "x" } },
        { url = "http://1.1.1.1/", kinds = "job" }, { url = "http://1.1.1.1/", secret = "short" },
        { url = "http://1.1.1.1/", more = 1 } } do
        assert.equal(400, site:ask("POST", "/v1/hooks", { body = body }).status)
      end
      assert.same({}, site:ask("GET", "/v1/hooks").json.hooks)
    end)
  end)
end)
