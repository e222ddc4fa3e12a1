-- SPDX-License-Identifier: MIT
-- The site when the fax server is away, and what `make demo-web` runs.
local child = require "spec.support.child"
local helper = require "spec.helper"
local web = require "spec.support.web"

describe("the site", function()
  if not web.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  teardown(helper.tear_down)

  it("says so while the fax server is away, and goes on when it is back", function()
    local site = web.start()
    finally(function()
      assert.not_matches("router.lua:%d", site:stop())
    end)
    local pdf = helper.read(helper.pdf(site.folder, 1))
    assert.equal(200, site:ask("GET", "/healthz", { key = false }).status)
    local boot = site:ask("GET", "/healthz").json.boot
    local made = site:post_form("/v1/jobs", { to = "102", hold = "1", document = { "a", pdf } })
    site:stop_faxd("KILL")
    for _, path in ipairs { "/healthz", "/v1/ports", "/v1/jobs", "/v1/jobs/1", "/v1/inbox",
      "/v1/jobs/1/pages/1.png" } do
      local answer = site:ask("GET", path)
      assert.equal(503, answer.status, path .. answer.body)
      assert.equal("application/problem+json", answer.headers["content-type"])
      assert.matches("^%d+$", answer.headers["retry-after"])
      assert.matches("^RPC_S_", answer.json.code)
    end
    local refused = site:post_form("/v1/jobs", { to = "102", document = { "a", pdf } })
    assert.equal(503, refused.status)
    assert.equal(200, site:ask("GET", "/v1/session").status)
    site:start_faxd()
    assert.equal(made.json.id, site:ask("GET", "/v1/jobs").json.jobs[1].id)
    assert.not_equal(boot, site:ask("GET", "/healthz").json.boot)
    assert.equal(200, site:ask("POST", made.headers.location .. "/cancel").status)
  end)

  it("says of a fax server that hangs that it is away, and waits for it otherwise", function()
    local site = web.start { workers = 1, settings = { health = 1 } }
    finally(function()
      site:stop()
    end)
    assert.equal(200, site:ask("GET", "/healthz", { key = false }).status)
    site.faxd:freeze()
    local waiting = site:raw(site:request("GET", "/v1/ports"))
    local answer = site:ask("GET", "/healthz", { key = false })
    assert.same({ 503, "ERROR_TIMEOUT" }, { answer.status, answer.json.code })
    assert.equal(200, site:ask("GET", "/v1/session").status) -- nobody else is held up
    site.faxd:signal("CONT")
    assert.equal(200, web.answer(waiting).status)
    assert.equal(200, site:ask("GET", "/healthz", { key = false }).status)
  end)

  it("counts no upload among those under way that nginx itself gave up", function()
    local site = web.start { conf = function(text)
      return (text:gsub("client_body_buffer_size 17m", "client_body_buffer_size 1k"))
    end }
    finally(function()
      site:stop()
    end)
    os.execute(("rm -rf %s/body"):format(site.folder)) -- where it would go, being too large
    for _ = 1, 40 do
      local answer = site:post_form("/v1/jobs", { to = "102", document = { "a", ("x"):rep(9000) } })
      assert.same({ 500, "application/problem+json" },
        { answer.status, answer.headers["content-type"] })
    end
  end)

  local function start_demo(state)
    local demo = child.plain(("env %s lua5.4 examples/openresty/start.lua --state %s --pace fast "
      .. "--listen unix:%s/http.sock"):format(helper.environment(), state, state))
    local site = web.at(state, "unix:" .. state .. "/http.sock")
    site.key = demo:await("^the key: +%x+$"):match("%x+$")
    demo:await("^It runs")
    demo.pid = helper.read(state .. "/pid"):match("%d+")
    return demo, site
  end

  local function has_ended(state)
    assert.matches("service: stopped", helper.read(state .. "/faxd.log"))
    assert.matches("exit\n$", helper.read(state .. "/nginx.log"))
  end

  -- A sanitizer would have to come into the fax server that it starts.
  local plain = os.getenv("FAX_PRELOAD") and pending or it

  plain("is started by one command, says its address and a key, and stops at a signal", function()
    local state = helper.folder()
    local demo, site = start_demo(state)
    assert.equal(200, site:ask("GET", "/healthz").status)
    assert.equal(4, #site:ask("GET", "/v1/ports").json.ports)
    local page = site:ask("GET", "/", { key = false })
    assert.matches("^text/html", page.headers["content-type"])
    assert.matches("script%-src 'self'", page.headers["content-security-policy"])
    demo:signal("INT")
    assert.equal(0, (demo:finish()))
    has_ended(state)
  end)

  plain("ends when what started it is gone", function()
    local state = helper.folder()
    local demo = start_demo(state)
    local parent = helper.read(("/proc/%d/status"):format(demo.pid)):match("PPid:%s*(%d+)")
    os.execute("kill -KILL " .. parent)
    demo:finish()
    has_ended(state)
  end)
end)
