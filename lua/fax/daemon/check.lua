-- SPDX-License-Identifier: MIT
-- Checks settings against a description, and finds all that is wrong, not only the
-- first. A node of a description is a kind of fax.options, { fields = { key = node },
-- needs = { keys } }, { list = node } or { map = node }.

local options = require "fax.options"
local scan = require "fax.daemon.scan"

local check = {}

local function tell(found, path, text)
  found[#found + 1] = { path = path, text = text }
end

local function keys_of(value)
  local keys = {}
  for key in pairs(value) do
    keys[#keys + 1] = key
  end
  table.sort(keys, function(a, b)
    if type(a) == type(b) and (type(a) == "string" or type(a) == "number") then
      return a < b
    end
    return type(a) < type(b)
  end)
  return keys
end

-- What fax.options says, without the place of that.
local function leaf(value, kind, path, found)
  local name = path ~= "" and path or "the file"
  local ok, why = pcall(options.argument, value, kind, "\1", name, 0)
  if not ok then
    why = tostring(why):match("\1: (.*)$") or tostring(why)
    local inner = why:match("unknown option '([^']*)'") or why:match("^([%a_][%w_]*) must be")
    tell(found, inner and scan.path(path, inner) or path, (why:gsub("\1: ", "")))
  end
end

local node

local function fields(value, known, needs, path, found)
  for _, key in ipairs(keys_of(value)) do
    local kind = known[key]
    local inner = scan.path(path, key)
    if kind ~= nil then
      node(value[key], kind, inner, found)
    else
      local near = type(key) == "string" and options.nearest(key, known)
      tell(found, inner, ("unknown setting '%s'%s"):format(inner,
        near and (", did you mean '%s'?"):format(near) or ""))
    end
  end
  for _, key in ipairs(needs or {}) do
    if value[key] == nil then
      tell(found, path, ("%s: '%s' is missing"):format(path, key))
    end
  end
end

local function list(value, kind, path, found)
  for _, key in ipairs(keys_of(value)) do
    local inner = scan.path(path, key)
    if type(key) == "number" and key >= 1 and key <= #value then
      node(value[key], kind, inner, found)
    else
      tell(found, inner, ("%s: a list has no key '%s'"):format(path, tostring(key)))
    end
  end
end

local function map(value, kind, path, found)
  for _, key in ipairs(keys_of(value)) do
    local inner = scan.path(path, key)
    if type(key) == "string" then
      node(value[key], kind, inner, found)
    else
      tell(found, inner, ("%s: a name expected, not %s"):format(path, tostring(key)))
    end
  end
end

function node(value, kind, path, found)
  if type(kind) ~= "table" or not (kind.fields or kind.list or kind.map) then
    leaf(value, kind, path, found)
  elseif type(value) ~= "table" then
    tell(found, path, ("%s must be a table, not a %s"):format(path, type(value)))
  elseif kind.fields then
    fields(value, kind.fields, kind.needs, path, found)
    if kind.also then
      kind.also(value, path, function(text)
        tell(found, path, text)
      end)
    end
  elseif kind.list then
    list(value, kind.list, path, found)
  else
    map(value, kind.map, path, found)
  end
end

--- What is wrong with the settings: a list of { path =, text = }.
function check.settings(settings, description)
  local found = {}
  node(settings, description, "", found)
  return found
end

return check
