-- The rooms and their directions (docs/tour.md): who may include whom. And what
-- the libraries may show to the linker.

local helper = require "spec.support.text"

local build = os.getenv("FAX_BUILD") or "build"

-- Each room, and the rooms whose headers it may include besides its own.
local may = {
  base = {},
  model = { "base" },
  store = { "model", "base" },
  document = { "model", "base" },
  t30 = { "base" },
  provider = { "model", "base" },
  wire = { "base" },
  host = { "provider", "wire", "model", "base" },
  service = { "host", "provider", "document", "store", "model", "base" },
  method = { "service", "model", "base" },
  ipc = { "method", "service", "provider", "wire", "model", "base" },
  api = { "ipc", "method", "service", "provider", "document", "model", "base" },
  render = {},
  check = {},
  lua = {},
}

local function set(list)
  local found = {}
  for _, name in ipairs(list) do found[name] = true end
  return found
end

local function includes(path)
  local found = {}
  for name in helper.read(path):gmatch('#include "([^"]+)"') do
    found[#found + 1] = name
  end
  return found
end

describe("the directions of the rooms", function()
  for room, allowed in pairs(may) do
    it(room .. " includes only " .. (#allowed > 0 and
      table.concat(allowed, ", ") or "public headers"), function()
      local rooms = set(allowed)
      local files = helper.lines("find src/" .. room .. " -name '*.[ch]'")
      assert.is_true(#files > 0)
      for _, path in ipairs(files) do
        for _, name in ipairs(includes(path)) do
          local other = name:match("^([%w_]+)/")
          assert.is_true(other == nil or other == room or rooms[other] == true,
            path .. " includes " .. name)
        end
      end
    end)
  end

  it("a provider includes public headers and its own", function()
    for _, path in ipairs(helper.lines("find fsp -name '*.[ch]'")) do
      for _, name in ipairs(includes(path)) do
        assert.is_nil(name:find("/", 1, true), path .. " includes " .. name)
      end
    end
  end)

  -- The log may go to the syslog daemon, whose door is one.
  it("the service knows no socket and no Lua", function()
    local except = { ["src/base/log_syslog.c"] = true }
    for _, path in ipairs(helper.lines("find src/service src/provider src/model"
      .. " src/base -name '*.[ch]'")) do
      local text = helper.read(path)
      assert.is_true(except[path] or not text:find("sys/socket.h", 1, true), path)
      assert.is_nil(text:find("lua_State", 1, true), path)
    end
  end)

  -- src/base/disk.h; lock files are no durable state.
  it("the service and the documents change files by disk.h only", function()
    local except = { ["src/service/life/directory.c"] = true }
    local calls = set { "rename", "renameat", "renameat2", "unlink", "unlinkat",
      "remove", "link", "linkat", "symlink", "mkdir", "mkdirat", "rmdir",
      "mkstemp", "mkdtemp", "fsync", "fdatasync", "write", "pwrite", "writev",
      "truncate", "ftruncate", "creat", "fopen", "copy_file_range", "sendfile",
      "TIFFOpen" }
    local files = helper.lines("find src/service src/document -name '*.c'")
    assert.is_true(#files > 50)
    for _, path in ipairs(files) do
      local text = helper.read(path):gsub("/%*.-%*/", ""):gsub('"[^"\n]*"', "")
      for before, name in text:gmatch("([%w_>%.]?)%f[%w_]([%w_]+)%(") do
        local direct = calls[name] and before == "" or false
        assert.is_true(not direct or except[path] or false, path .. ": " .. name)
      end
      for call in text:gmatch("([%w_]*open)%(%s*[%w_]+,[^;]-O_CREAT") do
        assert.is_true(call == "disk_open" or except[path] or false,
          path .. ": " .. call .. " makes a file")
      end
    end
  end)

  it("the Lua module requires its own files and nothing else", function()
    -- What nginx's Lua has.
    local of_nginx = { ["cjson.safe"] = true, ["ngx.semaphore"] = true }
    for _, path in ipairs(helper.lines("find lua/fax -name '*.lua'")) do
      local within = path:find("/resty", 1, true)
      for name in helper.read(path):gmatch('require%s*%(?%s*"([^"]+)"') do
        assert.truthy(name:match("^fax%.") or name == "fax" or (within and of_nginx[name]),
          path .. ": " .. name)
      end
    end
  end)
end)

local function exported(path)
  local names = {}
  for _, line in ipairs(helper.lines("nm -D --defined-only " .. path)) do
    local kind, name = line:match("^%x+ (%a) ([%w_]+)")
    if kind and kind ~= "A" then names[#names + 1] = name end
  end
  return names
end

local function declared()
  local names = {}
  for _, path in ipairs(helper.lines("ls src/include/fax/*.h")) do
    local text = helper.read(path):gsub("/%*.-%*/", ""):gsub("#[^\n]*", "")
    for statement in text:gmatch("FAX_EXPORT%s([^;{]+);") do
      local name = statement:match("([%w_]+)%s*%(")
      if name then names[name] = path end
    end
  end
  return names
end

-- Exports of providers: declared for them, not of libfax.
local of_providers = { fax_provider_options = true, fax_provider_string = true,
  fax_provider_isolate = true }

describe("the symbols of libfax", function()
  it("are declared in a public header, and begin with Fax or fax_", function()
    local known = declared()
    local list = exported(build .. "/libfax.so.0")
    assert.is_true(#list > 50)
    for _, name in ipairs(list) do
      assert.truthy(name:match("^Fax") or name:match("^fax_"), name)
      assert.truthy(known[name], name .. " is in no header")
    end
  end)

  it("are there for every declaration", function()
    local there = set(exported(build .. "/libfax.so.0"))
    for name, path in pairs(declared()) do
      assert.is_true(there[name] or of_providers[name] or false,
        name .. " of " .. path .. " is not exported")
    end
  end)

  it("of a provider are those of faxdev.h and its options", function()
    local known = {}
    for name in pairs(of_providers) do known[name] = true end
    for _, path in ipairs { "faxdev.h", "fax_provider.h", "fax_operation.h" } do
      for name in helper.read("src/include/fax/" .. path):gmatch("(Fax%w+)%s*%(") do
        known[name] = true
      end
    end
    for _, path in ipairs(helper.lines("ls " .. build .. "/fax/fsp/*.so")) do
      local list = exported(path)
      assert.is_true(#list >= 8, path)
      for _, name in ipairs(list) do
        assert.is_true(known[name] or false, path .. " exports " .. name)
      end
    end
  end)

  it("of the binding are one: luaopen_fax_core", function()
    for _, version in ipairs { "5.1", "5.4" } do
      local list = exported(build .. "/lua/" .. version .. "/fax/core.so")
      assert.same({ "luaopen_fax_core" }, list)
    end
  end)
end)

describe("every source file", function()
  local files = helper.lines("git ls-files '*.c' '*.h' '*.lua' 2>/dev/null")
  if #files == 0 then
    files = helper.lines("find src fsp lua spec examples -name '*.[ch]'")
  end
  it("is short: 600 lines at most", function()
    for _, path in ipairs(files) do
      local _, count = helper.read(path):gsub("\n", "\n")
      assert.is_true(count <= 600, path .. " has " .. count .. " lines")
    end
  end)
  it("in C says what it is and under which licence", function()
    for _, path in ipairs(files) do
      if path:match("%.[ch]$") then
        assert.truthy(helper.read(path):find("SPDX-License-Identifier: MIT", 1,
          true), path)
      end
    end
  end)
end)
