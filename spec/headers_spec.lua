-- The public headers against the reference tables, and against the compilers.

local helper = require "spec.support.text"

local INCLUDE = "src/include"
local build = os.getenv("FAX_BUILD") or "build"

local function headers()
  return helper.lines("ls " .. INCLUDE .. "/fax/*.h")
end

-- Runs a compiler over a text; returns its messages, "" when there are none.
local function compile(compiler, text, name)
  local path = build .. "/" .. name
  helper.write(path, text)
  local command = compiler .. " -Wall -Wextra -Werror -I" .. INCLUDE ..
    " -fsyntax-only " .. path .. " 2>&1"
  return helper.output(command)
end

local C = "gcc -std=c11 -D_GNU_SOURCE"
local CXX = "g++ -std=c++17"

local all = {}
for _, path in ipairs(headers()) do all[path] = helper.read(path) end

local windows = all[INCLUDE .. "/fax/winfax.h"] ..
  all[INCLUDE .. "/fax/faxdev.h"] .. all[INCLUDE .. "/fax/faxerr.h"] ..
  all[INCLUDE .. "/fax/faxtypes.h"]

describe("a public header", function()
  for path in pairs(all) do
    local name = path:match("fax/[^/]+$")
    it(name .. " compiles alone, as C11 and as C++17, twice over", function()
      local text = ("#include <%s>\n#include <%s>\nint x;\n"):format(name, name)
      assert.equal("", compile(C, text, "header.c"))
      assert.equal("", compile(C .. " -DFAX_WIN32_NAMES", text, "header.c"))
      assert.equal("", compile(CXX, text, "header.cc"))
    end)
  end
end)

-- ---- beside other headers with Windows types ----

-- Libraries whose DWORD, LONG or BOOL are not ours, and what theirs must still
-- be in the same source.
local others = {
  { name = "winscard.h", flags = " -isystem /usr/include/PCSC", theirs = [[
    static_assert(sizeof(DWORD) == sizeof(long) && sizeof(BOOL) == 2, "theirs");
    LONG (*theirs)(SCARDCONTEXT) = SCardReleaseContext;]] },
  { name = "sql.h", flags = "", theirs = [[
    static_assert(sizeof(DWORD) == 4 && sizeof(BOOL) == sizeof(int), "theirs");
    #ifndef BOOL
    #error "unixODBC's macro is gone"
    #endif
    SQLRETURN (*theirs)(SQLHENV) = SQLFreeEnv;]] },
}
local ours = [[
  static_assert(sizeof(FAX_DWORD) == 4 && sizeof(FAX_LONG) == 4, "ours");
  static_assert(sizeof(FAX_BOOL) == sizeof(int), "ours");
  static_assert(sizeof(FAX_FILETIME) == 8 && sizeof(FAX_SYSTEMTIME) == 16, "ours");
  FAX_BOOL (*mine)(FAX_HANDLE, FAX_PORT_INFO **, FAX_LPDWORD) = FaxEnumPorts;
  FAX_HRESULT failed = E_FAIL;
  FAX_DWORD (*last)(void) = FaxGetLastError;]]

local function include(name) return ("#include <%s>\n"):format(name) end

