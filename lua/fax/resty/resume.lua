-- SPDX-License-Identifier: MIT
-- What stands for fax.resume within nginx: nothing, since the worker's connection
-- for events comes back by itself, and its hub tells the gap (hub.lua).
return {
  of = function() end,
}
