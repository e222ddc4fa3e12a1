-- SPDX-License-Identifier: MIT
-- fax.fsp.check of providers in Lua: good ones pass, and one that is wrong in one
-- way fails at the lines of that and at no other. The faults are those of
-- spec/support/fsp/faulty.lua.
local core = require "fax.core"
local fax = require "fax"
local helper = require "spec.helper"

local FAULTY = "spec/support/fsp/faulty.lua"

-- The examples that give a provider where there is no `arg`, with a number that
-- answers.
local examples = { ["lua_fsp.lua"] = "555-1234" }

local function line_of(one)
  return ("%s %s: %s"):format(one.rule, one.title, one.why or "")
end

local function failures(list)
  local lines = {}
  for _, one in ipairs(list) do
    if one.result == "fail" then
      lines[#lines + 1] = line_of(one)
    end
  end
  return lines
end

local function find(list, result, words)
  for _, one in ipairs(list) do
    if one.result == result and line_of(one):find(words, 1, true) then
      return one
    end
  end
end

-- The processes of the cases would need the sanitizer that this one was given.
local test = os.getenv("FAX_PRELOAD") and pending or it

describe("fax.fsp.check, of a provider in Lua,", function()
  after_each(helper.clean)

  local function check(order)
    return assert(fax.fsp.check(order))
  end

  local function passes(order, ...)
    local list = check(order)
    assert.same({}, failures(list))
    assert.is_true(list.passed)
    assert.equal(0, list.failed)
    for _, words in ipairs { ... } do
      assert.is_truthy(find(list, "ok", words), words)
    end
    return list
  end

  test("passes the template", function()
    local list = passes({ path = "fsp/template-lua/template.lua", options = { lines = 3 },
      number = "100" }, "FSP-40 one of three pages", "FSP-31 an abort while it sleeps",
      "FSP-16 it is replaced", "loop its loop is closed", "FSP-61 a storm of rings")
    assert.is_true(#list >= 49)
  end)

  test("passes folder, which receives what is dropped", function()
    local folder = helper.folder()
    helper.lines(("mkdir %s/out %s/in"):format(folder, folder))
    local path = helper.write(folder .. "/folder.lua", ([[
      local document = require "fax.cli.document"
      return function(options)
        local file = assert(io.open(options.inn .. "/dropped.pdf", "wb"))
        file:write(document.pdf(1))
        file:close()
        return require "fax.fsp.folder"(options)
      end]]))
    passes({ path = path, options = { "out=" .. folder .. "/out", "inn=" .. folder .. "/in" },
      number = "100" }, "FSP-40 one of three pages", "FSP-61 a call that comes by itself")
    passes({ path = "lua/fax/fsp/folder.lua", options = { out = folder .. "/out" },
      number = "100", only = "FSP-40" }, "FSP-40 one of three pages")
  end)

  for name, number in pairs(examples) do
    test("passes examples/" .. name, function()
      passes({ path = "examples/" .. name, number = number }, "FSP-40 one of three pages",
        "FSP-64 a ring is followed by receive")
    end)
  end

  -- All of them take long, as it waits for its company in real time.
  for _, cases in ipairs { "FSP-40", "FSP-31" } do
    test("passes examples/http_fsp.lua in the cases of " .. cases, function()
      passes({ path = "spec/support/fsp/http.lua", number = "5551234", only = cases }, cases)
    end)
  end

  it("has each example that can be checked in its list", function()
    for _, path in ipairs(helper.lines("grep -l 'if not arg then' examples/*.lua")) do
      assert.is_string(examples[path:match("[^/]+$")], path)
    end
  end)

  test("passes the provider of the faults without one", function()
    passes({ path = FAULTY, number = "100", bad_number = "999" },
      "FSP-40 the bad number is not reached")
  end)

  test("dials only what it is given, and says so", function()
    local list = passes { path = FAULTY, only = "FSP-40" }
    assert.equal("give it --number", find(list, "skip", "good number").why)
    assert.equal("give it --bad-number", find(list, "skip", "bad number").why)
  end)

  test("calls back with each line", function()
    local seen = {}
    local list = check { path = FAULTY, only = "FSP-11", each = function(one)
      seen[#seen + 1] = one
    end }
    assert.same(list[1], seen[1])
    assert.equal("ok", seen[1].result)
    assert.equal(#list, #seen)
  end)

  test("goes by the real clock when it is told to", function()
    local list = passes({ path = "fsp/template-lua/template.lua", number = "100",
      only = "one page", clock = "real" }, "FSP-40 a fax of one page")
    assert.equal(1, #list)
  end)

  test("is faxctl fsp check", function()
    local done = helper.faxctl("fsp check " .. FAULTY .. " --only FSP-11")
    assert.equal(0, done.status, done.err)
    assert.matches("ok   FSP%-11    closing it, and again, takes its ports away\n", done.out)
    done = helper.faxctl("fsp check " .. FAULTY .. " fault=raises_when_loaded --only FSP-9")
    assert.equal(1, done.status)
    assert.equal("FAIL FSP-9     the file gives a provider: it raised: " .. FAULTY
      .. ":17: there is no line\n", done.out)
  end)

  it("takes a table or a function, in this process", function()
    local options = { name = "mine", devices = { { name = "line" } }, send = function(job)
      for _ in job:pages() do
        if not job:sleep(1) then
          return "FS_USER_ABORT"
        end
      end
      return "FS_COMPLETED"
    end }
    passes({ provider = options, number = "1" }, "FSP-40 one of three pages",
      "FSP-31 an abort while it sleeps")
    local given
    passes { provider = function(all)
      given = all.key
      return options
    end, options = { key = 7 }, only = "FSP-9" }
    assert.equal(7, given)
    assert.is_false(fax.clock.is_virtual())
    local list = check { provider = { name = "mine" }, only = "FSP-9" }
    assert.matches("the option 'devices' is missing", list[1].why)
  end)

  it("sees of one with workers what it sends", function()
    local worker = helper.write(helper.folder() .. "/worker.lua", [[
      return { send = function(job)
        return job.number == "1" and "FS_COMPLETED" or "FS_BAD_ADDRESS", { cause = "none" }
      end }]])
    local list = passes({ provider = { name = "mine", devices = { { name = "line" } },
      worker = worker }, number = "1", bad_number = "2" }, "FSP-40 one of three pages",
      "FSP-40 the bad number", "FSP-11 closing it")
    assert.matches("its callbacks run in workers", find(list, "skip", "FSP-31 an abort in").why)
  end)

  it("is refused while a service runs, or without a provider", function()
    local server = helper.connect { providers = {} }
    local list, why, code = fax.fsp.check { provider = {} }
    assert.is_nil(list)
    assert.equal("ERROR_SERVICE_ALREADY_RUNNING", code, why)
    server:close()
    helper.stop()
    list, why, code = fax.fsp.check { path = "/nowhere/x.lua" }
    assert.is_nil(list)
    assert.equal("ERROR_MOD_NOT_FOUND", code, why)
    list, why, code = fax.fsp.check { path = FAULTY, only = "no such case" }
    assert.is_nil(list)
    assert.equal("ERROR_INVALID_PARAMETER", code, why)
    assert.has_error(function() fax.fsp.check { provider = 1 } end)
    assert.has_error(function() fax.fsp.check { provider = {}, path = FAULTY } end)
  end)

  test("leaves this process alone: its service, its loop and its clock", function()
    local server = helper.connect { providers = {} }
    local loop = fax.loop()
    passes { path = FAULTY, only = "FSP-11" }
    assert.equal(loop, fax.loop())
    assert.equal(0, #server:ports())
    helper.stop()
  end)
end)

local ONE = "FSP-40 a fax of one page"
local MIDDLE = "FSP-31 an abort in the middle"
local RAISES = "FSP-14 no callback raises an error"
local HELD = "loop no callback holds its loop"

-- fault -> the cases to run, and the beginnings of the lines that fail, in order.
local faults = {
  raises_when_loaded = { "FSP-9", "FSP-9 the file gives a provider: it raised: .*17: there" },
  attaches_nothing = { "FSP-9", "FSP-9 the file gives a provider: there is no line" },
  exits_when_loaded = { "FSP-9", "FSP-9 .*: it ended the process %(status 3%)" },
  leaves_file = { "FSP-16", "FSP-16 it can come .*: each time leaves a file open" },
  same_names = { "FSP-6", "FSP-6 .*: two devices are named line 1" },
  raises_in_enable = { "switched off", RAISES .. ".*: .*: no such line" },
  keeps_open = { "closing it", "FSP-11 closing it.*: it does not end" },
  never_sends = { "three pages", "FSP-40 one of three.*: FS_NO_ANSWER silence" },
  refuses = { "one page", ONE .. ".*: FS_CALL_BLACKLISTED" },
  completes_at_start = { "one page", ONE .. ".*: it can only refuse" },
  no_status_name = { "one page", ONE, RAISES .. ".*:%d+: job:status: 'FS_DAILING'" },
  wrong_type = { "one page", ONE, RAISES .. ".*: rate must be a whole number" },
  wrong_field = { "one page", ONE, RAISES .. ".*: unknown option 'rat'" },
  unknown_number = { "one page", "FSP-54 statuses.*0x00001234.*without an evidence" },
  endless_loop = { "one page", ONE, RAISES, HELD .. ".*: send did not .*faulty.lua:%d+" },
  holds_loop = { "one page", HELD .. ": send did not give way for %d s" },
  never_returns = { "one page", ONE .. ".*: a callback did not return" },
  exits = { "one page", ONE .. ".*: it ended the process %(status 0%)" },
  raises = { "one page", ONE, RAISES .. ".*: send raised: .*the line fell down" },
  no_status = { "one page", ONE, RAISES .. ".*: send gave no status" },
  no_such_status = { "one page", ONE, RAISES .. ".*: 'FS_DONE' is not the name" },
  reports_nonsense = { "one page", ONE, RAISES .. ".*: a status expected" },
  confirms_more = { "one page", ONE, "FSP-40 no page is confirmed .*: 2 pages" },
  confirms_less = { "one page", ONE, "FSP-40 no page is confirmed .*: .*with 0 of 1 pages" },
  starts_over = { "behind what", "FSP-40 one goes on", "FSP-40 no page.*: 3 pages.*2 were" },
  counts_on = { "one page", "FSP-55 pages told of.*: page 4 of 1" },
  keeps_line = { "FSP-21", "FSP-21 one is tried again.*: FS_BUSY" },
  keeps_busy_line = { "every status", "FSP-28 end_job takes.*: the fax after FS_BUSY was not" },
  one_at_a_time = { "FSP-20", "FSP-20 its devices send.*: the fax on line 2" },
  needs_no_document = { "FSP-34", "FSP-34 a document.*: a fax whose file" },
  reaches_all = { "bad number", "FSP-40 the bad number.*: 999 was reached" },
  no_cause = { "bad number", "FSP-40 the bad number.*: .*has no cause" },
  keeps_files = { "leaves nothing", "FSP-29 an operation .*: each operation leaves a file" },
  keeps_jobs = { "leaves nothing", "FSP-29 an operation .*: operations .* are kept" },
  keeps_memory = { "leaves nothing", "FSP-29 an operation .*: each operation leaves %d+ KiB" },
  deaf = { "an abort in the middle", MIDDLE .. ": send went on", "FSP-28 each operation" },
  never_ends = { "one page", ONE .. ".*: it was not over", "FSP-28 .*: 1 operations" },
  sleeps_on = { "an abort in the middle", MIDDLE .. ": send went on for 30 s",
    "FSP-28 each operation" },
  aborts_as_busy = { "an abort, and", "FSP-31 an abort, and.*: .*FS_BUSY.*not FS_USER" },
  raises_in_abort = { "an abort in the middle", MIDDLE, RAISES .. ".*: abort raised" },
  loops_in_abort = { "an abort in the middle", MIDDLE, RAISES,
    HELD .. ".*: abort did not give way .*faulty.lua:%d+" },
  raises_in_receive = { "FSP-64", RAISES .. ".*: receive raised: .*nobody speaks" },
  receives_nothing = { "FSP-64", "FSP-64 a ring.*: FS_COMPLETED, and there is no page" },
  deaf_in_receive = { "while it receives", "FSP-31 an abort while it receives: receive went",
    "FSP-28 each operation" },
  raises_in_end = { "one page", RAISES .. ".*: end_job raised: .*nothing to hang up" },
  tells_late = { "three pages", "FSP-28 nothing is told after the end" },
  hangs_in_end = { "one page", ONE .. ".*: it was not over", "FSP-28 each operation" },
}

describe("a provider in Lua with the fault", function()
  local source = helper.read(FAULTY)

  test("is listed here", function()
    for fault in source:gmatch('is "([%w_]+)"') do
      assert.is_truthy(faults[fault], fault)
    end
  end)

  for fault, expected in pairs(faults) do
    test(fault .. " fails where it must, and nowhere else", function()
      assert.is_truthy(source:find(('is "%s"'):format(fault), 1, true))
      local list = assert(fax.fsp.check { path = FAULTY, number = "100", bad_number = "999",
        options = { fault = fault }, limit = 1, only = expected[1] })
      local lines = failures(list)
      local text = table.concat(lines, "\n")
      for i = 2, #expected do
        local pattern = "^" .. expected[i]:gsub("FSP%-", "FSP%%-")
        assert.matches(pattern, lines[i - 1] or "nothing")
      end
      assert.equal(#expected - 1, #lines, text)
      assert.is_false(list.passed)
    end)
  end

  test("is asked for nothing that makes no sense any more", function()
    local list = assert(fax.fsp.check { path = FAULTY, number = "100", limit = 1,
      options = { fault = "never_sends" }, only = "FSP-40" })
    assert.equal(1, list.failed)
    assert.matches('after the failure of "a fax of one page',
      find(list, "skip", "one of three pages").why)
  end)
end)

describe("the folder of a check", function()
  it("is gone when it is over", function()
    local function count()
      local names, found = assert(core.entries(os.getenv("TMPDIR") or "/tmp")), 0
      for _, name in ipairs(names) do
        found = found + (name:find("^fax%-fsp%-check") and 1 or 0)
      end
      return found
    end
    local made
    assert(fax.fsp.check { provider = function()
      made = made or count()
      return nil, "none"
    end, only = "FSP-9" })
    assert.is_true(made > 0)
  end)

  test("takes along what a process leaves that is killed or exits", function()
    local folder = helper.folder()
    local done = helper.run(("TMPDIR=%s timeout 60 env %s %s lua/bin/faxctl fsp check %s "
      .. "fault=exits --number 1 --only 'one page'"):format(folder, helper.environment(),
      helper.interpreter, FAULTY))
    assert.equal(1, done.status, done.err)
    assert.matches("it ended the process", done.out)
    assert.same({}, core.entries(folder))
    helper.clean()
  end)
end)
