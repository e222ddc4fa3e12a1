-- SPDX-License-Identifier: MIT
-- Calls of many requests at once over the one connection that a worker of nginx
-- has for them (fax.resty.trunk): whoever asks gets his own, whole answer.
local faxd = require "spec.support.faxd"
local helper = require "spec.helper"
local nginx = require "spec.support.nginx"
local unix = require "socket.unix"

local LINES = 600 -- more than one part of an array
local SETTINGS = ('branding = false\nproviders = { { name = "loopback", '
  .. 'options = { lines = %d } } }\n'):format(LINES)

-- Runs so many light threads at once, and gives what each says.
local AROUND = [[
local function at_once(count, fn)
  local threads, all = {}, {}
  for i = 1, count do
    threads[i] = ngx.thread.spawn(fn, i)
  end
  for i = 1, count do
    local ok, said = ngx.thread.wait(threads[i])
    all[i] = tostring(ok and said)
  end
  return all
end
local function connect(more)
  local given = { directory = "%s/state" }
  for key, value in pairs(more or {}) do
    given[key] = value
  end
  return assert(resty.connect(given))
end
-- The first call has a connection of the pool.
local trunk = require "fax.resty.trunk"
while trunk.ask({ path = "%s/state/fax.sock", timeout = 60 }, { method = "ping" }) == false do
  ngx.sleep(0.001)
end
]]

