-- SPDX-License-Identifier: MIT
-- Workers of providers in Lua: what loads and what does not, what they are given,
-- and every way in which they go.
local fax = require "fax"
local helper = require "spec.helper"
local support = require "spec.support.provider"

describe("a worker", function()
  local folder, stage, server, document, directory

  setup(function()
    folder = helper.folder()
    helper.tiff(folder, 1)
  end)

  teardown(helper.clean)

  before_each(function()
    stage = support.new(folder .. "/1.tif")
    server, document, directory = stage.server, stage.document, stage.directory
  end)

  after_each(function()
    stage:stop()
  end)

  local function try(options)
    local all = helper.merged({ name = "test", devices = { { name = "line 1" } },
      worker = "spec/support/worker.lua", args = { folder = directory } }, options)
    return fax.provider(all)
  end

  local function with(text)
    return try { worker = helper.write(directory .. "/fsp.lua", text) }
  end

  local function send(act)
    return assert(server:send(document, { to = "555", name = act }))
  end

  local function last_attempt(job)
    local attempts = assert(job:result()).attempts
    return attempts[#attempts]
  end

  local function outcome_of(act)
    local job = send(act)
    job:wait(100000)
    return last_attempt(job)
  end

  -- One operation that sleeps for an hour.
  local function asleep()
    local provider, sleeps = assert(try()), false
    server:on("job", function(event)
      sleeps = sleeps or event.phase == "dialing"
    end)
    local job = send("sleep 3600")
    while not sleeps do
      fax.loop():poll(100)
    end
    return provider, job
  end

  describe("whose file is bad is refused:", function()
    for what, case in pairs {
      ["no Lua"] = { "return {", "fsp.lua:1:.*expected", "ERROR_BAD_FORMAT" },
      ["an error"] = { "\nerror 'on purpose'", "fsp.lua:2: on purpose", "ERROR_BAD_FORMAT" },
      ["an error that is no text"] = { "error {}", "table: ", "ERROR_BAD_FORMAT" },
      ["no result"] = { "return", "must return a table of callbacks, not a nil",
        "ERROR_BAD_FORMAT" },
      ["no callbacks"] = { "return { start_job = print }", "'send' and 'receive' is missing",
        "ERROR_BAD_FORMAT" },
      ["no function"] = { "return { send = 1 }", "send must be a function, not a number",
        "ERROR_BAD_FORMAT" },
      ["a misspelling"] = { "return { sned = print }", "unknown callback 'sned', did you mean "
        .. "'send'", "ERROR_BAD_FORMAT" },
    } do
      it(what, function()
        local threads = helper.threads()
        local provider, why, code = with(case[1])
        assert.is_nil(provider)
        assert.matches("^fax.provider: worker .*" .. case[2], why)
        assert.equal(case[3], code)
        assert.equal(0, #server:ports())
        assert.equal(threads, helper.threads())
      end)
    end

    it("none", function()
      for _, name in ipairs { directory .. "/none.lua", "no.such.module" } do
        local provider, why, code = try { worker = name }
        assert.is_nil(provider)
        assert.matches("^fax.provider: worker .*" .. name:gsub("%W", "%%%0"), why)
        assert.equal("ERROR_FILE_NOT_FOUND", code)
      end
    end)

    it("in one state of several", function()
      helper.write(directory .. "/turn", "")
      local provider, why = try { workers = 3, worker = helper.write(directory .. "/fsp.lua", [[
        assert(os.rename((...).folder .. "/turn", (...).folder .. "/taken"))
        return { send = print }
      ]]) }
      assert.is_nil(provider)
      assert.matches("fsp.lua:1: .*No such file", why)
    end)
  end)

  it("may be a module in package.path, with its own requires", function()
    helper.write(directory .. "/my_fsp.lua", [[
      local part = require "my_part"
      return { send = function() return "FS_COMPLETED", { remote_id = part } end }
    ]])
    helper.write(directory .. "/my_part.lua", "return 'a part'")
    local path = package.path
    package.path = directory .. "/?.lua;" .. path -- luacheck: ignore 122
    local provider = assert(try { worker = "my_fsp" })
    package.path = path -- luacheck: ignore 122
    assert.equal("a part", outcome_of("x").remote_id)
    assert.same({ "FPF_SEND", "FPF_VIRTUAL" }, server:ports()[1].flags)
    provider:close()
    assert(provider:wait(10))
  end)

  it("may be started within a coroutine, and others of the loop go on", function()
    local turns, provider = 0, nil
    local loop = fax.loop()
    loop:spawn(function()
      provider = assert(try())
    end)
    loop:spawn(function()
      while not provider do
        turns = turns + 1
        coroutine.yield()
      end
    end)
    while not provider do
      loop:poll(10)
    end
    assert.is_true(turns > 0)
    assert.equal("operation 1", outcome_of("done").remote_id)
  end)

  it("is not started inside a plain callback, where nothing waits", function()
    local threads, err = helper.threads(), nil
    fax.loop():on_packet(function()
      err = select(2, pcall(function() fax.provider { name = "x", devices = { { name = "a" } },
        worker = "spec/support/worker.lua" } end))
    end)
    fax.loop():post(1)
    fax.loop():poll(0)
    assert.matches("provider_worker_life_spec.lua:%d+: cannot wait inside a callback", err)
    assert.equal(0, #server:ports())
    assert.equal(threads, helper.threads())
  end)

  it("has its own state", function()
    local file = helper.write(directory .. "/fsp.lua", [[
      seen = (seen or 0) + 1
      return { send = function(job)
        return "FS_COMPLETED", { remote_id = tostring(seen) .. tostring(mine) }
      end }
    ]])
    rawset(_G, "mine", "of the program")
    assert(try { worker = file })
    assert.equal("1nil", outcome_of("x").remote_id)
    rawset(_G, "mine", nil)
    assert.is_nil(rawget(_G, "seen"))
  end)

  describe("is given arguments:", function()
    local echo = [[
      local args = ...
      local function show(value)
        if type(value) ~= "table" then
          return type(value) .. " " .. tostring(value):gsub("[^ -~]", function(c)
            return ("<%d>"):format(c:byte())
          end)
        end
        local list = {}
        for key, one in pairs(value) do
          list[#list + 1] = show(key) .. "=" .. show(one)
        end
        table.sort(list)
        return "{" .. table.concat(list, " ") .. "}"
      end
      return { send = function() return "FS_BUSY", { advice = show(args) } end }
    ]]

    it("plain values, exactly", function()
      local same = { "a", 1, -2.5, 1e300, 1 / 3, true, [false] = "no", [7.5] = { { {} } },
        ["a\0b\n%"] = "\0\255\r\n", big = 2 ^ 53, inf = 1 / 0, minus = -1 / 0, twice = {} }
      same.also = same.twice
      local here = assert((rawget(_G, "loadstring") or load)(echo))(same)
      local _, expected = here.send()
      assert(try { args = same, worker = helper.write(directory .. "/fsp.lua", echo) })
      assert.equal(expected.advice, outcome_of("x").advice)
    end)

    it("none but those", function()
      local cycle = { { {} } }
      cycle[1][1].again = cycle
      local deep = {}
      for _ = 1, 200 do
        deep = { deep }
      end
      for text, args in pairs {
        ["args.f is a function; strings, numbers, booleans"] = { f = print },
        ["args%[1%]%[1%].again is a table that contains itself"] = cycle,
        ["args.a.b is a userdata"] = { a = { b = io.stdout } },
        ["has a table for its key"] = { [{}] = 1 },
        ["is nested deeper than 100 tables"] = deep,
        ["args must be a table, not a string"] = "x",
      } do
        local ok, err = pcall(function() fax.provider { name = "x", devices = { { name = "a" } },
          worker = "x", args = args } end)
        assert.is_false(ok)
        assert.matches("provider_worker_life_spec.lua:%d+: fax.provider: .*" .. text, err)
      end
    end)

    it("and options that fit together", function()
      for text, more in pairs {
        ["'send' belongs into the file of 'worker'"] = { worker = "x", send = print },
        ["'workers' needs the option 'worker'"] = { workers = 1, send = print },
        ["'args' needs the option 'worker'"] = { args = {}, send = print },
        ["workers must be a whole number from 1 to 1000"] = { worker = "x", workers = 0 },
        ["worker must be a string"] = { worker = print },
      } do
        more.name, more.devices = "x", { { name = "a" } }
        local ok, err = pcall(function() fax.provider(more) end)
        assert.is_false(ok)
        assert.matches("provider_worker_life_spec.lua:%d+: fax.provider: .*" .. text, err)
      end
      assert.equal(0, #server:ports())
    end)
  end)

  describe("goes", function()
    it("when its provider is closed, after its operation", function()
      local threads = helper.threads()
      local provider, job = asleep()
      provider:close()
      assert.is_true(job:wait(10000))
      assert.is_true(provider:wait(10))
      assert.equal(0, #server:ports())
      assert.equal(threads, helper.threads())
    end)

    it("with the loop of its provider, and its operation fails", function()
      local threads = helper.threads()
      local _, job = asleep()
      local before = fax.clock.now()
      fax.loop():close()
      job:wait(100)
      assert.equal("provider_lost", last_attempt(job).cause)
      assert.equal(before, fax.clock.now())
      assert.equal(threads, helper.threads())
    end)

    it("with the provider when that is collected", function()
      local threads = helper.threads()
      local loop, made, dialing = assert(fax.new_loop()), false, false
      loop:spawn(function()
        made = try() ~= nil
      end)
      while not made do
        loop:poll(10)
      end
      server:on("job", function(event)
        dialing = dialing or event.phase == "dialing"
      end)
      local job = send("sleep 3600")
      while not dialing do
        fax.loop():poll(100)
      end
      loop = nil -- luacheck: ignore 311
      collectgarbage()
      collectgarbage()
      job:wait(100)
      assert.equal("provider_lost", last_attempt(job).cause)
      assert.equal(threads, helper.threads())
    end)

    it("with the service, which aborts what is under way", function()
      local _, job = asleep()
      local aborted
      server:on("job", function(event)
        aborted = aborted or event.phase == "release"
      end)
      local before = fax.clock.now()
      assert(fax.service.stop { drain = 10, timeout = 30 })
      assert.equal(10, math.floor(fax.clock.now() - before + 0.5))
      assert.is_nil(job:result())
      fax.loop():poll(0)
      assert.is_true(aborted)
    end)

    it("not in a stop that lets it end", function()
      asleep()
      local before = fax.clock.now()
      assert(fax.service.stop { drain = 10000 })
      assert.is_true(fax.clock.now() - before >= 3600)
    end)

    it("in a stop inside a plain callback", function()
      asleep()
      local stopped
      fax.loop():on_packet(function()
        stopped = fax.service.stop { timeout = 30 }
      end)
      fax.loop():post(1)
      fax.loop():poll(0)
      assert.is_true(stopped)
    end)
  end)
end)

-- By the machine's clock, which a thread that does not come back does not stop.
describe("a program with a worker that does not come back", function()
  local folder

  before_each(function()
    folder = helper.folder()
    helper.tiff(folder, 1)
    helper.write(folder .. "/fsp.lua", [[
      return { send = function(job)
        job:status("FS_DIALING", { phase = "dialing" })
        if job.receiver_name == "done" then return "FS_COMPLETED" end
        local pipe = io.popen("echo $$; exec sleep 1000")
        local pid = pipe:read("*l")
        local file = io.open((...) .. "/pid", "w")
        file:write(pid)
        file:close()
        pipe:read("*a")
        pipe:close()
        return "FS_COMPLETED"
      end }
    ]])
    local text = helper.read(folder .. "/fsp.lua")
    helper.write(folder .. "/fsp.lua", "local folder = (...).folder\n"
      .. text:gsub("%(%.%.%.%) %.%.", "folder .."))
  end)

  after_each(function()
    local file = io.open(folder .. "/pid")
    if file then
      os.execute("kill " .. file:read("*a") .. " 2> /dev/null")
      file:close()
    end
    helper.clean()
  end)

  local function run(text)
    return helper.script(([[
      local fax = require "fax"
      local folder = %q
      local server = assert(fax.connect { directory = folder .. "/state", providers = {},
        retries = 0, abort_limit = 1 })
      local document = assert(server:prepare(folder .. "/1.tif"))
      local provider = assert(fax.provider { name = "stuck", devices = { { name = "a" },
        { name = "b" } }, worker = folder .. "/fsp.lua", args = { folder = folder } })
      local function send(act)
        return assert(server:send(document, { to = "555", name = act }))
      end
      local dialing
      server:on("job", function(event) dialing = dialing or event.phase == "dialing" end)
      local job = send("stuck")
      while not dialing do fax.loop():poll(30) end
    ]]):format(folder) .. text)
  end

  it("is told by a stop of the service which one that is", function()
    local done = run [[
      print(fax.service.stop { timeout = 0.1 })
    ]]
    assert.equal(0, done.status, done.err)
    assert.matches("^nil\tstopped, but threads did not end: of the provider stuck "
      .. "%(worker %d in send of job %d+%)\tERROR_TIMEOUT\n$", done.out)
  end)

  it("has its port out of use, and everything else goes on", function()
    local done = run [[
      assert(job:abort())
      print(select(3, job:wait(60)))
      print(job:result().attempts[1].cause)
      while server:ports()[1].state ~= "FPS_OFFLINE" do fax.loop():poll(0.1) end
      assert(send("done"):wait(60))
      io.popen("kill $(cat " .. folder .. "/pid)"):close()
      while server:ports()[1].state ~= "FPS_AVAILABLE" do fax.loop():poll(0.1) end
      assert(fax.service.stop())
      print("stopped")
    ]]
    assert.equal(0, done.status, done.err)
    assert.matches("^ERROR_CANCELLED\nprovider_stuck\n", done.out)
    assert.matches("\nstopped\n$", done.out)
  end)

  it("is interrupted while that loads its file", function()
    helper.write(folder .. "/load.lua", [[
      local args = ...
      os.execute("kill -INT " .. args.pid)
      local pipe = io.popen("echo $$ > " .. args.folder .. "/pid; exec sleep 1000")
      pipe:read("*a")
    ]])
    local done = helper.script(([[
      local fax = require "fax"
      local folder = %q
      assert(fax.connect { directory = folder .. "/state", providers = {} })
      local stat = io.open("/proc/self/stat")
      local pid = stat:read("*a"):match("^%%d+")
      stat:close()
      print(pcall(fax.provider, { name = "loads", devices = { { name = "a" } },
        worker = folder .. "/load.lua", args = { folder = folder, pid = pid } }))
    ]]):format(folder))
    assert.equal(0, done.status, done.err)
    assert.matches("^false\t.*interrupted!\n$", done.out)
  end)

  for ending, text in pairs { ["at its end"] = "",
    ["by a loop that is closed"] = "fax.loop():close()" } do
    it("ends " .. ending, function()
      local done = run(text)
      assert.equal(0, done.status, done.err)
      assert.equal("", done.err)
    end)
  end
end)
