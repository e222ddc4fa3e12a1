-- SPDX-License-Identifier: MIT
-- One of the scripts of the hammer. Globals from lua.c: over, any_job, seed,
-- document, directory, second. Gives the number of calls; whatever is raised ends the hammer.

local fax = require "fax"

-- luacheck: globals over any_job seed document directory second
math.randomseed(seed)
local server = assert(fax.connect())
local loop = fax.loop()
local calls, port, prepared, provider = 0, nil, nil, nil
local levels = { "none", "min", "med", "max" }
local numbers = { "1", "2", "3", "4", "6", "7", "8", "9", "10", "12", "14", "999" }

local function any(list)
  return list[math.random(#list)]
end

local function job()
  return server:job(any_job())
end

local acts = {
  ports = function() server:ports() end,
  jobs = function() server:jobs() end,
  info = function() job():info() end,
  pause = function() job():pause() end,
  resume = function() job():resume() end,
  abort = function() job():abort() end,
  delete = function() job():delete() end,
  result = function() job():result() end,
  page = function() job():page_data() end,
  access = function() server:access_check(math.random(0, 127)) end,
  reconnect = function()
    local other = fax.connect { rights = math.random(1, 127), user = "lua" }
    if other then
      other:jobs()
      if math.random(2) == 1 then other:close() end -- else the collector
    end
  end,
  open = function()
    if port then port:close() end
    port = server:open_port(any { 1, 2, 10, 11 }, any { "query", "modify" })
  end,
  port = function()
    if port then
      port:info()
      port:status()
      port:set { priority = math.random(1, 4), csid = "lua" }
      port:routing_methods()
    end
  end,
  prepare = function()
    if prepared and math.random(10) == 1 then prepared:close() end
    if not prepared or prepared:closed() then
      prepared = server:prepare(document)
    end
  end,
  send = function()
    if prepared then
      server:send(prepared, { to = any(numbers), retries = math.random(0, 2), retry_delay = 0 })
    end
  end,
  broadcast = function()
    if prepared then
      server:broadcast(prepared, { "1", "2", "1" })
    end
  end,
  configuration = function()
    server:set_configuration { retries = math.random(0, 3),
      pause_server_queue = math.random(10) == 1 }
  end,
  logging = function()
    server:logging_categories()
    server:set_logging_categories { outbound = any(levels), unknown = any(levels) }
  end,
  routing = function()
    for _, method in ipairs(server:global_routing_info() or {}) do
      server:set_global_routing_info(method.guid, math.random(1, 3))
    end
    if port then
      port:routing_info(fax.routing.folder)
      port:route_to_folder(directory)
      port:set_routing_info(fax.routing.folder, directory .. "\0")
      port:enable_routing_method(fax.routing.folder, math.random(2) == 1)
    end
  end,
  inbox = function()
    if math.random(20) == 1 then server:inbox { after = os.time() - 1 } end
  end,
  params = function() fax.complete_job_params() end,
  events = function()
    loop:spawn(function()
      for _ in server:events(any { "job", "port", "any" }) do
        if math.random(5) == 1 then break end
      end
    end)
  end,
  load = function()
    if provider then
      provider:close()
      provider = nil
    else
      provider = server:load_provider { name = "second", path = second,
        options = { lines = 2, prefix = 51, numbers = 501 } }
    end
  end,
  wait = function()
    if prepared then
      loop:spawn(function()
        local sent = server:send(prepared, { to = "1", retries = 0 })
        if sent then sent:wait(5) end
      end)
    end
  end,
  subscribe = function()
    local subscription = server:on(any { "job", "port", "any" }, function() end)
    if subscription then
      loop:poll(0)
      subscription:close()
    end
  end,
  poll = function() loop:poll(0.001) end,
  collect = function() collectgarbage() end,
}

local names = {}
for name in pairs(acts) do
  names[#names + 1] = name
end
table.sort(names)

while not over() do
  local name = any(names)
  over(name)
  acts[name]()
  calls = calls + 1
  loop:poll(0)
end

server:set_configuration { pause_server_queue = false }
loop:close()
server:close()
return calls
