-- SPDX-License-Identifier: MIT
-- A fax machine (T.30) on a line of samples or of T.38 packets, and UDPTL, which
-- carries the packets. Whoever owns the line feeds and takes: no thread, no clock
-- and no socket is in here.

local core = require "fax.core"
local options = require "fax.options"
local terminal = require "fax.t30.terminal"
local timeline = require "fax.t30.timeline"

local t30 = {}

local audio_options = {
  calling = "boolean",
  send = "string",
  receive = "string",
  local_id = "string",
  branding = "string",
  first_page = "whole",
  ecm = "boolean",
  max_rate = "whole",
  no_progress_limit = "whole",
  release_limit = "whole",
  not_ready = "whole",
  progress = "function",
}
local t38_options = { no_packets_limit = "whole" }
for key, kind in pairs(audio_options) do
  t38_options[key] = kind
end

local function check(given, known, what, level)
  local checked = options.check(given, known, what, level + 1)
  if not checked.send and not checked.receive then
    error(what .. ": the option 'send' or 'receive' is missing", level + 1)
  end
  if checked.calling == nil then
    checked.calling = checked.send ~= nil
  end
  return checked
end

--- fax_t30_new, on a line of 8 kHz samples of 16 bits.
function t30.audio(given)
  local checked = check(given, audio_options, "fax.t30.audio", 2)
  return terminal.new(checked)
end

--- fax_t30_new, on T.38.
function t30.t38(given)
  local checked = check(given, t38_options, "fax.t30.t38", 2)
  checked.t38 = true
  return terminal.new(checked)
end

--- A time line as text, for people.
function t30.timeline(events)
  return (timeline.draw(events, 2))
end

-- ---- UDPTL ----

local udptl_options = { redundancy = "whole", fec = "table", max_datagram = "whole" }
local fec_options = { entries = "whole", span = "whole" }

--- fax_udptl_new: numbers packets, and recovers those that were lost.
function t30.udptl(given)
  local checked = options.check(given, udptl_options, "fax.t30.udptl", 2)
  if checked.fec then
    local fec = options.check(checked.fec, fec_options, "fax.t30.udptl: fec", 2)
    if not fec.entries or not fec.span then
      error("fax.t30.udptl: fec needs 'entries' and 'span'", 2)
    end
    checked.fec_entries, checked.fec_span = fec.entries, fec.span
  end
  if not checked.redundancy and not checked.fec then
    checked.redundancy = 3
  end
  return core.udptl(checked)
end

return t30
