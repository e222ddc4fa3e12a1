-- SPDX-License-Identifier: MIT
-- All cases of the check, in their order, each { rule, title, fn }; `number`: it
-- dials the number that answers, `bad_number`: the other, `needed`: the rest makes
-- no sense when it failed; of one with `number` that is what dials, too;
-- `pages`: of the longest fax that it sends (1).

local cases = {}

for _, family in ipairs { "load", "send", "status", "abort", "error", "receive", "life" } do
  for _, one in ipairs(require("fax.fsp.check.case_" .. family)) do
    cases[#cases + 1] = { rule = one[1], title = one[2], run = one[3], number = one.number,
      bad_number = one.bad_number, needed = one.needed,
      watched = family ~= "load" and not one.unwatched,
      pages = one.pages or (one.number or one.bad_number or family == "receive") and 1 }
  end
end

return cases
