-- SPDX-License-Identifier: MIT
-- The size of each page of a TIFF, from its directories. For the service's own
-- files: what comes from elsewhere is read by fax.render, in a process that may
-- crash.

local tiff = {}

local MOST_PAGES, MOST_ENTRIES = 10000, 1000

-- Numbers of two or four bytes, in either order.
local readers = {
  II = function(text, at, bytes)
    local value = 0
    for i = at + bytes - 1, at, -1 do
      value = value * 256 + (text:byte(i) or 0)
    end
    return value
  end,
  MM = function(text, at, bytes)
    local value = 0
    for i = at, at + bytes - 1 do
      value = value * 256 + (text:byte(i) or 0)
    end
    return value
  end,
}

local function take(file, at, bytes)
  file:seek("set", at)
  local text = file:read(bytes)
  return text and #text == bytes and text or nil
end

local WIDTH, HEIGHT, X_RESOLUTION, Y_RESOLUTION, UNIT = 256, 257, 282, 283, 296

-- Of the types that a size can have: bytes of a number. 5: two of four bytes.
local sizes = { [3] = 2, [4] = 4 }

local function value_of(file, number, text, at)
  local kind = number(text, at + 2, 2)
  if sizes[kind] then
    return number(text, at + 8, sizes[kind])
  elseif kind == 5 then
    local pair = take(file, number(text, at + 8, 4), 8)
    local below = pair and number(pair, 5, 4)
    return below and below > 0 and number(pair, 1, 4) / below or nil
  end
end

-- The tags of a directory at `at`, and where the next one is.
local function directory(file, number, at)
  local count = take(file, at, 2)
  count = count and number(count, 1, 2)
  local text = count and count <= MOST_ENTRIES and take(file, at + 2, count * 12 + 4)
  if not text then
    return nil
  end
  local tags = {}
  for i = 0, count - 1 do
    tags[number(text, i * 12 + 1, 2)] = value_of(file, number, text, i * 12 + 1)
  end
  return tags, number(text, count * 12 + 1, 4)
end

local function page_of(tags, index)
  local scale = tags[UNIT] == 3 and 2.54 or 1 -- to dots per inch
  local function dpi(value)
    return value and math.floor(value * scale + 0.5)
  end
  return {
    number = index,
    width = tags[WIDTH],
    height = tags[HEIGHT],
    x_resolution = dpi(tags[X_RESOLUTION]),
    y_resolution = dpi(tags[Y_RESOLUTION]),
  }
end

--- As tiff.pages, of what has seek and read as a file does.
function tiff.read(file, path)
  local head = take(file, 0, 8)
  local number = head and readers[head:sub(1, 2)]
  if not number or number(head, 3, 2) ~= 42 then
    return nil, path .. ": not a TIFF", "ERROR_INVALID_DATA"
  end
  local pages, at = {}, number(head, 5, 4)
  while at ~= 0 do
    local tags, following = directory(file, number, at)
    if not tags or not tags[WIDTH] or not tags[HEIGHT] or #pages == MOST_PAGES then
      return nil, ("%s: page %d cannot be read"):format(path, #pages + 1), "ERROR_INVALID_DATA"
    end
    pages[#pages + 1] = page_of(tags, #pages + 1)
    at = following
  end
  return pages
end

--- The pages of a file: { number =, width =, height =, x_resolution =,
--- y_resolution = } each, or nil, why, code.
function tiff.pages(path)
  local file, why = io.open(path, "rb")
  if not file then
    return nil, tostring(why), "ERROR_FILE_NOT_FOUND"
  end
  local pages, reason, code = tiff.read(file, path)
  file:close()
  return pages, reason, code
end

return tiff
