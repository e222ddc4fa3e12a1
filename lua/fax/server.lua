-- SPDX-License-Identifier: MIT
-- A server handle: what fax.core's userdata gets on top of its own methods.

local core = require "fax.core"
local jobs = require "fax.job"
local loops = require "fax.loop"
local names = require "fax.names"
local options = require "fax.options"
local subscription = require "fax.subscription"

local Server = core.server_methods

-- The options of send -> the field of FAX_JOB_PARAM or fax_submission.
local fields = {
  to = "recipient_number",
  name = "recipient_name",
  from = "tsid",
  subject = "document_name",
  sender = "sender_name",
  company = "sender_company",
  dept = "sender_dept",
  billing = "billing_code",
  retries = "retries",
  retry_delay = "retry_delay",
  resolution = "resolution",
  paper = "paper",
  max_rate = "max_rate",
  device = "device_id",
  time_limit = "time_limit",
}

local known = {
  to = "string",
  name = "string",
  from = "string",
  subject = "string",
  sender = "string",
  company = "string",
  dept = "string",
  billing = "string",
  at = "number",
  retries = "whole",
  retry_delay = "whole",
  resolution = names.resolution,
  paper = names.paper,
  ecm = "boolean",
  max_rate = "whole",
  device = "whole",
  time_limit = "whole",
}

--- One path or a list of paths as a list.
local function to_files(path, what, level)
  if type(path) == "string" then
    return { path }
  elseif type(path) ~= "table" or #path == 0 then
    error(what .. ": a path or a list of paths expected", level + 1)
  end
  for i = 1, #path do
    if type(path[i]) ~= "string" then
      error(("%s: path %d is a %s, not a string"):format(what, i, type(path[i])), level + 1)
    end
  end
  return path
end

--- FaxSendDocument: queues a document for one number and gives the job.
function Server:send(path, given)
  local files = to_files(path, "server:send", 2)
  local checked = options.check(given, known, "server:send", 2)
  if not checked.to then
    error("server:send: the option 'to' (the number to dial) is missing", 2)
  end
  local order = { files = files, schedule_action = "JSA_NOW" }
  for key, value in pairs(checked) do
    if fields[key] then
      order[fields[key]] = value
    end
  end
  if checked.at then
    order.schedule_action = "JSA_SPECIFIC_TIME"
    order.schedule_time = checked.at
  end
  if checked.ecm ~= nil then
    order.ecm = checked.ecm and 1 or 0
  end
  local id, why, code = self:_submit(order)
  if not id then
    return nil, why, code
  end
  return jobs.new(self, id)
end

local function check_id(id, what, level)
  if type(id) ~= "number" then
    error(what .. ": the id of a job (a number) expected", level + 1)
  end
  return id
end

--- The job of that id, whether or not it is still queued.
function Server:job(id)
  return jobs.new(self, check_id(id, "server:job", 2))
end

--- FaxGetJobResult.
function Server:result(id)
  return self:_result(check_id(id, "server:result", 2))
end

--- FaxOpenPort: mode "query" (when not given) or "modify".
function Server:open_port(id, mode)
  if type(id) ~= "number" then
    error("server:open_port: the id of a device (a number) expected", 2)
  end
  mode = mode or "query"
  if type(mode) == "string" then
    mode = names.mode[mode] or error(
      'server:open_port: mode must be "query" or "modify"', 2)
  end
  return self:_open_port(id, mode)
end

--- The faxes in the inbox, oldest first: those stored at or after `after`.
function Server:inbox(given)
  local checked = options.check(given, { after = "number" }, "server:inbox", 2)
  return self:_received(checked.after)
end

--- Calls fn(event) for events of a kind: "job", "port", "received", "service",
--- "config", "gap" or "any". Gives the subscription.
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
  kind = subscription.kind(kind or "any", "server:events", 2)
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

return { methods = Server, to_files = to_files }
