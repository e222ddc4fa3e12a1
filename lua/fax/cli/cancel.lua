-- SPDX-License-Identifier: MIT
-- faxctl cancel: takes jobs out of the queue, and aborts their calls.

return require("fax.cli.hold").command("cancel", "abort", "cancelled",
  "take jobs out of the queue",
  "Cancels jobs: one that waits leaves the queue, a call that is under way is aborted.\n"
    .. "`faxctl show` tells how many pages were confirmed by then.")
