-- SPDX-License-Identifier: MIT
-- Documents go to the server as raw bytes behind the request: a cosocket passes
-- no descriptor. So it is one file a call.

local client = require "fax.resty.client"
local core = require "fax.resty.core"
local share = require "fax.resty.share"
local submission_of = require "fax.resty.submission"

local options = share "fax.options"
local send = share "fax.server.send"

local Server, Document = core.server_methods, core.document_methods

-- ---- contents ----

local error_names = { [2] = "ERROR_FILE_NOT_FOUND", [13] = "ERROR_ACCESS_DENIED" }

-- The file is read in parts, while it is sent.
local function open_file(path)
  local file, why, number = io.open(path, "rb")
  local size = file and file:seek("end")
  if not file then
    return nil, why, error_names[number] or "ERROR_OPEN_FAILED"
  elseif not size or size >= 2 ^ 53 then
    file:close()
    return nil, path .. ": it is no file", "ERROR_INVALID_DATA"
  end
  file:seek("set")
  return { size = size, read = function(most)
    return file:read(most)
  end, close = function()
    file:close()
  end }
end

local function content_of(order)
  if order.content then
    return order.content
  elseif #order.files ~= 1 then
    return nil, "one document a call: a connection of nginx passes no descriptors",
      "ERROR_NOT_SUPPORTED"
  end
  return open_file(order.files[1])
end

-- Asks `fn` with the content, which is closed afterwards.
local function with_content(order, fn)
  local content, why, code = content_of(order)
  if not content then
    return nil, why, code
  elseif content == "" then
    return nil, order.files[1] .. ": it is empty", "ERROR_INVALID_DATA"
  end
  local result, more, name = fn(content)
  if type(content) == "table" then
    content.close()
  end
  return result, more, name
end

-- ---- submitting ----

-- On the connection that has the document.
local function submit_document(order)
  local request = submission_of(order)
  request.document = order.document._own.handle
  local own = order.document._own
  return own:ask { method = "job.submit", on = own.session, params = request }
end

function Server:_submit(order)
  if self:closed() then
    return nil, "the handle is not valid", "ERROR_INVALID_HANDLE"
  end
  local result, why, code
  if order.document then
    result, why, code = submit_document(order)
  else
    result, why, code = with_content(order, function(content)
      return self:_ask("job.submit", submission_of(order), content)
    end)
  end
  if not result then
    return nil, why, code
  end
  return result.id
end

local MOST_NAME = 250 -- bytes of a name that messages tell; what is more is refused later

--- Queues a document that is here: its bytes, as they were uploaded, say. The
--- options are those of send.
function Server:submit(content, given)
  options.argument(content, "bytes", "server:submit", "the document", 2)
  local checked = options.check(given, send.known, "server:submit", 2)
  local order = send.order(checked, "server:submit", 2)
  order.files, order.content = { (checked.subject or "document"):sub(1, MOST_NAME) }, content
  return send.submit(self, order)
end

-- ---- prepared documents ----

local document_meta = { __index = Document, __name = "fax.document" }

function Document:close()
  self._own:close()
end

function Document:closed()
  return self._own:closed()
end

function document_meta.__tostring(self)
  return self:closed() and "fax.document (closed)" or "fax.document"
end

function Document:_file(form, page)
  local own = self._own
  local result, bytes, code = own:ask { method = "document.file", on = own.handle,
    params = { form = form, page = page } }
  if not result then
    return nil, bytes, code
  end
  return bytes
end

function Server:_prepare(order)
  if self:closed() then
    return nil, "the handle is not valid", "ERROR_INVALID_HANDLE"
  end
  local own, why, code = with_content(order, function(content)
    return client.open(self._at, { method = "document.make", content = content,
      params = { files = order.files, resolution = order.resolution, paper = order.paper,
        time_limit = order.time_limit } })
  end)
  if not own then
    return nil, why, code
  end
  return setmetatable({ _own = own }, document_meta)
end

local of_upload = { subject = "string" }
for key, kind in pairs(send.pages) do
  of_upload[key] = kind
end

--- As prepare, of a document that is here: its bytes, and `subject`, its name.
function Server:upload(content, given)
  options.argument(content, "bytes", "server:upload", "the document", 2)
  local checked = options.check(given or {}, of_upload, "server:upload", 2)
  checked.files, checked.content = { checked.subject or "document" }, content
  return self:_prepare(checked)
end

return Server
