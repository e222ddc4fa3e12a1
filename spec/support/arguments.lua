-- SPDX-License-Identifier: MIT
-- The child of spec/arguments_spec.lua: calls everything with what it should
-- not be given. Prints "tried NAME COUNT", "bad NAME what happened", at the end
-- "delivered" and "done".
--   arguments.lua ROOT FOLDER, in a folder of its own

local root, folder = arg[1], arg[2]
package.path = root .. "/?.lua;" .. package.path

local annotations = require "spec.support.annotations"
local core = require "fax.core"
local document = require "fax.cli.document"
local fax = require "fax"
local device_methods = require("fax.provider.device").methods
local job_methods = require("fax.job").methods
local operation_methods = require("fax.operation").methods
local provider_methods = require("fax.provider").methods
local subscription_methods = require("fax.subscription").methods
local policy_methods = require("fax.server.decide").methods
local terminal = require "fax.t30.terminal"

local meta = annotations.read(root)
local LATER = os.time() + 86400

-- ---- the world that the calls find ----

local tiff = folder .. "/page.tif"
do
  local file = assert(io.open(folder .. "/page.pdf", "wb"))
  assert(file:write(document.pdf(1)))
  file:close()
  assert(fax.render(folder .. "/page.pdf", { output = tiff, paper = "a4" }))
end

local base = { directory = folder .. "/state", retries = 0, branding = false,
  loopback = { lines = 2 } }
local server, port, prepared

-- With FAX_OVER=socket in the environment as from another process. A reload that was
-- tried may have taken the rights of those.
local function connect()
  if os.getenv("FAX_OVER") ~= "socket" then
    return assert(fax.connect())
  end
  assert(fax.service.reload(base))
  return assert(fax.connect { socket = base.directory .. "/fax.sock" })
end

local function ensure()
  if not fax.service.running() or not server or server:closed() or not server:ports() then
    fax.service.stop { timeout = 60 }
    assert(fax.service.start(base))
    server = connect()
    port = assert(server:open_port(2))
    prepared = assert(server:prepare(tiff))
  end
end

-- Its operation waits until it is aborted.
local lasting, held

local function provider_of(send)
  return assert(fax.provider { name = "p", devices = { { name = "x" } }, server = server,
    stall = 100000, send = send })
end

local function ensure_operation()
  if lasting and not lasting:closed() and held and held:status("FS_DIALING") then
    return
  end
  held = nil
  lasting = provider_of(function(job)
    held = job
    while not job:aborted() do
      job:sleep(100000)
    end
  end)
  assert(server:send(tiff, { to = "1", device = lasting.devices[1].id }))
  while not held do
    fax.loop():poll(10)
  end
end

-- Objects by the name that the annotations give them; each a new one, but for
-- those of a provider that lasts.
local make = {
  server = function()
    return connect()
  end,
  port = function()
    return assert(server:open_port(1, "modify"))
  end,
  document = function()
    return assert(server:prepare(tiff))
  end,
  job = function() -- one that is decided: nothing waits for it
    local job = assert(server:send(tiff, { to = "102", at = LATER }))
    assert(job:abort())
    return job
  end,
  loop = function()
    local loop = assert(fax.new_loop())
    assert(loop:post(1)) -- so that poll has something
    return loop
  end,
  subscription = function()
    return assert(server:on("job", function() end))
  end,
  policy = function()
    return assert(server:policy(function() end))
  end,
  terminal = function()
    return assert(fax.t30.audio { send = tiff })
  end,
  audio = function()
    return assert(fax.t30.audio { send = tiff })
  end,
  t38 = function()
    return assert(fax.t30.t38 { send = tiff })
  end,
  udptl = function()
    return assert(fax.t30.udptl())
  end,
  provider = function()
    return provider_of(function() end)
  end,
  device = function()
    ensure_operation()
    return lasting.devices[1]
  end,
  operation = function()
    ensure_operation()
    return held
  end,
}
local modules = { fax = fax, service = fax.service, clock = fax.clock, fsp = fax.fsp,
  t30 = fax.t30 }
local methods = {
  server = core.server_methods,
  port = core.port_methods,
  document = core.document_methods,
  job = job_methods,
  loop = getmetatable(fax.loop()).__index,
  subscription = subscription_methods,
  policy = policy_methods,
  provider = provider_methods,
  device = device_methods,
  operation = operation_methods,
  terminal = terminal.methods,
  audio = terminal.audio,
  t38 = terminal.t38,
  udptl = core.udptl_methods,
}

local function undo(object)
  if type(object) ~= "table" or object.close then
    object:close()
  end
end

-- ---- what is right, by function and parameter or by parameter ----

