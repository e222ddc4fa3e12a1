-- SPDX-License-Identifier: MIT
-- nginx with its Lua module for specs: a process in a folder of its own, on a unix
-- socket, in the foreground. `location` is what the specs ask it.
local child = require "spec.support.child"
local helper = require "spec.helper"
local unix = require "socket.unix"

local Nginx = {}
local meta = { __index = Nginx }

local nginx = {}

local MODULES = "/usr/lib/nginx/modules"

--- Whether Debian's nginx and its Lua module are here.
function nginx.is_here()
  return helper.exists(MODULES .. "/ngx_http_lua_module.so")
end

-- Workers run as the user of the specs, root or not.
local CONF = [[
%s
load_module %s/ndk_http_module.so;
load_module %s/ngx_http_lua_module.so;
worker_processes %d;
worker_shutdown_timeout 20s;
error_log stderr notice;
pid nginx.pid;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  client_max_body_size 64m; client_body_buffer_size 64m;
  lua_socket_log_errors off;
  lua_http10_buffering off;
  lingering_close off;
  lua_package_path "%s/lua/?.lua;%s/lua/?/init.lua;;";
  init_by_lua_block { resty = require "fax.resty" }
  server {
    listen unix:%s/http.sock;
    lua_check_client_abort on;
    location /worker { content_by_lua_block { ngx.print(ngx.worker.pid()) } }
    # Runs the Lua that it is sent.
    location /run {
      content_by_lua_block {
        ngx.req.read_body()
        local chunk, why = loadstring(ngx.req.get_body_data(), "=request")
        if not chunk then
          ngx.status = 400
          return ngx.print(why)
        end
        ngx.print(tostring(chunk()))
      }
    }
    %s
  }
}
]]

--- In the foreground, on the nginx.conf of that folder; a child.
function nginx.run(folder)
  return child.told(("nginx -e stderr -p %s/ -c nginx.conf -g 'daemon off;'"):format(folder))
end

--- Starts it: `locations` is more of the server's configuration.
function nginx.start(workers, locations)
  local folder, root = helper.folder(), helper.lines("pwd")[1]
  local account = helper.lines("id -un")[1]
  helper.write(folder .. "/nginx.conf", CONF:format(
    helper.lines("id -u")[1] == "0" and ("user %s;"):format(account) or "", MODULES, MODULES,
    workers or 2, root, root, folder, locations or ""))
  local self = setmetatable({ folder = folder, workers = {} }, meta)
  self.child = nginx.run(folder)
  for i = 1, workers or 2 do
    self.workers[i] = self:await_worker()
  end
  return self
end

--- The pid of the next worker that nginx says it has started.
function Nginx:await_worker()
  return tonumber(self.child:await("start worker process %d+$"):match("%d+$"))
end

--- A connection that has sent a request and read the head of its answer.
function Nginx:open(path, body, method)
  local sock = assert(unix.stream())
  sock:settimeout(60)
  assert(sock:connect(self.folder .. "/http.sock"))
  assert(sock:send(("%s %s HTTP/1.0\r\nHost: fax\r\nContent-Length: %d\r\n\r\n%s"):format(
    method or body and "POST" or "GET", path, body and #body or 0, body or "")))
  return sock
end

--- Asks: the status, and the body.
function Nginx:ask(path, body)
  local sock = self:open(path, body)
  local text, why, part = sock:receive("*a")
  sock:close()
  text = text or part
  local status, rest = text:match("^HTTP/1%.%d (%d+).-\r\n\r\n(.*)$")
  return tonumber(status), rest, why
end

--- Runs Lua in a worker, and gives what it returns, as a text.
function Nginx:run(code)
  local status, text, why = self:ask("/run", code)
  if status ~= 200 then
    error(("nginx: %s %s %s"):format(tostring(status), tostring(text), tostring(why)), 2)
  end
  return text
end

function Nginx:signal(name)
  self.child:signal(name)
end

--- Ends it; gives all that it wrote.
function Nginx:stop()
  self.child:signal("QUIT")
  local status, text = self.child:finish()
  return status, text
end

return nginx
