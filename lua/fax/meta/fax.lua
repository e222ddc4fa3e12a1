---@meta fax
-- SPDX-License-Identifier: MIT
-- Annotations: the module itself, connecting and rendering, and the options of those. Never loaded.

---The fax service for Lua 5.4 and LuaJIT. `require "fax"` starts nothing, and may be done before a fork.
---
---What can be expected to fail returns `nil, message, code`, the code being the name of an error ("ERROR_BAD_UNIT"; the numbers are in `fax.err`). A wrong type, an unknown option or a missing one is raised as an error where the caller stands. A method of a closed object returns `nil, message, "ERROR_INVALID_HANDLE"`.
---
---Times are seconds since 1970, with a fraction where the record has one: give `math.floor(time)` to `os.date`. Flags are lists of their documented names, enumerations one name; a value without a name is a number. What is not known is absent, never 0.
---@class fax
---@field version string
---@field const table<string, integer> the constants of `winfax.h` by name
---@field err table<string, integer> the error codes by name
---@field clock fax.clock the clock that every wait goes by
---@field service fax.service
---@field fsp fax.fsp for authors of providers in C
---@field t30 fax.t30 fax machines for providers in Lua
---@field routing { folder: string } the GUIDs of the routing methods that came with the service
local fax = {}

---@class fax.service_options
---@field directory? string the state of the service; default: `$FAX_DIRECTORY`, else `$XDG_STATE_HOME/fax`, else `~/.local/state/fax`
---@field inbox? string where received faxes go; default: `inbox` in the directory
---@field providers? fax.provider_options[] the providers to load; default: the loopback exchange
---@field loopback? table options of the loopback exchange, `{ lines = 4, pace = "fast" }`: short for the one provider; those that make its lines bad are in `docs/test-numbers.md`
---@field retries? integer further attempts after a failed one; default for this and the next three: as `server:set_configuration` set them last in this directory (3)
---@field retry_delay? integer seconds between attempts (600)
---@field branding? boolean a header line on each sent page (true)
---@field use_device_tsid? boolean the TSID of the port, when it has one, replaces the job's `from` (true)
---@field operation_limit? integer seconds that one call may take at all (4 hours)
---@field abort_limit? integer seconds that a provider has to end after an abort (30)
---@field recipients_limit? integer recipients of one broadcast at most; default: no limit
---@field event_backlog? integer events that wait for a slow reader at most (65536); what comes beyond is counted and told by one event of the kind "gap"
---@field keep_results? integer seconds for which `server:result` knows a job that is over (30 days)
---@field client_patience? integer seconds in which a message of a client in another process must come whole (1 MiB of bytes that follow it), and which it may leave an answer unread, before it is hung up on; 0: 30 (30)
---@field key_days? integer a submission's `key` is held so many days past the end of its job (7); of days 36500 at most, here and below
---@field dialling? fax.dialling what numbers are the same, which ports call them, and which are never called. `docs/dialling.md`
---@field calls_per_number? integer calls to one number at a time (1); 0: no limit
---@field batch? integer so many jobs for one number go in one call where the provider can (1, each has its own); see `docs/jobs.md`
---@field priority_step? integer seconds that a job of one priority may overtake those of the next one below (1800)
---@field on_doubt? "resend"|"hold" what becomes of a fax whose call ended by a crash, or the loss of its provider, with a page in doubt ("resend")
---@field record_days? integer days for which `server:records` has an attempt (365); 0: for ever
---@field adopt? boolean of `fax.connect`: also sends what earlier programs left in the queue of the directory (false); a service of `fax.service.start` always does
---@field offline? boolean no call begins or is answered, and registered providers are not loaded: the queue of the directory is looked at and changed (false)
---@field compat? ("lax_ports"|"close_right"|"one_queue")[] what is to be as on Windows 2000 instead of as documented: PORT-16, CONN-8, EVT-5 in `docs/differences.md`
---@field archive_days? integer faxes of the archive and the inbox that are older go; default 0: none for its age
---@field archive_bytes? integer the oldest of them go when all have more; default 0: none for its size
---@field policy? fax.retry_policy when and how a failed fax is tried again; default: by `retries` and `retry_delay` alone. `docs/policy.md`
---@field log? string the log file; "-": standard error; "syslog": the syslog daemon, "syslog:" and a path: one with its socket there; default: `fax.log` in the directory
---@field log_format? "text"|"json" lines as text, or one JSON object each ("text")
---@field idle? integer seconds after which a service of `fax.service.start` stops by itself when no server handle is open, no line busy, and no job waits to be sent; 0: never (0)
---@field log_level? "error"|"warn"|"info"|"debug"