local GUID = fax.routing.folder
local right = {
  path = tiff,
  id = 1,
  rights = "FAX_READ",
  ids = { 1 },
  query = {},
  what = { keep_bytes = 0 },
  ["fax.export fax"] = tiff,
  ["fax.export output"] = folder .. "/export.pdf",
  guid = GUID,
  priority = 1,
  enabled = false,
  bytes = folder .. "\0",
  command = "JC_PAUSE",
  recipients = { { to = "102", at = LATER } },
  categories = { init = "max" },
  kind = "job",
  fn = function() end,
  level = "debug",
  room = "spec",
  text = "what is said",
  seconds = 0,
  timeout = 0,
  key = 1,
  value = 1,
  name = "nosuch",
  changes = {},
  options = {},
  ["server:send options"] = { to = "102", at = LATER },
  ["fax.register_service_provider options"] = { name = "p", friendly_name = "P",
    image = folder .. "/none.so" },
  ["fax.connect options"] = {},
  ["server:load_provider provider"] = { name = "p", path = folder .. "/none.so" },
  ["service.start options"] = base,
  ["fsp.check options"] = { path = folder .. "/none.so" },
  ["port:route_to_folder path"] = folder,
  ["t30.audio options"] = { send = tiff },
  ["t30.t38 options"] = { send = tiff },
  ["t30.udptl options"] = { redundancy = 1 },
  ["t30.timeline events"] = { { moment = 0, frame = "DIS" } },
  samples = "\0\0",
  count = 160,
  ifp = "\0",
  seq = 0,
  datagram = "\0\0\1\0\0\0",
  cause = "aborted",
  ["fax.provider options"] = { name = "p", devices = { { name = "x" } }, stall = 100000,
    send = function() end },
  number = "5550100",
  ["server:set_number changes"] = { number = "5550100" },
  fd = 1, -- a file: what it is waited for is there at once
  ["loop:wait mode"] = "w",
  ["operation:wait mode"] = "w",
  ["operation:commit page"] = 1,
  status = "FS_DIALING",
}

-- Waiting for ever is what these are asked for then.
local FOREVER = { ["clock.wait seconds"] = true, ["loop:sleep seconds"] = true,
  ["operation:sleep seconds"] = true }

-- Taken although the annotation has another type, with the reason.
local taken = {
  ["subscription:close self"] = "a text has methods in Lua: as a closed one",
  ["subscription:closed self"] = "as close",
  ["policy:close self"] = "as that of a subscription",
  ["policy:closed self"] = "as close",
  ["loop:events self"] = "the answer is the same for all",
}

-- ---- what is wrong ----

local closed = assert(fax.new_loop())
closed:close()

local function hostile()
  local closed_server = make.server()
  closed_server:close()
  return {
    { "nil", nil }, { "true", true }, { "false", false },
    { "0", 0 }, { "-1", -1 }, { "1.5", 1.5 }, { "2^31", 2 ^ 31, true }, { "2^40", 2 ^ 40, true },
    { "-2^63", -2 ^ 63 }, { "1e300", 1e300, true }, { "nan", 0 / 0 },
    { "inf", math.huge, true }, { "-inf", -math.huge },
    { "''", "" }, { "'x'", "x" }, { "NUL", "a\0b" }, { "no UTF-8", "\255\254" },
    { "long", ("x"):rep(1000000) }, { "format", "%s%n%d" },
    { "{}", {} }, { "list", { 1, 2, 3 } }, { "wrong key", { nosuchkey = 1 } },
    { "wrong keys", { [{}] = 1, [true] = 2 } }, { "{ NUL }", { "a\0b" } },
    { "{ {} }", { {} } }, { "function", function() end },
    { "thread", coroutine.create(function() end) }, { "file", io.stderr },
    { "closed server", closed_server }, { "server", server }, { "port", port },
    { "document", prepared }, { "closed loop", closed }, { "module", fax },
  }
end

-- ---- calling ----

local load = rawget(_G, "loadstring") or load

-- o:name(...) as a program would write it: the errors name what was called.
local function caller(name, is_method)
  local word = name:match("[%w_]+$")
  return assert(load(("local o, a, b, c, d = ... "
    .. "local r1, r2, r3 = o%s%s(a, b, c, d) return r1, r2, r3"):format(
    is_method and ":" or ".", word)))
end

local function names(message, fn, what)
  if what == "self" then -- one cannot do worse than take a stone for a server
    return true
  end
  local word = fn.name:match("[%w_]+$")
  message = message:lower()
  return message:find(word, 1, true) or message:find(what:match("[%w_]+$"), 1, true)
end

-- What is wrong with how it went, or nil.
local function verdict(fn, what, value, variable, ok, first, why, code)
  if not ok then
    if type(first) ~= "string" or not names(first, fn, what) then
      return ("raised '%s'"):format(tostring(first))
    end
  elseif first == nil and (why ~= nil or code ~= nil) then
    if type(why) ~= "string" or #why == 0 or type(code) ~= "string"
      or not code:find("^[%u][%u%d_]+$") then
      return ("gave nil, %s, %s"):format(tostring(why), tostring(code))
    end
  elseif variable and not annotations.fits(value, variable)
    and not taken[fn.name .. " " .. what] then
    return "took it"
  end
