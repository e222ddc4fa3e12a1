-- SPDX-License-Identifier: MIT
-- The rules of dialling from Lua and from faxctl: docs/dialling.md.

local fax = require "fax"
local helper = require "spec.helper"

describe("rules of dialling", function()
  local folder

  before_each(function()
    folder = helper.folder()
  end)

  after_each(helper.tear_down)

  local function connect(dialling)
    return helper.connect { directory = folder, loopback = { lines = 3 }, dialling = dialling }
  end

  local german = { country = "49", international = "00", national = "0",
    groups = { odd = { "loopback 1", "loopback 3" }, all = { "loopback" } },
    routes = { { prefix = "+49", group = "all" }, { prefix = "+49 30", group = "odd" },
      { prefix = "10" } },
    blocked = { "0900 12345", "+882*" } }

  it("say what becomes of a number", function()
    local server = connect(german)
    local ports = assert(server:ports())
    german.groups.odd = { ports[1].device_name, ports[3].device_name }
    assert(fax.service.stop())
    server = connect(german)
    local plan = assert(server:dial_plan("030 / 12 34 56"))
    assert.same({ "030 / 12 34 56", "+4930123456", "+4930", "odd", 0, 0 }, { plan.number,
      plan.normal, plan.prefix, plan.group, plan.calls, plan.most_calls })
    assert.is_nil(plan.blocked_by)
    assert.same({ ports[1].device_id, ports[3].device_id },
      { plan.ports[1].device_id, plan.ports[2].device_id })
    assert.is_true(plan.ports[1].sends)
    assert.equal(3, #assert(server:dial_plan("0049 89 123456")).ports)
    plan = assert(server:dial_plan("102"))
    assert.same({ "102", "10" }, { plan.normal, plan.prefix })
    assert.is_nil(plan.group)
    assert.equal("+882*", assert(server:dial_plan("+882 1234567")).blocked_by)
  end)

  it("keep a fax from a blocked number", function()
    local server = connect(german)
    local job, why, code = server:send(helper.tiff(folder), { to = "+49 900 12345" })
    assert.same({ "ERROR_FAX_BLOCKED" }, { job or code })
    assert.matches("the block list has \"0900 12345\"", why, 1, true)
  end)

  it("are checked, and the key is named", function()
    local function refused(text, dialling)
      local ok, why = pcall(fax.connect, { directory = folder, dialling = dialling })
      assert.is_false(ok)
      assert.matches(text, why, 1, true)
    end
    refused("dialling: unknown option 'county', did you mean 'country'?", { county = "49" })
    refused("groups.a must be a list of strings", { groups = { a = "line 1" } })
    refused("routes[2]: unknown option 'to'", { routes = { { prefix = "1" }, { to = "x" } } })
    refused("dialling: blocked must be a list of strings", { blocked = "110" })
    local function no_start(text, dialling)
      local none, why, code = fax.connect { directory = folder, dialling = dialling }
      assert.is_nil(none)
      assert.equal("ERROR_INVALID_PARAMETER", code)
      assert.matches(text, why, 1, true)
    end
    no_start('dialling.country is "0"', { country = "0" })
    no_start('dialling.routes[1].group: there is no group "x"',
      { routes = { { prefix = "1", group = "x" } } })
    no_start("dialling.groups.x has no ports", { groups = { x = {} } })
  end)
end)

describe("faxctl dial", function()
  local folder

  before_each(function()
    folder = helper.folder()
  end)

  after_each(helper.clean)

  local function faxctl(arguments)
    return helper.run(("env %s %s lua/bin/faxctl dial --directory %s/state %s"):format(
      helper.environment(), helper.interpreter, folder, arguments))
  end

  it("tells of a number by the rules of a file", function()
    local rules = helper.write(folder .. "/rules.lua",
      '{ country = "44", national = "0", blocked = { "0900*", "+44 9*" } }')
    local done = faxctl(("'020 7946 0018' --dialling %s"):format(rules))
    assert.equal(0, done.status, done.err)
    assert.matches("normal form  +442079460018", done.out, 1, true)
    assert.matches("port group   any port", done.out, 1, true)
    assert.matches("blocked      no", done.out, 1, true)
    done = faxctl(("'0900 123456' --dialling %s"):format(rules))
    assert.equal(1, done.status)
    assert.matches("blocked      yes, by +44 9*", done.out, 1, true)
    done = faxctl("102 --json")
    assert.equal(0, done.status, done.err)
    assert.matches('"normal":%s*"102"', done.out)
  end)

  it("says what is wrong with a file, and runs nothing of it", function()
    for text, why in pairs {
      ["{ country = "] = "rules.lua:1",
      ["os.exit(0)"] = "rules.lua",
      ["42"] = "not a table",
      ['{ county = "49" }'] = "did you mean 'country'?",
      ['{ country = "x" }'] = "dialling.country",
    } do
      local done = faxctl("102 --dialling " .. helper.write(folder .. "/rules.lua", text))
      assert.equal(1, done.status)
      assert.matches(why, done.err, 1, true)
    end
    assert.equal(1, faxctl("102 --dialling " .. folder .. "/none").status)
    assert.equal(2, faxctl("").status)
  end)
end)
