-- SPDX-License-Identifier: MIT
-- One document to many: the pages are made once, then one recipient is asked
-- for after the other, and a job is queued for each before the next (BC-1).

local core = require "fax.core"
local options = require "fax.options"
local send = require "fax.server.send"

local Server = core.server_methods
local WHAT = "server:broadcast"

-- What all recipients may have in common: everything but the number.
local common = {}
for key, kind in pairs(send.known) do
  common[key] = key ~= "to" and kind or nil
end

-- fn(n) that gives the n-th recipient, nil: there are no more.
local function asker(recipients, level)
  if type(recipients) == "function" then
    return recipients
  elseif type(recipients) ~= "table" then
    error(WHAT .. ": recipients must be a list or a function, not a " .. type(recipients),
      level + 1)
  end
  return function(n)
    return recipients[n]
  end
end

-- The order for one recipient: what is said of it over what is said of all.
local function order_for(recipient, n, defaults, level)
  local what = ("%s: recipient %d"):format(WHAT, n)
  if type(recipient) == "string" then
    recipient = { to = recipient }
  end
  local checked = options.check(recipient, send.known, what, level + 1)
  send.check_pages(checked, what, level + 1)
  for key, value in pairs(defaults) do
    -- Of the two ways to say when, the recipient's own holds.
    if checked[key] == nil and not (key == "at" and checked.discount)
      and not (key == "discount" and checked.at) then
      checked[key] = value
    end
  end
  return (send.order(checked, what, level + 1)) -- no tail call: levels count
end

-- Queues one job after the other. Gives the jobs; or them, why and code; or
-- them, nil, nil and a function that raises.
local function queue_all(server, document, ask, defaults)
  local jobs = {}
  while true do
    local n = #jobs + 1
    local ran, recipient = pcall(ask, n)
    if not ran then
      return jobs, nil, nil, function()
        error(recipient, 0)
      end
    elseif recipient == nil then
      return jobs
    end
    local order
    ran, order = pcall(order_for, recipient, n, defaults, 1)
    if not ran then -- again, where the caller stands
      return jobs, nil, nil, function()
        order_for(recipient, n, defaults, 3)
      end
    end
    order.document = document
    local why, code
    jobs[n], why, code = send.submit(server, order)
    if not jobs[n] then
      return jobs, ("recipient %d: %s"):format(n, why), code
    end
  end
end

--- FaxSendDocumentForBroadcast: queues a document for each recipient and gives
--- the list of jobs; what fails ends it, and the jobs queued before stay.
function Server:broadcast(path, recipients, given)
  local ask = asker(recipients, 2)
  local defaults = options.check(given, common, WHAT, 2)
  local document, own = path, not send.is_document(path)
  local why, code, raise, jobs
  if own then
    document, why, code = send.prepare(self, send.to_files(path, WHAT, 2), defaults)
    if not document then
      return nil, why, code, {}
    end
    defaults.resolution, defaults.paper, defaults.time_limit = nil, nil, nil
  else
    send.check_pages(defaults, WHAT, 2)
  end
  jobs, why, code, raise = queue_all(self, document, ask, defaults)
  if own then
    document:close()
  end
  if raise then
    raise()
  elseif code then
    return nil, why, code, jobs
  elseif #jobs == 0 then
    return nil, WHAT .. ": there is no recipient", "ERROR_CANCELLED", jobs
  end
  return jobs
end

return { methods = Server }
