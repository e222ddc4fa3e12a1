-- SPDX-License-Identifier: MIT
-- multipart/form-data (RFC 7578) of a body that is in memory.

local multipart = {}

local MOST_PARTS = 64
local MOST_HEAD = 8192

--- The boundary of a content type; nil: it has none that may be.
function multipart.boundary(kind)
  local value = kind:match('[;%s]boundary="([^"]+)"') or kind:match('[;%s]boundary=([^;"%s]+)')
  return value and #value <= 70 and value or nil
end

local function wrong(why)
  return nil, "the form cannot be read: " .. why, "ERROR_INVALID_DATA", 400
end

-- What stands behind `name=` in a header, quoted or not.
local function parameter(header, name)
  local quoted = header:match('[;%s]' .. name .. '="(.-)"')
  return quoted or header:match("[;%s]" .. name .. "=([^;%s\"]+)")
end

local function head_of(text)
  local disposition
  for line in (text .. "\r\n"):gmatch("(.-)\r\n") do
    local header, value = line:match("^([%w-]+):%s*(.*)$")
    if header and header:lower() == "content-disposition" then
      disposition = value
    end
  end
  if not disposition or not disposition:lower():find("^form%-data") then
    return nil
  end
  return parameter(disposition, "name"), parameter(disposition, "filename")
end

-- The part that begins at `at`, behind its boundary, and where the next begins; or
-- where the last ends.
local function part_at(body, at, mark)
  local head_end, content = body:find("\r\n\r\n", at, true)
  if not head_end or head_end - at > MOST_HEAD then
    return wrong "a part has no head"
  end
  local name, filename = head_of(body:sub(at, head_end - 1))
  if not name then
    return wrong "a part has no name"
  end
  local stop, next_at = body:find(mark, content + 1, true)
  if not stop then
    return wrong "a part has no end"
  end
  return { name = name, filename = filename, content = body:sub(content + 1, stop - 1) },
    next_at + 1
end

local function first_of(body, boundary)
  local mark = "--" .. boundary
  if body:sub(1, #mark) == mark then
    return #mark + 1
  end
  local _, stop = body:find("\r\n" .. mark, 1, true) -- behind what nobody reads
  return stop and stop + 1
end

--- Its parts, { name =, filename =, content = }, in their order.
function multipart.parse(body, boundary)
  local parts, at = {}, first_of(body, boundary)
  if not at then
    return wrong "there is no boundary"
  end
  local mark = "\r\n--" .. boundary
  while body:sub(at, at + 1) ~= "--" do
    if body:sub(at, at + 1) ~= "\r\n" then
      return wrong "a boundary goes on"
    elseif #parts == MOST_PARTS then
      return wrong "it has too many parts"
    end
    local part, where, code, status = part_at(body, at + 2, mark)
    if not part then
      return nil, where, code, status
    end
    parts[#parts + 1], at = part, where
  end
  return parts
end

return multipart
