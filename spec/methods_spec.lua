-- SPDX-License-Identifier: MIT
-- Holds the API to the methods: what is asked of a handle can be asked of a
-- server in another process.
local helper = require "spec.helper"

-- Those that need no method, and why.
local without = {
  FaxClose = "handle.close, or the end of the connection",
  FaxInitializeEventQueue = "event.subscribe",
  FaxSubscribe = "event.subscribe",
  FaxRegisterRoutingExtension = "it only fails",
  FaxUnregisterRoutingExtension = "it only fails",
  FaxAttachProvider = "provider.attach",
  FaxLoadProvider = "provider.load",
  FaxProviderDeviceCount = "of a provider's handle",
  FaxProviderDevices = "of a provider's handle",
  FaxServerBoot = "the server says it in its welcome",
  FaxRingDevice = "of a provider's handle",
  FaxAttachPolicy = "policy.attach",
  FaxAnswerPolicy = "of a policy's handle",
}

--- Functions of the API whose first parameter is a HANDLE.
local function on_handles()
  local names = {}
  for _, header in ipairs { "winfax", "fax_service", "fax_archive", "fax_history", "fax_policy",
    "fax_provider" } do
    local text = helper.read("src/include/fax/" .. header .. ".h"):gsub("/%*.-%*/", "")
    for name in text:gmatch("(Fax%w+)%(%s*HANDLE%s") do
      names[#names + 1] = name
    end
  end
  return names
end

--- The functions of src/api: name to body, each with those of its file.
local function bodies()
  local all = {}
  for _, path in ipairs(helper.lines("ls src/api/*.c")) do
    local own = {}
    for name, body in ("\n" .. helper.read(path)):gmatch("\n[%w_ %*]-([%w_]+)(%b()%s*%b{})") do
      own[name] = body
      all[name] = { body = body, own = own }
    end
  end
  return all
end

--- Whether it asks for a method, by itself or by functions of its file.
local function asks(body, own, seen)
  if body:find("&method_", 1, true) then
    return true
  end
  for name in body:gmatch("([%w_]+)%(") do
    if own[name] and not seen[name] then
      seen[name] = true
      if asks(own[name], own, seen) then
        return true
      end
    end
  end
  return false
end

describe("methods", function()
  it("are behind each function on a handle, but for those with a reason", function()
    local all, count = bodies(), 0
    for _, name in ipairs(on_handles()) do
      local f = all[name]
      assert.is_truthy(f or without[name], name .. " is not in src/api")
      local asked = f ~= nil and asks(f.body, f.own, { [name] = true })
      assert.is_true(asked or without[name] ~= nil, name .. " asks for no method")
      count = count + (asked and 1 or 0)
    end
    assert.is_true(count > 40, count)
    for name in pairs(without) do
      assert.is_truthy(all[name] and not asks(all[name].body, all[name].own, {}), name)
    end
  end)

  it("are all asked for by the API, none for the protocol alone", function()
    local text = table.concat(helper.lines("cat src/api/*.c"), "\n")
    local list = helper.read("src/method/method.c"):match("all%[%] = (%b{})")
    for name in list:gmatch("&(method_[%w_]+)") do
      assert.is_truthy(text:find("&" .. name .. "%f[^%w_]"), name)
    end
  end)
end)
