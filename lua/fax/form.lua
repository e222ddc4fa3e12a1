-- SPDX-License-Identifier: MIT
-- What is wanted of a fax: { form = "tiff", "pdf" or "png", page = of a picture }.

local names = require "fax.names"
local options = require "fax.options"

local known = { form = names.form, page = "whole" }

--- The form and the page as numbers, from the options of `what`; nothing when
--- there are none.
return function(given, what, level)
  if given == nil then
    return nil
  end
  local checked = options.check(given, known, what, level + 1)
  return checked.form or names.form.tiff, checked.page or 0
end
