-- SPDX-License-Identifier: MIT
-- fax.resty beside fax: whatever fax has is there, or is refused with the reason, so
-- that nothing new is forgotten.
local annotations = require "spec.support.annotations"
local fax = require "fax"
local helper = require "spec.helper"
local nginx = require "spec.support.nginx"
local send = require "fax.server.send"
local submission_of = require "fax.resty.submission"

-- The fields of a record as docs/protocol.md has them, which docs/protocol.lua made of
-- the code.
local function fields_of(record)
  local text, set = helper.read("docs/protocol.md"), {}
  local list = assert(text:match("\n### " .. record .. "\n\n(.-)\n\n"), record)
  for name in list:gmatch("\n| `([%w_]+)`") do
    set[name] = true
  end
  return set
end

-- An order with each option of send, of whatever value.
local function full_order(more)
  local checked = {}
  for key, kind in pairs(send.known) do
    checked[key] = kind == "number" and 1e9 or kind == "boolean" or kind == "string" and "1" or 1
  end
  checked.at, checked.discount = nil, nil
  for key, value in pairs(more) do
    checked[key] = value
  end
  return (send.order(checked, "spec", 1))
end

local function keys(...)
  local set = {}
  for i = 1, select("#", ...) do
    for key in pairs((select(i, ...))) do
      set[key] = true
    end
  end
  return set
end

describe("what fax.resty tells of a fax", function()
  it("is each member of a submission, and no other", function()
    local at, discount = full_order { at = 2e9 }, full_order { discount = true }
    at.files, at.document = { "a.pdf" }, {}
    local one, two = submission_of(at), submission_of(discount)
    one.document = 1 -- as the connection calls it
    assert.same(fields_of "submission", keys(one))
    assert.same(fields_of "FAX_JOB_PARAM", keys(one.params, two.params))
  end)
end)

describe("fax.resty beside fax", function()
  if not nginx.is_here() then
    pending("nginx and its Lua module are not installed: make deps")
    return
  end

  local web

  setup(function()
    web = nginx.start(1)
  end)

  teardown(function()
    web:stop()
    helper.tear_down()
  end)

  -- What the body says of each name, which is `name` there: a list of those for which
  -- it says something.
  local function ask(names, body)
    table.sort(names)
    local text = web:run(([[
      local found = {}
      for name in (%q):gmatch("%%S+") do
        local said = (function(name) %s end)(name)
        if said then
          table.insert(found, name .. ": " .. tostring(said))
        end
      end
      return table.concat(found, "\n")
    ]]):format(table.concat(names, " "), body))
    return text
  end

  local function annotated(pattern)
    local names = {}
    for _, fn in ipairs(annotations.read(".").functions) do
      names[#names + 1] = fn.name:match(pattern)
    end
    return names
  end

  it("has each name of the module, or says why not", function()
    local names = {}
    for name in pairs(fax) do
      names[#names + 1] = name
    end
    assert.is_true(#names > 15)
    assert.equal("", ask(names, [[
      local ok, value = pcall(function() return resty[name] end)
      if ok and value == nil then
        return "missing"
      elseif not ok and not value:find("^request:%d+: fax.resty has no '" .. name .. "': %l+ ") then
        return value
      end
    ]]))
    assert.equal("true", web:run("return resty.nothing == nil"))
  end)

  it("says of nothing that it is absent which fax has not", function()
    local absent = require "fax.resty.absent"
    for name in pairs(absent.fax) do
      assert.is_not_nil(fax[name], name)
    end
    local server = table.concat(annotated "^server:([%w_]+)$", " ") .. " "
    for name in pairs(absent.server) do
      assert.truthy(server:find(name .. " ", 1, true), name)
    end
  end)

  for kind, of in pairs {
    server = 'require("fax.resty.core").server_methods',
    port = 'require("fax.resty.core").port_methods',
    document = 'require("fax.resty.core").document_methods',
    job = 'require("fax.resty.share")("fax.job").methods',
    subscription = 'require("fax.resty.share")("fax.subscription").methods',
  } do
    it("has each method of fax." .. kind, function()
      local names = annotated("^" .. kind .. ":([%w_]+)$")
      assert.is_true(#names > 1)
      assert.equal("", ask(names, ("return type(%s[name]) ~= 'function' and 'missing'")
        :format(of)))
    end)
  end

  it("refuses the methods that are not there with the reason", function()
    assert.matches("^server:policy: not within nginx: .+\nERROR_NOT_SUPPORTED\n"
      .. "server:load_provider: not within nginx: .+\nERROR_NOT_SUPPORTED$", web:run [[
      local server = require("fax.resty.server").new { path = "/nowhere/fax.sock" }
      local _, one, first = server:policy(print)
      local _, two, second = server:load_provider { name = "x" }
      return table.concat({ one, first, two, second }, "\n")
    ]])
  end)

  it("takes each option of connect, or says why not", function()
    local names = {}
    for _, field in ipairs(annotations.read(".").classes["fax.connect_options"]) do
      names[#names + 1] = field.name
    end
    assert.is_true(#names > 30)
    assert.equal("directory: taken\nrights: taken\nsocket: taken\nuser: taken", ask(names, [[
      local ok, why = pcall(function() resty.connect { [name] = print } end)
      if ok or why:find("must be", 1, true) or why:find("name of a right", 1, true) then
        return "taken"
      elseif not why:find("^request:%d+: resty.connect: option '" .. name .. "': %l+ ") then
        return why
      end
    ]]))
  end)

  it("makes JSON as fax does", function()
    local code = [[
      local function try(value)
        local ok, said = pcall(json, value)
        return ok and said or "error"
      end
      return table.concat({ try { b = 1, a = { true, "x\"\n" }, c = {} }, try {}, try { {} },
        try(1767268800.123457), try(0.05), try(2 ^ 52), try(-3), try "\195\164", try(nil),
        try(1 / 0), try { [true] = 1 }, try(print) }, " ")
    ]]
    local expected = assert(load("local json = ...\n" .. code))(fax.json)
    assert.equal(expected, web:run("local json = resty.json\n" .. code))
    assert.equal('{"a":[]} "A\239\191\189" null', web:run [[
      return resty.json { a = resty.list {} } .. " " .. resty.json "A\255" .. " "
        .. resty.json(require("cjson").null)
    ]])
  end)
end)
