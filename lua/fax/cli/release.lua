-- SPDX-License-Identifier: MIT
-- faxctl release: lets jobs go that are held.

return require("fax.cli.hold").command("release", "resume", "released",
  "let jobs go that are held",
  "Releases jobs of the queue, those of `faxctl send --hold` and of `faxctl hold`. Without a\n"
    .. "server the next service that sends what is in the queue of the directory sends them.")
