-- SPDX-License-Identifier: MIT
-- Webhooks of the site over TLS: to whom nginx trusts, and to nobody else.
local child = require "spec.support.child"
local helper = require "spec.helper"
local web = require "spec.support.web"

describe("webhooks of the site over TLS", function()
  if not web.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  local folder, site, servers

  -- A receiver with a certificate of its own.
  local function serve(name)
    local path = folder .. "/" .. name
    local done = helper.run(("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
      .. "-nodes -days 2 -subj /CN=%s -addext subjectAltName=DNS:localhost -keyout %s.key "
      .. "-out %s.pem"):format(name, path, path))
    assert(done.status == 0, done.err)
    local server = child.plain(("python3 spec/support/https.py %s.pem %s.key"):format(path, path))
    server.port = server:await("^port %d+$"):match("%d+")
    servers[#servers + 1] = server
    return server
  end

  setup(function()
    folder, servers = helper.folder(), {}
    serve "trusted"
    serve "stranger"
    site = web.start { conf = function(text)
      return (text:gsub("%-%- hooks_private[^\n]*", "hooks_private = true, hooks_https = true, "
        .. "requests = 1e9, "
        .. "hook_first = 0.02, hook_longest = 0.1, hook_look = 0.02,")
        :gsub("lua_socket_log_errors off;",
          "%0 lua_ssl_trusted_certificate " .. folder .. "/trusted.pem;"))
    end }
  end)

  teardown(function()
    site:stop()
    for _, server in ipairs(servers) do
      server:signal("KILL"):finish()
    end
    helper.tear_down()
  end)

  local function make(server)
    local made = site:ask("POST", "/v1/hooks", { body = {
      url = ("https://localhost:%s/x"):format(server.port), kinds = { "service" } } })
    assert.equal(201, made.status, made.body)
    return made.headers.location
  end

  it("are told", function()
    local place = make(servers[1])
    local id = site:ask("POST", place .. "/test").json.id
    servers[1]:await("^told " .. id .. "$")
  end)

  it("are not told to whom nginx does not trust", function()
    local place = make(servers[2])
    local id, told = site:ask("POST", place .. "/test").json.id
    repeat
      told = site:ask("GET", place .. "/deliveries").json.deliveries[1]
    until told and told.tries > 1
    assert.same({ "waiting", id }, { told.state, told.id })
    assert.matches("certificate", told.why)
    assert.not_matches("told", servers[2]:text())
  end)

  it("need a name, which certificates are of", function()
    for _, host in ipairs { "127.0.0.1", "[::1]" } do
      local made = site:ask("POST", "/v1/hooks", { body = { url = "https://" .. host .. "/x" } })
      assert.equal(400, made.status)
      assert.matches("https needs a name", made.json.detail)
    end
  end)
end)
