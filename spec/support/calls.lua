-- SPDX-License-Identifier: MIT
-- What spec/resty_spec.lua has run twice: over a service of its own process by
-- `fax`, and within nginx by `fax.resty`. Each is the body of a function(server,
-- env, try) and must give the same in both. `try` takes what a call gives or
-- raises; `env` has the name of a PDF of two pages (`pdf`) and a folder.
return {
  { "ports", [[
    local list = assert(server:ports())
    return #list, list[1], list[2].device_name
  ]] },
  { "a port", [[
    local port = assert(server:open_port(1))
    local status = assert(port:status())
    status.start_time = nil
    local info = port:info()
    port:close()
    port:close()
    return info, status, port:closed(), try(port.info, port), try(port.status, port)
  ]] },
  { "opening ports", [[
    local one = assert(server:open_port(1, "modify"))
    local second = try(server.open_port, server, 1, "modify")
    one:close()
    return second, try(server.open_port, server, 99), try(server.open_port, server, "x"),
      try(server.open_port, server, 1, "write")
  ]] },
  { "setting a port", [[
    local port = assert(server:open_port(2, "modify"))
    local ok = port:set { rings = 4, csid = "+1 555", send = false, receive = false }
    local there = port:info()
    local again = port:set { rings = 2, csid = "", send = true, receive = true }
    local bad, wrong = try(port.set, port, { rigns = 1 }), try(port.set, port, { rings = "2" })
    port:close()
    local reader = assert(server:open_port(2))
    local denied = try(reader.set, reader, { rings = 3 })
    reader:close()
    return ok, there, again, bad, wrong, denied
  ]] },
  { "routing of a port", [[
    local port = assert(server:open_port(1, "modify"))
    local methods = assert(port:routing_methods())
    local guid = methods[1].guid
    local set = port:set_routing_info(guid, "/tmp\0")
    local bytes = port:routing_info(guid)
    local on = port:enable_routing_method(guid, true)
    local off = port:route_to_folder(false)
    local into = port:route_to_folder(env.folder)
    local now = port:routing_methods()[1].enabled
    port:route_to_folder(false)
    local none = try(port.routing_info, port, "{0}")
    port:close()
    return #methods, methods[1].friendly_name, set, bytes, on, off, into, now, none
  ]] },
  { "the order of routing", [[
    local list = assert(server:global_routing_info())
    return #list, list[1].guid, list[1].priority,
      server:set_global_routing_info(list[1].guid, 1),
      try(server.set_global_routing_info, server, "{x}", 1)
  ]] },
  { "the configuration", [[
    local ok = server:set_configuration { retries = 7, start_cheap_time = "21:30",
      stop_cheap_time = "06:00" }
    local config = server:configuration()
    return ok, config, server:set_configuration { retries = 0, start_cheap_time = "00:00",
      stop_cheap_time = "00:00" }, try(server.set_configuration, server, { retires = 1 }),
      try(server.set_configuration, server, { retries = 100 })
  ]] },
  { "the log", [[
    local ok = server:set_logging_categories { outbound = "max" }
    local list = server:logging_categories()
    return ok, list, server:set_logging_categories { outbound = "med" },
      try(server.set_logging_categories, server, {}),
      try(server.set_logging_categories, server, { outbound = "loud" })
  ]] },
  { "numbers", [[
    local ok = server:set_number { number = "+4930123", max_rate = 9600, ecm = false }
    local one = assert(server:number "+4930123")
    one.slowed = one.slowed ~= nil
    local all = #server:numbers()
    local gone = server:forget_number "+4930123"
    return ok, one, all, gone, try(server.number, server, "+4930123"),
      try(server.set_number, server, { max_rate = 1 })
  ]] },
  { "the plan of a number", [[
    return server:dial_plan("102"), try(server.dial_plan, server, 1)
  ]] },
  { "rights", [[
    return server:access_check "FAX_JOB_SUBMIT", server:access_check { "FAX_PORT_SET" },
      try(server.access_check, server, 0x80000000), try(server.access_check, server, "FAX_FLY")
  ]] },
  { "providers", [[
    local list = assert(server:providers())
    return #list, list[1].name, list[1].state, list[1].device_count
  ]] },
  { "metrics", [[
    local text = assert(server:metrics())
    return type(text), text:find("fax_jobs", 1, true) ~= nil
  ]] },
  { "a job on hold", [[
    local job = assert(server:send(env.pdf, { to = "102", name = "Ann", subject = "Offer",
      from = "+1 555 0199", hold = true, priority = "high", ecm = false, retries = 2 }))
    local info = assert(job:info())
    local id = job.id
    info.job_id, info.schedule_time, info.user_name, info.size = nil, nil, nil, nil
    local count = #server:jobs()
    local same = server:job(id):info().recipient_name
    local result = job:result()
    local page = assert(job:page_data())
    local aborted = job:abort()
    return info, count, same, result.outcome, page.width, page.height, page.data:sub(1, 2),
      aborted, server:result(id).outcome, try(job.info, job):gsub("%d+", "n"), tostring(job)
        :gsub("%d+", "n")
  ]] },
  { "commands", [[
    local job = assert(server:send(env.pdf, { to = "102", at = env.later }))
    local paused = job:pause()
    local status = job:info().queue_status
    local resumed, set = job:resume(), job:set "pause"
    local restarted = job:restart()
    local deleted = job:delete()
    return paused, status, resumed, set, restarted, deleted, try(job.set, job, "fly")
  ]] },
  { "submissions that are refused", [[
    return try(server.send, server, env.folder .. "/none.pdf", { to = "102" }):gsub(
        "none.pdf.*ERROR", "none.pdf ERROR"),
      try(server.send, server, env.pdf, {}), try(server.send, server, {}, { to = "1" }),
      try(server.send, server, env.pdf, { to = "102", wehn = 1 }),
      try(server.send, server, env.pdf, { to = "" }),
      try(server.send, server, env.pdf, { to = "102", device = 77 })
  ]] },
  { "a document for several", [[
    local document = assert(server:prepare(env.pdf, { resolution = "standard" }))
    local one = assert(server:send(document, { to = "102", hold = true }))
    local pages = one:info().page_count
    one:abort()
    local twice = try(server.send, server, document, { to = "1", paper = "a4" })
    document:close()
    document:close()
    return pages, document:closed(), twice,
      try(server.send, server, document, { to = "102" }), try(server.prepare, server, env.folder
        .. "/none.pdf"):match("ERROR_%u+_NOT_FOUND")
  ]] },
  { "a broadcast", [[
    local jobs = assert(server:broadcast(env.pdf, { "102", { to = "101", name = "Bob" } },
      { hold = true }))
    local names = {}
    for i, job in ipairs(jobs) do
      names[i] = job:info().recipient_number .. (job:info().recipient_name or "")
      job:abort()
    end
    local none, why, code, queued = server:broadcast(env.pdf, {}, { hold = true })
    local _, _, refused, before = server:broadcast(env.pdf, { "102", { to = "" } },
      { hold = true })
    for _, job in ipairs(before) do
      job:abort()
    end
    return names, none, why, code, queued, refused, #before
  ]] },
  { "the same key", [[
    local first = assert(server:send(env.pdf, { to = "102", key = "k1", hold = true }))
    local again = assert(server:send(env.pdf, { to = "102", key = "k1", hold = true }))
    local other = try(server.send, server, env.pdf, { to = "101", key = "k1" })
    first:abort()
    return first.id == again.id, other:gsub("%d+", "n")
  ]] },
  { "the archive", [[
    return server:archive(), server:archive { folder = "sent", limit = 5, newest_first = true },
      try(server.archived, server, 99), try(server.remove_archived, server, { 99 }),
      server:purge_archive { keep_bytes = 0 }, try(server.purge_archive, server, {}),
      server:inbox(), server:inbox { after = env.later }, try(server.inbox, server, { x = 1 })
  ]] },
  { "records", [[
    local count = 0
    for _ in assert(server:records { order = "newest" }) do
      count = count + 1
    end
    for _ in assert(server:records { limit = 0 }) do
      count = count + 1
    end
    return count, try(server.records, server, { cursor = "x" }),
      try(server.records, server, { cuase = "busy" })
  ]] },
  { "the policy of a job", [[
    local job = assert(server:send(env.pdf, { to = "102", hold = true }))
    local explained = assert(server:explain_policy(job.id))
    job:abort()
    return explained.attempts, explained.history, try(server.explain_policy, server, 0)
  ]] },
  { "waiting", [[
    local good = assert(server:send(env.pdf, { to = "102" }))
    local done = { good:wait(60) }
    local again = { good:wait(60) }
    local bad = assert(server:send(env.pdf, { to = "999" }))
    local failed = try(bad.wait, bad, 60)
    local held = assert(server:send(env.pdf, { to = "102", hold = true }))
    local late = try(held.wait, held, 0.02)
    held:abort()
    local gone = try(held.wait, held)
    local result = good:result()
    return done, again, failed:gsub("job %d+", "job n"), late:gsub("job %d+", "job n"),
      gone:gsub("job %d+", "job n"), result.outcome, result.pages_confirmed,
      try(held.wait, held, "x")
  ]] },
  { "events", [[
    local heard, seen, read = {}, {}, {}
    local subscription = assert(server:on("any", function(event)
      heard[event.kind] = true
    end))
    local only = assert(server:on("received", function(event)
      seen[event.kind] = event.tsid
    end))
    local step = server:events "job"
    local job = assert(server:send(env.pdf, { to = "102", from = "one" }))
    local received = server:events "received"
    for event in step do
      if event.job_id == job.id then
        read[event.name] = true
        if event.name == "FEI_DELETED" then
          break
        end
      end
    end
    local fax = received()
    subscription:close()
    only:close()
    return heard.job, heard.port, heard.received, seen, read, fax.name, fax.pages,
      subscription:closed(), tostring(subscription)
  ]] },
  { "files", [[
    local job = assert(server:send(env.pdf, { to = "102", hold = true }))
    local bytes = assert(job:file())
    job:abort()
    return bytes:sub(1, 2), #bytes > 1000, try(server.archived_file, server, 99),
      try(server.received_file, server, 4000000), try(job.file, server:job(4000000))
  ]] },
  { "files in other forms", [[
    local document = assert(server:prepare(env.pdf))
    local job = assert(server:send(document, { to = "102", hold = true }))
    local picture = { form = "png", page = 2 }
    local one, two = document:file(picture), job:file(picture)
    local pdf, own = job:file { form = "pdf" }, document:file()
    job:abort()
    document:close()
    return one:sub(2, 4), one == two, pdf:sub(1, 4), own:sub(1, 2), try(document.file, document),
      try(server.archived_file, server, 99, picture), try(job.file, job, { form = "x" }),
      try(server.received_file, server, 99, { form = "png" }),
      try(job.file, server:job(4000000), picture)
  ]] },
  { "the run of the server", [[
    return type(server:boot()), server:boot() == server:boot()
  ]] },
  { "what is no job", [[
    local job = server:job(4000000)
    return try(job.info, job), try(job.abort, job), try(job.result, job),
      try(server.job, server, "x"), try(server.result, server, -1)
  ]] },
  { "subscriptions that are none", [[
    return try(server.on, server, "jobs", print), try(server.on, server, "job"),
      try(server.events, server, "never")
  ]] },
}
