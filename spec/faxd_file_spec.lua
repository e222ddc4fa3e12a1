-- SPDX-License-Identifier: MIT
-- The file of faxd: where its settings stand, what it can reach, what is wrong.
local file = require "fax.daemon.file"
local scan = require "fax.daemon.scan"
local show = require "fax.daemon.show"

describe("the lines of a configuration", function()
  local function line(text, path)
    return scan.find(scan.lines(text), path)
  end

  it("are found in nested constructors", function()
    local text = table.concat({
      "-- idle = 1 is no setting here",
      "--[==[ nor",
      "idle = 2 ]==]",
      'directory = "a = {" -- }',
      "providers = { -- {",
      "  { name = 'one', options = {",
      "      [ 'x' ] = 1; y = 2,",
      "    } },",
      "  --[[ }, ]] { name = [[two",
      "}]],",
      "    calls = (function(a, b) return a, { b } end)(3,",
      "      4), isolate =",
      "      false",
      "  },",
      "}",
      'ports = { ["a b"] = { rings = 1 },',
      '  c = { rings = 2 } }',
    }, "\n")
    for path, wanted in pairs {
      directory = 4, providers = 5, ["providers[1]"] = 6, ["providers[1].name"] = 6,
      ["providers[1].options.x"] = 7, ["providers[1].options.y"] = 7,
      ["providers[2]"] = 9, ["providers[2].name"] = 9, ["providers[2].calls"] = 11,
      ["providers[2].isolate"] = 12, ['ports["a b"].rings'] = 16, ["ports.c.rings"] = 17,
    } do
      assert.equal(wanted, line(text, path), path)
    end
    assert.is_nil(line(text, "idle"))
  end)

  it("are those of the setting for what is computed", function()
    local text = "local n = { idle = 1 }\nfor i = 1, 3 do n[i] = { name = 'x' } end\n"
      .. "providers =\n  n"
    assert.equal(3, line(text, "providers[2].name"))
    assert.is_nil(line(text, "i"))
    assert.is_nil(line(text, "idle"))
  end)

  it("are found in what is cut short", function()
    for _, text in ipairs { "a = {", "a = { b = ", "a = { [1", "a = '", "a = [[", "--[[", "a",
      "a =", "= {", "}", "a = { [", "a = { b = { c = 1 }" } do
      assert.is_table(scan.lines(text))
    end
  end)
end)

describe("a configuration", function()
  local function found(text)
    local settings, list = file.parse(text)
    assert.is_nil(settings)
    local texts = {}
    for i, one in ipairs(list) do
      texts[i] = ("%s: %s"):format(one.line or "-", one.text)
    end
    return table.concat(texts, "\n")
  end

  it("can compute", function()
    local settings = assert(file.parse([[
      local lines = {}
      for i = 1, 2 do lines[i] = ("loopback line %d"):format(i) end
      ports = {}
      for _, name in ipairs(lines) do ports[name] = { rings = math.max(1, 2) } end
      drain = 10 * 60
      directory = os.getenv("HOME") and "/a" or "/b"
    ]]))
    assert.equal(600, settings.drain)
    assert.same({ rings = 2 }, settings.ports["loopback line 2"])
    assert.matches('%["loopback line 1"%] = { rings = 2 }', show.text(settings))
  end)

  it("reaches nothing but that, and changes nothing outside", function()
    for _, name in ipairs { "io", "require", "load", "loadstring", "dofile", "debug", "package",
      "_G", "getmetatable", "setmetatable", "rawset", "coroutine", "print", "pcall",
      "collectgarbage", "getfenv", "setfenv", "jit", "ffi" } do
      assert.matches("'" .. name .. "' has no value here", found("drain = " .. name))
    end
    assert.matches("dump", found("drain = string.dump(function() end)"))
    assert.matches("execute", found("os.execute('true')"))
    assert.matches("unknown setting 'string'", found("string.format = nil\nstring = {}"))
    assert.equal("1", ("%d"):format(1))
    assert.is_function(table.insert)
  end)

  it("is text, that sets and gives nothing back, and ends", function()
    assert.matches("compiled Lua", found(string.dump(function() end)))
    assert.matches("returns a value", found("return { drain = 1 }"))
    assert.matches("does not come to an end", found("repeat until false"))
    assert.matches("too much memory",
      found("local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1e5) .. i end"))
    assert.matches("^1: .*near", found("drain 5"))
    assert.matches("^2: attempt", found("\ndrain = nil + 1"))
    assert.matches("^-: .*table", found("error({})"))
  end)

  it("has each provider once, and a socket's name that is one", function()
    local twice = found("providers = {\n{ name = 'loopback' },\n{ name = 'loopback' } }")
    assert.equal("3: providers[2]: a provider 'loopback' is there already", twice)
    assert.matches("^1: socket is longer", found(("socket = '/%s'"):format(("x"):rep(107))))
    assert.matches("^1: socket must be a full path", found("socket = 'fax.sock'"))
    assert.matches("^1: directory is too long for the socket in it; set `socket`",
      found(("directory = '/%s'"):format(("x"):rep(98))))
    assert.is_table(file.parse(("directory = '/%s'"):format(("x"):rep(97))))
    assert.is_table(file.parse(("directory = '/%s' socket = ''"):format(("x"):rep(98))))
    assert.is_table(file.parse("socket = ''"))
  end)

  it("is wrong where lists and tables are not what they should be", function()
    assert.equal("1: providers must be a table, not a number", found("providers = 1"))
    assert.matches("a list has no key 'name'", found("providers = { name = 'loopback' }"))
    assert.matches("ports: a name expected, not 1", found("ports = { { rings = 1 } }"))
    assert.matches("unknown setting 'limits%[1%]'", found("limits = { 5 }"))
    assert.equal('1: ports.a.rings must be a whole number from 0 to 99',
      found("ports = { a = { rings = 100 } }"))
    assert.matches("'rights' is missing", found("access = { { user = 'a' } }"))
  end)
end)
