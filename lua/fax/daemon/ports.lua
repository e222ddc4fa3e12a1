-- SPDX-License-Identifier: MIT
-- Gives ports what the configuration says of them, by the names of their devices.

local ports = {}

local function differs(info, wanted)
  for _, key in ipairs { "tsid", "csid", "rings", "priority" } do
    if wanted[key] ~= nil and wanted[key] ~= info[key] then
      return true
    end
  end
  local flags = {}
  for _, name in ipairs(info.flags or {}) do
    flags[name] = true
  end
  return wanted.send ~= nil and wanted.send ~= (flags.FPF_SEND or false)
    or wanted.receive ~= nil and wanted.receive ~= (flags.FPF_RECEIVE or false)
end

local function set_one(server, info, wanted)
  local port, why = server:open_port(info.device_id, "modify")
  if not port then
    return nil, why
  end
  local ok
  ok, why = port:set(wanted)
  port:close()
  return ok, why
end

--- Sets those that are there; only that of `device_id`, when one is given. Calls
--- say(level, text) for what went wrong, and for names that no port has.
function ports.apply(server, wanted, say, device_id)
  local list, why = server:ports()
  if not list then
    return say("error", "the ports: " .. why)
  end
  local seen = {}
  for _, info in ipairs(list) do
    local one = wanted[info.device_name]
    seen[info.device_name] = true
    if one and (not device_id or device_id == info.device_id) and differs(info, one) then
      local ok
      ok, why = set_one(server, info, one)
      if not ok then
        say("error", ("port %s: %s"):format(info.device_name, why))
      end
    end
  end
  for name in pairs(device_id and {} or wanted) do
    if not seen[name] then
      say("warn", ("there is no port '%s' yet"):format(name))
    end
  end
end

return ports
