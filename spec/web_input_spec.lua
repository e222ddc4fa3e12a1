-- SPDX-License-Identifier: MIT
-- What the site makes of wrong input: a problem with a sentence, and nothing else.
local helper = require "spec.helper"
local web = require "spec.support.web"

describe("the site is given", function()
  if not web.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  local site, pdf

  setup(function()
    site = web.start { settings = { submissions = 1e6 }, conf = function(text)
      return (text:gsub("client_body_timeout 20s", "client_body_timeout 200ms"))
    end }
    pdf = helper.read(helper.pdf(site.folder, 1))
  end)

  teardown(function()
    assert.not_matches("router.lua:%d", site:stop()) -- nothing of it was an error of the site
    helper.tear_down()
  end)

  -- A problem of that status, which says so itself; gives what it says.
  local function refused(status, answer, text)
    assert.equal(status, answer.status, answer.body)
    assert.equal("application/problem+json", answer.headers["content-type"])
    assert.equal(status, answer.json.status)
    assert.matches("^ERROR_", answer.json.code)
    if text then
      assert.truthy(answer.json.detail:find(text, 1, true), answer.json.detail)
    end
    return answer.json.detail
  end

  local function post(body, kind)
    return site:ask("POST", "/v1/jobs", { body = body, headers = { ["Content-Type"] = kind } })
  end

  local FORM = "multipart/form-data; boundary=limit"
  local PART = '--limit\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'

  it("forms that cannot be read", function()
    local to, last = PART:format("to", "102"), "--limit--\r\n"
    local function broken(body, text, kind)
      refused(400, post(body, kind or FORM), text)
    end
    broken("", "there is no boundary")
    broken(to .. last, "no boundary", "multipart/form-data")
    broken(to .. last, "no boundary", "multipart/form-data; boundary=" .. ("x"):rep(71))
    broken(to .. last, "no boundary", "multipart/form-data; boundary=other")
    broken(to, "a part has no end")
    broken(to:sub(1, 12), "a part has no head")
    broken("--limit", "a boundary goes on")
    broken("--limit\r\nContent-Type: text/plain\r\n\r\nx\r\n" .. last, "no name")
    broken("--limit\r\n" .. ("X: y\r\n"):rep(2000) .. "\r\nx\r\n" .. last, "no head")
    broken(to:rep(2) .. last, "twice")
    local many = {}
    for i = 1, 70 do
      many[i] = PART:format("n" .. i, "x")
    end
    broken(table.concat(many) .. last, "too many parts")
    broken(PART:format("document", pdf):rep(2) .. last, "two documents")
    broken(to .. last, "there is no document")
    broken(PART:format("document", pdf) .. last, "to: the number")
    local document = PART:format("document", pdf)
    broken(to .. PART:format("tos", "x") .. document .. last, "tos: there is no")
  end)

  it("a form whose boundary stands in the document, too", function()
    local name = pdf .. "\r\n--limi" .. pdf
    local answer = post(PART:format("to", "102") .. PART:format("hold", "1")
      .. PART:format("document", name) .. "--limit--", FORM)
    assert.equal(201, answer.status, answer.body)
    assert.equal(200, site:ask("POST", answer.headers.location .. "/cancel").status)
  end)

  it("JSON that is none, or says something else", function()
    local function broken(body, text, status)
      refused(status or 400, post(body, "application/json"), text)
    end
    broken("", "no JSON object")
    broken("{", "no JSON object")
    broken("5", "no JSON object")
    broken(("["):rep(5000), "no JSON object")
    broken('{"to":[0' .. (",0"):rep(2000) .. "]}", "more than 1000 members")
    broken('{"to":"102"}', "there is no document")
    broken('{"to":"102","document":"x"}', "document: {")
    broken('{"to":"102","document":{"content":5}}', "document: {")
    for _, text in ipairs { "A", "AB", "A===", "AAA!", "====", "AA=A", "AAAA AAAA" } do
      broken(('{"to":"102","document":{"content":"%s"}}'):format(text), "no base64")
    end
    broken('{"to":"102","document":{"content":""}}', "it is empty", 422)
    broken('{"to":102,"document":{"content":"AAAA"}}', "to: a text")
    broken('{"to":"1","retries":-1,"document":{"content":"AAAA"}}', "retries: a whole number")
    broken('{"to":"1","hold":"maybe","document":{"content":"AAAA"}}', "hold: true or false")
    broken('{"to":"1","at":1e99,"document":{"content":"AAAA"}}', "at: a time")
    broken('{"to":"1","at":5,"discount":true,"document":{"content":"AAAA"}}', "give 'at' or")
    broken('{"to":"1","priority":"max","document":{"content":"AAAA"}}', "priority must be one of")
    broken('{"to":"1\\u0000","document":{"content":"AAAA"}}', "to: a text")
    broken('{"to":"1","preview":"../../keys.json"}', "no such preview", 404)
    broken('{"to":"1","preview":{}}', "no such preview", 404)
    broken('{"to":"1","preview":"x","document":{"content":"AAAA"}}', "not both")
  end)

  it("documents that are none: what the fax server says of them", function()
    local text = refused(422, site:post_form("/v1/jobs", { to = "102",
      document = { "C:\\letters\\my.doc", "no fax" } }))
    assert.equal("my.doc: is not TIFF, PDF or PostScript", text:match("my.doc.*"))
    for _, subject in ipairs { ("x"):rep(900), ("ä"):rep(2000) } do
      refused(400, site:post_form("/v1/jobs", { to = "102", subject = subject,
        document = { "a.pdf", pdf } }), "DocumentName has ")
    end
    refused(422, site:post_form("/v1/previews", { document = { "cut.pdf", pdf:sub(1, -40) } }),
      "cut.pdf: the PDF is cut off")
    refused(422, site:post_form("/v1/previews", { document = { "empty.pdf", "" } }), "it is empty")
    refused(400, site:post_form("/v1/previews", { resolution = "superb",
      document = { "a.pdf", pdf } }), "resolution must be one of")
  end)

  it("another kind of content, none, or one without its length", function()
    refused(415, post(pdf, "application/pdf"))
    refused(415, site:ask("POST", "/v1/jobs", { body = pdf }))
    refused(415, site:ask("POST", "/v1/jobs"))
    refused(411, web.answer(site:raw(("POST /v1/jobs HTTP/1.1\r\nHost: fax\r\nConnection: close\r\n"
      .. "Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
      .. "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"):format(site.key))))
  end)

  it("more than it takes, before a byte of it is sent", function()
    local head = "POST /v1/jobs HTTP/1.1\r\nHost: fax\r\nConnection: close\r\nAuthorization: "
      .. "Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %.0f\r\n\r\n"
    refused(413, web.answer(site:raw(head:format(site.key, 1e12))))
    refused(413, web.answer(site:raw(head:format(site.key, 4 * 1024 * 1024 + 1))))
    refused(413, web.answer(site:raw((head:gsub("application/json", "multipart/form-data"))
      :format(site.key, 17 * 1024 * 1024))))
    refused(413, site:ask("POST", "/v1/session", { body = ("x"):rep(100000) }))
    refused(401, web.answer(site:raw(head:format("nobody", 1000000))))
  end)

  it("uploads that stop in the middle, more of them than may be under way", function()
    local head = site:request("POST", "/v1/jobs", { headers = { ["Content-Type"] = FORM,
      ["Content-Length"] = 5000 } })
    local socks = {}
    for i = 1, 40 do
      socks[i] = site:raw(head .. "--limit\r\n")
      if i % 2 == 0 then
        socks[i]:close()
      end
    end
    for i = 1, 39, 2 do -- in time nginx gives up on those that say nothing
      socks[i]:receive("*a")
      socks[i]:close()
    end
    local answer = site:post_form("/v1/jobs", { to = "102", hold = "1",
      document = { "a.pdf", pdf } })
    assert.equal(201, answer.status, answer.body)
    assert.equal(200, site:ask("POST", answer.headers.location .. "/cancel").status)
  end)

  it("addresses that are none", function()
    for _, path in ipairs { "/v1", "/v1/", "/v1/nothing", "/v1/jobs/", "/v1//jobs",
      "/v1/jobs/0", "/v1/jobs/01", "/v1/jobs/-1", "/v1/jobs/+1", "/v1/jobs/1e3", "/v1/jobs/0x1",
      "/v1/jobs/1.0", "/v1/jobs/4294967296", "/v1/jobs/99999999999999999999", "/v1/jobs/%31",
      "/v1/jobs/1;a", "/v1/jobs/../ports", "/v1/jobs/1/pages/0.png", "/v1/jobs/1/pages/1.gif",
      "/v1/jobs/1/pages/..%2f1.png", "/v1/inbox/1/document.PDF", "/v1/previews/1/pages/1.png",
      "/v1/previews/" .. ("g"):rep(32) .. "/pages/1.png", "/v1/jobs/1/explode" } do
      refused(404, site:ask("GET", path))
      refused(404, site:ask("GET", path, { key = false }))
    end
    for _, path in ipairs { "/v1/jobs/77", "/v1/jobs/77/pages/1.png", "/v1/inbox/77",
      "/v1/ports/77", "/v1/inbox/77/document.pdf",
      "/v1/previews/" .. ("a"):rep(32) .. "/pages/1.png" } do
      refused(404, site:ask("GET", path))
    end
    refused(404, site:ask("POST", "/v1/jobs/77/cancel"))
    refused(404, site:ask("DELETE", "/v1/sent/77"))
  end)

  it("arguments that are none", function()
    for _, query in ipairs { "limit=0", "limit=201", "limit=x", "limit=1.5", "after=-1",
      "limit=99999999999999999", "state=ended&after=5", "state=ended&after=1-1-1",
      "state=ended&after=" .. ("9"):rep(70) .. "-1-1-1", "state=ended&after=1-1-1-9999999999999999",
      "state=ended&after=" .. ("1"):rep(5000) .. "-1-1-1" } do
      refused(400, site:ask("GET", "/v1/jobs?" .. query))
    end
    assert.equal(200, site:ask("GET", "/v1/jobs?limit=5&limit=6&state=%00&number=%&x=" ..
      ("y"):rep(2000)).status)
    assert.equal(200, site:ask("GET", "/v1/jobs?state=ended&number=%00%ff").status)
    assert.equal(200, site:ask("GET", "/v1/inbox?number=1%002").status)
    assert.equal(200, site:ask("GET", "/v1/jobs?state=ended&after=9007199254740991-"
      .. "4294967295-4294967295-4294967295").status)
  end)

  it("methods that an address does not take", function()
    local function not_taken(method, path, allow)
      local answer = site:ask(method, path)
      refused(405, answer)
      assert.equal(allow, answer.headers.allow)
    end
    not_taken("DELETE", "/v1/jobs", "GET, HEAD, POST")
    not_taken("PUT", "/v1/jobs/1", "GET, HEAD")
    not_taken("GET", "/v1/jobs/1/cancel", "POST")
    not_taken("OPTIONS", "/v1/session", "DELETE, GET, HEAD, POST")
    not_taken("PATCH", "/healthz", "GET, HEAD")
    not_taken("FROB", "/v1/ports", "GET, HEAD")
  end)

  it("HEAD: as GET, without a body", function()
    for _, path in ipairs { "/v1/ports", "/v1/openapi.json", "/healthz", "/v1/jobs/77" } do
      local full, head = site:ask("GET", path), site:ask("HEAD", path)
      assert.equal(full.status, head.status)
      assert.equal(full.headers["content-length"], head.headers["content-length"])
      assert.equal("", head.body)
    end
  end)

  it("requests that nginx does not take", function()
    assert.equal(400, web.answer(site:raw("nonsense\r\n\r\n")).status)
    refused(400, web.answer(site:raw("GET /v1/ports HTTP/1.1\r\n\r\n")))
    refused(400, site:ask("GET", "/v1/jobs/1%00"))
    refused(414, site:ask("GET", "/v1/jobs?" .. ("x"):rep(40000)))
  end)
end)
