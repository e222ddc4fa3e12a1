-- SPDX-License-Identifier: MIT
-- Reads the configuration file: Lua whose globals are the settings, with nothing in
-- reach that could do more than compute.

local check = require "fax.daemon.check"
local companions = require "fax.daemon.companions"
local core = require "fax.core"
local config = require "fax.config"
local options = require "fax.options"
local scan = require "fax.daemon.scan"
local schema = require "fax.daemon.schema"

local file = {}

-- A file that never ends would hang a reload; this is a second or so. One instruction
-- can make a text of any size: what is computed is looked at in between.
local MOST_INSTRUCTIONS, MOST_KILOBYTES, STEP = 5e7, 256 * 1024, 1000

local function copy(library)
  local own = {}
  for name, value in pairs(library) do
    own[name] = value
  end
  return own
end

-- ---- running it ----

-- A setting that is read before it is made is mostly a word without its quotes.
local function environment(found)
  local given = { string = copy(string), table = copy(table), math = copy(math),
    ipairs = ipairs, pairs = pairs, tonumber = tonumber, tostring = tostring, type = type,
    error = error, assert = assert, select = select, os = { getenv = os.getenv } }
  given.string.dump = nil
  return setmetatable({}, { __index = function(_, name)
    if given[name] == nil then
      found[#found + 1] = { line = debug.getinfo(2, "l").currentline,
        text = ("'%s' has no value here; a text stands in quotes"):format(tostring(name)) }
    end
    return given[name]
  end })
end

local function limited(chunk)
  local jit = rawget(_G, "jit")
  if jit then
    jit.off(chunk, true)
  end
  local hook, mask, count = debug.gethook()
  local most, steps = collectgarbage("count") + MOST_KILOBYTES, 0
  debug.sethook(function()
    steps = steps + STEP
    local large = collectgarbage("count") > most
    if large or steps > MOST_INSTRUCTIONS then
      debug.sethook()
      error(large and "it takes too much memory" or "it does not come to an end", 0)
    end
  end, "", STEP)
  local ok, why = pcall(chunk)
  debug.sethook(hook, mask, count)
  return ok, why
end

-- Lua's own message begins with the name of the chunk and the line.
local function from_lua(why, found)
  local line, text = tostring(why):match("^faxd:(%d+): (.*)$")
  found[#found + 1] = { line = tonumber(line), text = text or tostring(why) }
end

local function run(text, found)
  local settings = environment(found)
  if text:sub(1, 1) == "\27" then
    found[1] = { text = "it is compiled Lua, not text" }
    return
  end
  local chunk, why = load(text, "=faxd", "t", settings)
  if not chunk then
    return from_lua(why, found)
  end
  local ok, value = limited(chunk)
  if not ok then
    return from_lua(value, found)
  elseif value ~= nil then
    found[#found + 1] = { text = "it returns a value: settings are assigned, as "
      .. "drain = 300" }
  end
  return setmetatable(settings, nil)
end

-- ---- checking it ----

-- What only the library can tell: it names the setting first.
local function ask_library(settings, found)
  local given = schema.service_options(schema.complete(settings))
  local checked = options.check(given, config.service, "faxd", 1)
  local ok, why = core.check(config.of(checked, "faxd", 1))
  if not ok then
    local path = why:match("^([%a_][%w_.]*)") or ""
    found[#found + 1] = { path = path, text = why }
  end
end

local function add_lines(found, text)
  local lines = scan.lines(text)
  for _, one in ipairs(found) do
    one.line = one.line or (one.path and scan.find(lines, one.path))
  end
  table.sort(found, function(a, b)
    if (a.line or 0) ~= (b.line or 0) then
      return (a.line or 0) < (b.line or 0)
    end
    return a.text < b.text
  end)
end

--- The settings in a text; nil, and all that is wrong: { line =, text = } each.
function file.parse(text)
  local found = {}
  local settings = run(text, found)
  if settings then
    for _, one in ipairs(check.settings(settings, schema.description)) do
      found[#found + 1] = one
    end
    if #found == 0 then
      companions.check(settings, found)
      ask_library(settings, found)
    end
  end
  if #found == 0 then
    return settings
  end
  add_lines(found, text)
  return nil, found
end

--- The same of a file. `found` becomes a list of texts, with the file and the line.
function file.read(path)
  local handle, why = io.open(path, "rb")
  local text = handle and handle:read("*a")
  if handle then
    handle:close()
  end
  if not text then
    return nil, { ("%s: %s"):format(path, (why or "cannot be read"):gsub("^.-: ", "")) }
  end
  local settings, found = file.parse(text)
  if settings then
    return settings
  end
  local texts = {}
  for i, one in ipairs(found) do
    texts[i] = ("%s:%s %s"):format(path, one.line and one.line .. ":" or "", one.text)
  end
  return nil, texts
end

return file
