-- SPDX-License-Identifier: MIT
-- What a client uploads: a document, and the options that come with it, from a form
-- or from JSON.

local json = require "site.json"
local multipart = require "site.multipart"

local documents = {}

local MOST_COMMAS = 1000

local function wrong(why, status)
  return nil, why, "ERROR_INVALID_DATA", status or 400
end

local function take(upload, part)
  if part.name ~= "document" then
    if upload.options[part.name] then
      return wrong(("the form has '%s' twice"):format(part.name))
    end
    upload.options[part.name] = part.content
  elseif upload.content then
    return wrong "the form has two documents"
  else
    upload.content, upload.name = part.content, part.filename
  end
  return true
end

local function of_form(body, kind)
  local boundary = multipart.boundary(kind)
  if not boundary then
    return wrong "the form says no boundary"
  end
  local parts, why, code, status = multipart.parse(body, boundary)
  if not parts then
    return nil, why, code, status
  end
  local upload = { options = {} }
  for _, part in ipairs(parts) do
    local ok
    ok, why, code, status = take(upload, part)
    if not ok then
      return nil, why, code, status
    end
  end
  return upload
end

-- nginx's own decoder refuses other characters, but stops at the first "=".
local function decode(text)
  local stop = text:find("=", 1, true)
  if #text % 4 ~= 0 or stop and (stop < #text - 1 or text:sub(stop):find("[^=]")) then
    return nil
  end
  return ngx.decode_base64(text)
end

-- Whether it has no more commas than an order can need: of millions of members a
-- worker would have to make tables, which takes its time.
local function is_short(body)
  local at = 0
  for _ = 1, MOST_COMMAS do
    at = body:find(",", at + 1, true)
    if not at then
      return true
    end
  end
  return false
end

local function of_json(body)
  if not is_short(body) then
    return wrong(("more than %d members"):format(MOST_COMMAS))
  end
  local value, why = json.decode(body)
  if type(value) ~= "table" then
    return wrong("no JSON object: " .. tostring(why or "it is something else"))
  end
  local upload, given = { options = value }, value.document
  value.document = nil
  if given == nil or given == json.null then
    return upload
  elseif type(given) ~= "table" or type(given.content) ~= "string" then
    return wrong "document: { \"name\", \"content\" in base64 } expected"
  end
  upload.content = decode(given.content)
  upload.name = type(given.name) == "string" and given.name or nil
  if not upload.content then
    return wrong "document.content: no base64"
  end
  return upload
end

-- The last part of a path, which some browsers send whole.
local function base(name)
  name = name and name:match("[^/\\]*$"):gsub("%c", "") or ""
  return name ~= "" and name:sub(1, 200) or nil
end

local function read(body)
  local kind = ngx.var.http_content_type or ""
  local main = kind:match("^[^;%s]*"):lower()
  if main == "multipart/form-data" then
    return of_form(body, kind)
  elseif main == "application/json" then
    return of_json(body)
  end
  return nil, "multipart/form-data or application/json expected", "ERROR_BAD_FORMAT", 415
end

--- { content = bytes or nil, name =, options = { name = text, or of JSON } }
function documents.read(request)
  local body, why, code, status, wait = request:upload()
  if not body then
    return nil, why, code, status, wait
  end
  local upload
  upload, why, code, status = read(body)
  if not upload then
    return nil, why, code, status
  end
  upload.name = base(upload.name)
  if upload.content then
    local fits
    fits, why, code, status = request:check_size(upload.content)
    if not fits then
      return nil, why, code, status
    end
  end
  return upload
end

return documents
