/* SPDX-License-Identifier: MIT
   What the service has that Windows has no name for: starting and stopping it
   in this process, connecting with fewer rights, submissions with more options,
   results that outlive the queue, extended events, the inbox, rendering.
   Conventions as in winfax.h; structures are sized (`size` = sizeof). */
#ifndef FAX_FAX_SERVICE_H
#define FAX_FAX_SERVICE_H

#include <fax/fax_operation.h>
#include <fax/fax_policy.h>
#include <fax/winfax.h>

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- life ---- */

/* isolate: in this process, whatever the provider says of itself. */
#define FAX_ISOLATE_NONE FAX_UNKNOWN

/* One provider to load. */
struct fax_provider_config {
  const char *name;           /* "loopback" */
  const char *path;           /* the shared object; NULL: the one of that name
                                 that came with libfax */
  const char *const *options; /* "key=value", NULL at the end; NULL: none */
  DWORD isolate; /* calls in one child process, so that a crash ends no more
                    than those; 0: as fax_provider_isolate of the provider says,
                    without it in this process; FAX_ISOLATE_NONE */
  DWORD calls; /* its lines send while fewer calls than this are on them; 0: no
                  limit */
};

enum { FAX_DIAL_GROUPS_MOST = 64 };

/* Ports that numbers are called from. */
struct fax_dial_group {
  const char *name;
  const char *const *ports; /* names of devices or of providers, NULL at the
                               end; those that are not there may come */
};

/* Numbers whose normal form begins so; the longest prefix counts. */
struct fax_dial_route {
  const char *prefix; /* "": all others */
  const char *group;  /* NULL: any port */
};

/* How numbers are read (docs/dialling.md). Without a country only those with a
   "+" are known to be numbers of E.164. */
struct fax_dialling {
  DWORD size;
  const char *country;       /* the code of ours, digits: "49"; NULL: none */
  const char *international; /* dialled before other countries' numbers: "00";
                                NULL: none */
  const char *national;      /* dialled before numbers of ours: "0"; "": nothing
                                is; NULL: they are not told from others */
  DWORD national_digits;     /* a number of so many digits is one of ours also
                                without that prefix; 0: none is */
  const struct fax_dial_group *groups; /* FAX_DIAL_GROUPS_MOST at most */
  DWORD group_count;
  const struct fax_dial_route *routes;
  DWORD route_count;
  const char *const *blocked; /* numbers that are never called, and beginnings
                                 of their normal form with a "*" behind; NULL at
                                 the end; NULL: none */
};

struct fax_service_config {
  DWORD size;
  const char *directory; /* state; NULL: $FAX_DIRECTORY, else
                            $XDG_STATE_HOME/fax, else ~/.local/state/fax */
  const char *inbox;     /* received faxes; NULL: <directory>/inbox */
  const char *log_file;  /* NULL: <directory>/fax.log; "-": stderr; "syslog",
                            or "syslog:" and the path of its socket */
  DWORD log_level;       /* enum fax_log_level; FAX_UNKNOWN: as set last */
  const struct fax_provider_config *providers;
  DWORD provider_count;
  /* What is given of these four is so in this run, whatever FaxSetConfiguration
     set in earlier ones. FAX_UNKNOWN, of a BOOL (BOOL)FAX_UNKNOWN: as set last.
   */
  DWORD retries;          /* further attempts after a failed one */
  DWORD retry_delay;      /* seconds between attempts */
  BOOL branding;          /* header line on sent pages */
  BOOL use_device_tsid;   /* the port's TSID replaces the job's */
  BOOL embedded;          /* stops by itself when the last server handle is
                             closed and nothing is active */
  DWORD operation_limit;  /* seconds an operation may take at all */
  DWORD abort_limit;      /* seconds a provider has to end after an abort */
  DWORD recipients_limit; /* of one broadcast, or one prepared document;
                             0: none */
  DWORD event_backlog;    /* events that wait for a reader: 16 or more */
  DWORD compat;           /* enum fax_compat: where Windows can be had */
  BOOL adopt;             /* embedded: sends what is in the directory's queue
                             from earlier runs; else that waits for a service
                             that does, as one that is not embedded */
  DWORD keep_results;     /* seconds, from the end of a job */
  const struct fax_dialling *dialling;   /* NULL: no rules */
  const struct fax_retry_policy *policy; /* NULL: FaxPolicyDefaults */
  DWORD key_days; /* a submission's key is held so long past its job's end; of
                     these three 36,500 at most */
  DWORD calls_per_number;  /* calls to one number at a time; 0: no limit */
  DWORD priority_step;     /* seconds that a job of one priority may overtake
                              those of the next one below (docs/jobs.md) */
  DWORD archive_days;      /* faxes of the archive and the inbox that are older
                              go; 0: none for its age */
  DWORDLONG archive_bytes; /* the oldest go when all have more; 0: none for its
                              size */
  DWORD record_days;       /* of attempts (fax_history.h); 0: kept for ever */
  DWORD on_doubt;          /* enum fax_on_doubt; FAX_DOUBT_DEFAULT: resend */
  BOOL offline; /* no call begins or is answered, and registered providers
                   are not loaded: the queue is looked at and changed */
  /* ---- other processes (docs/protocol.md) ---- */
  const char *socket; /* where they reach it; NULL: <directory>/fax.sock; "":
                         nowhere */
  int listen_fd;      /* such a socket that listens already; taken; -1: none */
  const struct fax_access *access; /* who may connect, the first that fits
                                      counts; NULL: the account of this process
                                      and root, with all rights */
  DWORD access_count;
  DWORD log_format; /* enum fax_log_format */
  DWORD idle; /* seconds after which it stops by itself when no server handle is
                 open, no line busy, and no job waits to be sent; 0: never */
  DWORD batch; /* so many jobs for one number go in one call where the provider
                  can (docs/jobs.md); 0, 1: each has its own */
  DWORD client_patience; /* seconds in which a message of a client in another
                            process must come whole, 1 MiB of bytes that follow
                            it, and which it may leave an answer unread; 0: 30
                          */
};

