-- SPDX-License-Identifier: MIT
-- Whether a fax server is there, as far as this worker has seen: a line in the log when
-- it goes away, one when it is back. nginx writes one for each connection that fails, so
-- who listens is looked up before.

local presence = {}

local sure = {} -- path -> a connection was made, and none was lost since
local away = {} -- path -> the line was written

-- ---- the look ----

-- Of Linux. A datagram socket is not let in where one of the other type listens, and
-- told so; where nobody does it gets another error, and no server hears of either.
local UNIX, DATAGRAM_CLOEXEC_NONBLOCK = 1, 2 + 0x80000 + 0x800
local nobody = { [2] = "no such file or directory", [111] = "connection refused" }

local ok, ffi = pcall(require, "ffi")
local can_look = ok and ffi.os == "Linux"
local address_type

if can_look then
  ffi.cdef [[
    struct fax_resty_address { unsigned short family; char path[108]; };
    int socket(int family, int kind, int protocol);
    int connect(int fd, const void *address, unsigned size);
    int close(int fd);
  ]]
  address_type = ffi.typeof "struct fax_resty_address"
end

-- Why nobody listens there; nil: somebody may.
local function nobody_at(path)
  local address = address_type(UNIX)
  if #path >= ffi.sizeof(address.path) then
    return nil
  end
  ffi.copy(address.path, path)
  local fd = ffi.C.socket(UNIX, DATAGRAM_CLOEXEC_NONBLOCK, 0)
  if fd < 0 then
    return nil
  end
  local failed = ffi.C.connect(fd, address, ffi.sizeof(address)) ~= 0
  local why = failed and nobody[ffi.errno()] or nil
  ffi.C.close(fd)
  return why
end

-- ---- what is known ----

--- A connection could not be made, or this account is not let in.
function presence.failed(path, why)
  sure[path] = nil
  if not away[path] then
    away[path] = true
    ngx.log(ngx.ERR, "fax.resty: ", path, ": the fax server cannot be reached (", why, ")")
  end
end

--- Before a connection: true; false and why when nobody is there.
function presence.look(path)
  local why = can_look and not sure[path] and nobody_at(path)
  return not why, why
end

--- A connection was lost: who is to come looks first.
function presence.lost(path)
  sure[path] = nil
end

--- A server has answered.
function presence.found(path)
  sure[path] = true
  if away[path] then
    away[path] = nil
    ngx.log(ngx.WARN, "fax.resty: ", path, ": the fax server is there again")
  end
end

return presence
