-- SPDX-License-Identifier: MIT
-- faxctl render: documents as fax pages, without sending.

local common = require "fax.cli.common"
local fax = require "fax"

local render = {
  name = "render",
  usage = "FILE... [--png DIR] [-o FILE]",
  summary = "show what a document looks like as a fax",
  about = "Turns the files, joined in this order, into fax pages and lists them.",
  operands = "FILE",
  options = {
    { flag = "--png", value = "DIR", help = "write page-001.png ... into this folder" },
    { flag = "--output", short = "-o", value = "FILE", help = "write the TIFF/F" },
    { flag = "--resolution", value = "WORD", choices = { "fine", "standard" },
      help = "fine or standard" },
    { flag = "--paper", value = "WORD", choices = { "auto", "a4", "letter", "legal" },
      help = "auto, a4, letter or legal" },
    { flag = "--time-limit", value = "SECONDS", kind = "number", help = "give up then (120)" },
    { flag = "--json", help = "write the description as JSON" },
  },
}

function render.run(given, to)
  if #given == 0 then
    return nil, "name the file to render"
  end
  local files = {}
  for i = 1, #given do
    files[i] = given[i]
  end
  local done, why, code = fax.render(files, {
    png = given.png,
    output = given.output,
    resolution = given.resolution,
    paper = given.paper,
    time_limit = given.time_limit,
  })
  if not done then
    return common.fail(to, why, code)
  elseif given.json then
    to.out:write(fax.json(done), "\n")
    return 0
  end
  for _, page in ipairs(done.pages) do
    to.out:write(("page %d: %d x %d at %d x %d dpi%s\n"):format(page.number, page.width,
      page.height, page.x_resolution, page.y_resolution,
      page.png and "  " .. page.png or ""))
  end
  if done.output then
    to.out:write(done.output, done.unchanged and " (unchanged)" or "", "\n")
  end
  return 0
end

return render
