-- SPDX-License-Identifier: MIT
-- Submissions of a server handle: documents, and what is sent with them.

local core = require "fax.core"
local form_of = require "fax.form"
local jobs = require "fax.job"
local names = require "fax.names"
local options = require "fax.options"

local Server, Document = core.server_methods, core.document_methods

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
  report = "delivery_report_type",
  report_to = "delivery_report_address",
  retries = "retries",
  retry_delay = "retry_delay",
  resolution = "resolution",
  paper = "paper",
  max_rate = "max_rate",
  transport = "transport",
  device = "device_id",
  priority = "priority",
  deadline = "deadline",
  hold = "hold",
  on_doubt = "on_doubt",
  queue_limit = "queue_limit",
  queue_bytes = "queue_bytes",
  time_limit = "time_limit",
  key = "key",
}

-- How a document becomes pages.
local of_pages = { resolution = names.resolution, paper = names.paper, time_limit = "whole" }

local known = {
  to = "string",
  name = "string",
  from = "string",
  subject = "string",
  sender = "string",
  company = "string",
  dept = "string",
  billing = "string",
  report = names.one_of("DRT_"),
  report_to = "string",
  at = "number",
  discount = "boolean",
  retries = "whole",
  retry_delay = "whole",
  ecm = "boolean",
  max_rate = "whole",
  transport = names.transport,
  device = "whole",
  key = "string",
  priority = names.priority,
  deadline = "number",
  hold = "boolean",
  on_doubt = names.on_doubt,
  queue_limit = "whole",
  queue_bytes = "size",
}
for key, kind in pairs(of_pages) do
  known[key] = kind
end

local send = { known = known, pages = of_pages }

--- One path or a list of paths as a list.
function send.to_files(path, what, level)
  if type(path) == "string" then
    path = { path }
  elseif type(path) ~= "table" or #path == 0 then
    error(what .. ": a path or a list of paths expected", level + 1)
  end
  for i = 1, #path do
    if type(path[i]) ~= "string" then
      error(("%s: path %d is a %s, not a string"):format(what, i, type(path[i])), level + 1)
    elseif path[i]:find("\0", 1, true) then
      error(("%s: path %d must be a text without a NUL"):format(what, i), level + 1)
    end
  end
  return path
end

--- Whether it is what server:prepare gave, open or closed.
function send.is_document(value)
  local kind = type(value)
  local meta = (kind == "userdata" or kind == "table") and getmetatable(value)
  return type(meta) == "table" and meta.__index == Document
end

--- Raises when checked options ask for other pages than a document has.
function send.check_pages(checked, what, level)
  for key in pairs(of_pages) do
    if checked[key] ~= nil then
      error(("%s: %s: the document has its pages already; it is an option of server:prepare")
        :format(what, key), level + 1)
    end
  end
end

local function schedule(order, checked, what, level)
  if checked.at and checked.discount then
    error(what .. ": give 'at' or 'discount', not both", level + 1)
  elseif checked.at then
    order.schedule_action, order.schedule_time = "JSA_SPECIFIC_TIME", checked.at
  elseif checked.discount then
    order.schedule_action = "JSA_DISCOUNT_PERIOD"
  else
    order.schedule_action = "JSA_NOW"
  end
end

--- What the library takes, from checked options.
function send.order(checked, what, level)
  if not checked.to then
    error(what .. ": the option 'to' (the number to dial) is missing", level + 1)
  end
  local order = {}
  for key, value in pairs(checked) do
    if fields[key] then
      order[fields[key]] = value
    end
  end
  schedule(order, checked, what, level + 1)
  if checked.ecm ~= nil then
    order.ecm = checked.ecm and 1 or 0
  end
  return order
end

--- Queues what send.order made and gives the job.
function send.submit(server, order)
  local id, why, code = server:_submit(order)
  if not id then
    return nil, why, code
  end
  return jobs.new(server, id)
end

--- Queues what send.order made, with one commit. Gives the jobs, up to the
--- first that is refused; then why and code too.
function send.submit_all(server, orders)
  local ids, why, code = server:_submit_all(orders)
  local list = {}
  for i = 1, #(ids or {}) do
    list[i] = jobs.new(server, ids[i])
  end
  return list, why, code
end

--- The pages of files, by checked options.
function send.prepare(server, files, checked)
  local order = { files = files }
  for key in pairs(of_pages) do
    order[key] = checked[key]
  end
  return server:_prepare(order)
end

--- FaxPrepareDocument: makes the pages of a document once, for any number of
--- jobs.
function Server:prepare(path, given)
  local files = send.to_files(path, "server:prepare", 2)
  local checked = options.check(given, of_pages, "server:prepare", 2)
  return send.prepare(self, files, checked)
end

--- FaxReadFile: the pages, TIFF/F, or in another form.
function Document:file(given)
  local form, page = form_of(given, "document:file", 2)
  return self:_file(form, page)
end

--- FaxSendDocument: queues a document for one number and gives the job.
function Server:send(path, given)
  local document = send.is_document(path) and path or nil
  local files = not document and send.to_files(path, "server:send", 2) or nil
  local checked = options.check(given, known, "server:send", 2)
  if document then
    send.check_pages(checked, "server:send", 2)
  end
  local order = send.order(checked, "server:send", 2)
  order.document, order.files = document, files
  return send.submit(self, order)
end

return send
