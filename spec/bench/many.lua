-- SPDX-License-Identifier: MIT
-- The figures of many.c: many calls at once, beside bare spandsp. For run.lua,
-- whose functions come in `run`.

-- At fast pace, as the exchange is meant to be used, as many talk at a time as
-- there are processors, the others are up and wait. At that of the line, on the
-- virtual clock, all talk at once: for the memory; a thread a call, woken for
-- every 20 ms of it, costs more than the modems. Bare spandsp in turn.
local MANY = 500

return function(run, path)
  local fast, line = run.program("many", path, MANY, "fast"), run.program("many", path, MANY, "real")
  local bare = run.program("bare_t30", path, "--pairs", MANY)
  assert(line.most_calls_up == MANY)
  for _, f in ipairs {
    { "%d calls of 3 pages at once", fast.cpu_seconds_per_page, bare.cpu_seconds_per_page, 1e3,
      "ms CPU/page" },
    { "%d calls of 3 pages, in line time", line.cpu_seconds_per_page, bare.cpu_seconds_per_page,
      1e3, "ms CPU/page" },
    { "memory of each of %d calls", line.bytes_per_call, bare.bytes_per_call, 1 / 1024, "KiB" },
  } do
    run.figure {
      name = f[1]:format(MANY), value = f[2] * f[4], unit = f[5], peer = "bare spandsp",
      peer_value = f[3] * f[4],
    }
  end
end
