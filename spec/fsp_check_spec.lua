-- SPDX-License-Identifier: MIT
-- fax.fsp.check and fax-fsp-check: good providers pass, and a provider that is
-- wrong in one way fails at the line of the rule that it breaks. The faults are
-- those of spec/c/fsp/faulty.c.
local core = require "fax.core"
local fax = require "fax"
local helper = require "spec.helper"

local FAULTY = helper.build .. "/spec/fsp/faulty.so"
local LOOPBACK = helper.build .. "/fax/fsp/loopback.so"
local TEMPLATE = helper.build .. "/fax/fsp/template-c.so"

local function text_of(list)
  local lines = {}
  for _, one in ipairs(list) do
    if one.result == "fail" then
      lines[#lines + 1] = ("%s %s: %s"):format(one.rule, one.title, one.why)
    end
  end
  return table.concat(lines, "\n")
end

local function find(list, result, rule, words)
  for _, one in ipairs(list) do
    if one.result == result and one.rule == rule
      and (one.title .. ": " .. (one.why or "")):find(words, 1, true) then
      return one
    end
  end
end

describe("fax.fsp.check", function()
  local function check(order)
    return assert(fax.fsp.check(order))
  end

  it("passes loopback, calls between its lines and all", function()
    local list = check { path = LOOPBACK, options = { lines = 4 }, number = "102",
      bad_number = "999" }
    assert.equal("", text_of(list))
    assert.is_true(list.passed)
    assert.equal(0, list.failed)
    assert.is_true(#list >= 45)
    for _, rule in ipairs { "FSP-40", "FSP-64", "FSP-20", "FSP-31", "FSP-12", "FSP-61",
      "extension" } do
      assert.is_truthy(find(list, "ok", rule, ""), rule)
    end
  end)

  it("passes the template", function()
    local list = check { path = TEMPLATE, options = { folder = helper.folder() },
      number = "100", bad_number = "none" }
    finally(helper.clean)
    assert.equal("", text_of(list))
    assert.is_true(list.passed)
    assert.is_truthy(find(list, "ok", "FSP-40", "is sent"))
  end)

  it("passes the provider of the faults without one", function()
    local list = check { path = FAULTY, number = "100", bad_number = "999" }
    assert.equal("", text_of(list))
  end)

  it("dials only what it is given, and says so", function()
    local list = check { path = FAULTY }
    assert.is_true(list.passed)
    assert.equal("give it --number", find(list, "skip", "FSP-40", "good number").why)
    assert.equal("give it --bad-number", find(list, "skip", "FSP-40", "bad number").why)
  end)

  it("calls back with each line", function()
    local seen = {}
    local list = check { path = FAULTY, only = "FSP-22", each = function(one)
      seen[#seen + 1] = one
    end }
    assert.same({ "ok", "ok" }, { seen[1].result, seen[2].result })
    assert.equal(2, #list)
  end)

  it("takes a path with blanks and quotes", function()
    finally(helper.clean)
    local path = helper.folder() .. "/it's one.so"
    assert.equal(0, helper.run(("cp %s %s"):format(FAULTY, helper.quote(path))).status)
    assert.is_true(check({ path = path, only = "FSP-2" }).passed)
  end)

  it("finds its program beside libfax, and says where it looked for another", function()
    assert.matches("/fax/fax%-fsp%-check$", core.companion("fax-fsp-check"))
    local path, why, code = core.companion("fax-nothing")
    assert.is_nil(path)
    assert.equal("ERROR_FILE_NOT_FOUND", code)
    assert.matches("fax%-nothing is not in /", why)
  end)

  it("fails where there is nothing to check", function()
    local list, why, code = fax.fsp.check { path = "/nowhere/x.so" }
    assert.is_nil(list)
    assert.matches("/nowhere/x.so", why)
    assert.equal("ERROR_MOD_NOT_FOUND", code)
    assert.has_error(function() fax.fsp.check {} end)
    list, why, code = fax.fsp.check { path = FAULTY, pages = 0 }
    assert.is_nil(list)
    assert.equal("ERROR_INVALID_PARAMETER", code, why)
    list, why, code = fax.fsp.check { path = FAULTY, only = "no such case" }
    assert.is_nil(list)
    assert.equal("ERROR_INVALID_PARAMETER", code, why)
  end)
end)

-- fault -> the line, words in it; the cases to run, when they are neither those
-- of the line's rule nor the sends of FSP-40.
local faults = {
  no_devices = { "FSP-6", "0 devices" },
  no_prefix = { "FSP-6", "begin with 0" },
  bad_name = { "FSP-6", "not UTF-8" },
  takes_any_option = { "options", "was taken" },
  hangs_in_initialize = { "FSP-9", "FaxDevInitialize did not return within 1 s" },
  hangs_in_callback = { "FSP-9", "its line callback did not return" },
  leaves_thread = { "FSP-11", "1 more than before", only = "FSP-9" },
  start_fails = { "FSP-22", "FaxDevStartJob failed" },
  null_handle = { "FSP-22", "gave NULL for a handle" },
  one_handle = { "FSP-22", "the same handle" },
  leaks_job = { "FSP-29", "256 jobs leave" },
  hangs_in_end = { "FSP-22", "FaxDevEndJob did not return within 1 s" },
  reports_small_size = { "FSP-56", "needs 4 bytes" },
  refuses_question = { "FSP-56", "without a buffer failed" },
  takes_small_buffer = { "FSP-58", "succeeded with" },
  report_fails = { "FSP-27", "FaxDevReportStatus failed" },
  reports_wrong_struct = { "FSP-57", "SizeOfStruct is 57" },
  writes_behind_buffer = { "FSP-27", "wrote behind its buffer" },
  never_sends = { "FSP-40", "100 was not reached" },
  contradicts = { "FSP-40", "said success" },
  crashes_in_send = { "FSP-40", "in FaxDevSend" },
  exits_in_send = { "FSP-40", "ended the process" },
  needs_no_document = { "FSP-34", "was sent" },
  wrong_callback = { "FSP-40", "FSP-38" },
  heedless = { "FSP-39", "told to terminate" },
  leaks = { "FSP-29", "leaves a block of the heap" },
  leaks_file = { "FSP-29", "leaves a file open" },
  wrong_size = { "FSP-51", "a packet of 10 bytes" },
  foreign_block = { "FSP-51", "has 0 in the heap" },
  wrong_struct = { "FSP-52", "SizeOfStruct is 7" },
  foreign_key = { "FSP-24", "was not given" },
  foreign_port = { "FSP-24", "not the service's" },
  packet_after_end = { "FSP-28", "posted after FaxDevEndJob" },
  foreign_text = { "FSP-53", "outside of the block" },
  no_utf8 = { "FSP-53", "not UTF-8" },
  early_error = { "FSP-54", "goes with ErrorCode" },
  own_status = { "FSP-54", "has no StringId" },
  ends_twice = { "FSP-40", "behind a final one" },
  rings_nowhere = { "FSP-61", "device 57" },
  no_last_error = { "FSP-15", "without one" },
  reports_events_without_end = { "extension", "details without an end" },
  reports_nonsense = { "extension", "remote_id is not UTF-8" },
  reports_foreign_key = { "extension", "no operation under way" },
  deaf = { "FSP-31", "FaxDevSend did not return within 1 s of the abort",
    only = "an abort before FaxDevSend" },
  aborts_as_busy = { "FSP-31", "not FS_USER_ABORT" },
  hangs_in_abort = { "FSP-31", "FaxDevAbortOperation did not return within 1 s",
    only = "an abort before FaxDevSend" },
  crashes_in_receive = { "FSP-42", "in FaxDevReceive" },
  receives_nothing = { "FSP-42", "has no page" },
  writes_behind_block = { "FSP-42", "FSP-43" },
}

local of_cases = {}
for _, rule in ipairs { "FSP-6", "FSP-9", "FSP-22", "FSP-27", "FSP-28", "FSP-29", "FSP-31",
  "FSP-34", "FSP-39", "FSP-42", "FSP-56", "FSP-58", "options" } do
  of_cases[rule] = rule
end

describe("a provider with the fault", function()
  local source = helper.read("spec/c/fsp/faulty.c")

  local function check(path, fault, only)
    return assert(fax.fsp.check { path = path, number = "100", bad_number = "999",
      options = fault and { fault = fault }, limit = 1, abort_limit = 1, call_limit = 10,
      only = only })
  end

  -- The same provider, built with another name for this export.
  local function without(export)
    local path = helper.folder() .. "/without.so"
    local built = helper.run(("cc -D_GNU_SOURCE -shared -fPIC -pthread -Isrc/include "
      .. "-D%s=without -o %s spec/c/fsp/faulty.c"):format(export, path))
    assert.equal(0, built.status, built.err)
    return path
  end

  after_each(helper.clean)

  it("is listed here", function()
    for fault in source:gmatch('is%("([%w_]+)"%)') do
      assert.is_truthy(faults[fault], fault)
    end
  end)

  -- A sanitizer's allocator does not count what is allocated.
  local uncounted = os.getenv("FAX_SANITIZER") and "leaks_job"

  for fault, line in pairs(faults) do
    local test = fault == uncounted and pending or it
    test(fault .. " fails at " .. line[1], function()
      assert.is_truthy(source:find(('is("%s")'):format(fault), 1, true))
      local list = check(FAULTY, fault, line.only or of_cases[line[1]] or "FSP-40")
      assert.is_false(list.passed)
      assert.is_truthy(find(list, "fail", line[1], line[2]), text_of(list))
    end)
  end

  it("in FaxDevInitialize is asked for nothing else", function()
    local list = check(FAULTY, "hangs_in_initialize")
    assert.equal(1, list.failed)
    assert.matches("after the failure of", find(list, "skip", "FSP-12", "").why)
  end)

  for _, export in ipairs { "FaxDevVirtualDeviceCreation", "FaxDevInitialize", "FaxDevStartJob",
    "FaxDevEndJob", "FaxDevSend", "FaxDevReceive", "FaxDevReportStatus",
    "FaxDevAbortOperation" } do
    it("of no " .. export .. " fails at FSP-2, and is asked for nothing", function()
      local list = check(without(export))
      assert.equal(1, list.failed)
      assert.equal(export .. " is not exported", find(list, "fail", "FSP-2", "").why)
      assert.is_nil(find(list, "ok", "FSP-6", ""))
    end)
  end

  it("of no FaxDevShutdown passes", function()
    assert.equal("", text_of(check(without("FaxDevShutdown"))))
  end)
end)

describe("faxctl fsp check", function()
  it("prints the lines, and its exit status tells", function()
    local done = helper.faxctl("fsp check " .. FAULTY .. " --number 100 --bad-number 999")
    assert.equal(0, done.status, done.err)
    assert.matches("\nok   FSP%-28    EndJob once after an abort before the send\n", done.out)
    assert.matches("\nskip FSP%-61 ", done.out)
    assert.matches("\nnote FSP%-28 ", done.out)
    done = helper.faxctl("fsp check " .. FAULTY .. " fault=null_handle")
    assert.equal(1, done.status)
    assert.matches("\nFAIL FSP%-22    [^\n]+NULL", done.out)
    done = helper.faxctl("fsp check --json --only FSP-2 " .. FAULTY)
    assert.matches('^{"result":"ok","rule":"FSP%-2",', done.out)
  end)

  it("says what is wrong with the command line", function()
    for words, why in pairs { ["fsp"] = "fsp check PATH", ["fsp chekc x"] = "only 'check'",
      ["fsp check"] = "name the provider", ["fsp check " .. FAULTY .. " fault"] = "KEY=VALUE" } do
      local done = helper.faxctl(words)
      assert.equal(2, done.status)
      assert.is_truthy(done.err:find(why, 1, true), done.err)
    end
    local done = helper.faxctl("fsp check /nowhere/x.so")
    assert.equal(1, done.status)
    assert.matches("/nowhere/x.so cannot be read\n  check the path", done.err)
  end)

  it("leaves no folder behind", function()
    finally(helper.clean)
    local folder = helper.folder()
    local done = helper.run(("TMPDIR=%s %s/fax/fax-fsp-check --only FSP-2 %s"):format(folder,
      helper.build, FAULTY))
    assert.equal(0, done.status, done.err)
    assert.same({}, helper.lines("ls " .. folder))
  end)
end)

describe("fsp/template-c", function()
  it("compiles by the one command that its first lines give, and passes", function()
    finally(helper.clean)
    local folder = helper.folder()
    local given = helper.read("fsp/template-c/template.c"):match("\n%s+(cc [^\n]+)\n")
    local root = helper.lines("pwd")[1]
    local command = given:gsub("%$%(pkg%-config %-%-cflags fax%)",
      "-Wall -Wextra -Werror -I" .. root .. "/src/include")
      :gsub("template%.c", root .. "/fsp/template-c/template.c")
    local done = helper.run(("cd %s && %s"):format(folder, command))
    assert.equal(0, done.status, done.err)
    local list = assert(fax.fsp.check { path = folder .. "/mine.so", number = "100",
      bad_number = "none", options = { folder = folder } })
    assert.equal("", text_of(list))
    assert.is_true(helper.exists(folder .. "/100.tif"))
    -- and sends, here and in a child process: nothing is linked to it
    for _, isolate in ipairs { false, 1 } do
      os.remove(folder .. "/100.tif")
      local server = assert(fax.connect { directory = folder .. "/state", providers = {
        { name = "mine", path = folder .. "/mine.so", options = { folder = folder },
          isolate = isolate } } })
      local job = assert(server:send(helper.pdf(folder, 1), { to = "100", retries = 0 }))
      assert(job:wait(60))
      assert.is_true(helper.exists(folder .. "/100.tif"))
      helper.stop()
    end
  end)
end)
