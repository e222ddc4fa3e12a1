-- SPDX-License-Identifier: MIT
-- How a case of the check ends before its end: errors that are tables.

local verdict = {}

local meta = { __tostring = function(self)
  return self.why
end }

local function raise(result, why, ...)
  error(setmetatable({ result = result, why = select("#", ...) > 0 and why:format(...) or why },
    meta), 0)
end

--- The provider does not do what the case is about.
function verdict.fail(why, ...)
  raise("fail", why, ...)
end

--- It did not come to that.
function verdict.skip(why, ...)
  raise("skip", why, ...)
end

--- One of these, or nil.
function verdict.is(err)
  return getmetatable(err) == meta and err or nil
end

--- Any error value as a text.
function verdict.text(err)
  local ok, text = pcall(tostring, err)
  return ok and type(text) == "string" and text or "an error value without a text"
end

--- The first line of that, without the traceback.
function verdict.line(err)
  return verdict.text(err):match("^[^\n]*")
end

return verdict
