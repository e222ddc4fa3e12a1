-- SPDX-License-Identifier: MIT
-- What one client of the site can take up, and what he hears of the inside: as much
-- as the settings say, and nothing.
local helper = require "spec.helper"
local receiver = require "spec.support.receiver"
local web = require "spec.support.web"

describe("the site bounds", function()
  if not web.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  local site

  local function start(conf, workers, settings)
    site = web.start { workers = workers, conf = conf, settings = helper.merged(web.soon {
      hook_seconds = 2, hooks = 2, hook_waiting = 3, sessions = 2 }, settings) }
  end

  after_each(function()
    local text = site:stop()
    assert.not_matches("traceback", text)
    helper.clean()
  end)

  local function make_hook(far)
    local made = site:ask("POST", "/v1/hooks", { body = { url = far.url, kinds = { "service" } } })
    assert.equal(201, made.status, made.body)
    return made.headers.location
  end

  it("the timers of nginx that listeners take who come and go", function()
    start(function(text)
      return (text:gsub("lua_socket_log_errors off;", "%0 lua_max_pending_timers 10;"))
    end, 1)
    for _ = 1, 20 do
      assert.equal(200, site:ask("HEAD", "/v1/events").status)
    end
    local far = receiver.open() -- each delivery needs one
    make_hook(far)
    assert.equal("gap", far:take():answer(200).told.kind)
    far:close()
  end)

  it("the hooks of a key, also when they are made at the same time", function()
    start()
    local socks, made = {}, 0
    local bytes = site:request("POST", "/v1/hooks", { body = { url = "http://127.0.0.1:1/" } })
    for i = 1, 30 do
      socks[i] = site:raw(bytes)
    end
    for i = 1, 30 do
      local status = web.answer(socks[i]).status
      assert.is_true(status == 201 or status == 409 or status == 429, status)
      made = made + (status == 201 and 1 or 0)
    end
    assert.is_true(made >= 1 and made <= 2)
    local most = site:ask("POST", "/v1/hooks", { body = { url = "http://127.0.0.1:1/" } })
    while most.status == 201 or most.status == 429 do
      most = site:ask("POST", "/v1/hooks", { body = { url = "http://127.0.0.1:1/" } })
    end
    assert.same({ 409, "ERROR_NOT_ENOUGH_QUOTA" }, { most.status, most.json.code })
    assert.matches("'demo' has 2 hooks", most.json.detail)
    assert.equal(2, #site:ask("GET", "/v1/hooks").json.hooks)
  end)

  it("the deliveries of a hook that wait, those that only try it with them", function()
    start()
    local far = receiver.open() -- who never answers
    local place = make_hook(far)
    for _ = 1, 4 do
      assert.equal(202, site:ask("POST", place .. "/test").status)
    end
    local failed, waiting
    repeat
      failed, waiting = 0, 0
      for _, one in ipairs(site:ask("GET", place .. "/deliveries").json.deliveries) do
        failed = failed + (one.why == "too many wait" and 1 or 0)
        waiting = waiting + (one.state == "waiting" and 1 or 0)
      end
    until failed + waiting >= 4
    assert.is_true(failed >= 1 and waiting <= 3)
    far:close()
  end)

  it("the files that a worker takes of the fax server", function()
    start(nil, nil, { file = 200 })
    local pdf = helper.read(helper.pdf(site.folder, 1))
    for _ = 1, 3 do
      local answer = site:post_form("/v1/previews", { document = { "a.pdf", pdf } })
      assert.same({ 413, "ERROR_FILE_TOO_LARGE" }, { answer.status, answer.json.code })
    end
    local job = site:post_form("/v1/jobs", { to = "102", hold = "1", document = { "a", pdf } })
    assert.equal(201, job.status)
    for _ = 1, 3 do
      assert.equal(413, site:ask("GET", job.headers.location .. "/pages/1.png").status)
      assert.equal(200, site:ask("GET", job.headers.location).status)
    end
  end)

  it("the sessions of a key: the oldest makes room", function()
    start()
    local cookies = {}
    for i = 1, 3 do
      local login = site:ask("POST", "/v1/session", { key = false, body = { key = site.key } })
      assert.equal(201, login.status)
      cookies[i] = login.headers["set-cookie"]:match("^[^;]*")
    end
    for i, status in ipairs { 401, 200, 200 } do
      assert.equal(status, site:ask("GET", "/v1/session", { key = false,
        headers = { Cookie = cookies[i] } }).status)
    end
  end)

  it("a session by its key: one that was made anew ends it", function()
    start()
    local login = site:ask("POST", "/v1/session", { key = false, body = { key = site.key } })
    local headers = { Cookie = login.headers["set-cookie"]:match("^[^;]*") }
    local path = site.folder .. "/keys.json"
    helper.write(path, (helper.read(path):gsub('"id":', '"limits":{"requests":500},"id":', 1)))
    site:make_key("demo", "demo", { "FAX_JOB_SUBMIT" })
    assert.matches('"requests":500', helper.read(path)) -- its limits stay
    site:reload_nginx()
    assert.equal(401, site:ask("GET", "/v1/session", { key = false, headers = headers }).status)
  end)

  local function frame(kind, flags, payload)
    return ("\0%c%c%c%c\0\0\0%c"):format(math.floor(#payload / 256), #payload % 256, kind, flags,
      kind == 4 and 0 or 1) .. payload
  end

  local function field(name, value)
    return "\0" .. string.char(#name) .. name .. string.char(#value) .. value
  end

  it("a body of HTTP/2, which need not say its length", function()
    start(function(text)
      return (text:gsub("(listen [^;]+);", "%1 http2;"))
    end)
    local sock = site:raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" .. frame(4, 0, "")
      .. frame(1, 4, field(":method", "POST") .. field(":scheme", "http")
        .. field(":authority", "fax") .. field(":path", "/v1/session"))
      .. frame(0, 1, '{"key":"x"}'))
    local text = ""
    repeat
      local part = assert(sock:receive(1))
      text = text .. part
    until text:find('"title":"[^"]*"')
    assert.matches('"status":411', text)
    sock:close()
  end)

  it("what it tells of its inside, while the fax server is away", function()
    start()
    site:stop_faxd("KILL")
    for _, path in ipairs { "/healthz", "/v1/ports", "/v1/jobs/1/pages/1.png", "/v1/events" } do
      local answer = site:ask("GET", path)
      assert.equal(503, answer.status)
      assert.is_nil(answer.json.detail:find(site.folder, 1, true), answer.body)
    end
  end)

  it("the time that open streams hold up its end", function()
    start(function(text)
      return (text:gsub("worker_shutdown_timeout 20s", "worker_shutdown_timeout 1h"))
    end)
    local socks = {}
    for i = 1, 20 do
      socks[i] = site:raw(site:request("GET", "/v1/events"))
      repeat
        local line = assert(socks[i]:receive("*l"))
      until line:find("listening", 1, true)
    end
    site:signal_nginx("QUIT")
    for i = 1, 20 do
      assert.is_string((socks[i]:receive("*a"))) -- to its end
      socks[i]:close()
    end
  end)
end)
