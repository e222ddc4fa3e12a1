-- SPDX-License-Identifier: MIT
-- fax.resty within nginx, against faxd: each call gives what `fax` gives in a
-- process of its own.
local annotations = require "spec.support.annotations"
local calls = require "spec.support.calls"
local fax = require "fax"
local faxd = require "spec.support.faxd"
local helper = require "spec.helper"
local nginx = require "spec.support.nginx"

-- Each has the other's answers, so both services are set up alike.
local SETTINGS = 'retries = 0\nbranding = false\nlimits = { calls_per_number = 0 }\n'
  .. 'providers = { { name = "loopback", options = { lines = 2 } } }\n'

-- Both run this around a body. Places in files and levels are not compared.
local AROUND = [[
local dump = (function(...) %s end)()
local function try(fn, ...)
  local results = { pcall(fn, ...) }
  local count = 0
  for key in pairs(results) do
    count = math.max(count, key)
  end
  local text = results[1] and "" or "raises: "
  for i = 2, count do
    text = text .. (i > 2 and " | " or "") .. dump(results[i])
  end
  return (text:gsub('"[^"]-:%%d+: ', '"'):gsub("Fax%%w+: the handle is", "the handle is"))
end
local function collect(...)
  local parts = {}
  for i = 1, select("#", ...) do
    parts[i] = dump((select(i, ...)))
  end
  return table.concat(parts, "\n")
end
local function body(server, env, try) %s end
return collect, body, try
]]

local function code_of(body)
  return AROUND:format(helper.read("spec/support/dump.lua"), body)
end

