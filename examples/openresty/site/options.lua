-- SPDX-License-Identifier: MIT
-- The options of a fax as clients give them: texts in a form, values in JSON.

local json = require "site.json"

local options = {}

local function wrong(name, what)
  return nil, ("%s: %s expected"):format(name, what), "ERROR_INVALID_PARAMETER", 400
end

local readers = {}

function readers.text(value, name)
  if type(value) ~= "string" or value:find("%z") then
    return wrong(name, "a text")
  end
  return value
end

function readers.whole(value, name)
  local number = tonumber(value)
  if type(value) == "boolean" or not number or number ~= math.floor(number) or number < 0
    or number > 4294967295 then
    return wrong(name, "a whole number")
  end
  return number
end

--- Seconds since 1970.
function readers.time(value, name)
  local number = tonumber(value)
  if type(value) == "boolean" or not number or not (number > 0 and number < 4294967296) then
    return wrong(name, "a time, in seconds since 1970,")
  end
  return number
end

local truths = { ["true"] = true, ["1"] = true, on = true, ["false"] = false, ["0"] = false,
  off = false }

function readers.boolean(value, name)
  local truth = value
  if type(value) == "string" then
    truth = truths[value]
  end
  if type(truth) ~= "boolean" then
    return wrong(name, "true or false")
  end
  return truth
end

--- Of a page that is made of a document.
options.pages = { resolution = "text", paper = "text" }

--- Of a fax: those of server:send, but `key`, which is a header, and `time_limit`.
options.fax = { to = "text", name = "text", from = "text", subject = "text", sender = "text",
  company = "text", dept = "text", billing = "text", report = "text", report_to = "text",
  at = "time", discount = "boolean", retries = "whole", retry_delay = "whole",
  ecm = "boolean", max_rate = "whole", transport = "text", device = "whole",
  priority = "text", deadline = "time", hold = "boolean", on_doubt = "text",
  resolution = "text", paper = "text" }

--- Those that are known, checked; an empty text of a form is as absent.
function options.read(given, known)
  local checked = {}
  for name, value in pairs(given) do
    if not known[name] then
      return nil, ("%s: there is no such option"):format(tostring(name):sub(1, 40)),
        "ERROR_INVALID_PARAMETER", 400
    elseif value ~= "" and value ~= json.null then
      local read, why, code, status = readers[known[name]](value, name)
      if read == nil then
        return nil, why, code, status
      end
      checked[name] = read
    end
  end
  return checked
end

--- Calls fn(...); what it raises of misuse is a refusal here: the client's fault.
function options.call(fn, ...)
  local done, first, why, code = pcall(fn, ...)
  if done then
    return first, why, code
  end
  local said = tostring(first):match("server:%a+: (.*)$")
  if not said then
    error(first, 0)
  end
  return nil, said, "ERROR_INVALID_PARAMETER"
end

return options
