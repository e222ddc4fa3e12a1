-- SPDX-License-Identifier: MIT
-- The box that holds a block of the library while its table is made is used
-- again and again, also by a finaliser that runs in the middle of that.
local helper = require "spec.helper"

describe("the block of a call", function()
  local server

  before_each(function()
    server = helper.connect { loopback = { lines = 4 } }
  end)

  after_each(function()
    server:close()
    helper.tear_down()
  end)

  local function with_finaliser(fn)
    if rawget(_G, "newproxy") then
      getmetatable(newproxy(true)).__gc = fn -- luacheck: ignore newproxy
    else
      setmetatable({}, { __gc = fn })
    end
  end

  local function is_whole(ports)
    return #ports == 4 and ports[1].device_name ~= ports[4].device_name
  end

  it("is not another one's when a finaliser asks in between", function()
    local within, ran, whole = false, 0, true
    local pause = collectgarbage("setpause", 10)
    for _ = 1, 2000 do
      with_finaliser(function()
        if within then
          ran = ran + 1
          whole = whole and is_whole(server:ports())
        end
      end)
      within = true
      local ports = server:ports()
      within = false
      whole = whole and is_whole(ports)
    end
    collectgarbage("setpause", pause)
    assert.is_true(whole)
    assert.is_true(ran > 0)
  end)
end)
