-- SPDX-License-Identifier: MIT
-- FaxReadFile: a fax as a PDF, and as exact pictures of its pages.
local helper = require "spec.helper"

-- Rows of 1728 pixels in MMR: white to the middle, black from there on.
local FIRST = "001" .. "011010010" .. "00011011" .. "0000001001101" .. "000001101010"
local AGAIN, WHITE, END = "11", "0001" .. "1", "000000000001000000000001"

local function coded(bits)
  bits = bits .. ("0"):rep(-#bits % 8)
  return (bits:gsub("........", function(byte)
    return string.char(tonumber(byte, 2))
  end))
end

local function little(value, bytes)
  local out = {}
  for i = 1, bytes do
    out[i] = string.char(value % 256)
    value = math.floor(value / 256)
  end
  return table.concat(out)
end

-- A TIFF/F of one page: `half` rows like that, then as many white ones.
local function tiff(half, y_resolution)
  local data = coded(FIRST .. AGAIN:rep(half - 1) .. WHITE .. ("1"):rep(half - 1) .. END)
  local at = 8 + #data + #data % 2
  local tags = { { 254, 4, 2 }, { 256, 4, 1728 }, { 257, 4, 2 * half }, { 258, 3, 1 },
    { 259, 3, 4 }, { 262, 3, 0 }, { 266, 3, 1 }, { 273, 4, 8 }, { 277, 3, 1 },
    { 278, 4, 2 * half }, { 279, 4, #data }, { 282, 5, at }, { 283, 5, at + 8 },
    { 293, 4, 0 }, { 296, 3, 2 } }
  local text = { "II*\0", little(at + 16, 4), data, ("\0"):rep(#data % 2),
    little(204, 4), little(1, 4), little(y_resolution, 4), little(1, 4), little(#tags, 2) }
  for _, tag in ipairs(tags) do
    text[#text + 1] = little(tag[1], 2) .. little(tag[2], 2) .. little(1, 4) .. little(tag[3], 4)
  end
  return table.concat(text) .. little(0, 4)
end

-- Says of a PNG: width, height, bits, dots per metre, and the rows as runs of the same.
local PYTHON = [[
import sys, zlib, struct
d = open(sys.argv[1], "rb").read()
at, data, head, dots = 8, b"", None, None
while at < len(d):
    n, kind = struct.unpack(">I4s", d[at:at + 8])
    body = d[at + 8:at + 8 + n]
    if kind == b"IHDR": head = struct.unpack(">IIBB", body[:10])
    if kind == b"pHYs": dots = struct.unpack(">II", body[:8])
    if kind == b"IDAT": data += body
    at += n + 12
raw, w = zlib.decompress(data), (head[0] + 7) // 8
rows, before = [], bytes(w)
for y in range(head[1]):
    kind, row = raw[y * (w + 1)], bytearray(raw[y * (w + 1) + 1:(y + 1) * (w + 1)])
    for x in range(w):
        left, up = row[x - 1] if x else 0, before[x]
        upleft = before[x - 1] if x else 0
        paeth = min((abs(up - upleft), 0, left), (abs(left - upleft), 1, up),
                    (abs(left + up - 2 * upleft), 2, upleft))[2]
        row[x] = row[x] + (0, left, up, (left + up) // 2, paeth)[kind] & 255
    before = bytes(row)
    rows.append(before.hex())
runs = []
for row in rows:
    if runs and runs[-1][0] == row: runs[-1][1] += 1
    else: runs.append([row, 1])
print(*head, *dots)
for row, n in runs: print(n, row)
]]

describe("FaxReadFile", function()
  local folder, server

  before_each(function()
    folder = helper.folder()
    server = helper.connect()
  end)

  after_each(function()
    server:close()
    helper.tear_down()
  end)

  local function look(png)
    local path = helper.write(folder .. "/page.png", png)
    return helper.lines(("python3 %s %s"):format(helper.write(folder .. "/look.py", PYTHON), path))
  end

  it("gives a page's own pixels, black and white, and rows twice where they are half as fine",
    function()
      for resolution, times in pairs { [196] = 1, [98] = 2 } do
        local document = assert(server:prepare(helper.write(folder .. "/own.tif",
          tiff(100, resolution)), { resolution = times == 2 and "standard" or "fine" }))
        local lines = look(assert(document:file { form = "png", page = 1 }))
        assert.equal(("1728 %d 1 0 8031 7717"):format(200 * times), lines[1])
        assert.same({ ("%d %s%s"):format(100 * times, ("ff"):rep(108), ("00"):rep(108)),
          ("%d %s"):format(100 * times, ("ff"):rep(216)) }, { lines[2], lines[3] })
        assert.equal(3, #lines)
        document:close()
      end
    end)

  it("gives the pages of a document, a job, an archived and a received fax", function()
    server:set_configuration { archive_outgoing_faxes = true, archive_directory = folder }
    local document = assert(server:prepare(helper.pdf(folder, 3)))
    local job = assert(server:send(document, { to = "102", hold = true }))
    local received, picture = server:events "received", { form = "png", page = 3 }
    local pages = assert(document:file(picture))
    assert.equal(pages, assert(job:file(picture)))
    assert.equal(assert(job:file()), assert(document:file()))
    assert.equal("%PDF", assert(job:file { form = "pdf" }):sub(1, 4))
    assert(job:resume())
    assert(job:wait(60))
    local arrived = received()
    assert.equal(pages, assert(server:received_file(arrived.job_id, picture)))
    local sent = assert(server:archive { folder = "sent" })[1]
    assert.equal(pages, assert(server:archived_file(sent.id, picture)))
    assert.equal("%PDF", assert(server:archived_file(sent.id, { form = "pdf" })):sub(1, 4))
    document:close()
    helper.fails("ERROR_INVALID_HANDLE", document:file())
  end)

  it("is made by fax-render, which wants a page and a folder for that", function()
    for _, words in ipairs { "--exact --page 0 --png .", "--page 1 --png .", "--exact --page 1",
      "--exact --page 1 --png . --pdf x.pdf", "--exact --page x --png ." } do
      assert.equal(2, helper.run(("%s/fax/fax-render %s x.tif"):format(helper.build,
        words)).status)
    end
  end)

  it("refuses pages and forms that are not there, and leaves nothing behind", function()
    local document = assert(server:prepare(helper.pdf(folder, 2)))
    helper.fails("ERROR_INVALID_PARAMETER", document:file { form = "png", page = 3 })
    helper.fails("ERROR_INVALID_PARAMETER", document:file { form = "png" })
    helper.fails("ERROR_INVALID_PARAMETER", document:file { form = "pdf", page = 1 })
    assert.has_error(function() document:file { form = "gif" } end)
    assert.has_error(function() document:file { page = "1" } end)
    helper.fails("ERROR_INVALID_PARAMETER", server:job(99):file { form = "png", page = 1 })
    local spool = #helper.lines(("find %s -name '*work-*'"):format(folder))
    assert.equal(0, spool)
    document:close()
  end)
end)
