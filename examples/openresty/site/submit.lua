-- SPDX-License-Identifier: MIT
-- POST /v1/jobs: a fax is queued, once for each Idempotency-Key.

local documents = require "site.documents"
local limits = require "site.limits"
local options = require "site.options"
local previews = require "site.previews"
local reply = require "site.reply"
local told = require "site.told"

local submit = {}

local MOST_KEY = 128
local SAME_TIME = 60 -- seconds that a request may take, and more

local function key_of()
  local key = ngx.var.http_idempotency_key
  if key and (#key > MOST_KEY or not key:find("^[\33-\126]+$")) then
    return nil, ("Idempotency-Key: at most %d characters without spaces"):format(MOST_KEY),
      "ERROR_INVALID_PARAMETER", 400
  end
  return key or false
end

-- The pages of a preview are the document; how they are made was said before.
local function use_preview(request, upload)
  local given = upload.options
  local id = given.preview
  given.preview, given.resolution, given.paper = nil, nil, nil
  if upload.content then
    return nil, "give a document or a preview, not both", "ERROR_INVALID_PARAMETER", 400
  end
  local preview, why, code = previews.find(request, id)
  if not preview then
    return nil, why, code, 404
  end
  upload.content, upload.name = preview.pages, preview.name ~= "" and preview.name or nil
  return true
end

local function settle_document(request, upload)
  if upload.options.preview then
    return use_preview(request, upload)
  elseif upload.content == nil then
    return nil, "there is no document", "ERROR_INVALID_DATA", 400
  end
  return true
end

local function order_of(request, upload)
  local key, why, code, status = key_of()
  if key == nil then
    return nil, why, code, status
  end
  local order
  order, why, code, status = options.read(upload.options, options.fax)
  if not order then
    return nil, why, code, status
  elseif not order.to then
    return nil, "to: the number to dial is missing", "ERROR_INVALID_PARAMETER", 400
  end
  order.key = key or nil
  limits.of_queue(request.key, order)
  order.subject = order.subject or upload.name
  return order
end

-- Whether this request made the job: it was not there before, and nobody else who
-- sent the same key at the same time has said so.
local function is_new(result)
  return (result.submitted or 0) >= ngx.req.start_time()
    and ngx.shared.limits:add(("job %d"):format(result.job_id), true, SAME_TIME)
end

-- What is known of the job now; it may be over already.
local function answer(job)
  local result, why, code = job:result()
  if not result then
    return nil, why, code
  end
  local entry = result.outcome == "pending" and job:info() or nil
  return reply.json(is_new(result) and 201 or 200, told.job(entry, result),
    { Location = ("/v1/jobs/%d"):format(job.id) })
end

function submit.post(request)
  local upload, why, code, status, wait = documents.read(request)
  if not upload then
    return nil, why, code, status, wait
  end
  local ok, order
  ok, why, code, status = settle_document(request, upload)
  if not ok then
    return nil, why, code, status
  end
  order, why, code, status = order_of(request, upload)
  if not order then
    return nil, why, code, status
  end
  local job
  job, why, code = options.call(request.server.submit, request.server, upload.content, order)
  if not job then
    return nil, why, code
  end
  return answer(job)
end

return submit
