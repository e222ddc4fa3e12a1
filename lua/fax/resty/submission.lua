-- SPDX-License-Identifier: MIT
-- What the server is told of a fax, of what lua/fax/server/send.lua makes of options.

-- The members of FAX_JOB_PARAM that say something; all others of an order are of
-- the submission.
local of_param = { recipient_number = true, recipient_name = true, tsid = true,
  sender_name = true, sender_company = true, sender_dept = true, billing_code = true,
  schedule_action = true, schedule_time = true, delivery_report_type = true,
  delivery_report_address = true, document_name = true }

-- What goes another way, or in another form.
local ours = { content = true, document = true, ecm = true, deadline = true,
  queue_bytes = true }

--- The submission of an order, but for its document.
return function(order)
  local made = { params = {} }
  for key, value in pairs(order) do
    if of_param[key] then
      made.params[key] = value
    elseif not ours[key] then
      made[key] = value
    end
  end
  if order.ecm ~= nil then
    made.ecm = order.ecm ~= 0
  end
  -- One before 1970 is long over; zero would be none.
  made.deadline = order.deadline and math.max(order.deadline, 1)
  made.queue_bytes = order.queue_bytes and ("%.0f"):format(order.queue_bytes)
  return made
end
