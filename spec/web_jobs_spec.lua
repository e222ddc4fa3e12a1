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

  it("the queue is told page by page, and by state and number", function()
    local ids = {}
    for i = 1, 5 do
      ids[i] = site:post_form("/v1/jobs", { to = i == 2 and "0299" or "0298", hold = "1",
        document = { "a.pdf", pdf } }).json.id
    end
    local function page(query)
      local answer = site:ask("GET", "/v1/jobs?" .. query).json
      local list = {}
      for i, job in ipairs(answer.jobs) do
        list[i] = job.id
      end
      return list, answer.next
    end
    local list, more = page "limit=2"
    assert.same({ { ids[5], ids[4] }, ids[4] }, { list, more })
    assert.equal(200, site:ask("POST", "/v1/jobs/" .. ids[4] .. "/cancel").status)
    list, more = page("limit=3&state=paused&after=" .. more) -- which has gone
    assert.same({ ids[3], ids[2], ids[1] }, list)
    assert.is_nil(more)
    assert.same({ ids[2] }, (page "number=02-99&state=paused"))
    for _, state in ipairs { "waiting", "sending", "receiving", "cancelling", "failed",
      "retrying" } do
      assert.same({}, (page("state=" .. state)))
    end
    assert.equal(400, site:ask("GET", "/v1/jobs?state=gone").status)
    for _, id in ipairs(ids) do
      site:ask("POST", "/v1/jobs/" .. id .. "/cancel")
    end
    list, more = page "state=cancelled&limit=3"
    assert.same({ ids[5], ids[3], ids[2] }, list) -- though none of them was ever called
    list, more = page("state=cancelled&limit=3&after=" .. more)
    assert.same({ ids[1], ids[4] }, list)
    assert.is_nil(more)
  end)

  it("ports are listed", function()
    local list = site:ask("GET", "/v1/ports").json.ports
    assert.equal(4, #list)
    assert.equal("loopback line 1", list[1].name)
    assert.equal(list[2].id, site:ask("GET", "/v1/ports/" .. list[2].id).json.id)
  end)
end)
