-- SPDX-License-Identifier: MIT
-- One case of the check in a process of its own. What it is to do, and where to
-- say what came of it, is in a file (process.lua): a provider may print.

local cases = require "fax.fsp.check.cases"
local factory = require "fax.fsp.check.factory"
local run = require "fax.fsp.check.run"
local watch = require "fax.fsp.check.watch"

local function one_line(text)
  return (tostring(text or ""):gsub("%c+", " "))
end

local function write(path, result, why)
  local file = assert(io.open(path, "wb"))
  file:write(("%s %s\n"):format(result, one_line(why)))
  for rule in pairs(watch.seen) do
    local broken = watch.broken[rule]
    file:write(("%s %s %s\n"):format(broken and "broken" or "seen", rule, one_line(broken)))
  end
  file:close()
end

--- The case `index` of the order in `path`, its result into `out`.
return function(path, index, out)
  local order = dofile(path)
  local jit = rawget(_G, "jit")
  if jit then
    jit.off() -- what is compiled looks at no hook
  end
  order.factory = factory.of_file(order.path)
  local result, why = run(cases[index], order)
  write(out, result, why)
  os.exit(0, false)
end
