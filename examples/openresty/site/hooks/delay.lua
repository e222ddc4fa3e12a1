-- SPDX-License-Identifier: MIT
-- When a delivery that failed is tried again. A function of its arguments alone.

local delay = {}

--- Seconds after so many tries: the first, doubled up to the longest, and up to a
--- fifth more or less by chance (from 0 to 1), so that those that failed together do
--- not come together.
function delay.after(tries, first, longest, chance)
  return math.min(first * 2 ^ (tries - 1), longest) * (0.8 + 0.4 * chance)
end

return delay
