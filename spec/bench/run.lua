-- SPDX-License-Identifier: MIT
-- The benchmarks: runs the programs of $FAX_BUILD/bench and prints one line for
-- each figure, beside its peer or limit and the goal; --json for an array of
-- the same. It never fails because of a figure.

local build = os.getenv("FAX_BUILD") or "build"
local as_json = arg[1] == "--json"

local ROUNDS = 7

-- ---- running ----

local folder
local ends = {} -- functions that stop what was started, when a program fails

local function output(command)
  local pipe = assert(io.popen(command .. " && echo ran-to-its-end"))
  local text = pipe:read("*a")
  pipe:close()
  if not text:find("ran%-to%-its%-end\n$") then
    for _, stop in ipairs(ends) do
      stop()
    end
    if folder then
      os.execute("rm -rf " .. folder)
    end
    io.stderr:write("bench: this failed: ", command, "\n")
    os.exit(1)
  end
  return text
end

-- In memory where that can be: what the disk takes is in none of the figures but
-- those of durable.lua.
folder = output("mktemp -d -p /dev/shm 2>/dev/null || mktemp -d"):match("[^\n]+")

-- Lines of `name value [value of the peer]`.
local function values(command)
  local found, peers = {}, {}
  for name, value, peer in output(command):gmatch("(%S+) ([%d.]+) ?([%d.]*)\n") do
    found[name], peers[name] = tonumber(value), tonumber(peer)
  end
  return found, peers
end

local function program(name, ...)
  return values(table.concat({ ("TMPDIR=%s %s/bench/%s"):format(folder, build, name), ... },
    " "))
end

local function on_disk(name, ...)
  return values(table.concat({ ("TMPDIR=%s %s/bench/%s"):format(
    os.getenv("BENCH_DISK") or build, build, name), ... }, " "))
end

-- Where a script finds `fax`, and the peer of the binding.
local function paths(abi, core)
  return ("LUA_PATH='./lua/?.lua;./lua/?/init.lua' LUA_CPATH='%s/?.so;%s/bench/%s/?.so'")
    :format(core or build .. "/lua/" .. abi, build, abi)
end

local function script(vm, abi, name, ...)
  local seam = name == "seam" and build .. "/bench/seam/" .. abi or nil
  local command = ("%s %s spec/bench/%s.lua %s/%s"):format(paths(abi, seam), vm, name, folder,
    abi)
  return values(table.concat({ command, ... }, " "))
end

