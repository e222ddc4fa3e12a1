-- SPDX-License-Identifier: MIT
-- Calls a second over the socket from Lua, of one client and of eight, beside a
-- bare echo of messages of the same size with a thread a connection; and what a
-- client that asks nothing costs the server. For run.lua, whose functions come
-- in `run`.

local ROUNDS, IDLE = 5, 1000

local function client(run, vm, abi, folder)
  return ("env %s %s spec/bench/remote.lua %s"):format(run.paths(abi), vm, folder)
end

local function rate(run, command, clients, what, count)
  local each = math.floor(count / clients)
  local seconds = run.program("together", clients, command, what, each).seconds
  return each * clients / seconds
end

local KINDS = {
  { "small", "smallest call over the socket" },
  { "ports", "2 ports over the socket" },
}

local function calls(run, command, vm, kind, clients)
  local rows = {}
  for i = 1, ROUNDS do
    local peer = rate(run, command, clients, "bare-" .. kind[1], 8000)
    local value = rate(run, command, clients, kind[1], 8000)
    rows[i] = { value = value, peer = peer, ratio = value / peer }
  end
  run.figure {
    name = ("%s, %d client%s, %s"):format(kind[2], clients, clients > 1 and "s" or "", vm),
    value = run.column(rows, "value", 1e-3), unit = "1000/s",
    peer = "bare echo", peer_value = run.column(rows, "peer", 1e-3),
    ratio = run.column(rows, "ratio", 1), least = 0.7,
  }
end

-- What passes, for the peer to be of the same size.
local function trace(command, folder)
  for _, kind in ipairs(KINDS) do
    os.execute(("FAX_TRACE=%s/%s %s %s"):format(folder, kind[1], command, kind[1]))
  end
end

return function(run, folder, vms)
  folder = folder .. "/socket"
  os.execute("mkdir " .. folder)
  local behind = run.program("behind", folder)
  trace(client(run, vms[1][1], vms[1][2], folder), folder)
  for _, vm in ipairs(vms) do
    local command = client(run, vm[1], vm[2], folder)
    for _, kind in ipairs(KINDS) do
      calls(run, command, vm[1], kind, 1)
      calls(run, command, vm[1], kind, 8)
    end
  end
  local found, peers = run.program("idle", folder, behind.pid, IDLE)
  run.figure {
    name = ("client that asks nothing, of %d"):format(IDLE), value = found.client / 1024,
    unit = "KiB", peer = "bare echo", peer_value = peers.client / 1024,
  }
  os.execute(("kill %d; while kill -0 %d; do sleep 0.1; done 2>/dev/null")
    :format(behind.pid, behind.pid))
end
