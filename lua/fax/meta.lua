---@meta fax
-- SPDX-License-Identifier: MIT
-- The reference of the module, for the Lua language server and for docs/lua.md,
-- which docs/generate.lua makes of it. Never loaded.

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
---@field retries? integer further attempts after a failed one (3)
---@field retry_delay? integer seconds between attempts (600)
---@field branding? boolean a header line on each sent page (true)
---@field use_device_tsid? boolean the TSID of the port, when it has one, replaces the job's `from` (true)
---@field operation_limit? integer seconds that one call may take at all (4 hours)
---@field abort_limit? integer seconds that a provider has to end after an abort (30)
---@field recipients_limit? integer recipients of one broadcast at most; default: no limit
---@field event_backlog? integer events that wait for a slow reader at most (65536); what comes beyond is counted and told by one event of the kind "gap"
---@field compat? ("lax_ports"|"close_right"|"one_queue")[] what is to be as on Windows 2000 instead of as documented: PORT-16, CONN-8, EVT-5 in `docs/differences.md`
---@field log? string the log file; "-": standard error; default: `fax.log` in the directory
---@field log_level? "error"|"warn"|"info"|"debug"

---@class fax.provider_options
---@field name string "loopback"
---@field path? string the shared object; default: the one of that name that came with libfax
---@field options? table `{ key = value }`, or `{ "key=value" }`

---@class fax.connect_options: fax.service_options
---@field rights? string[]|integer the rights to narrow to, by their FAX_ names; default: all
---@field user? string whose jobs they are; default: the account of this process
---@field embedded? boolean false: only an existing service, never one of its own

---FaxConnectFaxServer. Reaches the service of this process; when none runs here, starts one that ends by itself when the last handle is closed and nothing is active, or when the Lua state is closed. When one runs already, options of a service are ERROR_SERVICE_ALREADY_RUNNING.
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

---FaxAttachProvider (right FAX_CONFIG_SET). A provider written in Lua: its devices are ports of the running service from now on, and its callbacks run as coroutines of the loop. The loop keeps it: it stays attached until it is closed, the loop is closed, or the service stops. `docs/fsp-lua.md` tells how to write one. ERROR_ALREADY_EXISTS: an id is in use.
---@param options fax.attachment
---@return fax.provider? provider
---@return string? message
---@return string? code
function fax.provider(options) end

---What a callback gives is a status, an FS_ name or number, and with it the fields that are known then. One that raises an error has failed: FS_FATAL_ERROR with the cause "lua_error" and the traceback as evidence. One of `send` and `receive` is needed.
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
---@field stall? integer seconds that the loop may leave its packets alone (30); then the operations fail with the cause "stalled"
---@field server? fax.server to attach to; default: the service of this process, else one that is started without other providers

---@class fax.attached_device
---@field name string of the port
---@field number? string its own number: `csid` of the port
---@field id? integer of the port; default: one that is free

---FaxRegisterServiceProvider. Registers a provider, to be loaded from the next start of the service on. Whoever may write into the state directory may register. ERROR_FILE_NOT_FOUND: no such image; ERROR_ALREADY_EXISTS: the name is registered; ERROR_NOT_SUPPORTED: a `tsp`.
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

---FaxUnregisterServiceProvider. ERROR_NOT_FOUND: it is not registered.
---@param name string
---@return true? ok
---@return string? message
---@return string? code
function fax.unregister_service_provider(name) end

---A server handle. `close`, `<close>` and the garbage collector are FaxClose; port handles opened through it are closed with it, subscriptions go on.
---@class fax.server
local server = {}

---FaxEnumPorts (right FAX_PORT_QUERY).
---@return fax.port_info[]? ports
---@return string? message
---@return string? code
function server:ports() end

---FaxOpenPort. "modify" allows `port:set` and has one holder at a time: the second gets ERROR_INVALID_HANDLE. Unknown device: ERROR_BAD_UNIT.
---@param id integer the device id
---@param mode? "query"|"modify"|integer default "query"
---@return fax.port? port
---@return string? message
---@return string? code
function server:open_port(id, mode) end

---FaxAccessCheck. Whether the handle has all of these rights; false for none. ERROR_INVALID_PARAMETER: bits that are no right.
---@param rights string|string[]|integer FAX_ names
---@return boolean? allowed nil: the call failed
---@return string? message
---@return string? code
function server:access_check(rights) end

