-- SPDX-License-Identifier: MIT
-- GET /v1/openapi.json: the description of this API, read when nginx starts.

local reply = require "site.reply"

local openapi = {}

local path = assert(package.searchpath("site.openapi", package.path)):gsub("lua$", "json")
local file = assert(io.open(path, "r"))
local text = file:read("*a")
file:close()

function openapi.show()
  return reply.file("application/json", text, { ["Cache-Control"] = "public, max-age=3600" })
end

return openapi
