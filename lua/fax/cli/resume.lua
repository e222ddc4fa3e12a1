-- SPDX-License-Identifier: MIT
-- faxctl resume: lets paused jobs go on, and restarts those that are out of attempts.

return require("fax.cli.hold").command("resume", "resume", "resumed",
  "let paused jobs go on, restart those that failed",
  "Lets jobs go on that are paused or held, and begins anew with those of the queue that\n"
    .. "used up their attempts.")