---FaxPrepareDocument (right FAX_JOB_SUBMIT). Makes the pages of a document once, for any number of `send` and `broadcast`. Errors as of `send`.
---@param path string|string[] several files are joined into one document
---@param options? fax.page_options
---@return fax.document? document
---@return string? message
---@return string? code
function server:prepare(path, options) end

---@class fax.page_options
---@field resolution? "fine"|"standard"
---@field paper? "auto"|"a4"|"letter"|"legal"
---@field time_limit? integer seconds that the document may take to become pages (120)

---FaxSendDocument (right FAX_JOB_SUBMIT). The document is read, checked and converted before this returns: one that cannot be sent leaves no job behind.
---@param path string|string[]|fax.document several files are joined into one fax
---@param options fax.send_options
---@return fax.job? job
---@return string? message
---@return string? code
function server:send(path, options) end

---@class fax.send_options: fax.job_options
---@field to string the number to dial

---@class fax.job_options
---@field from? string the station id to present (TSID)
---@field name? string the recipient's name
---@field subject? string the name of the document
---@field sender? string the sender's name
---@field company? string
---@field dept? string
---@field billing? string a billing code
---@field at? number when to send, seconds since 1970; default: now
---@field discount? boolean when the discount period begins (`server:configuration`); not together with `at`
---@field report? string|integer the delivery report: "none", "email", "inbox", or the DRT_ name
---@field report_to? string where it goes
---@field retries? integer further attempts; default: the service's
---@field retry_delay? integer seconds between attempts; default: the service's
---@field resolution? "fine"|"standard" not with a prepared document, which has its pages
---@field paper? "auto"|"a4"|"letter"|"legal" as `resolution`
---@field ecm? boolean error correction (true)
---@field max_rate? integer bit/s, 4800 or more; default: no limit
---@field device? integer the port to send from; default: any that may send
---@field time_limit? integer seconds that the document may take to become pages (120); as `resolution`

---FaxSendDocumentForBroadcast (right FAX_JOB_SUBMIT). The document is made ready once; then one recipient is asked for after the other, and a job is queued for each before the next is asked for. A recipient is a number, or the options of `send` with what differs. What fails ends it: the fourth result has the jobs queued before, which stay. ERROR_CANCELLED: there is no recipient. An error that the function raises passes on.
---@param path string|string[]|fax.document
---@param recipients (string|fax.send_options)[]|fun(n: integer): (string|fax.send_options)? a list, or a function that gives the n-th, and nil after the last
---@param options? fax.job_options what all have in common
---@return fax.job[]? jobs
---@return string? message
---@return string? code
---@return fax.job[]? queued when it failed: the jobs queued before
function server:broadcast(path, recipients, options) end

---FaxGetConfiguration (right FAX_CONFIG_QUERY).
---@return fax.configuration? configuration
---@return string? message
---@return string? code
function server:configuration() end

---FaxSetConfiguration (right FAX_CONFIG_SET, and FAX_CONFIG_QUERY to read what stays). Changes what is named, for every attempt that begins from then on and as long as the service runs. ERROR_INVALID_PARAMETER names the member that is wrong, FAX_ERR_FILE_ACCESS_DENIED an archive that cannot be written: then nothing is changed.
---@param changes fax.configuration_changes
---@return true? ok
---@return string? message
---@return string? code
function server:set_configuration(changes) end

---@class fax.configuration_changes
---@field retries? integer further attempts after a failed one, 0 to 99
---@field retry_delay? integer minutes between attempts
---@field dirty_days? integer days that a job which will not be sent is kept; 0: without limit
---@field branding? boolean a header line on each sent page
---@field use_device_tsid? boolean the TSID of the port, when it has one, replaces the job's
---@field server_cp? boolean common cover pages only
---@field pause_server_queue? boolean nothing new is sent; jobs are accepted
---@field start_cheap_time? string "HH:MM", UTC
---@field stop_cheap_time? string "HH:MM"; before the start: it crosses midnight; equal to it: no discount period
---@field archive_outgoing_faxes? boolean keep a copy of each sent fax
---@field archive_directory? string|false there; false: nowhere
---@field inbound_profile? string|false kept, not used

---FaxGetLoggingCategories (right FAX_CONFIG_QUERY).
---@return fax.log_category[]? categories
---@return string? message
---@return string? code
function server:logging_categories() end

