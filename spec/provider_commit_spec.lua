-- SPDX-License-Identifier: MIT
-- Providers in Lua note the end of each page before the other machine is told
-- of it; on the virtual clock.
local helper = require "spec.helper"
local support = require "spec.support.provider"

describe("the end of a page", function()
  local folder, stage
  local attach = support.attach

  setup(function()
    folder = helper.folder()
    helper.tiff(folder, 3)
  end)

  teardown(helper.clean)

  before_each(function()
    stage = support.new(folder .. "/3.tif", { retry_delay = 60 })
  end)

  after_each(function()
    stage:stop()
  end)

  -- The last attempt of a job, sent by this function.
  local function outcome_of(send)
    attach { send = send }
    local job = stage:send()
    job:wait(100000)
    return support.last_attempt(job)
  end

  it("is noted on the disk", function()
    local said = {}
    local last = outcome_of(function(job)
      said[0] = job:commit(0)
      for page in job:pages() do
        said[page.number] = job:commit(page.number)
        job:status("FS_TRANSMITTING", { page = page.number, pages_confirmed = page.number })
      end
      return "FS_COMPLETED"
    end)
    assert.same({ [0] = true, true, true, true }, said)
    assert.equal("FS_COMPLETED", last.status)
    assert.equal(0, last.doubt)
    assert.equal(1, last.first_page)
  end)

  it("is not, of a page that cannot be", function()
    local codes = {}
    outcome_of(function(job)
      codes[1] = select(3, job:commit(4))
      codes[2] = select(3, job:commit(4294967295))
      return "FS_COMPLETED"
    end)
    assert.same({ "ERROR_INVALID_PARAMETER", "ERROR_INVALID_PARAMETER" }, codes)
  end)

  it("is not, once the operation is to be given up", function()
    local code, started
    attach { send = function(operation)
      started = true
      operation:sleep(1e6)
      code = select(3, operation:commit(1))
    end }
    local job = stage:send()
    support.run_until(function()
      return started
    end)
    assert(job:abort())
    job:wait(1000)
    assert.equal("ERROR_OPERATION_ABORTED", code)
  end)

  it("is in doubt when nobody ends the operation", function()
    local result = outcome_of(function(job)
      assert(job:commit(1))
      job._box:close()
    end)
    assert.equal("provider_lost", result.cause)
    assert.equal(1, result.doubt)
    assert.matches("page 1 may have arrived twice", result.evidence)
  end)
end)
