-- SPDX-License-Identifier: MIT
-- The site's jobs, end to end: what is uploaded is sent.
local helper = require "spec.helper"
local web = require "spec.support.web"

describe("the site of examples/openresty:", function()
  if not web.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  local site, pdf

  setup(function()
    site = web.start()
    pdf = helper.read(helper.pdf(site.folder, 2))
  end)

  teardown(function()
    local text = site:stop()
    assert.not_matches("%[error%]", text)
    helper.tear_down()
  end)

  it("a form is queued, sent, and told with its exchange", function()
    local made = site:post_form("/v1/jobs", { to = "102", document = { "letter.pdf", pdf } })
    assert.equal(201, made.status, made.body)
    assert.equal("/v1/jobs/" .. made.json.id, made.headers.location)
    assert.equal("letter.pdf", made.json.subject)
    assert.equal("102", made.json.number)
    site:await_over(2)
    local job = site:ask("GET", made.headers.location).json
    assert.is_number(job.ended)
    assert.equal("completed", job.state)
    assert.same({ 2, 2 }, { job.pages, job.pages_sent })
    assert.equal(1, #job.attempts)
    assert.equal("DCN", job.attempts[1].timeline[#job.attempts[1].timeline].frame)
  end)

  it("ports are listed", function()
    local list = site:ask("GET", "/v1/ports").json.ports
    assert.equal(4, #list)
    assert.equal("loopback line 1", list[1].name)
    assert.equal(list[2].id, site:ask("GET", "/v1/ports/" .. list[2].id).json.id)
  end)
end)
