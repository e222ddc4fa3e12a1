-- SPDX-License-Identifier: MIT
-- The primitives of the archive, the inbox, the files in them, and the records of
-- attempts.

local core = require "fax.resty.core"

local Server = core.server_methods

-- The service has no time before 1970, and none is no limit.
local function moment(seconds)
  return seconds and seconds > 0 and seconds or nil
end

-- ---- archive and inbox ----

function Server:_received(after)
  return self:_get("faxes", "inbox.list", { after = moment(after) })
end

function Server:_archive(query)
  local asked = {}
  for key, value in pairs(query) do
    asked[key] = value
  end
  asked.after, asked.before = moment(query.after), moment(query.before)
  asked.job_id, asked.job = query.job, nil
  return self:_get("faxes", "archive.list", { query = asked })
end

function Server:_archived(id)
  return self:_get("fax", "archive.read", { id = id })
end

function Server:_remove_archived(ids)
  return self:_get("count", "archive.remove", { ids = ids })
end

local ALL_BYTES = "18446744073709551615"

function Server:_purge_archive(choice)
  return self:_get("count", "archive.purge", {
    folder = choice.folder,
    before = moment(choice.before),
    keep_bytes = choice.keep_bytes and ("%.0f"):format(choice.keep_bytes) or ALL_BYTES,
  })
end

-- ---- files ----

local function file_of(method)
  return function(self, id, form, page)
    local result, bytes, code = self:_ask(method, { id = id, form = form, page = page })
    if not result then
      return nil, bytes, code
    end
    return bytes
  end
end

Server._archived_file = file_of "archive.file"
Server._received_file = file_of "inbox.file"
Server._job_file = file_of "job.file"

-- ---- records ----

-- A cursor is the place of a record in each order: microseconds and numbers.
local function cursor_of(record)
  return ("%.0f-%d-%d-%d"):format((record.ended or 0) * 1e6, record.id, record.job_id,
    record.attempt)
end

local function place_of(cursor)
  local ended, id, job, attempt = cursor:match("^(%d+)%-(%d+)%-(%d+)%-(%d+)$")
  return { ended = moment(tonumber(ended) / 1e6), id = tonumber(id), job_id = tonumber(job),
    attempt = tonumber(attempt) }
end

function Server:_records(query)
  local list, why, code = self:_get("records", "record.list", { query = {
    order = query.order,
    after = moment(query.after),
    before = moment(query.before),
    number = query.number,
    direction = query.direction,
    device_id = query.device,
    cause = query.cause,
    job_id = query.job,
    user = query.user,
    limit = query.limit,
    uncalled = query.uncalled,
    behind = query.cursor and place_of(query.cursor),
  } })
  if not list then
    return nil, why, code
  end
  local cursors = {}
  for i, record in ipairs(list) do
    cursors[i] = cursor_of(record)
  end
  return list, cursors
end

return Server