/* What a peer of the socket may, by the account that the kernel says. */
struct fax_access {
  const char *user;  /* NULL: anybody */
  const char *group; /* one that the account is a member of; NULL: any */
  DWORD rights;      /* a mask of FAX_ rights; 0: may not connect */
  BOOL act_for;      /* may open sessions for other users, with these rights or
                        fewer */
};

/* What becomes of a job when its call ended in a way that leaves a page in
   doubt: a crash, or the loss of the provider, between the end of the page and
   its confirmation. */
enum fax_on_doubt {
  FAX_DOUBT_DEFAULT = 0, /* of a submission: as the service says */
  FAX_DOUBT_RESEND = 1,  /* that page is sent again */
  FAX_DOUBT_HOLD = 2     /* the job is paused until JC_RESUME */
};

/* The documents contradict Windows, or each other; without these bits it is as
   documented (docs/differences.md). */
enum fax_compat {
  FAX_COMPAT_LAX_PORTS = 1,   /* the open mode of a port is not looked at
                                 (PORT-16) */
  FAX_COMPAT_CLOSE_RIGHT = 2, /* FaxClose without FAX_PORT_QUERY returns FALSE;
                                 it releases all the same (CONN-8) */
  FAX_COMPAT_ONE_QUEUE = 4    /* a second FaxInitializeEventQueue is
                                 ERROR_INVALID_DATA (EVT-5) */
};

enum fax_log_level {
  FAX_LOG_ERROR = 0,
  FAX_LOG_WARN = 1,
  FAX_LOG_INFO = 2,
  FAX_LOG_DEBUG = 3
};

enum fax_log_format {
  FAX_LOG_TEXT = 0, /* "2026-11-21T18:00:00.000Z info room: text key=value" */
  FAX_LOG_JSON = 1  /* an object a line: time, level, category, room, text */
};

/* Fills in the start values: 4 hours for an operation, 30 s for an abort;
   65,536 events, no limit on recipients, 30 days for results, 365 for records,
   7 for keys; one call to a number at a time, half an hour between priorities.
   The log's level, retries, branding and the port's TSID are FAX_UNKNOWN: as
   FaxSetLoggingCategories and FaxSetConfiguration set them last in this
   directory; when nobody did, the documented ones: 3 retries, 600 s between
   them, branding and the port's TSID on, and FAX_LOG_INFO. */
FAX_EXPORT void FaxServiceDefaults(struct fax_service_config *config_out);

/* Starts the service of this process. ERROR_SERVICE_ALREADY_RUNNING: one runs
   here. ERROR_SHARING_VIOLATION: another process owns the directory (the
   message names it). A provider that cannot be loaded refuses the start with
   ERROR_MOD_NOT_FOUND, ERROR_PROC_NOT_FOUND (the message names the export) or
   its own error. */
