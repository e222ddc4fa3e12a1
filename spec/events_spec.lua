-- SPDX-License-Identifier: MIT
-- Events in Lua: order, the extended record, slow readers, who gets what and for
-- how long. Each port:set raises one event before it returns.
local fax = require "fax"
local helper = require "spec.helper"

local BACKLOG = 16

describe("events", function()
  local server, port

  local function start(options)
    server = helper.connect(options)
    port = assert(server:open_port(1, "modify"))
  end

  before_each(function()
    if helper.over then
      assert(fax.clock.virtual(1.6e9))
    end
  end)

  after_each(function()
    helper.tear_down()
    if helper.over then
      assert(fax.clock.real())
    end
  end)

  local function change(times)
    for _ = 1, times or 1 do
      assert(port:set { rings = 3 })
    end
    helper.heard()
  end

  -- Dispatches all that is there, and nothing that is to come.
  local function settle()
    helper.heard()
    repeat until assert(fax.loop():poll(0)) == 0
  end

  local function collect(kind, from)
    local list = {}
    local subscription = assert((from or server):on(kind, function(event)
      list[#list + 1] = event
    end))
    return list, subscription
  end

  local function run_until(done)
    local loop, deadline = fax.loop(), fax.clock.now() + 60
    while not done() and fax.clock.now() < deadline do
      loop:poll(deadline - fax.clock.now())
    end
    assert.is_true(done())
  end

  -- A job that rests until someone ends it.
  local function resting()
    local path = helper.pdf(helper.folder())
    return assert(server:send(path, { to = "102", at = os.time() + 36000 }))
  end

  -- Each follows on from the one before it, or says how many were missed.
  local function is_complete(list)
    for i = 2, #list do
      assert.equal(list[i - 1].sequence + (list[i].missed or 1), tonumber(list[i].sequence))
    end
  end

  describe("the extended record", function()
    it("tells of each attempt and page of a job, in order", function()
      start()
      local list = collect "any"
      local job = assert(server:send(helper.pdf(helper.folder(), 2),
        { to = "102", device = 1 }))
      assert.is_true(job:wait(60))
      run_until(function() -- either side is over, in whichever order
        local sent, received = false, false
        for _, event in ipairs(list) do
          local deleted = event.name == "FEI_DELETED"
          sent = sent or deleted and event.job_id == job.id
          received = received or event.name == "FEI_FAX_RECEIVED"
            or deleted and event.job_id ~= job.id
        end
        return sent and received
      end)
      is_complete(list)
      local names, pages, last = {}, {}, nil
      for _, event in ipairs(list) do
        assert.is_nil(event.missed)
        if event.job_id == job.id then
          if event.name ~= last then
            names[#names + 1], last = event.name, event.name
          end
          if event.name == "FEI_SENDING" and event.page then
            pages[#pages + 1] = event.page
          end
          assert.equal("job", event.kind)
          assert.is_table(event.queue_status)
          assert.equal(event.name ~= "FEI_JOB_QUEUED" and 1 or nil, event.attempt)
        end
      end
      assert.same({ "FEI_JOB_QUEUED", "FEI_INITIALIZING", "FEI_DIALING", "FEI_SENDING",
        "FEI_COMPLETED", "FEI_DELETED" }, names)
      assert.equal(1, pages[1])
      assert.equal(2, pages[#pages])
      table.sort(pages)
      assert.equal(2, pages[#pages])
    end)

    it("has the cause, and the number of the attempt (JOB-32)", function()
      start { retries = 1, retry_delay = 0 }
      assert(assert(server:open_port(2, "modify")):set { receive = false })
      local list = collect "job"
      local job = assert(server:send(helper.pdf(helper.folder()), { to = "102", device = 1 }))
      local _, _, code = job:wait(120)
      assert.equal("ERROR_FAX_FAILED", code)
      -- A job that is over already is not waited for, and no event was taken then.
      local failures
      run_until(function()
        failures = {}
        for _, event in ipairs(list) do
          if event.name == "FEI_NO_ANSWER" then
            failures[#failures + 1] = event
          end
        end
        return #failures >= 2
      end)
      assert.equal(2, #failures)
      for i, event in ipairs(failures) do
        assert.equal(i, event.attempt)
        assert.is_string(event.cause)
        assert.is_string(event.evidence)
      end
      assert.same({ "JS_RETRIES_EXCEEDED" }, failures[2].queue_status)
      assert.equal("failed", failures[2].outcome)
    end)

    it("tells of ports and of the configuration, by kind (EVT-22)", function()
      start()
      local ports, gaps, jobs = collect "port", collect "gap", collect "job"
      change(2)
      resting():abort()
      settle()
      assert.equal(2, #ports)
      assert.equal("FEI_FAX_PORT_CHANGED", ports[1].name)
      assert.equal(1, ports[1].device_id)
      assert.is_nil(ports[1].queue_status)
      assert.equal(2, #jobs)
      assert.same({ "JS_PENDING" }, jobs[1].queue_status)
      assert.equal("cancelled", jobs[2].outcome)
      assert.equal(0, #gaps)
    end)
  end)

  describe("to a slow reader", function()
    before_each(function()
      start { event_backlog = BACKLOG }
    end)

    it("are bounded, and what was missed is counted", function()
      local list = collect "any"
      change(BACKLOG + 4)
      settle()
      assert.equal(BACKLOG + 1, #list)
      local gap = list[#list]
      assert.equal("gap", gap.kind)
      assert.equal("FEI_FAX_MISSED", gap.name)
      assert.equal(4, gap.missed)
      assert.is_number(gap.time)
      change(2)
      settle()
      assert.equal(BACKLOG + 3, #list)
      is_complete(list)
    end)

    it("tell the gap whatever the kind, and once to each", function()
      local jobs, gaps, received = collect "job", collect "gap", collect "received"
      change(20)
      settle()
      for _, list in ipairs { jobs, gaps, received } do
        assert.equal(1, #list)
        assert.equal("FEI_FAX_MISSED", list[1].name)
      end
    end)

    it("wake whoever waits for a job whose end was missed", function()
      local job, loop, list = resting(), fax.loop(), collect "job"
      local ok, code
      loop:spawn(function()
        local _
        ok, _, code = job:wait(30)
        loop:stop()
      end)
      loop:poll(0)
      change(BACKLOG)
      assert(job:abort())
      loop:run()
      assert.is_nil(ok)
      assert.equal("ERROR_CANCELLED", code)
      for _, event in ipairs(list) do
        assert.are_not.equal("FEI_DELETED", event.name)
      end
    end)

    it("let it wait on for a job that goes on", function()
      local job, loop = resting(), fax.loop()
      local done, code
      loop:spawn(function()
        local _
        _, _, code = job:wait(60)
        done = true
      end)
      loop:poll(0)
      change(BACKLOG + 5)
      settle()
      assert.is_nil(done)
      assert(job:abort())
      run_until(function()
        return done
      end)
      assert.equal("ERROR_CANCELLED", code)
    end)

    it("end with the end of the service all the same (EVT-6)", function()
      local services, step = collect "service", server:events()
      change(BACKLOG * 2)
      assert(fax.service:stop { timeout = 30 })
      settle()
      assert.equal("FEI_FAX_MISSED", services[1].name)
      assert.equal("FEI_FAXSVC_ENDED", services[2].name)
      local last
      for event in step do
        last = event
      end
      assert.equal("FEI_FAXSVC_ENDED", last.name)
    end)
  end)

  describe("through an iterator", function()
    it("come by kind, with the gaps", function()
      start { event_backlog = BACKLOG }
      local job = resting()
      local step = server:events "job"
      change(2)
      assert(job:abort())
      change(BACKLOG)
      assert.equal("FEI_DELETED", step().name)
      local gap = step()
      assert.equal("gap", gap.kind)
      assert.equal(3, gap.missed)
    end)

    it("are kept to a bound; the oldest stay", function()
      start()
      local limit, step = 10000, server:events()
      local count = limit + 100
      for i = 1, count do
        change()
        if i % 200 == 0 or i == count then
          settle()
        end
      end
      local list = {}
      for i = 1, limit do
        list[i] = step()
        assert.is_nil(list[i].missed)
      end
      change() -- there is room again
      settle()
      local gap = step()
      assert.equal("FEI_FAX_MISSED", gap.name)
      assert.equal(100, gap.missed)
      list[limit + 1], list[limit + 2] = gap, step()
      assert.equal("FEI_FAX_PORT_CHANGED", list[limit + 2].name)
      is_complete(list)
    end)

    it("are waited for in coroutines, each with its own place", function()
      start()
      local loop, seen = fax.loop(), { {}, {} }
      for reader = 1, 2 do
        loop:spawn(function()
          for event in server:events "port" do
            table.insert(seen[reader], event.sequence)
            if #seen[reader] == 3 * reader then
              break
            end
          end
        end)
      end
      loop:spawn(function()
        for _ = 1, 6 do
          change()
          coroutine.yield()
        end
      end)
      assert.is_true(loop:run())
      assert.equal(3, #seen[1])
      assert.equal(6, #seen[2])
      for i = 1, 3 do
        assert.equal(seen[2][i], seen[1][i])
      end
    end)

    it("end for a coroutine that waits when it is closed", function()
      start()
      local loop, ended = fax.loop(), false
      local step, _, _, closer = server:events()
      loop:spawn(function()
        assert.is_nil(step())
        ended = true
      end)
      loop:poll(0)
      closer:close()
      assert.is_true(loop:run())
      assert.is_true(ended)
      assert.is_nil(step())
    end)

    it("go on after the server handle is closed (CONN-10)", function()
      start()
      local job, step = resting(), server:events "job"
      local other = assert(fax.connect())
      server:close()
      assert(other:job(job.id):abort())
      assert.equal("FEI_DELETED", step().name)
      other:close()
    end)
  end)

  describe("a subscription", function()
    before_each(function()
      start()
    end)

    it("may be closed in its own callback, within a batch", function()
      local seen, subscription = 0, nil
      subscription = assert(server:on("port", function()
        seen = seen + 1
        subscription:close()
      end))
      change(3)
      settle()
      assert.equal(1, seen)
      assert.is_true(subscription:closed())
    end)

    it("may be closed by another's callback, with events in the batch", function()
      -- Over the socket either may hear first: that one closes the other.
      local heard, subscriptions = { 0, 0 }, {}
      for i = 1, 2 do
        subscriptions[i] = assert(server:on("port", function()
          heard[i] = heard[i] + 1
          subscriptions[3 - i]:close()
        end))
      end
      change(3)
      settle()
      assert.same({ 0, 3 }, { math.min(heard[1], heard[2]), math.max(heard[1], heard[2]) })
      assert.is_true(subscriptions[heard[1] == 0 and 1 or 2]:closed())
      assert.is_false(subscriptions[heard[1] == 0 and 2 or 1]:closed())
    end)

    it("made in a callback gets what comes from then on", function()
      local list
      assert(server:on("port", function()
        list = list or collect "port"
      end))
      change(2)
      settle()
      assert.equal(0, #list)
      change()
      settle()
      assert.equal(1, #list)
    end)

    it("gets what its rights allow (SEC-9, EVT-19)", function()
      local someone = assert(fax.connect { rights = { "FAX_JOB_SUBMIT" }, user = "someone" })
      local none = collect("any", someone)
      local ports = collect("any", assert(fax.connect { rights = { "FAX_PORT_QUERY" } }))
      change(2)
      resting():abort()
      settle()
      assert.equal(0, #none)
      assert.equal(4, #ports) -- the jobs are its own user's
      assert.equal("port", ports[1].kind)
    end)
  end)

  describe("arguments", function()
    it("of a wrong kind are raised where they were given", function()
      start()
      local line = debug.getinfo(1, "l").currentline + 1
      local _, err = pcall(function() server:on("nonsense", print) end)
      assert.matches("events_spec.lua:" .. line .. ": server:on: kind must be", err)
      line = debug.getinfo(1, "l").currentline + 1
      _, err = pcall(function() server:events("nonsense") end)
      assert.matches("events_spec.lua:" .. line .. ": server:events: kind must be", err)
      assert.has_error(function() server:on("job") end)
      assert.has_error(function() server:on(nil, print) end)
    end)

    it("of a service are checked", function()
      local function refused(options)
        options.directory = helper.folder()
        return select(3, fax.service.start(options))
      end
      assert.equal("ERROR_INVALID_PARAMETER", refused { event_backlog = 15 })
      assert.equal("ERROR_INVALID_PARAMETER", refused { event_backlog = 0 })
      for _, bad in ipairs { "lax_ports", { "nonsense" }, { 1 }, 4 } do
        local _, err = pcall(fax.service.start, { compat = bad })
        assert.matches("compat", err)
      end
      assert(fax.service.start { directory = helper.folder(), event_backlog = BACKLOG,
        recipients_limit = 3, compat = { "one_queue", "lax_ports", "one_queue" } })
    end)
  end)
end)