describe("fax.resty, many calls at once:", function()
  if not nginx.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  local folder, daemon, web

  local function start_server()
    daemon = faxd.start(folder .. "/faxd.lua")
    daemon:await("started")
  end

  setup(function()
    folder = helper.folder()
    os.execute("mkdir " .. folder .. "/state")
    faxd.write(folder, SETTINGS)
    start_server()
    web = nginx.start(1)
  end)

  teardown(function()
    web:stop()
    daemon:signal("TERM"):finish()
    helper.tear_down()
  end)

  local function run(body)
    return web:run((AROUND:gsub("%%s", folder) .. body:gsub("LINES", LINES)))
  end

  it("each has a table of his own, with all of a long array", function()
    assert.equal("50 50", run([[
      local server = connect()
      local whole, distinct = 0, {}
      for _, said in ipairs(at_once(50, function()
        local ports, seen = assert(server:ports()), 0
        for i, port in ipairs(ports) do
          seen = seen + (port.device_id == i and port.device_name and 1 or 0)
          port.device_id, port.device_name = nil, nil
        end
        return seen .. " " .. #ports .. " " .. tostring(ports):gsub("table: ", "")
      end)) do
        whole = whole + (said:find("^LINES LINES ") and 1 or 0)
        distinct[said] = true
      end
      local count = 0
      for _ in pairs(distinct) do
        count = count + 1
      end
      return whole .. " " .. count
    ]]))
  end)

  it("users and rights are not mixed", function()
    assert.equal(("ann|ERROR_ACCESS_DENIED|bob|true|"):rep(20), run([[
      local may = { "FAX_JOB_SUBMIT", "FAX_JOB_QUERY" }
      local ann = connect { user = "ann", rights = may }
      local bob = connect { user = "bob", rights = { "FAX_PORT_QUERY", unpack(may) } }
      return table.concat(at_once(80, function(i)
        local server = i % 4 < 3 and i % 4 > 0 and ann or bob
        if i % 2 == 1 then
          return server._at.user .. "|"
        end
        local ok, _, code = server:ports()
        return (ok and "true" or code) .. "|"
      end))
    ]]))
  end)

  -- faxd reads its file again, with these rights for the account of nginx. Who comes
  -- later finds all others looked up by them.
  local function reload(rights, act_for)
    faxd.write(folder, SETTINGS .. ("access = { { user = %q, rights = { %q }, act_for = %s } }\n")
      :format(helper.lines("id -un")[1], rights, tostring(act_for)))
    daemon:signal("HUP"):await("the configuration was read again")
    local sock = assert(unix.stream())
    sock:settimeout(60)
    assert(sock:connect(folder .. "/state/fax.sock"))
    assert(sock:send('{"id":1,"method":"hello","params":{"versions":[1,1]}}\n'))
    assert(sock:receive("*l"))
    sock:close()
  end

  it("rights are those that the last reload of the server has given", function()
    local ask = [[
      local ann = connect { user = "ann", rights = { "FAX_CONFIG_QUERY", "FAX_PORT_QUERY" } }
      local function try(server, method)
        local ok, _, code = server[method](server)
        return ok and "yes" or code
      end
      return ("%s %s %s"):format(try(connect(), "ports"), try(ann, "ports"),
        try(ann, "configuration"))
    ]]
    local NO = "ERROR_ACCESS_DENIED"
    assert.equal("yes yes yes", run(ask))
    reload("FAX_CONFIG_QUERY", true)
    assert.equal(("%s %s yes"):format(NO, NO), run(ask))
    reload("FAX_ALL_ACCESS", false)
    assert.equal(("yes %s %s"):format(NO, NO), run(ask))
    reload("FAX_ALL_ACCESS", true)
    assert.equal("yes yes yes", run(ask))
  end)

  it("an error is that of each", function()
    assert.equal(("ERROR_INVALID_PARAMETER "):rep(20), run([[
      local server = connect()
      return table.concat(at_once(20, function()
        return select(3, server:job(99999):info()) .. " "
      end))
    ]]))
  end)

  it("what was answered is let go of", function()
    assert.equal("true", run([[
      local server = connect()
      local function ask(from, to)
        for i = from, to do
          server:job(i):info()
        end
        collectgarbage()
        return collectgarbage("count")
      end
      local before = ask(1, 500)
      local grown = ask(501, 4500) - before -- KiB; one call is more than a tenth of one
      return tostring(grown < 200 or grown)
    ]]))
  end)

  it("each that begins to listen hears", function()
    assert.equal(("FEI_FAX_CONFIG_CHANGED "):rep(20), run([[
      local server, ready = connect(), 0
      return table.concat(at_once(21, function(i)
        if i == 21 then
          while ready < 20 do
            ngx.sleep(0.001)
          end
          assert(server:set_configuration { retries = 2 })
          return ""
        end
        local step = server:events "config"
        ready = ready + 1
        return step().name .. " "
      end))
    ]]))
  end)

  it("the end of the server is none of theirs", function()
    assert.equal("true", run("return connect():ports() and true"))
    daemon:signal("KILL"):finish()
    assert.equal("RPC_S_SERVER_UNAVAILABLE", web:run(
      ("return select(3, resty.connect { directory = %q })"):format(folder .. "/state")))
    start_server()
    assert.equal(("true "):rep(20), run([[
      local server = connect()
      return table.concat(at_once(20, function()
        return tostring(#assert(server:ports()) == LINES) .. " "
      end))
    ]]))
  end)

  it("the run of the server is the one that answers", function()
    local before = run("return (connect():boot())")
    daemon:signal("KILL"):finish()
    start_server()
    assert.not_equal(before, run("return (connect():boot())"))
  end)

  -- A request that is under way when its worker is to exit may be the first to ask.
  it("nginx ends when the first connections are made in a worker that is to exit", function()
    local other = nginx.start(1)
    local sock = other:open("/run", ([[
      repeat ngx.sleep(0.001) until ngx.worker.exiting()
      local server = assert(resty.connect { directory = %q })
      local ports = assert(server:ports())
      assert(server:ports())
      local _, _, code = server:on("any", function() end)
      return #ports .. " " .. tostring(code)
    ]]):format(folder .. "/state"))
    other:run("return 1")
    other:signal("QUIT")
    assert.matches("\r\n\r\n600 nil$", (sock:receive("*a")))
    sock:close()
    local status, text = other.child:finish()
    assert.equal(0, status, text)
  end)

  it("nginx ends at once when nobody waits", function()
    run("return connect():ports() and connect():on('any', function() end)")
    web:signal("HUP")
    local old = web.workers[1]
    web.workers = { web:await_worker() }
    web.child:await(("worker process %d exited with code 0"):format(old))
    assert.equal("true", run("return connect():ports() and true"))
  end)
end)
