-- SPDX-License-Identifier: MIT
-- The calls of calls.c with the tables that they give: `calls.lua FOLDER FILE
-- LINES JOBS...`. One line for each figure: name, ns of the binding, ns by hand.

local fax = require "fax"
local minimal = require "minimal"
local compare = dofile("spec/bench/compare.lua")

local folder, file, lines = arg[1], arg[2], tonumber(arg[3])
local server = assert(fax.connect {
  directory = folder, loopback = { lines = lines, numbers = "1001" },
})
local by_hand = assert(minimal.connect())

-- ---- ports ----

local function info(object, count)
  for _ = 1, count do
    object:info()
  end
end

local function ports(object, count)
  for _ = 1, count do
    object:ports()
  end
end

local function measure_ports()
  local id = assert(server:ports())[1].device_id
  local mine, other = assert(server:open_port(id)), assert(by_hand:open_port(id))
  assert(compare.same(mine:info(), other:info()), "the tables of a port differ")
  assert(compare.same(server:ports(), by_hand:ports()), "the tables of the ports differ")
  compare.measure("get_port", { info, mine }, { info, other }, 40000)
  compare.measure("enum_ports_" .. lines, { ports, server }, { ports, by_hand },
    math.ceil(40000 / lines))
end

-- ---- jobs ----

-- Another one each time, from all over the queue.
local function each_id(ids, count)
  local at = 0
  return function()
    at = (at + 7919) % count
    return ids[at + 1]
  end
end

local function get_mine(next_job, count)
  for _ = 1, count do
    next_job():info()
  end
end

local function get_other(next_id, count)
  for _ = 1, count do
    by_hand:job_info(next_id())
  end
end

local function jobs(object, count)
  for _ = 1, count do
    object:jobs()
  end
end

local function measure_jobs(count)
  by_hand:fill(file, count)
  local list, other = assert(server:jobs()), assert(by_hand:jobs())
  assert(#list == count, "jobs are missing")
  assert(compare.same(list, other), "the tables of the jobs differ")
  local ids, handles = {}, {}
  for i, job in ipairs(list) do
    ids[i], handles[i] = job.job_id, server:job(job.job_id)
  end
  assert(compare.same(handles[1]:info(), by_hand:job_info(ids[1])), "the tables of a job differ")
  list, other = nil, nil -- luacheck: ignore 311
  compare.measure("get_job_" .. count, { get_mine, each_id(handles, count) },
    { get_other, each_id(ids, count) }, 10000)
  compare.measure("enum_jobs_" .. count, { jobs, server }, { jobs, by_hand },
    math.ceil(10000 / count), count > 10000 and 5 or 11)
end

measure_ports()
for i = 4, #arg do
  measure_jobs(tonumber(arg[i]))
end
server:close()
by_hand:close()
