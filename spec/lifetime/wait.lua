-- SPDX-License-Identifier: MIT
-- wait.lua HOW PACE DOCUMENT: waits for a call in the named way until a signal
-- comes, and says what came of it.
local stage = dofile "spec/lifetime/stage.lua"

local how, pace, document = arg[1], arg[2], arg[3]
local server, job, loop = stage.call(pace, document)

local waits = {
  wait = function()
    job:wait()
  end,
  run = function()
    server:on("any", function() end)
    loop:run()
  end,
  coroutine = function()
    loop:spawn(function() job:wait() end)
    loop:run()
  end,
  events = function()
    for _ in server:events() do
    end
  end,
  busy = function()
    while job:info() do
    end
  end,
}

local function under_way()
  stage.say("under way")
  job:wait()
end

-- The interpreter turns the first signal into an error and leaves the second
-- to the system.
function waits.twice()
  local ok, err = pcall(under_way)
  stage.say("first", tostring(ok), (tostring(err):gsub("^.*: ", "")))
  job:wait()
end

-- One that catches it goes on, and can abort its call in order.
function waits.abort()
  local ok, err = pcall(under_way)
  assert(not ok and tostring(err):find("interrupted!", 1, true), err)
  assert(job:abort())
  local _, _, code = job:wait(60)
  stage.say("aborted", code)
  os.exit(0, true)
end

if how ~= "twice" and how ~= "abort" then
  stage.say("under way")
end
waits[how]()