FAX_EXPORT BOOL FaxServiceStart(const struct fax_service_config *config);

/* Stops it: no new operation starts; those under way may end until `drain`,
   are aborted then, and are waited for until `until`. Jobs that did not end are
   reported as stopped. TRUE: it has stopped; FALSE with ERROR_TIMEOUT: threads
   of a provider, or one that writes to a folder that does not answer (the
   message says which), are left behind, or it is stopping still. When none
   runs: TRUE. */
FAX_EXPORT BOOL FaxServiceStop(fax_deadline until, fax_deadline drain);

FAX_EXPORT BOOL FaxServiceRunning(void);

/* Asks for the same and does not wait: subscribers hear of the end
   (FEI_FAXSVC_ENDED), and FaxServiceStop waits for it. An earlier end than one
   that was asked for before counts, a later one does not. */
FAX_EXPORT void FaxServiceAskStop(fax_deadline until, fax_deadline drain);

/* Another configuration for the service that runs, without losing a call: the
   rules of dialling, of retries and of access (for those who connect from now
   on), limits, what is kept how long, the log's level, what FaxSetConfiguration
   sets (what is not FAX_UNKNOWN), `idle`. Providers that are new are loaded, on
   this thread; those that are not named any more leave when their calls have
   ended. All of it, or on an error nothing. Gives in *left_out, one block, the
   names of what differs and needs a restart, a line each: directory, inbox,
   socket, log, log_format, compat, a provider whose options changed ("provider
   NAME"); NULL: nothing does. */
FAX_EXPORT BOOL FaxServiceReload(const struct fax_service_config *config,
                                 char **left_out);

/* Puts a line into the log of this process's service, "room: text"; level: enum
   fax_log_level. ERROR_SERVICE_NOT_ACTIVE. */
FAX_EXPORT BOOL FaxServiceNote(DWORD level, const char *room, const char *text);

/* The file of the log was moved away: the next line begins a new one. */
FAX_EXPORT void FaxServiceReopenLog(void);

/* Whether a service may be started so, as far as that can be told without
   starting one: what refuses it, with the setting's name first. */
FAX_EXPORT BOOL FaxServiceCheck(const struct fax_service_config *config);

/* ---- connecting ---- */

struct fax_connect {
  DWORD size;
  DWORD rights;       /* a mask of FAX_ rights to narrow to; never widens */
  const char *user;   /* NULL: the account of this process */
  const char *socket; /* that of a server in another process; NULL: the service
                         of this process, else the socket in the directory */
  const char *directory; /* of the server; NULL: as of fax_service_config, or,
                            when none listens there, of the system's server */
};

/* FaxConnectFaxServer with narrower rights; connect NULL: all of them. */
FAX_EXPORT BOOL FaxConnect(const struct fax_connect *connect,
                           LPHANDLE FaxHandle);

/* ---- documents ---- */

enum fax_resolution { FAX_RESOLUTION_FINE = 0, FAX_RESOLUTION_STANDARD = 1 };
enum fax_paper {
  FAX_PAPER_AUTO = 0, /* by the document's own pages */
  FAX_PAPER_A4 = 1,
  FAX_PAPER_LETTER = 2,
  FAX_PAPER_LEGAL = 3
};

/* How long a document may take to become pages, and what else ends that. */
struct fax_patience {
  DWORD seconds; /* 0: 120 */
  /* Asked on the calling thread now and then, and at once when a signal came:
     TRUE gives up with ERROR_CANCELLED. NULL: nothing does. */
  BOOL (*interrupted)(void *arg);
  void *arg;
};

struct fax_render {
  DWORD size;
  const char *const *files; /* joined in this order */
  DWORD file_count;
  DWORD resolution;   /* enum fax_resolution */
  DWORD paper;        /* enum fax_paper */
  const char *output; /* the TIFF/F to write; NULL: none is kept */
  const char *png;    /* a folder for page-001.png ...; NULL: none */
  struct fax_patience patience;
};

struct fax_page {
  DWORD number; /* from one */
  DWORD width;  /* pixels */
  DWORD height;
  DWORD x_resolution; /* dots per inch, rounded */
  DWORD y_resolution;
  const char *png; /* NULL: not asked for */
};

struct fax_rendered {
  DWORD size;
  DWORD page_count;
  const struct fax_page *pages;
  const char *output;
  BOOL unchanged; /* the document was canonical TIFF/F already */
};

