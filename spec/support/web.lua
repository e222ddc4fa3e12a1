-- SPDX-License-Identifier: MIT
-- The site of examples/openresty for specs: faxd and nginx on files that its
-- start.lua wrote, in a folder of its own, on a unix socket.
local faxd = require "spec.support.faxd"
local helper = require "spec.helper"
local json = require "dkjson"
local nginx = require "spec.support.nginx"
local unix = require "socket.unix"

local Web = {}
local meta = { __index = Web }

local web = { is_here = nginx.is_here }

--- Settings of the site for hooks on this computer, whose next try comes soon; and more.
function web.soon(more)
  return helper.merged({ hooks_private = true, hook_first = 0.02, hook_longest = 0.1,
    hook_look = 0.02 }, more)
end

local SITE = "examples/openresty"

-- ---- keys ----

--- Makes one more key before nginx starts, or is reloaded.
function Web:make_key(id, user, rights)
  local done = helper.run(("lua5.4 %s/key.lua %s/keys.json %s %s %s"):format(SITE, self.folder,
    id, helper.quote(user), table.concat(rights, " ")))
  assert(done.status == 0, done.err)
  return done.out:match("%x+")
end

-- ---- processes ----

function Web:start_faxd()
  self.faxd = faxd.start(self.folder .. "/faxd.lua")
  self.faxd:await("started")
end

function Web:stop_faxd(signal)
  self.faxd:signal(signal or "TERM"):finish()
  self.faxd = nil
end

--- Waits until so many more jobs are over; a fax to a line here is two.
function Web:await_over(count)
  for _ = 1, count do
    self.faxd:await("job: over job=%d+")
  end
end

function Web:start_nginx()
  self.workers = {}
  self.nginx = nginx.run(self.folder)
  for i = 1, self.worker_count or 2 do
    self.workers[i] = self:await_worker()
  end
end

--- The pid of the next worker that nginx says it has started.
function Web:await_worker()
  return tonumber(self.nginx:await("start worker process %d+$"):match("%d+$"))
end

function Web:signal_nginx(name)
  self.nginx:signal(name)
end

--- Waits until so many workers have ended.
function Web:await_exits(count)
  for _ = 1, count do
    self.nginx:await("worker process %d+ exited")
  end
end

--- Has nginx read its files anew, and waits until only new workers are there.
function Web:reload_nginx()
  self:signal_nginx("HUP")
  for i = 1, #self.workers do
    self.workers[i] = self:await_worker()
  end
  self:await_exits(#self.workers)
end

--- Ends it; gives all that it wrote.
function Web:stop_nginx()
  self.nginx:signal("QUIT")
  local _, text = self.nginx:finish()
  self.nginx = nil
  return text
end

--- One that is there, in that folder.
function web.at(folder, listen)
  return setmetatable({ folder = folder, listen = listen, keys = {} }, meta)
end

-- nginx.conf with these settings of the site, { name = value }.
local function with_settings(text, settings)
  local list = {}
  for name, value in pairs(settings or {}) do
    list[#list + 1] = (type(value) == "string" and "%s = %q, " or "%s = %s, "):format(name,
      tostring(value))
  end
  table.sort(list)
  return (text:gsub("init {", function(init)
    return init .. " " .. table.concat(list)
  end))
end

--- Starts both. `options`: faxd = more of faxd's file; settings = of the site, { name =
--- value }; conf = a function that changes the text of nginx.conf; listen = an address in
--- the place of the unix socket; keys = { { id, user, rights }, ... }, whose keys are
--- web.keys[id]; workers = how many nginx has (2).
function web.start(options)
  options = options or {}
  local folder = helper.folder()
  local self = web.at(folder, options.listen or "unix:" .. folder .. "/http.sock")
  self.worker_count = options.workers
  local done = helper.run(("env %s lua5.4 %s/start.lua --write --pace fast --state %s --listen %s")
    :format(helper.environment(), SITE, self.folder, self.listen))
  assert(done.status == 0, done.err)
  self.key = done.out:match("the key: +(%x+)")
  for _, one in ipairs(options.keys or {}) do
    self.keys[one[1]] = self:make_key(one[1], one[2], one[3])
  end
  local path, conf = self.folder .. "/faxd.lua", self.folder .. "/nginx.conf"
  helper.write(path, helper.read(path) .. (options.faxd or ""))
  -- Whoever reads an answer to its end waits no longer than that for it.
  local text = helper.read(conf):gsub("lingering_timeout 5s", "lingering_timeout 200ms")
    :gsub("worker_processes %d+", "worker_processes " .. (self.worker_count or 2))
  text = with_settings(text, options.settings)
  helper.write(conf, options.conf and options.conf(text) or text)
  self:start_faxd()
  self:start_nginx()
  return self
