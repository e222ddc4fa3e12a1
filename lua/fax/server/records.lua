-- SPDX-License-Identifier: MIT
-- The records of attempts through a server handle, page by page.

local core = require "fax.core"
local options = require "fax.options"

local Server = core.server_methods

-- So many are in memory at a time.
local PAGE = 500

local known = {
  after = "number",
  before = "number",
  number = "string",
  direction = { sent = 1, received = 2 },
  device = "whole",
  cause = "string",
  job = "whole",
  user = "string",
  order = { oldest = 0, newest = 1, written = 2, latest = 3 },
  limit = "whole",
  uncalled = "boolean",
  cursor = function(value, what, key, level)
    if type(value) ~= "string" or not value:match("^%d+%-%d+%-%d+%-%d+$") then
      error(("%s: %s must be the cursor of an earlier call"):format(what, key), level + 1)
    end
    return value
  end,
}

-- A device or job 0 is any for FaxEnumRecords; here it is one that is not there.
local function finds_nothing(query)
  return query.device == 0 or query.job == 0 or query.limit == 0
end

-- Pages of the query, each a list and one of cursors; nil: there are no more.
local function pages(server, query)
  local left, over = query.limit or math.huge, false
  return function()
    if over then
      return nil
    end
    query.limit = math.min(left, PAGE)
    local list, cursors, code = server:_records(query)
    if not list then
      return nil, cursors, code
    end
    left = left - #list
    query.cursor = cursors[#list] or query.cursor
    over = #list < query.limit or left == 0
    return list, cursors
  end
end

--- FaxEnumRecords: iterates over the records that the query finds. Gives each
--- with the cursor behind it.
function Server:records(given)
  local query = options.check(given, known, "server:records", 2)
  if finds_nothing(query) then
    self:closed() -- raises for what is no server
    return function() end
  end
  local turn, at = pages(self, query), 0
  local list, cursors, code = turn()
  if not list then
    return nil, cursors, code
  end
  return function()
    if list and at == #list then
      local failure, name
      list, cursors, name = turn()
      at, failure = 0, cursors
      if not list and failure then
        error(("server:records: %s (%s)"):format(failure, name), 2)
      end
    end
    if not list or #list == 0 then
      return nil
    end
    at = at + 1
    return list[at], cursors[at]
  end
end

return { methods = Server }
