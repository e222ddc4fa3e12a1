-- SPDX-License-Identifier: MIT
-- Every function of lua/fax/meta/ with every argument, and every field of an
-- option table, replaced by what it should not be. The annotations say what
-- there is and what a type allows. All of it runs in one child, which a crash or
-- a call that does not return would end.
local annotations = require "spec.support.annotations"
local helper = require "spec.helper"

describe("hostile arguments:", function()
  local meta = annotations.read(".")
  local run, tried, bad = nil, {}, {}

  setup(function()
    local root, folder = helper.lines("pwd")[1], helper.folder()
    run = helper.run(("cd %s && FAX_DIRECTORY=%s/default timeout 300 env %s %s "
      .. "%s/spec/support/arguments.lua %s %s"):format(folder, folder, helper.environment(),
      helper.interpreter, root, root, folder))
    for line in run.out:gmatch("[^\n]+") do
      local name, count = line:match("^tried (%S+) (%d+)$")
      if name then
        tried[name] = tonumber(count)
      end
      local of, text = line:match("^bad (%S+) (.*)$")
      if of then
        bad[of] = bad[of] or {}
        table.insert(bad[of], text)
      end
    end
  end)

  teardown(helper.clean)

  it("none crashes, and none hangs", function()
    assert.equal(0, run.status, run.out:sub(-500) .. run.err)
    assert.matches("\ndone\n$", run.out)
  end)

  it("the service works after all of them", function()
    assert.matches("\ndelivered\n", run.out)
  end)

  for _, fn in ipairs(meta.functions) do
    it(fn.name .. " raises, fails or takes what its type allows", function()
      assert.is_truthy(tried[fn.name], fn.name .. " was not tried")
      local least = #fn.params + (fn.name:find(":") and 1 or 0)
      assert.is_true(tried[fn.name] >= 20 * least, fn.name .. " was hardly tried")
      assert.same({}, bad[fn.name] or {})
    end)
  end
end)
