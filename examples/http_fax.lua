-- SPDX-License-Identifier: MIT
-- Sends a fax through http_fsp.lua, and has it come back. The fax company is an
-- imitation, http_service.lua, in the same loop.
--   lua5.4 examples/http_fax.lua letter.pdf "+49 30 1234567" [directory]
-- Needs LuaSocket and dkjson.
local here = debug.getinfo(1, "S").source:match("^@(.*/)") or ""
local fax = require "fax"

local path, number, directory = arg[1], arg[2], arg[3]
if not number then
  io.stderr:write("usage: http_fax.lua FILE NUMBER [DIRECTORY]\n")
  os.exit(2)
end

local server = assert(fax.connect { directory = directory, providers = {}, retries = 0 })
local company = dofile(here .. "http_service.lua") { key = "secret" }
local provider = assert(dofile(here .. "http_fsp.lua") { url = company.url, key = "secret",
  number = "+49 30 7654321", every = 0.2 })

local job = assert(server:send(path, { to = number }))
local delivered, why = job:wait(120)
print(delivered and "delivered" or "not delivered: " .. why)
for _, request in ipairs(company.log) do
  print("  " .. request)
end

if delivered then
  local events = server:events("received")
  company:arrive { from = number, document = company.faxes[1].document }
  local got = events()
  print(("received from %s: %d pages"):format(got.caller_id, got.pages))
end

provider:close()
assert(provider:wait(10))
company:close()
server:close()
assert(fax.service:stop { timeout = 30 })
