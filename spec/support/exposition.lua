-- SPDX-License-Identifier: MIT
-- Checks a text against the exposition format of Prometheus, 0.0.4, and the
-- habits that go with it, as promtool does: gives the samples by family, or
-- raises what is wrong in which line.

local exposition = {}

-- A label's text up to its closing quote: the text without its escapes, and
-- where it goes on.
local function read_text(line, at)
  local text = {}
  while true do
    local plain, stop = line:match('^([^"\\\n]*)()', at)
    text[#text + 1] = plain
    local c = line:sub(stop, stop)
    if c == '"' then
      return table.concat(text), stop + 1
    end
    local escaped = ({ ['\\\\'] = "\\", ['\\"'] = '"', ["\\n"] = "\n" })[line:sub(stop, stop + 1)]
    assert(escaped, "a label's text is not closed, or has an unknown escape")
    text[#text + 1] = escaped
    at = stop + 2
  end
end

local function read_labels(line, at)
  local labels, keys = {}, {}
  repeat
    local name, after = line:match('^([%a_][%w_]*)="()', at)
    assert(name, "a label expected")
    assert(not name:find("^__"), "the label's name is reserved")
    assert(labels[name] == nil, "a label comes twice")
    labels[name], at = read_text(line, after)
    keys[#keys + 1] = name
    local c = line:sub(at, at)
    assert(c == "," or c == "}", "a comma or a brace expected")
    at = at + 1
  until c == "}"
  table.sort(keys)
  local key = {}
  for i, name in ipairs(keys) do
    key[i] = ("%s=%q"):format(name, labels[name])
  end
  return labels, at, table.concat(key, ",")
end

local function read_value(text)
  local value = text:match("^ (%S+)$")
  local special = { NaN = 0 / 0, ["+Inf"] = math.huge, ["-Inf"] = -math.huge }
  value = special[value] or tonumber(value)
  assert(value, "a value, and nothing behind it, expected")
  return value
end

local function read_sample(line, family, seen)
  local name, at = line:match("^([%a_:][%w_:]*)()")
  assert(name, "a name expected")
  assert(family and name == family.name, "the sample is not of the family above it")
  local labels, key = {}, ""
  if line:sub(at, at) == "{" then
    labels, at, key = read_labels(line, at + 1)
  end
  local value = read_value(line:sub(at))
  assert(not seen[name .. key], "the sample comes twice")
  seen[name .. key] = true
  if family.kind == "counter" then
    assert(value >= 0, "a counter is below zero")
  end
  table.insert(family.samples, { labels = labels, value = value })
end

local units = { "milliseconds", "minutes", "hours", "kilobytes", "percent" }

local function check_name(family)
  local name = family.name
  assert(name:find("^fax_[%l%d_]*[%l%d]$"), "the name is not one of ours")
  assert((family.kind == "counter") == (name:find("_total$") ~= nil),
    "counters, and only they, end in _total")
  for _, unit in ipairs(units) do
    assert(not name:find(unit, 1, true), "the unit is no base unit")
  end
end

local function read_line(line, state)
  local name, help = line:match("^# HELP (%S+) (.+)$")
  if name then
    assert(not state.families[name], "the family comes twice")
    assert(help:find("%.$"), "the help is no sentence")
    state.family = { name = name, help = help, samples = {} }
    state.families[name] = state.family
    return
  end
  local typed, kind = line:match("^# TYPE (%S+) (%l+)$")
  if typed then
    local family = state.family
    assert(family and family.name == typed and not family.kind, "TYPE without its HELP")
    assert(kind == "counter" or kind == "gauge", "an unknown kind")
    family.kind = kind
    check_name(family)
    return
  end
  assert(line:sub(1, 1) ~= "#", "an unknown comment")
  assert(state.family and state.family.kind, "a sample without a TYPE")
  read_sample(line, state.family, state.seen)
end

--- name -> { name, help, kind, samples = { { labels =, value = } ... } }
function exposition.read(text)
  local state = { families = {}, seen = {} }
  assert(text:sub(-1) == "\n", "the last line has no end")
  for line in text:gmatch("([^\n]*)\n") do
    local ok, why = pcall(read_line, line, state)
    if not ok then
      error(("%s: %s"):format(line, why), 2)
    end
  end
  return state.families
end

--- The value of the sample with exactly these labels; nil: there is none.
function exposition.value(families, name, labels)
  local family = assert(families[name], name)
  for _, sample in ipairs(family.samples) do
    local same = true
    for key, text in pairs(sample.labels) do
      same = same and (labels or {})[key] == text
    end
    for key in pairs(labels or {}) do
      same = same and sample.labels[key] ~= nil
    end
    if same then
      return sample.value
    end
  end
end

return exposition
