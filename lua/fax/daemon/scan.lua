-- SPDX-License-Identifier: MIT
-- On which line of a configuration file a setting stands. Reads the text once more
-- after Lua has, for constructors only; what a program in the file computes has the
-- line of the setting that it belongs to.

local scan = {}

-- ---- words ----

local function long_end(text, at)
  local level = text:match("^%[(=*)%[", at)
  if level then
    local _, last = text:find("]" .. level .. "]", at, true)
    return last or #text
  end
end

local function comment_end(text, at)
  return long_end(text, at + 2) or (text:find("\n", at, true) or #text + 1) - 1
end

local function string_end(text, at)
  local quote, i = text:sub(at, at), at + 1
  while i <= #text do
    local c = text:sub(i, i)
    if c == quote then
      return i
    end
    i = i + (c == "\\" and 2 or 1)
  end
  return #text
end

-- Kind and end of the word at `at`; kind nil: nothing to look at.
local function word(text, at)
  if text:find("^%s", at) then
    return nil, select(2, text:find("^%s+", at))
  elseif text:find("^%-%-", at) then
    return nil, comment_end(text, at)
  elseif text:find("^[%a_]", at) then
    return "name", select(2, text:find("^[%w_]+", at))
  elseif text:find("^%d", at) then
    return "number", select(2, text:find("^[%w.]+", at))
  elseif text:find("^[\"']", at) then
    return "string", string_end(text, at)
  elseif text:find("^%[=*%[", at) then
    return "long", long_end(text, at)
  elseif text:find("^[=~<>]=", at) then
    return "sign", at + 1
  end
  return "sign", at
end

local function words_of(text)
  local list, at, line = {}, 1, 1
  while at <= #text do
    local kind, last = word(text, at)
    local body = text:sub(at, last)
    if kind then
      list[#list + 1] = { kind = kind, text = body, line = line }
    end
    line = line + select(2, body:gsub("\n", ""))
    at = last + 1
  end
  local last = { kind = "end", text = "", line = line }
  return setmetatable(list, { __index = function()
    return last -- and behind it
  end })
end

-- ---- constructors ----

local OPENS = { ["("] = true, ["{"] = true, ["["] = true, ["function"] = true,
  ["if"] = true, ["do"] = true, ["repeat"] = true }
local SHUTS = { [")"] = true, ["}"] = true, ["]"] = true, ["end"] = true, ["until"] = true }

-- Behind an expression in a constructor: at its "," or ";" or "}".
local function skip(words, at)
  local depth = 0
  while words[at].kind ~= "end" do
    local text = words[at].kind ~= "string" and words[at].text
    if depth == 0 and (text == "," or text == ";" or text == "}") then
      return at
    elseif OPENS[text] then
      depth = depth + 1
    elseif SHUTS[text] then
      depth = depth - 1
    end
    at = at + 1
  end
  return at
end

local function unquoted(w)
  return w.kind == "string" and w.text:sub(2, -2) or w.text
end

-- The key of the item at `at` and where its value begins; nil: it has none.
local function key_at(words, at)
  local a, b, c, d = words[at], words[at + 1], words[at + 2], words[at + 3]
  if a.kind == "name" and b.text == "=" then
    return a.text, at + 2
  elseif a.text == "[" and (b.kind == "string" or b.kind == "number") and c.text == "]"
    and d.text == "=" then
    return b.kind == "number" and tonumber(b.text) or unquoted(b), at + 4
  end
end

--- The path of a part: "providers[2].name".
function scan.path(parent, key)
  if type(key) == "number" then
    return ("%s[%d]"):format(parent, key)
  elseif parent == "" then
    return tostring(key)
  elseif tostring(key):find("^[%a_][%w_]*$") then
    return ("%s.%s"):format(parent, key)
  end
  return ("%s[%q]"):format(parent, tostring(key))
end

-- A constructor at `at`, where its "{" is; gives where it has ended.
local function constructor(words, at, parent, lines)
  local index = 0
  at = at + 1
  while words[at].text ~= "}" and words[at].kind ~= "end" do
    local line = words[at].line
    local key, value = key_at(words, at)
    if not key then
      index = index + 1
      key, value = index, at
    end
    local path = scan.path(parent, key)
    lines[path] = line
    if words[value].text == "{" and words[value].kind == "sign" then
      value = constructor(words, value, path, lines)
    end
    at = skip(words, value)
    if words[at].text == "," or words[at].text == ";" then
      at = at + 1
    end
  end
  return at + 1
end

local NO_SETTING = { ["local"] = true, ["."] = true, [":"] = true, ["for"] = true }

--- The lines of all settings of the text, by their paths.
function scan.lines(text)
  local words, lines, at = words_of(text), {}, 1
  while words[at].kind ~= "end" do
    local w = words[at]
    local is_set = w.kind == "name" and words[at + 1].text == "="
      and not (at > 1 and NO_SETTING[words[at - 1].text])
    if is_set then
      lines[w.text] = w.line
    end
    if words[at + 1].text == "=" and words[at + 2].text == "{" then
      at = constructor(words, at + 2, is_set and w.text or "local " .. w.text, lines)
    else
      at = at + 1
    end
  end
  return lines
end

--- The line of what has this path, or of the nearest that it is a part of.
function scan.find(lines, path)
  while path ~= "" do
    if lines[path] then
      return lines[path]
    end
    path = path:match("^(.*)%[[^%[]*%]$") or path:match("^(.*)%.[^.]*$") or ""
  end
end

return scan
