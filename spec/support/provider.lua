-- SPDX-License-Identifier: MIT
-- For the specs of providers in Lua: a service without other providers on the
-- virtual clock, in a folder of its own, and a document to send.
--   local stage = require("spec.support.provider").new(folder .. "/1.tif", { retries = 1 })
-- stage:stop() ends it.
local core = require "fax.core"
local fax = require "fax"
local helper = require "spec.helper"
local luassert = require "luassert"
local merged = helper.merged

local Stage = {}
local meta = { __index = Stage }

local support = {}

--- Starts the service again, with other options.
function Stage:start(options)
  self.server = assert(fax.connect(merged({ directory = self.directory, providers = {},
    retries = 0, calls_per_number = 0, branding = false,
    log = self.directory .. "/log" }, options)))
  self.document = assert(self.server:prepare(self.path))
  return self.server
end

function support.new(path, options)
  assert(fax.clock.virtual(1.6e9))
  local self = setmetatable({ path = path, directory = core.temporary("fax-spec") }, meta)
  self:start(options)
  return self
end

function Stage:stop()
  assert(fax.service.stop { timeout = 60 })
  fax.loop():close()
  collectgarbage()
  assert(fax.clock.real())
  os.execute("rm -rf " .. helper.quote(self.directory))
end

--- A provider with one line.
function support.attach(options)
  return assert(fax.provider(merged({ name = "test",
    devices = { { name = "line 1", number = "100" } } }, options)))
end

function Stage:send(options)
  return assert(self.server:send(self.document, merged({ to = "555" }, options)))
end

function support.last_attempt(job)
  local attempts = assert(job:result()).attempts
  return attempts[#attempts]
end

--- Polls the loop until done(), which must come within `seconds` of the clock.
function support.run_until(done, seconds)
  local loop, deadline = fax.loop(), fax.clock.now() + (seconds or 10000)
  while not done() and fax.clock.now() < deadline do
    loop:poll(deadline - fax.clock.now())
  end
  return luassert.is_truthy(done())
end

return support
