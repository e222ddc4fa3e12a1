-- SPDX-License-Identifier: MIT
-- GET /healthz: whether the fax server answers.

local reply = require "site.reply"
local server = require "site.server"

local health = {}

function health.show()
  local own, why, code = server.own()
  local boot
  if own then
    boot, why, code = own:boot()
  end
  if not boot then
    return nil, why, code, 503
  end
  return reply.json(200, { status = "ok", boot = boot })
end

return health
