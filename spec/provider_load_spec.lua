-- SPDX-License-Identifier: MIT
-- Providers in shared objects that come and go while the service runs:
-- server:load_provider, and what registration does then (FSP-11, FSP-16).
local core = require "fax.core"
local fax = require "fax"
local helper = require "spec.helper"
local support = require "spec.support.provider"
local fails = helper.fails

describe("a provider that is loaded while the service runs", function()
  local folder, stage, server, document, directory

  setup(function()
    folder = helper.folder()
    helper.tiff(folder, 1)
  end)

  teardown(helper.clean)

  before_each(function()
    stage = support.new(folder .. "/1.tif")
    server, document, directory = stage.server, stage.document, stage.directory
  end)

  after_each(function()
    stage:stop()
  end)

  local function load(options)
    return server:load_provider { name = "loopback", options = options }
  end

  local function send(to)
    return assert(server:send(document, { to = to or "102" }))
  end

  it("has its ports at once, and sends", function()
    local provider = assert(load { lines = 2 })
    assert.matches("^fax.provider 'loopback'", tostring(provider))
    local ports = server:ports()
    assert.same({ 2, ports[1].device_id, ports[2].device_id },
      { #provider.devices, provider.devices[1].id, provider.devices[2].id })
    assert.same({ ports[1].device_name, provider },
      { provider.devices[1].name, provider.devices[1].provider })
    assert.is_true(send():wait(1000))
  end)

  it("goes when it is closed, is unloaded, and can come again (FSP-11)", function()
    for _ = 1, 3 do
      local provider = assert(load { lines = 2 })
      assert.is_false(provider:closed())
      provider:close()
      provider:close()
      assert.is_true(provider:closed())
      assert.same({}, server:ports())
      assert.is_true(provider:wait(100))
      assert.is_true(provider:wait(0))
    end
  end)

  it("ends its calls before it goes (FSP-12)", function()
    local provider = assert(load { lines = 2 })
    local job, sending = send(), false
    server:on("job", function(event)
      sending = sending or event.name == "FEI_SENDING"
    end)
    local deadline = fax.clock.now() + 1000
    while not sending and fax.clock.now() < deadline do
      fax.loop():poll(deadline - fax.clock.now())
    end
    assert.is_true(sending)
    provider:close()
    assert.same({ nil, "WAIT_TIMEOUT" }, { provider:wait(0), (select(3, provider:wait(0))) })
    local why = fails("ERROR_BUSY", load())
    assert.matches("loopback.so is in use already, by the provider loopback", why, 1, true)
    assert.is_true(job:wait(1000))
    assert.is_true(provider:wait(1000))
    assert.same({}, server:ports())
    assert(load { lines = 3 })
    assert.equal(3, #server:ports())
  end)

  it("is refused with a name that is taken, no file, or no right", function()
    fails("ERROR_MOD_NOT_FOUND", server:load_provider { name = "x", path = folder .. "/x.so" })
    fails("ERROR_INVALID_PARAMETER", load { lines = "x" })
    assert.same({}, server:ports())
    assert(load { lines = 2 })
    fails("ERROR_ALREADY_EXISTS", load { lines = 2 })
    local other = assert(fax.connect { rights = "FAX_PORT_QUERY" })
    fails("ERROR_ACCESS_DENIED", other:load_provider { name = "y" })
    other:close()
    fails("ERROR_INVALID_HANDLE", other:load_provider { name = "y" })
    assert.has_error(function()
      server:load_provider { path = "x" }
    end, "server:load_provider: the option 'name' is missing")
    assert.has_error(function()
      server:load_provider { name = "x", option = {} }
    end, "server:load_provider: unknown option 'option', did you mean 'options'?")
  end)

  it("stays when it is not kept, and lets loop:run() end", function()
    load { lines = 2 }
    collectgarbage()
    collectgarbage()
    assert.equal(2, #server:ports())
    assert.is_true(fax.loop():run())
  end)

  it("goes with its loop", function()
    local loop = assert(fax.new_loop())
    local provider
    loop:spawn(function()
      provider = assert(load { lines = 2 })
    end)
    loop:run()
    loop:close()
    assert.is_true(provider:closed())
    assert.is_true(provider:wait(0))
    assert.same({}, server:ports())
  end)

  it("is waited for in a coroutine, and ends with the service", function()
    local provider, ended = assert(load { lines = 2 }), nil
    fax.loop():spawn(function()
      ended = provider:wait(1000)
    end)
    assert(fax.service.stop { timeout = 60 })
    assert.is_true(fax.loop():run())
    assert.is_true(ended)
    assert.is_true(provider:closed())
  end)

  it("comes and goes by its registration, too (FSP-16)", function()
    local image = assert(core.companion("fsp/loopback.so"))
    assert(fax.register_service_provider { name = "mine", friendly_name = "Mine",
      image = image })
    local ports = #server:ports()
    assert.is_true(ports > 0)
    fails("ERROR_BUSY", load())
    assert(fax.unregister_service_provider("mine"))
    assert.same({}, server:ports())
  end)

  it("is registered though it cannot be loaded (FSP-18)", function()
    assert(fax.register_service_provider { name = "mine", friendly_name = "Mine",
      image = folder .. "/1.tif" })
    assert.same({}, server:ports())
    local loaded = assert(load { lines = 2 })
    local list = server:providers()
    assert.same({ name = "loopback", origin = "loaded", state = "running", device_count = 2 },
      list[1])
    assert.matches("^mine: .*1.tif", list[2].message)
    list[2].message = nil
    assert.same({ name = "mine", origin = "registered", state = "failed", device_count = 0,
      error = fax.err.ERROR_MOD_NOT_FOUND }, list[2])
    loaded:close()
    assert(fax.service.stop { timeout = 60 })
    assert.matches("registered provider mine is not used: mine: ",
      helper.read(directory .. "/log"), 1, true)
  end)
end)
