-- SPDX-License-Identifier: MIT
-- What a provider in Lua does while it is checked. Stands between it and the
-- module: each callback is wrapped, and so are the methods of its operations.
-- `watch.broken` has the rules that hold throughout (rules.lua) and were broken.

local fax -- required late: it requires this

local core = require "fax.core"
local guard = require "fax.fsp.check.guard"
local judge = require "fax.fsp.check.judge"
local operation = require "fax.operation"
local verdict = require "fax.fsp.check.verdict"

local watch = { seen = {}, broken = {} }

local real = {} -- what was replaced

--- Forgets the operations of the case before.
function watch.reset()
  watch.providers = {} -- in the order of their attachment
  watch.options = nil -- of the last one
  watch.ops = setmetatable({}, { __mode = "k" }) -- job table -> what is known of it
  watch.by_id = {} -- id of the job -> the same, of its last operation
  watch.last = {} -- "send", "receive" -> the same
  watch.instead = {} -- callback -> fn(its function, job, ...) to run in its place
  watch.moment = nil -- fn(job, op, "status"|"sleep"|"wait"): before each
  watch.quiet = false -- errors are wanted
  watch.pages = 0 -- of the document
end

-- ---- rules ----

function watch.saw(rule)
  watch.seen[rule] = true
end

function watch.breaks(rule, why, ...)
  watch.saw(rule)
  watch.broken[rule] = watch.broken[rule] or why:format(...)
end

-- ---- callbacks ----

local function op_of(job)
  local op = watch.ops[job]
  if not op then
    op = { id = job.id, kind = job.kind, device = job.device, moments = 0, calls = {},
      aborted = real.aborted }
    watch.ops[job], watch.by_id[job.id], watch.last[job.kind] = op, op, op
  end
  return op
end

local ending = { send = true, receive = true, report_status = true }

local function returned(job, op, name, ok, ...)
  if not ok then
    local err = ...
    if not watch.quiet and type(err) ~= "table" then
      watch.breaks("raises", "%s raised: %s", name, verdict.line(err))
    end
    op.ended = op.ended or name == "start_job" or name == "end_job"
    error(type(err) == "table" and err.interrupt or err, 0)
  elseif ending[name] then
    judge.final(watch, job, op, name, ...)
  elseif name == "start_job" and (...) ~= nil then
    judge.status(watch, name, ...)
    op.final, op.ended = (...), true
  elseif name == "end_job" then
    op.ended = true
  end
  return ...
end

local function wrap(name, fn)
  return function(job, ...)
    local op = op_of(job)
    op.calls[#op.calls + 1] = name
    op.now = name ~= "abort" and name or op.now
    watch.saw("raises")
    op.begun = op.begun or name == "start_job"
    local instead = watch.instead[name]
    if instead then
      return returned(job, op, name, guard.call(name, instead, fn, job, ...))
    end
    return returned(job, op, name, guard.call(name, fn, job, ...))
  end
end

local function nothing() end

local function wrapped(given)
  if type(given) ~= "table" or given.worker then
    return given
  end
  local all = {}
  for key, value in pairs(given) do
    all[key] = value
  end
  for _, name in ipairs { "start_job", "send", "receive", "report_status", "end_job", "abort" } do
    local optional = name == "start_job" or name == "end_job" or name == "abort"
    if type(all[name]) == "function" or all[name] == nil and optional then
      all[name] = wrap(name, all[name] or nothing)
    end
  end
  return all
end

local function provider(given)
  local new, why, code = real.provider(wrapped(given))
  if new then
    watch.providers[#watch.providers + 1], watch.options = new, given
  end
  return new, why, code
end

-- ---- methods of an operation ----

-- Without the place, which would be here: that of the caller is added.
local function call(name, ...)
  local ok, a, b, c = pcall(real[name], ...)
  if not ok then
    error(a, type(a) == "string" and not a:find("interrupted!$") and 3 or 0)
  end
  return a, b, c
end

local function method(name)
  return function(job, ...)
    local op = watch.ops[job]
    if not op then -- not of a provider that is watched: the real one says so
      return real[name](job, ...)
    end
    op.moments = op.moments + 1
    if watch.moment then
      watch.moment(job, op, name)
    end
    op.within = name
    local ok, why, code = call(name, job, ...)
    op.within = nil
    guard.resumed(op.now)
    if name == "status" then
      watch.saw("after_end")
      judge.pages(watch, job, select(2, ...))
      judge.status(watch, "job:status", ...)
      if code == "ERROR_INVALID_HANDLE" and not watch.quiet and op.ended then
        watch.breaks("after_end", "job:status('%s') of an operation that is over", tostring((...)))
      end
    end
    return ok, why, code
  end
end

-- ---- standing between ----

function watch.install(limit)
  fax = require "fax"
  watch.reset()
  watch.seen, watch.broken = {}, {}
  real.provider, fax.provider = fax.provider, provider
  for _, name in ipairs { "status", "sleep", "wait" } do
    real[name] = operation.methods[name]
    operation.methods[name] = method(name)
  end
  real.aborted = operation.methods.aborted
  guard.install(limit, function(why)
    watch.breaks("held", "%s", why)
  end)
  watch.saw("held")
end

function watch.remove()
  fax.provider = real.provider
  for _, name in ipairs { "status", "sleep", "wait" } do
    operation.methods[name] = real[name]
  end
  guard.remove()
  watch.reset()
end

--- Operations that began and have not ended.
function watch.under_way()
  local count = 0
  for _, op in pairs(watch.ops) do
    count = count + (op.begun and not op.ended and 1 or 0)
  end
  return count
end

--- Descriptors of this process.
function watch.descriptors()
  return #assert(core.entries("/proc/self/fd"))
end

return watch
