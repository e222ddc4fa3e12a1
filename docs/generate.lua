-- SPDX-License-Identifier: MIT
-- Makes docs/lua.md of the annotations in lua/fax/meta/.
--   lua5.4 docs/generate.lua          writes it
--   lua5.4 docs/generate.lua --check  exit status 1 when it is stale

local SOURCE, TARGET = "lua/fax/meta/%s.lua", "docs/lua.md"

-- The files, in the order of the page; spec/functions_spec.lua misses none.
local FILES = { "fax", "server", "job", "port", "document", "subscription", "policy",
  "loop", "provider", "t30", "fsp", "service", "clock", "records", "results", "history",
  "archive", "dialling" }

local HEAD = [[
<!-- Made by docs/generate.lua from lua/fax/meta/. Do not edit. -->

# The Lua module

]]

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

local function new_block()
  return { prose = {}, params = {}, returns = {}, fields = {} }
end

-- One name, its type and the rest of the line. A type has no blank outside of
-- brackets.
local function split_type(text)
  local depth, at = 0, 1
  while at <= #text do
    local c = text:sub(at, at)
    if c:find("[%(%{%[<]") then
      depth = depth + 1
    elseif c:find("[%)%}%]>]") then
      depth = depth - 1
    elseif c == " " and depth == 0 and text:sub(at - 1, at - 1) ~= ":" then
      break
    end
    at = at + 1
  end
  return text:sub(1, at - 1), text:sub(at + 1)
end

local tags = {}

function tags.class(block, text)
  block.class, block.parent = text:match("^([%w_.]+):?%s*([%w_.]*)$")
end

function tags.field(block, text)
  local name, rest = text:match("^([%w_]+%??)%s+(.*)$")
  local kind, note = split_type(rest)
  table.insert(block.fields, { name = name, kind = kind, note = note })
end

function tags.param(block, text)
  local name, rest = text:match("^([%w_.]+%??)%s+(.*)$")
  local kind, note = split_type(rest)
  table.insert(block.params, { name = name, kind = kind, note = note })
end

tags["return"] = function(block, text)
  local kind, name = split_type(text)
  table.insert(block.returns, { kind = kind, name = name })
end

function tags.meta() end

--- The blocks of annotations, in their order.
local function parse(text)
  local blocks, block = {}, new_block()
  for line in (text .. "\n"):gmatch("(.-)\n") do
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

local function code(kind)
  return "`" .. kind:gsub("|", "\\|") .. "`"
end

local function write_fields(out, list)
  out("| | | |\n|---|---|---|\n")
  for _, field in ipairs(list) do
    out(("| `%s` | %s | %s |\n"):format(field.name, code(field.kind),
      (field.note:gsub("|", "\\|"))))
  end
  out("\n")
end

-- nil, message, code after one result is the rule that the head of the page
-- tells; it is not told again.
local function results(block)
  local list = {}
  for i, result in ipairs(block.returns) do
    if not (i > 1 and (result.name == "message" or result.name == "code")) then
      list[#list + 1] = code((result.kind:gsub("%?$", "")))
    end
  end
  if block.returns[2] and block.returns[2].name == "message" then
    list[1] = list[1] .. " or nil, message, code"
  end
  return table.concat(list, ", ")
end

local function write_block(out, block)
  if block.class then
    out(("## %s\n\n"):format(block.class))
  else
    out(("### %s\n\n"):format(block.call))
  end
  if #block.prose > 0 then
    out(table.concat(block.prose, "\n") .. "\n\n")
  end
  if block.parent and block.parent ~= "" then
    out(("All of `%s`, and:\n\n"):format(block.parent))
  end
  if #block.fields > 0 then
    write_fields(out, block.fields)
  end
  if #block.params > 0 then
    write_fields(out, block.params)
  end
  if #block.returns > 0 then
    out("Returns " .. results(block) .. ".\n\n")
  end
end

local function generate()
  local parts = { HEAD }
  local function out(text)
    parts[#parts + 1] = text
  end
  for _, name in ipairs(FILES) do
    for _, block in ipairs(parse(read(SOURCE:format(name)))) do
      write_block(out, block)
    end
  end
  return (table.concat(parts):gsub("\n+$", "\n"))
end

local made = generate()
if arg and arg[1] == "--check" then
  if made ~= read(TARGET) then
    io.stderr:write(TARGET, " is stale: run lua5.4 docs/generate.lua\n")
    os.exit(1)
  end
else
  local file = assert(io.open(TARGET, "wb"))
  assert(file:write(made))
  file:close()
end
