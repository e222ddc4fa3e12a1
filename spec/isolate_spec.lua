-- SPDX-License-Identifier: MIT
-- Providers in child processes: `isolate` of the providers of fax.connect.

local fax = require "fax"
local helper = require "spec.helper"

-- The fax-host processes of this one: pid -> true.
local function hosts()
  local own = helper.read("/proc/self/stat"):match("^%d+")
  local list = {}
  for _, pid in ipairs(helper.lines(("pgrep -P %s -x fax-host || true"):format(own))) do
    list[#list + 1] = tonumber(pid)
  end
  return list
end

describe("an isolated provider", function()
  after_each(helper.tear_down)

  local function connect(isolate, options)
    options = options or {}
    options.lines = options.lines or 2
    return helper.connect { providers = {
      { name = "loopback", isolate = isolate, options = options } } }
  end

  local function send(server, path)
    local received
    server:on("received", function(event) received = event.path end)
    local job = assert(server:send(path, { to = "102", device = 1 }))
    assert.is_true(job:wait(600))
    while not received do
      assert(assert(fax.loop():poll(60)) > 0)
    end
    return assert(job:result()), received
  end

  -- The processes of lines but the first are there when these can be used.
  local function use(server, number, ...)
    local path = helper.tiff(helper.folder(), 1)
    for i = 1, select("#", ...) do
      local job = assert(server:send(path, { to = number, device = (select(i, ...)) }))
      assert.is_true(job:wait(600))
    end
  end

  it("sends and receives as one in this process does", function()
    local server = connect(2)
    assert.equal(1, #hosts())
    local path = helper.tiff(helper.folder(), 3)
    local result, received = send(server, path)
    assert.equal("completed", result.outcome)
    assert.equal(3, result.attempts[1].pages_confirmed)
    local done = helper.run(("%s/spec/compare %s %s"):format(helper.build, received, path))
    assert.equal(0, done.status)
  end)

  it("has a process for each group of lines, and leaves none behind", function()
    use(connect(2, { lines = 5 }), "+999 9999 100", 1, 3, 5)
    assert.equal(3, #hosts())
    helper.stop()
    assert.same({}, hosts())
  end)

  it("is in this process with isolate = false, and without", function()
    connect(false)
    assert.same({}, hosts())
    helper.stop()
    connect(nil)
    assert.same({}, hosts())
  end)

  it("takes the same time of the virtual clock", function()
    local function line_time(isolate)
      assert(fax.clock.virtual(1767268800))
      local server = connect(isolate, { pace = "real" })
      local path = helper.tiff(helper.folder(), 2)
      local before = fax.clock.now()
      assert.equal("completed", send(server, path).outcome)
      local took = fax.clock.now() - before
      helper.stop()
      fax.clock.real()
      return took
    end
    local took = line_time(false)
    assert.is_true(took > 30)
    assert.is_true(math.abs(took - line_time(2)) < 1e-6)
  end)

  it("may come while the service runs", function()
    local server = connect(false)
    local provider = assert(server:load_provider { name = "more", isolate = 2,
      options = { pages = 1 }, path = helper.build .. "/spec/fsp/hosted.so" })
    use(server, "100", 300, 302)
    assert.equal(2, #hosts())
    provider:close()
  end)

  it("says itself how many calls its processes are to have", function()
    local server = helper.connect { providers = {
      { name = "hosted", path = helper.build .. "/spec/fsp/hosted.so",
        options = { lines = 5, pages = 1 } } } }
    use(server, "100", 300, 302, 304)
    assert.equal(3, #hosts())
  end)

  -- The processes have the standard error of their parent: its end is theirs.
  it("does not outlive the program that it is hosted for", function()
    local folder = helper.folder()
    local script = helper.write(folder .. "/killed.lua", ([[
      local fax = require "fax"
      assert(fax.connect { directory = %q, providers = {
        { name = "loopback", isolate = 1, options = { lines = 3 } } } })
      io.stderr:write("connected\n")
      os.execute("kill -9 $PPID")
    ]]):format(folder))
    local pipe = assert(io.popen(("{ env %s %s %s >/dev/null; } 2>&1")
      :format(helper.environment(), helper.interpreter, script)))
    local said = pipe:read("*a")
    pipe:close()
    assert.matches("^connected\n", said)
    connect(false)
  end)

  it("refuses to load as one in this process does", function()
    for _, isolate in ipairs { false, 1 } do
      local ok, why, code = fax.connect { directory = helper.folder(), providers = {
        { name = "loopback", isolate = isolate, options = { nonsense = 1 } } } }
      assert.is_nil(ok)
      assert.equal("ERROR_INVALID_PARAMETER", code)
      assert.matches("nonsense", why)
    end
  end)

  it("wants a number from 1, or false", function()
    for _, bad in ipairs { 0, -1, 1.5, "2", true } do
      local ok, why = pcall(connect, bad)
      assert.is_false(ok)
      assert.matches("isolate must be a number from 1, or false", why)
    end
    connect(false)
  end)
end)
