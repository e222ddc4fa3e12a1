-- SPDX-License-Identifier: MIT
-- The module: objects over the handles of libfax. `require "fax"` starts
-- nothing. lua/fax/meta/ has the reference, docs/lua.md shows it.

local config = require "fax.config"
local core = require "fax.core"
local fsp = require "fax.fsp"
local loops = require "fax.loop"
local names = require "fax.names"
local options = require "fax.options"
local provider = require "fax.provider"
local server = require "fax.server"
local service = require "fax.service"
local t30 = require "fax.t30"

require "fax.port"

local fax = {
  version = core.version,
  const = core.constants,
  err = core.errors,
  clock = core.clock,
  json = core.json,
  routing = names.routing,
  service = service,
  fsp = fsp,
  t30 = t30,
  loop = loops.default,
  new_loop = loops.new,
}

-- ---- connecting ----

local known = { rights = names.rights, user = "string", embedded = "boolean" }
for key, kind in pairs(config.known) do
  known[key] = kind
end

local function service_option(checked)
  for key in pairs(checked) do
    if config.known[key] then
      return key
    end
  end
end

-- What the service that this Lua state started last was started with: asking for
-- the same again is no conflict.
local started_with

local function is_same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then
    return a == b
  end
  for key, value in pairs(a) do
    if not is_same(value, b[key]) then
      return false
    end
  end
  for key in pairs(b) do
    if a[key] == nil then
      return false
    end
  end
  return true
end

-- How long a service that is about to end by itself is waited for.
local LAST_SECONDS = 10

local function reach(checked, made)
  if core.running() then
    local extra = not is_same(made, started_with) and service_option(checked)
    local handle, why, code = core.connect(checked.rights, checked.user)
    if handle and extra then
      handle:close()
      return nil, ("fax.connect: option '%s': a service runs in this process already")
        :format(extra), "ERROR_SERVICE_ALREADY_RUNNING"
    elseif handle then
      return handle
    elseif code ~= "ERROR_SERVICE_NOT_ACTIVE" and code ~= "ERROR_SHUTDOWN_IN_PROGRESS" then
      return nil, why, code
    end
  end
  if checked.embedded == false then
    return nil, "fax.connect: no fax service is running in this process",
      "ERROR_SERVICE_NOT_ACTIVE"
  end
  -- With none at all this does nothing; one that is ending is waited for.
  core.stop(LAST_SECONDS, LAST_SECONDS)
  local started, why, code = core.start(made)
  if not started then
    return nil, why, code
  end
  local handle
  handle, why, code = core.connect(checked.rights, checked.user)
  if handle then
    started_with = made
    return handle
  end
  core.stop(0, LAST_SECONDS)
  return nil, why, code
end

--- FaxConnectFaxServer: the service of this process, else one started here.
function fax.connect(given)
  local checked = options.check(given, known, "fax.connect", 2)
  local made = config.of(checked, "fax.connect", 2)
  made.embedded = true
  return reach(checked, made)
end

--- FaxAttachProvider: a provider whose callbacks run in the loop.
function fax.provider(given)
  local new, why, code = provider.new(given, fax.connect)
  return new, why, code -- no tail call: levels count
end

-- ---- documents ----

local render_options = {
  resolution = names.resolution,
  paper = names.paper,
  output = "string",
  png = "string",
  time_limit = "whole",
}

--- FaxRenderDocument: the pages of a document as a fax would show them.
function fax.render(path, given)
  local order = options.check(given, render_options, "fax.render", 2)
  order.files = server.to_files(path, "fax.render", 2)
  return core.render(order)
end

local export_options = { time_limit = "whole" }

--- FaxExportDocument: a fax as PDF, TIFF or pictures, by the name of the output.
--- `fax` is a path, or what has one: of the archive, the inbox, an event.
function fax.export(given, output, given_options)
  local path = given
  if type(given) == "table" then
    path = given.path
  end
  if type(path) ~= "string" then
    error("fax.export: a path, or a fax that has one, expected", 2)
  end
  local order = options.check(given_options, export_options, "fax.export", 2)
  order.file = options.argument(path, "string", "fax.export", "the path", 2)
  order.output = options.argument(output, "string", "fax.export", "the output", 2)
  return core.export(order)
end

-- ---- without a service ----

--- FaxCompleteJobParams: a FAX_JOB_PARAM and a FAX_COVERPAGE_INFO with what is
--- known of the sender.
function fax.complete_job_params()
  return core.complete_job_params()
end

local provider_options = {
  name = "string",
  friendly_name = "string",
  image = "string",
  tsp = "string",
}

--- FaxRegisterServiceProvider: a provider to load now, and at every start.
function fax.register_service_provider(given)
  local what = "fax.register_service_provider"
  local checked = options.check(given, provider_options, what, 2)
  for _, key in ipairs { "name", "friendly_name", "image" } do
    if not checked[key] then
      error(("%s: the option '%s' is missing"):format(what, key), 2)
    end
  end
  return core.register_service_provider(checked.name, checked.friendly_name, checked.image,
    checked.tsp or "")
end

--- FaxUnregisterServiceProvider.
function fax.unregister_service_provider(name)
  return core.unregister_service_provider(options.argument(name, "string",
    "fax.unregister_service_provider", "name", 2))
end

return fax
