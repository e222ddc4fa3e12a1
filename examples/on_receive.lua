-- SPDX-License-Identifier: MIT
-- Prints each fax that comes in, until it has seen as many as were asked for.
-- For something to come in, line 1 of the exchange calls line 2.
--   lua5.4 examples/on_receive.lua letter.pdf [count] [directory]
local fax = require "fax"

local path, count, directory = arg[1], tonumber(arg[2] or 1), arg[3]
if not path then
  io.stderr:write("usage: on_receive.lua FILE [COUNT] [DIRECTORY]\n")
  os.exit(2)
end

local server = assert(fax.connect { directory = directory })
local loop = fax.loop()

local seen = 0
server:on("received", function(f)
  if f.kind == "gap" then -- this script was too slow: the inbox has them all
    return
  end
  seen = seen + 1
  print(("%s: %d pages%s from %s, line %d"):format(f.path, f.pages or 0,
    f.complete == false and " (incomplete)" or "", f.tsid or "unknown", f.device_id))
  if seen == count then
    loop:stop()
  end
end)

-- A coroutine of the loop: wait yields here, other callbacks go on.
loop:spawn(function()
  for _ = 1, count do
    local job = assert(server:send(path, { to = "102", from = "101", retries = 0, device = 1 }))
    assert(job:wait())
  end
end)

loop:run()

for _, f in ipairs(assert(server:inbox())) do
  print("in the inbox:", f.path)
end
server:close()
