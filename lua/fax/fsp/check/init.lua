-- SPDX-License-Identifier: MIT
-- The check of providers in Lua: runs the cases, and gives the lines as
-- fax-fsp-check prints them for one in C. Used by fax.fsp.check.

local core = require "fax.core"
local document = require "fax.cli.document"
local process = require "fax.fsp.check.process"
local rules = require "fax.fsp.check.rules"

local check = {}

-- How many pages the faxes have that these cases send.
local function pages_of(selected, order)
  local pages = {}
  for _, one in ipairs(selected) do
    if one.case.pages and (order.number or order.bad_number) then
      pages[one.case.pages], pages[1] = true, true
    end
  end
  return pages
end

-- The faxes to send, as TIFF/F: pages -> path, or nil, why, code.
local function make_documents(folder, needed)
  local made = {}
  for pages in pairs(needed) do
    local source = ("%s/%d.pdf"):format(folder, pages)
    local file = assert(io.open(source, "wb"))
    file:write(document.pdf(pages))
    file:close()
    made[pages] = ("%s/%d.tif"):format(folder, pages)
    local ok, why, code = core.render { files = { source }, output = made[pages] }
    if not ok then
      return nil, why, code
    end
  end
  return made
end

local function add(list, order, one)
  list[#list + 1] = one
  list.failed = list.failed + (one.result == "fail" and 1 or 0)
  if order.each then
    order.each(one)
  end
end

local function missing(case, order)
  if case.number and not order.number then
    return "give it --number"
  elseif case.bad_number and not order.bad_number then
    return "give it --bad-number"
  end
end

-- Of the rules the first break is kept.
local function note(known, case, found)
  for rule, one in pairs(found) do
    if not known[rule] or one.broken and not known[rule].broken then
      known[rule] = { broken = one.broken,
        why = one.why and ("%s (in \"%s\")"):format(one.why, case.title) }
    end
  end
end

-- Why the rest makes no sense, or those that dial.
local function barrier_after(case, found)
  if found.result ~= "fail" or not (case.needed or found.dead) then
    return nil
  end
  local why = ('after the failure of "%s"'):format(case.title)
  return { why = why, number = case.number and not found.dead }
end

local function run_cases(list, order, selected, runner)
  local known, barrier = {}, nil
  for _, one in ipairs(selected) do
    local case = one.case
    local line = { rule = case.rule, title = case.title, result = "skip" }
    line.why = missing(case, order)
      or barrier and (case.number or not barrier.number) and barrier.why or nil
    if not line.why then
      local found = runner(one.index)
      line.result, line.why = found.result, found.why
      note(known, case, found.rules)
      barrier = barrier or barrier_after(case, found)
    end
    add(list, order, line)
  end
  return known
end

local function tell_rules(list, order, known)
  for _, rule in ipairs(rules) do
    local one = known[rule[1]]
    if not order.only or one and one.broken then
      add(list, order, { rule = rule[2], title = rule[3],
        result = not one and "skip" or one.broken and "fail" or "ok",
        why = not one and "it did not come to that" or one.broken and one.why or nil })
    end
  end
end

local function select_cases(only)
  local selected = {}
  for index, case in ipairs(require "fax.fsp.check.cases") do
    if not only or case.rule == only or case.title:find(only, 1, true) then
      selected[#selected + 1] = { index = index, case = case }
    end
  end
  return selected
end

local function all(order, folder, selected)
  local why, code
  order.documents, why, code = make_documents(folder, pages_of(selected, order))
  if not order.documents then
    return nil, why, code
  end
  local runner
  if order.factory then
    runner = require "fax.fsp.check.here"(order)
  else
    runner = process.runner({ path = order.path, options = order.options,
      number = order.number, bad_number = order.bad_number, limit = order.limit,
      call_limit = order.call_limit, abort_limit = order.abort_limit, clock = order.clock,
      documents = order.documents }, folder)
  end
  local list = { failed = 0 }
  tell_rules(list, order, run_cases(list, order, selected, runner))
  list.passed = list.failed == 0
  return list
end

--- Runs all that `order.only` selects: the list, or nil, why, code.
function check.run(order)
  local selected = select_cases(order.only)
  if #selected == 0 then
    return nil, ("there is no case of \"%s\""):format(order.only), "ERROR_INVALID_PARAMETER"
  end
  local folder, why, code = process.folder()
  if not folder then
    return nil, why, code
  end
  local list
  list, why, code = all(order, folder, selected)
  process.clean(folder)
  return list, why, code
end

return check