---Rules by the cause of the failure; what a rule does not say is as if there were none.
---@class fax.retry_policy
---@field busy? fax.retry_rule
---@field no_answer? fax.retry_rule
---@field no_carrier? fax.retry_rule the call was answered, and cut
---@field no_fax? fax.retry_rule no fax machine answered
---@field line_unavailable? fax.retry_rule no call was made
---@field protocol? fax.retry_rule
---@field page_rejected? fax.retry_rule
---@field local? fax.retry_rule an error on this side
---@field ladder? fax.ladder_step[] what the calls after failed ones may use at most, one step a failure; default: 9600 bit/s, 4800 bit/s, audio
---@field patience? integer seconds that a function of `server:policy` has to answer (10)

---@class fax.retry_rule
---@field limit? integer further attempts after failures of this cause; that of all causes together holds too
---@field delay? integer seconds until the next attempt; default: `retry_delay`
---@field growth? number what each further failure of this cause makes of the delay: 2 doubles it (1)
---@field jitter? number the part of the delay by which it is longer or shorter, 0 to 1 (0)
---@field cap? integer seconds that the delay is at most

---@class fax.ladder_step
---@field max_rate? integer bit/s, 4800 or more
---@field ecm? boolean false: without error correction
---@field transport? "audio"|"t38"

---@class fax.provider_options
---@field name string "loopback"
---@field path? string the shared object; default: the one of that name that came with libfax
---@field options? table `{ key = value }`, or `{ "key=value" }`
---@field calls? integer its lines send while fewer calls than this are on them; 0: no limit (0)
---@field isolate? integer|false calls in one child process, so that a crash of the provider takes down no more than those; false: in this process; default: as the provider itself says, in this process when it does not

---@class fax.connect_options: fax.service_options
---@field rights? string[]|integer the rights to narrow to, by their FAX_ names; default: all
---@field user? string whose jobs they are; default: the account of this process
---@field socket? string the socket of a server in another process; it alone is asked, and nothing is started
---@field start? boolean false: only a service that is there, never one of its own

---FaxConnectFaxServer. Reaches the service of this process; else that of another process which has the directory, over its socket, and without `directory` also the one of the system; else starts one that ends by itself when the last handle is closed and nothing is active, or when the Lua state is closed. So the second of two programs with one directory is the client of the first. When one runs in this process already, options of a service are ERROR_SERVICE_ALREADY_RUNNING; a service of another process goes by its own, and those given here are for one that is started here.
---@param options? fax.connect_options
---@return fax.server? server
---@return string? message
---@return string? code
function fax.connect(options) end

---FaxRenderDocument. Turns documents (TIFF, PDF, PostScript) into fax pages, without a service.
---@param path string|string[] several files are joined in this order
---@param options? fax.render_options
---@return fax.rendered? rendered
---@return string? message
---@return string? code
function fax.render(path, options) end

---FaxExportDocument. Writes a fax as other programs can read it, by the name of the output: a PDF (.pdf), whose pages have their true size and, when they are MMR, their data unchanged; a TIFF (.tif, .tiff); the picture of a fax of one page (.png); else a folder for page-001.png and so on. Gives what was written.
---@param fax string|fax.archived|fax.received a path, or what has one
---@param output string
---@param options? { time_limit?: integer } seconds (120)
---@return fax.rendered? written
---@return string? message
---@return string? code
function fax.export(fax, output, options) end

---@class fax.render_options
---@field resolution? "fine"|"standard"
---@field paper? "auto"|"a4"|"letter"|"legal"
---@field output? string the TIFF/F to write
---@field png? string a folder for page-001.png and so on
---@field time_limit? integer seconds that it may take (120)

---The loop of this Lua state, made when it is first asked for.
---@return fax.loop? loop
---@return string? message
---@return string? code
function fax.loop() end

