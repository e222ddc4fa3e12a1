-- SPDX-License-Identifier: MIT
-- A server handle: what fax.core's userdata gets on top of its own methods.
-- Here are ports, results, the inbox and events; server/ has the rest.

local config = require "fax.config"
local core = require "fax.core"
local jobs = require "fax.job"
local loops = require "fax.loop"
local loaded = require "fax.provider.loaded"
local names = require "fax.names"
local options = require "fax.options"
local send = require "fax.server.send"
local subscription = require "fax.subscription"

require "fax.server.archive"
require "fax.server.broadcast"
require "fax.server.decide"
require "fax.server.policy"
require "fax.server.records"
require "fax.server.dialling"
require "fax.server.settings"

local Server = core.server_methods

local function check_id(id, what, level)
  return (options.argument(id, "whole", what, "the id of a job", level + 1))
end

local query = {
  with = names.queue_status,
  without = names.queue_status,
  number = "string",
  limit = "whole",
  newest_first = "boolean",
  cursor = "whole",
}

--- FaxEnumJobs; with options FaxEnumQueue.
function Server:jobs(given)
  self:closed() -- raises for what is no server
  return self:_jobs(options.check(given, query, "server:jobs", 2))
end

--- The job of that id, whether or not it is still queued.
function Server:job(id)
  self:closed() -- raises for what is no server
  return jobs.new(self, check_id(id, "server:job", 2))
end

--- FaxGetJobResult.
function Server:result(id)
  return self:_result(check_id(id, "server:result", 2))
end

--- FaxOpenPort: mode "query" (when not given) or "modify".
function Server:open_port(id, mode)
  options.argument(id, "whole", "server:open_port", "the id of a device", 2)
  if mode == nil then
    mode = "query"
  end
  if type(mode) == "string" then
    mode = names.mode[mode] or error(
      'server:open_port: mode must be "query" or "modify"', 2)
  end
  options.argument(mode, "whole", "server:open_port", "mode", 2)
  return self:_open_port(id, mode)
end

--- FaxLoadProvider: a provider in a shared object, for this run of the service.
function Server:load_provider(given)
  self:closed() -- raises for what is no server
  local checked = options.check(given, config.provider, "server:load_provider", 2)
  if not checked.name then
    error("server:load_provider: the option 'name' is missing", 2)
  end
  local loop, why, code = loops.current()
  if not loop then
    return nil, why, code
  end
  local new
  new, why, code = loaded.new(self, loop, checked)
  return new, why, code
end

--- The faxes in the inbox, oldest first: those stored at or after `after`.
function Server:inbox(given)
  local checked = options.check(given, { after = "number" }, "server:inbox", 2)
  return self:_received(checked.after)
end

--- Calls fn(event) for events of a kind: "job", "port", "received", "service",
--- "config", "archive", "gap" or "any". Gives the subscription.
function Server:on(kind, fn)
  subscription.kind(kind, "server:on", 2)
  if type(fn) ~= "function" then
    error("server:on: a function expected", 2)
  end
  local loop, why, code = loops.current()
  if not loop then
    return nil, why, code
  end
  return subscription.callback(loop, self, kind, fn)
end

--- Iterates over the events of a kind (nil: "any") from now on.
function Server:events(kind)
  if kind == nil then
    kind = "any"
  end
  kind = subscription.kind(kind, "server:events", 2)
  local loop, why, code = loops.current()
  if not loop then
    error(why .. " (" .. code .. ")", 2)
  end
  local step, failure, name, closer = subscription.iterator(loop, self, kind, 2)
  if not step then
    error(failure .. " (" .. name .. ")", 2)
  end
  return step, nil, nil, closer
end

return { methods = Server, to_files = send.to_files }
