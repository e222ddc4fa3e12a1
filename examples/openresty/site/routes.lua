-- SPDX-License-Identifier: MIT
-- All addresses: the method, the path, the right that a key must have for it (false:
-- the fax server decides by whose it is), and who answers.

local archive = require "site.archive"
local events = require "site.events"
local health = require "site.health"
local hooks = require "site.hooks.api"
local jobs = require "site.jobs"
local openapi = require "site.openapi"
local ports = require "site.ports"
local previews = require "site.previews"
local sessions = require "site.sessions"
local submit = require "site.submit"

local inbox, sent = archive.inbox, archive.sent

return {
  { "GET", "/healthz", false, health.show, open = true },
  { "GET", "/v1/openapi.json", false, openapi.show, open = true },
  { "POST", "/v1/session", false, sessions.begin, open = true },
  { "GET", "/v1/session", false, sessions.show, alone = true },
  { "DELETE", "/v1/session", false, sessions.finish, open = true },
  { "GET", "/v1/jobs", false, jobs.list },
  { "POST", "/v1/jobs", "FAX_JOB_SUBMIT", submit.post },
  { "GET", "/v1/jobs/{id}", false, jobs.show },
  { "POST", "/v1/jobs/{id}/cancel", false, jobs.cancel },
  { "POST", "/v1/jobs/{id}/pause", false, jobs.pause },
  { "POST", "/v1/jobs/{id}/resume", false, jobs.resume },
  { "POST", "/v1/jobs/{id}/restart", false, jobs.restart },
  { "GET", "/v1/jobs/{id}/pages/{page}.png", false, jobs.page },
  { "POST", "/v1/previews", "FAX_JOB_SUBMIT", previews.post },
  { "DELETE", "/v1/previews/{token}", "FAX_JOB_SUBMIT", previews.remove },
  { "GET", "/v1/previews/{token}/pages/{page}.png", "FAX_JOB_SUBMIT", previews.page },
  { "GET", "/v1/inbox", "FAX_JOB_QUERY", inbox.list },
  { "GET", "/v1/inbox/{id}", "FAX_JOB_QUERY", inbox.show },
  { "DELETE", "/v1/inbox/{id}", "FAX_JOB_MANAGE", inbox.remove },
  { "GET", "/v1/inbox/{id}/document.pdf", "FAX_JOB_QUERY", inbox.pdf },
  { "GET", "/v1/inbox/{id}/document.tiff", "FAX_JOB_QUERY", inbox.tiff },
  { "GET", "/v1/inbox/{id}/pages/{page}.png", "FAX_JOB_QUERY", inbox.page },
  { "GET", "/v1/sent", false, sent.list },
  { "GET", "/v1/sent/{id}", false, sent.show },
  { "DELETE", "/v1/sent/{id}", "FAX_JOB_MANAGE", sent.remove },
  { "GET", "/v1/sent/{id}/document.pdf", false, sent.pdf },
  { "GET", "/v1/sent/{id}/document.tiff", false, sent.tiff },
  { "GET", "/v1/sent/{id}/pages/{page}.png", false, sent.page },
  { "GET", "/v1/events", false, events.stream },
  { "GET", "/v1/hooks", false, hooks.list },
  { "POST", "/v1/hooks", false, hooks.make },
  { "GET", "/v1/hooks/{token}", false, hooks.show },
  { "DELETE", "/v1/hooks/{token}", false, hooks.remove },
  { "POST", "/v1/hooks/{token}/test", false, hooks.test },
  { "POST", "/v1/hooks/{token}/pause", false, hooks.pause },
  { "POST", "/v1/hooks/{token}/resume", false, hooks.resume },
  { "GET", "/v1/hooks/{token}/deliveries", false, hooks.deliveries },
  { "GET", "/v1/ports", "FAX_PORT_QUERY", ports.list },
  { "GET", "/v1/ports/{id}", "FAX_PORT_QUERY", ports.show },
}
