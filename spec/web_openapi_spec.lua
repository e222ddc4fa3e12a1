-- SPDX-License-Identifier: MIT
-- The description of the site's API: what it says is there, and the other way round;
-- answers are as it says.
local helper = require "spec.helper"
local json = require "dkjson"
local schema = require "spec.support.schema"
local web = require "spec.support.web"

local SITE = "examples/openresty/site/"

describe("the description of the site's API", function()
  local api, routes

  setup(function()
    api = assert(json.decode(helper.read(SITE .. "openapi.json")))
    routes = {}
    for method, path, right in helper.read(SITE .. "routes.lua")
      :gmatch('{ "(%u+)", "([^"]+)", ([^,]+),') do
      routes[method:lower() .. " " .. path] = right:match('"(.*)"') or false
    end
  end)

  local function each_operation(fn)
    for path, methods in pairs(api.paths) do
      for method, operation in pairs(methods) do
        fn(method .. " " .. path, operation)
      end
    end
  end

  it("has each route, with its right, and no other", function()
    local described = {}
    each_operation(function(name, operation)
      described[name] = operation["x-right"] or false
    end)
    assert.same(routes, described)
  end)

  it("describes each part of a path, and refers to what is there", function()
    local ids = {}
    each_operation(function(name, operation)
      local wanted, given = {}, {}
      for part in name:gmatch("{(%w+)}") do
        wanted[part] = true
      end
      for _, one in ipairs(operation.parameters or {}) do
        one = schema.follow(api, one)
        given[one.name] = one["in"] == "path" or nil
      end
      assert.same(wanted, given, name)
      assert.is_nil(ids[operation.operationId], operation.operationId .. " is there twice")
      ids[operation.operationId] = true
    end)
    for name in helper.read(SITE .. "openapi.json"):gmatch('"%$ref": ("[^"]+")') do
      schema.follow(api, { ["$ref"] = json.decode(name) })
    end
  end)

  if not web.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  describe("and its answers:", function()
    local site, pdf

    setup(function()
      site = web.start()
      pdf = helper.read(helper.pdf(site.folder, 2))
    end)

    teardown(function()
      site:stop()
      helper.tear_down()
    end)

    -- Asks, and holds the answer to what is said of that operation.
    local function ask(method, path, template, options)
      local answer = site:ask(method, path, options)
      local operation = api.paths[template or path][method:lower()]
      local said = operation.responses[tostring(answer.status)] or operation.responses.default
      local content = schema.follow(api, said).content
      for kind, one in pairs(content or {}) do
        assert.equal(kind, answer.headers["content-type"], answer.body:sub(1, 300))
        if answer.json then
          schema.check(api, one.schema, answer.json, method .. " " .. path)
        end
      end
      return answer
    end

    it("they are as it says", function()
      local body, kind = web.form { to = "102", name = "Ann", document = { "a.pdf", pdf } }
      local form = { body = body, headers = { ["Content-Type"] = kind } }
      local job = ask("POST", "/v1/jobs", nil, form).json
      local held, held_kind = web.form { to = "103", hold = "true", document = { "b.pdf", pdf } }
      local other = ask("POST", "/v1/jobs", nil, { body = held,
        headers = { ["Content-Type"] = held_kind } }).json
      assert.equal("paused", other.state)
      site:await_over(2)
      assert.equal("completed", ask("GET", "/v1/jobs/" .. job.id, "/v1/jobs/{id}").json.state)
      repeat -- it leaves the queue a moment after its end
        local queued = ask("GET", "/v1/jobs").json.jobs
      until #queued == 1
      assert.equal(job.id, ask("GET", "/v1/jobs?state=completed", "/v1/jobs").json.jobs[1].id)
      assert.equal(200, ask("GET", ("/v1/jobs/%d/pages/2.png"):format(other.id),
        "/v1/jobs/{id}/pages/{page}.png").status)
      assert.equal("cancelled", ask("POST", ("/v1/jobs/%d/cancel"):format(other.id),
        "/v1/jobs/{id}/cancel").json.state)
      local ended = ask("GET", "/v1/jobs?state=cancelled", "/v1/jobs").json.jobs
      assert.same({ 1, other.id, 0 }, { #ended, ended[1].id, ended[1].attempts_made })
      assert.equal(404, ask("GET", "/v1/jobs/999", "/v1/jobs/{id}").status)
      ask("GET", "/v1/session")
      ask("GET", "/healthz")
      ask("GET", "/v1/openapi.json")
      ask("GET", "/v1/ports/1", "/v1/ports/{id}")
      assert.equal(4, #ask("GET", "/v1/ports").json.ports)
      for _, name in ipairs { "inbox", "sent" } do
        local base = "/v1/" .. name
        local faxes = ask("GET", base .. "?limit=1", base).json.faxes
        assert.equal(1, #faxes)
        assert.same(faxes, ask("GET", ("%s?job=%d"):format(base, faxes[1].job), base).json.faxes)
        assert.same({}, ask("GET", ("%s?job=%d"):format(base, other.id), base).json.faxes)
        assert.equal(400, ask("GET", base .. "?job=0", base).status)
        local one = ("%s/%d"):format(base, faxes[1].id)
        ask("GET", one, base .. "/{id}")
        ask("GET", one .. "/pages/1.png", base .. "/{id}/pages/{page}.png")
        ask("GET", one .. "/document.pdf", base .. "/{id}/document.pdf")
        ask("GET", one .. "/document.tiff", base .. "/{id}/document.tiff")
        assert.equal(204, ask("DELETE", one, base .. "/{id}").status)
        assert.equal(404, ask("GET", one, base .. "/{id}").status)
      end
      local made = ask("POST", "/v1/previews", nil, form)
      assert.equal(400, made.status) -- `to` is no option of a preview
      body, kind = web.form { resolution = "standard", document = { "a.pdf", pdf } }
      form = { body = body, headers = { ["Content-Type"] = kind } }
      made = ask("POST", "/v1/previews", nil, form)
      assert.equal(201, made.status, made.body)
      ask("GET", made.headers.location .. "/pages/2.png", "/v1/previews/{token}/pages/{page}.png")
      assert.equal(204, ask("DELETE", made.headers.location, "/v1/previews/{token}").status)
    end)
  end)
end)
