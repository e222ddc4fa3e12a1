-- SPDX-License-Identifier: MIT
-- Holds the rules (spec/reference/rules.tsv) to the specs that name them and to
-- the reasons why some have none (docs/rules.tsv), and writes the section of
-- docs/conformance.md that tells both.
--   lua5.4 docs/rules.lua          writes it
--   lua5.4 docs/rules.lua --check  exit status 1 when it is stale, when a rule
--                                  has neither a spec nor a reason, or both, or
--                                  when a spec names a rule that does not exist
--
-- A spec names a rule in a comment or in the name of a test:
--   PORT-16                one
--   PORT-20..32            all from the first to the last
--   PORT-8, -10, -12..14   more of the family: after a comma and white space
-- Only spec/*_spec.lua and spec/c/*_test.c hold rules, and not in the comment at
-- their head, which may say what the file is about; what others name must exist.

local RULES, REASONS = "spec/reference/rules.tsv", "docs/rules.tsv"
local TARGET = "docs/conformance.md"
local BEGIN = "<!-- rules: made by docs/rules.lua, do not edit -->\n"
local END = "<!-- end of rules -->\n"

-- The kinds of reasons, in the order of their lists.
local kinds = {
  { name = "waits", head = "Not there yet" },
  { name = "none", head = "Nothing to run" },
  { name = "temporary", head = "Being specced: temporary" },
}

local complaints = {}
local function complain(...)
  complaints[#complaints + 1] = string.format(...)
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

--- rules: in their order, { id, family, number, title, specs }; by_id; families.
local function read_rules()
  local rules, by_id, families = {}, {}, {}
  for id, title in read(RULES):gmatch("([%u]+%-%d+)\t[^\t\n]+\t[^\t\n]+\t([^\n]+)\n") do
    local family, number = id:match("^(%u+)%-(%d+)$")
    local rule = { id = id, family = family, number = tonumber(number), title = title, specs = {} }
    rules[#rules + 1] = rule
    by_id[id] = rule
    if not families[family] then
      families[#families + 1] = family
      families[family] = true
    end
  end
  return rules, by_id, families
end

--- Calls found(id) for each rule that the text names.
local function each_id(text, families, found)
  local at = 1
  while true do
    local from, to, family, first = text:find("%f[%w](%u+)%-(%d+)", at)
    if not from then
      return
    end
    while first and families[family] do
      local last, after = text:match("^%.%.(%d+)()", to + 1)
      for number = tonumber(first), tonumber(last or first) do
        found(("%s-%d"):format(family, number))
      end
      to = last and after - 1 or to
      first, after = text:match("^,%s+%-(%d+)()", to + 1)
      to = first and after - 1 or to
    end
    at = to + 1
  end
end

local function without_head(text)
  text = text:gsub("^/%*.-%*/", "")
  while text:find("^%-%-") do
    text = text:gsub("^[^\n]*\n?", "")
  end
  return text
end

local function spec_files()
  local pipe = assert(io.popen("find spec -name '*.lua' -o -name '*.[ch]' | LC_ALL=C sort"))
  local list = pipe:read("*a")
  pipe:close()
  return list:gmatch("[^\n]+")
end

local function read_specs(by_id, families)
  for path in spec_files() do
    local name = path:match("^spec/c/([%w_]+_test)%.c$") or path:match("^spec/([%w_]+_spec)%.lua$")
    local seen = {}
    each_id(without_head(read(path)), families, function(id)
      local rule = by_id[id]
      if not rule then
        complain("%s names %s, which does not exist", path, id)
      elseif name and not seen[id] then
        seen[id] = true
        table.insert(rule.specs, name)
      end
    end)
  end
end

