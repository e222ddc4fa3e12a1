-- SPDX-License-Identifier: MIT
-- The fax machine and UDPTL in Lua: two machines back to back, over samples and
-- over T.38 with losses; how they end; misuse.
local document = require "fax.cli.document"
local fax = require "fax"
local helper = require "spec.helper"

local STEP = 0.02
local BLOCK = 160

describe("fax.t30", function()
  local folder, sent, received

  before_each(function()
    folder = helper.folder()
    sent, received = helper.tiff(folder, 2), folder .. "/received.tif"
  end)

  after_each(function()
    collectgarbage()
    helper.clean()
  end)

  -- The pages of a file, as the text of their PNGs.
  local function pages(path)
    local list, prefix = {}, path .. "-page"
    for i, page in ipairs(assert(fax.render(path, { png = prefix })).pages) do
      list[i] = helper.read(page.png)
    end
    return list
  end

  local function same_pages()
    local from, to = pages(sent), pages(received)
    assert.equal(2, #from)
    assert.not_equal(from[1], from[2])
    assert.is_true(#to == 2 and from[1] == to[1] and from[2] == to[2])
  end

  -- ---- samples ----

  -- Until both are done. `line(block)` gives what becomes of the samples.
  local function talk(a, b, line)
    local block = 0
    while not (a:done() and b:done()) do
      block = block + 1
      assert.is_true(block < 600 / STEP, "the call does not end")
      local to_b, to_a = assert(a:take(BLOCK)), assert(b:take(BLOCK))
      if line then
        to_a, to_b = line(block, to_a, to_b)
      end
      assert(a:feed(to_a))
      assert(b:feed(to_b))
    end
    return block * STEP
  end

  local function audio_pair(more, of_receiver)
    local told = {}
    local options = { send = sent, local_id = "+1 555 0100", progress = function(progress)
      told[#told + 1] = progress
    end }
    for key, value in pairs(more or {}) do
      options[key] = value
    end
    local receiver = { receive = received, local_id = "+1 555 0199" }
    for key, value in pairs(of_receiver or {}) do
      receiver[key] = value
    end
    return assert(fax.t30.audio(options)), assert(fax.t30.audio(receiver)), told
  end

  -- The frames of one side, in order and without repetition, as one text.
  local function frames(result, by_us)
    local list = {}
    for _, event in ipairs(result.timeline) do
      if event.sent == by_us and list[#list] ~= event.frame then
        list[#list + 1] = event.frame
      end
    end
    return table.concat(list, " ")
  end

  it("sends pages over audio", function()
    local a, b, told = audio_pair()
    talk(a, b)
    same_pages()
    local result, got = a:result(), b:result()
    assert.equal("FS_COMPLETED", result.status)
    assert.equal("FS_COMPLETED", got.status)
    assert.equal(2, result.pages)
    assert.equal(2, got.pages)
    assert.is_true(result.ecm)
    assert.equal(14400, result.rate)
    assert.equal("verified", got.quality)
    assert.equal(0, got.bad_rows)
    assert.equal("+1 555 0199", result.remote_id)
    assert.equal("+1 555 0100", got.remote_id)
    assert.is_nil(result.cause)
    local phases = {}
    for _, progress in ipairs(told) do
      phases[progress.phase] = true
    end
    assert.same({ training = true, page = true, post_message = true, release = true,
      connected = phases.connected }, phases)
    assert.equal(2, told[#told].pages_confirmed)
  end)

  it("tells the exchange as a time line", function()
    local a, b = audio_pair { ecm = false, max_rate = 9600 }
    local seconds = talk(a, b)
    local result = a:result()
    assert.matches("DIS", frames(result, false))
    assert.matches("^TSI DCS .*MPS .*EOP DCN$", frames(result, true))
    assert.equal(frames(result, true), frames(b:result(), false))
    assert.is_false(result.ecm)
    assert.equal("unverified", result.quality)
    local last, rate = 0, nil
    for _, event in ipairs(result.timeline) do
      assert.is_true(event.moment >= last and event.moment <= seconds)
      last = event.moment
      rate = rate or event.frame == "DCS" and event.details
    end
    assert.matches("^9600 bit/s", rate)
    assert.is_true(last > 10)
  end)

  it("has the time line in the last progress, to be handed on", function()
    local a, b, told = audio_pair()
    assert.same({}, a:progress().timeline)
    talk(a, b)
    assert.same(a:result().timeline, a:progress().timeline)
    assert.same(a:result().timeline, told[#told].timeline)
    assert.is_true(#told[#told].timeline > 8)
    for i = 1, #told - 1 do
      assert.same({}, told[i].timeline)
    end
  end)

  it("draws a time line for people", function()
    assert.equal("", fax.t30.timeline {})
    assert.equal("   0.00 s               <-- CSI  +1 555 0199\n"
      .. "   3.10 s  TSI  Z\195\188rich  -->\n"
      .. " 612.05 s  DCN          -->\n", (fax.t30.timeline {
      { moment = 0, sent = false, frame = "CSI", details = "+1 555 0199" },
      { moment = 3.1, sent = true, frame = "TSI", details = "Z\195\188rich" },
      { moment = 612.049, sent = true, frame = "DCN" },
    }))
    assert.equal("   1.00 s    <-- D?S  ?[2J ? ?\n", (fax.t30.timeline {
      { moment = 1, frame = "D\nS", details = "\27[2J \127 \194\155" } }))
    for _, bad in ipairs { 1, "x", { 1 }, { {} }, { { moment = 1 } }, { { frame = "DIS" } },
      { { moment = "1", frame = "DIS" } }, { { moment = 1, frame = "DIS", x = 1 } } } do
      local ok, why = pcall(function()
        local text = fax.t30.timeline(bad)
        return text
      end)
      assert.is_false(ok)
      assert.matches("t30_spec%.lua:%d+: fax%.t30%.timeline: ", why)
    end
  end)

  it("ends by the watchdog's name when the line is silent", function()
    local a, b = audio_pair { no_progress_limit = 20 }
    local silence = ("\0\0"):rep(BLOCK)
    b:close()
    local blocks = 0
    while not a:done() do
      blocks = blocks + 1
      assert.is_true(blocks * STEP < 60)
      a:feed(silence)
    end
    assert.equal("no_fax_answered", a:result().cause)
    assert.is_string(a:result().evidence)
    assert.equal(0, a:result().pages)
    assert.is_nil(a:result().quality)

    a, b = audio_pair(nil, { no_progress_limit = 9 })
    local seconds = talk(a, b, function(block, to_a, to_b)
      if block * STEP > 15 then
        return silence, silence
      end
      return to_a, to_b
    end)
    assert.is_true(seconds < 15 + 60)
    assert.equal("no_progress", b:result().cause)
    assert.not_equal("FS_COMPLETED", a:result().status)
  end)

  -- ---- packets ----

  -- The same numbers under both Luas.
  local function random(seed)
    return function()
      seed = (seed * 16807) % 2147483647
      return seed / 2147483647
    end
  end

  -- A machine on T.38 with its UDPTL, and the datagrams on their way to it.
  local function side(options, udptl)
    return { machine = assert(fax.t30.t38(options)), udptl = assert(fax.t30.udptl(udptl)),
      mail = {}, lost = 0 }
  end

  local function post(from, to, is_lost)
    for ifp, _, repeats in from.machine.take, from.machine do
      local datagram = assert(from.udptl:send(ifp))
      for _ = 1, repeats do
        if is_lost() then
          from.lost = from.lost + 1
        else
          table.insert(to.mail, datagram)
        end
      end
    end
  end

  local function open_mail(to)
    for _, datagram in ipairs(to.mail) do
      local packets = assert(to.udptl:receive(datagram))
      for _, packet in ipairs(packets) do
        to.machine:feed(packet.ifp, packet.seq)
      end
    end
    to.mail = {}
  end

  local function exchange(a, b, is_lost)
    local step = 0
    while not (a.machine:done() and b.machine:done()) do
      step = step + 1
      assert.is_true(step < 1200 / STEP, "the call does not end")
      for _, one in ipairs { a, b } do
        assert(one.machine:advance(STEP))
      end
      post(a, b, is_lost)
      post(b, a, is_lost)
      open_mail(a)
      open_mail(b)
    end
    return step * STEP
  end

  local function t38_pair(udptl)
    return side({ send = sent, local_id = "+1 555 0100" }, udptl),
      side({ receive = received, local_id = "+1 555 0199" }, udptl)
  end

  for name, udptl in pairs { redundancy = { redundancy = 3 },
    parity = { fec = { entries = 3, span = 3 } } } do
    it("sends pages over T.38 and UDPTL with " .. name .. " at 10 % loss", function()
      local a, b = t38_pair(udptl)
      local next_number = random(20260)
      exchange(a, b, function()
        return next_number() < 0.1
      end)
      same_pages()
      local result, got = a.machine:result(), b.machine:result()
      assert.equal("FS_COMPLETED", result.status)
      assert.equal("FS_COMPLETED", got.status)
      assert.equal(2, result.pages)
      assert.equal("verified", got.quality)
      assert.equal(0, result.dropped)
      assert.is_true(a.lost > 50)
      local numbers = b.udptl:count()
      assert.is_true(numbers.recovered > 0)
      assert.equal(got.lost_packets, numbers.lost)
    end)
  end

  it("ends by the watchdog's name when no packet comes", function()
    local a, b = t38_pair()
    local step = 0
    local seconds = exchange(a, b, function()
      step = step + 1
      return step > 300
    end)
    assert.is_true(seconds < 120)
    assert.equal("no_packets", b.machine:result().cause)
    assert.is_true(b.machine:result().pages < 2)
  end)

  -- All packets that wait: their number, the first and the last sequence number.
  local function drain(machine)
    local count, first, last = 0, nil, nil
    for _, seq in machine.take, machine do
      assert.is_true(last == nil or seq == last + 1)
      count, first, last = count + 1, first or seq, seq
    end
    return count, first, last
  end

  it("keeps 2,048 packets that nobody takes, and says how many it dropped", function()
    local a = assert(fax.t30.t38 { send = sent, first_page = 2, ecm = false, max_rate = 4800 })
    local b = assert(fax.t30.t38 { receive = received })
    while a:progress().phase ~= "page" do
      assert.is_false(a:done())
      assert(a:advance(STEP))
      assert(b:advance(STEP))
      for ifp, seq in a.take, a do
        b:feed(ifp, seq)
      end
      for ifp, seq in b.take, b do
        a:feed(ifp, seq)
      end
    end
    while not a:done() do
      assert(a:advance(1))
    end
    local dropped = a:result().dropped
    assert.is_true(dropped > 100)
    assert.equal(2048, (drain(a)))
    assert.equal(dropped, a:result().dropped)
    assert.is_nil(a:take())
    b:close()
  end)

  it("counts time that is less than a sample", function()
    local coarse = assert(fax.t30.t38 { receive = received })
    local fine = assert(fax.t30.t38 { receive = received })
    for _ = 1, 1000 do
      assert(coarse:advance(0.006))
    end
    for _ = 1, 96000 do
      assert(fine:advance(1 / 16000))
    end
    local count = drain(coarse)
    assert.is_true(count > 5)
    assert.equal(count, (drain(fine)))
  end)

  -- ---- UDPTL ----

  it("recovers what was lost, in order, and counts what is gone", function()
    local from, to = assert(fax.t30.udptl { redundancy = 1 }), assert(fax.t30.udptl())
    local datagrams = {}
    for i = 1, 6 do
      datagrams[i] = assert(from:send("packet " .. i))
    end
    assert.same({ { { ifp = "packet 1", seq = 0 } }, 0 }, { to:receive(datagrams[1]) })
    assert.same({ { { ifp = "packet 2", seq = 1 }, { ifp = "packet 3", seq = 2 } }, 0 },
      { to:receive(datagrams[3]) })
    assert.same({ {}, 0 }, { to:receive(datagrams[2]) })
    assert.same({ { { ifp = "packet 5", seq = 4 }, { ifp = "packet 6", seq = 5 } }, 1 },
      { to:receive(datagrams[6]) })
    assert.same({ sent = 0, received = 4, malformed = 0, late = 1, recovered = 2, lost = 1 },
      to:count())
    assert.equal(6, from:count().sent)
  end)

  it("takes any datagram, and refuses what it cannot send", function()
    local udptl = assert(fax.t30.udptl())
    local _, why, code = udptl:receive("\1")
    assert.is_string(why)
    assert.equal("ERROR_INVALID_DATA", code)
    assert.equal(1, udptl:count().malformed)
    assert.equal("ERROR_INVALID_PARAMETER", select(3, udptl:send("")))
    assert.equal("ERROR_INVALID_PARAMETER", select(3, udptl:send(("x"):rep(1401))))
    assert.equal("ERROR_INSUFFICIENT_BUFFER", select(3, udptl:send(("x"):rep(500))))
    local large = assert(fax.t30.udptl { max_datagram = 1500 })
    assert.is_true(#assert(large:send(("x"):rep(1400))) > 1400)
    assert.equal("ERROR_INVALID_PARAMETER", select(3, fax.t30.udptl { redundancy = 9 }))
    assert.equal("ERROR_INVALID_PARAMETER",
      select(3, fax.t30.udptl { redundancy = 1, fec = { entries = 3, span = 3 } }))
    assert.has_error(function()
      fax.t30.udptl { fec = { entries = 3 } }
    end, "fax.t30.udptl: fec needs 'entries' and 'span'")
  end)

  -- ---- the end of it, and misuse ----

  it("is ended by an abort and by a hang-up", function()
    local a = assert(fax.t30.audio { send = sent })
    assert.is_false(a:done())
    assert.is_nil(a:result().status)
    assert(a:stop("aborted"))
    assert.is_true(a:done())
    assert.equal("FS_USER_ABORT", a:result().status)
    assert.equal("aborted", a:progress().cause)
    local b = assert(fax.t30.t38 { receive = received })
    assert(b:stop())
    assert.equal("FS_DISCONNECTED", b:result().status)
    assert.equal("ERROR_INVALID_FUNCTION", select(3, b:feed("\6", 0)))
  end)

  it("raises an error of the progress function where it is fed", function()
    local a = assert(fax.t30.audio { send = sent, progress = function(progress)
      error("told of " .. tostring(progress.cause), 0)
    end })
    assert.has_error(function()
      a:stop("aborted")
    end, "told of aborted")
    assert.is_true(a:done())
  end)

  it("may be closed by the progress function", function()
    local a
    a = assert(fax.t30.audio { send = sent, progress = function()
      a:close()
    end })
    assert(a:stop())
    assert.is_true(a:closed())
  end)

  it("is closed once, and by the collector", function()
    for _, one in ipairs { assert(fax.t30.audio { send = sent }),
      assert(fax.t30.t38 { send = sent }), assert(fax.t30.udptl()) } do
      assert.is_false(one:closed())
      one:close()
      one:close()
      assert.is_true(one:closed())
      assert.matches("%(closed%)$", tostring(one))
      if one.done then
        assert.is_true(one:done())
        assert.equal("ERROR_INVALID_HANDLE", select(3, one:result()))
        assert.equal("ERROR_INVALID_HANDLE", select(3, one:progress()))
        assert.equal("ERROR_INVALID_HANDLE", select(3, one:stop()))
      else
        assert.equal("ERROR_INVALID_HANDLE", select(3, one:send("x")))
        assert.equal("ERROR_INVALID_HANDLE", select(3, one:receive("x")))
        assert.equal("ERROR_INVALID_HANDLE", select(3, one:count()))
      end
    end
    local before = collectgarbage("count")
    for _ = 1, 200 do
      assert(fax.t30.t38 { send = sent }):advance(1)
    end
    collectgarbage()
    collectgarbage()
    assert.is_true(collectgarbage("count") < before + 1000)
  end)

  it("says what is wrong with its options, where the caller stands", function()
    local function raised(fn)
      local ok, why = pcall(fn)
      assert.is_false(ok)
      assert.matches("t30_spec%.lua:%d+: ", why)
      return why:gsub("^.-%d+: ", "")
    end
    assert.equal("fax.t30.audio: the option 'send' or 'receive' is missing", (raised(function()
      local a = fax.t30.audio {}
      return a
    end)))
    assert.matches("unknown option 'no_packets_limit'", (raised(function()
      local a = fax.t30.audio { send = sent, no_packets_limit = 1 }
      return a
    end)))
    local a, b = assert(fax.t30.audio { send = sent }), assert(fax.t30.t38 { send = sent })
    assert.matches("two bytes each", (raised(function()
      a:feed("\0")
    end)))
    assert.matches("at most 480000", (raised(function()
      a:take(480001)
    end)))
    assert.matches("at most 65535", (raised(function()
      b:feed("\0", 65536)
    end)))
    assert.matches("seconds must be from 0", (raised(function()
      b:advance(0 / 0)
    end)))
    assert.matches("a terminal expected", (raised(function()
      a.feed(b, "\0\0")
    end)))
    assert.matches("a terminal expected", (raised(function()
      a.done("x")
    end)))
    assert.equal("ERROR_INVALID_PARAMETER", select(3, fax.t30.audio { send = sent,
      max_rate = 1200 }))
    assert.equal("ERROR_INVALID_PARAMETER", select(3, fax.t30.audio { send = sent,
      first_page = 3 }))
    assert.equal("ERROR_FILE_NOT_FOUND", select(3, fax.t30.audio { send = folder .. "/none" }))
    assert.equal("ERROR_INVALID_DATA", select(3, fax.t30.t38 {
      send = helper.write(folder .. "/bad.tif", document.pdf(1)) }))
  end)
end)
