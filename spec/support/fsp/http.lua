-- SPDX-License-Identifier: MIT
-- examples/http_fsp.lua with the imitation of a fax company that it needs, for the
-- check of providers. The company is one for each loop, and keeps no documents.
local fax = require "fax"

local KEPT = "spec.support.fsp.http" -- this file is loaded for each provider anew

local function forget(company)
  return function()
    for _, one in pairs(company.faxes) do
      one.document = nil
    end
    company.log = {}
  end
end

return function()
  local kept = package.loaded[KEPT]
  if not kept or kept.loop ~= fax.loop() then
    kept = { loop = fax.loop(), company = dofile "examples/http_service.lua" { key = "secret" } }
    kept.company.fault = forget(kept.company)
    package.loaded[KEPT] = kept
  end
  return dofile "examples/http_fsp.lua" { url = kept.company.url, key = "secret",
    number = "+49 30 7654321" }
end
