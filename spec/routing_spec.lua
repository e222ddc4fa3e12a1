-- SPDX-License-Identifier: MIT
-- Routing from Lua: the methods, their order, what is on for a port.
local fax = require "fax"
local helper = require "spec.helper"
local fails = helper.fails

describe("routing", function()
  local server, folder, target
  local FOLDER = fax.routing.folder
  local NONE = "{00000000-0000-0000-0000-000000000000}"

  before_each(function()
    folder, target = helper.folder(), helper.folder()
    server = helper.connect { directory = folder .. "/state" }
  end)

  after_each(helper.tear_down)

  it("has the methods in their order (RT-5, RT-11)", function()
    local methods = assert(server:global_routing_info())
    assert.equal(FOLDER, methods[1].guid)
    for i, method in ipairs(methods) do
      assert.equal(i, method.priority)
      assert.is_string(method.friendly_name)
      assert.is_string(method.function_name)
    end
  end)

  it("changes the order only (RT-6, RT-7)", function()
    local before = assert(server:global_routing_info())
    assert.is_true(server:set_global_routing_info(FOLDER, 4294967295))
    local after = assert(server:global_routing_info())
    assert.equal(#before, #after)
    assert.equal(FOLDER, after[#after].guid)
    assert.is_true(server:set_global_routing_info(FOLDER, 1))
    assert.same(before, assert(server:global_routing_info()))
    fails("ERROR_INVALID_DATA", server:set_global_routing_info(NONE, 1))
    fails("ERROR_INVALID_DATA", server:set_global_routing_info("folder", 1))
  end)

  it("is on or off for a port (RT-8, RT-9, RT-22)", function()
    local port = assert(server:open_port(2, "modify"))
    local other = assert(server:open_port(1))
    fails("ERROR_BAD_CONFIGURATION", port:enable_routing_method(FOLDER, true))
    assert.is_true(port:set_routing_info(FOLDER, target .. "\0"))
    assert.is_false(assert(port:routing_methods())[1].enabled)
    assert.is_true(port:enable_routing_method(FOLDER, true))
    local method = assert(port:routing_methods())[1]
    assert.equal(2, method.device_id)
    assert.equal(FOLDER, method.guid)
    assert.is_true(method.enabled)
    assert.is_false(assert(other:routing_methods())[1].enabled)
    assert.is_true(port:enable_routing_method(FOLDER, false))
    assert.is_false(assert(port:routing_methods())[1].enabled)
    fails("ERROR_INVALID_DATA", port:enable_routing_method(NONE, true))
  end)

  it("keeps the bytes of a method for each port (RT-11)", function()
    local port = assert(server:open_port(2, "modify"))
    assert.is_string(port:routing_info(FOLDER))
    assert.is_true(port:set_routing_info(FOLDER, target .. "\0"))
    assert.equal(target .. "\0", port:routing_info(FOLDER))
    fails("ERROR_INVALID_DATA", port:set_routing_info(FOLDER, "a\0b\0"))
    fails("ERROR_INVALID_DATA", port:set_routing_info(FOLDER, ""))
    fails("ERROR_INVALID_DATA", port:set_routing_info(NONE, "x\0"))
    fails("ERROR_INVALID_DATA", port:routing_info(NONE))
    assert.equal(target .. "\0", port:routing_info(FOLDER))
    assert.not_equal(target .. "\0", assert(server:open_port(1)):routing_info(FOLDER))
  end)

  it("stores what comes in in a folder, too (RT-3)", function()
    local port = assert(server:open_port(2, "modify"))
    assert.is_true(port:route_to_folder(target))
    assert(assert(server:send(helper.pdf(folder, 2), { to = "102", device = 1 })):wait(60))
    port:close()
    server:close()
    assert(fax.service.stop { drain = 60 })
    local files = helper.lines("ls " .. target)
    assert.equal(1, #files)
    assert.equal(2, #assert(fax.render(target .. "/" .. files[1])).pages)
  end)

  it("stores no more after false", function()
    local port = assert(server:open_port(2, "modify"))
    assert.is_true(port:route_to_folder(target))
    assert.is_true(port:route_to_folder(false))
    assert.is_false(assert(port:routing_methods())[1].enabled)
    assert.equal(target .. "\0", port:routing_info(FOLDER))
    local value, _, code = port:route_to_folder(target .. "/none")
    assert.is_nil(value)
    assert.is_string(code)
  end)

  it("asks for its rights and its open mode (SEC-6, PORT-16)", function()
    local reader = assert(server:open_port(2))
    fails("ERROR_ACCESS_DENIED", reader:set_routing_info(FOLDER, target .. "\0"))
    fails("ERROR_ACCESS_DENIED", reader:enable_routing_method(FOLDER, false))
    local query = assert(fax.connect { rights = "FAX_CONFIG_QUERY" })
    assert.is_table(query:global_routing_info())
    fails("ERROR_ACCESS_DENIED", query:set_global_routing_info(FOLDER, 1))
    local ports = assert(fax.connect { rights = "FAX_PORT_QUERY" })
    fails("ERROR_ACCESS_DENIED", ports:global_routing_info())
    reader:close()
    fails("ERROR_INVALID_HANDLE", reader:routing_methods())
    fails("ERROR_INVALID_HANDLE", reader:routing_info(FOLDER))
    fails("ERROR_INVALID_HANDLE", reader:set_routing_info(FOLDER, "x\0"))
    fails("ERROR_INVALID_HANDLE", reader:enable_routing_method(FOLDER, true))
    query:close()
    fails("ERROR_INVALID_HANDLE", query:global_routing_info())
    fails("ERROR_INVALID_HANDLE", query:set_global_routing_info(FOLDER, 1))
  end)

  it("raises what the caller should have known", function()
    local port = assert(server:open_port(2, "modify"))
    local function raises(pattern, fn)
      local ok, why = pcall(fn)
      assert.is_false(ok)
      assert.matches("^[^:]*routing_spec.lua:%d+: " .. pattern, why)
    end
    raises("server:set_global_routing_info: guid", function()
      server:set_global_routing_info(7, 1)
    end)
    raises("server:set_global_routing_info: priority", function()
      server:set_global_routing_info(FOLDER, "first")
    end)
    raises("port:enable_routing_method: enabled", function()
      port:enable_routing_method(FOLDER, 1)
    end)
    raises("port:set_routing_info: bytes", function() port:set_routing_info(FOLDER) end)
    raises("port:routing_info: guid", function() port:routing_info("a\0b") end)
    raises("port:route_to_folder: path", function() port:route_to_folder() end)
    raises("port:route_to_folder: path", function() port:route_to_folder("a\0b") end)
  end)
end)

describe("a provider", function()
  after_each(helper.tear_down)

  it("is registered once, and taken out (FSP-16, FSP-17)", function()
    local server = helper.connect()
    local image = helper.lines("realpath " .. helper.build .. "/fax/fsp/loopback.so")[1]
    local given = { name = "second", friendly_name = "A second exchange", image = image }
    assert.is_true(fax.register_service_provider(given))
    local value, _, code = fax.register_service_provider(given)
    assert.is_nil(value)
    assert.equal("ERROR_ALREADY_EXISTS", code)
    assert.is_true(fax.unregister_service_provider("second"))
    assert.equal("ERROR_NOT_FOUND", (select(3, fax.unregister_service_provider("second"))))
    given.image = image .. ".none"
    assert.equal("ERROR_FILE_NOT_FOUND", (select(3, fax.register_service_provider(given))))
    given.image, given.tsp = image, "modem"
    assert.equal("ERROR_NOT_SUPPORTED", (select(3, fax.register_service_provider(given))))
    server:close()
  end)

  it("is registered with all that it needs, or it is the caller's mistake", function()
    for _, key in ipairs { "name", "friendly_name", "image" } do
      local given = { name = "a", friendly_name = "b", image = "c" }
      given[key] = nil
      local ok, why = pcall(fax.register_service_provider, given)
      assert.is_false(ok)
      assert.matches("fax.register_service_provider: the option '" .. key .. "'", why)
    end
    assert.has_error(function() fax.register_service_provider { nmae = "x" } end)
    assert.has_error(function() fax.unregister_service_provider() end)
  end)
end)

describe("complete_job_params", function()
  it("gives what is known of the sender (JOB-16)", function()
    local done = helper.run(("FAX_SENDER_NAME=Ann timeout 60 env %s %s -e %s"):format(
      helper.environment(), helper.interpreter, helper.quote([[
        local params, cover = require "fax".complete_job_params()
        print(params.sender_name, params.schedule_action, cover.sdr_name)]])))
    assert.equal("Ann\tJSA_NOW\tAnn\n", done.out, done.err)
    helper.clean()
  end)
end)
