-- SPDX-License-Identifier: MIT
-- faxctl send: queues a document at a server, or sends it from here and waits.

local common = require "fax.cli.common"
local connect = require "fax.cli.connect"
local fax = require "fax"
local follow = require "fax.cli.follow"

local send = {
  name = "send",
  usage = "FILE... --to NUMBER [options]",
  summary = "send documents as one fax",
  about = "Sends the files, joined in this order, as one fax. A server that listens takes it, and\n"
    .. "the command is over: its exit status is 0, and `faxctl show` tells what becomes of the\n"
    .. "job. With --wait it is 0 only when every page was confirmed, 1 when it was not, 130\n"
    .. "after Ctrl-C, which aborts the call. Without a server nothing would send it afterwards:\n"
    .. "that is refused, with 1, but for --wait (it is sent from here) and --hold.",
  operands = "FILE",
  options = common.with_service {
    { flag = "--to", value = "NUMBER", help = "the number to dial (required)" },
    { flag = "--from", value = "ID", help = "the station id to present (TSID)" },
    { flag = "--name", value = "NAME", help = "the recipient's name" },
    { flag = "--subject", value = "TEXT", help = "the name of the document" },
    { flag = "--resolution", value = "WORD", choices = { "fine", "standard" },
      help = "fine or standard" },
    { flag = "--paper", value = "WORD", choices = { "auto", "a4", "letter", "legal" },
      help = "auto, a4, letter or legal" },
    { flag = "--device", value = "ID", kind = "number", help = "the port to send from" },
    { flag = "--key", value = "KEY",
      help = "the same key, document and number are the same job" },
    { flag = "--retries", value = "N", kind = "number", help = "further attempts (3)" },
    { flag = "--retry-delay", value = "SECONDS", kind = "number",
      help = "between attempts (600)" },
    { flag = "--priority", value = "WORD", choices = { "low", "normal", "high" },
      help = "low, normal or high: which job has a line first" },
    { flag = "--deadline", value = "SECONDS", kind = "number",
      help = "it fails when it is on no line by then" },
    { flag = "--on-doubt", value = "WORD", choices = { "resend", "hold" },
      help = "when a crash leaves a page in doubt: send it again (resend), or hold the job" },
    { flag = "--wait", help = "stay until its end, and show how far it is" },
    { flag = "--hold", help = "queue it for `faxctl release`, and leave" },
    { flag = "--max-rate", value = "BPS", kind = "number",
      help = "upper limit of the speed, from 4800" },
    { flag = "--transport", value = "WORD", choices = { "audio", "t38" },
      help = "audio or t38, and nothing else" },
    { flag = "--time-limit", value = "SECONDS", kind = "number",
      help = "for turning the document into pages (120)" },
    { flag = "--no-ecm", key = "ecm", sets = false, help = "without error correction" },
    { flag = "--no-branding", key = "branding", sets = false,
      help = "without the header line on each page" },
    { flag = "--exchange", help = "wait, and show the T.30 exchange of the last attempt" },
    { flag = "--json", help = "write the result, exchange and all, as JSON" },
    { flag = "--quiet", short = "-q", help = "show no progress" },
  },
}

local function job_options(given)
  local options = {}
  for _, key in ipairs { "to", "from", "name", "subject", "resolution", "paper", "device", "key",
    "retries", "retry_delay", "max_rate", "transport", "ecm", "time_limit", "priority",
    "on_doubt" } do
    options[key] = given[key]
  end
  if given.deadline then
    options.deadline = fax.clock.wall() + given.deadline
  end
  return options
end

local function write_json(to, result, ok, why, code)
  result = result or {}
  result.delivered = ok == true
  result.error, result.code = why, code
  to.out:write(fax.json(result), "\n")
end

local function last_attempt(result)
  local attempts = result and result.attempts or {}
  return attempts[#attempts] or {}
end

-- JSON has it already.
local function show_exchange(to, last)
  local events = last.timeline or {}
  if #events == 0 then
    to.out:write("no T.30 exchange is known of the call\n")
    return
  end
  to.out:write(("attempt %d, sent on the left, received on the right:\n"):format(last.number),
    fax.t30.timeline(events))
end

local function report(to, given, job, ok, why, code)
  local result = job:result()
  local last = last_attempt(result)
  if given.json then
    write_json(to, result, ok, why, code)
  elseif given.exchange then
    show_exchange(to, last)
  end
  if ok then
    if not given.json then
      to.out:write(("delivered: job %d, %d pages to %s%s\n"):format(job.id,
        result and result.pages or 0, given.to,
        last.remote_id and (" (%s)"):format(last.remote_id) or ""))
    end
    return 0
  end
  local status = common.fail(to, why, code, last.advice)
  return code == "INTERRUPTED" and 130 or status
end

local function fail(to, given, why, code, hint)
  if given.json then
    write_json(to, nil, false, why, code)
  end
  return common.fail(to, why, code, hint)
end

-- Nobody stays with it. Held: `faxctl release` lets it go.
local function queue(to, given, server, files)
  local options = job_options(given)
  options.hold = given.hold
  local job, why, code = server:send(files, options)
  if not job then
    return fail(to, given, why, code)
  elseif given.json then
    write_json(to, job:result(), false)
  else
    to.out:write(("%s: job %d to %s\n"):format(given.hold and "held" or "accepted", job.id,
      given.to))
  end
  return 0
end

local function send_and_wait(to, given, server, files)
  local job, ok, why, code = follow(to, server, files, job_options(given), given.quiet)
  if not job then
    return fail(to, given, why, code)
  end
  return report(to, given, job, ok, why, code)
end

-- A server that listens; else one started here, when somebody stays with the fax.
local function service_for(given)
  local server, why, code = connect.reach(given)
  if server or given.socket or code ~= "ERROR_SERVICE_NOT_ACTIVE" then
    return server, why, code
  elseif not (given.wait or given.exchange or given.hold) then
    return nil, "no fax server listens, and nothing would send the fax after this command ends",
      code, "start faxd, or give --wait to send it from here, or --hold to queue it for one"
  end
  -- The id that was asked for must not give way to the port's.
  server, why, code = connect.start(given, {
    branding = given.branding,
    use_device_tsid = given.from == nil,
  })
  return server, why, code
end

function send.run(given, to)
  if #given == 0 then
    return nil, "name the file to send"
  elseif not given.to then
    return nil, "--to NUMBER is missing: the number to dial"
  end
  local server, why, code, hint = service_for(given)
  if not server then
    return fail(to, given, why, code, hint)
  end
  local files = {}
  for i = 1, #given do
    files[i] = given[i]
  end
  local stays = not given.hold and (given.wait or given.exchange)
  local status = (stays and send_and_wait or queue)(to, given, server, files)
  common.finish(server)
  return status
end

return send
