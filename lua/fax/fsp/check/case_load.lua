-- SPDX-License-Identifier: MIT
-- Cases: a provider comes, is seen as ports, and goes.

local fax = require "fax"
local verdict = require "fax.fsp.check.verdict"
local watch = require "fax.fsp.check.watch"

local fail = verdict.fail

local TIMES = 5
local LATE = 120 -- seconds
local LONGEST = 128 -- characters of a name (FSP-7)

local function attaches(stage)
  stage:attach()
end

local function has_ports(stage)
  local seen = {}
  for _, device in ipairs(stage:attach().devices) do
    local port = stage:port(device)
    if not port then
      fail("device %d has no port", device.id)
    elseif device.name == "" or #device.name > LONGEST then
      fail("the name of device %d has %d bytes", device.id, #device.name)
    elseif seen[device.name] then
      fail("two devices are named %s", device.name)
    end
    seen[device.name] = true
  end
end

local function takes_settings(stage)
  local provider = stage:attach()
  for _, device in ipairs(provider.devices) do
    for _, key in ipairs { "receive", "send" } do
      if watch.options[key] then
        stage:set(device, { [key] = false })
        stage:run(1)
        stage:set(device, { [key] = true })
        stage:run(1)
      end
    end
  end
end

local function closes(stage)
  local provider = stage:attach()
  stage:close(provider)
  provider:close()
  if #stage.server:ports() > 0 then
    fail("%d ports are left", #stage.server:ports())
  end
end

-- The open files, when what looked after the line now and then has stopped.
local function quiet(stage)
  stage:run(fax.clock.is_virtual() and LATE or 1)
  collectgarbage()
  collectgarbage()
  return watch.descriptors()
end

local function comes_again(stage)
  local files
  for i = 1, TIMES do
    stage:close(stage:attach())
    if i == 2 then
      files = quiet(stage)
    end
  end
  if quiet(stage) >= files + TIMES - 2 then
    fail("each time leaves a file open")
  end
end

return {
  { "FSP-9", "the file gives a provider", attaches, needed = true },
  { "FSP-6", "each device is a port, with a name of its own", has_ports },
  { "FSP-60", "its ports can be switched off and on", takes_settings },
  { "FSP-11", "closing it, and again, takes its ports away", closes },
  { "FSP-16", "it can come and go again", comes_again },
}
