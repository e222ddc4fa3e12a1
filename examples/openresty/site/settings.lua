-- SPDX-License-Identifier: MIT
-- What nginx.conf says of the site, and what is so when it does not.

local settings = {
  -- socket = "/run/fax/fax.sock", keys = "/etc/fax/keys.json", state = "/var/lib/fax-site"
  seconds = 150,               -- that a call to the fax server may take: it renders
  file = 32 * 1024 * 1024,     -- bytes of a fax that is looked at: few of them can be many
  health = 5,                  -- seconds after which a silent fax server is away
  document = 16 * 1024 * 1024, -- bytes of an upload at most
  json = 4 * 1024 * 1024,      -- bytes of an upload in JSON: reading it takes a worker's time
  uploads = 8,                 -- of one key at a time, in each worker
  streams = 2000,              -- of events, of one key at a time, in each worker
  requests = 1200,             -- of one key a minute, unless the key says otherwise
  submissions = 60,            -- the same of faxes and previews
  queued = 1000,               -- faxes of its user in the queue, whatever they wait for
  queued_bytes = 1024 * 1024 * 1024, -- of their documents there
  previews = 100,              -- of one key that are kept at a time, 1000 at most
  previews_bytes = 16 * 1024 * 1024, -- of their pages; all keys share lua_shared_dict previews
  failures = 30,               -- wrong keys from one address a minute
  session = 12 * 3600,         -- seconds that a page stays logged in
  sessions = 100,              -- of one key at a time
  hooks = 20,                  -- of one key
  hooks_private = false,       -- whether they may point to loopback and private addresses
  hooks_https = false,         -- with lua_ssl_trusted_certificate in nginx.conf
  -- resolver = "127.0.0.1:53", -- for names in their addresses, or "[::1]:53"
  resolver_seconds = 3,        -- for an answer, then it is asked once more
  hook_seconds = 10,           -- for a receiver to answer
  hook_first = 5,              -- seconds to the second try, then doubled up to
  hook_longest = 3600,
  hook_life = 24 * 3600,       -- seconds from an event to the last try
  hook_waiting = 1000,         -- deliveries of one hook; what is more is a gap
  hook_at_once = 500,          -- tries, each with a timer of nginx: see nginx.conf
  hook_look = 0.25,            -- seconds between two looks for what other workers did
  preview = 15 * 60,           -- seconds that a preview is kept
  preview_bytes = 4 * 1024 * 1024, -- of its pages at most
}

--- From init_by_lua: sets what is given.
function settings.set(given)
  for key, value in pairs(given) do
    settings[key] = value
  end
end

return settings
