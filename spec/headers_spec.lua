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
  JT_BROADCAST = true, DRT_MSGBOX = true, DRT_GRP_PARENT = true, DRT_ATTACH_FAX = true, FPS_UNKNOWN = true,
  ERROR_BAD_DB = true,
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
  local function prototype(name)
    return windows:gsub("/%*.-%*/", ""):match(
      "%f[%w_]" .. name .. "%((.-)%);")
  end
  for _, row in ipairs(helper.tsv("spec/reference/functions.tsv")) do
    local kind = row.kind
    if kind == "client" or kind == "fsp-export" then
      local name = row["function"]
      local found = prototype(name)
      if found then
        it(name .. " takes the documented parameters", function()
          local at = 1
          for parameter in row.parameters:gmatch("([%w_]+):[^;]*") do
            local first, last = found:find("%f[%w_]" .. parameter .. "%f[^%w_]", at)
            assert.truthy(first, parameter)
            at = last
          end
          assert.is_nil(differences:match("Not there yet.*%f[%w_]" .. name ..
            "%f[^%w_][,.]"))
        end)
      else
        it(name .. " is called absent in docs/differences.md", function()
          assert.truthy(differences:match("Not there yet.*%f[%w_]" .. name))
        end)
      end
    end
  end
end)
