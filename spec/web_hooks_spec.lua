-- SPDX-License-Identifier: MIT
-- Webhooks of the site: what receivers are told, however they behave, and whatever
-- is started anew meanwhile.
local helper = require "spec.helper"
local receiver = require "spec.support.receiver"
local web = require "spec.support.web"

local SETTINGS = web.soon { requests = 1e9, hook_seconds = 1 }

describe("webhooks of the site:", function()
  if not web.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  local site, far, pdf

  before_each(function()
    site = web.start { keys = { { "ann", "ann", { "FAX_JOB_SUBMIT" } } }, settings = SETTINGS }
    pdf = helper.read(helper.pdf(site.folder, 1))
    far = receiver.open()
  end)

  after_each(function()
    far:close()
    site:stop()
    helper.clean()
  end)

  local function make(url, more, key)
    local made = site:ask("POST", "/v1/hooks", { key = key,
      body = helper.merged({ url = url or far.url }, more) })
    assert.equal(201, made.status, made.body)
    return made.json, made.headers.location
  end

  -- One that nobody waits for its beginning any more.
  local function begun(url, more)
    local hook, place = make(url, more)
    far:until_told(function(told)
      return told.kind == "gap"
    end):answer(200)
    return hook, place
  end

  local function test(place)
    local answer = site:ask("POST", place .. "/test")
    assert.equal(202, answer.status, answer.body)
    return answer.json.id
  end

  -- As the site tells of a delivery.
  local function told_of(place, id)
    for _, one in ipairs(site:ask("GET", place .. "/deliveries").json.deliveries) do
      if one.id == id then
        return one
      end
    end
  end

  -- The same, once it is over. Under load an answer may have been too late, and it
  -- comes again.
  local function over(place, id, at)
    return (at or far):serve_until(function()
      local one = told_of(place, id)
      return one and one.state ~= "waiting" and one
    end)
  end

  it("an event is told, and signed", function()
    local hook, place = make(nil, { secret = "a secret of mine" })
    assert.equal("a secret of mine", hook.secret)
    local first = far:take()
    assert.equal("gap", first.told.kind) -- nobody has listened before
    first:answer(200)
    local job = site:send(pdf)
    local one = far:until_told(function(told)
      return told.event.name == "FEI_JOB_QUEUED"
    end):answer(200)
    assert.equal("POST /told?x=1 HTTP/1.1", one.line)
    assert.equal(("127.0.0.1:%d"):format(far.port), one.headers.host)
    assert.equal("application/json", one.headers["content-type"])
    assert.same({ "job", hook.id, one.headers["fax-id"], job },
      { one.told.kind, one.told.hook, one.told.id, one.told.event.job_id })
    assert.matches("^%d+$", one.told.event.sequence)
    assert.matches("^%d+$", one.told.event.boot)
    assert.is_true(one:is_signed(hook.secret))
    assert.is_false(one:is_signed("a secret of yours"))
    local shown = site:ask("GET", place).json
    assert.same({ far.url, "active" }, { shown.url, shown.state })
    assert.is_nil(shown.secret)
    assert.equal("delivered", over(place, one.told.id).state)
  end)

  it("a secret is made when none is given; kinds are those that were asked for", function()
    local hook = begun(nil, { kinds = { "received" } })
    assert.matches("^%x+$", hook.secret)
    assert.equal(64, #hook.secret)
    site:send(pdf)
    local one = far:take():answer(200)
    assert.same({ "received", "FEI_FAX_RECEIVED" }, { one.told.kind, one.told.event.name })
    assert.is_nil(one.told.event.path)
    assert.is_true(one:is_signed(hook.secret))
  end)

  it("whatever is no 2xx is tried again, as the same", function()
    local hook, place = begun(nil, { kinds = { "service" } })
    local id = test(place)
    local first
    for _, what in ipairs { 500, "", "\0\1garbage", ("x"):rep(100000), "HTTP/1.1 200", 404, 301,
      "HTTP/1.1 301 Away\r\nLocation: http://127.0.0.1:1/\r\n\r\n", 204 } do
      local one = far:take():answer(what)
      assert.equal(id, one.headers["fax-id"])
      assert.is_true(one:is_signed(hook.secret))
      first = first or one.body
      assert.equal(first, one.body)
    end
    local told = over(place, id)
    assert.same({ "delivered", 204, 9, "test" }, { told.state, told.status, told.tries, told.kind })
  end)

  it("a hook that is paused keeps what comes, and sends it when it is resumed", function()
    local _, place = begun(nil, { kinds = { "service" } })
    assert.equal("paused", site:ask("POST", place .. "/pause").json.state)
    local id = test(place)
    local other = receiver.open()
    local _, other_place = make(other.url, { kinds = { "service" } })
    local later = test(other_place)
    assert.equal("delivered", over(other_place, later, other).state)
    other:close()
    assert.is_true(far:is_quiet())
    local waits = told_of(place, id)
    assert.same({ "waiting", 0 }, { waits.state, waits.tries })
    site:signal_nginx("HUP")
    site:await_exits(2)
    assert.equal("paused", site:ask("GET", place).json.state)
    assert.equal("active", site:ask("POST", place .. "/resume").json.state)
    local one = far:until_told(function(told)
      return told.id == id
    end):answer(200)
    assert.equal(id, one.headers["fax-id"])
    assert.equal("delivered", over(place, id).state)
    assert.equal(404, site:ask("POST", "/v1/hooks/" .. ("0"):rep(32) .. "/pause").status)
  end)

  it("410 ends the hook, and only that", function()
    local _, place = begun(nil, { kinds = { "service" } })
    local other = receiver.open()
    local _, other_place = make(other.url, { kinds = { "service" } })
    local id = test(place)
    far:take():answer(410)
    assert.equal("failed", over(place, id).state)
    while site:ask("GET", place).json.state ~= "ended" do end -- luacheck: ignore 542
    for _, verb in ipairs { "test", "pause", "resume" } do
      assert.equal(409, site:ask("POST", place .. "/" .. verb).status)
    end
    id = test(other_place)
    other:until_told(function(told)
      return told.id == id
    end):answer(200)
    assert.equal("delivered", over(other_place, id, other).state)
    other:close()
  end)

  it("a slow receiver holds up only itself, and is not waited for for ever", function()
    local _, place = begun(nil, { kinds = { "service" } })
    local other = receiver.open()
    local _, other_place = make(other.url, { kinds = { "service" } })
    local slow = test(place)
    local held = far:take()
    held.sock:send("HTTP/1.1 ")
    local id = test(other_place)
    other:until_told(function(told)
      return told.id == id
    end):answer(200)
    assert.equal("delivered", over(other_place, id, other).state)
    local again = far:take():answer(200) -- after a second
    assert.equal(slow, again.told.id)
    held.sock:close()
    assert.equal("delivered", over(place, slow).state)
    other:close()
  end)

  it("what waits outlives nginx, and a worker that is killed", function()
    local hook, place = begun(nil, { kinds = { "job" } })
    local job = site:send(pdf)
    local one = far:until_told(function(told)
      return told.event.name == "FEI_JOB_QUEUED" and told.event.job_id == job
    end):answer(503)
    site:stop_nginx()
    site:start_nginx()
    local again = far:until_told(function(told)
      return told.id == one.told.id
    end)
    assert.equal(one.body, again.body)
    assert.is_true(again:is_signed(hook.secret))
    os.execute("kill -9 " .. table.concat(site.workers, " "))
    again.sock:close()
    far:until_told(function(told)
      return told.id == one.told.id
    end):answer(200)
    assert.equal("delivered", over(place, one.told.id).state)
  end)

  it("what waits outlives the fax server, which is told of as a gap", function()
    local _, place = begun(nil, { kinds = { "job" } })
    local job = site:send(pdf)
    local one = far:until_told(function(told)
      return told.event.name == "FEI_JOB_QUEUED" and told.event.job_id == job
    end):answer(500)
    site:stop_faxd "KILL"
    far:until_told(function(told)
      return told.id == one.told.id
    end):answer(200)
    assert.equal("delivered", over(place, one.told.id).state)
    site:start_faxd()
    far:until_told(function(told)
      return told.kind == "gap" and told.event.restarted
    end):answer(200)
    job = site:send(pdf)
    far:until_told(function(told)
      return told.event.name == "FEI_JOB_QUEUED" and told.event.job_id == job
    end):answer(200)
  end)

  it("a reload hands over to the next worker", function()
    local _, place = begun(nil, { kinds = { "service" } })
    local ids, old = {}, site.workers
    for i = 1, 10 do
      ids[i] = test(place)
    end
    site.nginx:signal("HUP")
    site.workers = { site:await_worker(), site:await_worker() }
    far:serve_until(function()
      return not helper.exists("/proc/" .. old[1]) and not helper.exists("/proc/" .. old[2])
    end)
    for _, id in ipairs(ids) do
      assert.equal("delivered", over(place, id).state)
    end
  end)

  it("a hook is of the key that made it, and hears what that may see", function()
    local hook, place = begun(nil, { kinds = { "job" } })
    local other = receiver.open()
    local _, of_ann = make(other.url, { kinds = { "job" } }, site.keys.ann)
    assert.equal(404, site:ask("GET", place, { key = site.keys.ann }).status)
    assert.equal(404, site:ask("DELETE", place, { key = site.keys.ann }).status)
    assert.equal(1, #site:ask("GET", "/v1/hooks").json.hooks)
    other:until_told(function(told)
      return told.kind == "gap"
    end):answer(200)
    site:send(pdf)
    local job = site:send(pdf, site.keys.ann)
    local one = other:take():answer(200)
    assert.same({ "FEI_JOB_QUEUED", job }, { one.told.event.name, one.told.event.job_id })
    assert.equal(204, site:ask("DELETE", place).status)
    assert.equal(404, site:ask("GET", place).status)
    assert.equal(hook.id, place:match("%x+$"))
    assert.equal(204, site:ask("DELETE", of_ann, { key = site.keys.ann }).status)
    other:close()
  end)
end)
