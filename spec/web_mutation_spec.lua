-- SPDX-License-Identifier: MIT
-- Requests to the site that were changed at random places: each has an answer that is
-- not the site's own fault, or nginx hangs up.
local helper = require "spec.helper"
local web = require "spec.support.web"

local REQUESTS = tonumber(os.getenv("WEB_REQUESTS")) or 150

local JUNK = { "\0", "\r\n", "--limit", "--limit--", "\r\n--limit\r\n", "\255", '"', "{", "}", "[",
  "]", "null", "-1", "1e999", "%00", "../", "=", ";", ":", "\r\n\r\n", ("A"):rep(300),
  "\\u0000", "\\ud800", "true" }

-- The same numbers on every Lua.
local function numbers(seed)
  return function(most)
    seed = (seed * 16807) % 2147483647
    return seed % most + 1
  end
end

local function change(text, random)
  if text == "" then
    return text
  end
  local at, kind = random(#text), random(10)
  if kind <= 4 then
    return text:sub(1, at) .. JUNK[random(#JUNK)] .. text:sub(at + 1)
  elseif kind <= 7 then
    return text:sub(1, at - 1) .. text:sub(at + random(8))
  elseif kind <= 9 then
    return text:sub(1, at - 1) .. string.char(random(256) - 1) .. text:sub(at + 1)
  end
  return text:sub(1, at)
end

local function mutated(request, random)
  local head, body = request:match("^(.-\r\n\r\n)(.*)$")
  for _ = 1, random(4) do
    if random(10) <= 3 then
      head = change(head, random)
    else
      body = change(body, random)
    end
  end
  if random(20) > 1 then -- else it is shorter or longer than it says
    head = head:gsub("Content%-Length: %d+", "Content-Length: " .. #body)
  end
  return head .. body
end

describe("the site", function()
  if not web.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  local function quick(text)
    return (text:gsub("client_body_timeout 20s", "client_body_timeout 20ms")
      :gsub("client_header_timeout 20s", "client_header_timeout 20ms")
      :gsub("lingering_timeout 200ms", "lingering_timeout 10ms")
      :gsub("server_tokens off;", "server_tokens off; keepalive_timeout 20ms;")
      :gsub("init {", "init { submissions = 1e9, requests = 1e9, failures = 1e9,"))
  end

  local function seeds_of(site)
    local pdf = helper.read(helper.pdf(site.folder, 1)):sub(1, 400)
    local form, kind = web.form { to = "102", hold = "1", document = { "a.pdf", pdf } }
    local headers = { ["Content-Type"] = kind, ["Idempotency-Key"] = "one" }
    return {
      site:request("POST", "/v1/jobs", { body = form, headers = headers }),
      site:request("POST", "/v1/previews", { body = form, headers = headers }),
      site:request("POST", "/v1/jobs", { body = { to = "1", at = 5, hold = true, retries = 3,
        ecm = false, priority = "low", document = { name = "x.pdf", content = "AAAA" } } }),
      site:request("POST", "/v1/session", { body = { key = "abc" }, key = false }),
      site:request("GET", "/v1/session", { key = false, headers = { Cookie = "fax_session=a" } }),
      site:request("GET", "/v1/jobs?state=ended&limit=5&after=1-2-3-4&number=1"),
      site:request("GET", "/v1/inbox/1/pages/1.png"),
      site:request("GET", "/v1/jobs/1"),
    }
  end

  it("answers whatever it is sent, and is never at fault", function()
    local site, random = web.start { conf = quick }, numbers(2026)
    finally(function()
      assert.not_matches("router.lua:%d", site:stop())
      helper.tear_down()
    end)
    local seeds = seeds_of(site)
    for i = 1, REQUESTS do
      local bytes = mutated(seeds[random(#seeds)], random)
      local sock = site:raw(bytes)
      local text, _, part = sock:receive("*a")
      sock:close()
      assert.not_matches("^HTTP/1.1 50[0-4]", text or part, ("request %d: %q"):format(i, bytes))
    end
    assert.equal(200, site:ask("GET", "/v1/ports").status)
  end)
end)
