-- SPDX-License-Identifier: MIT
-- GET /v1/events of the site: what happens, as it happens, and after a break what
-- happened meanwhile, or that it is not known.
local helper = require "spec.helper"
local json = require "dkjson"
local web = require "spec.support.web"

-- Without FAX_JOB_QUERY.
local MAY = { "FAX_JOB_SUBMIT" }

describe("events of the site:", function()
  if not web.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  local site, pdf

  before_each(function()
    site = web.start { workers = 1, keys = { { "ann", "ann", MAY }, { "bob", "bob", MAY } } }
    pdf = helper.read(helper.pdf(site.folder, 2))
  end)

  after_each(function()
    -- While the fax server is away nginx says so itself, and so does fax.resty.
    local text = site:stop():gsub("[^\n]*%[error%][^\n]* connect%(%) to unix:[^\n]*", "")
      :gsub("[^\n]*%[error%][^\n]*the fax server cannot be reached[^\n]*", "")
    assert.not_matches("%[error%]", text)
    helper.clean()
  end)

  -- A stream whose head was read.
  local function listen(options)
    local sock = site:raw(site:request("GET", "/v1/events", options))
    local head, line = {}
    repeat
      line = assert(sock:receive("*l"))
      head[#head + 1] = line
    until line == ""
    return sock, table.concat(head, "\n")
  end

  -- The next event, of the parts that nginx sends; nil: the stream has ended.
  local function next_event(sock)
    local event = {}
    while true do
      local line = sock:receive("*l")
      if not line then
        return nil
      elseif line == "" and event.data then
        event.data = assert(json.decode(event.data))
        return event
      end
      local name, value = line:match("^(%l+): (.*)$")
      event[name or ""] = value
    end
  end

  local function until_event(sock, name)
    local event
    repeat
      event = assert(next_event(sock), name)
    until event.data.name == name
    return event
  end

  it("a fax from the queue to the inbox", function()
    local sock, head = listen()
    assert.matches("^HTTP/1.1 200 OK\n", head)
    assert.matches("\nContent%-Type: text/event%-stream\n", head)
    local id = site:send(pdf)
    local queued = until_event(sock, "FEI_JOB_QUEUED")
    assert.equal("job", queued.event)
    assert.equal(id, queued.data.job_id)
    assert.matches("^%d+%-%d+$", queued.id)
    assert.equal(queued.data.sequence, queued.id:match("%d+$"))
    assert.equal(1, until_event(sock, "FEI_SENDING").data.page)
    local received = until_event(sock, "FEI_FAX_RECEIVED").data
    assert.same({ 2, "received" }, { received.pages, received.kind })
    assert.is_nil(received.path)
    sock:close()
  end)

  it("whoever comes again hears what happened meanwhile, once", function()
    local sock = listen()
    site:send(pdf)
    local all = {}
    repeat
      all[#all + 1] = assert(next_event(sock))
    until all[#all].data.name == "FEI_DELETED"
    sock:close()
    sock = listen { headers = { ["Last-Event-ID"] = all[2].id } }
    for i = 3, #all do
      assert.same(all[i], next_event(sock))
    end
    local id = site:send(pdf)
    assert.equal(id, until_event(sock, "FEI_JOB_QUEUED").data.job_id)
    sock:close()
  end)

  it("an id that is not known any more is a gap", function()
    listen():close() -- the worker hears from now on
    site:send(pdf)
    for _, id in ipairs { "1-1", "nonsense" } do
      local sock = listen { headers = { ["Last-Event-ID"] = id } }
      local first = next_event(sock)
      assert.same({ "gap", "gap", "FEI_FAX_MISSED" },
        { first.event, first.data.kind, first.data.name })
      assert.matches("^%d+%-%d+$", first.id)
      sock:close()
      -- From the gap it goes on.
      sock = listen { headers = { ["Last-Event-ID"] = first.id } }
      local job = site:send(pdf)
      local next_one = until_event(sock, "FEI_JOB_QUEUED")
      assert.equal(job, next_one.data.job_id)
      sock:close()
    end
  end)

  it("a fax server that is started anew is a gap, too", function()
    local sock = listen()
    site:stop_faxd "KILL"
    site:start_faxd()
    local gap = until_event(sock, "FEI_FAX_MISSED")
    assert.is_true(gap.data.restarted)
    assert.equal(gap.data.boot, gap.id:match("^%d+"))
    local id = site:send(pdf)
    assert.equal(id, until_event(sock, "FEI_JOB_QUEUED").data.job_id)
    sock:close()
  end)

  it("each user hears of his own", function()
    local ann, bob = listen { key = site.keys.ann }, listen { key = site.keys.bob }
    local first, id = site:send(pdf, site.keys.ann), site:send(pdf, site.keys.bob)
    assert.equal(id, until_event(bob, "FEI_JOB_QUEUED").data.job_id)
    assert.equal(first, until_event(ann, "FEI_JOB_QUEUED").data.job_id)
    bob:close()
    ann:close()
  end)

  it("streams end with the worker, and HEAD has none", function()
    local sock = listen()
    site.nginx:signal("HUP")
    site:await_worker()
    assert.is_nil(next_event(sock))
    sock:close()
    local head = site:ask("HEAD", "/v1/events")
    assert.same({ 200, "", "text/event-stream" },
      { head.status, head.body, head.headers["content-type"] })
    assert.equal(401, site:ask("GET", "/v1/events", { key = false }).status)
  end)
end)
