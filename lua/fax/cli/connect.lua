-- SPDX-License-Identifier: MIT
-- How a command of faxctl comes to a service: a server that listens, else one
-- that is started here with the options of the command line.

local fax = require "fax"

local connect = {}

connect.directory = { flag = "--directory", value = "DIR",
  help = "state of the service ($FAX_DIRECTORY)" }

connect.socket = { flag = "--socket", value = "PATH",
  help = "the server to ask, by its socket; nothing is started here" }

--- Of a service that is started here; a server has its own.
connect.start_options = {
  { flag = "--inbox", value = "DIR",
    help = "where received faxes go (DIRECTORY/inbox)" },
  { flag = "--provider", value = "NAME", help = "the provider to dial with (loopback)" },
  { flag = "--provider-path", value = "FILE",
    help = "its shared object, when not with libfax" },
  { flag = "--line-option", value = "KEY=VALUE", kind = "pair", many = true,
    help = "an option of the provider; may be repeated" },
  { flag = "--dialling", value = "FILE",
    help = "rules of dialling: a file with a Lua table" },
}

local words = { { "inbox", "--inbox" }, { "provider", "--provider" },
  { "provider_path", "--provider-path" }, { "line_option", "--line-option" },
  { "dialling", "--dialling" }, { "branding", "--no-branding" } }

local more_words = { { "policy", "--policy" }, { "retries", "--retries" },
  { "retry_delay", "--retry-delay" } }

local function first_of(list, among)
  for _, word in ipairs(list) do
    if among[word[1]] ~= nil then
      return word[2]
    end
  end
end

--- A server that listens; else nil, why, code ("ERROR_SERVICE_NOT_ACTIVE": none does).
--- What is given only for a service that is started here is refused then, and so is
--- what `extra` would change in it.
function connect.reach(given, extra)
  local server, why, code = fax.connect { start = false, socket = given.socket,
    directory = given.directory }
  local option = server and (first_of(words, given) or first_of(more_words, extra or {}))
  if option then
    server:close()
    return nil, option .. " is for a service that is started here, and a server listens there",
      "ERROR_SERVICE_ALREADY_RUNNING"
  end
  return server, why, code
end

-- `{ country = "49", ... }`, or the same behind `return`. Nothing is in reach of it.
local function read_table(path)
  local file, why = io.open(path, "rb")
  if not file then
    return nil, why
  end
  local text = file:read("*a")
  file:close()
  if not text:find("^%s*return%s") then
    text = "return " .. text
  end
  local chunk
  chunk, why = load(text, "=" .. path, "t", {})
  if not chunk then
    return nil, why
  end
  local ran, value = pcall(chunk)
  if not ran or type(value) ~= "table" then
    return nil, ran and path .. ": not a table" or value
  end
  return value
end

-- The service with these options; a wrong rule is the file's mistake.
local function start(options, path)
  local ran, server, why, code = pcall(fax.connect, options)
  if ran then
    return server, why, code
  elseif not path or type(server) ~= "string" then
    error(server, 0)
  end
  return nil, ("%s: %s"):format(path, server:gsub("^.-fax%.connect: ", "")),
    "ERROR_INVALID_PARAMETER"
end

--- Starts the service that the options describe; `extra` are more of its options.
function connect.start(given, extra)
  local dialling, why
  if given.dialling then
    dialling, why = read_table(given.dialling)
    if not dialling then
      return nil, why, "ERROR_INVALID_DATA"
    end
  end
  local options = {
    directory = given.directory,
    inbox = given.inbox,
    providers = { {
      name = given.provider or "loopback",
      path = given.provider_path,
      options = given.line_option,
    } },
  }
  for key, value in pairs(extra or {}) do
    options[key] = value
  end
  options.dialling = dialling
  return start(options, given.dialling)
end

--- Reaches the server that listens, else starts a service.
function connect.any(given, extra)
  local server, why, code = connect.reach(given, extra)
  if server or given.socket or code ~= "ERROR_SERVICE_NOT_ACTIVE" then
    return server, why, code
  end
  server, why, code = connect.start(given, extra) -- no tail call: levels count
  return server, why, code
end

return connect
