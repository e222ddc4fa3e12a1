-- SPDX-License-Identifier: MIT
-- SHA-256, HMAC, random bytes: of the libcrypto that nginx itself is linked with.

local ffi = require "ffi"

ffi.cdef [[
unsigned char *SHA256(const unsigned char *d, size_t n, unsigned char *md);
const void *EVP_sha256(void);
unsigned char *HMAC(const void *md, const void *key, int key_len, const unsigned char *d,
                    size_t n, unsigned char *out, unsigned int *out_len);
int RAND_bytes(unsigned char *buf, int num);
]]

local digest = {}

local SIZE = 32
local C = ffi.C

local function hex(bytes)
  return (bytes:gsub(".", function(c)
    return ("%02x"):format(c:byte())
  end))
end

--- In hexadecimal digits.
function digest.sha256(text)
  local out = ffi.new("unsigned char[?]", SIZE)
  C.SHA256(text, #text, out)
  return hex(ffi.string(out, SIZE))
end

--- HMAC-SHA256 in hexadecimal digits.
function digest.hmac(key, text)
  local out, length = ffi.new("unsigned char[?]", SIZE), ffi.new("unsigned int[1]")
  if C.HMAC(C.EVP_sha256(), key, #key, text, #text, out, length) == nil then
    error("HMAC-SHA256 cannot be had", 2)
  end
  return hex(ffi.string(out, SIZE))
end

--- So many random bytes, in hexadecimal digits; fit for secrets.
function digest.random(bytes)
  local out = ffi.new("unsigned char[?]", bytes)
  if C.RAND_bytes(out, bytes) ~= 1 then
    error("there are no random bytes", 2)
  end
  return hex(ffi.string(out, bytes))
end

return digest
