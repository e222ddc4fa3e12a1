-- SPDX-License-Identifier: MIT
-- One document to many: the pages are made once, then one recipient is asked
-- for after the other (BC-1), and their jobs are queued with one commit.

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
  if defaults.key and checked.key == defaults.key and checked.to then
    checked.key = defaults.key .. "/" .. checked.to
  end
  return (send.order(checked, what, level + 1)) -- no tail call: levels count
end

-- Asks for all of them. Gives the orders; and a function that raises, when that
-- came before the end.
local function ask_all(document, ask, defaults)
  local orders = {}
  while true do
    local n = #orders + 1
    local ran, recipient = pcall(ask, n)
    if not ran then
      return orders, function()
        error(recipient, 0)
      end
    elseif recipient == nil then
      return orders
    end
    local order
    ran, order = pcall(order_for, recipient, n, defaults, 1)
    if not ran then -- again, where the caller stands
      return orders, function()
        order_for(recipient, n, defaults, 3)
      end
    end
    order.document = document
    orders[n] = order
  end
end

-- Queues what was named. Gives the jobs, why and code; or them, nil, nil and a
-- function that raises.
local function queue_all(server, document, ask, defaults)
  local orders, raise = ask_all(document, ask, defaults)
  local jobs, why, code = send.submit_all(server, orders)
  if code then
    return jobs, ("recipient %d: %s"):format(#jobs + 1, why), code
  end
  return jobs, nil, nil, raise
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
