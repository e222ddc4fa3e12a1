-- SPDX-License-Identifier: MIT
-- All addresses: the method, the path, the right that a key must have for it (false:
-- the fax server decides by whose it is), and who answers.

local health = require "site.health"
local jobs = require "site.jobs"
local ports = require "site.ports"
local sessions = require "site.sessions"
local submit = require "site.submit"

return {
  { "GET", "/healthz", false, health.show, open = true },
  { "POST", "/v1/session", false, sessions.begin, open = true },
  { "GET", "/v1/session", false, sessions.show },
  { "DELETE", "/v1/session", false, sessions.finish, open = true },
  { "GET", "/v1/jobs", false, jobs.list },
  { "POST", "/v1/jobs", "FAX_JOB_SUBMIT", submit.post },
  { "GET", "/v1/jobs/{id}", false, jobs.show },
  { "POST", "/v1/jobs/{id}/cancel", false, jobs.cancel },
  { "POST", "/v1/jobs/{id}/pause", false, jobs.pause },
  { "POST", "/v1/jobs/{id}/resume", false, jobs.resume },
  { "POST", "/v1/jobs/{id}/restart", false, jobs.restart },
  { "GET", "/v1/ports", "FAX_PORT_QUERY", ports.list },
  { "GET", "/v1/ports/{id}", "FAX_PORT_QUERY", ports.show },
}
