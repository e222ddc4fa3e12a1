-- SPDX-License-Identifier: MIT
-- A provider whose line is UDP (T.38 in UDPTL), and a fax between two programs.
-- This one sends; it starts itself once more for the side that receives.
--   luajit examples/udp_fax.lua letter.pdf DIRECTORY [PACE]
-- PACE: how often faster than a real line it goes. Needs LuaSocket, or LuaJIT.
local fax = require "fax"

-- ---- a UDP socket on the loopback device ----

-- Of LuaSocket, else by LuaJIT's way to call C: getfd, port, send, receive.
local function open_luasocket(socket)
  local udp = assert(socket.udp())
  assert(udp:setsockname("127.0.0.1", 0))
  udp:settimeout(0)
  return {
    getfd = function() return udp:getfd() end,
    port = tonumber((select(2, udp:getsockname()))),
    send = function(_, datagram, port) udp:sendto(datagram, "127.0.0.1", port) end,
    receive = function()
      local datagram, _, port = udp:receivefrom()
      return datagram, tonumber(port)
    end,
  }
end

local function open_ffi(ffi)
  ffi.cdef [[
    struct udp_address { uint16_t family; uint8_t port[2], host[4], zero[8]; };
    int socket(int family, int type, int protocol);
    int bind(int fd, const struct udp_address *address, unsigned size);
    int getsockname(int fd, struct udp_address *address, unsigned *size);
    long sendto(int fd, const char *data, size_t size, int flags,
                const struct udp_address *to, unsigned to_size);
    long recvfrom(int fd, char *data, size_t size, int flags,
                  struct udp_address *from, unsigned *from_size);
  ]]
  local INET, DATAGRAM, DONT_WAIT, SIZE = 2, 2, 0x40, 16
  local function address(port)
    return ffi.new("struct udp_address", INET, { math.floor(port / 256), port % 256 },
      { 127, 0, 0, 1 })
  end
  local fd = ffi.C.socket(INET, DATAGRAM, 0)
  assert(fd >= 0 and ffi.C.bind(fd, address(0), SIZE) == 0, "no UDP socket")
  local from, size, data = address(0), ffi.new("unsigned[1]", SIZE), ffi.new("char[2048]")
  assert(ffi.C.getsockname(fd, from, size) == 0)
  return {
    getfd = function() return fd end,
    port = from.port[0] * 256 + from.port[1],
    send = function(_, datagram, port)
      ffi.C.sendto(fd, datagram, #datagram, DONT_WAIT, address(port), SIZE)
    end,
    receive = function()
      size[0] = SIZE
      local n = tonumber(ffi.C.recvfrom(fd, data, 2048, DONT_WAIT, from, size))
      return n >= 0 and ffi.string(data, n) or nil, from.port[0] * 256 + from.port[1]
    end,
  }
end

local has_socket, socket = pcall(require, "socket")
local has_ffi, ffi = pcall(require, "ffi")
if not arg[2] or not tonumber(arg[3] or 1) or not (has_socket or has_ffi) then
  io.stderr:write("usage: udp_fax.lua FILE DIRECTORY [PACE], with LuaSocket or LuaJIT\n")
  os.exit(2)
end
local line = has_socket and open_luasocket(socket) or open_ffi(ffi)

-- ---- the provider ----

local path, directory, pace = arg[1], arg[2], tonumber(arg[3] or 1)
local STEP, LONGEST = 0.02, 0.2 -- seconds of line time between two looks at it
local peer -- the port of the other side, while there is a call
local inbox = {} -- datagrams of the call that were not read yet

-- One operation: a machine, UDPTL, and the line in turn, until it is done.
local function talk(job, machine, send_call)
  local udptl = assert(fax.t30.udptl { redundancy = 3 })
  local heard, last = false, fax.clock.now()
  while not machine:done() do
    if not heard and send_call then
      line:send(send_call, peer) -- until it answers
    end
    if not job:sleep(STEP / pace) then
      machine:stop("aborted")
    end
    for _, datagram in ipairs(inbox) do
      heard = true
      for _, packet in ipairs(udptl:receive(datagram) or {}) do
        machine:feed(packet.ifp, packet.seq)
      end
    end
    inbox = {}
    local now = fax.clock.now()
    if heard or not send_call then
      machine:advance(math.min((now - last) * pace, LONGEST))
    end
    last = now
    for ifp, _, repeats in machine.take, machine do
      local datagram = assert(udptl:send(ifp))
      for _ = 1, repeats do
        line:send(datagram, peer)
      end
    end
  end
  return machine:result().status, machine:progress()
end

local function machine_of(job, options)
  options.local_id, options.ecm, options.max_rate = job.local_id, job.ecm, job.max_rate
  options.progress = function(progress)
    job:status(progress.phase == "page" and "FS_TRANSMITTING" or "FS_INITIALIZING", progress)
  end
  return assert(fax.t30.t38(options))
end

local server = assert(fax.connect { directory = directory, providers = {}, retries = 0 })
local provider = assert(fax.provider {
  name = "udp",
  devices = { { name = "udp line", number = tostring(line.port) } },
  send = function(job)
    peer, inbox = tonumber(job.number), {}
    return talk(job, machine_of(job, { send = job.file, first_page = job.first_page }),
      "CALL from " .. line.port)
  end,
  receive = function(job)
    return talk(job, machine_of(job, { receive = job.file }))
  end,
  end_job = function()
    peer = nil
  end,
})

-- Datagrams go to the call that is up; the first of a new one rings.
fax.loop():spawn(function()
  while fax.loop():wait(line, "r") do
    local datagram, port = line:receive()
    local caller = datagram and datagram:match("^CALL from (%d+)$")
    if caller and not peer then
      peer, inbox = port, {}
      -- Nothing rings here: as if it had, as often as a port may want.
      provider.devices[1]:ring { rings = 99, caller = caller }
    elseif datagram and not caller and port == peer then
      inbox[#inbox + 1] = datagram
    end
  end
end)

-- ---- the two programs ----

local function quote(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

if path == "--receive" then
  local events = server:events("received")
  io.write(line.port, "\n")
  io.stdout:flush()
  local got = events()
  print(("received from %s: %d pages in %s"):format(got.caller_id, got.pages, got.path))
else
  -- Before the other side waits for it.
  local document = assert(server:prepare(path))
  local child = assert(io.popen(("%s %s --receive %s %g"):format(arg[-1], quote(arg[0]),
    quote(directory .. "-2"), pace)))
  local number = assert(child:read("*l"), "the other side did not start")
  local job = assert(server:send(document, { to = number, from = "UDP " .. line.port }))
  local delivered, why = job:wait(600)
  print(delivered and "delivered" or "not delivered: " .. why)
  for _, attempt in ipairs(job:result().attempts) do
    print(("%s, %d pages confirmed at %d bit/s"):format(attempt.status,
      attempt.pages_confirmed or 0, attempt.rate or 0))
  end
  io.write(delivered and child:read("*a") or "")
  child:close()
end
provider:close()
server:close()
assert(fax.service:stop { timeout = 30 })
