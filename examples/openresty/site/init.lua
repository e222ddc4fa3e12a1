-- SPDX-License-Identifier: MIT
-- The site: what nginx.conf calls.

local events = require "site.events"
local keys = require "site.keys"
local limits = require "site.limits"
local problem = require "site.problem"
local router = require "site.router"
local sender = require "site.hooks.sender"
local settings = require "site.settings"

local site = { serve = router.serve, problem = problem.page }

--- From log_by_lua.
function site.finish()
  limits.release()
  events.release()
end

--- From init_by_lua.
function site.init(given)
  settings.set(given)
  keys.load(settings.keys)
  router.add(require "site.routes")
end

--- From init_worker_by_lua.
function site.init_worker()
  sender.start()
end

return site
