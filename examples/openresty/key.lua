-- SPDX-License-Identifier: MIT
-- Makes an API key, writes its digest into a file of keys, and says the key, which
-- is nowhere else.
--   lua5.4 key.lua keys.json ID USER RIGHT...
-- The rights are those of `access` in faxd's file. Then: nginx -s reload.
local cjson = require "cjson"

local key = {}

local BYTES = 32

--- What a key may have, as faxd's file has it.
key.rights = { "FAX_JOB_SUBMIT", "FAX_JOB_QUERY", "FAX_JOB_MANAGE", "FAX_PORT_QUERY",
  "FAX_PORT_SET", "FAX_CONFIG_QUERY", "FAX_CONFIG_SET" }

local function check(rights)
  local known = { FAX_ALL_ACCESS = true }
  for _, name in ipairs(key.rights) do
    known[name] = true
  end
  for _, name in ipairs(rights) do
    if not known[name] then
      error(("'%s' is not the name of a right; there are %s"):format(name,
        table.concat(key.rights, ", ")), 0)
    end
  end
end

local function read(path)
  local file = io.open(path, "r")
  if not file then
    return {}
  end
  local fine, list = pcall(cjson.decode, file:read("a") or "")
  file:close()
  if not fine or type(list) ~= "table" then
    error(path .. ": is no file of keys", 0)
  end
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
  local file, why = io.open(part, "w")
  if not file then
    error(why, 0)
  end
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
  check(rights)
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
  local fine, value = pcall(key.make, arg[1], arg[2], arg[3], { table.unpack(arg, 4) })
  if not fine then
    io.stderr:write("key.lua: ", tostring(value), "\n")
    os.exit(1)
  end
  print(value)
end

return key
