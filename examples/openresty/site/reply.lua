-- SPDX-License-Identifier: MIT
-- Answers that went well.

local json = require "site.json"

local reply = {}

local function send(status, kind, body, headers)
  ngx.status = status
  ngx.header["Content-Type"] = kind
  ngx.header["Content-Length"] = #body
  ngx.header["Cache-Control"] = "no-store"
  for name, value in pairs(headers or {}) do
    ngx.header[name] = value
  end
  ngx.print(body)
  return true
end

--- Any value.
function reply.json(status, value, headers)
  return send(status, "application/json", json.encode(value), headers)
end

--- Nothing to say.
function reply.empty(headers)
  ngx.status = 204
  ngx.header["Cache-Control"] = "no-store"
  for name, value in pairs(headers or {}) do
    ngx.header[name] = value
  end
  return true
end

--- The client has it already.
function reply.unchanged(headers)
  ngx.status = 304
  for name, value in pairs(headers) do
    ngx.header[name] = value
  end
  return true
end

--- Bytes, as a file of that kind.
function reply.file(kind, bytes, headers)
  return send(200, kind, bytes, headers)
end

return reply
