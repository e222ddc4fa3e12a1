-- SPDX-License-Identifier: MIT
-- os.execute, io.popen and io.open of a worker. All signals are blocked in its
-- thread, and children would inherit that; and a blocked read must not keep other
-- threads from io.popen.

local command = {}

local execute, open = os.execute, io.open

-- LuaJIT gives a number, as Lua 5.1 did, unless it was built otherwise.
local gives_number = type(execute()) == "number"

local function result_of(what, number, raw)
  if not what then
    return nil, number, raw
  end
  return what == "exit" and number == 0 or nil, what, number
end

-- ---- pipes ----

local pids = setmetatable({}, { __mode = "k" }) -- file -> child
local children = {} -- pid -> what it ended with, or false

-- Those that have ended, also when nobody closes their files.
local function reap(box)
  local open_ones = {}
  for _, pid in pairs(pids) do
    open_ones[pid] = true
  end
  for pid, ended in pairs(children) do
    if not ended then
      local what, number, raw = box:wait(pid, true)
      ended = what ~= false and { what, number, raw }
      children[pid] = ended
    end
    if ended and not open_ones[pid] then
      children[pid] = nil
    end
  end
end

local function popen(box, text, mode)
  mode = mode or "r"
  if mode ~= "r" and mode ~= "w" then
    error("bad argument #2 to 'popen' (invalid mode)", 3)
  end
  reap(box)
  local file, why, number = open("/dev/null", mode)
  if not file then
    return nil, why, number
  end
  local pid
  pid, why, number = box:popen(file, text, mode == "r")
  if not pid then
    file:close()
    return nil, why, number
  end
  pids[file], children[pid] = pid, false
  return file
end

-- Of a pipe: waits for the child, as pclose does.
local function closed(box, pid, ...)
  if not pid or not (...) then
    return ...
  end
  local ended = children[pid] or { box:wait(pid) }
  children[pid] = nil
  if gives_number then
    return true
  end
  return result_of(ended[1], ended[2], ended[3])
end

-- ---- in their place ----

local function opened(box, mode, file, ...)
  if file and (mode == nil or mode:find("^r[^+]*$")) then
    box:unlocked(file)
  end
  return file, ...
end

--- Puts them there, for the worker in `box`.
function command.install(box)
  local methods = getmetatable(io.stdout).__index
  local close = methods.close
  function methods.close(file)
    local pid = pids[file]
    pids[file] = nil
    return closed(box, pid, close(file))
  end
  local close_any = io.close
  io.close = function(file) -- luacheck: ignore 122
    if pids[file] then
      return file:close()
    elseif file then
      return close_any(file)
    end
    return close_any()
  end
  os.execute = function(text) -- luacheck: ignore 122
    if text == nil then
      return execute()
    end
    local pid, why, number = box:spawn(text)
    if not pid then
      return gives_number and -1 or nil, why, number
    elseif gives_number then
      return select(3, box:wait(pid))
    end
    return result_of(box:wait(pid))
  end
  io.popen = function(text, mode) -- luacheck: ignore 122
    local file, why, number = popen(box, text, mode)
    return file, why, number -- no tail call: levels count
  end
  io.open = function(path, mode) -- luacheck: ignore 122
    return opened(box, mode, open(path, mode))
  end
end

return command
