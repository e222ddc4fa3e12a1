-- SPDX-License-Identifier: MIT
-- The pages of a document before it is sent. They are kept for a quarter of an hour
-- in the memory that the workers share; a fax of a preview has exactly these pages.

local digest = require "site.digest"
local documents = require "site.documents"
local found = require "site.found"
local json = require "site.json"
local limits = require "site.limits"
local options = require "site.options"
local pictures = require "site.pictures"
local reply = require "site.reply"
local settings = require "site.settings"
local tiff = require "fax.tiff"

local previews = {}

local BYTES = 16
local MOST_PLACES = 1000

local function missing()
  return nil, "there is no such preview, or its time is over", "ERROR_NOT_FOUND"
end

-- ---- what is kept: the user, the name of the document, its place, the pages ----

local function full(why, ...)
  return nil, why:format(...), "ERROR_NOT_ENOUGH_QUOTA"
end

local function places_of(key)
  local list = {}
  for n = 1, math.min(limits.most(key, "previews"), MOST_PLACES) do
    list[n] = ("preview %s %d"):format(key.id, n)
  end
  return list
end

local function bytes_of(places)
  local bytes = 0
  for _, place in ipairs(places) do
    bytes = bytes + (ngx.shared.limits:get(place) or 0)
  end
  return bytes
end

-- Takes one of the places for a preview that a key has: those who ask at the same time
-- get others, or find all of them taken. It is free a little after its preview has gone.
local function take_place(key, bytes)
  local places, allowed = places_of(key), limits.most(key, "previews_bytes")
  for _, place in ipairs(places) do
    if ngx.shared.limits:add(place, bytes, settings.preview + 1) then
      local all = bytes_of(places)
      if all <= allowed then
        return place
      end
      ngx.shared.limits:delete(place)
      return full("the previews of the key '%s' have %d bytes with this one: %d are allowed; "
        .. "delete some, or come again when their time is over", key.id, all, allowed)
    end
  end
  return full("the key '%s' has %d previews: no more are allowed; delete some, or come again "
    .. "when their time is over", key.id, #places)
end

local function keep(request, name, pages)
  local id, user = digest.random(BYTES), request.user
  local place, why, code = take_place(request.key, #pages)
  if not place then
    return nil, why, code
  end
  local ok
  ok, why = ngx.shared.previews:set(id, ("%d %d %d %s%s%s%s"):format(#user, #name, #place, user,
    name, place, pages), settings.preview)
  if not ok then
    ngx.shared.limits:delete(place)
    return nil, "there is no room for a preview: " .. tostring(why), "ERROR_DISK_FULL"
  end
  return id
end

--- One's own, of that id: { pages =, name = of the document, place = }.
function previews.find(request, id)
  local value = type(id) == "string" and ngx.shared.previews:get(id)
  if not value then
    return missing()
  end
  local user_size, name_size, place_size, at = value:match("^(%d+) (%d+) (%d+) ()")
  local name_at = at + user_size
  local place_at = name_at + name_size
  local pages_at = place_at + place_size
  if value:sub(at, name_at - 1) ~= request.user then
    return missing()
  end
  return { pages = value:sub(pages_at), name = value:sub(name_at, place_at - 1),
    place = value:sub(place_at, pages_at - 1) }
end

-- ---- making ----

-- A text that is read as a file.
local function file_of(text)
  local at = 0
  return {
    seek = function(_, _, to)
      at = to
    end,
    read = function(_, bytes)
      return text:sub(at + 1, at + bytes)
    end,
  }
end

-- The pages of a document, TIFF/F, as fn(document) gives them or what it makes of them.
local function with_document(server, content, order, fn)
  local document, why, code = options.call(server.upload, server, content, order)
  if not document then
    return nil, why, code
  end
  local given
  given, why, code = fn(document)
  document:close()
  return given, why, code
end

local function make(request, upload, order)
  local pages, why, code = with_document(request.server, upload.content, order,
    function(document)
      return document:file()
    end)
  if not pages then
    return nil, why, code
  elseif #pages > settings.preview_bytes then
    return nil, ("its pages have more than %d bytes, too many for a preview"):format(
      settings.preview_bytes), "ERROR_FILE_TOO_LARGE", 413
  end
  return pages
end

local function told(id, name, pages, bytes)
  local sizes = {}
  for i, page in ipairs(pages) do
    sizes[i] = { width = page.width, height = page.height, x_resolution = page.x_resolution,
      y_resolution = page.y_resolution }
  end
  return { id = id, name = name, pages = #pages, width = pages[1].width,
    height = pages[1].height, sizes = json.list(sizes), bytes = bytes,
    ends = ngx.time() + settings.preview }
end

local function read(request)
  local upload, why, code, status, wait = documents.read(request)
  if not upload then
    return nil, why, code, status, wait
  elseif not upload.content then
    return nil, "there is no document", "ERROR_INVALID_DATA", 400
  end
  local order
  order, why, code, status = options.read(upload.options, options.pages)
  if not order then
    return nil, why, code, status
  end
  order.subject = upload.name
  return upload, order
end

--- POST /v1/previews
function previews.post(request)
  local upload, order, code, status, wait = read(request)
  if not upload then
    return nil, order, code, status, wait
  end
  local pages, why
  pages, why, code, status = make(request, upload, order)
  if not pages then
    return nil, why, code, status
  end
  local list, id
  list, why, code = tiff.read(file_of(pages), upload.name or "document")
  if list then
    id, why, code = keep(request, upload.name or "", pages)
  end
  if not id then
    return nil, why, code
  end
  return reply.json(201, told(id, upload.name, list, #pages),
    { Location = "/v1/previews/" .. id })
end

local with_preview = found(function(request)
  return previews.find(request, request.params.token)
end)

--- GET /v1/previews/ID/pages/N.png
previews.page = with_preview(function(request, preview)
  return pictures.answer(request, request.params.token,
    { form = "png", page = request.params.page }, function(wanted)
      return with_document(request.server, preview.pages, {}, function(document)
        return document:file(wanted)
      end)
    end)
end)

--- DELETE /v1/previews/ID
previews.remove = with_preview(function(request, preview)
  ngx.shared.previews:delete(request.params.token)
  ngx.shared.limits:delete(preview.place)
  return reply.empty()
end)

return previews
