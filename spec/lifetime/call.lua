-- SPDX-License-Identifier: MIT
-- call.lua PACE DOCUMENT, run by embed: returns with a call under way.
local stage = dofile "spec/lifetime/stage.lua"

stage.call(arg[1], arg[2])
