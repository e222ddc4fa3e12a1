-- SPDX-License-Identifier: MIT
-- os.execute, io.popen and io.open of a worker. All signals are blocked in its
-- thread, and children would inherit that; and a blocked read must not keep other
-- threads from io.popen.

local command = {}

local execute, open, popen = os.execute, io.open, io.popen

-- LuaJIT gives a number, as Lua 5.1 did, unless it was built otherwise.
local gives_number = type(execute()) == "number"

local function result_of(what, number, raw)
  if gives_number then
    return what and raw or -1
  elseif not what then
    return nil, number, raw
  end
  return what == "exit" and number == 0 or nil, what, number
end

local function reads_only(_, mode)
  return mode == nil or mode:find("^r[^+]*$") ~= nil
end

local function opened(box, only_read, file, ...)
  if file and only_read then
    box:unlocked(file)
  end
  return file, ...
end

--- Puts them in their place, for the worker in `box`.
function command.install(box)
  os.execute = function(text) -- luacheck: ignore 122
    if text == nil then
      return execute()
    end
    return result_of(box:execute(text))
  end
  io.popen = function(...) -- luacheck: ignore 122
    return opened(box, reads_only(...), box:unmasked(popen, ...))
  end
  io.open = function(...) -- luacheck: ignore 122
    return opened(box, reads_only(...), open(...))
  end
end

return command
