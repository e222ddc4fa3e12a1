-- SPDX-License-Identifier: MIT
-- faxctl numbers and faxctl policy, over a directory that an earlier service left.
local fax = require "fax"
local helper = require "spec.helper"

describe("faxctl", function()
  local folder, here

  -- One fax that is busy twice and is given up, one that waits for its retry.
  local function leave_jobs()
    local path = helper.tiff(helper.folder(), 1)
    assert(fax.clock.virtual(os.time()))
    local server = helper.connect { directory = folder .. "/state", retries = 1,
      retry_delay = 600 }
    local over = assert(server:send(path, { to = "+9999999101" }))
    over:wait()
    assert(over:delete())
    local waiting = assert(server:send(path, { to = "+9999999102" }))
    repeat
      fax.clock.wait(1)
      local first = waiting:result().attempts[1]
    until first and first.ended
    helper.stop()
    assert(fax.clock.real())
    return over.id, waiting.id
  end

  before_each(function()
    folder = helper.folder()
    here = " --directory " .. folder .. "/state"
  end)

  after_each(function()
    helper.tear_down()
    assert(fax.clock.real())
  end)

  local function runs(status, arguments)
    local done = helper.faxctl(arguments)
    assert.equal(status, done.status, done.err .. done.out)
    return done
  end

  it("numbers: lists, shows, sets and forgets", function()
    assert.matches("^number +calls", runs(0, "numbers" .. here).out)
    local done = runs(0, "numbers set +49-30-123 --max-rate 9600 --no-ecm --pin" .. here)
    assert.matches("\n%+4930123 .* 9600 bit/s, no ECM, pinned\n$", done.out)
    assert.matches("%+4930123", runs(0, "numbers list" .. here).out)
    done = runs(0, "numbers show +4930123 --json" .. here)
    assert.matches('"max_rate":9600', done.out)
    assert.matches('"pinned":true', done.out)
    runs(0, "numbers set +4930123 --ecm --unpin" .. here)
    assert.matches(" 9600 bit/s\n$", runs(0, "numbers show +4930123" .. here).out)
    runs(0, "numbers forget +4930123" .. here)
    assert.matches("nothing is known of the number %+4930123",
      runs(1, "numbers show +4930123" .. here).err)
    assert.matches("name the number", runs(2, "numbers set" .. here).err)
    assert.matches("list, show, set or forget, not 'eat'", runs(2, "numbers eat" .. here).err)
    assert.matches("max_rate is 5", runs(1, "numbers set 1 --max-rate 5" .. here).err)
  end)

  it("policy explain: says what comes next, and why", function()
    local over, waiting = leave_jobs()
    local done = runs(0, ("policy explain %d"):format(over) .. here)
    assert.matches("^job %d+ to %+9999999101: busy: given up, the limit of 1 further attempts",
      done.out)
    assert.matches("\nattempt 1, .*: busy: again in 600 s, attempt 2 of at most 2\n", done.out)
    done = runs(0, ("policy explain %d"):format(waiting) .. here .. " --retries 1")
    assert.matches("^job %d+ to %+9999999102: no answer: again in 600 s", done.out)
    assert.matches("\nnot before 20", done.out)
    assert.matches("\nno_answer +1 +%- .*given up", done.out)
    done = runs(0, ("policy explain %d --json"):format(waiting) .. here)
    assert.matches('"reason":"no answer: again in 600 s', done.out)
    assert.matches("there is no job 99", runs(1, "policy explain 99" .. here).err)
    assert.matches("'x' is not the id of a job", runs(2, "policy explain x" .. here).err)
    assert.matches("name one job", runs(2, "policy explain" .. here).err)
  end)

  it("policy replay: decides once more, by rules or a function", function()
    local over = leave_jobs()
    local same = " --retries 1 --retry-delay 600"
    local done = runs(0, "policy replay" .. here .. same)
    assert.equal("1 jobs, 2 decisions: 0 would differ\n", done.out)
    done = runs(0, "policy replay --all --json" .. here .. same)
    assert.equal(2, select(2, done.out:gsub('"same":true', "")))
    helper.write(folder .. "/rules.lua", "return { busy = { delay = 60 } }")
    done = runs(0, "policy replay" .. here .. same .. " --policy " .. folder .. "/rules.lua")
    assert.matches("job " .. over .. " attempt 1 busy: retry after 60 s, then retry after 600 s",
      done.out)
    assert.matches("1 would differ\n$", done.out)
    helper.write(folder .. "/decide.lua", [[return function(job, attempts, cause, history)
      if cause == "busy" and #attempts == 2 and job.number == "+9999999101"
        and history.failures > 0 then
        return 7200
      end
    end]])
    done = runs(0, "policy replay" .. here .. same .. " --policy " .. folder .. "/decide.lua")
    assert.matches("attempt 2 busy: retry after 7200 s, then give up", done.out)
    helper.write(folder .. "/wrong.lua", "return function() return 'soon' end")
    done = runs(1, "policy replay" .. here .. same .. " --policy " .. folder .. "/wrong.lua")
    assert.matches("not a string", done.out)
    helper.write(folder .. "/bad.lua", "return { bussy = {} }")
    done = runs(1, "policy replay" .. here .. " --policy " .. folder .. "/bad.lua")
    assert.matches("did you mean 'busy'", done.err)
  end)
end)
