-- SPDX-License-Identifier: MIT
-- Errors as application/problem+json (RFC 9457): a status, and what the fax server
-- said, by the name of its error.

local json = require "site.json"

local problem = {}

local titles = {
  [400] = "Bad request", [401] = "No valid key", [403] = "Not allowed", [404] = "Not found",
  [405] = "Method not allowed", [408] = "Too slow", [409] = "Conflict", [410] = "Gone",
  [411] = "Length required", [413] = "Too large", [414] = "Address too long",
  [415] = "Unknown kind of content", [416] = "No such range", [422] = "Cannot be used",
  [429] = "Too many requests", [431] = "Headers too large", [500] = "Internal error",
  [501] = "Not supported", [503] = "The fax server does not answer",
  [504] = "The fax server is silent", [507] = "No room",
}

local statuses = {
  ERROR_ACCESS_DENIED = 403,
  ERROR_ALREADY_EXISTS = 409,
  ERROR_BAD_UNIT = 404,
  ERROR_BUSY = 503,
  ERROR_CANCELLED = 409,
  ERROR_DISK_FULL = 507,
  ERROR_FAX_BLOCKED = 422,
  ERROR_FILE_CORRUPT = 422,
  ERROR_FILE_NOT_FOUND = 404,
  ERROR_FILE_TOO_LARGE = 413,
  ERROR_HANDLE_DISK_FULL = 507,
  ERROR_INVALID_DATA = 422,
  ERROR_INVALID_OPERATION = 409,
  ERROR_INVALID_PARAMETER = 400,
  ERROR_NOT_FOUND = 404,
  ERROR_NOT_ENOUGH_QUOTA = 409,
  ERROR_NOT_SUPPORTED = 501,
  ERROR_SERVICE_NOT_ACTIVE = 503,
  ERROR_SHARING_VIOLATION = 409,
  ERROR_SHUTDOWN_IN_PROGRESS = 503,
  ERROR_TIMEOUT = 504,
  ERROR_UNSUPPORTED_TYPE = 422,
  RPC_S_CALL_FAILED = 503,
  RPC_S_SERVER_UNAVAILABLE = 503,
}

-- Seconds after which to come again, where the answer does not know better.
local AGAIN = 2

--- What to say of an error of the fax server.
function problem.status(code)
  return statuses[code] or 500
end

--- Answers with it. `headers` go with it.
function problem.say(status, code, detail, headers)
  ngx.status = status
  ngx.header["Content-Type"] = "application/problem+json"
  ngx.header["Cache-Control"] = "no-store"
  if status == 503 then
    ngx.header["Retry-After"] = AGAIN
  end
  for name, value in pairs(headers or {}) do
    ngx.header[name] = value
  end
  local body = json.encode { type = "about:blank", title = titles[status] or "Error",
    status = status, detail = detail, code = code }
  ngx.header["Content-Length"] = #body
  ngx.print(body)
  return true
end

local codes = { [400] = "ERROR_INVALID_PARAMETER", [404] = "ERROR_NOT_FOUND",
  [405] = "ERROR_INVALID_FUNCTION", [408] = "ERROR_TIMEOUT", [413] = "ERROR_FILE_TOO_LARGE",
  [414] = "ERROR_BUFFER_OVERFLOW", [431] = "ERROR_BUFFER_OVERFLOW" }

--- What nginx itself refuses before the site is asked.
function problem.page()
  local status = ngx.status
  return problem.say(status, codes[status] or "ERROR_GEN_FAILURE",
    (titles[status] or "nginx refused the request") .. ".")
end

return problem
