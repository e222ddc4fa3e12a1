-- SPDX-License-Identifier: MIT
-- A function in the place of the retry rules; on the virtual clock.
local fax = require "fax"
local helper = require "spec.helper"

describe("a policy function", function()
  local path, folder, server, log

  before_each(function()
    path = helper.tiff(helper.folder(), 1)
    folder = helper.folder()
    log = folder .. "/log"
    assert(fax.clock.virtual(1.6e9))
    server = helper.connect { directory = folder, retries = 2, retry_delay = 100, log = log,
      adopt = true }
  end)

  after_each(function()
    fax.loop().on_error = nil
    helper.tear_down()
    assert(fax.clock.real())
  end)

  local function sent(number, options)
    return helper.failed(server, path, helper.merged({ to = number }, options))
  end

  local function logged(text)
    assert.is_true(server:set_logging_categories { outbound = "max" })
    helper.stop()
    return helper.read(log):find(text, 1, true) ~= nil
  end

  it("decides, and may go beyond the limits of the rules", function()
    local seen = {}
    local policy = assert(server:policy(function(job, attempts, cause, history, usual)
      seen[#seen + 1] = ("%s %d %s %d %s"):format(job.number, #attempts, cause, history.failures,
        usual.decision)
      return #attempts < 5 and #attempts * 10 or false
    end))
    local gaps, attempts = sent("+9999999101")
    assert.same({ 10, 20, 30, 40 }, gaps)
    assert.equal("by a program: given up", attempts[5].reason)
    assert.equal("give_up", attempts[5].decision)
    assert.equal("by a program: again in 40 s", attempts[4].reason)
    assert.equal(40, attempts[4].delay)
    assert.equal("+9999999101 1 busy 1 retry", seen[1])
    assert.equal("+9999999101 5 busy 5 give_up", seen[5])
    policy:close()
    assert.is_true(policy:closed())
    assert.same({ 100, 100 }, (sent("+9999999101")))
    assert.equal(5, #seen)
  end)

  it("chooses the transport, within what the job allows", function()
    local policy = assert(server:policy(function(_, attempts)
      if #attempts == 1 then
        return { delay = 5, max_rate = 4800, reason = "slowly" }
      end
      return #attempts == 2 and { delay = 6, max_rate = 14400 }
    end))
    local gaps, attempts = sent("+9999999221", { max_rate = 9600 })
    assert.same({ 5, 6 }, gaps)
    assert.equal(9600, attempts[1].rate)
    assert.equal(4800, attempts[2].rate)
    assert.equal(9600, attempts[3].rate)
    assert.equal("by a program: again in 5 s: slowly", attempts[1].reason)
    policy:close()
  end)

  it("is not asked of what is final", function()
    local policy = assert(server:policy(function()
      error "asked"
    end))
    local gaps, attempts = sent("999")
    assert.same({}, gaps)
    assert.equal("final", attempts[1].decision)
    policy:close()
  end)

  it("leaves it to the rules when it gives nothing", function()
    local policy = assert(server:policy(function() end))
    local gaps, attempts = sent("+9999999101")
    assert.same({ 100, 100 }, gaps)
    assert.equal("busy: again in 100 s, attempt 2 of at most 3", attempts[1].reason)
    policy:close()
  end)

  it("leaves it to the rules when it fails, or is wrong", function()
    local errors = {}
    fax.loop().on_error = function(err)
      errors[#errors + 1] = err
    end
    local policy = assert(server:policy(function(_, attempts)
      if #attempts == 1 then
        error "no idea"
      elseif #attempts == 2 then
        return "soon"
      end
    end))
    assert.same({ 100, 100 }, (sent("+9999999101")))
    assert.equal(2, #errors)
    assert.matches("no idea", errors[1])
    assert.matches("not a string", errors[2])
    policy:close()
    assert.is_true(logged("no idea"))
  end)

  it("says its own error, whatever is in it, and when it closed the policy", function()
    local errors, policy = {}, nil
    fax.loop().on_error = function(err)
      errors[#errors + 1] = err
    end
    policy = assert(server:policy(function(_, attempts)
      if #attempts == 1 then
        return { delay = 5, ["no\0idea"] = true }
      end
      policy:close()
      error "none at all"
    end))
    assert.same({ 100, 100 }, (sent("+9999999101")))
    assert.equal(2, #errors)
    assert.matches("unknown option 'no", errors[1])
    assert.matches("none at all", errors[2])
    assert.is_true(logged("unknown option 'no?idea'"))
  end)

  it("is not asked for more than a text can say", function()
    local policy = assert(server:policy(function(_, attempts)
      local reason = #attempts == 1 and ("\195\164"):rep(300) or "\255"
      return #attempts < 4 and { delay = 5, reason = reason }
    end))
    fax.loop().on_error = function() end
    local _, attempts = sent("+9999999101")
    assert.equal("by a program: again in 5 s: " .. ("\195\164"):rep(113), attempts[1].reason)
    assert.equal("busy: again in 100 s, attempt 3 of at most 3", attempts[2].reason)
    policy:close()
  end)

  it("leaves it to the rules when nobody polls", function()
    local policy = assert(server:policy(function()
      return false
    end))
    local job = assert(server:send(path, { to = "+9999999101" }))
    repeat
      fax.clock.wait(1)
      local first = job:result().attempts[1]
    until first and first.ended
    assert.equal("a program is asked what becomes of it",
      server:explain_policy(job.id).reason)
    fax.clock.wait(20)
    assert.equal("busy: again in 100 s, attempt 2 of at most 3",
      server:explain_policy(job.id).reason)
    policy:close()
    assert.is_true(logged("no answer from the program within 10 s"))
  end)

  -- A fax whose policy is asked: nobody has polled yet.
  local function ask(fn)
    local policy = assert(server:policy(fn))
    local job = assert(server:send(path, { to = "+9999999101" }))
    repeat
      fax.clock.wait(1)
      local first = job:result().attempts[1]
    until first and first.ended
    return job, policy
  end

  it("lets a job be paused and deleted that it is asked of", function()
    local asked = 0
    local job, policy = ask(function()
      asked = asked + 1
      return 50
    end)
    assert.is_true(job:pause())
    fax.clock.wait(1000)
    local flags = table.concat(job:info().queue_status, " ")
    assert.matches("JS_RETRYING", flags)
    assert.matches("JS_PAUSED", flags)
    fax.loop():poll(0)
    assert.equal(1, asked)
    assert.equal("by a program: again in 50 s", job:result().attempts[1].reason)
    assert.is_true(job:delete())
    assert.equal("cancelled", job:result().outcome)
    policy:close()
    local other, second = ask(function()
      return 50
    end)
    assert.is_true(other:abort())
    fax.loop():poll(0) -- its answer comes too late, and does nothing
    assert.equal("cancelled", other:result().outcome)
    second:close()
  end)

  it("loses nothing when the service stops while it is asked", function()
    local job, policy = ask(function()
      return false
    end)
    helper.stop()
    policy:close()
    server = helper.connect { directory = folder, retries = 2, retry_delay = 100, adopt = true }
    local again = server:job(job.id)
    assert.is_nil((again:wait()))
    local attempts = again:result().attempts
    assert.equal(3, #attempts)
    assert.equal("retry", attempts[1].decision)
    assert.equal(100, attempts[1].delay)
  end)

  it("ends with the service, so that the loop does", function()
    local policy = assert(server:policy(function() end))
    fax.loop():spawn(function()
      fax.loop():sleep(5)
      server:close()
      fax.service.stop()
    end)
    assert.is_true(fax.loop():run())
    assert.is_true(policy:closed())
  end)

  it("decides alone: a second one is refused", function()
    local policy = assert(server:policy(function() end))
    local second, why, code = server:policy(function() end)
    assert.is_nil(second)
    assert.equal("ERROR_ALREADY_EXISTS", code, why)
    policy:close()
    second = assert(server:policy(function() end))
    second:close()
    local reader = assert(fax.connect { rights = "FAX_CONFIG_QUERY" })
    second, why, code = reader:policy(function() end)
    assert.is_nil(second)
    assert.equal("ERROR_ACCESS_DENIED", code, why)
    reader:close()
    assert.has_error(function()
      server:policy(5)
    end)
  end)
end)