---FaxSetLoggingCategories (right FAX_CONFIG_SET). Sets the levels that are named: "none", "min", "med", "max", the FAXLOG_LEVEL_ names or numbers. Takes the list of `logging_categories`, too. ERROR_INVALID_PARAMETER: none is named, or it does not exist; then nothing is changed.
---@param categories fax.log_levels|fax.log_category[]
---@return true? ok
---@return string? message
---@return string? code
function server:set_logging_categories(categories) end

---@class fax.log_levels
---@field init? string|integer starting and stopping
---@field outbound? string|integer what is sent
---@field inbound? string|integer what is received
---@field unknown? string|integer everything else

---FaxEnumGlobalRoutingInfo (right FAX_CONFIG_QUERY). The routing methods in the order in which they run.
---@return fax.global_routing_info[]? methods
---@return string? message
---@return string? code
function server:global_routing_info() end

---FaxSetGlobalRoutingInfo (right FAX_CONFIG_SET). Moves a method in the order. ERROR_INVALID_DATA: no such method.
---@param guid string of the method
---@param priority integer 1 = runs first; one above the number of methods is the last
---@return true? ok
---@return string? message
---@return string? code
function server:set_global_routing_info(guid, priority) end

---FaxEnumJobs: queued and active jobs, oldest first.
---@return fax.job_entry[]? jobs
---@return string? message
---@return string? code
function server:jobs() end

---The job of that id, whether or not it is still queued.
---@param id integer
---@return fax.job
function server:job(id) end

---FaxGetJobResult: what became of a job, also after it left the queue.
---@param id integer
---@return fax.job_result? result
---@return string? message
---@return string? code
function server:result(id) end

---The received faxes, oldest first (right FAX_JOB_QUERY).
---@param options? { after: number } only those stored at or after this time
---@return fax.received[]? faxes
---@return string? message
---@return string? code
function server:inbox(options) end

---FaxInitializeEventQueue. Calls `fn(event)` from within the loop for events of a kind. Goes on after `server:close()`, ends with the service. A received fax's event has `tsid`, the station id of its sender. Whatever the kind, a reader that was too slow gets an event of the kind "gap" in the place of those it missed: look anew at what matters.
---@param kind "job"|"port"|"received"|"service"|"config"|"gap"|"any"
---@param fn fun(event: fax.event)
---@return fax.subscription? subscription
---@return string? message
---@return string? code
function server:on(kind, fn) end

---Iterates over the events from now on: in a coroutine of the loop it yields while there is none, outside it runs the loop. Ends with the service. An iterator that is not asked keeps 10,000 events; then a "gap" tells what it missed.
---@param kind? "job"|"port"|"received"|"service"|"config"|"gap"|"any" default "any"; gaps come with each
---@return fun(): fax.event?
function server:events(kind) end

---FaxClose. Does nothing the second time.
function server:close() end

---@return boolean
function server:closed() end

---A job: its id and the server handle it is asked through.
---@class fax.job
---@field id integer
---@field server fax.server
local job = {}

---FaxGetJob. Forgets a job when it has ended: ERROR_INVALID_PARAMETER; `result` does not.
---@return fax.job_entry? entry
---@return string? message
---@return string? code
function job:info() end

---FaxAbort. Returns before a running call has ended; `wait` tells when.
---@return true? ok
---@return string? message
---@return string? code
function job:abort() end