---A further loop, for a program that needs more than one.
---@return fax.loop? loop
---@return string? message
---@return string? code
function fax.new_loop() end

---A value as JSON text: tables with an element 1 and empty lists of records are arrays. Raises for what JSON has no word for.
---@param value any
---@return string
function fax.json(value) end

---FaxCompleteJobParams. A FAX_JOB_PARAM and a FAX_COVERPAGE_INFO with what is known of the sender, from the environment (`FAX_SENDER_NAME` and its like) and the account of the process. Needs no service.
---@return fax.job_param? params
---@return fax.coverpage_info|string coverpage or the message
---@return string? code
function fax.complete_job_params() end

---FaxAttachProvider (right FAX_CONFIG_SET). A provider written in Lua: its devices are ports of the running service from now on, and its callbacks run as coroutines of the loop, or in workers, where they may block. The loop keeps it: it stays attached until it is closed, the loop is closed, or the service stops. `docs/fsp-lua.md` tells how to write one. ERROR_ALREADY_EXISTS: an id is in use. ERROR_FILE_NOT_FOUND, ERROR_BAD_FORMAT: what the file of `worker` lacks.
---@param options fax.attachment
---@return fax.provider? provider
---@return string? message
---@return string? code
function fax.provider(options) end

---What a callback gives is a status, an FS_ name or number, and with it the fields that are known then. One that raises an error has failed: FS_FATAL_ERROR with the cause "lua_error" and the traceback as evidence. One of `send` and `receive` is needed, here or in the file of `worker`.
---@class fax.attachment
---@field name string of the provider, in the log
---@field devices fax.attached_device[] at least one
---@field send? fun(job: fax.operation): (string|integer)?, fax.progress? sends `job.file` to `job.number`
---@field receive? fun(job: fax.operation): (string|integer)?, fax.progress? writes the fax that comes in to `job.file`, a TIFF/F
---@field start_job? fun(job: fax.operation): (string|integer)?, fax.progress? comes first; a status refuses the operation
---@field report_status? fun(job: fax.operation): (string|integer)?, fax.progress? gives the status when `send` or `receive` gave none
---@field end_job? fun(job: fax.operation, status: string|integer) comes last, always when the operation was not refused
---@field abort? fun(job: fax.operation) the operation is to be given up; its waits have ended already. No coroutine
---@field enable? fun(device: fax.device, receive: boolean, send: boolean) somebody set the port
---@field stall? integer seconds that the loop may leave its packets alone (30); then the operations fail with the cause "stalled". With workers: how long an operation waits for one that is free; then its line cannot be had
---@field calls? integer its lines send while fewer calls than this are on them, calls that come in among them; 0: no limit (0)
---@field worker? string a Lua file, or the name of a module, that gives a table of the callbacks; it is run in Lua states of its own, each in a thread of its own, and the callbacks there may block
---@field workers? integer how many, 1 to 1000; default: one for each device
---@field args? table what the file of `worker` is called with: strings, numbers, booleans and tables of them, as a copy
---@field server? fax.server to attach to; default: the service of this process, else one that is started without other providers

---@class fax.attached_device
---@field name string of the port
---@field number? string its own number: `csid` of the port
---@field id? integer of the port; default: one that is free

---FaxRegisterServiceProvider. Registers a provider: the running service of this process loads it at once, and every service that starts there later. One that cannot be loaded is registered all the same, and the log and `server:providers` say why. Whoever may write into the state directory may register. ERROR_FILE_NOT_FOUND: no such image; ERROR_ALREADY_EXISTS: the name is registered; ERROR_NOT_SUPPORTED: a `tsp`.
---@param options fax.registration
---@return true? ok
---@return string? message
---@return string? code
function fax.register_service_provider(options) end

---@class fax.registration
---@field name string what it is registered as
---@field friendly_name string what people are shown
---@field image string the shared object; may hold `%NAME%` of the environment
---@field tsp? string "": there is no telephony provider here

---FaxUnregisterServiceProvider. The running service of this process lets its calls end and unloads it. ERROR_NOT_FOUND: it is not registered.
---@param name string
---@return true? ok
---@return string? message
---@return string? code
function fax.unregister_service_provider(name) end

return fax
