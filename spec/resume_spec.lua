-- SPDX-License-Identifier: MIT
-- A client of a server in another process, while that ends and comes back.
local fax = require "fax"
local faxd = require "spec.support.faxd"
local helper = require "spec.helper"

describe("a client of faxd", function()
  local folder, child, path, manager, server

  local function start()
    child = faxd.start(path, manager.environment)
    child:await("^pid ")
    repeat until manager.hear():find("READY=1", 1, true)
  end

  local function stop(signal)
    child:signal(signal):finish()
    child = nil
  end

  before_each(function()
    folder = helper.folder()
    os.execute("mkdir " .. folder .. "/state")
    manager = faxd.manager(folder)
    path = faxd.write(folder, 'providers = { { name = "loopback", options = { lines = 2 } } }\n')
    start()
    server = assert(fax.connect { directory = folder .. "/state", start = false })
  end)

  after_each(function()
    server:close()
    fax.loop():close()
    if child then
      stop("KILL")
    end
    manager.close()
    helper.clean()
  end)

  -- Runs the loop until the list has an event of that kind.
  local function await(list, kind)
    local deadline = fax.clock.now() + 60
    while not (list[#list] and list[#list].kind == kind) do
      assert(fax.clock.now() < deadline, "no event of the kind " .. kind)
      assert(fax.loop():poll(1))
    end
    return list[#list]
  end

  local function listen()
    local list = {}
    local subscription = assert(server:on("any", function(event)
      list[#list + 1] = event
    end))
    return list, subscription
  end

  local function change()
    local port = assert(server:open_port(1, "modify"))
    assert(port:set { rings = 3 })
    port:close()
  end

  it("hears of its end and of its return, and what it may have missed", function()
    local list, subscription = listen()
    local boot = assert(server:boot())
    change()
    local last = await(list, "port")
    stop("KILL")
    assert.equal("FEI_FAXSVC_ENDED", await(list, "service").name)
    assert.is_false(subscription:closed())
    start()
    local gap = await(list, "gap")
    assert.is_true(gap.restarted)
    assert.equal(last.sequence, gap.after)
    assert.equal(gap.boot, (assert(server:boot())))
    assert.are_not.equal(boot, gap.boot)
    change()
    assert.equal("FEI_FAX_PORT_CHANGED", await(list, "port").name)
    subscription:close()
    assert.is_true(subscription:closed())
  end)

  -- EVT-6
  it("hears the last word of one that stops", function()
    local list, subscription = listen()
    stop("TERM")
    assert.equal("FEI_FAXSVC_ENDED", await(list, "service").name)
    subscription:close()
  end)

  it("waits for its job while the server is away", function()
    local job = assert(server:send(helper.pdf(folder), { to = "102", retries = 50,
      retry_delay = 0 }))
    local ok, why
    fax.loop():spawn(function()
      ok, why = job:wait(60)
    end)
    assert(fax.loop():poll(0))
    stop("KILL")
    start()
    fax.loop():run()
    assert.is_true(ok, why)
  end)

  it("ends with its handle while the server is away", function()
    local list, subscription = listen()
    stop("KILL")
    await(list, "service")
    server:close()
    fax.loop():run()
    assert.is_true(subscription:closed())
  end)

  it("says that a handle of before is none", function()
    local port = assert(server:open_port(1, "modify"))
    stop("KILL")
    local _, _, code = server:ports()
    assert.equal("RPC_S_SERVER_UNAVAILABLE", code)
    start()
    assert(server:ports())
    _, _, code = port:info()
    assert.equal("ERROR_INVALID_HANDLE", code)
    port:close()
  end)
end)
