-- SPDX-License-Identifier: MIT
-- Hooks and deliveries on the disk, a file each, and what workers tell each other
-- of them. Who calls waits for the disk; the worker does not.

local json = require "site.json"
local settings = require "site.settings"

local store = {}

local POOL = "disk" -- thread_pool of nginx.conf
local LOG = 50      -- deliveries of a hook that are told

local function run(...)
  -- luacheck: ignore 143
  local ran, result, why = ngx.run_worker_thread(POOL, "site.hooks.disk", ...)
  if not ran then
    return nil, tostring(result)
  end
  return result, why
end

local function folder(name)
  return settings.state .. "/" .. name
end

-- A delivery's body is kept as it is.
local function decode_all(files)
  local all = {}
  for name, text in pairs(files) do
    local value = json.decode(text)
    if type(value) == "table" then
      all[#all + 1] = value
    else
      ngx.log(ngx.ERR, "site: ", name, " is no JSON")
    end
  end
  return all
end

local function read_all(name)
  local ok, why = run("make", folder(name))
  local files
  if ok then
    files, why = run("read_all", folder(name))
  end
  if not files then
    ngx.log(ngx.ERR, "site: ", why)
    return nil, why, "ERROR_READ_FAULT"
  end
  return decode_all(files)
end

local function write(name, list)
  local files = {}
  for _, one in ipairs(list) do
    files[one.id .. ".json"] = json.encode(one)
  end
  local ok, why = run("make", folder(name))
  if ok then
    ok, why = run("write", folder(name), files)
  end
  if not ok then
    ngx.log(ngx.ERR, "site: ", why)
    return nil, "the hook cannot be kept", "ERROR_WRITE_FAULT"
  end
  return true
end

-- ---- hooks ----

--- Goes up with each change of a hook.
function store.version()
  return ngx.shared.hooks:get("version") or 0
end

function store.hooks()
  return read_all("hooks")
end

--- One of them; nil, and a reason and code when that cannot be known.
function store.hook(id)
  local text, why = run("read", folder "hooks", id .. ".json")
  if why then
    ngx.log(ngx.ERR, "site: ", why)
    return nil, why, "ERROR_READ_FAULT"
  end
  return text and decode_all { [id .. ".json"] = text }[1] or nil
end

function store.save(hook)
  local ok, why, code = write("hooks", { hook })
  ngx.shared.hooks:incr("version", 1, 0)
  return ok, why, code
end

function store.forget(id)
  run("remove", folder "hooks", { id .. ".json" })
  ngx.shared.hooks:delete("log " .. id)
  ngx.shared.hooks:incr("version", 1, 0)
end

-- ---- deliveries ----

function store.deliveries()
  return read_all("deliveries")
end

--- Keeps these before any of them is tried.
function store.keep(list)
  return write("deliveries", list)
end

function store.drop(list)
  local names = {}
  for i, one in ipairs(list) do
    names[i] = one.id .. ".json"
  end
  run("remove", folder "deliveries", names)
end

--- From any worker, for the one that sends: a new one.
function store.hand_over(delivery)
  local ok, why, code = store.keep { delivery }
  if ok then
    store.leave { delivery }
  end
  return ok, why, code
end

--- Those that are on the disk, for the next worker that sends.
function store.leave(list)
  for _, one in ipairs(list) do
    ngx.shared.hooks:rpush("left", one.id)
  end
end

--- What another worker has left.
function store.take()
  local list = {}
  local id = ngx.shared.hooks:lpop("left")
  while id do
    local text = run("read", folder "deliveries", id .. ".json")
    list[#list + 1] = text and json.decode(text)
    id = ngx.shared.hooks:lpop("left")
  end
  return list
end

-- ---- what is told of them ----

--- The last deliveries of a hook, the latest first.
function store.log(id)
  return json.decode(ngx.shared.hooks:get("log " .. id) or "[]")
end

--- From the worker that sends only.
function store.note(delivery, state, status, why)
  local name, list = "log " .. delivery.hook, store.log(delivery.hook)
  for i, one in ipairs(list) do
    if one.id == delivery.id then
      table.remove(list, i)
      break
    end
  end
  table.insert(list, 1, { id = delivery.id, kind = delivery.kind, created = delivery.created,
    tries = delivery.tries, state = state, status = status, why = why,
    next = state == "waiting" and delivery.next or nil })
  list[LOG + 1] = nil
  ngx.shared.hooks:set(name, json.encode(json.list(list)))
end

return store
