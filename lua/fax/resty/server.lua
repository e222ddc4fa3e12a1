-- SPDX-License-Identifier: MIT
-- The primitives of a server handle, and its own functions that only nginx has.
-- One function for each method of the protocol.

local client = require "fax.resty.client"
local connection = require "fax.resty.connection"
local core = require "fax.resty.core"

local Server = core.server_methods
local INVALID = "the handle is not valid"

local server = { meta = { __index = Server, __name = "fax.server" } }

--- Asks what a method gives: the result, and bytes.
function Server:_ask(method, params, content)
  if self:closed() then
    return nil, INVALID, "ERROR_INVALID_HANDLE"
  end
  return client.ask(self._at, { method = method, params = params, content = content })
end

--- One member of what a method gives.
function Server:_get(member, method, params)
  local result, why, code = self:_ask(method, params)
  if not result then
    return nil, why, code
  end
  return result[member]
end

--- true, of a method that gives nothing.
function Server:_do(method, params, content)
  local result, why, code = self:_ask(method, params, content)
  if not result then
    return nil, why, code
  end
  return true
end

function Server:close()
  self._at = nil
end

function Server:closed()
  if getmetatable(self) ~= server.meta then
    error("a fax server expected, got a " .. type(self), 3)
  end
  return self._at == nil
end

function server.meta.__tostring(self)
  return self._at and "fax.server (" .. self._at.path .. ")" or "fax.server (closed)"
end

function server.new(at)
  return setmetatable({ _at = at }, server.meta)
end

-- ---- jobs ----

function Server:_jobs(query)
  return self:_get("jobs", "job.list", { query = { number = query.number, limit = query.limit,
    newest_first = query.newest_first, cursor = query.cursor,
    with = query.with and { query.with }, without = query.without and { query.without } } })
end

function Server:_job_info(id)
  return self:_get("job", "job.read", { id = id })
end

function Server:_abort(id)
  return self:_do("job.abort", { id = id })
end

function Server:_set_job(id, command)
  return self:_do("job.set", { id = id, command = command })
end

function Server:_result(id)
  return self:_get("result", "job.result", { id = id })
end

function Server:_page_data(id)
  local page, bytes, code = self:_ask("job.page", { id = id })
  if not page then
    return nil, bytes, code
  end
  page.data = bytes
  return page
end

-- ---- settings ----

function Server:_access_check(rights)
  local ok, why, code = self:_do("access.ask", { id = rights })
  if code == "ERROR_ACCESS_DENIED" then
    return false
  end
  return ok, why, code
end

function Server:configuration()
  return self:_get("config", "config.read")
end

function Server:_set_configuration(config)
  return self:_do("config.set", config)
end

function Server:logging_categories()
  return self:_get("categories", "logging.read")
end

function Server:_set_logging_categories(list)
  return self:_do("logging.set", { categories = list })
end

function Server:global_routing_info()
  return self:_get("methods", "routing.global")
end

function Server:_set_global_routing_info(guid, priority)
  return self:_do("routing.order", { guid = guid, priority = priority })
end

function Server:providers()
  return self:_get("providers", "provider.list")
end

--- The id of the run of the server, and true: it is another process.
function Server:boot()
  local ok, why, code = self:_do("ping") -- whoever answers was welcome before
  if not ok then
    return nil, why, code
  end
  return connection.boot(self._at.path), true
end

function Server:metrics()
  return self:_get("text", "metrics.read")
end

-- ---- numbers ----

function Server:_dial_plan(number)
  return self:_get("plan", "dial.plan", { number = number })
end

function Server:_numbers(number)
  return self:_get("numbers", "number.list", { number = number })
end

-- Times that the service knows are its own.
function Server:_set_number(one, refused)
  local record = {}
  for key, value in pairs(one) do
    record[key] = value
  end
  record.last_call, record.last_success, record.slowed = nil, nil, nil
  record.t38_refused = refused
  return self:_do("number.set", record)
end

function Server:_forget_number(number)
  return self:_do("number.forget", { number = number })
end

function Server:_explain_policy(id)
  return self:_get("explanation", "policy.explain", { id = id })
end

return server
