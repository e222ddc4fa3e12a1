-- SPDX-License-Identifier: MIT
-- Many faxes of one document, which are queued with one commit: each is a message,
-- so that their number has no bound.

local core = require "fax.resty.core"
local submission_of = require "fax.resty.submission"

local Server = core.server_methods

-- Until one is refused: the ids, and why and code of that one.
local function add_all(own, batch, orders)
  local ids = {}
  for i, order in ipairs(orders) do
    local params = submission_of(order)
    params.document = own.handle
    local result, why, code = own:ask { method = "batch.add", on = batch, params = params }
    if not result then
      return ids, why, code
    end
    ids[i] = result.id
  end
  return ids
end

--- Orders of a broadcast have one document in common. Those before the first that is
--- refused are queued.
function Server._submit_all(_, orders)
  if #orders == 0 then
    return {}
  end
  local own = orders[1].document._own
  local opened, why, code = own:ask { method = "batch.open", on = own.session }
  if not opened then
    return {}, why, code
  end
  local ids, refusal, refused = add_all(own, opened.handle, orders)
  local stored
  stored, why, code = own:ask { method = "batch.commit", on = opened.handle }
  own:ask { method = "handle.close", on = opened.handle }
  if not stored then
    return {}, why, code
  end
  return ids, refusal, refused
end

return Server
