-- SPDX-License-Identifier: MIT
-- The annotations of lua/fax/meta/ as tables, for specs that go by them.

local text = require "spec.support.text"

local annotations = {}

-- "a|b" -> "a", "b"; bars within brackets and quotes do not count.
local function alternatives(kind)
  local list, depth, from, quoted = {}, 0, 1, false
  for at = 1, #kind do
    local c = kind:sub(at, at)
    if c == '"' then
      quoted = not quoted
    elseif c:find("[%(%{%[<]") then
      depth = depth + 1
    elseif c:find("[%)%}%]>]") then
      depth = depth - 1
    elseif c == "|" and depth == 0 and not quoted then
      list[#list + 1] = kind:sub(from, at - 1)
      from = at + 1
    end
  end
  list[#list + 1] = kind:sub(from)
  return list
end

-- The type at the beginning, and what is behind it. A type ends at the first blank
-- outside of brackets that no colon precedes.
local function split_type(line)
  local depth = 0
  for at = 1, #line do
    local c = line:sub(at, at)
    if c:find("[%(%{%[<]") then
      depth = depth + 1
    elseif c:find("[%)%}%]>]") then
      depth = depth - 1
    elseif c == " " and depth == 0 and line:sub(at - 1, at - 1) ~= ":" then
      return line:sub(1, at - 1), line:sub(at + 1)
    end
  end
  return line, ""
end

local function named(line)
  local name, rest = line:match("^([%w_.]+%??)%s+(.*)$")
  local kind, note = split_type(rest)
  return { name = name, kind = kind, note = note }
end

-- A question mark behind the name or the type.
local function variable(one)
  local name, optional = one.name:match("^(.-)(%??)$")
  local kind = one.kind
  if kind:find("%?$") and (not kind:find("fun(", 1, true) or kind:find("^fun%b()%?$")) then
    kind, optional = kind:sub(1, -2), "?"
  end
  return { name = name, kind = kind, optional = optional == "?" }
end

-- ---- the blocks of a file ----

local tags = {}

function tags.class(block, line)
  block.class, block.parent = line:match("^([%w_.]+):?%s*([%w_.]*)$")
end

function tags.field(block, line)
  table.insert(block.fields, named(line))
end

function tags.param(block, line)
  table.insert(block.params, named(line))
end

tags["return"] = function(block, line)
  local kind, name = split_type(line)
  table.insert(block.returns, { kind = kind, name = name })
end

function tags.meta() end

local function new_block()
  return { prose = {}, params = {}, returns = {}, fields = {} }
end

--- Of a class or a function, in their order: class and parent, or call ("f(a)"); prose,
--- params, fields and returns are lists.
function annotations.blocks(path)
  local blocks, block = {}, new_block()
  for line in (text.read(path) .. "\n"):gmatch("(.-)\n") do -- an empty one at the end
    local tag, rest = line:match("^%-%-%-@(%w+)%s*(.*)$")
    local prose = line:match("^%-%-%-(.*)$")
    if tag then
      assert(tags[tag], "unknown annotation @" .. tag)(block, rest)
    elseif prose then
      table.insert(block.prose, prose)
    else
      block.call = line:match("^function (.-) end$")
      if block.call or block.class then
        table.insert(blocks, block)
      end
      block = new_block()
    end
  end
  return blocks
end

--- The files, under the root of the tree.
function annotations.files(root)
  local list, pipe = {}, assert(io.popen("ls " .. root .. "/lua/fax/meta/*.lua"))
  for path in pipe:lines() do
    list[#list + 1] = path
  end
  pipe:close()
  return list
end

-- A class has the fields of its parent too.
local function inherit(classes, parents)
  for class, parent in pairs(parents) do
    assert(not parents[parent], "a parent has a parent")
    for _, field in ipairs(assert(classes[parent], parent)) do
      table.insert(classes[class], field)
    end
  end
end

local function variables(list)
  for i, one in ipairs(list) do
    list[i] = variable(one)
  end
  return list
end

local function read_file(path, functions, classes, parents)
  for _, block in ipairs(annotations.blocks(path)) do
    if block.class then
      classes[block.class] = variables(block.fields)
      parents[block.class] = block.parent ~= "" and block.parent or nil
    end
    if block.call then
      local call, args = block.call:match("^([%w_.:]+)%((.*)%)$")
      functions[#functions + 1] = { name = call, args = args, params = variables(block.params) }
    end
  end
end

--- { functions = { { name = "server:send", params = { ... } } ... }, in their
--- order; classes = { ["fax.send_options"] = { fields } } }. A parameter or
--- field has name, kind and optional.
function annotations.read(root)
  local functions, classes, parents = {}, {}, {}
  for _, path in ipairs(annotations.files(root)) do
    read_file(path, functions, classes, parents)
  end
  inherit(classes, parents)
  return { functions = functions, classes = classes }
end

--- The fields of a table that a type asks for: those of its class, or those
--- written down in the type itself.
function annotations.fields(kind, classes)
  for _, one in ipairs(alternatives(kind)) do
    if classes[one] then
      return classes[one]
    elseif one:find("^{") then
      local fields = {}
      for name, of in one:gmatch("([%w_]+): ([^,}]+)") do
        fields[#fields + 1] = { name = name, kind = (of:gsub("[%s?]+$", "")), optional = true }
      end
      return fields
    end
  end
end

local function is_whole(value)
  return type(value) == "number" and value == math.floor(value)
end

-- What a value must be for each type that is written with one word.
local simple = {
  any = function()
    return true
  end,
  integer = is_whole,
  ["true"] = function(value)
    return value == true
  end,
  ["false"] = function(value)
    return value == false
  end,
}
for _, name in ipairs { "string", "number", "boolean", "table", "function", "thread" } do
  simple[name] = function(value)
    return type(value) == name
  end
end

--- Whether a type allows the value, as far as the type can tell.
function annotations.fits(value, variable_)
  if value == nil and variable_.optional then
    return true
  end
  for _, one in ipairs(alternatives(variable_.kind)) do
    local literal = one:match('^"(.*)"$')
    if literal and value == literal or simple[one] and simple[one](value) then
      return true
    elseif one:find("^fun%(") then
      if type(value) == "function" then
        return true
      end
    elseif (one:find("%[%]$") or one:find("^{") or one:find("^fax%.")) and not literal
      and (type(value) == "table" or type(value) == "userdata") then
      return true
    end
  end
  return false
end

return annotations
