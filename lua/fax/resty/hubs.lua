-- SPDX-License-Identifier: MIT
-- The hubs of a worker (hub.lua): one for each server, and another one when it has
-- as many views as a connection may have subscriptions.

local hub = require "fax.resty.hub"

local hubs = {}

local by_path = {} -- lists

--- The hub of the server that whoever asks `at` is to join.
function hubs.of(loop, at)
  local list, room = by_path[at.path] or {}, nil
  by_path[at.path] = list
  for _, one in ipairs(list) do
    if one:has(at) then
      return one
    end
    room = room or one:has_room() and one
  end
  if not room then
    room = hub.new(loop, at.path)
    table.insert(list, room)
  end
  return room
end

--- The worker is to exit, and nobody waits in it.
function hubs.exit()
  for _, list in pairs(by_path) do
    for _, one in ipairs(list) do
      one:leave_worker()
    end
  end
end

return hubs
