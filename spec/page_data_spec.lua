-- SPDX-License-Identifier: MIT
-- FaxGetPageData from Lua.
local fax = require "fax"
local helper = require "spec.helper"
local fails = helper.fails

describe("page_data", function()
  local server, folder
  local LATER = os.time() + 86400

  before_each(function()
    folder = helper.folder()
    server = helper.connect()
  end)

  after_each(helper.tear_down)

  it("is the first page as TIFF/F (JOB-69..71)", function()
    local job = assert(server:send(helper.pdf(folder, 3), { to = "102", at = LATER,
      paper = "a4" }))
    local page = assert(job:page_data())
    assert.equal(1728, page.width)
    assert.equal("II*\0", page.data:sub(1, 4))
    local path = helper.write(folder .. "/page.tif", page.data)
    local shown = assert(fax.render(path))
    assert.equal(1, #shown.pages)
    assert.equal(page.width, shown.pages[1].width)
    assert.equal(page.height, shown.pages[1].height)
    -- TIFF tag 259, Compression: one SHORT, 4 = MMR
    assert.is_truthy(page.data:find("\003\001\003\000\001\000\000\000\004\000", 1, true))
    local all = helper.write(folder .. "/all.tif", assert(job:file()))
    assert.equal(3, #assert(fax.render(all)).pages)
    assert.is_true(job:abort())
    fails("ERROR_INVALID_PARAMETER", job:page_data())
    fails("ERROR_INVALID_PARAMETER", job:file())
  end)

  it("is of jobs that are sent only (JOB-69)", function()
    local job = assert(server:send(helper.pdf(folder, 1), { to = "102", device = 1 }))
    local refused, id
    local subscription = server:on("job", function(event)
      if event.name == "FEI_RECEIVING" and not refused then
        id, refused = event.job_id, { server:job(event.job_id):page_data() }
      end
    end)
    assert.is_true(job:wait(60))
    subscription:close()
    if refused[3] ~= "ERROR_INVALID_PARAMETER" then -- it was over already
      assert.equal("ERROR_INVALID_DATA", refused[3], id)
    end
  end)

  it("is one's own without FAX_JOB_QUERY (SEC-9)", function()
    local mine = assert(fax.connect { rights = "FAX_JOB_SUBMIT", user = "ann" })
    local other = assert(fax.connect { rights = "FAX_JOB_SUBMIT", user = "bob" })
    local job = assert(mine:send(helper.pdf(folder, 1), { to = "102", at = LATER }))
    assert.is_table(job:page_data())
    fails("ERROR_INVALID_PARAMETER", other:job(job.id):page_data())
    assert.is_table(server:job(job.id):page_data())
    mine:close()
    fails("ERROR_INVALID_HANDLE", job:page_data())
  end)
end)
