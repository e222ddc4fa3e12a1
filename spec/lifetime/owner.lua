-- SPDX-License-Identifier: MIT
-- owner.lua PACE DOCUMENT, run by embed: the state that owns the service.
local fax = require "fax"

assert(fax.service.start {
  branding = false,
  retries = 0,
  loopback = { lines = 8, numbers = 101, pace = arg[1] },
})
