-- SPDX-License-Identifier: MIT
-- Scripts that end in every way there is, with a call under way: none crashes,
-- none hangs, none leaves the next one without its directory.
local helper = require "spec.helper"

describe("a script with a call under way", function()
  local folder, head

  before_each(function()
    folder = helper.folder()
    helper.pdf(folder, 1)
    head = ([[
      local fax = require "fax"
      local server = assert(fax.connect { directory = %q, retries = 0,
        loopback = { lines = 2, pace = "real" } })
      local loop = fax.loop()
      local under_way = false
      server:on("job", function(event)
        under_way = under_way or event.name == "FEI_SENDING" or event.name == "FEI_DIALING"
      end)
      local job = assert(server:send(%q, { to = "102", device = 1 }))
      while not under_way do loop:poll(30) end
    ]]):format(folder .. "/state", folder .. "/1.pdf")
  end)

  after_each(helper.clean)

  local function ends(text, status, pattern)
    local done = helper.script(head .. text)
    assert.equal(status, done.status, done.err)
    if pattern then
      assert.matches(pattern, done.err)
    else
      assert.equal("", done.err)
    end
    -- The directory is free again.
    local after = helper.script(([[
      local fax = require "fax"
      local server = assert(fax.connect { directory = %q })
      assert(#server:ports() > 0)
      server:close()
    ]]):format(folder .. "/state"))
    assert.equal(0, after.status, after.err)
  end

  it("may reach its end", function()
    ends("", 0)
  end)

  it("may fail", function()
    ends([[error("on purpose")]], 1, "on purpose")
  end)

  it("may leave with os.exit, with the state closed or not", function()
    ends("os.exit(0, true)", 0)
    ends("os.exit(3)", 3)
  end)

  it("may drop all its handles", function()
    ends([[
      server, job, loop = nil, nil, nil
      collectgarbage()
      collectgarbage()
    ]], 0)
  end)

  it("may leave from within a callback or a coroutine", function()
    ends([[
      server:on("any", function() os.exit(4, true) end)
      job:abort()
      loop:run()
    ]], 4)
    ends([[
      loop:spawn(function() os.exit(5, true) end)
      loop:run()
    ]], 5)
  end)

  it("may close everything in any order", function()
    ends([[
      loop:close()
      server:close()
      assert(fax.service:stop())
    ]], 0)
    ends([[
      assert(fax.service:stop())
      loop:close()
      server:close()
    ]], 0)
  end)

  it("may be killed", function()
    ends([[
      local pid = io.open("/proc/self/stat"):read("*a"):match("^%d+")
      os.execute("kill -9 " .. pid)
      loop:run()
    ]], 137, "Killed")
  end)

  it("may be abandoned in coroutines that wait", function()
    ends([[
      for _ = 1, 10 do loop:spawn(function() job:wait() end) end
      loop:poll(0)
      loop:close()
    ]], 0)
  end)
end)

describe("require", function()
  after_each(helper.clean)

  it("starts no thread and opens no file", function()
    local done = helper.script([[
      local function count(what)
        local stat = io.open("/proc/self/stat")
        local pid = stat:read("*a"):match("^%d+")
        stat:close()
        -- The command may look before popen has closed its end here.
        local least = math.huge
        for _ = 1, 5 do
          local pipe = io.popen("ls /proc/" .. pid .. "/" .. what .. " | wc -l")
          least = math.min(least, tonumber((pipe:read("*a"))))
          pipe:close()
        end
        return least
      end
      local task, fd = count("task"), count("fd")
      require "fax"
      assert(task == count("task"), "a thread")
      assert(fd == count("fd"), "a descriptor")
    ]])
    assert.equal(0, done.status, done.err)
  end)

  it("exports one symbol and needs libfax", function()
    local path = ("%s/lua/%s/fax/core.so"):format(helper.build, helper.version)
    local symbols = helper.lines("nm -D --defined-only " .. path .. " | awk '{print $3}'")
    assert.same({ "luaopen_fax_core" }, symbols)
  end)
end)
