-- SPDX-License-Identifier: MIT
-- ending.lua NAME PACE DOCUMENT: a script that ends in the named way with a
-- call under way.
local fax = require "fax"
local stage = dofile "spec/lifetime/stage.lua"

local ending = {}

function ending.reach_end() end

function ending.fail()
  error("on purpose")
end

function ending.fail_in_callback(server, _, loop)
  server:on("any", function() error("on purpose") end)
  loop:run()
end

function ending.fail_in_coroutine(_, job, loop)
  loop:spawn(function()
    job:wait(0.01)
    error("on purpose")
  end)
  loop:run()
end

function ending.fail_in_wait(server, job)
  server:on("any", function() error("on purpose") end)
  job:wait()
end

function ending.exit()
  os.exit(3)
end

function ending.exit_close()
  os.exit(3, true)
end

function ending.exit_in_callback(server, job, loop)
  server:on("any", function() os.exit(3) end)
  job:abort()
  loop:run()
end

function ending.exit_close_in_callback(server, job, loop)
  server:on("any", function() os.exit(3, true) end)
  job:abort()
  loop:run()
end

function ending.exit_in_coroutine(_, _, loop)
  loop:spawn(function() os.exit(3) end)
  loop:run()
end

function ending.exit_close_in_coroutine(_, job, loop)
  for _ = 1, 5 do
    loop:spawn(function() job:wait() end)
  end
  loop:spawn(function()
    loop:sleep(0.01)
    os.exit(3, true)
  end)
  loop:run()
end

-- The handles are the caller's too: stage's are its locals, main's are here.
function ending.drop(server, job, loop)
  server, job, loop = server:closed(), job.id, loop.run
  collectgarbage()
  collectgarbage()
  stage.say("dropped", tostring(server), job, type(loop))
  for i = 1, 1e5 do
    stage.last = { i }
  end
end

function ending.drop_iterator(server, job, loop)
  loop:spawn(function()
    for _ in server:events() do
      job:abort()
      break
    end
  end)
  loop:run()
  collectgarbage()
  collectgarbage()
end

function ending.close_in_callback(server, _, loop)
  server:on("any", function()
    server:close()
    assert(server:closed())
    loop:stop()
  end)
  loop:spawn(function() loop:sleep(60) end)
  loop:run()
end

function ending.close_loop_in_callback(server, job, loop)
  server:on("any", function() loop:close() end)
  loop:spawn(function() job:wait() end)
  job:abort()
  loop:run()
end

function ending.stop_in_callback(server, job, loop)
  local calls = 0
  server:on("any", function()
    calls = calls + 1
    assert(fax.service.stop { timeout = 30 })
  end)
  job:abort()
  loop:run()
  assert(calls > 0)
end

function ending.stop_in_coroutine(server, job, loop)
  local code
  loop:spawn(function() code = select(3, job:wait()) end)
  loop:spawn(function() assert(fax.service.stop { timeout = 30 }) end)
  loop:run()
  assert(code == "ERROR_SHUTDOWN_IN_PROGRESS" or code == "ERROR_CANCELLED", code)
  server:close()
end

function ending.close_all(server, _, loop)
  loop:close()
  server:close()
  assert(fax.service.stop())
  assert(fax.service.stop())
end

function ending.close_twice(server, _, loop)
  for _ = 1, 2 do
    server:close()
    loop:close()
  end
end

--- Children of a script with a service: they have none, and do it no harm.
function ending.fork(server, job, loop)
  local status = os.execute("exit 7")
  assert(status == nil or status == 7 * 256 or status == 7, status)
  -- They have none of its descriptors, but for the pages that libtiff opens.
  local pipe = io.popen("ls -l /proc/$$/fd")
  local open = pipe:read("*a")
  pipe:close()
  assert(open:find(" 0 -> ", 1, true), open)
  assert(not open:find("anon_inode", 1, true) and not open:find("/lock", 1, true)
    and not open:find("fax.log", 1, true), open)
  assert(#server:jobs() > 0)
  job:abort()
  assert(select(3, job:wait(60)) == "ERROR_CANCELLED")
  assert(loop:poll(0))
end

--- One that lives on with the script's descriptors does not hold the lock.
function ending.leave_child()
  os.execute("sleep 30 >/dev/null 2>&1 &")
end

local name, pace, document = arg[1], arg[2], arg[3]
local server, job, loop = stage.call(pace, document)
stage.say("under way")
local run = ending[name]
if name:find("^drop") then -- keep nothing here
  local s, j, l = server, job, loop
  server, job, loop = nil, nil, nil
  return run(s, j, l)
end
run(server, job, loop)
stage.say("end of " .. name)
