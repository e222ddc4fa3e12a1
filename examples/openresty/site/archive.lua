-- SPDX-License-Identifier: MIT
-- The inbox, and what was sent: the two folders of the archive.

local found = require "site.found"
local json = require "site.json"
local pictures = require "site.pictures"
local reply = require "site.reply"

local MOST_ID = 4294967295

-- Where the file lies is nobody's business.
local function told(fax)
  return { id = fax.id, time = fax.time, job = fax.job_id, user = fax.user, number = fax.number,
    remote_id = fax.remote_id, pages = fax.pages, bytes = fax.bytes, complete = fax.complete,
    quality = fax.quality, bad_rows = fax.bad_rows, port = fax.device_id, subject = fax.subject,
    sender = fax.sender, recipient = fax.recipient }
end

local function list_of(folder)
  return function(request)
    local page, why, code = request:page()
    local job, faxes
    if page then
      job, why, code = request:number("job", false, MOST_ID)
    end
    if page and job ~= nil then
      faxes, why, code = request.server:archive { folder = folder, newest_first = true,
        limit = page.limit + 1, cursor = page.after, number = request:arg "number",
        job = job or nil }
    end
    if not faxes then
      return nil, why, code
    end
    local list = {}
    for i = 1, math.min(#faxes, page.limit) do
      list[i] = told(faxes[i])
    end
    return reply.json(200, { faxes = json.list(list),
      next = faxes[page.limit + 1] and faxes[page.limit].id or nil })
  end
end

-- For the fax of that id when it lies in the folder.
local function with_fax(folder)
  return found(function(request)
    local fax, why, code = request.server:archived(request.params.id)
    if fax and fax.folder == folder then
      return fax
    elseif fax or code == "ERROR_INVALID_PARAMETER" then
      return nil, ("there is no fax %d here"):format(request.params.id), "ERROR_NOT_FOUND"
    end
    return nil, why, code
  end)
end

local function show(_, fax)
  return reply.json(200, told(fax))
end

local function file_of(form)
  return function(request, fax)
    local name = ("fax-%d-%.0f"):format(fax.id, fax.time * 1e6)
    return pictures.answer(request, name, { form = form, page = request.params.page },
      function(wanted)
        return request.server:archived_file(fax.id, wanted)
      end)
  end
end

local function remove(request, fax)
  local count, why, code = request.server:remove_archived(fax.id)
  if not count then
    return nil, why, code
  end
  return reply.empty()
end

local function folder_of(name)
  local of = with_fax(name)
  return { list = list_of(name), show = of(show), pdf = of(file_of "pdf"),
    tiff = of(file_of "tiff"), page = of(file_of "png"), remove = of(remove) }
end

return { inbox = folder_of "received", sent = folder_of "sent" }
