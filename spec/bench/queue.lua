-- SPDX-License-Identifier: MIT
-- The figures of calls.c, calls.lua, lock.c and pick.c: calls a second from C and
-- from Lua, what a long queue costs, how long the service's lock is held, how long
-- the next job for a line takes to find. For run.lua, whose functions come in
-- `run`.

local JOBS = { 10, 1000, 100000 }
local MANY_LINES = 1000
local LOCK_ROUNDS = 3
local LONGEST = 1000 -- us that the lock may be held

-- The key of calls.c and calls.lua, what it calls, how many records that gives.
local cases = {
  { "get_port", "FaxGetPort", 1 },
  { "enum_ports_4", "FaxEnumPorts, 4 ports", 4 },
  { "enum_ports_1000", "FaxEnumPorts, 1,000 ports", 1000 },
  { "get_job_10", "FaxGetJob, of 10 jobs", 1 },
  { "get_job_100000", "FaxGetJob, of 100,000 jobs", 1 },
  { "enum_jobs_10", "FaxEnumJobs, 10 jobs", 10 },
  { "enum_jobs_1000", "FaxEnumJobs, 1,000 jobs", 1000 },
  { "enum_jobs_100000", "FaxEnumJobs, 100,000 jobs", 100000 },
}

-- Calls a second in a unit that leaves digits to read.
local function rates(count, seconds, peer_seconds)
  if count > 10000 then
    return "calls/s", 1 / seconds, 1 / peer_seconds
  end
  return "1000 calls/s", 1e-3 / seconds, 1e-3 / peer_seconds
end

local function rate_figure(run, name, count, seconds, peer, peer_seconds)
  local unit, value, peer_value = rates(count, seconds, peer_seconds)
  run.figure {
    name = name, value = value, unit = unit, peer = peer, peer_value = peer_value,
  }
end

-- Seconds of each case.
local function measure_c(run, tiff)
  local few = run.program("calls", tiff, 4, table.unpack(JOBS))
  few.enum_ports_1000 = run.program("calls", tiff, MANY_LINES).enum_ports_1000
  return few
end

local function c_figures(run, c)
  for _, case in ipairs(cases) do
    local key, name, count = table.unpack(case)
    local peer, seconds = "FaxAccessCheck", c.access
    if key:find("^enum_ports") then
      peer, seconds = "FaxGetPort of each", c.get_port * count
    elseif key:find("^enum_jobs") then
      peer, seconds = "FaxGetJob of each", c["get_job_" .. count] * count
    end
    rate_figure(run, name .. ", C", count, c[key], peer, seconds)
  end
end

local function growth_figures(run, c)
  for _, entry in ipairs {
    { "submit", "submission of a prepared document" },
    { "abort", "FaxAbort of a job that waits" },
    { "step", "step of the scheduler, nothing due" },
  } do
    run.figure {
      name = entry[2] .. ", 100,000 jobs", value = c[entry[1] .. "_100000"] * 1e6, unit = "us",
      peer = "10 jobs", peer_value = c[entry[1] .. "_10"] * 1e6, most = 2,
    }
  end
end

-- Half of the jobs are older, and for numbers that have all their calls.
local function pick_figures(run)
  local found = run.program("pick", 100, 10000, 1000000)
  for _, jobs in ipairs { "100", "10000", "1000000" } do
    run.figure {
      name = ("next job for a line, of %s jobs"):format(jobs),
      value = found["pick_" .. jobs] * 1e6, unit = "us CPU", peer = "100 jobs",
      peer_value = found.pick_100 * 1e6,
    }
  end
end

local function lua_figures(run, vm, abi, tiff, c)
  local found, peers = run.script(vm, abi, "calls", tiff, 4, table.unpack(JOBS))
  local many, many_peers = run.script(vm, abi, "calls", tiff, MANY_LINES)
  found.enum_ports_1000, peers.enum_ports_1000 = many.enum_ports_1000, many_peers.enum_ports_1000
  for _, case in ipairs(cases) do
    local key, name, count = table.unpack(case)
    rate_figure(run, ("%s, %s"):format(name, vm), count, found[key] / 1e9, "C", c[key])
    run.figure {
      name = ("%s, one table, %s"):format(name, vm), value = found[key] / count, unit = "ns",
      peer = "by hand", peer_value = peers[key] / count, most = 2,
    }
  end
end

-- The longest of each run, and of those the median: a moment in which the
-- machine itself stood still is in one run, what libfax does is in all. What the
-- processor's time leaves out, the wall shows: others that ran while the lock
-- was held. That depends on the machine, so it has no goal; nor has what it takes of
-- threads that hold nothing, which is in the first as well.
local function lock_figures(run, tiff, lines)
  local rows, found = {}, {}
  for i = 1, LOCK_ROUNDS do
    rows[i] = run.program("lock", tiff, lines, JOBS[#JOBS])
  end
  for key in pairs(rows[1]) do
    found[key] = run.column(rows, key, 1)
  end
  for _, entry in ipairs {
    { "enumeration_cpu", "lock held by FaxEnumJobs", "us CPU", 1 },
    { "all_cpu", "lock held by any thread", "us CPU", 1 },
    { "all_wall", "lock held by any thread, wall", "us" },
    { "machine_cpu", "nothing held, clock looked at", "us CPU" },
  } do
    run.figure {
      name = ("%s, %d lines"):format(entry[2], lines), value = found[entry[1]] * 1e6,
      unit = entry[3], peer = "limit", peer_value = LONGEST, most = entry[4],
    }
  end
end

return function(run, tiff, vms)
  lock_figures(run, tiff, 4)
  lock_figures(run, tiff, MANY_LINES)
  local c = measure_c(run, tiff)
  c_figures(run, c)
  growth_figures(run, c)
  pick_figures(run)
  for _, vm in ipairs(vms) do
    lua_figures(run, vm[1], vm[2], tiff, c)
  end
end