---FaxGetPageData (right FAX_JOB_QUERY, or one's own job). The first page of an outgoing job. ERROR_INVALID_DATA: a job of another type.
---@return fax.page_data? page
---@return string? message
---@return string? code
function job:page_data() end

---@class fax.page_data
---@field data string a TIFF/F file with one page, compressed with MMR
---@field width integer pixels
---@field height integer pixels

---FaxSetJob (owner of an outgoing job, or right FAX_JOB_MANAGE). ERROR_INVALID_PARAMETER: no such command or job. ERROR_INVALID_OPERATION: the state of the job does not allow it.
---@param command string|integer "pause", "resume", "restart", "delete", or the JC_ name
---@return true? ok
---@return string? message
---@return string? code
function job:set(command) end

---FaxSetJob with JC_PAUSE: it stays in the queue, and a running attempt goes on; the job is held when it comes back to the queue.
---@return true? ok
---@return string? message
---@return string? code
function job:pause() end

---FaxSetJob with JC_RESUME: it goes on as it was, pending or retrying. A job that used up its retries begins anew.
---@return true? ok
---@return string? message
---@return string? code
function job:resume() end

---FaxSetJob with JC_RESTART, which is the same number: a job that used up its retries is pending again, with all its attempts.
---@return true? ok
---@return string? message
---@return string? code
function job:restart() end

---FaxSetJob with JC_DELETE: as `abort`.
---@return true? ok
---@return string? message
---@return string? code
function job:delete() end

---FaxGetJobResult.
---@return fax.job_result? result
---@return string? message
---@return string? code
function job:result() end

---Waits until the job is decided: true when every page was confirmed; ERROR_FAX_FAILED when it was not, the message saying why; ERROR_CANCELLED; WAIT_TIMEOUT when the time ran out; ERROR_SHUTDOWN_IN_PROGRESS when the service stopped first. Yields in a coroutine of a loop, runs the loop outside one, raises inside a plain callback.
---@param timeout? number seconds; default: no limit
---@return true? ok
---@return string? message
---@return string? code
function job:wait(timeout) end

---A port handle. `close`, `<close>` and the garbage collector are FaxClose.
---@class fax.port
local port = {}

---FaxGetPort (right FAX_PORT_QUERY).
---@return fax.port_info? info
---@return string? message
---@return string? code
function port:info() end

---FaxGetDeviceStatus (right FAX_PORT_QUERY).
---@return fax.device_status? status
---@return string? message
---@return string? code
function port:status() end

---FaxSetPort (right FAX_PORT_SET; opened for "modify"). What is not named stays as it is.
---@param changes { rings: integer?, priority: integer?, tsid: string?, csid: string?, receive: boolean?, send: boolean? }
---@return true? ok
---@return string? message
---@return string? code
function port:set(changes) end

---FaxEnumRoutingMethods (right FAX_PORT_QUERY). Every routing method, with whether it is enabled for the port.
---@return fax.routing_method[]? methods
---@return string? message
---@return string? code
function port:routing_methods() end

---FaxEnableRoutingMethod (right FAX_PORT_SET; opened for "modify"). Switches one method for the port. ERROR_INVALID_DATA: no such method. ERROR_BAD_CONFIGURATION: it cannot be enabled before it has its data.
---@param guid string of the method
---@param enabled boolean
---@return true? ok
---@return string? message
---@return string? code
function port:enable_routing_method(guid, enabled) end

---FaxGetRoutingInfo (right FAX_PORT_QUERY). The private data of a method for the port; that of the folder method is a path with its NUL. ERROR_INVALID_DATA: no such method.
---@param guid string of the method
---@return string? bytes
---@return string? message
---@return string? code
function port:routing_info(guid) end

---FaxSetRoutingInfo (right FAX_PORT_SET; opened for "modify"). Replaces it. ERROR_INVALID_DATA: no such method, or data that it cannot use.
---@param guid string of the method
---@param bytes string
---@return true? ok
---@return string? message
---@return string? code
function port:set_routing_info(guid, bytes) end

---FaxSetRoutingInfo and FaxEnableRoutingMethod of the folder method: what the port receives is stored in that folder, too.
---@param path string|false false: no more
---@return true? ok
---@return string? message
---@return string? code
function port:route_to_folder(path) end

---FaxClose. Does nothing the second time.
function port:close() end

---@return boolean
function port:closed() end

---A document whose pages are made, from `server:prepare`. `close`, `<close>` and the garbage collector are FaxClose; jobs that were submitted with it keep the pages. Closed with its server handle.
---@class fax.document
local document = {}

---FaxClose. Does nothing the second time.
function document:close() end

---@return boolean
function document:closed() end

---Events to a callback, from `server:on`.
---@class fax.subscription
local subscription = {}

---Ends it. Does nothing the second time.
function subscription:close() end

---@return boolean
function subscription:closed() end

---The completion loop. Callbacks and coroutines run inside `poll`, in protected mode: an error in one of them is given to `on_error` and costs the others nothing; without `on_error` it is raised by `poll` or `run` when the rest of the batch was dispatched.
---@class fax.loop
---@field on_error? fun(traceback: string)
local loop = {}

---Waits for what there is to dispatch, and dispatches it. Returns the number of packets; 0 also when a signal ended the wait. Not to be called from inside the loop.
---@param timeout? number seconds; 0: without waiting; default: as long as it takes
---@return integer? packets
---@return string? message
---@return string? code
function loop:poll(timeout) end

---Polls until there is nothing left to wait for (no subscription with a callback, no provider, no coroutine, no `on_packet`), or until `stop`.
---@return true? ok
---@return string? message
---@return string? code
function loop:run() end

---Ends `run` after the batch that is being dispatched.
function loop:stop() end

---Starts `fn(...)` as a coroutine of the loop, at its next poll. A bare `coroutine.yield()` in it lets the others go first.
---@param fn function
---@param ... any
---@return thread
function loop:spawn(fn, ...) end

---Waits, as `job:wait` does.
---@param seconds number
---@return true? ok
---@return string? message
---@return string? code
function loop:sleep(seconds) end

---Calls `fn(key, bytes)` for each packet that C code posts to `handle` with FaxPostCompletion. One that came with a block is freed with FaxLocalFree. Keys above 2^53 are rounded on LuaJIT.
---@param fn fun(key: integer, bytes: integer)? nil: drop them
function loop:on_packet(fn) end

---FaxPostCompletion of a packet without a block.
---@param key integer
---@param bytes? integer
---@return true? ok
---@return string? message
---@return string? code
function loop:post(key, bytes) end

---The HANDLE of the completion port, in decimal digits, for C code in this process.
---@return string? digits
---@return string? message
---@return string? code
function loop:handle() end

---FaxCompletionPortFd: readable while packets are there or a descriptor is ready that a coroutine waits for; for other event loops: call `poll(0)` then, and after `timeout` seconds. Never read or close it.
---@return integer? fd
---@return string? message
---@return string? code
function loop:fd() end

---The same, as cqueues calls it.
---@return integer? fd
---@return string? message
---@return string? code
function loop:pollfd() end

---What to wait for at the descriptor: "r".
---@return string
function loop:events() end

---Seconds until `poll(0)` has something to do without a packet; nil: never.
---@return number?
function loop:timeout() end

---Waits until a descriptor can be read or written, or has an error, as `job:wait` waits. `fd` may be an object with `getfd` or `pollfd`. Close a descriptor when nobody waits for it. On the virtual clock what is outside gets a few milliseconds of real time for each second of it.
---@param fd integer|table|userdata
---@param mode "r"|"w"
---@param timeout? number seconds; default: no limit
---@return true? ok
---@return string? message
---@return string? code "WAIT_TIMEOUT"
function loop:wait(fd, mode, timeout) end

---Ends its subscriptions, loses its providers and drops its coroutines. Does nothing the second time.
function loop:close() end

---A provider in Lua, from `fax.provider`. `close`, `<close>` and the end of the Lua state detach it.
---@class fax.provider
---@field name string
---@field devices fax.device[] in the order given
local provider = {}

---FaxClose. Detaches it: nothing new comes, what is under way ends under its code, and its ports vanish then. Does nothing the second time.
function provider:close() end

---@return boolean
function provider:closed() end

---Waits until it is detached, by whomever, and its last operation is over; its ids are free then.
---@param timeout? number seconds; default: no limit
---@return true? ok
---@return string? message
---@return string? code "WAIT_TIMEOUT"
function provider:wait(timeout) end

---A device of it.
---@class fax.device
---@field id integer of the port
---@field name string
---@field number? string
---@field provider fax.provider
local device = {}

---FaxRingDevice. A call comes in: `receive` follows when the port answers.
---@param options? fax.ring_options
---@return true? ok
---@return string? message
---@return string? code
function device:ring(options) end

---@class fax.ring_options
---@field rings? integer how often it has rung; default: not known, and it is taken to ring every six seconds
---@field caller? string the number that calls

---An operation of a provider, as its callbacks get it: one attempt to send a fax, or one that comes in. After its end its methods give ERROR_INVALID_HANDLE.
---@class fax.operation
---@field kind "send"|"receive"
---@field id integer of the job
---@field device fax.device
---@field file string the document to send, a TIFF/F; or the one to write
---@field number? string to dial
---@field caller? string who calls, as `ring` said
---@field caller_name? string of the sender
---@field receiver_name? string of the recipient
---@field local_id? string the station id to present: TSID (send) or CSID (receive)
---@field branding? string the text of the header line; absent: none
---@field trunk? string
---@field transport? "audio"|"t38"
---@field ecm boolean whether error correction is wanted
---@field max_rate? integer bit/s; absent: as fast as it goes
---@field first_page integer those before it were confirmed by an earlier attempt
local operation = {}

---Tells how far it has come (`fax_op_status`).
---@param status string|integer an FS_ name, or a number
---@param fields? fax.progress
---@return true? ok
---@return string? message
---@return string? code
function operation:status(status, fields) end

---What is known of a call; what is left out stays as it was.
---@class fax.progress
---@field phase? "dialing"|"ringing"|"connected"|"training"|"page"|"post_message"|"release"|integer
---@field page? integer at work, from one
---@field pages_total? integer
---@field pages_confirmed? integer fewer than the document has: the fax is not delivered
---@field rate? integer bit/s
---@field ecm? boolean
---@field encoding? "MH"|"MR"|"MMR"|integer
---@field bad_rows? integer
---@field longest_bad_run? integer rows
---@field image_bytes? integer
---@field remote_id? string the station id of the other side
---@field cause? string why it failed: one word
---@field evidence? string why it failed: one sentence
---@field advice? string what a person would try next

---Who calls, when that comes later than the ring (`fax_op_caller`).
---@param caller? string
---@param routing? string
---@return true? ok
---@return string? message
---@return string? code
function operation:set_caller(caller, routing) end

---Waits; an abort ends it at once.
---@param seconds number
---@return true? ok
---@return string? message
---@return string? code "ERROR_OPERATION_ABORTED"
function operation:sleep(seconds) end

---As `loop:wait`; an abort ends it at once.
---@param fd integer|table|userdata
---@param mode "r"|"w"
---@param timeout? number seconds; default: no limit
---@return true? ok
---@return string? message
---@return string? code "ERROR_OPERATION_ABORTED" or "WAIT_TIMEOUT"
function operation:wait(fd, mode, timeout) end

---Whether it is to be given up.
---@return boolean
function operation:aborted() end

---Iterates over the pages of the document, each with number, width, height, x_resolution and y_resolution. Raises when the file is no TIFF.
---@param first? integer default: `first_page`
---@return fun(): fax.page?
function operation:pages(first) end

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
---@field quality? "verified"|"unverified"|"damaged" what is known of these pages: each came with error correction; one without it at least; bad rows, or packets of an image were lost. Absent: there are none
---@field lost_packets integer T.38: that never came
---@field dropped integer T.38: packets for the other side that nobody took in time; 2,048 are kept
---@field timeline fax.t30_event[] the exchange, in its order; the first 1,000

---One frame of the exchange, or a run of image frames.
---@class fax.t30_event
---@field moment number seconds of line time
---@field sent boolean by this machine
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

---For authors of providers in C; `docs/fsp-c.md` tells how to write one.
---@class fax.fsp
local fsp = {}

---Drives a provider through every entry point in every order in which the service may call it, each case in a process of its own, by the program fax-fsp-check. The provider is never loaded into this process. Needs no service.
---@param options fax.fsp_check_options
---@return fax.fsp_checked? checked
---@return string? message
---@return string? code
function fsp.check(options) end

---@class fax.fsp_check_options
---@field path string the shared object
---@field options? table its options: `{ key = value }`, or `{ "key=value" }`
---@field number? string one that answers and takes a fax; default: nothing is dialled
---@field bad_number? string one that cannot be reached
---@field pages? integer pages of the fax (1)
---@field limit? integer seconds for a call that must not wait (10)
---@field call_limit? integer seconds for FaxDevSend and FaxDevReceive (300)
---@field abort_limit? integer seconds for them after an abort (30)
---@field only? string only the cases of this rule, or with this in their title; of the rules that hold throughout those that were broken
---@field each? fun(line: fax.fsp_check_line) called with each as it comes

---The lines, in their order, and:
---@class fax.fsp_checked
---@field passed boolean nothing failed
---@field failed integer how many did

---@class fax.fsp_check_line
---@field result "ok"|"fail"|"skip"|"note" skip: it did not come to that; note: it would not do, but the service never asks for it
---@field rule string "FSP-40", as in `docs/conformance.md`; or "options", "extension"
---@field title string
---@field why? string

---The service of this process.
---@class fax.service
local service = {}

---FaxServiceStart. A service that runs until it is stopped or the Lua state is closed.
---@param options? fax.service_options
---@return true? ok
---@return string? message
---@return string? code
function service.start(options) end

---FaxServiceStop, with the defaults drain = 0 and timeout = 30: starts nothing new, lets what is under way end for `drain` seconds, aborts it then, and waits `timeout` seconds more. The same goes for the operations of this Lua state's providers, which are detached; inside a plain callback, where the loop cannot be run, they are lost at once. When none runs: true.
---@param options? { drain: number?, timeout: number? }
---@return true? ok
---@return string? message
---@return string? code
function service:stop(options) end

---@return boolean
function service.running() end

---The clock of the service, real or virtual (`fax_clock.h`).
---@class fax.clock
local clock = {}

---FaxClockNow, in seconds since an arbitrary start; never goes back.
---@return number
function clock.now() end

---FaxClockWall: seconds since 1970.
---@return number
function clock.wall() end

---FaxClockVirtual: time then moves only when everything waits. ERROR_BUSY while a service runs.
---@param wall? number seconds since 1970; default: now
---@return true? ok
---@return string? message
---@return string? code
function clock.virtual(wall) end

---FaxClockIsVirtual.
---@return boolean
function clock.is_virtual() end

---FaxClockReal. ERROR_BUSY while a service runs.
---@return true? ok
---@return string? message
---@return string? code
function clock.real() end

---FaxClockWait. Dispatches nothing: use `loop:sleep` in a program with a loop.
---@param seconds number
---@return true? ok
---@return string? message
---@return string? code
function clock.wait(seconds) end

---FAX_PORT_INFO
---@class fax.port_info
---@field device_id integer
---@field state string one FPS_ name
---@field flags string[] FPF_ names
---@field rings integer before it answers
---@field priority integer 1 = first choice for sending
---@field device_name string
---@field tsid string
---@field csid string

---FAX_JOB_PARAM, as fax.complete_job_params gives it
---@class fax.job_param
---@field recipient_number? string
---@field recipient_name? string
---@field tsid? string `from` of `send`
---@field sender_name? string
---@field sender_company? string
---@field sender_dept? string
---@field billing_code? string
---@field schedule_action string JSA_ name
---@field schedule_time? number
---@field delivery_report_type string DRT_ name
---@field delivery_report_address? string
---@field document_name? string

---FAX_COVERPAGE_INFO; cover pages are to come
---@class fax.coverpage_info
---@field cover_page_name? string
---@field use_server_cover_page boolean
---@field rec_name? string
---@field rec_fax_number? string
---@field rec_company? string
---@field rec_street_address? string
---@field rec_city? string
---@field rec_state? string
---@field rec_zip? string
---@field rec_country? string
---@field rec_title? string
---@field rec_department? string
---@field rec_office_location? string
---@field rec_home_phone? string
---@field rec_office_phone? string
---@field sdr_name? string
---@field sdr_fax_number? string
---@field sdr_company? string
---@field sdr_address? string
---@field sdr_title? string
---@field sdr_department? string
---@field sdr_office_location? string
---@field sdr_home_phone? string
---@field sdr_office_phone? string
---@field note? string
---@field subject? string
---@field time_sent? number
---@field page_count integer

---FAX_DEVICE_STATUS
---@class fax.device_status
---@field caller_id? string receiving only
---@field csid? string
---@field current_page integer 0 = nothing is transmitted
---@field device_id integer
---@field device_name string
---@field document_name? string
---@field job_type string JT_ name; JT_UNKNOWN = idle
---@field phone_number? string sending only
---@field routing_string? string receiving only
---@field sender_name? string
---@field recipient_name? string
---@field size integer bytes
---@field start_time? number
---@field status string one FPS_ name
---@field status_string? string
---@field submitted_time? number
---@field total_pages integer
---@field tsid? string
---@field user_name? string

---FAX_JOB_ENTRY
---@class fax.job_entry
---@field job_id integer
---@field user_name? string the owner
---@field job_type string JT_ name
---@field queue_status string[] JS_ names
---@field status? string FPS_ name of the device at work on it
---@field size integer bytes of the document
---@field page_count integer
---@field recipient_number? string
---@field recipient_name? string
---@field tsid? string
---@field sender_name? string
---@field sender_company? string
---@field sender_dept? string
---@field billing_code? string
---@field schedule_action string JSA_ name
---@field schedule_time? number
---@field delivery_report_type string DRT_ name
---@field delivery_report_address? string
---@field document_name? string

---FAX_CONFIGURATION
---@class fax.configuration
---@field retries integer further attempts after a failed one, 0..99
---@field retry_delay integer minutes between attempts
---@field dirty_days integer a job that will not be sent is kept so long; 0 = without limit
---@field branding boolean header line on sent pages
---@field use_device_tsid boolean the port's TSID replaces the job's
---@field server_cp boolean common cover pages only
---@field pause_server_queue boolean nothing new is sent; jobs are accepted
---@field start_cheap_time string "HH:MM", UTC
---@field stop_cheap_time string "HH:MM"; equal to the start: no discount period
---@field archive_outgoing_faxes boolean a copy of each sent fax is kept
---@field archive_directory? string there
---@field inbound_profile? string kept, not used

---FAX_LOG_CATEGORY
---@class fax.log_category
---@field name? string
---@field category string FAXLOG_CATEGORY_ name
---@field level string FAXLOG_LEVEL_ name

---FAX_ROUTING_METHOD
---@class fax.routing_method
---@field device_id integer
---@field enabled boolean for this device
---@field device_name? string
---@field guid string
---@field friendly_name? string
---@field function_name? string
---@field extension_image_name? string
---@field extension_friendly_name? string

---FAX_GLOBAL_ROUTING_INFO
---@class fax.global_routing_info
---@field priority integer 1 = runs first
---@field guid string
---@field friendly_name? string
---@field function_name? string
---@field extension_image_name? string
---@field extension_friendly_name? string

---What became of a job.
---@class fax.job_result
---@field job_id integer
---@field job_type string JT_ name
---@field outcome "pending"|"completed"|"cancelled"|"failed"|"incomplete"|"stopped"
---@field submitted? number
---@field finished? number
---@field pages? integer of the document, or received
---@field pages_confirmed? integer
---@field number? string dialled, or the caller's
---@field user? string
---@field document? string
---@field path? string of the received fax
---@field remote_id? string
---@field bad_rows? integer
---@field attempts fax.attempt[]

---One attempt of a job.
---@class fax.attempt
---@field number integer from one
---@field device_id integer
---@field status? string FS_ name at its end; absent: it goes on
---@field started? number
---@field ended? number
---@field pages_confirmed? integer
---@field rate? integer bit/s
---@field ecm? boolean
---@field encoding? "MH"|"MR"|"MMR"
---@field bad_rows? integer
---@field longest_bad_run? integer rows
---@field remote_id? string
---@field cause? string why it failed, in one word
---@field evidence? string why it failed, in a sentence
---@field advice? string what to try next

---An event.
---@class fax.event
---@field kind "job"|"port"|"received"|"service"|"config"|"gap"
---@field name string FEI_ name
---@field sequence string a number in digits, per service, from 1, without gaps
---@field time number
---@field device_id integer 0 = none
---@field job_id? integer
---@field status? string FPS_ name of the device
---@field queue_status? string[] JS_ names of the job
---@field outcome? string as in a result; other than "pending" only with the job's last event
---@field attempt? integer
---@field phase? "dialing"|"ringing"|"connected"|"training"|"page"|"post_message"|"release"
---@field page? integer
---@field pages? integer
---@field pages_confirmed? integer
---@field rate? integer bit/s
---@field ecm? boolean
---@field encoding? "MH"|"MR"|"MMR"
---@field bad_rows? integer
---@field complete? boolean received: false = in part
---@field missed? integer FEI_FAX_MISSED: how many events; `sequence` is of the last
---@field remote_id? string
---@field caller_id? string
---@field path? string received
---@field cause? string
---@field evidence? string
---@field advice? string

---A fax in the inbox.
---@class fax.received
---@field path string
---@field pages integer
---@field complete boolean
---@field bad_rows? integer
---@field time number when it was stored
---@field device_id integer
---@field job_id integer
---@field tsid? string
---@field caller_id? string

---What fax.render gives.
---@class fax.rendered
---@field pages fax.page[]
---@field output? string
---@field unchanged boolean the document was canonical TIFF/F already

---A page of it.
---@class fax.page
---@field number integer from one
---@field width integer pixels
---@field height integer pixels
---@field x_resolution integer dots per inch
---@field y_resolution integer dots per inch
---@field png? string

return fax
