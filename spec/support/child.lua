-- SPDX-License-Identifier: MIT
-- Child processes that a spec talks with: it reads what they print, line by
-- line, and sends them signals. Each has a deadline (coreutils' timeout), after
-- which it is killed and its status is 124 or 137; `child.deadline`, in seconds.
local helper = require "spec.helper"

local Child = {}
local meta = { __index = Child }

local child = { deadline = 120 }

--- Starts a script of spec/lifetime with this interpreter, stderr joined to
--- stdout; `directory` is the service's.
function child.start(script, directory, arguments)
  return child.command(("%s spec/lifetime/%s.lua"):format(helper.interpreter, script),
    directory, arguments)
end

--- Any command of a shell, which sets the environment itself.
function child.plain(command)
  local pipe = assert(io.popen(("timeout -k 10 %d %s 2>&1; echo \"status $?\""):format(
    child.deadline, command)))
  return setmetatable({ pipe = pipe, lines = {} }, meta)
end

local function in_environment(program, directory, arguments)
  local words = {}
  for i, word in ipairs(arguments or {}) do
    words[i] = helper.quote(tostring(word))
  end
  return ("env %s FAX_DIRECTORY=%s %s %s"):format(helper.environment(), helper.quote(directory),
    program, table.concat(words, " "))
end

function child.command(program, directory, arguments)
  return child.plain(in_environment(program, directory, arguments))
end

--- A shell that says its pid, and becomes that command; the environment is not the shell's.
function child.told(command)
  return child.plain("sh -c " .. helper.quote("echo pid $$; exec " .. command))
end

function child.told_command(program, directory, arguments)
  return child.told(in_environment(program, directory, arguments))
end

function Child:text()
  return table.concat(self.lines, "\n")
end

function Child:_line()
  local line = self.pipe:read("*l")
  if line then
    self.lines[#self.lines + 1] = line
    self.pid = self.pid or line:match("^pid (%d+)$")
  end
  return line
end

--- Reads on until a line is this one; an error when the child ends first.
function Child:expect(text)
  for line in Child._line, self do
    if line == text then
      return self
    elseif line:find("^status %d+$") then
      break
    end
  end
  error(("the child did not say '%s':\n%s"):format(text, self:text()), 2)
end

--- Reads on until a line matches the pattern; gives that line.
function Child:await(pattern)
  for line in Child._line, self do
    if line:find(pattern) then
      return line
    elseif line:find("^status %d+$") then
      break
    end
  end
  error(("the child did not say '%s':\n%s"):format(pattern, self:text()), 2)
end

--- Sends a signal ("INT") to the script itself, which has printed its pid.
function Child:signal(name)
  os.execute(("kill -%s %d"):format(name, self.pid))
  return self
end

--- Stops it where it is, each of its threads; "CONT" lets it go on.
function Child:freeze()
  self:signal("STOP")
  local states = ("cat /proc/%d/task/*/stat 2>/dev/null"):format(self.pid)
  repeat
    local pipe = io.popen(states)
    local text = pipe:read("*a")
    pipe:close()
  until not text:find("%) [^T] ")
  return self
end

--- Reads to the end; gives the exit status (128 + signal) and all it printed.
function Child:finish()
  for _ in Child._line, self do
  end
  self.pipe:close()
  local text = self:text()
  if text:find("Sanitizer", 1, true) or text:find("runtime error:", 1, true) then
    error(text, 2)
  end
  return tonumber(text:match("status (%d+)$")), text
end

return child
