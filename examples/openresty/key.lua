-- SPDX-License-Identifier: MIT
-- Makes an API key, writes its digest into a file of keys, and says the key, which
-- is nowhere else.
--   lua5.4 key.lua keys.json ID USER RIGHT...
-- The rights are those of `access` in faxd's file. Then: nginx -s reload.
local cjson = require "cjson"

local key = {}

local BYTES = 32

local function read(path)
  local file = io.open(path, "r")
  if not file then
    return {}
  end
  local list = cjson.decode(file:read("a"))
  file:close()
  return list
end

local function random()
  local file = assert(io.open("/dev/urandom", "rb"))
  local bytes = file:read(BYTES)
  file:close()
  return (bytes:gsub(".", function(c)
    return ("%02x"):format(c:byte())
  end))
end

-- Of hexadecimal digits only.
local function sha256(text)
  local pipe = assert(io.popen("printf %s " .. text .. " | sha256sum"))
  local digest = pipe:read("a"):match("^%x+")
  pipe:close()
  return digest
end

-- All of it, or the old one; readable by its owner and group only.
local function write(path, list)
  local part = path .. ".part"
  local file = assert(io.open(part, "w"))
  local lines = {}
  for i, one in ipairs(list) do
    lines[i] = cjson.encode(one)
  end
  assert(file:write("[\n", table.concat(lines, ",\n"), "\n]\n"))
  assert(file:close())
  os.execute(("chmod 640 '%s'"):format(part))
  assert(os.rename(part, path))
end

--- Adds one to the file, or replaces the one of that id, whose limits stay: gives the
--- key.
function key.make(path, id, user, rights)
  local list, value, limits = {}, random(), nil
  for _, one in ipairs(read(path)) do
    if one.id ~= id then
      list[#list + 1] = one
    else
      limits = one.limits
    end
  end
  list[#list + 1] = { id = id, sha256 = sha256(value), user = user, rights = rights,
    limits = limits }
  write(path, list)
  return value
end

if arg and arg[0] and arg[0]:find("key%.lua$") then
  if #arg < 4 or not arg[2]:find("^[%w_.-]+$") then
    io.stderr:write("usage: key.lua keys.json ID USER RIGHT...\n")
    os.exit(2)
  end
  print(key.make(arg[1], arg[2], arg[3], { table.unpack(arg, 4) }))
end

return key
