-- SPDX-License-Identifier: MIT
-- API keys: a file of their digests, read when nginx starts and when it is
-- reloaded. A key is 32 random bytes, so that its plain SHA-256 cannot be guessed.

local digest = require "site.digest"
local json = require "site.json"
local constants = require("fax.resty").const

local keys = { by_digest = {}, by_id = {} }

local function wrong(path, i, what)
  error(("%s: key %d: %s"):format(path, i, what), 0)
end

local limits = { requests = true, submissions = true, uploads = true, document = true,
  queued = true, queued_bytes = true, previews = true, previews_bytes = true }

-- One that is misspelt would be none.
local function check_limits(path, i, given)
  if given ~= nil and type(given) ~= "table" then
    wrong(path, i, "'limits' must be an object")
  end
  for name, value in pairs(given or {}) do
    if not limits[name] then
      wrong(path, i, ("'limits': there is no '%s'"):format(tostring(name)))
    elseif type(value) ~= "number" or value ~= value or value < 0 then
      wrong(path, i, ("'limits': '%s' must be a number"):format(name))
    end
  end
end

local function check(path, i, one)
  if type(one) ~= "table" then
    wrong(path, i, "it is no object")
  elseif type(one.id) ~= "string" or not one.id:find("^[%w_.-]+$") then
    wrong(path, i, "'id' must be a name")
  elseif keys.by_id[one.id] then
    wrong(path, i, "there is another one with this 'id'")
  elseif type(one.sha256) ~= "string" or not one.sha256:find("^%x+$") or #one.sha256 ~= 64 then
    wrong(path, i, "'sha256' must be 64 hexadecimal digits")
  elseif type(one.user) ~= "string" or one.user == "" then
    wrong(path, i, "'user' must say for whom it asks")
  elseif type(one.rights) ~= "table" or #one.rights == 0 then
    wrong(path, i, "'rights' must be a list of names")
  end
  for _, name in ipairs(one.rights) do
    if not constants[name] or not name:find("^FAX_") then
      wrong(path, i, ("'%s' is not the name of a right"):format(tostring(name)))
    end
  end
  check_limits(path, i, one.limits)
end

local function set_of(rights)
  local set = {}
  for _, name in ipairs(rights) do
    set[name] = true
  end
  return set
end

--- From init_by_lua: raises what is wrong with the file, which keeps nginx from
--- starting, or from taking a reload.
function keys.load(path)
  local file = assert(io.open(path, "r"))
  local list, why = json.decode(file:read("*a"))
  file:close()
  if type(list) ~= "table" or #list == 0 and next(list) ~= nil then
    error(("%s: %s"):format(path, why or "a list of keys expected"), 0)
  end
  for i, one in ipairs(list) do
    check(path, i, one)
    one.limits = one.limits or {}
    one.has = set_of(one.rights)
    keys.by_id[one.id], keys.by_digest[one.sha256:lower()] = one, one
  end
end

--- The entry of a key; nil: it is none.
function keys.find(key)
  return keys.by_digest[digest.sha256(key)]
end

return keys
