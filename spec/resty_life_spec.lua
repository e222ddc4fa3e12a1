-- SPDX-License-Identifier: MIT
-- nginx and the fax server in trouble: a reload, workers and servers that die
-- during a fax, a thousand listeners.
local child = require "spec.support.child"
local helper = require "spec.helper"
local nginx = require "spec.support.nginx"
local unix = require "socket.unix"

local LOCATIONS = [[
location /events {
  content_by_lua_block {
    local server = assert(resty.connect { directory = "%s/state" })
    local step = server:events(ngx.var.arg_kind)
    ngx.say("listening")
    ngx.flush(true)
    for event in step do
      ngx.say(event.name, " ", event.job_id or "-", event.restarted and " restarted" or "")
      ngx.flush(true)
    end
    ngx.say("no more")
  }
}
location /send {
  content_by_lua_block {
    ngx.req.read_body()
    local server = assert(resty.connect { directory = "%s/state" })
    local job = assert(server:submit(ngx.req.get_body_data(), { to = "2" }))
    ngx.say(ngx.worker.pid(), " ", job.id)
    ngx.flush(true)
    ngx.say(tostring(job:wait(ngx.var.arg_wait and 60 or 0)), " ", ngx.worker.pid())
  }
}
location /wait {
  content_by_lua_block {
    local server = assert(resty.connect { directory = "%s/state" })
    ngx.say(tostring(server:job(tonumber(ngx.var.arg_id)):wait(60)))
  }
}
]]

describe("fax.resty in trouble:", function()
  if not nginx.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  local folder, server, web, gate, pages

  local function start_server()
    server = child.told_command(helper.interpreter .. " spec/support/gated.lua", folder, { folder })
    server:await("^started")
  end

  before_each(function()
    folder = helper.folder()
    os.execute("mkdir " .. folder .. "/state")
    pages = helper.read(helper.tiff(folder, 3))
    start_server()
    gate = assert(unix.dgram())
    web = nginx.start(2, LOCATIONS:gsub("%%s", folder))
  end)

  after_each(function()
    gate:close()
    web:stop()
    server:signal("KILL"):finish()
    helper.clean()
  end)

  -- Lets so many pages go out.
  local function let_through(count)
    for _ = 1, count do
      assert(gate:sendto("go", folder .. "/gate"))
    end
  end

  -- A line behind the head of an answer.
  local function next_line(sock, pattern)
    local line, why
    repeat
      line, why = sock:receive("*l")
    until not line or line:find(pattern)
    return assert(line, why)
  end

  -- A fax under way: the request that sent it, the worker and the job.
  local function begin(query)
    local sock = web:open("/send" .. (query or ""), pages)
    local pid, id = next_line(sock, "^%d+ %d+$"):match("^(%d+) (%d+)$")
    server:await("^job " .. id .. " page 1$")
    return sock, tonumber(pid), tonumber(id)
  end

  local function listen(kind)
    local sock = web:open("/events?kind=" .. kind)
    next_line(sock, "^listening$")
    return sock
  end

  -- How often a page of a job went out, in all that the server said.
  local function times(text, id, page)
    return select(2, text:gsub(("job %d page %d\n"):format(id, page), ""))
  end

  it("a reload of nginx during a fax", function()
    local events = listen("job")
    local request, pid, id = begin("?wait=1")
    web:signal("HUP")
    web.workers = { web:await_worker(), web:await_worker() }
    -- Streams come again, to a new worker; the wait goes on in the old one.
    next_line(events, "^no more$")
    events:close()
    local again = listen("job")
    let_through(3)
    assert.equal("true " .. pid, next_line(request, "^%a+ %d+$"))
    request:close()
    next_line(again, "^FEI_DELETED " .. id .. "$")
    again:close()
    server:await("^job " .. id .. " sent$")
    assert.equal(1, times(server:text() .. "\n", id, 1))
    assert.is_not.equal(pid, tonumber((select(2, web:ask("/worker")))))
  end)

  it("a worker of nginx that is killed during a fax", function()
    local request, pid, id = begin("?wait=1")
    os.execute("kill -9 " .. pid)
    web:await_worker()
    assert.is_nil((request:receive("*l"))) -- that request is lost, the job is not
    request:close()
    let_through(3)
    assert.equal("true\n", select(2, web:ask("/wait?id=" .. id)))
    server:await("^job " .. id .. " sent$")
    for page = 1, 3 do
      assert.equal(1, times(server:text() .. "\n", id, page))
    end
  end)

  it("a fax server that is killed during a fax", function()
    local events = listen("job")
    local request, _, id = begin("?wait=1")
    let_through(1)
    server:await("^job " .. id .. " page 2$")
    server:signal("KILL"):finish()
    start_server()
    next_line(events, "^FEI_FAX_MISSED .* restarted$")
    server:await("^job " .. id .. " page 2$")
    let_through(2)
    next_line(events, "^FEI_DELETED " .. id .. "$")
    assert.matches("^true ", next_line(request, "^%a+ %d+$"))
    request:close()
    events:close()
    server:await("^job " .. id .. " sent$")
    -- Only the page in doubt went out twice.
    assert.equal(0, times(server:text() .. "\n", id, 1))
    assert.equal(1, times(server:text() .. "\n", id, 2))
    assert.equal(1, times(server:text() .. "\n", id, 3))
  end)

  it("a thousand listeners", function()
    local socks = {}
    for i = 1, 1000 do
      socks[i] = listen("job")
    end
    local request, _, id = begin()
    let_through(3)
    for i = 1, #socks do
      next_line(socks[i], "^FEI_JOB_QUEUED " .. id .. "$")
      next_line(socks[i], "^FEI_DELETED " .. id .. "$")
      socks[i]:close()
    end
    request:close()
    -- One connection a worker for events, one for quick calls, besides those of the pool.
    local name = folder .. "/state/fax.sock"
    local open = #helper.lines("grep -F " .. name .. " /proc/net/unix")
    assert.is_true(open <= 1 + 2 * 66, open .. " connections")
  end)
end)
