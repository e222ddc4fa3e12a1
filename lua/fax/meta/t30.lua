---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: fax machines, and UDPTL. Never loaded.

---Fax machines (T.30) for providers in Lua, and whoever else has a line: they take what comes from it and give what goes to it. There is no thread, no clock and no socket inside, and no service is needed. `examples/udp_fax.lua` has a provider that is made of them.
---@class fax.t30
local t30 = {}

---fax_t30_new. One fax machine on a line of samples: 8,000 a second, of 16 bits in the order of the machine's own bytes.
---@param options fax.t30_options
---@return fax.t30_audio? terminal
---@return string? message
---@return string? code
function t30.audio(options) end

---fax_t30_new. One fax machine on T.38.
---@param options fax.t38_options
---@return fax.t30_t38? terminal
---@return string? message
---@return string? code
function t30.t38(options) end

---A time line as text for people, a line for each event: sent frames on the left, received ones on the right.
---
---```
---   4.90 s                                 <-- DIS  V.17 ECM MMR fine
---   6.54 s  DCS  14400 bit/s ECM MMR fine  -->
---```
---@param events fax.t30_event[] of a terminal's result, or of an attempt
---@return string text
function t30.timeline(events) end

---fax_udptl_new. The transport of T.38 packets over UDP: numbers them, adds what a lost datagram can be recovered from, and recovers. One object for one call.
---@param options? fax.udptl_options
---@return fax.udptl? udptl
---@return string? message
---@return string? code
function t30.udptl(options) end

---One of `send` and `receive` at least.
---@class fax.t30_options
---@field calling? boolean whether it dialled; default: whether it has something to send
---@field send? string the document, a canonical TIFF/F
---@field receive? string the TIFF/F to write; it is overwritten, and empty when no page came
---@field local_id? string the station id to present, up to 20 characters
---@field branding? string the text of the header line; default: none, and the page arrives as it is
---@field first_page? integer pages before it are not sent (1)
---@field ecm? boolean offer and accept error correction (true)
---@field max_rate? integer bit/s, 2400 to 14400; default: no limit
---@field no_progress_limit? integer seconds of line time without any T.30 progress before it ends with the cause "no_progress", or "no_fax_answered" when no frame ever came (55)
---@field release_limit? integer seconds after the last phase before it ends all the same, with the cause "no_hangup" (10)
---@field not_ready? integer receiving with error correction: how often it says that it is not ready (0)
---@field progress? fun(progress: fax.progress) called after `feed`, `take`, `advance` or `stop` during which something was told; an error of it is raised there

---@class fax.t38_options: fax.t30_options
---@field no_packets_limit? integer seconds of line time without a packet from the other side before it ends with the cause "no_packets" (30)

---What terminals on both lines have.
---@class fax.terminal
local terminal = {}

---fax_t30_done: the call is over for this machine, its files are closed: hang up. A closed one is done.
---@return boolean
function terminal:done() end

---fax_t30_end. The other side hung up, or it is to be given up; what was confirmed stays confirmed. Once it is done this does nothing.
---@param cause? string "aborted" gives FS_USER_ABORT, "disconnected" (the default) and any other word FS_DISCONNECTED
---@return true? ok
---@return string? message
---@return string? code
function terminal:stop(cause) end

---How far it has come, as `status` and the end of an operation take it: `return terminal:result().status, terminal:progress()`.
---@return fax.progress? progress
---@return string? message
---@return string? code
function terminal:progress() end

---fax_t30_result. Whole once it is done.
---@return fax.t30_result? result
---@return string? message
---@return string? code
function terminal:result() end

---fax_t30_free. Does nothing the second time.
function terminal:close() end

---@return boolean
function terminal:closed() end

---All of `fax.progress`, and:
---@class fax.t30_result
---@field status? string FS_ name; absent: the call lasts
---@field code? integer of the T.30 engine, for a log
---@field pages integer confirmed ones of this call
---@field lost_packets integer T.38: that never came
---@field dropped integer T.38: packets for the other side that nobody took in time; 2,048 are kept
---@field timeline fax.t30_event[] the exchange, in its order; the first 1,000

---One frame of the exchange, or a run of image frames.
---@class fax.t30_event
---@field moment number seconds of line time
---@field sent boolean by the machine of the attempt; false: by the other side
---@field frame string "DIS", "DCS", "CFR", "MPS", "MCF", "DCN" ...
---@field details? string "14400 bit/s ECM MMR fine", "+1 555 0100" ...

---A terminal on samples.
---@class fax.t30_audio: fax.terminal
local audio = {}

---fax_t30_audio_in. Time goes on by what is fed: a silent line is fed as silence.
---@param samples string
---@return true? ok
---@return string? message
---@return string? code
function audio:feed(samples) end

---fax_t30_audio_out. Always as many samples as asked for, silence included.
---@param count integer at most 480000
---@return string? samples
---@return string? message
---@return string? code
function audio:take(count) end

---A terminal on T.38.
---@class fax.t30_t38: fax.terminal
local t38 = {}

---fax_t30_ifp_in. A packet (IFP) from the other side. Gaps in the numbers are packets lost for good; a late one is dropped. ERROR_INVALID_DATA: malformed, and no reason to end. ERROR_INVALID_FUNCTION: the call is over.
---@param ifp string
---@param seq integer 0 to 65535, as UDPTL has it
---@return true? ok
---@return string? message
---@return string? code
function t38:feed(ifp, seq) end

---fax_t30_advance. Lets time go on: all timers, and the packets that are due. Every 20 ms or so.
---@param seconds number since the last time, at most 86400
---@return true? ok
---@return string? message
---@return string? code
function t38:advance(seconds) end

---The next packet for the other side, its sequence number, and how often it should be sent: those that nothing follows soon say three. nil: there is none.
---@return string? ifp
---@return integer? seq
---@return integer? repeats
function t38:take() end

---@class fax.udptl_options
---@field redundancy? integer how many of the packets before it a datagram repeats, 0 to 8 (3; 0 with `fec`)
---@field fec? { entries: integer, span: integer } parity instead: so many entries in a datagram, each over so many packets; their product is at most 32
---@field max_datagram? integer bytes that the other side takes (T38FaxMaxDatagram); correction that does not fit is left out (400)

---@class fax.udptl
local udptl = {}

---fax_udptl_send. The datagram of the next packet; to repeat the packet send the datagram again.
---@param ifp string
---@return string? datagram
---@return string? message
---@return string? code
function udptl:send(ifp) end

---fax_udptl_receive. Takes a datagram, whatever it holds, and gives the packets that are new, in their order, and how many before or between them will never come. ERROR_INVALID_DATA: it could not be read and changed nothing.
---@param datagram string
---@return fax.udptl_packet[]? packets
---@return integer|string lost
---@return string? code
function udptl:receive(datagram) end

---@class fax.udptl_packet
---@field ifp string
---@field seq integer

---fax_udptl_count
---@return fax.udptl_numbers? numbers
---@return string? message
---@return string? code
function udptl:count() end

---@class fax.udptl_numbers
---@field sent integer packets
---@field received integer datagrams that could be read
---@field malformed integer datagrams that could not
---@field late integer datagrams with nothing new
---@field recovered integer packets, from redundancy or parity
---@field lost integer packets for good

---fax_udptl_free. Does nothing the second time.
function udptl:close() end

---@return boolean
function udptl:closed() end
