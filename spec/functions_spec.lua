-- SPDX-License-Identifier: MIT
-- Holds docs/functions.md to the headers and to the module, the annotations to
-- the module, and docs/lua.md to the annotations.
local annotations = require "spec.support.annotations"
local core = require "fax.core"
local fax = require "fax"
local helper = require "spec.helper"
local job = require "fax.job"

local loop = assert(fax.new_loop())
local device = require "fax.provider.device"
local operation = require "fax.operation"
local provider = require "fax.provider"
local subscription = require "fax.subscription"
local terminal = require "fax.t30.terminal"

-- Where the methods of a name in the documents are.
local places = {
  fax = fax,
  ["fax.service"] = fax.service,
  ["fax.fsp"] = fax.fsp,
  ["fax.clock"] = fax.clock,
  ["fax.t30"] = fax.t30,
  service = fax.service,
  fsp = fax.fsp,
  clock = fax.clock,
  t30 = fax.t30,
  server = core.server_methods,
  port = core.port_methods,
  document = core.document_methods,
  job = job.methods,
  loop = getmetatable(loop).__index,
  subscription = subscription.methods,
  policy = require("fax.server.decide").methods,
  provider = provider.methods,
  device = device.methods,
  operation = operation.methods,
  terminal = terminal.methods,
  audio = terminal.audio,
  t38 = terminal.t38,
  udptl = core.udptl_methods,
}
loop:close()

local function find(form)
  local place, name = form:match("^(.+)[.:]([%w_]+)$")
  return places[place] and places[place][name]
end

local function declared()
  local names = {}
  for _, header in ipairs(helper.lines("ls src/include/fax/*.h")) do
    local text = helper.read(header):gsub("/%*.-%*/", "")
    for declaration in text:gmatch("FAX_EXPORT([^;{]*)") do
      local name = declaration:match("(Fax[%w]+)%s*%(") or declaration:match("(fax_[%w_]+)%s*%(")
      if name then
        names[name] = true
      end
    end
    for name in text:gmatch("WINAPI%s+(FaxDev%w+)%(") do
      names[name] = true
    end
  end
  return names
end

describe("docs/functions.md", function()
  local rows = {}
  for line in io.lines("docs/functions.md") do
    local name, form = line:match("^| `([%w_]+)` | (.+) |$")
    if name then
      rows[name] = form
    end
  end

  it("has every function of the public headers, and no other", function()
    local names, count = declared(), 0
    for name in pairs(names) do
      count = count + 1
      assert.is_truthy(rows[name], name .. " is missing in docs/functions.md")
    end
    for name in pairs(rows) do
      assert.is_true(names[name], name .. " is in no public header")
    end
    assert.is_true(count > 60)
  end)

  it("names forms that exist, or a reason", function()
    for name, form in pairs(rows) do
      if form:find("^none") then
        assert.matches("^none: %w+", form, name)
      else
        local first = form:match("^`([%w_.:]+)`")
        assert.is_function(find(first), name .. ": " .. tostring(first))
      end
    end
  end)
end)

describe("lua/fax/meta", function()
  local functions = {}
  for _, fn in ipairs(annotations.read(".").functions) do
    functions[fn.name:gsub(":", ".")] = true
  end

  it("describes functions that exist", function()
    for name in pairs(functions) do
      assert.is_function(find(name), name)
    end
  end)

  it("describes every public function", function()
    for _, name in ipairs { "fax", "service", "fsp", "clock", "server", "port", "document", "job",
      "loop", "subscription", "policy", "provider", "device", "operation", "t30", "terminal",
      "audio", "t38", "udptl" } do
      for key, value in pairs(places[name]) do
        if type(value) == "function" and key:sub(1, 1) ~= "_" then
          assert.is_true(functions[name .. "." .. key], name .. "." .. key)
        end
      end
    end
  end)

  it("parses under the grammar of 5.1", function()
    for _, path in ipairs(annotations.files(".")) do
      assert.is_function(assert(loadfile(path)))
    end
  end)

  it("is in docs/lua.md, every file of it", function()
    local page = helper.read("docs/lua.md")
    for _, path in ipairs(annotations.files(".")) do
      for class in helper.read(path):gmatch("@class ([%w_.]+)") do
        assert.is_truthy(page:find("\n## " .. class .. "\n", 1, true), class)
      end
    end
  end)

  it("is what docs/lua.md was made of", function()
    assert.equal("0", helper.lines(helper.interpreter
      .. " docs/generate.lua --check; echo $?")[1])
  end)
end)

describe("every file of the module", function()
  it("is short", function()
    for _, path in ipairs(helper.lines("find lua -name '*.lua'")) do
      local lines = select(2, helper.read(path):gsub("\n", "\n"))
      assert.is_true(lines <= 250, path)
    end
  end)

  it("parses in both Luas", function()
    for _, path in ipairs(helper.lines("find lua examples docs spec -maxdepth 3 -name '*.lua'")) do
      assert.is_function(assert(loadfile(path)))
    end
  end)
end)
