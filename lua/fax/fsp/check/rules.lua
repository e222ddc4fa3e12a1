-- SPDX-License-Identifier: MIT
-- The rules that hold in every case of the check, as watch.lua has them.

return {
  { "raises", "FSP-14", "no callback raises an error, or gives what is no status" },
  { "held", "loop", "no callback holds its loop" },
  { "status", "FSP-54", "statuses are known ones, or say what they mean" },
  { "page", "FSP-55", "pages told of are those of the document" },
  { "confirmed", "FSP-40", "no page is confirmed that was not to be sent" },
  { "after_end", "FSP-28", "nothing is told after the end" },
  { "ends", "FSP-28", "each operation that begins ends" },
  { "free", "FSP-12", "no port is busy afterwards" },
}
