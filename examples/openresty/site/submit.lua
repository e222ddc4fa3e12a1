-- SPDX-License-Identifier: MIT
-- POST /v1/jobs: a fax is queued, once for each Idempotency-Key.

local documents = require "site.documents"
local options = require "site.options"
local reply = require "site.reply"
local told = require "site.told"

local submit = {}

local MOST_KEY = 128

local function key_of()
  local key = ngx.var.http_idempotency_key
  if key and (#key > MOST_KEY or not key:find("^[\33-\126]+$")) then
    return nil, ("Idempotency-Key: at most %d characters without spaces"):format(MOST_KEY),
      "ERROR_INVALID_PARAMETER", 400
  end
  return key or false
end

-- The document itself, or the pages that a preview has.
local function content_of(upload)
  if upload.content == nil then
    return nil, "there is no document", "ERROR_INVALID_DATA", 400
  end
  return upload.content
end

local function order_of(upload)
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
  order.subject = order.subject or upload.name
  return order
end

-- What is known of the job now; it may be over already.
local function answer(job, status)
  local entry = job:info()
  local result, why, code = job:result()
  if not result then
    return nil, why, code
  end
  local path = ("/v1/jobs/%d"):format(job.id)
  return reply.json(status, told.job(entry, result), { Location = path })
end

function submit.post(request)
  local upload, why, code, status, wait = documents.read(request)
  if not upload then
    return nil, why, code, status, wait
  end
  local order, content
  order, why, code, status = order_of(upload)
  if not order then
    return nil, why, code, status
  end
  content, why, code, status = content_of(upload)
  if not content then
    return nil, why, code, status
  end
  local job
  job, why, code = options.call(request.server.submit, request.server, content, order)
  if not job then
    return nil, why, code
  end
  return answer(job, 201)
end

return submit
