-- SPDX-License-Identifier: MIT
-- Pages as PNG, and whole faxes as PDF or TIFF. The fax server makes them, a few at a
-- time for each worker; those of late are kept for all workers.

local reply = require "site.reply"
local semaphore = require "ngx.semaphore"

local pictures = {}

local AT_ONCE = 4
local PATIENCE = 30 -- seconds to wait for one's turn
local KEPT = 600    -- seconds

local kinds = { png = "image/png", pdf = "application/pdf", tiff = "image/tiff" }
local turns -- of this worker

local function make(fn, wanted)
  turns = turns or semaphore.new(AT_ONCE)
  if not turns:wait(PATIENCE) then
    return nil, "too many pictures are being made", "ERROR_BUSY"
  end
  local done, bytes, why, code = pcall(fn, wanted)
  turns:post()
  if not done then
    error(bytes, 0)
  end
  return bytes, why, code
end

-- `name` stands for that fax and no other, ever.
local function find(name, wanted, fn)
  local cache = wanted.form == "png" and ngx.shared.pictures
  local bytes, why, code = cache and cache:get(name), nil, nil
  if not bytes then
    bytes, why, code = make(fn, wanted)
    if bytes and cache then
      cache:set(name, bytes, KEPT)
    end
  end
  return bytes, why, code
end

--- Answers with what fn(wanted) gives of a fax: { form =, page = }. Whoever asks may
--- see it; a browser asks each time whether he still may.
function pictures.answer(request, name, wanted, fn)
  local tag = ('"%s-%s%s"'):format(name, wanted.form, wanted.page or "")
  local headers = { ETag = tag, ["Cache-Control"] = "private, no-cache" }
  if ngx.var.http_if_none_match == tag then
    return reply.unchanged(headers)
  end
  local bytes, why, code = find(tag, wanted, fn)
  if not bytes then
    return nil, why, code, code == "ERROR_INVALID_PARAMETER" and 404 or nil
  end
  if not wanted.page then
    headers["Content-Disposition"] = ('attachment; filename="fax-%d.%s"'):format(
      request.params.id, wanted.form)
  end
  return reply.file(kinds[wanted.form], bytes, headers)
end

return pictures