end

--- Ends both; gives what nginx wrote.
function Web:stop()
  local text = self.nginx and self:stop_nginx()
  if self.faxd then
    self:stop_faxd()
  end
  return text
end

-- ---- requests ----

--- A connection that has sent these bytes.
function Web:raw(bytes)
  local sock = assert(unix.stream())
  sock:settimeout(60)
  assert(sock:connect((self.listen:gsub("^unix:", ""))))
  assert(sock:send(bytes))
  return sock
end

local function head_of(text)
  local head, body = text:match("^(.-\r\n)\r\n(.*)$")
  local answer = { headers = {}, body = body, status = tonumber((head or ""):match("^%S+ (%d+)")) }
  for name, value in (head or ""):gmatch("\r\n([^:\r\n]+): ([^\r\n]*)") do
    answer.headers[name:lower()] = value
  end
  return answer
end

--- The answer on a connection: { status =, headers = by small letters, body =, json = }.
function web.answer(sock)
  local text, _, part = sock:receive("*a")
  sock:close()
  local answer = head_of(text or part)
  if (answer.headers["content-type"] or ""):find("json", 1, true) then
    answer.json = json.decode(answer.body)
  end
  return answer
end

--- The bytes of a request. `options`: headers, body, key (false: none).
function Web:request(method, path, options)
  options = options or {}
  local lines = { ("%s %s HTTP/1.1\r\nHost: fax\r\nConnection: close"):format(method, path) }
  local key = options.key == nil and self.key or options.key
  if key then
    lines[#lines + 1] = "Authorization: Bearer " .. key
  end
  local body = options.body
  if type(body) == "table" then
    body = json.encode(body)
    lines[#lines + 1] = "Content-Type: application/json"
  end
  for name, value in pairs(options.headers or {}) do
    lines[#lines + 1] = name .. ": " .. value
  end
  if body then
    lines[#lines + 1] = "Content-Length: " .. #body
  end
  return table.concat(lines, "\r\n") .. "\r\n\r\n" .. (body or "")
end

--- Asks, and gives the answer.
function Web:ask(method, path, options)
  return web.answer(self:raw(self:request(method, path, options)))
end

--- A form of these fields, as a body and its content type: { name = text, or
--- { filename, content } }.
function web.form(fields)
  local parts = {}
  for name, value in pairs(fields) do
    local file = type(value) == "table" and ('; filename="%s"'):format(value[1]) or ""
    parts[#parts + 1] = ('--limit\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n')
      :format(name, file, type(value) == "table" and value[2] or value)
  end
  return table.concat(parts) .. "--limit--\r\n", "multipart/form-data; boundary=limit"
end

--- Queues a fax to 102; its number.
function Web:send(pdf, key)
  local made = self:post_form("/v1/jobs", { to = "102", document = { "a.pdf", pdf } }, nil, key)
  assert(made.status == 201, made.body)
  return made.json.id
end

--- POSTs a form.
function Web:post_form(path, fields, headers, key)
  local body, kind = web.form(fields)
  headers = helper.merged({ ["Content-Type"] = kind }, headers)
  return self:ask("POST", path, { body = body, headers = headers, key = key })
end

return web
