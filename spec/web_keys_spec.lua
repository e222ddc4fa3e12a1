-- SPDX-License-Identifier: MIT
-- Who may what on the site: keys and their rights, the cookie of the pages, limits,
-- keys of submissions.
local helper = require "spec.helper"
local json = require "dkjson"
local web = require "spec.support.web"

local KEYS = {
  { "ann", "ann", { "FAX_JOB_SUBMIT" } },
  { "bob", "bob", { "FAX_JOB_SUBMIT", "FAX_PORT_QUERY" } },
  { "eye", "eye", { "FAX_JOB_QUERY" } },
  { "few", "few", { "FAX_JOB_SUBMIT", "FAX_PORT_QUERY" } },
}

describe("the site's keys:", function()
  if not web.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  local site, pdf, keys

  setup(function()
    site = web.start { keys = KEYS, settings = { failures = 3 } }
    keys = site.keys
    pdf = helper.read(helper.pdf(site.folder, 1))
    local path = site.folder .. "/keys.json"
    helper.write(path, (helper.read(path):gsub('"few",',
      '"few", "limits": { "requests": 4, "submissions": 2, "document": 100 },', 1)))
    site:reload_nginx()
  end)

  teardown(function()
    assert.not_matches("router.lua:%d", site:stop())
    helper.tear_down()
  end)

  local function submit(key, fields, headers)
    return site:post_form("/v1/jobs", helper.merged({ to = "102", hold = "true",
      document = { "a.pdf", pdf } }, fields), headers, key)
  end

  it("one that is none is refused, also often; a right one is not refused for that", function()
    for _, header in ipairs { "Bearer ", "Bearer x", "Bearer " .. keys.ann .. "0", "Basic eDp5",
      keys.ann, "Bearer " .. ("a"):rep(5000) } do
      local answer = site:ask("GET", "/v1/ports", { key = false,
        headers = { Authorization = header } })
      assert.is_true(answer.status == 401 or answer.status == 429)
      assert.equal(answer.status == 429, answer.headers["retry-after"] ~= nil)
    end
    local many = 0
    for _ = 1, 8 do -- a minute may end between two of them, not more often
      local answer = site:ask("POST", "/v1/session", { key = false, body = { key = "x" } })
      many = many + (answer.status == 429 and 1 or 0)
    end
    assert.is_true(many > 0)
    assert.equal(200, site:ask("GET", "/v1/ports", { key = keys.bob }).status)
    local none = site:ask("GET", "/v1/jobs", { key = false })
    assert.equal(401, none.status)
    assert.matches("^Bearer", none.headers["www-authenticate"])
  end)

  it("none may more than its rights", function()
    local function denied(method, path, key)
      local answer = site:ask(method, path, { key = key })
      assert.same({ 403, "ERROR_ACCESS_DENIED" }, { answer.status, answer.json.code })
    end
    denied("GET", "/v1/ports", keys.ann)
    denied("GET", "/v1/inbox", keys.ann)
    denied("GET", "/v1/inbox/1/document.pdf", keys.bob)
    denied("DELETE", "/v1/inbox/1", keys.eye)
    denied("POST", "/v1/jobs", keys.eye)
    denied("POST", "/v1/previews", keys.eye)
  end)

  it("a user sees his own jobs, and who has FAX_JOB_QUERY all", function()
    local job = submit(keys.ann).json
    assert.equal("ann", job.user)
    local path = "/v1/jobs/" .. job.id
    assert.equal(200, site:ask("GET", path, { key = keys.ann }).status)
    assert.equal(200, site:ask("GET", path .. "/pages/1.png", { key = keys.ann }).status)
    assert.equal(200, site:ask("GET", path, { key = keys.eye }).status)
    assert.equal(404, site:ask("GET", path, { key = keys.bob }).status)
    assert.equal(404, site:ask("GET", path .. "/pages/1.png", { key = keys.bob }).status)
    assert.equal(403, site:ask("POST", path .. "/cancel", { key = keys.bob }).status)
    assert.same({}, site:ask("GET", "/v1/jobs", { key = keys.bob }).json.jobs)
    assert.equal(1, #site:ask("GET", "/v1/jobs", { key = keys.ann }).json.jobs)
    assert.is_true(site:ask("POST", path .. "/cancel", { key = keys.eye }).status >= 403)
    assert.equal(200, site:ask("POST", path .. "/cancel", { key = keys.ann }).status)
  end)

  it("a preview is its user's; the fax of it has its pages", function()
    local made = site:post_form("/v1/previews", { document = { "a.pdf", pdf } }, nil, keys.ann)
    local page = made.headers.location .. "/pages/1.png"
    local picture = site:ask("GET", page, { key = keys.ann })
    assert.equal("\137PNG", picture.body:sub(1, 4))
    assert.equal(404, site:ask("GET", page, { key = keys.bob }).status)
    assert.equal(404, site:ask("DELETE", made.headers.location, { key = keys.bob }).status)
    assert.equal(404, site:ask("POST", "/v1/jobs", { key = keys.bob,
      body = { to = "102", preview = made.json.id } }).status)
    local unchanged = site:ask("GET", page, { key = keys.ann,
      headers = { ["If-None-Match"] = picture.headers.etag } })
    assert.same({ 304, "" }, { unchanged.status, unchanged.body })
    local job = site:ask("POST", "/v1/jobs", { key = keys.ann, body = { to = "102", hold = true,
      preview = made.json.id, resolution = "fine" } })
    assert.equal(201, job.status, job.body)
    assert.equal("a.pdf", job.json.subject)
    local path = job.headers.location
    assert.equal(picture.body, site:ask("GET", path .. "/pages/1.png", { key = keys.ann }).body)
    site:ask("POST", path .. "/cancel", { key = keys.ann })
    assert.equal(204, site:ask("DELETE", made.headers.location, { key = keys.ann }).status)
    assert.equal(404, site:ask("GET", page, { key = keys.ann }).status)
  end)

  it("the same key of a submission is the same job, however often and at once", function()
    local headers = { ["Idempotency-Key"] = "offer-1" }
    local body, kind = web.form { to = "102", hold = "true", document = { "a.pdf", pdf } }
    local bytes = site:request("POST", "/v1/jobs", { key = keys.bob, body = body,
      headers = helper.merged({ ["Content-Type"] = kind }, headers) })
    local socks, counts, ids = {}, { [200] = 0, [201] = 0 }, {}
    for i = 1, 8 do
      socks[i] = site:raw(bytes)
    end
    for i = 1, 8 do
      local answer = web.answer(socks[i])
      counts[answer.status] = counts[answer.status] + 1
      ids[answer.json.id] = true
    end
    assert.same({ [200] = 7, [201] = 1 }, counts)
    local id = next(ids)
    assert.is_nil(next(ids, id))
    assert.equal(200, submit(keys.bob, {}, headers).status)
    local other = submit(keys.bob, { to = "103" }, headers)
    assert.same({ 409, "ERROR_ALREADY_EXISTS" }, { other.status, other.json.code })
    local ann = submit(keys.ann, {}, headers)
    assert.equal(201, ann.status)
    assert.not_equal(id, ann.json.id)
    for _, one in ipairs { { keys.bob, id }, { keys.ann, ann.json.id } } do
      site:ask("POST", ("/v1/jobs/%d/cancel"):format(one[2]), { key = one[1] })
    end
    assert.equal(200, submit(keys.bob, {}, headers).status) -- it is over, and the same
    for _, key in ipairs { "a b", ("x"):rep(129), "ä" } do
      assert.equal(400, submit(keys.bob, {}, { ["Idempotency-Key"] = key }).status)
    end
  end)

  it("a page gets a cookie in the place of its key, for requests of its own", function()
    local login = site:ask("POST", "/v1/session", { key = false, body = { key = keys.bob } })
    assert.equal(201, login.status)
    local set = login.headers["set-cookie"]
    assert.matches("^fax_session=%x+; Path=/; Max%-Age=43200; HttpOnly; SameSite=Strict$", set)
    assert.falsy(login.body:find(keys.bob, 1, true))
    local cookie = set:match("^[^;]*")
    local function ask(method, path, headers)
      return site:ask(method, path, { key = false,
        headers = helper.merged({ Cookie = cookie }, headers) }).status
    end
    assert.equal(200, ask("GET", "/v1/session"))
    assert.equal(403, ask("POST", "/v1/previews"))
    assert.equal(403, ask("POST", "/v1/previews", { Origin = "http://evil.example" }))
    assert.equal(403, ask("POST", "/v1/previews", { ["Sec-Fetch-Site"] = "same-site" }))
    assert.equal(415, ask("POST", "/v1/previews", { Origin = "http://fax" }))
    assert.equal(415, ask("POST", "/v1/previews", { ["Sec-Fetch-Site"] = "same-origin" }))
    assert.equal(401, ask("GET", "/v1/session", { Cookie = "fax_session=" .. ("0"):rep(64) }))
    assert.equal(401, ask("GET", "/v1/session", { Cookie = "fax_session=../x" }))
    assert.equal(403, ask("POST", "/v1/session", { Origin = "http://evil.example" }))
    for _, headers in ipairs { { Origin = "null" }, { ["Sec-Fetch-Site"] = "cross-site" } } do
      assert.equal(403, ask("DELETE", "/v1/session", headers))
      assert.equal(403, site:ask("POST", "/v1/session", { key = false, headers = headers,
        body = { key = keys.bob } }).status)
    end
    assert.equal(204, ask("DELETE", "/v1/session"))
    assert.equal(401, ask("GET", "/v1/session"))
  end)

  -- A stream of events, of which one was heard.
  local function listen(options)
    local sock = site:raw(site:request("GET", "/v1/events", options))
    repeat
      local line = assert(sock:receive("*l"))
    until line:find("listening", 1, true)
    return sock
  end

  it("its streams of events end with a session, those of others do not", function()
    local socks, cookies = {}, {}
    for i = 1, 2 do
      local login = site:ask("POST", "/v1/session", { key = false, body = { key = keys.bob } })
      cookies[i] = { Cookie = login.headers["set-cookie"]:match("^[^;]*") }
    end
    for i = 1, 12 do -- both workers have some
      socks[i] = listen { key = false, headers = cookies[1] }
    end
    local others = { listen { key = keys.bob }, listen { key = false, headers = cookies[2] } }
    assert.equal(204, site:ask("DELETE", "/v1/session", { key = false,
      headers = cookies[1] }).status)
    for i = 1, 12 do
      local rest = assert(socks[i]:receive("*a"))
      assert.not_matches(":\n", rest) -- the line of one that goes on
      socks[i]:close()
    end
    local job = submit(keys.bob).json
    for _, sock in ipairs(others) do
      repeat
        local line = assert(sock:receive("*l"))
      until line:find('"job_id":' .. job.id, 1, true)
      sock:close()
    end
    site:ask("POST", ("/v1/jobs/%d/cancel"):format(job.id), { key = keys.bob })
  end)

  it("its streams of events end with a key that was withdrawn", function()
    local sock, path = listen { key = keys.eye }, site.folder .. "/keys.json"
    local left = json.decode(helper.read(path))
    for i = #left, 1, -1 do
      if left[i].id == "eye" then
        table.remove(left, i)
      end
    end
    helper.write(path, json.encode(left))
    site:signal_nginx("HUP")
    site:await_worker()
    site:await_worker()
    assert.is_string((sock:receive("*a")))
    local again = site:ask("GET", "/v1/events", { key = keys.eye })
    assert.is_true(again.status == 401 or again.status == 429, again.body)
    site:await_exits(2)
  end)

  it("more than its limits a key may not", function()
    local large = submit(keys.few)
    assert.equal(413, large.status, large.body)
    local statuses = {}
    for i = 1, 14 do -- as above
      statuses[i] = site:ask("GET", "/v1/ports", { key = keys.few }).status
    end
    local text = table.concat(statuses, " ")
    assert.matches("429", text)
    assert.equal(200, site:ask("GET", "/v1/ports", { key = keys.bob }).status)
    assert.not_matches("[^ 2049]", text)
  end)

  it("a file of keys that is wrong is not taken by a reload", function()
    local one = '[{"id":"x","user":"u","rights":["FAX_JOB_QUERY"],"sha256":"' .. ("0"):rep(64)
      .. '",%s}]'
    for text, why in pairs {
      ['[{"id":"x"}]'] = "keys.json: key 1: 'sha256' must be 64",
      ['[{"id":"x","user":"u","rights":["FAX_JOB"],"sha256":"' .. ("0"):rep(64) .. '"}]'] =
        "key 1: 'FAX_JOB' is not the name of a right",
      ['{"id":"x"}'] = "keys.json: a list of keys expected",
      [one:format('"limits":{"request":5}')] = "key 1: 'limits': there is no 'request'",
      [one:format('"limits":{"requests":"5"}')] = "'limits': 'requests' must be a number",
      [one:format('"limits":5')] = "key 1: 'limits' must be an object",
      ["nonsense"] = "keys.json: Expected value" } do
      helper.write(site.folder .. "/keys.json", text)
      site:signal_nginx("HUP")
      site.nginx:await(why)
    end
    assert.equal(200, site:ask("GET", "/v1/ports", { key = keys.bob }).status)
  end)
end)
