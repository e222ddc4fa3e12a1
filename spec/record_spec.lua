-- SPDX-License-Identifier: MIT
-- Records and JSON, and that the annotations name every field.
local annotations = require "spec.support.annotations"
local core = require "fax.core"
local fax = require "fax"
local helper = require "spec.helper"

describe("json", function()
  it("writes what JSON can say, keys in order", function()
    assert.equal('{"a":1,"b":[1,2.5,"x"],"c":{},"d":true}',
      fax.json { d = true, c = {}, b = { 1, 2.5, "x" }, a = 1 })
    assert.equal("9007199254740991", fax.json(2 ^ 53 - 1))
    assert.equal('"\\u0000\\n\\"\\u00fc"', (fax.json("\0\n\"\195\188"):gsub("\195\188",
      "\\u00fc")))
    assert.equal("null", fax.json(nil))
  end)

  it("raises for what it cannot", function()
    local loop = {}
    loop.loop = loop
    for _, bad in ipairs { print, 0 / 0, math.huge, loop, "\255", { [{}] = 1 },
      { ["\255"] = 1 }, { { print } }, { a = { b = { 1, "\254" } } } } do
      local ok, err = pcall(fax.json, bad)
      assert.is_false(ok)
      assert.matches("cannot encode", err)
    end
  end)
end)

describe("records", function()
  local names = {
    FAX_PORT_INFO = "port_info",
    FAX_DEVICE_STATUS = "device_status",
    FAX_JOB_ENTRY = "job_entry",
    fax_job_result = "job_result",
    fax_attempt = "attempt",
    fax_event = "event",
    fax_progress = "progress",
    fax_t30_event = "t30_event",
    fax_received = "received",
    fax_attempt_record = "record",
    fax_archived = "archived",
    fax_number = "number",
    fax_dial_plan = "dial_plan",
    fax_dial_port = "dial_port",
    fax_policy_explanation = "policy_explanation",
    fax_policy_rule = "policy_rule",
    fax_policy_step = "policy_step",
    fax_provider_info = "provider_info",
    fax_rendered = "rendered",
    fax_page = "page",
    FAX_CONFIGURATION = "configuration",
    FAX_LOG_CATEGORY = "log_category",
    FAX_ROUTING_METHOD = "routing_method",
    FAX_GLOBAL_ROUTING_INFO = "global_routing_info",
    FAX_JOB_PARAM = "job_param",
    FAX_COVERPAGE_INFO = "coverpage_info",
  }
  -- What goes into the library only, and FAX_EVENT, which Lua sees extended.
  local inward = { FAX_PRINT_INFO = true, FAX_EVENT = true, fax_policy_question = true }

  -- class -> field -> type, of the annotations
  local function annotated()
    local classes, class = {}, nil
    for _, path in ipairs(annotations.files(".")) do
      for line in io.lines(path) do
        local name = line:match("^%-%-%-@class fax%.([%w_]+)")
        if name then
          class = classes[name] or {}
          classes[name] = class
        end
        local field, kind = line:match("^%-%-%-@field ([%w_]+)%??%s+(%S+)")
        if field and class then
          class[field] = kind
        end
      end
    end
    return classes
  end

  it("have every field in the annotations, and no other", function()
    local classes = annotated()
    for record, fields in pairs(core.records()) do
      if names[record] then
        local class = assert(classes[names[record]], record)
        for field in pairs(fields) do
          assert.is_truthy(class[field], record .. " has " .. field)
        end
        for field in pairs(class) do
          assert.is_truthy(fields[field], record .. " has no " .. field)
        end
      else
        assert.is_true(inward[record], record)
      end
    end
  end)

  it("come with all constants and error codes of the headers", function()
    for _, header in ipairs { "winfax", "fax_service" } do
      for line in io.lines("src/include/fax/" .. header .. ".h") do
        local name, value = line:match("^#define ([%u_]+) ([%dxa-fA-F]+u?)")
        if name and name ~= "WM_USER" then
          assert.equal(tonumber((value:gsub("u$", ""))), fax.const[name], name)
        end
      end
    end
    assert.equal(20, fax.err.ERROR_BAD_UNIT)
    assert.equal("no such device", core.error_text(20))
  end)

  it("show a time of day as text, both ways", function()
    local server = helper.connect()
    assert(server:set_configuration { start_cheap_time = "00:00", stop_cheap_time = "23:59" })
    local set = assert(server:configuration())
    assert.same({ "00:00", "23:59" }, { set.start_cheap_time, set.stop_cheap_time })
    for _, bad in ipairs { "24:00", "12:60", "7:00", "07:000", "07.00", "ab:cd", "", 7, true } do
      assert.has_error(function() server:set_configuration { start_cheap_time = bad } end)
    end
    assert.equal("00:00", assert(server:configuration()).start_cheap_time)
    server:close()
    helper.tear_down()
  end)

  it("render as tables", function()
    local folder = helper.folder()
    local done = assert(fax.render(helper.pdf(folder, 2), { output = folder .. "/out.tif",
      png = folder, paper = "a4" }))
    assert.equal(2, #done.pages)
    assert.equal(1728, done.pages[1].width)
    assert.equal(2, done.pages[2].number)
    assert.is_true(helper.exists(done.pages[1].png))
    assert.equal(folder .. "/out.tif", done.output)
    assert.is_false(done.unchanged)
    assert.is_true(assert(fax.render(done.output)).unchanged)
    local value, why, code = fax.render(folder .. "/none.pdf")
    assert.is_nil(value)
    assert.matches("none.pdf", why)
    assert.equal("ERROR_FILE_NOT_FOUND", code)
    assert.has_error(function() fax.render(folder, { pgn = "x" }) end)
    helper.clean()
  end)
end)
