-- SPDX-License-Identifier: MIT
-- faxctl demo: a fax from line 1 to line 2 of the loopback exchange.

local common = require "fax.cli.common"
local core = require "fax.core"
local document = require "fax.cli.document"
local fax = require "fax"
local follow = require "fax.cli.follow"

local demo = {
  name = "demo",
  usage = "[options]",
  summary = "send a fax from line 1 to line 2 of this computer",
  about = "Writes a PDF of three pages, sends it from line 1 to line 2 of a telephone exchange\n"
    .. "inside this process, and shows what arrived.",
  options = {
    { flag = "--directory", value = "DIR", help = "where to work (a new temporary folder)" },
    { flag = "--real-pace", help = "as slow as on a telephone line" },
    { flag = "--quiet", short = "-q", help = "show no progress" },
  },
}

-- How long the receiving side may take to store what it has.
local RECEIVE_SECONDS = 60

local function write_file(path, bytes)
  local file, why = io.open(path, "wb")
  if not file then
    return nil, why
  end
  local ok, failure = file:write(bytes)
  file:close()
  return ok, failure
end

-- The numbers of the lines are given, so that the text below is true.
local function start(directory, given)
  return fax.connect {
    directory = directory .. "/state",
    loopback = {
      lines = 2,
      ["number.1"] = "101",
      ["number.2"] = "102",
      pace = given.real_pace and "real" or "fast",
    },
  }
end

local function receive(received)
  local loop, now = fax.loop(), fax.clock.now
  local deadline = now() + RECEIVE_SECONDS
  while not received.event and now() < deadline do
    loop:poll(deadline - now())
  end
  return received.event
end

local function show(to, directory, event)
  to.out:write(("received: %s (%d pages%s)\n"):format(event.path, event.pages or 0,
    event.complete == false and ", incomplete" or ""))
  local pages, why, code = fax.render(event.path, { png = directory })
  if not pages then
    return common.fail(to, why, code)
  end
  to.out:write(("first page: %s\n"):format(pages.pages[1].png))
  return 0
end

local function run(to, server, directory, given)
  local received = {}
  local subscription, why, code = server:on("received", function(event)
    if event.kind == "received" then
      received.event = event
    end
  end)
  if not subscription then
    return common.fail(to, why, code)
  end
  local ports
  ports, why, code = server:ports()
  if not ports then
    return common.fail(to, why, code)
  end
  to.err:write("sending three pages from line 1 (101) to line 2 (102)\n")
  local job, ok
  job, ok, why, code = follow(to, server, directory .. "/demo.pdf", {
    to = "102",
    from = "101",
    subject = "Demo",
    retries = 0,
    device = ports[1].device_id,
  }, given.quiet)
  if not ok then
    local status = common.fail(to, why, code)
    return job and code == "INTERRUPTED" and 130 or status
  end
  local event = receive(received)
  subscription:close()
  if not event then
    return common.fail(to, "the fax was confirmed but did not arrive in the inbox")
  end
  return show(to, directory, event)
end

function demo.run(given, to)
  local directory, why, code = given.directory
  if not directory then
    directory, why, code = core.temporary("fax-demo")
    if not directory then
      return common.fail(to, why, code)
    end
  end
  local server
  server, why, code = start(directory, given)
  if not server then
    return common.fail(to, why, code)
  end
  local ok
  ok, why = write_file(directory .. "/demo.pdf", document.pdf(3))
  local status
  if ok then
    status = run(to, server, directory, given)
  else
    status = common.fail(to, why, "ERROR_WRITE_FAULT")
  end
  common.finish(server)
  return status
end

return demo
