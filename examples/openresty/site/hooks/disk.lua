-- SPDX-License-Identifier: MIT
-- Small files that survive: written whole, synced, then named. These functions wait
-- for the disk, so they run in a thread (store.lua), in a Lua of their own without
-- anything of nginx.

local ffi = require "ffi"

ffi.cdef [[
int open(const char *path, int flags, unsigned mode);
long write(int fd, const void *bytes, size_t size);
int fsync(int fd);
int close(int fd);
int mkdir(const char *path, unsigned mode);
void *opendir(const char *path);
int closedir(void *dir);
struct fax_entry { uint64_t inode; int64_t offset; uint16_t length; uint8_t kind; char name[256]; };
struct fax_entry *readdir(void *dir);
char *strerror(int number);
]]

local disk = {}

-- Of Linux.
local WRITE_CREATE_EMPTY, READ = 577, 0
local MODE_FILE, MODE_FOLDER, EXISTS = 384, 448, 17

local C = ffi.C

local function failed(path)
  return nil, ("%s: %s"):format(path, ffi.string(C.strerror(ffi.errno())))
end

local function sync_folder(path)
  local fd = C.open(path, READ, 0)
  if fd >= 0 then
    C.fsync(fd)
    C.close(fd)
  end
end

local function put(path, text)
  local part = path .. ".part"
  local fd = C.open(part, WRITE_CREATE_EMPTY, MODE_FILE)
  if fd < 0 then
    return failed(part)
  end
  local ok = C.write(fd, text, #text) == #text and C.fsync(fd) == 0
  local _, why = failed(part)
  C.close(fd)
  if not ok then
    os.remove(part)
    return nil, why
  end
  return os.rename(part, path)
end

--- Makes a folder, if it is not there.
function disk.make(path)
  if C.mkdir(path, MODE_FOLDER) ~= 0 and ffi.errno() ~= EXISTS then
    return failed(path)
  end
  return true
end

--- Writes files of one folder: name -> text. nil and why: of one.
function disk.write(folder, files)
  for name, text in pairs(files) do
    local ok, why = put(folder .. "/" .. name, text)
    if not ok then
      return nil, why
    end
  end
  sync_folder(folder)
  return true
end

--- Removes these names; one that is not there is no error.
function disk.remove(folder, names)
  for _, name in ipairs(names) do
    os.remove(folder .. "/" .. name)
  end
  return true
end

--- The text of one; nil: it is not there.
function disk.read(folder, name)
  local file = io.open(folder .. "/" .. name, "rb")
  local text = file and file:read("*a")
  if file then
    file:close()
  end
  return text
end

--- All files of a folder: name -> text. What was not written whole goes.
function disk.read_all(folder)
  local dir, files = C.opendir(folder), {}
  if dir == nil then
    return failed(folder)
  end
  local entry = C.readdir(dir)
  while entry ~= nil do
    local name = ffi.string(entry.name)
    if name:find("%.json$") then
      files[name] = disk.read(folder, name)
    end
    entry = C.readdir(dir)
  end
  C.closedir(dir)
  return files
end

return disk