/* Turns documents into fax pages without a service; gives the description.
   ERROR_FILE_NOT_FOUND, ERROR_INVALID_DATA and the message: which file, why. */
FAX_EXPORT BOOL FaxRenderDocument(const struct fax_render *render,
                                  struct fax_rendered **rendered_out);

/* The path of what was installed with libfax: a program ("fax-fsp-check") or a
   provider ("fsp/loopback.so"). Gives it in one FaxFreeBuffer block.
   ERROR_FILE_NOT_FOUND: the message names the places. */
FAX_EXPORT BOOL FaxFindCompanion(const char *name, char **path_out);

/* ---- prepared documents ---- */

struct fax_document {
  DWORD size;
  const char *const *files; /* joined into one document */
  DWORD file_count;
  DWORD resolution; /* enum fax_resolution */
  DWORD paper;      /* enum fax_paper */
  struct fax_patience patience;
};

/* Makes fax pages of it once, for any number of submissions (FAX_JOB_SUBMIT).
   Gives a handle for FaxClose; jobs that were submitted with it keep the pages.
   Errors as of FaxSendDocument. */
FAX_EXPORT BOOL FaxPrepareDocument(HANDLE FaxHandle,
                                   const struct fax_document *document,
                                   LPHANDLE document_out);

/* ---- submissions ---- */

/* Which job has a line first (docs/jobs.md). */
enum fax_priority {
  FAX_PRIORITY_NORMAL = 0,
  FAX_PRIORITY_HIGH = 1,
  FAX_PRIORITY_LOW = 2
};

struct fax_submission {
  DWORD size;
  HANDLE document;          /* of FaxPrepareDocument; NULL: of these files */
  const char *const *files; /* joined into one document */
  DWORD file_count;
  const FAX_JOB_PARAM *params;
  DWORD retries;                /* FAX_UNKNOWN: the service's */
  DWORD retry_delay;            /* seconds; FAX_UNKNOWN: the service's */
  DWORD resolution;             /* enum fax_resolution */
  DWORD paper;                  /* enum fax_paper */
  DWORD ecm;                    /* 0, 1; FAX_UNKNOWN: 1 */
  DWORD max_rate;               /* bit/s, 4800 or more; 0: no limit */
  DWORD transport;              /* enum fax_transport */
  DWORD device_id;              /* 0: any port that may send */
  struct fax_patience patience; /* for the document, and again for the disk;
                                   the call waits for both */
  /* NULL: none. While it is held, a submission of the same user with the same
     key, document and number is the job of the first, and only says its number;
     with another document or number it is ERROR_ALREADY_EXISTS. */
  const char *key;
  DWORD priority;    /* enum fax_priority */
  FILETIME deadline; /* on no line by then, it fails as "expired"; zero: none */
  BOOL hold;         /* it is paused from the beginning (JC_RESUME) */
  DWORD on_doubt;    /* enum fax_on_doubt */
  /* ERROR_NOT_ENOUGH_QUOTA when the user has so many faxes in the queue, or
     with this one so many bytes; not of what `key` finds. 0: no limit. */
  DWORD queue_limit;
  DWORDLONG queue_bytes;
};

/* FaxSendDocument with the options above. */
FAX_EXPORT BOOL FaxSubmit(HANDLE FaxHandle,
                          const struct fax_submission *submission,
                          LPDWORD FaxJobId);

/* The same for many, which the disk takes together, or not at all: one sync.
   FALSE: those before the first that is refused are queued; ids_out has the
   numbers of all `count`, and 0 for what is not queued. */
FAX_EXPORT BOOL FaxSubmitAll(HANDLE FaxHandle,
                             const struct fax_submission *submissions,
                             DWORD count, LPDWORD ids_out);

/* ---- dialling ---- */

struct fax_dial_port {
  DWORD device_id;
  const char *name;
  BOOL sends; /* it is free, and may send */
};

/* What becomes of a number by the rules of the service (docs/dialling.md). */
struct fax_dial_plan {
  DWORD size;
  const char *number;
  const char *normal;     /* its normal form */
  const char *prefix;     /* of its route; NULL: it has none */
  const char *group;      /* of the route; NULL: any port */
  const char *blocked_by; /* the entry of the block list; NULL: none */
  DWORD calls;            /* that go to it now */
  DWORD most_calls;       /* 0: no limit */
  DWORD port_count;
  const struct fax_dial_port *ports; /* that may call it, the first choice
                                        first */
};

