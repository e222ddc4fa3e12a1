-- SPDX-License-Identifier: MIT
-- What nginx serves in a second through fax.resty, beside an answer that nginx
-- has itself, and beside a bare cosocket that sends and receives as many bytes
-- over a unix socket. For run.lua, whose functions come in `run`.
--
-- One worker: where there are two processors, the other one has those that ask,
-- and the fax server. A fax server and its bare peer have a thread a connection.

local MODULES = "/usr/lib/nginx/modules/"
local ROUNDS, SECONDS, CLIENTS, LISTENERS = 7, 0.5, 32, 1000

local CONF = [[
%suser root;
load_module MODULESndk_http_module.so;
load_module MODULESngx_http_lua_module.so;
worker_processes 1;
error_log stderr error;
pid nginx.pid;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  client_body_buffer_size 1m;
  lua_package_path "ROOT/lua/?.lua;ROOT/lua/?/init.lua;ROOT/examples/openresty/?.lua;;";
  init_by_lua_block {
    resty = require "fax.resty"
    function answer(text)
      ngx.header.content_length = #text
      ngx.print(text)
    end
    -- One line a port, as its state.
    function status()
      local ports = assert(server:ports())
      for i, port in ipairs(ports) do
        ports[i] = port.device_id .. " " .. port.state
      end
      return table.concat(ports, "\n")
    end
    -- Bytes of a call and its answer, as they are on the socket.
    function sizes(method)
      local sock = ngx.socket.tcp()
      assert(sock:connect("unix:FOLDER/fax.sock"))
      sock:send('{"jsonrpc":"2.0","id":1,"method":"hello","params":{"versions":[1,1]}}\n')
      sock:receive("*l")
      local line = '{"jsonrpc":"2.0","id":1,"method":"' .. method .. '"}\n'
      sock:send(line)
      local got = assert(sock:receive("*l"))
      sock:close()
      return #line, #got + 1
    end
    -- A request to the peer, and how long its answer is.
    function echoed(size, wanted)
      local head = ("%%d %%d "):format(wanted, size)
      return head .. (" "):rep(size - #head), wanted
    end
    -- Who listens to bare events, all for the same.
    listeners, number = 0, 0
    function tell()
      ngx.update_time()
      number = number + 1
      told = ('data: {"sequence":"%%d","time":%%.3f,"page":1,"name":"FEI_DELETED",'
        .. '"outcome":"completed","filler":"%%s"}\n\n'):format(number, ngx.now(), ("x"):rep(300))
      local old, count = arrived, listeners
      arrived, listeners = semaphore.new(), 0
      old:post(count)
    end
    function listen()
      ngx.say(": listening")
      while ngx.flush(true) do
        listeners = listeners + 1
        arrived:wait(60)
        ngx.print(told)
      end
    end
    function echo(request, wanted)
      local sock = ngx.socket.tcp()
      assert(sock:connect("unix:FOLDER/echo.sock"))
      assert(sock:send(request))
      local got = assert(sock:receive(wanted))
      sock:setkeepalive(60000, 64)
      return got
    end
  }
  init_worker_by_lua_block {
    server = resty.connect { socket = "FOLDER/fax.sock" }
    semaphore = require "ngx.semaphore"
    arrived, events = semaphore.new(), require "site.events"
  }
  server {
    listen 127.0.0.1:PORT;
    location = /200 { return 200 "BODY"; }
    location = /status {
      content_by_lua_block { answer(status()) }
    }
    location = /echo {
      content_by_lua_block {
        if not like then
          local text = status()
          local request, wanted = echoed(sizes("port.list"))
          like, body = { request, wanted }, text
        end
        answer(echo(like[1], like[2]):sub(1, #body))
      }
    }
    location = /events {
      content_by_lua_block { events.stream { key = { id = "bench" }, server = server } }
    }
    location = /send {
      content_by_lua_block {
        ngx.req.read_body()
        for _, port in ipairs(ready and {} or assert(server:ports())) do
          local one = assert(server:open_port(port.device_id, "modify"))
          assert(one:set { send = port.device_id == 1, receive = port.device_id ~= 1 })
          one:close()
        end
        ready = true
        answer(tostring(assert(server:submit(ngx.req.get_body_data(), { to = "1002" })).id))
      }
    }
    location = /bare { content_by_lua_block { listen() } }
    location = /tell { content_by_lua_block { tell() answer "told" } }
    location = /submit {
      content_by_lua_block {
        ngx.req.read_body()
        answer(tostring(assert(server:submit(ngx.req.get_body_data(),
          { to = "4711", hold = true })).id))
      }
    }
    location = /upload {
      content_by_lua_block {
        ngx.req.read_body()
        local bytes = ngx.req.get_body_data()
        answer(echo(echoed(#bytes + 200, 50)))
      }
    }
  }
}
]]

local function is_here()
  local file = io.open(MODULES .. "ngx_http_lua_module.so")
  return file and file:close()
end

local function line_of(command)
  local pipe = assert(io.popen(command))
  local line = pipe:read("*l")
  pipe:close()
  return line
end

local function start(folder, port, body)
  local file = assert(io.open(folder .. "/nginx.conf", "w"))
  local names = { MODULES = MODULES, ROOT = line_of("pwd"), FOLDER = folder, PORT = port,
    BODY = body }
  file:write((CONF:format(line_of("id -u") == "0" and "" or "# "):gsub("%u%u%u+", names)))
  file:close()
  assert(os.execute(("nginx -e stderr -p %s/ -c nginx.conf"):format(folder)), "nginx")
end

-- Waits for both, which write into the folder until they end.
local function stop(folder, behind)
  os.execute(("for pid in $(cat %s/nginx.pid 2>/dev/null) %d; do kill $pid; "
    .. "while kill -0 $pid; do sleep 0.1; done 2>/dev/null; done"):format(folder, behind))
end

local function measure(run, port, cases)
  local rates = {}
  for _ = 1, ROUNDS do
    for _, case in ipairs(cases) do
      local rate = run.program("http", port, case[1], CLIENTS, SECONDS, case[2]).http_rate
      rates[case[1]] = rates[case[1]] or {}
      table.insert(rates[case[1]], rate)
    end
  end
  return rates
end

-- Both were measured in turn; the ratio is the median of the rounds'.
local function compare(run, rates, name, peer, peer_name, least)
  local rows = {}
  for i, rate in ipairs(rates[name]) do
    rows[i] = { value = rate, peer = rates[peer][i], ratio = rate / rates[peer][i] }
  end
  run.figure {
    name = ("nginx: %s, %d at once"):format(name == "/status" and "port status" or "submission",
      CLIENTS),
    value = run.column(rows, "value", 1e-3), unit = "1000/s", peer = peer_name,
    peer_value = run.column(rows, "peer", 1e-3), ratio = run.column(rows, "ratio", 1),
    least = least,
  }
end

-- Bare: within nginx, from the moment at which the same bytes are there.
local function measure_events(run, port, tiff)
  local heard = run.program("listeners", port, LISTENERS, "/events", "/send", 3, tiff)
  local bare = run.program("listeners", port, LISTENERS, "/bare", "/tell", 20)
  for _, one in ipairs { { "median", "the median" }, { "longest", "the longest" } } do
    local value, peer = heard["heard_" .. one[1]], bare["heard_" .. one[1]]
    run.figure {
      name = ("event of a page to the last of %d, %s"):format(LISTENERS, one[2]),
      value = value * 1e3, unit = "ms", peer = "bare broadcast", peer_value = peer * 1e3,
    }
  end
end

return function(run, folder, tiff, pages)
  if not is_here() then
    io.stderr:write("bench: without nginx and its Lua module (make deps) no figures of them\n")
    return
  end
  folder = folder .. "/web"
  os.execute("mkdir " .. folder)
  local behind = run.program("behind", folder)
  local port = ("%d"):format(behind.port)
  run.ends[1] = function()
    stop(folder, behind.pid)
  end
  start(folder, port, ("x"):rep(31))
  measure_events(run, port, pages)
  local rates = measure(run, port, { { "/200" }, { "/echo" }, { "/status" },
    { "/upload", tiff }, { "/submit", tiff } })
  run.ends[1]()
  run.ends[1] = nil
  compare(run, rates, "/status", "/200", "return 200", 0.35)
  compare(run, rates, "/status", "/echo", "bare cosocket echo", 0.8)
  compare(run, rates, "/submit", "/200", "return 200")
  compare(run, rates, "/submit", "/upload", "bare cosocket echo")
end
