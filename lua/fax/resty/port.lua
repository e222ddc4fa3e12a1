-- SPDX-License-Identifier: MIT
-- A port handle and its primitives. It has a connection of its own, and belongs
-- to the request that opened it.

local client = require "fax.resty.client"
local core = require "fax.resty.core"

local Server, Port = core.server_methods, core.port_methods
local meta = { __index = Port, __name = "fax.port" }

function Server:_open_port(id, mode)
  if self:closed() then
    return nil, "the handle is not valid", "ERROR_INVALID_HANDLE"
  end
  local own, why, code = client.open(self._at, { method = "port.open",
    params = { device_id = id, flags = { mode } } })
  if not own then
    return nil, why, code
  end
  return setmetatable({ _own = own }, meta)
end

function Server:ports()
  return self:_get("ports", "port.list")
end

local function ask(self, method, params, content)
  return self._own:ask { method = method, on = self._own.handle, params = params,
    content = content }
end

local function get(self, member, method)
  local result, why, code = ask(self, method)
  if not result then
    return nil, why, code
  end
  return result[member]
end

local function done(result, why, code)
  if not result then
    return nil, why, code
  end
  return true
end

function Port:close()
  self._own:close()
end

function Port:closed()
  if getmetatable(self) ~= meta then
    error("a fax port expected, got a " .. type(self), 2)
  end
  return self._own:closed()
end

function meta.__tostring(self)
  return self:closed() and "fax.port (closed)" or "fax.port"
end

function Port:info()
  return get(self, "port", "port.read")
end

function Port:status()
  return get(self, "status", "port.status")
end

function Port:_set(info)
  return done(ask(self, "port.set", info))
end

function Port:routing_methods()
  return get(self, "methods", "routing.list")
end

function Port:_enable_routing_method(guid, enabled)
  return done(ask(self, "routing.enable", { guid = guid, enabled = enabled }))
end

function Port:_routing_info(guid)
  local result, bytes, code = ask(self, "routing.read", { guid = guid })
  if not result then
    return nil, bytes, code
  end
  return bytes
end

function Port:_set_routing_info(guid, bytes)
  return done(ask(self, "routing.write", { guid = guid }, bytes))
end

return Port
