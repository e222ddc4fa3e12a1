-- SPDX-License-Identifier: MIT
-- Makes lua/fax/resty/constants.lua of the constants and errors of fax.core,
-- which nginx's Lua does not load. From the root of the tree, in the environment of make env.
--   lua5.4 docs/constants.lua          writes it
--   lua5.4 docs/constants.lua --check  exit status 1 when it is stale

local core = require "fax.core"
local text = require "spec.support.text"

local TARGET = "lua/fax/resty/constants.lua"
local HEAD = [[
-- SPDX-License-Identifier: MIT
-- The constants of winfax.h and the errors, by name. Made by docs/constants.lua,
-- do not edit.
return {
]]

local function section(key)
  local names, lines = {}, {}
  for name in pairs(core[key]) do
    names[#names + 1] = name
  end
  table.sort(names)
  for i, name in ipairs(names) do
    lines[i] = ("    %s = %d,\n"):format(name, core[key][name])
  end
  return ("  %s = {\n%s  },\n"):format(key, table.concat(lines))
end

local made = HEAD .. section "constants" .. section "errors" .. "}\n"

if arg[1] == "--check" then
  local file = io.open(TARGET, "rb")
  if not file or file:read("*a") ~= made then
    io.stderr:write(TARGET, " is stale: run lua5.4 docs/constants.lua\n")
    os.exit(1)
  end
else
  text.write(TARGET, made)
end