-- The headers for users; the pair that opens and closes them is not.
local names = {}
for path in pairs(all) do
  local name = path:match("fax/[^/]+$")
  if not name:find("types_", 1, true) then names[#names + 1] = name end
end
table.sort(names)

-- Every order in which the other header comes first, last or in between.
local function orders(other)
  local list = {}
  for at = 0, #names do
    local text = { "#include <assert.h>\n" }
    for i = 0, #names do
      if i > 0 then text[#text + 1] = include(names[i]) end
      if i == at then text[#text + 1] = include(other) end
    end
    list[#list + 1] = table.concat(text)
  end
  return list
end

-- One run of the compiler for all the texts.
local function compile_all(compiler, texts, suffix)
  local paths = {}
  for i, text in ipairs(texts) do
    paths[i] = ("%s/order-%d.%s"):format(build, i, suffix)
    helper.write(paths[i], text)
  end
  return helper.output(compiler .. " -Wall -Wextra -Werror -I" .. INCLUDE ..
    " -fsyntax-only " .. table.concat(paths, " ") .. " 2>&1")
end

describe("FAX_PREFIX_TYPES", function()
  local function is_there(other)
    return helper.output(("echo '#include <%s>' | gcc%s -E -x c - 2>&1 >/dev/null")
      :format(other.name, other.flags)) == ""
  end

  for _, other in ipairs(others) do
    it("lets every header stand in any order with " .. other.name, function()
      if not is_there(other) then
        pending(other.name .. " is not installed")
        return
      end
      local flags = other.flags .. " -DFAX_PREFIX_TYPES -DFAX_WIN32_NAMES"
      local texts = orders(other.name)
      for i, text in ipairs(texts) do
        texts[i] = text .. ours .. "\n" .. other.theirs:gsub("\n +#", "\n#") .. "\n"
      end
      assert.is_true(#texts > 10)
      assert.equal("", compile_all(C .. flags, texts, "c"))
      assert.equal("", compile_all(CXX .. flags, texts, "cc"))
    end)
  end

  it("leaves no plain name behind", function()
    local text = { "#include <assert.h>\n" }
    for _, name in ipairs(names) do text[#text + 1] = include(name) end
    text[#text + 1] = ours .. "\n"
    for name in all[INCLUDE .. "/fax/types_begin.h"]:gmatch("#define ([%w_]+) FAX_") do
      text[#text + 1] = ("enum { %s };\n"):format(name)
    end
    assert.is_true(#text > 30)
    for _, win32 in ipairs { "", " -DFAX_WIN32_NAMES" } do
      assert.equal("", compile(C .. " -DFAX_PREFIX_TYPES" .. win32, table.concat(text),
        "plain.c"))
    end
  end)

  it("covers every type of faxtypes.h", function()
    local types, covered = all[INCLUDE .. "/fax/faxtypes.h"], 0
    local block = types:match("#include <fax/types_begin.h>(.*)#include <fax/types_end.h>")
    for _, ending in ipairs { "begin", "end" } do
      local text = all[INCLUDE .. "/fax/types_" .. ending .. ".h"]
      for name in block:gmatch("([%w_]+);") do
        if block:find("typedef[^;{]-[ *]" .. name .. ";")
          or block:find("} " .. name .. ";") then
          covered = covered + 1
          assert.truthy(text:find('_macro("' .. name .. '")', 1, true), name)
        end
      end
    end
    assert.is_true(covered > 50)
  end)

  it("cannot be had together with types of one's own", function()
    local text = "#include <fax/winfax.h>\n"
    assert.matches("FAX_PREFIX_TYPES", compile(
      C .. " -DFAX_PREFIX_TYPES -DFAX_HAVE_WINTYPES", text, "both.c"))
  end)

  it("is not needed where the program's own types fit", function()
    local types = all[INCLUDE .. "/fax/faxtypes.h"]
      :match("#include <fax/types_begin.h>(.*)#include <fax/types_end.h>")
    local text = { "#include <stddef.h>\n#include <stdint.h>\n", types }
    for _, name in ipairs(names) do text[#text + 1] = include(name) end
    assert.equal("", compile(C .. " -DFAX_HAVE_WINTYPES", table.concat(text, "\n") ..
      "int x;\n", "own.c"))
  end)
end)

-- Constants of the reference that this project does not declare, by group.
local elsewhere = {
  JOB_STATUS_WIRE = "the wire protocol of MS-FAX",
  ACCESS_RIGHT_GENERIC = "only the FAX_ ones",
  FAX_E = "HRESULTs of the COM interface",
  SIZE = "limits, not names", FAXROUTE_ENABLE = "faxroute.h",
  ROUTING_GUID = "faxroute.h", DEVICE_ID_SOURCE = "faxext.h",
  QUEUE_STATE = "MS-FAX", JOB_EXTENDED_STATUS = "COM",
  JOB_OPERATION = "MS-FAX", PROVIDER_STATUS = "MS-FAX",
  FSPI_VERSION = "MS-FAX", EVENT_SENTINEL = "a number, not a name",
  WINDOWS_DEFAULT = "start values", STRUCT_SIZE = "held below",
}
local absent = { -- of MS-FAX, or misspelt there
  JT_BROADCAST = true, DRT_MSGBOX = true, DRT_GRP_PARENT = true,
  DRT_ATTACH_FAX = true, FPS_UNKNOWN = true, ERROR_BAD_DB = true,
}

describe("constants.tsv", function()
  it("has the value of every constant that is declared", function()
    local text = { "#include <fax/winfax.h>", "#include <fax/faxdev.h>" }
    local checked = 0
    for _, row in ipairs(helper.tsv("spec/reference/constants.tsv")) do
      if not elsewhere[row.group] and not absent[row.name] then
        checked = checked + 1
        text[#text + 1] = ('_Static_assert((unsigned)%s == (unsigned)%s, "%s");')
          :format(row.name, row.value, row.name)
      end
    end
    for _, name in ipairs { "FAX_READ", "FAX_WRITE", "FAX_ALL_ACCESS" } do
      assert.truthy(windows:find("#define " .. name, 1, true))
    end
    assert.is_true(checked > 120)
    assert.equal("", compile(C, table.concat(text, "\n") .. "\nint x;\n",
      "constants.c"))
  end)

  it("has no constant that was declared and is called absent", function()
    for name in pairs(absent) do
      assert.is_nil(windows:find("#define " .. name .. "%f[^%w_]"), name)
    end
  end)
end)

-- The members of a structure as the header has them: { {type, name}, ... }
local function members(name)
  local body = windows:match("typedef struct [%w_]+ (%b{}) " .. name .. "%f[^%w_]")
  if not body then return nil end
  body = body:gsub("/%*.-%*/", "")
  local list = {}
  for type, member, array in body:gmatch("([%w_]+) ([%w_]+)(%[?[%w_+ ]*%]?);") do
    list[#list + 1] = { type = type .. array:gsub(" ", ""), name = member }
  end
  return list
end

-- Text is UTF-8: docs/differences.md.
local narrow = { LPWSTR = "LPTSTR", LPCWSTR = "LPCTSTR" }

describe("structs.tsv", function()
  local structs, order = {}, {}
  for _, row in ipairs(helper.tsv("spec/reference/structs.tsv")) do
    if not structs[row.struct] then
      structs[row.struct] = {}
      order[#order + 1] = row.struct
    end
    table.insert(structs[row.struct], row)
  end
  local absent_structs = { FAX_ROUTE = true, FAX_ROUTE_CALLBACKROUTINES = true }
  for _, name in ipairs(order) do
    if absent_structs[name] then
      it(name .. " is absent, with its functions", function()
        assert.is_nil(members(name))
      end)
    else
      it(name .. " has the members in order, with their types", function()
        local found = assert(members(name), "not declared")
        local wanted = structs[name]
        assert.equal(#wanted, #found)
        for i, row in ipairs(wanted) do
          assert.equal(row.field, found[i].name)
          assert.equal(narrow[row.type] or row.type, found[i].type)
        end
      end)
    end
  end

  -- A TCHAR is one byte: the 16 of ServerName are 16 bytes less.
  local narrower = { FAX_CONTEXT_INFO = 32 }

  it("are laid out as on a 64-bit Windows", function()
    local text = { "#include <fax/winfax.h>", "#include <fax/faxdev.h>" }
    for _, row in ipairs(helper.tsv("spec/reference/constants.tsv")) do
      local name = row.name:match("^sizeof%(([%w_]+)%)/64$")
      if name and not absent_structs[name] then
        text[#text + 1] = ('_Static_assert(sizeof(%s) == %s, "%s");')
          :format(name, narrower[name] or row.value, name)
      end
    end
    assert.is_true(#text > 9)
    assert.equal("", compile(C, table.concat(text, "\n") .. "\nint x;\n",
      "sizes.c"))
  end)
end)

describe("functions.tsv", function()
  local differences = helper.read("docs/differences.md")
  local bare = windows:gsub("/%*.-%*/", ""):gsub("%s+", " "):gsub(" WINAPI ", " ")
  -- What it returns and its parameters; a callback type by its pointer's name.
  local function prototype(name)
    local returns, list = bare:match("([%w_]+) " .. name .. "%((.-)%);")
    if not returns then
      returns, list = bare:match("typedef ([%w_]+) ?%(CALLBACK %*P" .. name .. "%) ?%((.-)%);")
    end
    return returns, list
  end

  local here = { LPWSTR = "LPTSTR", LPCWSTR = "LPCTSTR", VOID = "void" }
  local function documented(row)
    local list = {}
    for name, type in row.parameters:gmatch("([%w_]+):([^:;]+):[^;]*") do
      list[#list + 1] = (here[type] or type) .. " " .. name
    end
    return list
  end

  local function declared(list)
    local found = {}
    for parameter in list:gmatch("[^,]+") do
      local type, stars, name = parameter:match("^ ?(.-) ?(%**)([%w_]+) ?$")
      if parameter ~= "void" then found[#found + 1] = type .. stars .. " " .. name end
    end
    return found
  end

  local kinds = { client = true, ["fsp-export"] = true, ["callback-type"] = true }
  local count = 0
  for _, row in ipairs(helper.tsv("spec/reference/functions.tsv")) do
    local name = row["function"]
    local returns, list = prototype(name)
    if kinds[row.kind] and returns then
      count = count + 1
      it(name .. " has the documented types and parameters, in order", function()
        assert.same(documented(row), declared(list))
        assert.equal(here[row["return type"]] or row["return type"], returns)
      end)
      it(name .. " is not called absent", function()
        assert.is_nil(differences:match("Not declared in the headers.-\n\n")
          :match("%f[%w_]" .. name .. "%f[^%w_]"))
      end)
    elseif kinds[row.kind] and row.kind ~= "callback-type" then
      it(name .. " is called absent in docs/differences.md", function()
        assert.not_equal("client", row.kind)
        assert.truthy(differences:match("Not declared in the headers.-\n\n")
          :match("%f[%w_]" .. name .. "%f[^%w_]"))
      end)
    end
  end

  it("were found in the headers", function() assert.is_true(count > 40) end)
end)
