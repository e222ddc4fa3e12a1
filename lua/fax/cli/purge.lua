-- SPDX-License-Identifier: MIT
-- Which faxes of the archive go, and their removal, for faxctl archive purge.

local common = require "fax.cli.common"

local purge = {}

-- The oldest of a list, until the rest has no more bytes than that.
local function over(list, keep)
  local bytes, going = 0, {}
  for _, one in ipairs(list) do
    bytes = bytes + one.bytes
  end
  table.sort(list, function(a, b)
    return a.time < b.time or (a.time == b.time and a.id < b.id)
  end)
  for _, one in ipairs(list) do
    if bytes <= keep then
      break
    end
    bytes = bytes - one.bytes
    going[#going + 1] = one
  end
  return going
end

local function before(given)
  return given.older_than and os.time() - given.older_than
end

local function by_limits(server, given)
  local all, why, code = server:archive { folder = given.folder }
  if not all then
    return nil, why, code
  end
  local going, rest, time = {}, {}, before(given)
  for _, one in ipairs(all) do
    table.insert(time and one.time < time and going or rest, one)
  end
  for _, one in ipairs(given.keep_bytes and over(rest, given.keep_bytes) or {}) do
    going[#going + 1] = one
  end
  return going
end

--- What would go: of the ids, or, without any, by age and size.
function purge.chosen(server, given, ids)
  if #ids == 0 then
    return by_limits(server, given)
  end
  local going = {}
  for _, id in ipairs(ids) do
    going[#going + 1] = (server:archived(id))
  end
  return going
end

--- Removes it and says how many; gives the exit status.
function purge.remove(server, given, to, ids)
  local removed, why, code
  if #ids > 0 then
    removed, why, code = server:remove_archived(ids)
  else
    removed, why, code = server:purge_archive {
      folder = given.folder,
      before = before(given),
      keep_bytes = given.keep_bytes,
    }
  end
  if not removed then
    return common.fail(to, why, code)
  end
  to.out:write(("removed: %d faxes\n"):format(removed))
  return 0
end

return purge
