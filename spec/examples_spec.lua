-- SPDX-License-Identifier: MIT
-- Every example runs.
local fax = require "fax"
local helper = require "spec.helper"

describe("the example", function()
  local folder, path

  before_each(function()
    folder = helper.folder()
    path = helper.pdf(folder, 2)
  end)

  after_each(helper.clean)

  local function lua(script, arguments)
    return helper.run(("timeout 60 env %s %s examples/%s %s"):format(helper.environment(),
      helper.interpreter, script, arguments))
  end

  it("send.lua delivers, or says why not", function()
    local done = lua("send.lua", path .. " 102 " .. folder .. "/state")
    assert.equal(0, done.status, done.err)
    assert.matches("page 2 of 2", done.out)
    assert.matches("attempt 1: FS_COMPLETED, 2 pages confirmed\ndelivered", done.out)
    done = lua("send.lua", path .. " 999 " .. folder .. "/state")
    assert.equal(1, done.status)
    assert.matches("not delivered: .*ERROR_FAX_FAILED", done.err)
    assert.equal(2, lua("send.lua", "").status)
  end)

  it("on_receive.lua prints what comes in", function()
    local done = lua("on_receive.lua", path .. " 2 " .. folder .. "/state")
    assert.equal(0, done.status, done.err)
    assert.equal(2, select(2, done.out:gsub("2 pages from 101, line 2", "")))
    assert.equal(2, select(2, done.out:gsub("in the inbox:", "")))
  end)

  it("broadcast.lua shows what became of each", function()
    local done = lua("broadcast.lua", path .. " 102,103,104 " .. folder .. "/state")
    assert.equal(0, done.status, done.err)
    assert.matches("^3 jobs are queued\n", done.out)
    assert.equal(3, select(2, done.out:gsub("page 2 of 2\n", "")))
    assert.equal(3, select(2, done.out:gsub("\n%d+ +10[234] +completed +2", "")))
    done = lua("broadcast.lua", path .. " 102,999 " .. folder .. "/state")
    assert.equal(1, done.status)
    assert.matches("\n%d+ +102 +completed +2", done.out)
    assert.matches("\n%d+ +999 +failed +0  job %d+: .*999", done.out)
    done = lua("broadcast.lua", folder .. "/none.pdf 102 " .. folder .. "/state")
    assert.equal(1, done.status)
    assert.matches("none.pdf.*ERROR_FILE_NOT_FOUND", done.err)
    assert.equal(2, lua("broadcast.lua", path).status)
  end)

  it("queue.lua schedules, pauses, resumes, restarts and deletes", function()
    local done = lua("queue.lua", path .. " " .. folder .. "/state")
    assert.equal(0, done.status, done.err)
    assert.equal(2, select(2, done.out:gsub("job %d+ to 102: JS_PAUSED", "")))
    assert.matches("will not be tried again:.*to 999: JS_RETRIES_EXCEEDED", done.out)
    assert.matches("job %d+: 2 attempts", done.out)
    assert.matches("at the end:\n$", done.out)
    assert.equal(2, lua("queue.lua", "").status)
  end)

  it("lua_fsp.lua sends by a provider of its own, and receives", function()
    local done = lua("lua_fsp.lua", path .. " 555-1234 " .. folder .. "/state")
    assert.equal(0, done.status, done.err)
    assert.equal("", done.err)
    assert.matches("^page 1: 1728 x %d+ pixels\npage 2: .*\ndelivered\n", done.out)
    assert.matches("received from 555%-1234: 2 pages\n$", done.out)
    done = lua("lua_fsp.lua", path .. " 555-1230 " .. folder .. "/state")
    assert.equal(0, done.status, done.err)
    assert.matches("delivered\n", done.out)
    assert.equal(2, lua("lua_fsp.lua", path).status)
  end)

  it("blocking_fsp.lua hands faxes to a command, two at once", function()
    -- The first waits until the second has come.
    helper.write(folder .. "/send.sh", ([[
      cd %s
      test -s "$1" || exit 3
      case $2 in
        1) read word < pipe ;;
        2) echo word > pipe ;;
        3) exit 1 ;;
        4) exit 9 ;;
      esac
    ]]):format(helper.quote(folder)))
    os.execute("mkfifo " .. helper.quote(folder .. "/pipe"))
    local command = helper.quote("sh " .. folder .. "/send.sh")
    local done = lua("blocking_fsp.lua", ("%s %s 1,2 %s/state"):format(path, command, folder))
    assert.equal("", done.err)
    assert.equal("1: delivered\n2: delivered\n", done.out)
    done = lua("blocking_fsp.lua", ("%s %s 3,4 %s/state"):format(path, command, folder))
    assert.equal(1, done.status, done.err)
    assert.equal("3: busy\n4: the command ended with 9\n", done.out)
    assert.equal(2, lua("blocking_fsp.lua", path).status)
  end)

  it("udp_fax.lua sends a fax over UDP to itself", function()
    if os.getenv("FAX_PRELOAD") then
      pending("its child is started without the sanitizer")
      return
    end
    local done = lua("udp_fax.lua", path .. " " .. folder .. "/a 5")
    assert.equal(0, done.status, done.out .. done.err)
    assert.matches("^delivered\nFS_COMPLETED, 2 pages confirmed at 14400 bit/s\n", done.out)
    local received = done.out:match("received from %d+: 2 pages in (%S+)\n$")
    local prefix = folder .. "/page"
    local to = assert(fax.render(received, { png = prefix .. "-to" })).pages
    local from = assert(fax.render(path, { png = prefix .. "-from", paper = "a4" })).pages
    for i = 1, 2 do
      assert.is_true(helper.read(from[i].png) == helper.read(to[i].png))
    end
    assert.equal(2, lua("udp_fax.lua", path).status)
    assert.equal(2, lua("udp_fax.lua", path .. " " .. folder .. "/a x").status)
    assert.equal(1, lua("udp_fax.lua", folder .. "/none " .. folder .. "/b").status)
  end)

  it("openresty's keys and start say what is wrong with what they are given", function()
    local function refused(script, arguments, why)
      local done = helper.run(("timeout 60 env %s lua5.4 examples/openresty/%s %s"):format(
        helper.environment(), script, arguments))
      assert.equal(1, done.status)
      assert.is_truthy(done.err:find(why, 1, true), done.err)
      assert.is_nil(done.err:find("traceback", 1, true), done.err)
    end
    refused("key.lua", folder .. "/keys.json a ann FAX_FLY", "'FAX_FLY' is not the name of a right")
    refused("key.lua", path .. " a ann FAX_JOB_QUERY", "is no file of keys")
    refused("key.lua", folder .. "/none/keys.json a ann FAX_JOB_QUERY", "No such file")
    refused("start.lua", "--port 99999", "a number from 1 to 65535")
    refused("start.lua", "--pace slow", "fast or real")
    refused("start.lua", "--help", "--state DIR")
    refused("start.lua", "--write --state " .. path, "cannot be the folder of the state")
  end)

  it("http_fax.lua sends a fax through an HTTP API, and receives one", function()
    local done = lua("http_fax.lua", path .. " '+49 30 1234567' " .. folder .. "/state")
    assert.equal(0, done.status, done.err)
    assert.equal("", done.err)
    assert.matches("^delivered\n.*POST /v1/faxes\n.*received from %+49 30 1234567: 2 pages\n$",
      done.out)
    done = lua("http_fax.lua", path .. " 12-34 " .. folder .. "/state")
    assert.matches("^not delivered: ", done.out)
    assert.equal(2, lua("http_fax.lua", path).status)
  end)

  it("client.c compiles and delivers", function()
    local built = helper.run(("cc -std=c11 -Wall -Wextra -Werror -Isrc/include "
      .. "examples/client.c -o %s/client -L%s -lfax -Wl,-rpath,$(realpath %s)"):format(folder,
      helper.build, helper.build))
    assert.equal(0, built.status, built.err)
    local done = helper.run(("timeout 60 env %s %s/client %s 102 %s/state"):format(
      helper.environment(), folder, path, folder))
    assert.equal(0, done.status, done.err)
    assert.matches("delivered, 2 pages confirmed", done.out)
    local failed = helper.run(("timeout 60 env %s %s/client %s 999 %s/state"):format(
      helper.environment(), folder, path, folder))
    assert.equal(1, failed.status) -- a job that failed stays in the queue
    assert.matches("not delivered", failed.out)
    assert.equal(1, helper.run(("timeout 60 env %s %s/client %s/none 102 %s/state"):format(
      helper.environment(), folder, folder, folder)).status)
  end)

  it("is in the specs, whichever it is", function()
    assert.same({ "blocking_fsp.lua", "broadcast.lua", "client.c", "client.py", "http_api.lua",
      "http_client.lua", "http_fax.lua", "http_fsp.lua", "http_service.lua", "lua_fsp.lua",
      "on_receive.lua", "openresty", "queue.lua", "send.lua", "service", "udp_fax.lua" },
      helper.lines("ls examples"))
  end)
end)
