-- SPDX-License-Identifier: MIT
-- fax.connect with services of other processes: the first program of a directory
-- has the service, those that come then are its clients.
local child = require "spec.support.child"
local fax = require "fax"
local helper = require "spec.helper"
local fails = helper.fails

-- Says whether it has the service, then what it hears.
local PROGRAM = [[
local fax = require "fax"
print("pid " .. io.open("/proc/self/stat"):read("*a"):match("%d+"))
local server, why = fax.connect { directory = os.getenv("FAX_DIRECTORY"), retries = 0,
  branding = false, loopback = { lines = 2, pace = arg[1] } }
print(not server and why or fax.service.running() and "owner" or "client")
io.stdout:flush()
server:on("received", function(one)
  print(("received %d pages"):format(one.pages))
  io.stdout:flush()
end)
fax.loop():run()
]]

describe("a second program in the directory", function()
  local folder, state, program, children

  before_each(function()
    folder = helper.folder()
    state = folder .. "/state"
    program = helper.write(folder .. "/program.lua", PROGRAM)
    children = {}
  end)

  after_each(function()
    for _, one in ipairs(children) do
      -- A client may have ended with the first, by itself.
      os.execute(("kill -KILL %d 2>/dev/null"):format(one.pid))
    end
    for _, one in ipairs(children) do
      one:finish()
    end
    helper.tear_down()
  end)

  local function start(pace)
    local one = child.command(("%s %s"):format(helper.interpreter, program), state,
      { pace or "fast" })
    children[#children + 1] = one
    return one
  end

  it("is the client of the first", function()
    local first = start()
    first:expect("owner")
    -- It says how its service would be, as the first did.
    local server = helper.connect { directory = state, loopback = { lines = 7 } }
    assert.is_false(fax.service.running())
    assert.equal(2, #assert(server:ports()))
    local started = {}
    server:on("job", function(event) started[event.job_id] = true end)
    local job = assert(server:send(helper.pdf(folder, 2), { to = "102", device = 1 }))
    assert(job:wait(60))
    assert.is_true(started[job.id])
    assert.equal(2, job:result().pages)
    first:expect("received 2 pages")
    assert.equal(1, #assert(server:inbox()))
    server:close()
  end)

  it("is one whichever of them came first", function()
    local owners, clients = 0, 0
    for _ = 1, 4 do
      start()
    end
    for _, one in ipairs(children) do
      local word = one:await("^%l+$")
      owners = owners + (word == "owner" and 1 or 0)
      clients = clients + (word == "client" and 1 or 0)
    end
    assert.same({ 1, 3 }, { owners, clients })
  end)

  it("starts nothing when it must not, or names a socket", function()
    fails("ERROR_SERVICE_NOT_ACTIVE", fax.connect { directory = state, start = false })
    local _, _, code = fax.connect { socket = state .. "/fax.sock" }
    assert.equal("ERROR_FILE_NOT_FOUND", code)
    assert.is_false(helper.exists(state .. "/lock"))
    start():expect("owner")
    for _, options in ipairs { { directory = state, start = false },
      { socket = state .. "/fax.sock" } } do
      local server = assert(fax.connect(options))
      assert.equal(2, #assert(server:ports()))
      server:close()
    end
  end)

  it("reaches another's server by its socket beside a service of its own", function()
    start():expect("owner")
    local own = helper.connect { loopback = { lines = 3 } }
    local other = assert(fax.connect { socket = state .. "/fax.sock" })
    assert.equal(3, #assert(own:ports()))
    assert.equal(2, #assert(other:ports()))
    other:close()
    own:close()
  end)

  it("has the service once the first was killed, and is told of its end before", function()
    local first = start("real")
    first:expect("owner")
    local server = helper.connect { directory = state }
    assert(server:send(helper.pdf(folder), { to = "102", device = 1 }))
    local ended = false
    server:on("service", function(event)
      ended = ended or event.name == "FEI_FAXSVC_ENDED"
    end)
    first:signal("KILL"):finish()
    children = {}
    while not ended do
      assert(fax.loop():poll(60) > 0)
    end
    fails("RPC_S_SERVER_UNAVAILABLE", server:ports())
    server:close()
    helper.connect { directory = state }:close()
  end)

  it("starts no service of its own there: that is the first's", function()
    local first = start()
    first:expect("owner")
    local why = fails("ERROR_SHARING_VIOLATION", fax.service.start { directory = state })
    assert.matches(("pid %d "):format(first.pid), why)
  end)
end)
