-- SPDX-License-Identifier: MIT
-- Handlers of what must be found first: the fax, the job, the hook of the address.

--- Gives what makes handlers of fn(request, found, ...), where find(request) gives what
--- was found, or why nothing was: that is the answer then.
return function(find)
  return function(fn)
    return function(request, ...)
      local found, why, code, status, wait = find(request)
      if not found then
        return nil, why, code, status, wait
      end
      return fn(request, found, ...)
    end
  end
end
