-- SPDX-License-Identifier: MIT
-- Addresses of IPv4 and IPv6: texts, bytes, and whether the whole world reaches them.
-- Functions of their arguments alone.

local address = {}

-- ---- texts ----

-- Only as everybody writes it: four decimal numbers. Some read 010 as eight.
local function parse4(text)
  local bytes = { text:match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$") }
  for i, part in ipairs(bytes) do
    if #part > 3 or tonumber(part) > 255 or part:find("^0%d") then
      return nil
    end
    bytes[i] = tonumber(part)
  end
  return #bytes == 4 and bytes or nil
end

-- Appends the bytes of groups between colons; the last may be of IPv4. nil: they are
-- none.
local function add_groups(bytes, text, may_end4)
  local rest = text == "" and "" or text .. ":"
  while rest ~= "" do
    local group
    group, rest = rest:match("^([^:]*):(.*)$")
    local last4 = may_end4 and rest == "" and parse4(group)
    if last4 then
      for i = 1, 4 do
        bytes[#bytes + 1] = last4[i]
      end
    elseif group:find("^%x%x?%x?%x?$") then
      local number = tonumber(group, 16)
      bytes[#bytes + 1] = math.floor(number / 256)
      bytes[#bytes + 1] = number % 256
    else
      return nil
    end
  end
  return bytes
end

-- One "::" at most, for a group of zeros at least. No zone: that means something here
-- only.
local function parse6(text)
  local head, tail = text:match("^(.-)::(.*)$")
  if not head then
    local bytes = add_groups({}, text, true)
    return bytes and #bytes == 16 and bytes or nil
  end
  local bytes, rest = add_groups({}, head), add_groups({}, tail, true)
  if not bytes or not rest or #bytes + #rest > 14 then
    return nil
  end
  while #bytes + #rest < 16 do
    bytes[#bytes + 1] = 0
  end
  for i = 1, #rest do
    bytes[#bytes + 1] = rest[i]
  end
  return bytes
end

--- The bytes of an address, four or sixteen; nil: it is none.
function address.parse(text)
  if text:find(":", 1, true) then
    return parse6(text)
  end
  return parse4(text)
end

--- The text of bytes.
function address.show(bytes)
  if #bytes == 4 then
    return table.concat(bytes, ".")
  end
  local groups = {}
  for i = 1, 16, 2 do
    groups[#groups + 1] = ("%x"):format(bytes[i] * 256 + bytes[i + 1])
  end
  return table.concat(groups, ":")
end

-- ---- where they lead ----

local function within(bytes, net)
  local left = net.bits
  for i, byte in ipairs(bytes) do
    local size = 2 ^ math.max(8 - left, 0)
    if math.floor(byte / size) ~= math.floor((net.bytes[i] or 0) / size) then
      return false
    end
    left = left - 8
    if left <= 0 then
      break
    end
  end
  return true
end

local function nets(list)
  for i, text in ipairs(list) do
    local first, bits = text:match("^(.*)/(%d+)$")
    list[i] = { bytes = address.parse(first), bits = tonumber(bits) }
  end
  return list
end

-- Of this computer, its networks, or no one's.
local private4 = nets { "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
  "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
  "224.0.0.0/3" }
-- All that the world reaches is in here; not loopback, fc00::/7, fe80::/10, ff00::/8,
-- nor ::ffff:0:0/96 and 64:ff9b::/96, within which addresses of IPv4 are.
local world6 = nets { "2000::/3" }
-- 2001::/23 has Teredo, and 2002::/16 is 6to4: addresses of IPv4 are within them.
local private6 = nets { "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20" }

local function in_one(bytes, list)
  for _, net in ipairs(list) do
    if within(bytes, net) then
      return true
    end
  end
  return false
end

--- Whether the whole world reaches the address with these bytes.
function address.is_public(bytes)
  if #bytes == 4 then
    return not in_one(bytes, private4)
  end
  return in_one(bytes, world6) and not in_one(bytes, private6)
end

return address
