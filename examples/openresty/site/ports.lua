-- SPDX-License-Identifier: MIT
-- GET /v1/ports, GET /v1/ports/ID

local json = require "site.json"
local reply = require "site.reply"

local ports = {}

local function flags_of(port)
  local flags = {}
  for _, name in ipairs(type(port.flags) == "table" and port.flags or {}) do
    flags[name] = true
  end
  return flags
end

-- "FPS_SENDING" is "sending".
local function state_of(port)
  return type(port.state) == "string" and port.state:gsub("^FPS_", ""):lower() or "available"
end

function ports.told(port)
  local flags = flags_of(port)
  return { id = port.device_id, name = port.device_name, state = state_of(port),
    tsid = port.tsid, csid = port.csid, rings = port.rings, priority = port.priority,
    sends = flags.FPF_SEND == true, receives = flags.FPF_RECEIVE == true }
end

function ports.list(request)
  local list, why, code = request.server:ports()
  if not list then
    return nil, why, code
  end
  local told = {}
  for i, port in ipairs(list) do
    told[i] = ports.told(port)
  end
  return reply.json(200, { ports = json.list(told) })
end

-- What goes over the line now.
local function call_of(status)
  if not status or (status.job_type or "JT_UNKNOWN") == "JT_UNKNOWN" then
    return nil
  end
  return { kind = status.job_type == "JT_SEND" and "send" or "receive",
    number = status.phone_number, remote_id = status.csid, caller = status.caller_id,
    document = status.document_name, page = status.current_page, pages = status.total_pages,
    since = status.start_time }
end

function ports.show(request)
  local port, why, code = request.server:open_port(request.params.id)
  if not port then
    return nil, why, code, code == "ERROR_BAD_UNIT" and 404 or nil
  end
  local info, status
  info, why, code = port:info()
  if info then
    status, why, code = port:status()
  end
  port:close()
  if not status then
    return nil, why, code
  end
  local told = ports.told(info)
  told.call = call_of(status)
  return reply.json(200, told)
end

return ports
