-- SPDX-License-Identifier: MIT
-- What a provider in Lua tells and gives, held to the rules. `watch` is
-- fax.fsp.check.watch, which uses this.

local verdict = require "fax.fsp.check.verdict"
local words = require "fax.provider.words"

local judge = {}

local function remaining(watch, job)
  return watch.pages - job.first_page + 1
end

function judge.pages(watch, job, fields)
  if type(fields) ~= "table" or job.kind ~= "send" then
    return
  end
  local page, confirmed = tonumber(fields.page), tonumber(fields.pages_confirmed)
  if page then
    watch.saw("page")
    if page < 1 or page > watch.pages then
      watch.breaks("page", "page %d of %d is told of", page, watch.pages)
    end
  end
  if confirmed then
    watch.saw("confirmed")
    if confirmed > remaining(watch, job) then
      watch.breaks("confirmed", "%d pages are confirmed where %d were to be sent", confirmed,
        remaining(watch, job))
    end
  end
end

function judge.status(watch, name, status, fields)
  watch.saw("status")
  local number = words.known(status)
  local text = type(fields) == "table" and fields.evidence
  if number and type(words.name(number)) == "number" and not text then
    watch.breaks("status", "%s gave 0x%08x, which is no FS_ value, without an evidence", name,
      number)
  end
  return number
end

-- What send, receive or report_status gave.
function judge.final(watch, job, op, name, status, fields)
  if status == nil then
    if name ~= "report_status" and watch.options.report_status or op.aborted(job) then
      return
    end
    return watch.breaks("raises", "%s gave no status", name)
  end
  local number = judge.status(watch, name, status, fields)
  if not number then
    local _, why = pcall(words.status, status, name, 1)
    return watch.breaks("raises", "%s", verdict.line(why))
  end
  op.final = words.name(number)
  judge.pages(watch, job, fields)
  local confirmed = type(fields) == "table" and tonumber(fields.pages_confirmed)
  if op.final == "FS_COMPLETED" and job.kind == "send" and confirmed
    and confirmed < remaining(watch, job) then
    watch.breaks("confirmed", "FS_COMPLETED with %d of %d pages confirmed", confirmed,
      remaining(watch, job))
  end
end

return judge
