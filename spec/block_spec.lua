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
    local within, ran, whole, tries = false, 0, true, 0
    local pause = collectgarbage("setpause", 10)
    -- How often one runs within a call is up to the size of the heap.
    repeat
      tries = tries + 1
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
    until tries >= 2000 and ran > 0 or tries == 200000
    collectgarbage("setpause", pause)
    assert.is_true(whole)
    assert.is_true(ran > 0)
  end)
end)