/* Gives the plan for a number (FAX_PORT_QUERY). */
FAX_EXPORT BOOL FaxGetDialPlan(HANDLE FaxHandle, const char *number,
                               struct fax_dial_plan **plan_out);

/* ---- results ---- */

enum fax_outcome {
  FAX_OUTCOME_PENDING = 0,   /* not decided yet */
  FAX_OUTCOME_COMPLETED = 1, /* every page confirmed, or received whole */
  FAX_OUTCOME_CANCELLED = 2,
  FAX_OUTCOME_FAILED = 3,     /* will not be sent; nothing usable received */
  FAX_OUTCOME_INCOMPLETE = 4, /* received in part; what came was kept */
  FAX_OUTCOME_STOPPED = 5     /* the service stopped before it was decided */
};

struct fax_attempt {
  DWORD number; /* from one */
  DWORD device_id;
  DWORD status; /* FS_ at its end; 0 = it goes on */
  FILETIME started;
  FILETIME ended;
  DWORD pages_confirmed;
  DWORD rate;
  DWORD ecm;
  DWORD encoding;
  DWORD bad_rows;
  DWORD longest_bad_run;
  const char *remote_id;
  const char *cause;
  const char *evidence;
  const char *advice;
  /* The T.30 exchange, as its provider told it; NULL: it did not, or ten later
     attempts of this job have one. */
  const struct fax_t30_event *timeline;
  DWORD timeline_count;
  DWORD quality;   /* enum fax_quality */
  DWORD transport; /* enum fax_transport: what the call went over */
  /* Of sending, what was made of it (docs/policy.md). */
  DWORD cause_class;  /* enum fax_cause; of an earlier version: FAX_UNKNOWN */
  DWORD decision;     /* enum fax_decision; FAX_UNKNOWN: none was needed */
  DWORD delay;        /* seconds until the next attempt at least; FAX_UNKNOWN */
  const char *reason; /* why, as a sentence */
  DWORD doubt; /* of one whose end nobody told: the page that may have arrived
                  without its confirmation having come to be known; 0: none;
                  FAX_UNKNOWN: its provider does not say which */
  DWORD first_page; /* that the call began with, by what its provider noted
                       (FaxOperationCommit); 0: its notes and its count do not
                       fit; FAX_UNKNOWN: it notes none, or came to none */
};

struct fax_job_result {
  DWORD size;
  DWORD job_id;
  DWORD job_type; /* JT_ */
  DWORD outcome;  /* enum fax_outcome */
  FILETIME submitted;
  FILETIME finished;
  DWORD pages; /* of the document, or received */
  DWORD pages_confirmed;
  const char *number; /* dialled, or the caller's */
  const char *user;
  const char *document;
  const char *path; /* of the received fax */
  const char *remote_id;
  DWORD bad_rows;
  DWORD attempt_count;
  const struct fax_attempt *attempts;
  const char *cause; /* of its end, where that was no attempt's: "expired";
                        else NULL */
};

/* Gives the result of a job, finished or not, as long as it is kept.
   ERROR_INVALID_PARAMETER: no such job here. Rights as for FaxGetJob. */
FAX_EXPORT BOOL FaxGetJobResult(HANDLE FaxHandle, DWORD JobId,
                                struct fax_job_result **result_out);

/* ---- events ---- */

enum fax_event_kind {
  FAX_EVENT_JOB = 1,
  FAX_EVENT_PORT = 2,
  FAX_EVENT_RECEIVED = 3, /* a fax lies in the inbox */
  FAX_EVENT_SERVICE = 4,
  FAX_EVENT_CONFIG = 5,
  FAX_EVENT_GAP = 6, /* events of any kind were missed: look anew */
  FAX_EVENT_ARCHIVE = 7
};

/* Events that FAX_EVENT has no id for; extended subscriptions get them. */
#define FEI_FAX_RECEIVED 0x00001001
#define FEI_FAX_JOB_CHANGED 0x00001002    /* FaxSetJob; not routed */
#define FEI_FAX_PORT_CHANGED 0x00001003   /* FaxSetPort, routing of a port */
#define FEI_FAX_CONFIG_CHANGED 0x00001004 /* FAX_CONFIG_QUERY */
#define FEI_FAX_MISSED 0x00001005         /* the reader was too slow */
#define FEI_FAX_REMOVED 0x00001006        /* from the archive or the inbox */

