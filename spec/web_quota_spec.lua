-- SPDX-License-Identifier: MIT
-- What the site keeps for a key: faxes that wait in the queue, and previews, so much of
-- them and no more.
local helper = require "spec.helper"
local web = require "spec.support.web"

local MAY = { "FAX_JOB_SUBMIT" }

describe("the site keeps for a key", function()
  if not web.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  local site, pdf

  local function start(settings)
    site = web.start { settings = settings,
      keys = { { "ann", "ann", MAY }, { "bob", "bob", MAY } } }
    pdf = helper.read(helper.pdf(site.folder, 1))
  end

  after_each(function()
    assert.not_matches("%[error%]", site:stop())
    helper.clean()
  end)

  local function submit(who, headers)
    return site:post_form("/v1/jobs", { to = "102", at = "4102444800",
      document = { "a.pdf", pdf } }, headers, site.keys[who])
  end

  local function preview(who)
    return site:post_form("/v1/previews", { document = { "a.pdf", pdf } }, nil, site.keys[who])
  end

  local function refused(answer, detail)
    assert.same({ 409, "ERROR_NOT_ENOUGH_QUOTA" }, { answer.status, answer.json.code },
      answer.body)
    assert.equal(answer.headers["content-type"], "application/problem+json")
    assert.is_truthy(answer.json.detail:find(detail, 1, true), answer.body)
  end

  -- All at once: how many of so many requests were answered with 201; the others are
  -- refused.
  local function made_of(count, path, fields)
    local body, kind = web.form(fields)
    local bytes = site:request("POST", path, { key = site.keys.ann, body = body,
      headers = { ["Content-Type"] = kind } })
    local socks, made = {}, 0
    for i = 1, count do
      socks[i] = site:raw(bytes)
    end
    for i = 1, count do
      local answer = web.answer(socks[i])
      if answer.status == 201 then
        made = made + 1
      else
        refused(answer, "")
      end
    end
    return made
  end

  it("faxes that wait far in the future", function()
    start { queued = 3, uploads = 100 }
    local same = { ["Idempotency-Key"] = "offer" }
    local job = submit("ann", same)
    assert.equal(201, job.status, job.body)
    assert.equal(2, made_of(8, "/v1/jobs", { to = "102", at = "4102444800",
      document = { "a.pdf", pdf } }))
    refused(submit "ann", "ann has 3 faxes in the queue: 3 are allowed")
    local again = submit("ann", same)
    assert.same({ 200, job.json.id }, { again.status, again.json.id }) -- it is there
    assert.equal(201, submit("bob").status)
    assert.equal(200, site:ask("POST", job.headers.location .. "/cancel",
      { key = site.keys.ann }).status)
    assert.equal(201, submit("ann").status)
    refused(submit "ann", "3 are allowed")
  end)

  it("the bytes of those, and what a key itself may have", function()
    start { queued_bytes = 1 }
    refused(submit "ann", "1 are allowed")
    local path = site.folder .. "/keys.json"
    helper.write(path, (helper.read(path):gsub('"id":"ann"',
      '%0,"limits":{"queued_bytes":1000000,"queued":1}')))
    site:reload_nginx()
    assert.equal(201, submit("ann").status)
    refused(submit "ann", "1 are allowed")
  end)

  it("previews", function()
    start { previews = 3, uploads = 100 }
    assert.equal(3, made_of(8, "/v1/previews", { document = { "a.pdf", pdf } }))
    refused(preview "ann", "the key 'ann' has 3 previews")
    local others = {}
    for i = 1, 3 do
      others[i] = preview("bob")
      assert.equal(201, others[i].status)
    end
    refused(preview "bob", "the key 'bob' has 3 previews")
    assert.equal(204, site:ask("DELETE", others[2].headers.location,
      { key = site.keys.bob }).status)
    assert.equal(201, preview("bob").status)
    refused(preview "bob", "3 previews")
  end)

  it("the bytes of previews", function()
    start { previews_bytes = 1 }
    local bytes = preview("ann")
    refused(bytes, "with this one: 1 are allowed")
    refused(preview "ann", bytes.json.detail) -- it was not counted
  end)
end)
