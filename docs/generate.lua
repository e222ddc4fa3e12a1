-- SPDX-License-Identifier: MIT
-- Makes docs/lua.md of the annotations in lua/fax/meta/. From the root of the tree.
--   lua5.4 docs/generate.lua          writes it
--   lua5.4 docs/generate.lua --check  exit status 1 when it is stale

local annotations = require "spec.support.annotations"
local text = require "spec.support.text"

local SOURCE, TARGET = "lua/fax/meta/%s.lua", "docs/lua.md"

-- The files, in the order of the page; spec/functions_spec.lua misses none.
local FILES = { "fax", "server", "job", "port", "document", "subscription", "policy",
  "loop", "provider", "t30", "fsp", "service", "clock", "records", "results", "history",
  "archive", "dialling" }

local HEAD = [[
<!-- Made by docs/generate.lua from lua/fax/meta/. Do not edit. -->

# The Lua module

]]

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
  local function out(part)
    parts[#parts + 1] = part
  end
  for _, name in ipairs(FILES) do
    for _, block in ipairs(annotations.blocks(SOURCE:format(name))) do
      write_block(out, block)
    end
  end
  return (table.concat(parts):gsub("\n+$", "\n"))
end

local made = generate()
if arg and arg[1] == "--check" then
  if made ~= text.read(TARGET) then
    io.stderr:write(TARGET, " is stale: run lua5.4 docs/generate.lua\n")
    os.exit(1)
  end
else
  text.write(TARGET, made)
end
