-- SPDX-License-Identifier: MIT
-- From the path and the method of a request to who answers it. A handler says
-- true when it has answered, else nil, why, code (of the fax server), and the
-- status and the seconds of Retry-After where the code does not say enough.

local keys = require "site.keys"
local limits = require "site.limits"
local problem = require "site.problem"
local request = require "site.request"
local server = require "site.server"
local sessions = require "site.sessions"
local settings = require "site.settings"

local router = {}

local MOST_ID = 4294967295

-- What a {name} of a route stands for.
local patterns = { id = "([1-9]%d*)", page = "([1-9]%d*)", token = "(%x+)" }
local TOKEN = 32 -- digits

-- ---- routes ----

local plain = {}  -- path -> { methods }
local others = {} -- list of { pattern =, names =, methods = }
local by_path = {}

local function compile(path)
  local names = {}
  local pattern = path:gsub("[%.%-]", "%%%0"):gsub("{(%w+)}", function(name)
    names[#names + 1] = name
    return patterns[name]
  end)
  return "^" .. pattern .. "$", names
end

local function entry_of(path)
  local entry = by_path[path]
  if not entry then
    entry = { methods = {} }
    by_path[path] = entry
    if path:find("{", 1, true) then
      entry.pattern, entry.names = compile(path)
      others[#others + 1] = entry
    else
      plain[path] = entry
    end
  end
  return entry
end

--- From init_by_lua: a list of { method, path, right or nil, handler, open = it needs
--- no key, alone = it asks the fax server nothing }.
function router.add(routes)
  for _, route in ipairs(routes) do
    entry_of(route[2]).methods[route[1]] = { right = route[3] or nil, handler = route[4],
      open = route.open, alone = route.alone }
  end
end

--- All routes, for whoever describes them: path -> method -> route.
function router.all()
  local all = {}
  for path, entry in pairs(by_path) do
    all[path] = entry.methods
  end
  return all
end

local function fits(name, value)
  if name == "token" then
    return #value == TOKEN and value
  end
  local number = #value <= 10 and tonumber(value)
  return number and number <= MOST_ID and number
end

local function params_of(entry, found)
  local params = {}
  for i, name in ipairs(entry.names) do
    params[name] = fits(name, found[i])
    if not params[name] then
      return nil
    end
  end
  return params
end

-- Of the path as it was sent: what is escaped in it is no path of ours.
local function find(path)
  if plain[path] then
    return plain[path], {}
  end
  for _, entry in ipairs(others) do
    local found = { path:match(entry.pattern) }
    if found[1] then
      local params = params_of(entry, found)
      return params and entry, params
    end
  end
end

-- ---- who asks ----

local safe = { GET = true, HEAD = true }

local function key_of_header(header)
  local given = header:match("^[Bb]earer +([%w_.~+/=-]+)$")
  local key = given and keys.find(given)
  if not key then
    return limits.wrong_key "there is no such key"
  end
  return key
end

local function key_of_page()
  local key = sessions.key()
  if not key then
    return nil, "a key is needed: Authorization: Bearer KEY", "ERROR_LOGON_FAILURE", 401
  elseif not safe[ngx.req.get_method()] and not sessions.is_own_page() then
    return nil, "the request does not come from this site", "ERROR_ACCESS_DENIED"
  end
  return key
end

local function admit(route)
  local header = ngx.var.http_authorization
  local key, why, code, status, wait
  if header then
    key, why, code, status, wait = key_of_header(header)
  else
    key, why, code, status, wait = key_of_page()
  end
  if not key then
    return nil, why, code, status, wait
  elseif route.right and not (key.has[route.right] or key.has.FAX_ALL_ACCESS) then
    return nil, ("the key lacks the right %s"):format(route.right), "ERROR_ACCESS_DENIED"
  end
  wait = limits.count(key, "requests")
  if wait then
    return nil, "too many requests of this key", "ERROR_BUSY", 429, wait
  end
  return key
end

-- ---- answering ----

local function call(route, params)
  local key, handle, why, code, status, wait
  if not route.open then
    key, why, code, status, wait = admit(route)
    if not key then
      return nil, why, code, status, wait
    end
    if not route.alone then
      handle, why, code = server.of(key)
      if not handle then
        return nil, why, code
      end
    end
  end
  return route.handler(request.new(key, handle, params))
end

local function failed(why, code, status, wait)
  if tostring(why):find(settings.socket, 1, true) then -- it is for nginx's log only
    why, status = "the fax server cannot be reached", 503
  end
  status = status or problem.status(code)
  local headers = { ["Retry-After"] = wait }
  if status == 401 then
    headers["WWW-Authenticate"] = 'Bearer realm="fax"'
  elseif status == 500 then
    ngx.log(ngx.ERR, tostring(code), ": ", tostring(why))
  end
  return problem.say(status, code, why, headers)
end

local function run(route, params)
  local done, ok, why, code, status, wait = xpcall(call, debug.traceback, route, params)
  if not done then
    ngx.log(ngx.ERR, tostring(ok))
    if not ngx.headers_sent then
      problem.say(500, "ERROR_INTERNAL_ERROR", "The site failed; its log says how.")
    end
  elseif not ok then
    failed(why, code, status, wait)
  end
end

local function allowed(entry)
  local list = {}
  for method in pairs(entry.methods) do
    list[#list + 1] = method
    if method == "GET" then
      list[#list + 1] = "HEAD"
    end
  end
  table.sort(list)
  return table.concat(list, ", ")
end

--- From content_by_lua: answers the request.
function router.serve()
  local path = ngx.var.request_uri:match("^[^?]*")
  local entry, params = find(path)
  if not entry then
    return problem.say(404, "ERROR_NOT_FOUND", "there is nothing at this address")
  end
  local method = ngx.req.get_method()
  local route = entry.methods[method == "HEAD" and "GET" or method]
  if not route then
    return problem.say(405, "ERROR_INVALID_FUNCTION", "this address does not take " .. method,
      { Allow = allowed(entry) })
  end
  return run(route, params)
end

return router
