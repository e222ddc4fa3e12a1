-- SPDX-License-Identifier: MIT
-- The folder that documents are dropped into: each is a call that comes in.
-- Used by fax.fsp.folder.

local core = require "fax.core"
local fax = require "fax"
local files = require "fax.fsp.files"

local PATIENCE = 60 -- seconds that a call may ring
local RENDERING = 20 -- seconds that a document may take: the loop waits

local Drop = {}
local meta = { __index = Drop }

-- Documents that have not grown since the last look.
function Drop:ready()
  local sizes, list = {}, {}
  for _, name in ipairs(core.entries(self.folder) or {}) do
    if name:lower():find("%.tiff?$") or name:lower():find("%.pdf$") then
      sizes[name] = files.size(self.folder .. "/" .. name)
      if sizes[name] and sizes[name] > 0 and sizes[name] == self.sizes[name] then
        list[#list + 1] = name
      end
    end
  end
  self.sizes = sizes
  table.sort(list)
  return list
end

-- A call that nobody took is over after a while.
function Drop:expire()
  local now = fax.clock.now()
  for id, call in pairs(self.calls) do
    if not call.busy and call.until_ < now then
      self.calls[id] = nil
    end
  end
end

function Drop:is_calling(name)
  for _, call in pairs(self.calls) do
    if call.name == name then
      return true
    end
  end
  return false
end

-- A device that nobody calls.
function Drop:free(provider)
  for _, device in ipairs(provider.devices) do
    if not self.calls[device.id] then
      return device
    end
  end
end

function Drop:look(provider)
  self:expire()
  for _, name in ipairs(self:ready()) do
    local device = not self:is_calling(name) and self:free(provider)
    if device and device:ring() then
      self.calls[device.id] = { name = name, until_ = fax.clock.now() + PATIENCE }
    end
  end
end

-- A document is foreign input: fax.render reads it, in a process of its own.
local function take(path, file)
  local clean = file .. ".part"
  local ok, why = fax.render(path, { output = clean, time_limit = RENDERING })
  if ok then
    ok, why = files.copy(clean, file, "r+b")
  end
  os.remove(clean)
  return ok, why
end

function Drop:receive(job)
  local call = self.calls[job.device.id]
  if not call then
    return "FS_FATAL_ERROR", { cause = "no_document", evidence = "no document waits for this call" }
  end
  call.busy = true
  local path = self.folder .. "/" .. call.name
  job:status("FS_RECEIVING", { page = 1 })
  local ok, why = take(path, job.file)
  self.calls[job.device.id] = nil
  if not ok then
    os.rename(path, path .. ".bad")
    return "FS_FATAL_ERROR", { cause = "bad_document", evidence = tostring(why) }
  end
  os.remove(path)
  return "FS_COMPLETED"
end

local drop = {}

function drop.new(folder)
  return setmetatable({ folder = folder, sizes = {}, calls = {} }, meta)
end

return drop
