-- SPDX-License-Identifier: MIT
-- faxctl pause: as `faxctl hold`, by the name that the job's command has.

return require("fax.cli.hold").command("pause", "pause", "paused", "pause jobs",
  "Pauses jobs that wait in the queue, until `faxctl resume`; a call that is under way goes\n"
    .. "on to its end. The same as `faxctl hold`.")
