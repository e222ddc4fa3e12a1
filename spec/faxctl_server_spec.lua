-- SPDX-License-Identifier: MIT
-- faxctl and a server in another process: what each command asks it, and what it
-- says when the server goes.
local child = require "spec.support.child"
local dkjson = require "dkjson"
local helper = require "spec.helper"
local fax_server = require "spec.support.fax_server"

describe("faxctl with a server", function()
  local folder, server, document

  local function start(option)
    folder = helper.folder()
    document = helper.pdf(folder)
    server = fax_server.start(folder, option)
  end

  local function kill()
    server:signal("KILL"):finish()
    server = nil
  end

  after_each(function()
    if server then
      kill()
    end
    helper.clean()
  end)

  local function runs(status, arguments)
    local done = fax_server.faxctl(folder, arguments)
    assert.equal(status, done.status, done.err .. done.out)
    return done
  end

  -- A job that waits for `release`; gives its number.
  local function held()
    return runs(0, ("send %s --to 102 --hold"):format(document)).out:match("^held: job (%d+)")
  end

  it("hands a fax over, and says its number", function()
    start()
    local done = runs(0, ("send %s --to 102 --subject 'An offer'"):format(document))
    local id = done.out:match("^accepted: job (%d+) to 102\n$")
    assert.is_string(id, done.out)
    assert.equal("", done.err)
    -- It may be on the line by now, or through.
    assert.matches(("^job %s, out, %%l+\nnumber +102"):format(id:gsub("%.", "")),
      (runs(0, "show " .. id).out:gsub("\nstate [^\n]*", "")))
  end)

  it("stays with it when asked to, to its end", function()
    start()
    local done = runs(0, ("send %s --wait --to 102 --exchange"):format(document))
    assert.matches("page 1 of 1, 14400 bit/s ECM", done.err)
    assert.matches("<%-%- MCF\n.*\ndelivered: job 1, 1 pages to 102", done.out)
    done = runs(1, ("send %s --wait --json --quiet --to 999"):format(document))
    assert.matches('"code":"ERROR_FAX_FAILED"', done.out)
    done = runs(0, "show 1 --exchange")
    assert.matches("^job 1, out, completed\n", done.out)
    assert.matches("\nattempt 1, .* 1 pages confirmed, 14400 bit/s ECM\n.*<%-%- MCF", done.out)
    local shown = assert(dkjson.decode(runs(0, "show 1 --json").out))
    assert.equal("MCF", shown.attempts[1].timeline[8].frame)
    assert.equal("102", shown.attempts[1].remote_id)
  end)

  it("lists, holds, releases and cancels the server's jobs", function()
    start()
    local id = held()
    assert.matches("\n +" .. id .. " +out +102 +1 +paused", runs(0, "jobs").out)
    assert.matches('"job_id":' .. id, runs(0, "jobs --json").out)
    assert.equal(("cancelled: job %s\n"):format(id), runs(0, "cancel " .. id).out)
    assert.matches("^job %d+, out, cancelled\n", runs(0, "show " .. id).out)
    local second, third = held(), held()
    assert.equal(("released: job %s\n"):format(second), runs(0, "release " .. second).out)
    assert.equal(("resumed: job %s\n"):format(third), runs(0, "resume " .. third).out)
    id = runs(0, ("send %s --to 102 --hold --json"):format(document)).out:match('"job_id":(%d+)')
    assert.equal(("paused: job %s\n"):format(id), runs(0, "pause " .. id).out)
    assert.matches("'x' is not the number of a job", runs(2, "cancel x").err)
    assert.matches("name a job", runs(2, "pause").err)
    assert.matches("faxctl: ", runs(1, "show 4711").err)
    assert.matches("faxctl: ", runs(1, "cancel 4711").err)
  end)

  it("shows what else the server has", function()
    start()
    runs(0, ("send %s --wait -q --to 102"):format(document))
    assert.matches("\n2 +loopback line 2", runs(0, "ports").out)
    assert.matches("fax_build_info", runs(0, "metrics").out)
    assert.matches('\nfax_submissions_total 1\n', runs(0, "metrics").out)
    assert.matches("\nnormal form +102\n", runs(0, "dial 102").out)
    assert.matches("\n102 +1 +0 ", runs(0, "numbers").out)
    assert.matches("102 +1/1 +%d+ +14400 +completed", runs(0, "log --out").out)
    assert.matches("^job 1 to 102: it was delivered\n", runs(0, "policy explain 1").out)
    runs(0, "archive")
    local socket = ("--socket %s/state/fax.sock"):format(folder)
    assert.matches("loopback line 1", runs(0, "ports " .. socket).out)
    assert.matches("^faxctl: .*none.sock", runs(1, "jobs --socket none.sock").err)
    for _, line in ipairs { "ports --line-option lines=3", "policy explain 1 --retries 3",
      "inbox --inbox /tmp", ("send %s --to 102 --no-branding"):format(document) } do
      assert.matches("^faxctl: %-%-[%l-]+ is for a service that is started here", runs(1, line).err)
    end
  end)

  it("follows the events, over an end of the server", function()
    start()
    local heard = fax_server.follow(folder, "events --kind received --limit 1 --json")
    heard:await("listening to the server")
    local all = fax_server.follow(folder, "events --device 1")
    all:await("listening to the server")
    runs(0, ("send %s --to 102 --device 1"):format(document))
    local event = assert(dkjson.decode(heard:await("^{")))
    assert.equal("received", event.kind)
    assert.equal(2, event.device_id)
    assert.equal(0, (heard:finish()))
    all:await("job +deleted +job 1, attempt 1, port 1, .*confirmed 1,.*outcome completed$")
    assert.equal(1, #helper.lines(("ls %s/state/inbox/*.tif"):format(folder)))
    assert.matches(event.path, runs(0, "inbox").out, 1, true)
    kill()
    all:await("service +faxsvc_ended")
    server = fax_server.start(folder)
    all:await("gap +fax_missed +after %d+$")
    assert.equal(130, (all:signal("INT"):finish()))
  end)

  it("waits with a fax until the server is back", function()
    start("pace=real")
    local waiting = fax_server.follow(folder, ("send %s --wait --to 102"):format(document))
    waiting:await("^ringing")
    kill()
    waiting:await("^the server has ended, waiting until it is back")
    server = fax_server.start(folder)
    waiting:await("^delivered: job 1, 1 pages to 102")
    assert.equal(0, (waiting:finish()))
  end)

  it("does not abort where no server is", function()
    start("pace=real")
    local waiting = fax_server.follow(folder, ("send %s --wait --to 102"):format(document))
    waiting:await("^ringing")
    kill()
    waiting:await("^the server has ended")
    local status, text = waiting:signal("INT"):finish()
    assert.equal(130, status)
    assert.matches("faxctl: job 1 was not aborted: .*no fax server answers", text)
  end)

  it("aborts its call on Ctrl-C, at the server", function()
    start("pace=real")
    local waiting = fax_server.follow(folder, ("send %s --wait --to 102"):format(document))
    waiting:await("^ringing")
    local status, text = waiting:signal("INT"):finish()
    assert.equal(130, status, text)
    assert.matches("^job 1, out, cancelled\n", runs(0, "show 1").out)
  end)

  it("shows ports and jobs in a terminal until q, and once elsewhere", function()
    start("pace=real")
    local id = held()
    assert.matches("\n +1 +loopback line 1 +available.*\n +" .. id .. " +out +102 +1 +paused",
      runs(0, "top").out)
    local typed = folder .. "/typed"
    assert(os.execute("mkfifo " .. typed))
    local keys = assert(io.open(typed, "r+"))
    local top = helper.write(folder .. "/top.sh", ([[
      echo pid $$; stty rows 30 cols 100; before=$(stty -g)
      env %s FAX_DIRECTORY=%s/state %s lua/bin/faxctl top; echo ended $?
      test "$(stty -g)" = "$before" && echo as before
    ]]):format(helper.environment(), folder, helper.interpreter))
    local shown = child.plain(("script -qfec 'sh %s' /dev/null < %s"):format(top, typed))
    shown:await("\27%[%?1049h")
    shown:await("loopback line 1 +available +%- ")
    runs(0, ("send %s --to 102 --device 1"):format(document))
    shown:await("loopback line 1 +dialing +%d+ +ringing")
    keys:write("q")
    keys:close()
    local status, text = shown:finish()
    assert.equal(0, status)
    assert.matches("\27%[%?1049lended 0\r\nas before", text)
  end)
end)
