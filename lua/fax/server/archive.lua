-- SPDX-License-Identifier: MIT
-- The archive of a server handle: faxes that were sent and received.

local core = require "fax.core"
local form_of = require "fax.form"
local names = require "fax.names"
local options = require "fax.options"

local Server = core.server_methods

local query = {
  folder = names.archive_folder,
  after = "number",
  before = "number",
  number = "string",
  limit = "whole",
  newest_first = "boolean",
  cursor = "whole",
  job = "whole",
}

--- FaxEnumArchive.
function Server:archive(given)
  self:closed() -- raises for what is no server
  local asked = options.check(given, query, "server:archive", 2)
  if asked.job == 0 then -- which is any for FaxEnumArchive
    return {}
  end
  return self:_archive(asked)
end

--- FaxGetArchived.
function Server:archived(id)
  return self:_archived(options.argument(id, "whole", "server:archived", "the id", 2))
end

--- FaxReadArchived; with options FaxReadFile.
function Server:archived_file(id, given)
  options.argument(id, "whole", "server:archived_file", "the id", 2)
  return self:_archived_file(id, form_of(given, "server:archived_file", 2))
end

--- FaxReadReceived; with options FaxReadFile.
function Server:received_file(id, given)
  options.argument(id, "whole", "server:received_file", "the job's id", 2)
  return self:_received_file(id, form_of(given, "server:received_file", 2))
end

--- FaxRemoveArchived: one id, or a list of them.
function Server:remove_archived(ids)
  local what = "server:remove_archived"
  if type(ids) ~= "table" then
    ids = { ids }
  end
  for i = 1, math.max(#ids, 1) do
    options.argument(ids[i], "whole", what, "the id", 2)
  end
  return self:_remove_archived(ids)
end

local choice = { folder = names.archive_folder, before = "number", keep_bytes = "size" }

--- FaxPurgeArchive.
function Server:purge_archive(given)
  self:closed() -- raises for what is no server
  local checked = options.check(given, choice, "server:purge_archive", 2)
  if not checked.before and not checked.keep_bytes then
    error("server:purge_archive: give 'before' or 'keep_bytes': what is to go", 2)
  end
  return self:_purge_archive(checked)
end

return { methods = Server }
