-- SPDX-License-Identifier: MIT
-- A service for one case of the check, with a folder, a clock and a loop of its
-- own, and what the cases do with it.

local core = require "fax.core"
local fax = require "fax"
local verdict = require "fax.fsp.check.verdict"
local watch = require "fax.fsp.check.watch"

local Stage = {}
local meta = { __index = Stage }

local fail, skip = verdict.fail, verdict.skip

local stage = {}

local LAST = 60 -- seconds that a service has for its end
local LATE = 5 -- seconds that a provider may still tell something

-- Of coroutines of the provider, and of end_job.
local function listen_for_errors()
  fax.loop().on_error = function(err)
    if not watch.quiet then
      watch.breaks("raises", "%s", verdict.line(err))
    end
  end
end

--- Starts it. `order`: factory, options, number, documents (pages -> path), limits;
-- `watched`: the case makes no sense without a look at the callbacks.
function stage.new(order, watched)
  if order.clock ~= "real" then
    assert(fax.clock.virtual(1.6e9))
  end
  watch.reset()
  local directory = assert(core.temporary("fax-fsp-check"))
  local server, why = fax.connect { directory = directory, providers = {}, retries = 0,
    retry_delay = 1, calls_per_number = 0, branding = false,
    abort_limit = order.abort_limit }
  if not server then
    error(why, 0)
  end
  return setmetatable({ order = order, server = server, directory = directory,
    watched = watched }, meta)
end

-- ---- the provider ----

--- Attaches one more, as its file says.
function Stage:attach()
  local before = #watch.providers
  listen_for_errors()
  local ok, first, why = pcall(self.order.factory, self.order.options)
  if not ok then
    fail("it raised: %s", verdict.line(first))
  elseif #watch.providers == before then
    fail(first == nil and why ~= nil and "%s" or "it attached no provider",
      verdict.text(why))
  end
  if watch.options.worker and self.watched then
    skip("its callbacks run in workers, where the check does not see them")
  end
  return watch.providers[#watch.providers]
end

--- Skips what a provider without this callback cannot be asked for.
function Stage:needs(name) -- luacheck: no self
  if not watch.options[name] then
    skip("it has no %s", name)
  end
end

--- Detaches it, and waits for its end.
function Stage:close(provider)
  provider:close()
  local ok, why = provider:wait(self.order.call_limit)
  if not ok then
    fail("it does not end: %s", why)
  end
end

-- ---- time ----

--- Polls until done() or for so many seconds of the clock; gives done().
function Stage:run_until(done, seconds)
  local loop = fax.loop()
  local deadline = fax.clock.now() + (seconds or self.order.call_limit)
  while not done() and fax.clock.now() < deadline do
    loop:poll(deadline - fax.clock.now())
  end
  return done()
end

function Stage:run(seconds)
  self:run_until(function()
    return false
  end, seconds)
end

-- ---- faxes ----

--- Submits one of `pages` pages to the number that answers.
function Stage:send(given)
  local all, pages = { to = self.order.number }, 1
  for key, value in pairs(given or {}) do
    if key == "pages" then
      pages = value
    else
      all[key] = value
    end
  end
  watch.pages = pages
  return assert(self.server:send(self.order.documents[pages], all))
end

--- Waits for the end of a job: its last attempt, and whether it was delivered.
function Stage:outcome(job)
  local ok, why, code = job:wait(self.order.call_limit)
  if not ok and code == "WAIT_TIMEOUT" then
    fail("it was not over within %d s", self.order.call_limit)
  end
  local result = job:result()
  local attempts = result and result.attempts or {}
  return attempts[#attempts] or {}, ok, why, attempts
end

--- The same of one that must be delivered.
function Stage:delivered(job, what)
  local attempt, ok, why, attempts = self:outcome(job)
  if not ok then
    fail("%s was not delivered: %s %s", what or "the fax", attempt.status or "no attempt",
      verdict.line(attempt.evidence or attempt.cause or why))
  end
  return attempt, attempts
end

--- Submits one, and stops in the middle of its operation.
function Stage:middle(given)
  local job = self:send(given)
  local before = watch.by_id[job.id]
  local op = self:run_until(function()
    local now = watch.by_id[job.id]
    return now ~= before and now
  end)
  if not op then
    fail("no operation began within %d s", self.order.call_limit)
  elseif op.ended then
    skip("its operations do not wait, and are over at once")
  end
  return job, op
end

--- Waits for the end of an operation that was aborted.
function Stage:ends(op, what)
  local ended = self:run_until(function()
    return op.ended
  end, self.order.abort_limit)
  if not ended then
    fail("%s went on for %d s after %s", op.now or "it", self.order.abort_limit,
      what or "the abort")
  end
end

--- The line can be used again.
function Stage:works(what)
  watch.instead, watch.moment, watch.quiet = {}, nil, false
  self:delivered(self:send(), what or "the fax after it")
end

-- ---- ports ----

function Stage:port(device)
  for _, port in ipairs(self.server:ports() or {}) do
    if port.device_id == device.id then
      return port
    end
  end
end

function Stage:set(device, changes)
  local port = assert(self.server:open_port(device.id, "modify"))
  local ok, why = port:set(changes)
  port:close()
  if not ok then
    fail("its port cannot be set: %s", why)
  end
end

-- ---- the end ----

local function is_busy(self)
  for _, port in ipairs(self.server:ports() or {}) do
    if port.state ~= "FPS_AVAILABLE" and port.state ~= "FPS_OFFLINE" then
      return port
    end
  end
end

--- What must hold when a case is over and the service still runs.
function Stage:settle()
  if not fax.service.running() then
    return
  end
  watch.saw("ends")
  watch.saw("free")
  self:run_until(function()
    return watch.under_way() == 0 and not is_busy(self)
  end, self.order.abort_limit)
  local port = is_busy(self)
  if watch.under_way() > 0 then
    watch.breaks("ends", "%d operations had no end", watch.under_way())
  elseif port then
    watch.breaks("free", "the port of %s is %s", port.device_name, port.state)
  end
  if fax.clock.is_virtual() then
    self:run(LATE)
  end
end

function Stage:stop()
  for _, provider in ipairs(watch.providers) do
    provider:close()
  end
  watch.instead, watch.moment = {}, nil
  fax.service.stop { timeout = LAST }
  fax.loop():close()
  collectgarbage()
  if fax.clock.is_virtual() then
    assert(fax.clock.real())
  end
  os.execute("rm -rf '" .. self.directory .. "'")
end

return stage