--- The rows of docs/rules.tsv; each rule without a spec gets its row.
local function read_reasons(by_id, families)
  local rows = {}
  for line in read(REASONS):gmatch("[^\n]+") do
    local which, kind, why = line:match("^([^\t]+)\t([^\t]+)\t([^\t]+)$")
    if which ~= "rules" then
      assert(kind == "waits" or kind == "none" or kind == "temporary", REASONS .. ": " .. line)
      local row = { kind = kind, why = why, rules = {} }
      rows[#rows + 1] = row
      each_id(which, families, function(id)
        local rule = by_id[id]
        if not rule then
          complain("%s names %s, which does not exist", REASONS, id)
        elseif rule.reason then
          complain("%s names %s twice", REASONS, id)
        elseif #rule.specs == 0 then
          rule.reason = row
          table.insert(row.rules, rule)
        elseif kind ~= "temporary" then
          complain("%s: %s has a spec (%s); its reason is out of date", REASONS, id,
            table.concat(rule.specs, ", "))
        end
      end)
    end
  end
  return rows
end

-- "PORT-8, -10, -12..14" of rules in their order.
local function shorten(rules)
  local parts, i = {}, 1
  while i <= #rules do
    local first, last = rules[i], rules[i]
    while rules[i + 1] and rules[i + 1].family == first.family
      and rules[i + 1].number == last.number + 1 do
      i = i + 1
      last = rules[i]
    end
    parts[#parts + 1] = (parts.family == first.family and "" or first.family) .. "-"
      .. first.number .. (last ~= first and ".." .. last.number or "")
    parts.family = first.family
    i = i + 1
  end
  return table.concat(parts, ", ")
end

local function write_counts(out, rules, families)
  out("| family | rules | with a spec | not there yet | nothing to run | being specced |\n"
    .. "|---|---|---|---|---|---|\n")
  local function row(name, belongs)
    local count = { all = 0, spec = 0, waits = 0, none = 0, temporary = 0, lost = 0 }
    for _, rule in ipairs(rules) do
      if belongs(rule) then
        local kind = #rule.specs > 0 and "spec" or rule.reason and rule.reason.kind or "lost"
        count.all, count[kind] = count.all + 1, count[kind] + 1
      end
    end
    out(("| %s | %d | %d | %d | %d | %d |\n"):format(name, count.all, count.spec, count.waits,
      count.none, count.temporary))
  end
  for _, family in ipairs(families) do
    row(family, function(rule) return rule.family == family end)
  end
  row("all", function() return true end)
end

local function write_reasons(out, rows)
  for _, kind in ipairs(kinds) do
    local listed = {}
    for _, row in ipairs(rows) do
      if row.kind == kind.name and #row.rules > 0 then
        listed[#listed + 1] = ("| %s | %s |\n"):format(shorten(row.rules), row.why)
      end
    end
    if #listed > 0 then
      out(("\n### %s\n\n| rules | why there is no spec |\n|---|---|\n%s"):format(kind.head,
        table.concat(listed)))
    end
  end
end

--- One row for rules that follow each other in the same files.
local function write_specs(out, rules, families)
  out("\n### Held by a spec\n\nA `_test` is in `spec/c`, a `_spec` in `spec`.\n")
  for _, family in ipairs(families) do
    local run, files = {}, nil
    local head = ("\n| %s | |\n|---|---|\n"):format(family)
    local function flush()
      if #run > 0 then
        out(head .. ("| %s | %s |\n"):format(shorten(run), files))
        head = ""
      end
      run = {}
    end
    for _, rule in ipairs(rules) do
      if rule.family == family and #rule.specs > 0 then
        local own = table.concat(rule.specs, ", ")
        if own ~= files or rule.number ~= run[#run].number + 1 then
          flush()
        end
        files = own
        run[#run + 1] = rule
      end
    end
    flush()
  end
end

local rules, by_id, families = read_rules()
read_specs(by_id, families)
local rows = read_reasons(by_id, families)
for _, rule in ipairs(rules) do
  if #rule.specs == 0 and not rule.reason then
    complain("%s (%s) has neither a spec nor a reason in %s", rule.id, rule.title, REASONS)
  end
end

local parts = {}
local function out(text) parts[#parts + 1] = text end
write_counts(out, rules, families)
write_reasons(out, rows)
write_specs(out, rules, families)

local text = read(TARGET)
local _, from = text:find(BEGIN, 1, true)
local to = text:find(END, 1, true)
assert(from and to, TARGET .. " has lost the marks of its section")
local made = text:sub(1, from) .. "\n" .. table.concat(parts) .. "\n" .. text:sub(to)

if arg and arg[1] == "--check" then
  if made ~= text then
    complain("%s is stale: run lua5.4 docs/rules.lua", TARGET)
  end
else
  local file = assert(io.open(TARGET, "wb"))
  assert(file:write(made))
  file:close()
end
if #complaints > 0 then
  io.stderr:write(table.concat(complaints, "\n"), "\n")
  os.exit(1)
end