struct fax_event {
  DWORD size;
  DWORD kind;         /* enum fax_event_kind */
  DWORD event_id;     /* FEI_ */
  DWORDLONG sequence; /* per service, from 1, without gaps */
  FILETIME time;
  DWORD device_id;    /* 0 = none */
  DWORD job_id;       /* FAX_NO_JOB = none */
  DWORD status;       /* FPS_ of the device */
  DWORD queue_status; /* JS_ flags of the job; FAX_UNKNOWN = no job */
  DWORD outcome;      /* enum fax_outcome, with the job's last event */
  DWORD attempt;
  DWORD phase; /* enum fax_phase */
  DWORD page;
  DWORD pages;
  DWORD pages_confirmed;
  DWORD rate;
  DWORD ecm;
  DWORD encoding;
  DWORD bad_rows;
  DWORD complete; /* received: 1 = whole, 0 = in part */
  DWORD missed;   /* FEI_FAX_MISSED: how many, `sequence` is of the last;
                     FAX_UNKNOWN with any other event */
  const char *remote_id;
  const char *caller_id;
  const char *path; /* received, or removed */
  const char *cause;
  const char *evidence;
  const char *advice;
  DWORD quality; /* enum fax_quality, of a fax received */
};

/* As FaxInitializeEventQueue, with the extended record: a struct fax_event in
   one block, freed with FaxLocalFree. *id names the subscription. When
   `event_backlog` packets wait in the port, events are not posted but counted,
   and one FEI_FAX_MISSED in their place tells how many. */
FAX_EXPORT BOOL FaxSubscribe(HANDLE FaxHandle, HANDLE CompletionPort,
                             ULONG_PTR CompletionKey, LPDWORD id);
/* Ends it; packets posted before stay in the port. Unknown: does nothing. */
FAX_EXPORT void FaxUnsubscribe(DWORD id);

/* Which run of the service answers the handle: `boot` is another one once it
   was started again; *elsewhere (may be NULL) says whether it is in another
   process, where it may be started again: after its FEI_FAXSVC_ENDED one
   subscribes again, with the same handle, and has missed what was meanwhile.
   RPC_S_SERVER_UNAVAILABLE: not now. */
FAX_EXPORT BOOL FaxServerBoot(HANDLE FaxHandle, DWORDLONG *boot,
                              BOOL *elsewhere);

/* ---- inbox ---- */

struct fax_received {
  DWORD size;
  const char *path;
  DWORD pages;
  BOOL complete;
  DWORD bad_rows;
  FILETIME time; /* when it was stored */
  DWORD device_id;
  DWORD job_id;
  const char *tsid;
  const char *caller_id;
  DWORD quality; /* enum fax_quality; as bad_rows FAX_UNKNOWN of one that a
                    crash cut short */
};

/* Gives the received faxes stored from the second of `after` on (zero: all),
   oldest first (FAX_JOB_QUERY). fax_archive.h has more of them. */
FAX_EXPORT BOOL FaxEnumInbox(HANDLE FaxHandle, FILETIME after,
                             struct fax_received **received_out, LPDWORD count);

/* ---- providers ---- */

enum fax_provider_origin {
  FAX_PROVIDER_CONFIGURED = 0, /* by whoever started the service */
  FAX_PROVIDER_REGISTERED = 1, /* FaxRegisterServiceProvider */
  FAX_PROVIDER_LOADED = 2,     /* FaxLoadProvider */
  FAX_PROVIDER_ATTACHED = 3    /* FaxAttachProvider */
};

enum fax_provider_state {
  FAX_PROVIDER_RUNNING = 0,
  FAX_PROVIDER_LOADING = 1,
  FAX_PROVIDER_LEAVING = 2, /* its last operations go on, or its shutdown */
  FAX_PROVIDER_FAILED = 3   /* it is registered, and could not be loaded */
};

struct fax_provider_info {
  DWORD size;
  const char *name;
  DWORD origin; /* enum fax_provider_origin */
  DWORD state;  /* enum fax_provider_state */
  DWORD device_count;
  DWORD error;         /* FAILED: why, an ERROR_ code; else FAX_UNKNOWN */
  const char *message; /* the same as a sentence; else NULL */
};

/* Gives the providers of the service, those that failed last
   (FAX_CONFIG_QUERY). */
FAX_EXPORT BOOL FaxEnumProviders(HANDLE FaxHandle,
                                 struct fax_provider_info **providers_out,
                                 LPDWORD count);

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
