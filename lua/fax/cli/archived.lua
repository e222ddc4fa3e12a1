-- SPDX-License-Identifier: MIT
-- One fax of the archive, as faxctl shows it: what is known of it, and the
-- attempts that it took.

local common = require "fax.cli.common"
local details = require "fax.cli.details"
local fax = require "fax"

local LINES = {
  { "folder", "folder" },
  { "number", "number" },
  { "remote_id", "remote id" },
  { "subject", "subject" },
  { "recipient", "recipient" },
  { "sender", "sender" },
  { "user", "user" },
  { "job_id", "job" },
  { "device_id", "device" },
  { "pages", "pages" },
  { "quality", "quality" },
  { "bad_rows", "bad rows" },
  { "bytes", "bytes" },
  { "path", "file" },
}

-- A job of that number, and not one of a store that was begun anew.
local function result_of(server, one)
  local result = server:result(one.job_id)
  if result and result.finished and math.abs(result.finished - one.time) < 1 then
    return result
  end
end

--- Shows it; gives the exit status.
return function(server, given, to, one)
  local result = result_of(server, one)
  if given.json then
    one.attempts = result and result.attempts
    to.out:write(fax.json(one), "\n")
    return 0
  end
  to.out:write(("fax %d, %s%s\n"):format(one.id, common.date(one.time),
    one.complete and "" or ", received in part"))
  details.fields(to, one, LINES)
  for _, attempt in ipairs(result and result.attempts or {}) do
    details.attempt(to, attempt)
  end
  return 0
end
