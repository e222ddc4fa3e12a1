-- SPDX-License-Identifier: MIT
-- The retry policy as a program sees it, with the test numbers, on the virtual
-- clock.
local fax = require "fax"
local helper = require "spec.helper"

describe("the retry policy", function()
  local path

  before_each(function()
    path = helper.tiff(helper.folder(), 1)
    assert(fax.clock.virtual(1.6e9))
  end)

  after_each(function()
    helper.tear_down()
    assert(fax.clock.real())
  end)

  local function fails(text, options)
    local ok, why = pcall(fax.connect, options)
    assert.is_false(ok)
    assert.matches(text, why, 1, true)
  end

  -- The seconds between the attempts of a fax to that number, and its attempts.
  local function sent(server, number, options)
    return helper.failed(server, path, helper.merged({ to = number }, options))
  end

  it("says of each attempt what was decided", function()
    local server = helper.connect { retries = 1, retry_delay = 60 }
    local gaps, attempts = sent(server, "+9999999101")
    assert.same({ 60 }, gaps)
    assert.equal("busy", attempts[1].class)
    assert.equal("retry", attempts[1].decision)
    assert.equal(60, attempts[1].delay)
    assert.equal("busy: again in 60 s, attempt 2 of at most 2", attempts[1].reason)
    assert.equal("give_up", attempts[2].decision)
    assert.is_nil(attempts[2].delay)
    gaps, attempts = sent(server, "999")
    assert.same({}, gaps)
    assert.equal("final", attempts[1].class)
    assert.equal("final", attempts[1].decision)
  end)

  it("goes by rules of its own for each cause", function()
    local server = helper.connect { retries = 4, retry_delay = 600, policy = {
      busy = { delay = 60, growth = 2, cap = 150 }, no_answer = { limit = 1 } } }
    assert.same({ 60, 120, 150, 150 }, (sent(server, "+9999999101")))
    assert.same({ 600 }, (sent(server, "+9999999102")))
    assert.same({ 7, 14 }, (sent(server, "+9999999101", { retries = 2, retry_delay = 7 })))
  end)

  it("makes delays differ, the same each time", function()
    local server = helper.connect { retries = 3, retry_delay = 1000,
      policy = { busy = { jitter = 0.5 } } }
    local gaps = sent(server, "+9999999101")
    assert.is_true(gaps[1] ~= gaps[2] and gaps[2] ~= gaps[3])
    helper.tear_down()
    assert(fax.clock.real())
    path = helper.tiff(helper.folder(), 1)
    assert(fax.clock.virtual(1.6e9))
    server = helper.connect { retries = 3, retry_delay = 1000,
      policy = { busy = { jitter = 0.5 } } }
    assert.same(gaps, (sent(server, "+9999999101")))
  end)

  it("goes down the ladder when pages are rejected", function()
    local server = helper.connect { retries = 1, policy = {
      ladder = { { max_rate = 4800 } } } }
    local _, attempts = sent(server, "+9999999221")
    assert.equal("page_rejected", attempts[1].class)
    assert.is_true(attempts[1].rate > 4800)
    assert.equal(4800, attempts[2].rate)
    assert.matches("with at most 4800 bit/s$", attempts[1].reason)
  end)

  -- The rule of a cause, as it is for the job.
  local function rule_of(explanation, class)
    for _, rule in ipairs(explanation.rules) do
      if rule.class == class then
        return rule
      end
    end
  end

  it("explains what comes next, and what was", function()
    local server = helper.connect { retries = 2, retry_delay = 100,
      policy = { no_fax = { limit = 0 }, busy = { growth = 2 } } }
    assert(server:set_configuration { pause_server_queue = true })
    local job = assert(server:send(path, { to = "+9999999-101", max_rate = 9600 }))
    local e = assert(server:explain_policy(job.id))
    assert.matches("^it was not called yet", e.reason)
    assert.equal("+9999999101", e.number)
    assert.equal(9600, e.max_rate)
    assert.equal(2, e.retries)
    assert.same({}, e.attempts)
    assert.is_nil(e.history)
    assert(server:set_configuration { pause_server_queue = false })
    local waited = 0
    while #job:result().attempts < 2 or job:result().attempts[2].ended == nil do
      fax.clock.wait(1)
      waited = waited + 1
      assert.is_true(waited < 1000)
    end
    e = assert(server:explain_policy(job.id))
    assert.equal("busy: again in 200 s, attempt 3 of at most 3", e.reason)
    assert.is_true(e.next > fax.clock.wall() + 190 and e.next <= fax.clock.wall() + 200)
    assert.equal(2, e.failures)
    assert.equal(2, e.history.failures)
    assert.equal("retry", e.attempts[2].decision)
    assert.equal(200, e.attempts[2].delay)
    local rule = rule_of(e, "busy")
    assert.equal(2, rule.failures)
    assert.equal(200, rule.growth)
    assert.equal("give_up", rule.decision)
    rule = rule_of(e, "line_unavailable")
    assert.equal("retry", rule.decision)
    assert.equal(0, rule.wait)
    job:wait()
    e = assert(server:explain_policy(job.id))
    assert.matches("^busy: given up", e.reason)
    assert.is_nil(rule_of(e, "busy").decision)
    assert.equal("give_up", e.attempts[3].decision)
  end)

  it("explains what the rules of now make of jobs of an earlier run", function()
    local folder = helper.folder()
    local server = helper.connect { directory = folder, retries = 1, retry_delay = 100 }
    local job = assert(server:send(path, { to = "+9999999102" }))
    job:wait()
    assert(job:delete())
    local id = job.id
    helper.stop()
    server = helper.connect { directory = folder, retries = 5,
      policy = { no_answer = { delay = 30 } } }
    local e = assert(server:explain_policy(id))
    assert.equal("retry", e.attempts[2].decision)
    assert.equal(30, e.attempts[2].delay)
    assert.equal("give_up", assert(server:result(id)).attempts[2].decision)
    local none, why, code = server:explain_policy(12345)
    assert.is_nil(none)
    assert.equal("ERROR_INVALID_PARAMETER", code, why)
  end)

  it("refuses what makes no sense, and names the key", function()
    fails("unknown option 'bussy', did you mean 'busy'?", { policy = { bussy = {} } })
    fails("policy.busy: unknown option 'dely', did you mean 'delay'?",
      { policy = { busy = { dely = 1 } } })
    fails("policy.busy: growth must be a number from 1 to 100",
      { policy = { busy = { growth = 0 } } })
    fails("policy: ladder step 2: transport must be one of \"audio\", \"t38\"",
      { policy = { ladder = { {}, { transport = "pigeon" } } } })
    local server, why, code = fax.connect { directory = helper.folder(),
      policy = { ladder = { { max_rate = 300 } } } }
    assert.is_nil(server)
    assert.equal("ERROR_INVALID_PARAMETER", code)
    assert.matches("policy.ladder step 1: max_rate is 300", why, 1, true)
  end)
end)
