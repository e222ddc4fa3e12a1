-- SPDX-License-Identifier: MIT
-- Writes the methods and records of docs/protocol.md from what the code has, and
-- lua/fax/resty/repeats.lua: which methods may be asked twice.
--   lua5.4 docs/protocol.lua          writes it
--   lua5.4 docs/protocol.lua --check  exit status 1 when it is stale
-- The program spec/methods of the build (FAX_BUILD, else build) lists them.

local TARGET, REPEATS = "docs/protocol.md", "lua/fax/resty/repeats.lua"
local BEGIN = "<!-- methods: made by docs/protocol.lua, do not edit -->\n"
local END = "<!-- end of methods -->\n"
local REPEATS_HEAD = [[
-- SPDX-License-Identifier: MIT
-- The methods of the protocol that may be asked twice. Made by docs/protocol.lua,
-- do not edit.
return {
]]

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local function split(line)
  local words = {}
  for word in (line .. "\t"):gmatch("([^\t]*)\t") do
    words[#words + 1] = word ~= "-" and word or false
  end
  return words
end

--- methods and records, each in the order of the code.
local function listed()
  local methods, records = {}, {}
  local program = assert(io.popen((os.getenv("FAX_BUILD") or "build") .. "/spec/methods"))
  for line in program:lines() do
    local w = split(line)
    if w[1] == "method" then
      methods[#methods + 1] = { name = w[2], on = w[3], repeats = w[4], opens = w[5],
        given = w[6], result = w[7] }
    elseif w[1] == "record" then
      records[#records + 1] = { name = w[2] }
    elseif w[1] == "field" then
      local fields = records[#records]
      fields[#fields + 1] = { name = w[2], kind = w[3], record = w[4], names = w[5] }
    end
  end
  assert(program:close())
  assert(#methods > 0, "spec/methods of the build lists nothing")
  return methods, records
end

local function link(name)
  return name and ("[%s](#%s)"):format(name, name:lower()) or "-"
end

local function quoted(names)
  return (names:gsub("%S+", "`%0`"):gsub("` `", "`, `"))
end

local function kind_of(field)
  if field.kind == "records" then
    return "array of " .. link(field.record)
  elseif field.kind == "record" then
    return link(field.record)
  elseif field.names and #field.names > 0 then
    return field.kind .. ": " .. quoted(field.names)
  end
  return field.kind
end

local function methods_part(methods)
  local out = { "| method | on | params | result | twice |\n|---|---|---|---|---|\n" }
  for _, m in ipairs(methods) do
    out[#out + 1] = ("| `%s` | %s | %s | %s%s | %s |\n"):format(m.name, m.on, link(m.given),
      link(m.result), m.opens and ", a " .. m.opens or "", m.repeats and "yes" or "no")
  end
  return table.concat(out)
end

local function records_part(records)
  local out = {}
  for _, record in ipairs(records) do
    out[#out + 1] = ("\n### %s\n\n| field | kind |\n|---|---|\n"):format(record.name)
    for _, field in ipairs(record) do
      out[#out + 1] = ("| `%s` | %s |\n"):format(field.name, kind_of(field))
    end
  end
  return table.concat(out)
end

-- The methods that may be asked twice, for a client.
local function repeats_part(methods)
  local out = { REPEATS_HEAD }
  for _, m in ipairs(methods) do
    out[#out + 1] = m.repeats and ("  [%q] = true,\n"):format(m.name) or ""
  end
  return table.concat(out) .. "}\n"
end

local page = read(TARGET)
local head, finish = page:find(BEGIN, 1, true), page:find(END, 1, true)
assert(head and finish, TARGET .. ": the marks of the section are missing")
local methods, records = listed()
local made = {
  [TARGET] = page:sub(1, head + #BEGIN - 1) .. "\n" .. methods_part(methods)
    .. "\n## Records\n" .. records_part(records) .. "\n" .. page:sub(finish),
  [REPEATS] = repeats_part(methods),
}
for path, text in pairs(made) do
  if read(path) ~= text and arg[1] == "--check" then
    io.stderr:write(path, " is stale: run lua5.4 docs/protocol.lua\n")
    os.exit(1)
  elseif arg[1] ~= "--check" then
    write(path, text)
  end
end
