-- SPDX-License-Identifier: MIT
-- What fax has and a worker of nginx cannot, or must not, do; and why not.
-- spec/resty_same_spec.lua sees that nothing is missing without a reason.

local absent = {}

local OF_FAXD = "is a matter of the fax server's own process: faxd and its file, or faxctl"
local BLOCKS = "would block the worker"

-- Of the module.
absent.fax = {
  service = "the service " .. OF_FAXD,
  register_service_provider = "registering " .. OF_FAXD,
  unregister_service_provider = "registering " .. OF_FAXD,
  complete_job_params = "the account of a worker is no sender: give 'sender' and so on",
  render = BLOCKS .. "; server:upload makes the pages, document:file gives them",
  export = BLOCKS .. "; job:file, server:archived_file and received_file give other forms",
  loop = "nginx has its own loop: every method may be called in a light thread",
  new_loop = "nginx has its own loop: every method may be called in a light thread",
  clock = "waits within nginx go by ngx.now and ngx.sleep",
  provider = "a worker that is reloaded would take the lines with it; use fax in a process",
  fsp = "trying providers " .. BLOCKS,
  t30 = "a fax machine " .. BLOCKS,
}

-- Of a server handle.
absent.server = {
  policy = "the function would go with the worker that is reloaded; use fax in a process",
  load_provider = "the provider would go with the worker that is reloaded; name it in "
    .. "faxd's file",
}

-- Options of connect, besides those of a service.
absent.connect = {
  start = "nginx starts no service",
}

--- The sentence for an option of connect that `service` (fax.config) knows, or nil.
function absent.option(key, service)
  if absent.connect[key] then
    return absent.connect[key]
  elseif service.known[key] then
    return "an option of the service, which " .. OF_FAXD
  end
end

--- The results of a method of a server handle.
function absent.method(name)
  return nil, ("server:%s: not within nginx: %s"):format(name, absent.server[name]),
    "ERROR_NOT_SUPPORTED"
end

--- Has a module raise for what is absent, where the caller stands.
function absent.guard(module)
  return setmetatable(module, { __index = function(_, key)
    if absent.fax[key] then
      error(("fax.resty has no '%s': %s"):format(key, absent.fax[key]), 2)
    end
  end })
end

return absent
