-- SPDX-License-Identifier: MIT
-- faxd as a process: what it says of its file, its manager, signals, its end.
local faxd = require "spec.support.faxd"
local helper = require "spec.helper"

local ONE_LINE = 'providers = { { name = "loopback", options = { lines = 1%s } } }\n'

describe("faxd", function()
  local folder, child

  before_each(function()
    folder = helper.folder()
    os.execute("mkdir " .. folder .. "/state")
  end)

  after_each(function()
    if child then
      child:signal("KILL"):finish()
      child = nil
    end
    helper.clean()
  end)

  local function start(text, before)
    child = faxd.start(faxd.write(folder, text), before)
    return child
  end

  -- Its status, once it has ended by itself.
  local function ended()
    local status, text = child:finish()
    child = nil
    return status, text
  end

  it("has a file to begin with, without an error", function()
    local done = faxd.run("--check examples/service/faxd.lua")
    assert.equal("", done.err)
    assert.equal(0, done.status)
  end)

  it("says all that is wrong with a file, and where", function()
    local path = faxd.write(folder, table.concat({
      "drian = 5",
      "branding = yes",
      'log = { to = "here",',
      '  levle = "info" }',
      "providers = {",
      '  { path = "/nowhere.so" },',
      '  { name = "loopback",',
      "    isolate = true } }",
      "ports = { one = {",
      "  rings = -1 } }",
      "dialling = { routes = {",
      '  { prefx = "1" } } }',
      "policy = { busy = {",
      "  growth = 0.5 } }",
      "access = {",
      '  { rights = { "FAX_EVERYTHING" } } }',
      "retention = { record_days = 1.5 }",
      'inbox = "relative"',
    }, "\n"))
    local done = faxd.run("--check " .. path)
    assert.equal(1, done.status)
    local said = done.err:gsub(path:gsub("%p", "%%%0") .. ":", "")
    for _, wanted in ipairs {
      "2: unknown setting 'drian', did you mean 'drain'?",
      "3: 'yes' has no value here; a text stands in quotes",
      "4: log.to must be",
      "5: unknown setting 'log.levle', did you mean 'level'?",
      "7: providers[1]: 'name' is missing",
      "9: providers[2].isolate must be",
      "11: ports.one.rings must be",
      "13: unknown setting 'dialling.routes[1].prefx', did you mean 'prefix'?",
      "15: policy.busy.growth must be",
      "17: access[1].rights: 'FAX_EVERYTHING' is not",
      "17: a rule of access is for a user or for a group",
      "18: retention.record_days must be",
      "19: inbox must be a full path",
    } do
      assert.is_truthy(("\n" .. said):find("\n" .. wanted, 1, true), wanted .. "\n" .. said)
    end
  end)

  it("says what only the library or the disk knows, with the line too", function()
    local function wrong(text)
      local path = faxd.write(folder, text)
      local done = faxd.run("--check " .. path)
      assert.equal(1, done.status)
      return (done.err:gsub(path:gsub("%p", "%%%0") .. ":", ""))
    end
    assert.matches("^4: dialling.country is", wrong('\n\ndialling = { country = "x" }'))
    assert.matches("^3: providers%[1%]: there is no fsp/none.so",
      wrong('\nproviders = { { name = "none" } }'))
    assert.matches("^3: .*expected", wrong("\nproviders = = 1"))
    assert.matches("^2: ", wrong("error('no')"))
    assert.matches("^3: attempt to call .*execute", wrong("\nx = os.execute('true')"))
    assert.matches("does not come to an end", wrong("while true do end"))
    assert.matches("No such file", faxd.run("--check /none.lua").err)
  end)

  it("prints a configuration that gives itself again", function()
    local path = faxd.write(folder, 'ports = { ["a \\"b"] = { rings = 2 } }\nidle = 5\n')
    local printed = faxd.run("--print " .. path)
    assert.equal(0, printed.status, printed.err)
    assert.matches('ports = { %["a \\"b"%] = { rings = 2 } }', printed.out)
    assert.matches("drain = 300", printed.out)
    local again = faxd.run("--print " .. helper.write(folder .. "/again.lua", printed.out))
    assert.equal(printed.out, again.out)
  end)

  it("tells its manager that it is ready, reads its file again, and stops", function()
    local manager = faxd.manager(folder)
    start("idle = 0", manager.environment)
    child:await("^pid")
    assert.equal("READY=1\nSTATUS=Ready", manager.hear())
    child:signal("HUP")
    assert.matches("^RELOADING=1\n.*\nMONOTONIC_USEC=%d+$", manager.hear())
    assert.matches("^READY=1", manager.hear())
    child:signal("TERM")
    assert.matches("^STOPPING=1", manager.hear())
    assert.equal(0, ended())
    manager.close()
  end)

  it("changes what it can on HUP, and keeps what it had when the file is wrong", function()
    start(ONE_LINE:format("") .. 'ports = { ["loopback line 7"] = { csid = "one" } }')
    child:await("started .*ports=1")
    faxd.write(folder, ONE_LINE:format(", pace = \"real\"") .. 'drain = "long"')
    child:await("there is no port 'loopback line 7' yet")
    child:signal("HUP"):await("faxd.lua:3: drain must be")
    child:await("the configuration is not changed")
    faxd.write(folder, ONE_LINE:format(", pace = \"real\"") .. 'log = { level = "debug" }')
    child:signal("HUP"):await("the configuration was read again")
    child:await("needs a restart: provider loopback")
    faxd.write(folder, "providers = {}")
    child:signal("HUP"):await("unloaded provider=loopback")
    child:signal("TERM")
    assert.equal(0, ended())
  end)

  it("lets in whom its rules let in, those of another file after HUP", function()
    local function connects()
      return helper.run(("env %s FAX_DIRECTORY=%s/state %s -e %s"):format(helper.environment(),
        folder, helper.interpreter, helper.quote("local _, why, code = "
        .. "require('fax.core').connect() print(why, code)"))).out
    end
    start("")
    child:await("started")
    assert.matches("^nil", connects())
    faxd.write(folder, 'access = { { group = "nobody-is-in-this", rights = { 4 } } }')
    child:signal("HUP"):await("the configuration was read again")
    assert.matches("ERROR_ACCESS_DENIED", connects())
    faxd.write(folder, 'access = { { user = "' .. helper.lines("id -un")[1]
      .. '", rights = { "FAX_CONFIG_QUERY" } } }')
    child:signal("HUP"):await("the configuration was read again")
    assert.matches("^nil", connects())
    local refused = helper.faxctl("ports --directory " .. folder .. "/state")
    assert.equal(1, refused.status)
    assert.matches("the right FAX_PORT_QUERY is missing\n  `access` in the server's file",
      refused.err)
    child:signal("TERM")
    assert.equal(0, ended())
  end)

  it("lets a call end on TERM, and keeps the job", function()
    faxd.queue(folder, "+9999999102")
    start(ONE_LINE:format(', pace = "real", no_answer = 1'))
    child:await("sends job=1")
    child:signal("TERM"):await("what is under way has 300 s to end")
    child:await("attempt ended job=1 .*cause=no_answer")
    child:await("stopped$")
    assert.equal(0, ended())
    start(ONE_LINE:format(""))
    child:await("started")
    child:signal("TERM")
    assert.equal(0, ended())
  end)

  it("aborts it on a second TERM", function()
    faxd.queue(folder, "+9999999102")
    start(ONE_LINE:format(', pace = "real", no_answer = 60'))
    child:await("sends job=1")
    child:signal("TERM"):await("stopping; ")
    child:signal("TERM"):await("a second signal")
    child:await("stopped$")
    assert.equal(0, ended())
  end)

  it("goes on with a call while the file is read again", function()
    faxd.queue(folder, "+9999999102")
    local text = ONE_LINE:format(', pace = "real", no_answer = 1')
    start(text)
    child:await("sends job=1")
    faxd.write(folder, text .. 'dialling = { country = "49", international = "00" }\n'
      .. "limits = { calls_per_number = 3, priority_step = 5 }")
    child:signal("HUP"):await("the configuration was read again")
    child:await("attempt ended job=1 .*cause=no_answer")
    child:signal("TERM")
    assert.equal(0, ended())
  end)

  it("refuses a directory that is another's, and says whose", function()
    start("")
    child:await("started")
    local second = faxd.run(folder .. "/faxd.lua")
    assert.equal(1, second.status)
    assert.matches(("another process, pid %d %%(%s faxd%%), user "):format(child.pid,
      (helper.interpreter:gsub("%p", "%%%0"))), second.err)
    child:signal("INT")
    assert.equal(0, ended())
  end)

  it("takes the socket of its manager, and ends when nobody wants it", function()
    local listener = assert(require("socket.unix").stream())
    assert(listener:bind(folder .. "/state/fax.sock"))
    assert(listener:listen())
    local path = faxd.write(folder, "idle = 1")
    child = faxd.start(path, ("exec 3<&%d; LISTEN_PID=$$ LISTEN_FDS=1"):format(
      listener:getfd()))
    child:await("started")
    listener:close()
    local reached = helper.run(("env %s FAX_DIRECTORY=%s/state %s -e %s"):format(
      helper.environment(), folder, helper.interpreter,
      helper.quote("assert(require('fax.core').connect()):close()")))
    assert.equal(0, reached.status, reached.err)
    child:await("nothing is left to do")
    assert.equal(0, ended())
  end)

  it("logs JSON, one object a line, and a new file after USR1", function()
    local log = folder .. "/faxd.log"
    local manager = faxd.manager(folder)
    start(('log = { to = %q, format = "json" }'):format(log), manager.environment)
    child:await("^pid")
    assert.matches("^READY=1", manager.hear())
    assert(os.rename(log, log .. ".1"))
    child:signal("USR1"):signal("TERM") -- they are read in this order
    assert.equal(0, ended())
    manager.close()
    assert.is_truthy(helper.read(log):find("opened again", 1, true))
    local lines = 0
    for _, file in ipairs { log .. ".1", log } do
      for line in io.lines(file) do
        local object = assert(require("dkjson").decode(line))
        assert.matches("^%d+%-%d%d%-%d%dT%d%d:%d%d:%d%d%.%d%d%dZ$", object.time)
        assert.is_truthy(object.room and object.text and object.level and object.category)
        lines = lines + 1
      end
    end
    assert.is_true(lines >= 4)
  end)

  it("logs to a syslog daemon", function()
    local socket = assert(require("socket.unix").dgram())
    assert(socket:bind(folder .. "/log"))
    socket:settimeout(60)
    local done = helper.script([[
      local fax = require "fax"
      assert(fax.service.start { directory = arg[1] .. "/state", providers = {}, socket = "",
        log = "syslog:" .. arg[1] .. "/log" })
      assert(fax.service.note("warn", "spec", 'says "so"'))
      assert(fax.service.stop())
    ]], folder)
    assert.equal(0, done.status, done.err)
    assert.matches("^<30>%u%l%l +%d+ %d%d:%d%d:%d%d faxd%[%d+%]: service: started ",
      socket:receive())
    assert.matches('^<28>.*: spec: says "so"$', socket:receive())
    socket:close()
  end)

  it("has a script for OpenRC that a shell can read", function()
    assert.equal(0, helper.run("sh -n examples/service/faxd.initd").status)
  end)

  it("has every option in its manual", function()
    local manual = helper.read("docs/faxd.8"):gsub("\\", "")
    for flag in faxd.run("--help").out:gmatch("\n  [^\n]-(%-%-[%w-]+)") do
      assert.is_truthy(manual:find(flag, 1, true), flag)
    end
    for key in pairs(require("fax.daemon.schema").description.fields) do
      assert.is_truthy(manual:find("\n.B " .. key .. "\n", 1, true), key)
    end
  end)
end)
