-- SPDX-License-Identifier: MIT
-- Command lines of faxctl: a command describes its options, this reads them
-- and writes the help.

local options = require "fax.options"

local args = {}

local function find(command, flag)
  for _, option in ipairs(command.options) do
    if option.flag == flag or option.short == flag then
      return option
    end
  end
end

local function unknown(command, flag)
  local known = { ["--help"] = true }
  for _, option in ipairs(command.options) do
    known[option.flag] = true
  end
  local near = options.nearest(flag, known)
  return nil, ("unknown option %s%s"):format(flag,
    near and (", did you mean %s?"):format(near) or "")
end

local AGES = { h = 3600, d = 86400, w = 7 * 86400 }
local SIZES = { [""] = 1, K = 2 ^ 10, M = 2 ^ 20, G = 2 ^ 30, T = 2 ^ 40 }

-- A number and one of the units; `usual` without one.
local function counted(text, units, usual)
  local number, unit = text:match("^(%d+)(%a?)$")
  local factor = number and units[unit ~= "" and unit or usual]
  return factor and tonumber(number) * factor or nil
end

-- Where whoever asks is.
local function date_of(text)
  local year, month, day, rest = text:match("^(%d%d%d%d)-(%d%d)-(%d%d)(.*)$")
  local hour, min, sec = (rest or ""):match("^[ T](%d%d):(%d%d)(.*)$")
  if not year or (rest ~= "" and not hour) then
    return nil
  end
  sec = sec and (sec == "" and "0" or sec:match("^:(%d%d)$"))
  if hour and not sec then
    return nil
  end
  hour, min, sec = tonumber(hour or 0), tonumber(min or 0), tonumber(sec or 0)
  -- os.time makes a day of any month of what is none.
  local there = os.date("%Y-%m-%d", os.time { year = tonumber(year), month = tonumber(month),
    day = tonumber(day), hour = 12 })
  if there ~= ("%s-%s-%s"):format(year, month, day) or hour > 23 or min > 59 or sec > 59 then
    return nil
  end
  return os.time { year = tonumber(year), month = tonumber(month), day = tonumber(day),
    hour = hour, min = min, sec = sec }
end

local readers = {
  number = function(text)
    local n = tonumber(text)
    return n and n >= 0 and n == math.floor(n) and n or nil, "a whole number"
  end,
  date = function(text)
    return date_of(text), "a date as 2026-05-01 or \"2026-05-01 14:30\""
  end,
  age = function(text)
    return counted(text, AGES, "d"), "an age as 30, 12h, 8w (days, hours, weeks)"
  end,
  size = function(text)
    return counted(text:upper(), SIZES, ""), "a size as 1000000, 500M, 2G"
  end,
  pair = function(text)
    return text:find("^[^=]+=") and text or nil, "KEY=VALUE"
  end,
}

local function read(option, text)
  if option.choices then
    for _, choice in ipairs(option.choices) do
      if choice == text then
        return text
      end
    end
    return nil, ("%s must be one of %s"):format(option.flag,
      table.concat(option.choices, ", "))
  end
  local reader = readers[option.kind]
  if not reader then
    return text
  end
  local value, expected = reader(text)
  if value == nil then
    return nil, ("%s expects %s, not '%s'"):format(option.flag, expected, text)
  end
  return value
end

local function store(into, option, value)
  local key = option.key or option.flag:gsub("^%-%-", ""):gsub("%-", "_")
  if option.many then
    into[key] = into[key] or {}
    table.insert(into[key], value)
  else
    into[key] = value
  end
end

--- The options of `argv` from `first` on, operands as an array in it; or nil
--- and what is wrong.
function args.parse(command, argv, first)
  local into, only_operands, i = {}, false, first
  while i <= #argv do
    local arg = argv[i]
    local flag, inline = arg:match("^(%-%-[^=]+)=(.*)$")
    flag = flag or arg
    if only_operands or arg == "-" or arg:sub(1, 1) ~= "-" then
      table.insert(into, arg)
    elseif arg == "--" then
      only_operands = true
    elseif flag == "--help" or flag == "-h" then
      into.help = true
    else
      local option = find(command, flag)
      if not option then
        return unknown(command, flag)
      elseif option.value then
        if not inline then
          i = i + 1
          inline = argv[i]
        end
        if inline == nil then
          return nil, ("%s expects %s"):format(flag, option.value)
        end
        local value, why = read(option, inline)
        if value == nil then
          return nil, why
        end
        store(into, option, value)
      elseif inline then
        return nil, flag .. " takes no value"
      else
        store(into, option, option.sets == nil and true or option.sets)
      end
    end
    i = i + 1
  end
  return into
end

--- The text of `faxctl COMMAND --help`.
function args.help(command)
  local lines = {
    ("usage: faxctl %s %s"):format(command.name, command.usage),
    "",
    command.about,
    "",
  }
  for _, option in ipairs(command.options) do
    local left = (option.short and option.short .. ", " or "") .. option.flag
      .. (option.value and " " .. option.value or "")
    lines[#lines + 1] = ("  %-26s %s"):format(left, option.help)
  end
  lines[#lines + 1] = ("  %-26s %s"):format("-h, --help", "show this")
  return table.concat(lines, "\n") .. "\n"
end

return args
