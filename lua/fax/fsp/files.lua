-- SPDX-License-Identifier: MIT
-- Whole files, for the folder provider.

local files = {}

--- Copies one into another, opened with `mode`: true, or nil and why.
function files.copy(from, to, mode)
  local source, why = io.open(from, "rb")
  if not source then
    return nil, why
  end
  local target
  target, why = io.open(to, mode)
  local ok = target ~= nil
  while ok do
    local bytes = source:read(65536)
    if not bytes then
      break
    end
    ok, why = target:write(bytes)
  end
  source:close()
  if target then
    local closed, reason = target:close()
    ok, why = ok and closed, why or reason
  end
  return ok and true or nil, why
end

--- Writes one: true, or nil and why.
function files.write(path, text)
  local file, why = io.open(path, "wb")
  if not file then
    return nil, why
  end
  local ok
  ok, why = file:write(text)
  local closed, reason = file:close()
  return ok and closed, why or reason
end

--- Its bytes, or nil.
function files.size(path)
  local file = io.open(path, "rb")
  local size = file and file:seek("end")
  if file then
    file:close()
  end
  return size
end

return files
