-- SPDX-License-Identifier: MIT
-- Deliveries that wait, of each hook: the one that is due first comes first.

local queue = {}

local of = {} -- hook -> list

--- Adds one; the same again is the same.
function queue.put(one)
  local list = of[one.hook] or {}
  of[one.hook] = list
  for i = 1, #list do
    if list[i].id == one.id then
      return
    end
  end
  list[#list + 1] = one
end

function queue.remove(one)
  local list = of[one.hook] or {}
  for i = 1, #list do
    if list[i].id == one.id then
      table.remove(list, i)
      return
    end
  end
end

function queue.count(hook)
  return #(of[hook] or {})
end

--- nil: none waits.
function queue.first(hook)
  local first
  for _, one in ipairs(of[hook] or {}) do
    if not first or one.next < first.next then
      first = one
    end
  end
  return first
end

--- All that wait.
function queue.all()
  local all = {}
  for _, list in pairs(of) do
    for _, one in ipairs(list) do
      all[#all + 1] = one
    end
  end
  return all
end

--- Takes all of a hook.
function queue.clear(hook)
  local list = of[hook] or {}
  of[hook] = nil
  return list
end

--- Takes those of hooks that are not among these.
function queue.keep_only(hooks)
  local gone = {}
  for id in pairs(of) do
    if not hooks[id] then
      for _, one in ipairs(queue.clear(id)) do
        gone[#gone + 1] = one
      end
    end
  end
  return gone
end

return queue
