-- SPDX-License-Identifier: MIT
-- render.lua DOCUMENT HOW: turns a document that never ends into pages, in the
-- main thread of Lua or in a coroutine, until it is interrupted.
local stage = dofile "spec/lifetime/stage.lua"
local fax = require "fax"

local path, how = arg[1], arg[2]

local function render()
  stage.say("rendering")
  return fax.render(path, { time_limit = 100 })
end

local _, why = pcall(how == "coroutine" and coroutine.wrap(render) or render)
stage.say(tostring(why))
