-- SPDX-License-Identifier: MIT
-- The form of a provider in Lua that can be checked: a function that takes a
-- table of options and gives what fax.provider gives, or the options for it; or
-- these options themselves; or a file that returns one of the two.

local factory = {}

-- What fax.provider gives, of its options.
local function attached(made, ...)
  if type(made) == "table" and getmetatable(made) == nil then
    return require("fax").provider(made)
  end
  return made, ...
end

--- A function(options) of a form, or nil.
function factory.of(given)
  if type(given) == "function" then
    return function(options)
      return attached(given(options))
    end
  elseif type(given) == "table" then
    return function()
      return attached(given)
    end
  end
end

--- The same of a file. It is loaded when it is first asked for, without the
--- global `arg`: a script that does something by itself tells so that it is not run.
function factory.of_file(path)
  return function(options)
    arg = nil -- luacheck: ignore 121
    local chunk = assert(loadfile(path))
    local made = factory.of(chunk())
    if not made then
      error(path .. " returns neither a function nor a table", 0)
    end
    return made(options)
  end
end

return factory
