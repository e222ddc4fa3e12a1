-- SPDX-License-Identifier: MIT
-- One record as faxctl shows it: a line for each field, and one for each attempt.

local common = require "fax.cli.common"

local details = {}

--- The fields that are there, each { key, its name }.
function details.fields(to, record, fields)
  for _, field in ipairs(fields) do
    local value = record[field[1]]
    if value ~= nil and value ~= "" then
      to.out:write(("%-10s %s\n"):format(field[2], value))
    end
  end
end

function details.attempt(to, one)
  local words = { one.cause or one.status or "it goes on",
    ("%s pages confirmed"):format(one.pages_confirmed or "?") }
  if one.rate then
    words[#words + 1] = ("%d bit/s%s"):format(one.rate, one.ecm and " ECM" or "")
  end
  if one.evidence then
    words[#words + 1] = one.evidence
  end
  to.out:write(("attempt %d, %s: %s\n"):format(one.number,
    one.started and common.date(one.started) or "?", table.concat(words, ", ")))
end

return details
