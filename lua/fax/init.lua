-- SPDX-License-Identifier: MIT
-- The module: objects over the handles of libfax. `require "fax"` starts
-- nothing. lua/fax/meta/ has the reference, docs/lua.md shows it.

local connect = require "fax.connect"
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

fax.connect = connect

--- FaxAttachProvider: a provider whose callbacks run in the loop.
function fax.provider(given)
  local new, why, code = provider.new(given, connect)
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
