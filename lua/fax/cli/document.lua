-- SPDX-License-Identifier: MIT
-- The document of the demo: a PDF of three pages, written by hand so that the
-- demo needs no file. Text, lines, a curve and grey are on it.

local document = {}

local LINES = {
  "This page was drawn by faxctl itself, as PDF.",
  "It became TIFF/F at fine resolution and went through two",
  "fax machines that talked through real modems.",
  "Nothing of it left this computer.",
}

local function text(x, y, size, words)
  return ("BT /F1 %d Tf %d %d Td (%s) Tj ET"):format(size, x, y,
    (words:gsub("[\\()]", "\\%0")))
end

local function rays()
  local out = {}
  for angle = 0, 175, 5 do
    local x, y = math.cos(math.rad(angle)), math.sin(math.rad(angle))
    out[#out + 1] = ("%.1f %.1f m %.1f %.1f l S"):format(297 + 20 * x, 230 + 20 * y,
      297 + 200 * x, 230 + 200 * y)
  end
  return table.concat(out, "\n")
end

local function steps()
  local out = {}
  for i = 0, 9 do
    out[#out + 1] = ("%.1f g %d 200 42 120 re f"):format(i / 10, 72 + i * 45)
  end
  out[#out + 1] = "0 g"
  return table.concat(out, "\n")
end

local function curve()
  return "2 w 72 200 m 200 500 400 -60 523 300 c S 0.5 w 72 200 451 120 re S"
end

local drawings = { rays, steps, curve }

local function content(page, pages)
  local parts = {
    "0.5 w 60 60 475 722 re S",
    text(72, 720, 28, ("Page %d of %d"):format(page, pages)),
  }
  for i, line in ipairs(LINES) do
    parts[#parts + 1] = text(72, 690 - 22 * i, 14, line)
  end
  parts[#parts + 1] = drawings[(page - 1) % #drawings + 1]()
  return table.concat(parts, "\n")
end

--- The PDF as a string.
function document.pdf(pages)
  local objects, kids = {}, {}
  for page = 1, pages do
    local stream = content(page, pages)
    kids[page] = ("%d 0 R"):format(2 + 2 * page)
    objects[2 + 2 * page] = ("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
      .. "/Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"):format(3 + 2 * page)
    objects[3 + 2 * page] = ("<< /Length %d >>\nstream\n%s\nendstream"):format(#stream, stream)
  end
  objects[1] = "<< /Type /Catalog /Pages 2 0 R >>"
  objects[2] = ("<< /Type /Pages /Count %d /Kids [%s] >>"):format(pages,
    table.concat(kids, " "))
  objects[3] = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
  local out, offset, table_of = { "%PDF-1.4\n" }, 9, {}
  for i, object in ipairs(objects) do
    local whole = ("%d 0 obj\n%s\nendobj\n"):format(i, object)
    table_of[i] = ("%010d 00000 n \n"):format(offset)
    out[#out + 1] = whole
    offset = offset + #whole
  end
  out[#out + 1] = ("xref\n0 %d\n0000000000 65535 f \n%s"):format(#objects + 1,
    table.concat(table_of))
  out[#out + 1] = ("trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"):format(
    #objects + 1, offset)
  return table.concat(out)
end

return document