end

local count

local function try(fn, what, shown, value, variable, ...)
  count = count + 1
  local ok, first, why, code = pcall(...)
  local wrong = verdict(fn, what, value, variable, ok, first, why, code)
  if wrong then
    print(("bad %s %s = %s: %s"):format(fn.name, what, shown, (wrong:sub(1, 300)
      :gsub("%c", "?"))))
  end
  local mt = ok and type(first) == "table" and getmetatable(first)
  if ok and type(first) == "userdata"
    or mt and (mt.__index == provider_methods or mt.__index == policy_methods) then
    undo(first)
  end
  ensure()
end

local function copy(list)
  local new = {}
  for key, value in pairs(list) do
    new[key] = value
  end
  return new
end

-- The right arguments of a function, and how it is called.
local function stage(fn)
  local place, mark = fn.name:match("^(%w+)([.:])")
  local args = {}
  for i, param in ipairs(fn.params) do
    args[i] = right[fn.name .. " " .. param.name]
    if args[i] == nil then
      args[i] = right[param.name]
    end
    assert(args[i] ~= nil or param.optional or param.name == "...",
      fn.name .. ": what is right for " .. param.name .. "?")
  end
  return place, mark == ":", args
end

-- Calls it with one thing replaced: replace(args) does it.
local function call(fn, what, shown, value, variable, replace)
  local place, is_method, args = stage(fn)
  local object = modules[place] or make[place]()
  if fn.name == "service.start" then
    fax.service.stop { timeout = 60 }
  end
  if fn.name == "provider:wait" then -- until it is over
    object:close()
  end
  replace(args, object)
  if fn.name == "loop:sleep" then -- yields instead of waiting
    object:spawn(function()
      return object:sleep(args[1])
    end)
    try(fn, what, shown, value, variable, object.poll, object, 0)
  else
    try(fn, what, shown, value, variable, caller(fn.name, is_method), object, args[1], args[2],
      args[3], args[4])
  end
  if not modules[place] then
    undo(object)
  end
end

-- ---- what is replaced ----

local function try_self(fn)
  local place = fn.name:match("^%w+")
  local named = caller(fn.name, false)
  for _, one in ipairs(hostile()) do
    local _, _, args = stage(fn)
    local value = one[2]
    -- An object that is a table in Lua cannot be told from another table; the
    -- right kind of object is none that is wrong.
    local mt = type(value) == "userdata" and getmetatable(value)
    local same = mt and mt.__index == methods[place]
    if type(value) ~= "table" and not same and not modules[place] then
      try(fn, "self", one[1], value, { kind = "fax.none" }, named, methods[place], value,
        args[1], args[2], args[3])
    else
      count = count + 1
    end
  end
  if make[place] and methods[place].close then
    local object = make[place]()
    object:close()
    local _, _, args = stage(fn)
    try(fn, "self", "closed", nil, nil, caller(fn.name, true), object, args[1], args[2], args[3])
  end
end

local function try_param(fn, i, param)
  for _, one in ipairs(hostile()) do
    if not (one[3] and FOREVER[fn.name .. " " .. param.name] and fn.name ~= "loop:sleep") then
      call(fn, param.name, one[1], one[2], param, function(args)
        args[i] = one[2]
      end)
    end
  end
  if param.kind:find("%[%]") then -- its elements
    for _, one in ipairs(hostile()) do
      call(fn, param.name, "{ " .. one[1] .. " }", {}, param, function(args)
        args[i] = { one[2] }
      end)
    end
  end
  for _, field in ipairs(annotations.fields(param.kind, meta.classes) or {}) do
    for _, one in ipairs(hostile()) do
      call(fn, param.name .. "." .. field.name, one[1], one[2], field, function(args)
        args[i] = copy(type(args[i]) == "table" and args[i] or {})
        args[i][field.name] = one[2]
      end)
    end
  end
end

ensure()
for _, fn in ipairs(meta.functions) do
  count = 0
  print("trying " .. fn.name)
  io.stdout:flush()
  if fn.name:find(":") then
    try_self(fn)
  end
  for i, param in ipairs(fn.params) do
    if param.name ~= "..." then
      try_param(fn, i, param)
    else
      count = count + 20
    end
  end
  print(("tried %s %d"):format(fn.name, count))
end

-- ---- and the service goes on ----

assert(fax.service.stop { timeout = 60 })
base.directory = folder .. "/fresh" -- the other keeps all that was set
assert(fax.service.start(base))
server = connect()
assert(assert(server:send(tiff, { to = "102", device = 1 })):wait(60))
print("delivered")
server:close()
assert(fax.service.stop { drain = 60 })
print("done")