local function median(list)
  local sorted = {}
  for i, value in ipairs(list) do
    sorted[i] = value
  end
  table.sort(sorted)
  return sorted[math.floor(#sorted / 2) + 1]
end

io.stdout:setvbuf("line")

-- ---- figures ----

local figures = {}

-- `most`, `least`: the goal for the ratio, if there is one.
local function goal_of(f)
  if f.most then
    return ("<= %.2f"):format(f.most), f.ratio <= f.most
  elseif f.least then
    return (">= %.2f"):format(f.least), f.ratio >= f.least
  end
end

local function print_figure(f)
  local goal, met = goal_of(f)
  local text = ("%-49s %8.2f %-12s  %-19s %8.2f  ratio %5.2f"):format(f.name, f.value, f.unit,
    f.peer, f.peer_value, f.ratio)
  if goal then
    text = ("%s  goal %s %s"):format(text, goal, met and "met" or "MISSED")
  end
  print(text)
end

-- A line each as it is measured; JSON in the end.
local function figure(f)
  f.ratio = f.ratio or f.value / f.peer_value
  figures[#figures + 1] = f
  if not as_json then
    print_figure(f)
  end
end

local function document(name, pages)
  local path = folder .. "/" .. name
  output(("%s/bench/document %s %d"):format(build, path, pages))
  return path
end

local submitted = {}

-- The service and bare spandsp in turn, so that what else the machine does hits
-- both; the ratio is the median of the rounds'.
local function fax_figure(pages, jobs)
  local path = document(pages .. ".tif", pages)
  local service, bare, ratio = {}, {}, {}
  for i = 1, ROUNDS do
    local alone = {}
    for j = 1, 5 do
      alone[j] = program("bare_t30", path).cpu_seconds_per_page
    end
    submitted[i] = program("service", path, jobs, 1)
    service[i], bare[i] = submitted[i].fax_cpu_per_page, median(alone)
    ratio[i] = service[i] / bare[i]
  end
  figure {
    name = ("fax of %d page%s, queued to received"):format(pages, pages > 1 and "s" or ""),
    value = median(service) * 1e3, unit = "ms CPU/page",
    peer = "bare spandsp", peer_value = median(bare) * 1e3,
    ratio = median(ratio), most = 1.10,
  }
  return path
end

local function column(rows, name, factor)
  local list = {}
  for i, row in ipairs(rows) do
    list[i] = row[name] * factor
  end
  return median(list)
end

local function document_figures(tiff)
  local ps, rows = document("8.ps", 8), {}
  for i = 1, 3 do
    rows[i] = program("prepare", tiff, ps)
  end
  figure {
    name = "submission: check, copy, sync", value = column(submitted, "submit_cpu_per_page", 1e3),
    unit = "ms CPU/page",
    peer = "libtiff read, copy", peer_value = column(rows, "copy_cpu_per_page", 1e3),
  }
  figure {
    name = "submission of 8 pages", value = column(submitted, "submit_wall_per_document", 1e3),
    unit = "ms",
    peer = "libtiff read, copy", peer_value = column(rows, "copy_wall_per_document", 1e3),
  }
  figure {
    name = "conversion of PostScript", value = column(rows, "convert_cpu_per_page", 1e3),
    unit = "ms CPU/page",
    peer = "Ghostscript alone", peer_value = column(rows, "convert_bare_cpu_per_page", 1e3),
  }
end

-- The goal is for packets that come while they are taken, which costs two
-- threads what a lock costs. What Lua adds shows alone when all are there
-- before, and the pop in C is a mere copy.
local packet_names = {
  { "packets", "packets to a callback", "C pop, batches", 0.7 },
  { "packets_single", "packets to a callback", "C pop, one by one", 0.7 },
  { "packets_waiting", "packets that wait, to a callback", "C pop, batches" },
}

local function packet_figures(vm, abi)
  local found, peers = script(vm, abi, "packets")
  for _, entry in ipairs(packet_names) do
    figure {
      name = entry[2] .. ", " .. vm, value = found[entry[1]] / 1e6, unit = "million/s",
      peer = entry[3], peer_value = peers[entry[1]] / 1e6, least = entry[4],
    }
  end
end

local binding_names = {
  { "call_binding_only", "call that stays in the binding" },
  { "call_into_library", "call into libfax" },
}

local function binding_figures(vm, abi)
  local found, peers = script(vm, abi, "binding")
  for _, entry in ipairs(binding_names) do
    figure {
      name = entry[2] .. ", " .. vm, value = found[entry[1]], unit = "ns",
      peer = "by hand", peer_value = peers[entry[1]],
    }
  end
end

-- The peer makes a coroutine with a table for each job, and resumes it twice.
local seam_names = {
  { "trivial", "operations started, run, ended", 0.25 },
  { "sleeping", "operations that sleep once" },
}

local function seam_figures(vm, abi)
  local found, peers = script(vm, abi, "seam")
  for _, entry in ipairs(seam_names) do
    figure {
      name = entry[2] .. ", " .. vm, value = found[entry[1]] / 1e6, unit = "million/s",
      peer = "bare coroutines", peer_value = peers[entry[1]] / 1e6,
      ratio = found[entry[1] .. "_ratio"], least = entry[3],
    }
  end
  figure {
    name = "operation asleep, of 1,000, " .. vm, value = found.memory / 1024, unit = "KiB",
    peer = "limit", peer_value = peers.memory / 1024, most = 1,
  }
end

-- A provider that does nothing, so that all is what isolation costs.
local function isolation_figures()
  local found, peers = program("isolate", 20000)
  figure {
    name = "call in a child process", value = found.cpu * 1e6, unit = "us CPU",
    peer = "in this process", peer_value = peers.cpu * 1e6,
  }
  figure {
    name = "calls one by one, in a child process", value = 1e-3 / found.wall, unit = "thousand/s",
    peer = "in this process", peer_value = 1e-3 / peers.wall,
  }
end

-- ---- printing ----

-- The names hold nothing that JSON would want escaped.
local function print_json()
  local items = {}
  for i, f in ipairs(figures) do
    local goal, met = goal_of(f)
    items[i] = ('  {"name": "%s", "value": %.6g, "unit": "%s", "peer": "%s", '
      .. '"peer_value": %.6g, "ratio": %.4f, "goal": %s, "met": %s}')
      :format(f.name, f.value, f.unit, f.peer, f.peer_value, f.ratio,
        goal and '"' .. goal .. '"' or "null", goal and tostring(met) or "null")
  end
  print("[\n" .. table.concat(items, ",\n") .. "\n]")
end

local vms = { { "lua5.4", "5.4" }, { "luajit", "5.1" } }
local short = fax_figure(1, 16)
local long = fax_figure(8, 4)
document_figures(long)
isolation_figures()
for _, vm in ipairs(vms) do
  packet_figures(vm[1], vm[2])
  binding_figures(vm[1], vm[2])
  seam_figures(vm[1], vm[2])
end
local run = {
  program = program, on_disk = on_disk, script = script, paths = paths, figure = figure,
  column = column,
  ends = ends,
}
dofile("spec/bench/durable.lua")(run)
dofile("spec/bench/many.lua")(run, document("3.tif", 3))
dofile("spec/bench/queue.lua")(run, short, vms)
dofile("spec/bench/socket.lua")(run, folder, vms)
dofile("spec/bench/web.lua")(run, folder, short, long)
os.execute("rm -rf " .. folder);
if as_json then
  print_json()
end