describe("fax.resty", function()
  if not nginx.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  local folder, daemon, web, server, env

  setup(function()
    folder = helper.folder()
    os.execute("mkdir " .. folder .. "/state")
    daemon = faxd.start(faxd.write(folder, SETTINGS))
    daemon:await("started")
    web = nginx.start(2)
    env = { pdf = helper.pdf(folder, 2), folder = folder, later = os.time() + 86400 }
    server = helper.connect()
  end)

  teardown(function()
    server:close()
    if web then
      web:stop()
    end
    if daemon then
      daemon:signal("TERM"):finish()
    end
    helper.tear_down()
  end)

  -- What a body gives within nginx; `connect` is more of resty.connect's options.
  local function within(body, connect)
    return web:run(([[
      local env = { pdf = %q, folder = %q, later = %d, state = %q }
      local collect, body, try = (function() %s end)()
      local server = assert(resty.connect { directory = %q, %s })
      return collect(body(server, env, try))
    ]]):format(env.pdf, env.folder, env.later, folder .. "/state", code_of(body),
      folder .. "/state", connect or ""))
  end

  local function here(body)
    local collect, fn, try = assert(load(code_of(body)))()
    return collect(fn(server, env, try))
  end

  for _, one in ipairs(calls) do
    it("gives what fax gives: " .. one[1], function()
      local expected = here(one[2])
      assert.is_true(#expected > 0)
      assert.equal(expected, within(one[2]))
    end)
  end

  it("has each method of fax.server, fax.job, fax.port and fax.document", function()
    local text = helper.read("spec/support/calls.lua") .. helper.read("spec/resty_spec.lua")
    local missing = {}
    for _, fn in ipairs(annotations.read(".").functions) do
      local of, name = fn.name:match("^(%a+):([%w_]+)$")
      if (of == "server" or of == "job" or of == "port" or of == "document")
        and not text:find("[:.]" .. name .. "%f[%W]") then
        missing[#missing + 1] = fn.name
      end
    end
    assert.same({}, missing)
  end)

  it("says what goes over no connection of nginx", function()
    assert.equal("ERROR_NOT_SUPPORTED ERROR_NOT_SUPPORTED ERROR_NOT_SUPPORTED", within([[
      local codes = { select(3, server:policy(print)),
        (select(3, server:load_provider { name = "x" })),
        (select(3, server:send({ env.pdf, env.pdf }, { to = "102" }))) }
      return table.concat(codes, " ")
    ]]):gsub('"', ""))
  end)

  it("refuses what a closed handle is asked", function()
    local closed = within([[
      server:close()
      server:close()
      return server:closed(), try(server.jobs, server), try(server.send, server, env.pdf,
        { to = "1" }), try(server.open_port, server, 1), try(server.prepare, server, env.pdf),
        try(server.submit, server, "x", { to = "1" })
    ]])
    assert.equal(5, select(2, closed:gsub("ERROR_INVALID_HANDLE", "")), closed)
    assert.matches("^true\n", closed)
  end)

  it("submits bytes as they were uploaded", function()
    local given = within([[
      local file = io.open(env.pdf, "rb")
      local bytes = file:read("*a")
      file:close()
      local job = assert(server:submit(bytes, { to = "102", hold = true, subject = "up.pdf" }))
      local info = job:info()
      job:abort()
      return info.page_count, info.document_name, try(server.submit, server, "", { to = "1" }),
        try(server.submit, server, "no fax", { to = "1" }), try(server.submit, server, 5, {})
    ]])
    assert.matches('^2\n"up.pdf"\n', given)
    assert.matches("it is empty", given)
    assert.equal(2, select(2, given:gsub("ERROR_INVALID_DATA", "")), given)
    assert.matches("raises: .*server:submit: the document must be", given)
  end)

  -- The pages of a document as pictures.
  local function pictures(path)
    local into = helper.folder()
    assert(fax.render(path, { output = into .. "/fax.tif", png = into, paper = "a4" }))
    local list = {}
    for i, name in ipairs(helper.lines("ls " .. into .. "/*.png")) do
      list[i] = helper.read(name)
    end
    return list
  end

  it("gives the queue page by page", function()
    assert.equal('"2 1|3|2 3|1"', within([[
      local ids, place = {}, {}
      for i = 1, 3 do
        ids[i] = assert(server:send(env.pdf, { to = "10" .. i, hold = i > 1,
          at = 4102444800 })).id
        place[ids[i] ] = i
      end
      local function page(query)
        local list = {}
        for i, one in ipairs(assert(server:jobs(query))) do
          list[i] = place[one.job_id]
        end
        return table.concat(list, " ")
      end
      local given = { page { newest_first = true, cursor = ids[3], limit = 2 },
        page { cursor = ids[2], number = "1-0-3" }, page { with = "JS_PAUSED" },
        page { without = { "JS_PAUSED" }, limit = 1, cursor = ids[1] - 1 } }
      for _, id in ipairs(ids) do
        server:job(id):abort()
      end
      return table.concat(given, "|")
    ]]))
  end)

  it("makes the pages of an upload once for several jobs", function()
    local given = within([[
      local file = io.open(env.pdf, "rb")
      local document = assert(server:upload(file:read("*a"), { resolution = "standard" }))
      file:close()
      local picture, tiff = document:file { form = "png", page = 2 }, document:file()
      local job = assert(server:send(document, { to = "102", hold = true }))
      local same = job:file() == tiff
      job:abort()
      document:close()
      return picture:sub(2, 4), same, try(server.upload, server, "no fax", { subject = "a.pdf" }),
        try(server.upload, server, "", {}), try(server.upload, server, {}),
        try(server.upload, server, "x", { to = "1" })
    ]])
    assert.matches('^"PNG"\ntrue\n.*a.pdf: is not TIFF.*ERROR_INVALID_DATA.*it is empty', given)
    assert.equal(2, select(2, given:gsub("raises: ", "")), given)
  end)

  it("sends an upload, whose pages are received as they were", function()
    local path = within([[
      local received = server:events "received"
      local file = io.open(env.pdf, "rb")
      local job = assert(server:submit(file:read("*a"), { to = "102", paper = "a4" }))
      file:close()
      assert(job:wait(60))
      return received().path
    ]]):gsub('"', "")
    local sent, got = pictures(env.pdf), pictures(path)
    assert.equal(2, #sent)
    assert.same(sent, got)
  end)

  it("has more users listen than one connection has subscriptions", function()
    assert.equal('"150 150"', within([[
      local steps, queued, deleted = {}, 0, 0
      for i = 1, 150 do
        local one = assert(resty.connect { directory = env.state, user = "listener " .. i })
        steps[i] = one:events "job"
      end
      local job = assert(server:send(env.pdf, { to = "102", hold = true }))
      job:abort()
      for i = 1, 150 do
        local first, second = steps[i](), steps[i]()
        queued = queued + (first.job_id == job.id and first.name == "FEI_JOB_QUEUED" and 1 or 0)
        deleted = deleted + (second.name == "FEI_DELETED" and 1 or 0)
      end
      return queued .. " " .. deleted
    ]]))
  end)

  it("asks for a user with narrower rights", function()
    local given = within([[
      local denied = try(server.configuration, server)
      local job = assert(server:send(env.pdf, { to = "102", hold = true }))
      local owner = job:info().user_name
      local one = try(server.open_port, server, 1)
      return denied, owner, job:abort(), one
    ]], 'user = "ann", rights = { "FAX_JOB_SUBMIT", "FAX_JOB_QUERY" }')
    assert.matches("ERROR_ACCESS_DENIED.*\n\"ann\"\ntrue\n.*ERROR_ACCESS_DENIED", given)
  end)

  -- The answer was under way when the job ended, and the end is told before it is read.
  it("waits for no end that was told while it looked", function()
    assert.equal('"ERROR_CANCELLED"', within([[
      local job = assert(server:send(env.pdf, { to = "102", hold = true }))
      local each, look = server:events "job", job.result
      function job.result(self)
        local pending, why, code = look(self)
        if pending and pending.outcome == "pending" then
          assert(self:abort())
          repeat
            local event = each()
          until event.name == "FEI_DELETED" and event.job_id == self.id
        end
        return pending, why, code
      end
      return (select(3, job:wait(5)))
    ]]))
  end)

  it("says when no server answers, and misuse", function()
    local given = web:run([[
      local ok, why, code = resty.connect { socket = "/nowhere/fax.sock" }
      local _, one = pcall(function() resty.connect {} end)
      local _, two = pcall(function() resty.connect { sokcet = "x" } end)
      return table.concat({ tostring(ok), why, code, one, two }, "\n")
    ]])
    assert.matches("^nil\n/nowhere/fax.sock: no fax server answers there .*\n"
      .. "RPC_S_SERVER_UNAVAILABLE\nrequest:2: resty.connect: give 'socket' or 'directory'\n"
      .. "request:3: resty.connect: unknown option 'sokcet', did you mean 'socket'%?$", given)
  end)

  it("keeps its connections: a worker needs one for calls one after another", function()
    within("for _ = 1, 50 do assert(server:jobs()) end")
    local sockets = #helper.lines(("ls -l /proc/%d/fd | grep socket:"):format(daemon.pid))
    within("for _ = 1, 50 do assert(server:jobs()) end")
    within("for _ = 1, 50 do assert(server:jobs()) end")
    -- At most one more: the other worker's first.
    assert.is_true(#helper.lines(("ls -l /proc/%d/fd | grep socket:"):format(daemon.pid))
      <= sockets + 1)
  end)

  it("sends texts that are no UTF-8 as what they can be", function()
    assert.equal('"A\239\191\189B"', within([[
      local job = assert(server:send(env.pdf, { to = "102", name = "A\255B", hold = true }))
      local name = job:info().recipient_name
      job:abort()
      return name
    ]]))
  end)

  it("has a broadcast that is longer than a message may be", function()
    assert.equal('"700 6 nil ERROR_INVALID_PARAMETER 650 1350"', within([[
      local list, text = {}, ("x"):rep(240)
      for i = 1, 700 do
        list[i] = { to = "+4930" .. 1000 + i, billing = text, name = text, sender = text,
          company = text, dept = text, from = i % 6 .. "" }
      end
      local before = #server:jobs()
      local jobs, _, code = server:broadcast(env.pdf, list, { hold = true })
      local froms, count = {}, 0
      for i = 1, 12 do
        local info = jobs[i]:info()
        if info.recipient_number == list[i].to and not froms[info.tsid] then
          froms[info.tsid], count = true, count + 1
        end
      end
      list[651].to = ""
      local _, _, refused, queued = server:broadcast(env.pdf, list, { hold = true })
      return ("%d %d %s %s %d %d"):format(#jobs, count, tostring(code), refused, #queued,
        #server:jobs() - before)
    ]]))
  end)

  it("has the constants of fax.core", function()
    local done = helper.run(("env %s %s docs/constants.lua --check"):format(helper.environment(),
      helper.interpreter))
    assert.equal(0, done.status, done.err)
    assert.equal(fax.err.ERROR_BUSY, tonumber(web:run("return resty.err.ERROR_BUSY")))
  end)
end)
