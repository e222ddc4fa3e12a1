-- SPDX-License-Identifier: MIT
-- The modules of fax that are plain Lua over fax.core, loaded once more over what
-- stands for fax.core here: the same functions, but their calls go through a
-- cosocket. Those of a script that uses fax itself are not touched.

local stands_for = {
  ["fax.core"] = "fax.resty.core",
  ["fax.loop"] = "fax.resty.loop",
  ["fax.resume"] = "fax.resty.resume",
}

local loaded = {}
local environment

local function share(name)
  if stands_for[name] then
    return require(stands_for[name])
  elseif not name:find("^fax%.") then
    return require(name)
  elseif loaded[name] == nil then
    local path = assert(package.searchpath(name, package.path))
    loaded[name] = setfenv(assert(loadfile(path)), environment)(name) or true
  end
  return loaded[name]
end

environment = setmetatable({ require = share }, { __index = _G })

return share
