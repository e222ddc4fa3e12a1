-- SPDX-License-Identifier: MIT
-- The configuration of faxd: Lua, whose globals are the settings. What is
-- commented out shows what is so anyway, or an example.
--
--   faxd --check /etc/fax/faxd.lua    says all that is wrong with it, and where
--   systemctl reload faxd             has it read again, without losing a call

-- Where jobs, received faxes and records are kept. Full paths everywhere.
directory = "/var/lib/fax"
-- inbox = "/var/lib/fax/inbox"

-- Where programs reach it, unless the service manager passes a socket; and what they
-- may there, by user and group: the first rule that fits counts. FAX_JOB_SUBMIT,
-- FAX_JOB_QUERY, FAX_JOB_MANAGE, FAX_PORT_QUERY, FAX_PORT_SET, FAX_CONFIG_QUERY,
-- FAX_CONFIG_SET. A web server with act_for speaks for its users.
socket = "/run/fax/fax.sock"
access = {
  { user = "root", rights = { "FAX_ALL_ACCESS" } },
  { user = "www-data", rights = { "FAX_JOB_SUBMIT" }, act_for = true },
  { group = "fax", rights = { "FAX_JOB_SUBMIT", "FAX_JOB_QUERY", "FAX_PORT_QUERY" } },
}

-- Who sends and receives. A provider is a shared object beside the library
-- ("loopback": a telephone exchange of its own, to try things with), or at `path`.
providers = {
  { name = "loopback", options = { lines = 2, pace = "real" } },
  -- { name = "acme", path = "/usr/lib/acme/acme-fsp.so", isolate = 4, calls = 8 },
}

-- Ports by the names of their devices (`faxctl ports`).
ports = {
  ["loopback line 1"] = { tsid = "+1 555 0100", csid = "+1 555 0100", rings = 1, priority = 1 },
  ["loopback line 2"] = { send = false, receive = true },
}

-- What numbers are the same, which ports call them, which are never called.
dialling = {
  country = "1", international = "011", national = "1", national_digits = 10,
  -- groups = { near = { "loopback line 1" } },
  -- routes = { { prefix = "+1 555", group = "near" } },
  blocked = { "+1 900*" },
}

-- Failed faxes are tried again so often, after so many seconds; policy has rules
-- by the cause.
retries = 3
retry_delay = 600
policy = {
  busy = { limit = 5, delay = 120, growth = 2, cap = 1800, jitter = 0.2 },
  no_fax = { limit = 1 },
}
-- on_doubt = "hold"
-- branding = true
-- use_device_tsid = true

limits = {
  calls_per_number = 1,
  operation_limit = 4 * 3600,
  -- abort_limit = 30,
  recipients_limit = 500,
  -- event_backlog = 65536,
  -- batch = 10, -- jobs for one number in one call
  -- priority_step = 1800,
}

retention = {
  keep_results = 30 * 24 * 3600,
  record_days = 365,
  key_days = 7,
  archive_days = 180,
  archive_bytes = 10 * 1024 ^ 3,
}

-- "stderr" (the journal, under systemd), "syslog" or the path of a file; SIGUSR1
-- has that opened again. As text, or as one JSON object a line.
log = { to = "stderr", format = "text", level = "info" }

-- Seconds that SIGTERM leaves calls under way to end; a second one leaves none.
drain = 300

-- Under socket activation: ends by itself after so many seconds without a client, a
-- call or a job. 0: never.
idle = 0
