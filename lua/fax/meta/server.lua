---@meta _
-- SPDX-License-Identifier: MIT
-- Annotations: a connection, and what it submits and sets. Never loaded.

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

---FaxServerBoot. The id of the service's run, which is another one once it was started again, and whether the service is in another process. RPC_S_SERVER_UNAVAILABLE: it does not answer now.
---@return string? boot digits
---@return boolean|string|nil elsewhere
---@return string? code
function server:boot() end

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
---@field key? string the same key with the same document and number is the same job: it is not queued again, and its job is given, also when it is over; with another document or number ERROR_ALREADY_EXISTS. Of a broadcast: of each recipient, with "/" and the number behind it
---@field priority? "low"|"normal"|"high" which job has a line first ("normal"); no job waits for ever for that (`docs/jobs.md`)
---@field deadline? number seconds since 1970: when it is on no line by then it fails, and its result has the cause "expired"; default: none
---@field hold? boolean it waits, paused, until `job:resume` (false)
---@field on_doubt? "resend"|"hold" a call of it ended by a crash with a page in doubt: that page is sent again, perhaps a second time, or it waits, paused, until `job:resume`; default: the service's
---@field queue_limit? integer ERROR_NOT_ENOUGH_QUOTA when the user has so many faxes in the queue; default: no limit. Not of a job that `key` finds
---@field queue_bytes? integer the same when the documents of those, this one's too, have more bytes
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
---@field transport? "audio"|"t38" what the call goes over, or it fails; default: the provider's choice
---@field device? integer the port to send from; default: any that may send
---@field time_limit? integer seconds that the document may take to become pages, and again that the disk may take for the job (120); as `resolution`

---FaxSendDocumentForBroadcast (right FAX_JOB_SUBMIT). The document is made ready once; then one recipient is asked for after the other, and when all are named their jobs are queued with one commit. A recipient is a number, or the options of `send` with what differs. What fails ends it: those named before are queued, the fourth result has their jobs. ERROR_CANCELLED: there is no recipient. An error that the function raises passes on.
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

---FaxEnumJobs: queued and active jobs, oldest first. With a query FaxEnumQueue: those that it finds, page by page.
---@param query? fax.job_query
---@return fax.job_entry[]? jobs
---@return string? message
---@return string? code
function server:jobs(query) end

---What server:jobs is asked.
---@class fax.job_query
---@field with? string|integer|string[] `JS_PAUSED`, ...: jobs that have one of these
---@field without? string|integer|string[] jobs that have none of these
---@field number? string of the recipient, in any way of writing it
---@field limit? integer so many at most
---@field newest_first? boolean
---@field cursor? integer the `job_id` of the last one of the answer before: those behind it, also when that one has gone

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

---FaxEnumProviders (right FAX_CONFIG_QUERY). The providers of the service; those that are registered and could not be loaded come last.
---@return fax.provider_info[]? providers
---@return string? message
---@return string? code
function server:providers() end

---FaxLoadProvider (right FAX_CONFIG_SET). Loads a provider in a shared object into the running service, for this run only; `fax.register_service_provider` is for every run. Its devices are ports from now on. `close` lets its calls end, and unloads it then; `wait` tells when it is. The loop keeps it, as one of `fax.provider`, but does not run on for it. ERROR_ALREADY_EXISTS: its name or a device id is in use. ERROR_BUSY: the file is in use by a provider that is there, or still leaving.
---@param provider fax.provider_options
---@return fax.provider? provider
---@return string? message
---@return string? code
function server:load_provider(provider) end

---The received faxes, oldest first (right FAX_JOB_QUERY).
---@param options? { after: number } only those stored at or after this time
---@return fax.received[]? faxes
---@return string? message
---@return string? code
function server:inbox(options) end

---FaxInitializeEventQueue. Calls `fn(event)` from within the loop for events of a kind. Goes on after `server:close()`, ends with the service; one in another process is subscribed to again when it is back, and a "gap" tells of it. A received fax's event has `tsid`, the station id of its sender. Whatever the kind, a reader that was too slow gets an event of the kind "gap" in the place of those it missed: look anew at what matters.
---@param kind "job"|"port"|"received"|"service"|"config"|"archive"|"gap"|"any"
---@param fn fun(event: fax.event)
---@return fax.subscription? subscription
---@return string? message
---@return string? code
function server:on(kind, fn) end

---Iterates over the events from now on: in a coroutine of the loop it yields while there is none, outside it runs the loop. Ends with the service. An iterator that is not asked keeps 10,000 events; then a "gap" tells what it missed.
---@param kind? "job"|"port"|"received"|"service"|"config"|"archive"|"gap"|"any" default "any"; gaps come with each
---@return fun(): fax.event?
function server:events(kind) end

---FaxClose. Does nothing the second time.
function server:close() end

---@return boolean
function server:closed() end
