-- SPDX-License-Identifier: MIT
-- The configuration from Lua: what is read, what is set, what stays.
local fax = require "fax"
local helper = require "spec.helper"
local fails = helper.fails

describe("the configuration", function()
  local server

  before_each(function()
    server = helper.connect { retries = 3, retry_delay = 600 }
  end)

  after_each(helper.tear_down)

  it("is the record of FAX_CONFIGURATION (CFG-2)", function()
    local config = assert(server:configuration())
    assert.equal(3, config.retries)
    assert.equal(10, config.retry_delay) -- minutes
    assert.is_false(config.branding)
    assert.is_true(config.use_device_tsid)
    assert.is_false(config.pause_server_queue)
    assert.is_false(config.archive_outgoing_faxes)
    assert.is_nil(config.archive_directory)
    assert.matches("^%d%d:%d%d$", config.start_cheap_time)
  end)

  it("keeps what is not named (CFG-1)", function()
    local expected = assert(server:configuration())
    local changes = { retries = 7, retry_delay = 2, dirty_days = 9, branding = true,
      use_device_tsid = false, server_cp = true, start_cheap_time = "22:30",
      stop_cheap_time = "06:05", inbound_profile = "desk" }
    for key, value in pairs(changes) do
      assert.is_true(server:set_configuration { [key] = value })
      expected[key] = value
      assert.same(expected, assert(server:configuration()))
    end
    assert.is_true(server:set_configuration {})
    assert.same(expected, assert(server:configuration()))
    assert.is_true(server:set_configuration { inbound_profile = false })
    assert.is_nil(assert(server:configuration()).inbound_profile)
  end)

  it("is written back as it was read (CFG-1)", function()
    local config = assert(server:configuration())
    assert.is_true(server:set_configuration(config))
    assert.same(config, assert(server:configuration()))
  end)

  it("keeps a copy of what was sent (CFG-3)", function()
    local folder = helper.folder()
    assert.is_true(server:set_configuration { archive_outgoing_faxes = true,
      archive_directory = folder })
    local path = helper.pdf(helper.folder(), 1)
    assert(assert(server:send(path, { to = "102", device = 1 })):wait(60))
    server:close()
    assert(fax.service.stop { drain = 60 })
    assert.equal(1, #helper.lines("ls " .. folder))
  end)

  it("has no archive without a folder (CFG-3)", function()
    local folder = helper.folder()
    fails("ERROR_INVALID_PARAMETER", server:set_configuration {
      archive_outgoing_faxes = true })
    fails("FAX_ERR_FILE_ACCESS_DENIED", server:set_configuration {
      archive_outgoing_faxes = true, archive_directory = helper.pdf(folder, 1) })
    assert.is_true(server:set_configuration { archive_outgoing_faxes = true,
      archive_directory = folder })
    assert.is_true(server:set_configuration { archive_outgoing_faxes = false,
      archive_directory = false })
    assert.is_nil(assert(server:configuration()).archive_directory)
  end)

  it("holds jobs while the queue is paused (CFG-5)", function()
    assert.is_true(server:set_configuration { pause_server_queue = true })
    local job = assert(server:send(helper.pdf(helper.folder(), 1), { to = "102", device = 1 }))
    fails("WAIT_TIMEOUT", job:wait(0.1))
    assert.same({}, assert(job:result()).attempts)
    assert.is_true(server:set_configuration { pause_server_queue = false })
    assert.is_true(job:wait(60))
  end)

  it("is refused as a whole, with the member's name (CFG-11)", function()
    local before = assert(server:configuration())
    assert.matches("etries", fails("ERROR_INVALID_PARAMETER",
      server:set_configuration { retries = 100, branding = true }))
    assert.same(before, assert(server:configuration()))
  end)

  it("asks for its rights (CFG-13, SEC-6)", function()
    local reader = assert(fax.connect { rights = "FAX_CONFIG_QUERY" })
    assert.is_table(reader:configuration())
    fails("ERROR_ACCESS_DENIED", reader:set_configuration { retries = 1 })
    local other = assert(fax.connect { rights = "FAX_PORT_QUERY" })
    fails("ERROR_ACCESS_DENIED", other:configuration())
    other:close()
    fails("ERROR_INVALID_HANDLE", other:configuration())
    fails("ERROR_INVALID_HANDLE", other:set_configuration { retries = 1 })
  end)

  it("lasts as long as the service, and begins with its options (CFG-14)", function()
    assert.is_true(server:set_configuration { retries = 9, dirty_days = 12 })
    helper.stop()
    server = helper.connect { retries = 4 }
    assert.equal(4, assert(server:configuration()).retries)
    assert.equal(0, assert(server:configuration()).dirty_days)
  end)

  it("raises what the caller should have known (CFG-10)", function()
    local line = debug.getinfo(1, "l").currentline + 1
    local _, err = pcall(function() server:set_configuration { retires = 1 } end)
    assert.matches("config_spec.lua:" .. line .. ": server:set_configuration: unknown option "
      .. "'retires', did you mean 'retries'%?", err)
    for _, time in ipairs { "24:00", "12:60", "1:00", "noon", 12, "12:00 " } do
      local ok, why = pcall(server.set_configuration, server, { start_cheap_time = time })
      assert.is_false(ok)
      assert.matches("start_cheap_time must be a time of day", why)
    end
    assert.has_error(function() server:set_configuration { archive_directory = true } end)
    assert.has_error(function() server:set_configuration { archive_directory = "a\0b" } end)
    assert.has_error(function() server:set_configuration { retries = 1.5 } end)
    assert.has_error(function() server:set_configuration(7) end)
  end)
end)

describe("access_check", function()
  after_each(helper.tear_down)

  it("tells true, false and nil apart (SEC-4, SEC-5)", function()
    local all = helper.connect()
    assert.is_true(all:access_check("FAX_ALL_ACCESS"))
    assert.is_true(all:access_check { "FAX_JOB_SUBMIT", "FAX_CONFIG_SET" })
    assert.is_true(all:access_check(fax.const.FAX_PORT_SET))
    assert.is_false(all:access_check(0))
    local few = assert(fax.connect { rights = { "FAX_JOB_SUBMIT", "FAX_PORT_QUERY" } })
    assert.is_true(few:access_check("FAX_PORT_QUERY"))
    assert.is_false(few:access_check { "FAX_PORT_QUERY", "FAX_PORT_SET" })
    local value, why, code = few:access_check(2 ^ 31)
    assert.is_nil(value)
    assert.is_string(why)
    assert.equal("ERROR_INVALID_PARAMETER", code)
    assert.has_error(function() few:access_check() end)
    assert.has_error(function() few:access_check("FAX_NOTHING") end)
    few:close()
    assert.equal("ERROR_INVALID_HANDLE", (select(3, few:access_check(1))))
  end)
end)
