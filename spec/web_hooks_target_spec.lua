-- SPDX-License-Identifier: MIT
-- Where webhooks of the site may point, and when they are tried again.
local helper = require "spec.helper"
local receiver = require "spec.support.receiver"
local socket = require "socket"
local web = require "spec.support.web"

local SITE = "examples/openresty/site/"

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
      local target = require "site.hooks.target"
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
      "198.20.0.0", "223.255.255.255", "2a00::1", "2001:4860:0:0:0:0:0:8888" }
    local private = { "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.0.1",
      "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.168.1.1", "198.18.0.1",
      "198.19.255.255", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::",
      "::ffff:127.0.0.1", "fc00::1", "fe80::1", "ff02::1", "2002:7f00:1::", "2001::1",
      "64:ff9b::7f00:1" }
    assert.equal(("true\n"):rep(#public), ask("target.is_public(one)", public))
    assert.equal(("false\n"):rep(#private), ask("target.is_public(one)", private))
  end)

  it("is of one form", function()
    assert.equal("example.org 80 / example.org\nexample.org 8080 /a?b=c example.org:8080\n"
      .. "1.2.3.4 80 /?x 1.2.3.4\n2a00::1 81 / [2a00::1]:81\n", ask(
      "(function(t) return ('%s %d %s %s'):format(t.host, t.port, t.path, t.authority) end)"
      .. "(target.parse(one))", { "http://example.org", "http://example.org:8080/a?b=c",
        "http://1.2.3.4?x", "http://[2a00::1]:81/" }))
    local wrong = { "ftp://a/", "https://a/", "http://", "http:///x", "http://a:0/",
      "http://a:65536/", "http://a:b/", "http://u:p@a/", "http://a/#b", "http://[::1/",
      "http://a/\228", "javascript:alert(1)", "http://" .. ("a"):rep(2000) }
    assert.equal(("ERROR_INVALID_PARAMETER\n"):rep(#wrong),
      ask("(select(3, target.parse(one)))", wrong))
  end)

  describe("with a name server,", function()
    local site, names, far

    local function start(more)
      names, far = assert(socket.udp()), receiver.open()
      assert(names:setsockname("127.0.0.1", 0))
      names:settimeout(60)
      local _, port = names:getsockname()
      site = web.start { conf = function(text)
        return (text:gsub("%-%- hooks_private[^\n]*", ('resolver = "127.0.0.1:%d", %s'):format(port,
          more)))
      end }
    end

    after_each(function()
      names:close()
      far:close()
      site:stop()
      helper.clean()
    end)

    -- Answers the next question with these addresses.
    local function answer(addresses)
      local asked, ip, port = names:receivefrom()
      assert(asked, ip)
      local parts = { asked:sub(1, 2), "\129\128\0\1\0", string.char(#addresses),
        "\0\0\0\0", asked:sub(13) }
      for _, address in ipairs(addresses) do
        parts[#parts + 1] = "\192\12\0\1\0\1\0\0\0\0\0\4"
          .. address:gsub("(%d+)%.?", function(byte)
            return string.char(tonumber(byte))
          end)
      end
      assert(names:sendto(table.concat(parts), ip, port))
      return asked
    end

    local function make(url)
      return site:raw(site:request("POST", "/v1/hooks", { body = { url = url } }))
    end

    it("a name is looked up for each try", function()
      start "hooks_private = true,"
      local sock = make(("http://fax.test:%d/"):format(far.port))
      assert.matches("\3fax\4test\0\0\1\0\1$", answer { "127.0.0.1" })
      local made = web.answer(sock)
      assert.equal(201, made.status, made.body)
      answer {} -- no address of IPv4,
      answer {} -- nor of IPv6: it is tried again
      local told
      repeat
        told = site:ask("GET", made.headers.location .. "/deliveries").json.deliveries[1]
      until told and told.tries == 1
      assert.matches("fax.test: no address", told.why)
    end)

    it("one of this network is refused, by whatever name", function()
      start ""
      for _, addresses in ipairs { { "127.0.0.1" }, { "93.184.216.34", "10.0.0.1" } } do
        local sock = make "http://fax.test/"
        answer(addresses)
        local made = web.answer(sock)
        assert.same({ 422, "url: fax.test: an address of this network" },
          { made.status, made.json.detail })
      end
      for _, host in ipairs { "127.0.0.1", "localhost", "[::1]", "169.254.169.254" } do
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
