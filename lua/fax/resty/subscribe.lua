-- SPDX-License-Identifier: MIT
-- A subscription to events over a link, for a user with rights or for nginx's account.

-- A subscription outlives the session that it was made through.
local function subscribe(link, session, done)
  link:call("event.subscribe", session, { extended = true }, done)
  if session then
    link:call("handle.close", session, nil, function() end)
  end
end

--- Asks for one `at` { user =, rights = }: done(result), or done(nil, why, code). When
--- the connection is lost meanwhile nobody is told: on the next one all is asked anew.
return function(link, at, done)
  local function told(result, why, code)
    if result or code ~= "RPC_S_CALL_FAILED" and code ~= "ERROR_CANCELLED" then
      done(result, why, code)
    end
  end
  if not at.user and not at.rights then
    return subscribe(link, nil, told)
  end
  link:call("session.open", nil, { user = at.user, rights = at.rights and { at.rights } },
    function(result, why, code)
      if result then
        subscribe(link, result.handle, told)
      else
        told(nil, why, code)
      end
    end)
end
