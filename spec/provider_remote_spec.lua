-- SPDX-License-Identifier: MIT
-- A provider in a script, attached to a faxd that runs already.
local fax = require "fax"
local faxd = require "spec.support.faxd"
local helper = require "spec.helper"

describe("a provider in a client of faxd", function()
  local folder, child, manager, server

  before_each(function()
    folder = helper.folder()
    os.execute("mkdir " .. folder .. "/state")
    manager = faxd.manager(folder)
    child = faxd.start(faxd.write(folder, "providers = {}\n"), manager.environment)
    child:await("^pid ")
    repeat until manager.hear():find("READY=1", 1, true)
    server = assert(fax.connect { directory = folder .. "/state", start = false })
  end)

  after_each(function()
    server:close()
    fax.loop():close()
    child:signal("KILL"):finish()
    manager.close()
    helper.clean()
  end)

  it("sends and receives", function()
    local sent
    local provider = assert(fax.provider {
      name = "mine", devices = { { name = "line" } }, server = server,
      send = function(job)
        sent = { number = job.number, bytes = helper.read(job.file) }
        job:status("FS_DIALING")
        return "FS_COMPLETED", { pages_confirmed = 1 }
      end,
      receive = function(job)
        local file = assert(io.open(job.file, "wb"))
        file:write(sent.bytes)
        file:close()
        return "FS_COMPLETED", { pages_confirmed = 1, remote_id = "sender" }
      end,
    })
    local job = assert(server:send(helper.pdf(folder, 1), { to = "4711" }))
    assert(job:wait(60))
    assert.equal("4711", sent.number)
    assert.equal("II", sent.bytes:sub(1, 2))
    local received
    assert(server:on("received", function(event)
      received = event
    end))
    assert(provider.devices[1]:ring { rings = 2 })
    while not received do
      assert(fax.loop():poll(60))
    end
    assert.equal("sender", received.tsid)
    assert.equal(1, #assert(server:inbox()))
    provider:close()
  end)

  it("goes with its script", function()
    local other = helper.script([[
      local fax = require "fax"
      local server = assert(fax.connect { directory = arg[1], start = false })
      assert(fax.provider { name = "mine", devices = { { name = "line" } }, server = server,
        send = function(job)
          os.exit(7, false)
        end })
      assert(server:send(arg[2], { to = "4711", retries = 0 }))
      fax.loop():run()
    ]], ("%s/state %s"):format(folder, helper.pdf(folder, 1)))
    assert.equal(7, other.status)
    local deadline, cause = fax.clock.now() + 60, nil
    repeat
      for record in server:records() do
        cause = record.cause
      end
      assert(fax.clock.now() < deadline, "no record of its call")
    until cause
    assert.equal("provider_lost", cause)
  end)

  local function await(what, fn)
    local deadline = fax.clock.now() + 60
    while not fn() do
      assert(fax.clock.now() < deadline, what)
      fax.clock.wait(0.01)
    end
  end

  -- What it had loaded and decided is as after a close.
  it("takes with it what it had loaded, and its policy", function()
    local other = helper.script([[
      local fax = require "fax"
      local server = assert(fax.connect { directory = arg[1], start = false })
      local loaded = assert(server:load_provider { name = "loopback", options = { lines = 2 } })
      print(#loaded.devices, #server:ports())
      local asked
      assert(server:policy(function(_, attempts, cause)
        asked = cause
        return #attempts < 2 and 0
      end))
      local job = assert(server:send(arg[2], { to = "+9999999101", retries = 0 }))
      job:wait(60)
      print(asked, #job:result().attempts)
      io.stdout:flush()
      os.exit(7, false)
    ]], ("%s/state %s"):format(folder, helper.pdf(folder, 1)))
    assert.equal(7, other.status, other.err)
    assert.equal("2\t2\nbusy\t2\n", other.out)
    await("its lines stay", function()
      return #server:ports() == 0
    end)
    await("its policy stays", function()
      local policy, _, code = server:policy(function() end)
      assert(policy or code == "ERROR_ALREADY_EXISTS")
      return policy
    end)
    await("its provider stays", function()
      return (server:load_provider { name = "loopback", options = { lines = 2 } })
    end)
  end)

  it("needs the right to attach, to load and to decide", function()
    local narrow = assert(fax.connect { directory = folder .. "/state", start = false,
      rights = { "FAX_JOB_SUBMIT" } })
    helper.fails("ERROR_ACCESS_DENIED", narrow:load_provider { name = "loopback" })
    helper.fails("ERROR_ACCESS_DENIED", narrow:policy(function() end))
    narrow:close()
  end)
end)
