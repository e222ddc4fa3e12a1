-- SPDX-License-Identifier: MIT
-- What runs in the Lua state of a worker: loads the file with the callbacks,
-- then runs one operation after the other, outside of any coroutine, so that a
-- callback may wait anywhere and block. The loop here is polled by whoever waits.

local calls = require "fax.provider.calls"
local command = require "fax.provider.command"
local device = require "fax.provider.device"
local dispatch = require "fax.dispatch"
local loops = require "fax.loop"
local options = require "fax.options"
local plain = require "fax.provider.plain"
local run = require "fax.provider.run"

local Worker = {}
local meta = { __index = Worker, __name = "fax.worker" }

-- ---- calls ----

local deliver = { abort = calls.abort, enable = calls.enable, committed = calls.committed }

function deliver.stop(self)
  self._loop:close()
end

local function start(self, box)
  self._next = calls.start(self, box)
  if not self._next then
    self._box:free()
  end
end

-- The box of an operation to start, or a table. The ids of the devices are known
-- once there is a call, but for the last one.
function Worker:_deliver(call)
  local starts = type(call) == "userdata"
  if not self.devices and (starts or call.kind ~= "stop") then
    self.devices, self._by_id = device.new(self, self._given, self._box:devices())
  end
  if starts then
    return start(self, call)
  end
  local fn = deliver[call.kind]
  if fn then
    fn(self, call)
  end
end

-- The loop is closed: whoever waits goes on, to its end.
function Worker:_lose()
  for _, job in pairs(self._jobs) do
    job:_abort()
  end
end

function meta.__tostring(self)
  return ("fax.worker of '%s'"):format(self.name)
end

local function work(self)
  local job = self._next
  self._next = nil
  local ok, err = pcall(run, job)
  if not ok then
    dispatch.report(self._loop, tostring(err))
  end
  job._box:close()
  self._box:free()
end

local function serve(self)
  while true do
    local ok, count = pcall(self._loop.poll, self._loop)
    if not ok then
      self._box:error(tostring(count))
    elseif not count then
      return
    end
    while self._next do
      work(self)
    end
  end
end

-- ---- loading ----

local function fail(code, text, ...)
  error({ code = code, text = text:format(...) }, 0)
end

-- A path, or the name of a module.
local function find(name)
  if name:find("/", 1, true) or name:find("%.lua$") then
    return name
  end
  local base = name:gsub("%.", "/")
  for template in package.path:gmatch("[^;]+") do
    local path = template:gsub("%?", (base:gsub("%%", "%%%%")))
    local file = io.open(path)
    if file then
      file:close()
      return path
    end
  end
  fail("ERROR_FILE_NOT_FOUND", "worker '%s': there is no such module in package.path", name)
end

local function callbacks_of(path, args)
  local file, why = io.open(path)
  if not file then
    fail("ERROR_FILE_NOT_FOUND", "worker %s", why)
  end
  file:close()
  local chunk
  chunk, why = loadfile(path)
  if not chunk then
    fail("ERROR_BAD_FORMAT", "worker %s", why)
  end
  local ok, given = pcall(chunk, args)
  if not ok then
    fail("ERROR_BAD_FORMAT", "worker %s: %s", path, tostring(given))
  elseif type(given) ~= "table" then
    fail("ERROR_BAD_FORMAT", "worker %s: it must return a table of callbacks, not a %s", path,
      type(given))
  end
  return given
end

local known = {}
for _, name in ipairs(calls.names) do
  known[name] = "function"
end

-- The names of the callbacks that there are.
local function check(given, path)
  local names = {}
  for key, value in pairs(given) do
    if not known[key] then
      local near = type(key) == "string" and options.nearest(key, known)
      fail("ERROR_BAD_FORMAT", "worker %s: unknown callback '%s'%s", path, tostring(key),
        near and (", did you mean '%s'?"):format(near) or "")
    elseif type(value) ~= "function" then
      fail("ERROR_BAD_FORMAT", "worker %s: %s must be a function, not a %s", path, key,
        type(value))
    end
    names[#names + 1] = key
  end
  if not given.send and not given.receive then
    fail("ERROR_BAD_FORMAT", "worker %s: one of the callbacks 'send' and 'receive' is missing",
      path)
  end
  return table.concat(names, " ")
end

local function load(box, config)
  local loop, why, code = loops.default()
  if not loop then
    fail(code, "%s", why)
  end
  command.install(box)
  local path = find(config.worker)
  local callbacks = callbacks_of(path, config.args and plain.read(config.args))
  local names = check(callbacks, path)
  function loop.on_error(err)
    box:error(err)
  end
  local self = setmetatable({ name = config.name, _given = config.devices, _loop = loop,
    _box = box, _callbacks = callbacks, _jobs = {} }, meta)
  loop._providers[1] = self
  loop._number = 1
  return self, names
end

--- The life of a worker; `box` is its own, `text` the order of workers.lua.
return function(box, text)
  local ok, self, names = pcall(load, box, plain.read(text))
  if not ok then
    local code = type(self) == "table" and self.code or "ERROR_BAD_FORMAT"
    box:failed(("%s fax.provider: %s"):format(code, tostring(type(self) == "table"
      and self.text or self):gsub("%z", "?")))
    return
  end
  box:loaded(self._loop._queue, names)
  serve(self)
end
