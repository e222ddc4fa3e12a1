/* SPDX-License-Identifier: MIT
   The state of the service, for the files of src/service only. All of it is
   under `service->lock`, which is held for microseconds: never across disk, a
   provider, or anything that waits. What a thread needs outside the lock it
   holds by reference. */
#ifndef FAX_SERVICE_STATE_H
#define FAX_SERVICE_STATE_H

#include <bsd/sys/tree.h>
#include <fax/fax_archive.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/list.h"
#include "base/log.h"
#include "base/mem.h"
#include "document/spool.h"
#include "model/event.h"
#include "model/record.h"
#include "model/time.h"
#include "provider/provider.h"
#include "service/access/access.h"
#include "service/policy/policy.h"
#include "service/metrics/metrics.h"
#include "service/service.h"

enum service_state {
  SERVICE_RUNNING,
  SERVICE_DRAINING, /* nothing new starts; what runs may end */
  SERVICE_STOPPING, /* what runs was asked to end */
  SERVICE_STOPPED
};

/* Jobs by id; those that wait for a time, by that; those that wait for a line,
   by their number, and the next of each number, by their turn. */
RB_HEAD(job_ids, job);
RB_HEAD(job_order, job);
RB_HEAD(key_names, submission_key); /* key/key.h */
RB_HEAD(job_numbers, job);
RB_HEAD(job_turns, job);
RB_HEAD(job_deadlines, job);
RB_HEAD(job_devices, job);
RB_HEAD(numbers, number);
RB_HEAD(owners, owner); /* job/owner.h */
RB_HEAD(job_owned, job);

/* Numbers that are known (policy/memory.h), by their texts, by last calls. */
RB_HEAD(known_numbers, known);
RB_HEAD(known_ages, known);

/* What is known of devices, their ports there or not (port/device.h). */
struct device;
RB_HEAD(device_names, device);
RB_HEAD(device_ids, device);

/* What a line would free: jobs for now, and for the discount period. Of each
   number its next, and none of one that has all its calls. */
struct job_lines {
  struct job_turns now, discount;
};

/* What FaxSetConfiguration sets. */
struct configuration {       /* counted; replaced as a whole, never changed */
  FAX_CONFIGURATION *record; /* one block (MEM_BUFFER) */
  DWORD retry_delay;         /* seconds; the record has whole minutes */
};

/* How far a purge of the archive has come. */
struct archive_place {
  bool by_size; /* those that are too old have gone, or cannot */
  DWORD id;     /* the last one that was looked at; 0: none was */
  FILETIME time;
};

struct service { /* counted */
  pthread_mutex_t lock;
  struct clock_cond changed; /* the scheduler, whoever stops or takes turns */
  struct clock_cond arrived; /* the router, the deliverer */
  enum service_state state;
  fax_deadline drain, until; /* of the stop */
  char *left_behind;         /* whose threads did not come back */
  struct service_door door;
  void *door_open; /* NULL: nobody is let in */

  struct fax_service_config config; /* its pointers are not kept */
  char *given_directory, *given_inbox, *given_log, *given_socket; /* or NULL */
  struct configuration *configuration;
  struct fax_retry_policy policy;
  struct known_numbers known;
  struct known_ages known_ages;
  DWORD known_count;
  struct asker *asker; /* counted (policy/ask.h); NULL: the rules decide */
  struct list asked;   /* struct verdict: waits for its answer */
  DWORD questions;     /* that were asked */
  /* dialling/dialling.h; replaced with the lock, and read without it: rules
     that were are there as long as those that are. */
  struct dialling *_Atomic dialling;
  char *directory, *spool, *incoming, *inbox;
  int directory_lock; /* a locked descriptor */
  DWORDLONG boot;     /* the date of the start; tells files of this run from
                         those of others */
  fax_deadline begun; /* the same by the clock */
  char *user;         /* the account of this process */

  pthread_t scheduler, router, deliverer;
  bool scheduler_started, router_started, router_stop;
  bool deliverer_lives, deliverer_stop; /* it is left behind if it is stuck */

  struct list providers;   /* struct hosted (provider/hosted.h) */
  struct list failed;      /* the same: registered, and not to be loaded */
  DWORD providers_leaving; /* detached, and nobody ends them yet */
  DWORD providers_busy;    /* threads that load or end one */
  bool registration_waits; /* one was refused for a module in use */
  struct list ports;       /* by device id; those of operations still under
                              way of a provider that has gone, too */
  DWORD port_count;        /* without the latter */
  DWORD port_changes;      /* how often receive or send was switched */
  struct port **ranking;   /* room for all ports, to sort them in */
  size_t ranking_room;
  struct device_names device_names;
  struct device_ids device_ids;
  DWORD device_count;
  DWORD last_order;       /* of those that were known in this run */
  bool changing_settings; /* a thread has its turn (durable/settings.h) */
  struct store *store;
  struct spool *documents; /* in the folder `spool` */
  struct bundle *bundle;   /* made for the next call (bundle/bundle.h); NULL */
  DWORD next_bundle;       /* a number for its file */
  struct list unsaved;     /* jobs for which there was no memory to be saved */
  fax_deadline sleeps_until; /* the scheduler, when it waits and is not told */
  fax_deadline save_again;   /* when the next of them is tried */
  uint64_t probe;           /* the commit that tells whether the disk is well */
  fax_deadline records_due; /* when those that are too old go */
  bool ending;              /* queued jobs leave this process, not the store */
  struct job_ids jobs;      /* queued and active */
  struct job_ids results;   /* finished: the newest, and what the store does
                               not have yet */
  struct list finished;     /* the same, by the time they ended */
  DWORD finished_count;     /* in it */
  fax_deadline expire_at;   /* the store forgets what was kept long enough */
  struct key_names keys;    /* of submissions, while they are held */
  struct list keys_ended;   /* those whose jobs are over, by that time */
  struct list decided;      /* will not be sent, by the time that was clear */
  struct job_order by_date; /* wait for a time of day */
  struct job_order by_delay;        /* wait for the end of a delay */
  struct job_deadlines by_deadline; /* on no line yet */
  struct job_devices bound;         /* for one port, by its device */
  struct job_lines lines;           /* wait for any port */
  struct job_lines *groups; /* the same, of a group of ports (dialling) */
  struct numbers numbers;   /* that jobs of the queue are for, by text */
  struct owners owners;     /* of those jobs, by name */
  struct list routing;      /* receptions waiting to be stored */
  struct list delivering;   /* receptions waiting to be routed */
  struct list archiving;    /* struct archived: to be copied in turn */
  struct list unarchived;   /* those that could not be, by the next try */
  DWORD next_archived;      /* an id */
  DWORDLONG archived_bytes[FAX_ARCHIVE_RECEIVED + 1]; /* of files, by folder */
  fax_deadline retain_at;        /* when the archive's limits are looked at */
  struct archive_place retained; /* how far that has come */
  bool overfull; /* what could be removed does not do: not before retain_at */
  bool removing; /* somebody takes faxes out of the archive */
  struct list methods; /* of routing, in the order in which they run */
  struct list subscriptions;
  DWORD next_job;
  DWORDLONG next_sequence;
  struct metrics metrics;
  DWORD connections;        /* open server handles */
  fax_deadline rests_since; /* nothing was to be done since; 0: something is */
  bool connected; /* there was one: an embedded service may stop again */
  DWORD active;   /* ports with an attempt, and receptions to be stored */
};

struct port_settings { /* counted; replaced as a whole, never changed */
  char *tsid, *csid;
};

/* The lines of a provider that is to have so many calls at a time. */
struct line_share { /* counted; with the lock */
  DWORD most, calls;
};

struct port {   /* counted */
  bool leaving; /* it was detached: takes nothing new, vanishes when idle */
  bool gone;    /* it is no port any more; its operation may go on */
  bool named;   /* its provider says what it answers with */
  struct list link;
  struct service *service; /* borrowed: ports do not outlive it */
  struct fax_provider *provider;
  struct device *device; /* counted; NULL: of one that is not there yet */
  DWORD device_id;
  char *name;
  DWORD state; /* FPS_ */
  DWORD flags, rings, priority;
  DWORD lacks; /* FPF_SEND, FPF_RECEIVE: it cannot, so its flags have it not */
  struct port_settings *settings;
  struct port_routing *routing;   /* counted; routing/method.h */
  struct job_lines lines;         /* jobs that wait for this port only */
  DWORDLONG groups;               /* a bit for each that it is in (dialling) */
  struct line_share *share;       /* counted; of its provider; NULL: no limit */
  struct port_handle *modifier;   /* the one open for modify; borrowed */
  struct attempt *attempt;        /* until the provider releases the device */
  uint64_t line_milliseconds;     /* of the attempts that ended */
  fax_deadline unavailable_until; /* FPS_UNAVAILABLE ends by itself */
  bool answering; /* an attempt is being made, which lets go of the lock */
  bool ringing;
  DWORD rings_seen;
  fax_deadline ringing_since, last_ring;
  char *ring_caller;
};

enum job_state {
  JOB_PENDING,
  JOB_INPROGRESS,
  JOB_CANCELING,
  JOB_RETRYING,
  JOB_RETRIES_EXCEEDED,
  JOB_ROUTING,
  JOB_FAILED, /* a reception in part, kept in the queue (JT_FAIL_RECEIVE) */
  JOB_FINISHED
};

/* A TIFF/F in the spool or in incoming. Its last user removes the file, so
   never drops it under the lock. */
struct document { /* counted */
  DWORD id;       /* one of the jobs' numbers */
  char *path;
  struct spool_file *file; /* of the spool; NULL: a reception's, or none yet */
  struct document_draft draft; /* until it is published with its job */
  bool keep;                   /* the file stays, or there is none yet */
  bool lost;   /* at the start it was not there, or was cut short */
  bool looked; /* it was read in this run */
  bool sound;  /* and is what its name says */
  char source[DIGEST_TEXT]; /* of what it was made of */
  DWORD pages;
  DWORDLONG bytes;
  DWORD recipients; /* submitted with it; with the lock */
  DWORD waiting;    /* jobs of the store's queue that have it; with the lock.
                       The file stays while there is one */
};

/* What a job that is not on a line waits for. */
enum job_wait {
  WAIT_NOTHING, /* it does not wait: paused, active, over */
  WAIT_DATE,
  WAIT_DELAY,
  WAIT_LINE,
  WAIT_DISCOUNT,
  WAIT_CALL /* for its turn in a call that goes on (bundle/bundle.h) */
};

/* What the record of an attempt has beyond its entry in the job's list
   (record/record.h). */
struct attempt_trace {
  struct port *port; /* counted; NULL: not known */
  DWORD attempt; /* the number of the entry; 0: it goes on, or is recorded */
  DWORD first_page;
  DWORD duration; /* ms */
};

/* Of the pages of a call those that are one job's (bundle/bundle.h). */
struct share {
  DWORD before; /* pages of the call that come before */
  DWORD first;  /* the page of the job's document that it begins with */
  DWORD pages;  /* 0: the call has one job */
};

struct job { /* counted */
  RB_ENTRY(job) by_id;
  RB_ENTRY(job) waiting; /* for a time, or for a line with its number */
  RB_ENTRY(job) offered; /* to the lines */
  RB_ENTRY(job) expiring;
  RB_ENTRY(job) by_device;
  RB_ENTRY(job) by_owner; /* while it is among his, in the queue */
  bool bound;             /* it is in the tree of those for one port */
  enum job_wait wait;
  bool is_offered;
  struct bundle *aboard;    /* WAIT_CALL: for this one's; borrowed */
  int64_t due;              /* orders those that wait for the same */
  struct list link;         /* in finished, or in decided */
  struct list routing_link; /* in routing, or in delivering */
  DWORD id, type;
  enum job_state state;
  bool paused;           /* of an active job: once it is back (JOB-49) */
  FAX_JOB_PARAM *params; /* one block; NULL for a reception */
  char *called;          /* its number, normalised; NULL for a reception */
  struct number *number; /* the queue's, or its own before it is there */
  struct owner *owner;   /* the same; NULL: of none that counts */
  bool owned;            /* it is in the tree of his */
  char *user;
  struct document *document; /* NULL once the job is over */
  DWORD pages;               /* FAX_UNKNOWN: not yet known (a reception) */
  DWORD confirmed;           /* sending: pages that need not be sent again */
  DWORDLONG bytes;
  DWORD retries, retry_delay; /* s; FAX_UNKNOWN: the configuration's */
  DWORD ecm, max_rate, transport;
  DWORD on_doubt;                 /* enum fax_on_doubt */
  struct port *only;              /* it waits for this one; NULL: for any */
  int64_t submitted, finished;    /* wall */
  fax_deadline rested;            /* in `decided` since then */
  fax_deadline gone;              /* in `finished` since then */
  int64_t schedule;               /* wall; 0: at once */
  int64_t deadline;               /* wall; 0: none */
  bool expires;                   /* it is in the tree of those that do */
  char *cause;                    /* of its end, where that was no call's */
  fax_deadline not_before;        /* the retry delay */
  DWORD failures;                 /* attempts that used up a retry */
  DWORD refusals;                 /* lines that could not be had in a row */
  struct verdict *verdict;        /* a program is asked what becomes of it */
  struct policy_transport chosen; /* by a program, of the next call */
  bool chooses;                   /* that holds */
  fax_deadline admitted;          /* when it came to the queue */
  fax_deadline since;             /* for a line: the same, or, once a line was
                                     refused to it, when that was */
  DWORD turn;                     /* its id, or the newest number then */
  DWORD priority;                 /* enum fax_priority */
  DWORD device_id;                /* of a reception: where it came in */
  DWORD methods_done;             /* of routing: a bit for each that has run */
  struct fax_attempt **attempts;  /* each one block (MEM_BUFFER) */
  DWORD attempt_count;
  DWORD attempts_saved; /* that the store has, as they are */
  uint64_t saved;       /* the number of the last commit (store.h) */
  DWORD running_saved;  /* the number of one it has without an end; 0 */
  DWORD recorded;       /* attempts that have a record */
  bool end_recorded;    /* a record says how the job ended */
  struct attempt_trace trace;
  bool counted;               /* its end is, in the metrics */
  struct list unsaved;        /* in the service's */
  struct submission_key *key; /* it was submitted with one; or NULL */
  struct document *leaving;   /* goes when the store has the job's end */
  struct attempt *attempt;    /* the running one */
  struct archived *archived;  /* goes into the store with the next save */
  bool to_archive;            /* there is no such record yet */
  DWORD outcome;
  char *path; /* of the received fax */
  char *remote_id, *caller_id;
  DWORD bad_rows;
  DWORD quality; /* enum fax_quality, of the last attempt */
  bool complete;
};

struct attempt { /* counted */
  struct service *service;
  struct job *job;
  struct port *port;
  struct fax_op *op;
  struct bundle *bundle; /* counted; the jobs of its call; NULL: it has one */
  DWORD at;              /* of them, this one's */
  struct share share;    /* of the call's pages */
  DWORD
  confirmed;     /* pages of the call; FAX_UNKNOWN: its provider does not say */
  bool hangs_up; /* the call is to end: its jobs that are left must wait */
  DWORD number;
  DWORD status; /* the last FS_ */
  int64_t started;
  fax_deadline begun; /* the same, by the clock that no date moves */
  bool ended;
  bool aborting, aborted_by_user;
  bool written_off;             /* killed: it no longer counts as active */
  bool unstarted;               /* there was no memory to start it */
  bool dialled;                 /* its provider told of more than a start */
  const char *abort_cause;      /* a literal; NULL: a user's wish or a stop */
  fax_deadline limit;           /* of the operation, or of its abort */
  struct fax_progress progress; /* its texts are ours */
  struct policy_transport asked;
  int64_t answered;                /* wall; 0: not yet */
  DWORD cause_class;               /* enum fax_cause, once it has ended */
  struct policy_decision decision; /* unless that is FAX_CAUSE_NONE */
  char *caller_id, *routing;
  DWORD intent; /* the page whose end was asked to be noted last; 0: none yet;
                   FAX_UNKNOWN: its provider does not ask */
  DWORD before; /* pages of the document that were confirmed when it began */
  DWORD first_noted; /* the page that it began with, by the first intent with a
                        page; 0: one that cannot be; FAX_UNKNOWN: none yet */
};

/* ---- life ---- */
struct service *service_current(void); /* gives a reference, or NULL */
/* Locks; ERROR_SERVICE_NOT_ACTIVE, unlocked, when it has stopped. */
DWORD service_enter(struct service *s);
void service_leave(struct service *s);
/* With the lock: whatever the scheduler looks at has changed. */
void service_changed(struct service *s);
/* The same, of jobs and lines, which the router and the deliverer need not
   know: to wake a thread for nothing costs more than most of what is done here.
 */
void service_queued(struct service *s);
/* The folder is one that the service keeps files of its own in. Without the
   lock. */
bool directory_owns(const struct service *s, const char *folder);
/* The date, unless it was set forwards since the start: what is kept for a time
   does not go sooner for that. */
int64_t service_wall(const struct service *s);

/* ---- ports; with the lock ---- */
struct port_handle { /* counted */
  struct connection *connection;
  struct port *port;
  DWORD flags; /* PORT_OPEN_ */
};
/* PORT-15, -17: what changes a port wants a handle that was opened for it. */
DWORD port_may_modify(const struct port_handle *h);
/* Copies, as T.30 can carry them (PORT-27, -28); NULL: empty. */
DWORD port_settings_new(const char *tsid, const char *csid,
                        struct port_settings **settings_out);
DWORD port_add_all(struct service *s, struct fax_provider *p);
/* Its provider was detached: nothing new starts; it vanishes, at once or with
   its operation. */
void port_leave(struct port *p);
/* The device has gone: jobs for it wait. Its operation, if there is one, is
   watched as before. */
void port_go(struct port *p);
/* The same, and it is out of the list. */
void port_vanish(struct port *p);
/* Locks, as service_enter; ERROR_BAD_UNIT when its device has gone. */
DWORD port_handle_enter(struct port_handle *h);
/* The same to change what is set for it, in turn (durable/settings.h); on
   success port_handle_end must follow. */
DWORD port_handle_begin(struct port_handle *h);
void port_handle_end(struct port_handle *h);
/* Without the lock: a provider that has come hears of devices of its own that
   are not to send or to receive (FSP-60). */
void port_announce(struct service *s, struct fax_provider *provider);
struct port *port_find(struct service *s, DWORD device_id);
/* Two providers have the same device while one of them is leaving. */
struct port *port_of(struct service *s, const struct fax_provider *provider,
                     DWORD device_id);
/* For a device that is not there (yet): a port that has gone. Gives. */
DWORD port_absent(struct service *s, DWORD device_id, struct port **port_out);
/* A job of the queue, which may be for one port; it leaves the queue; a port
   has come whose device's jobs wait no longer in vain. */
void port_bind(struct service *s, struct job *j);
void port_unbind(struct service *s, struct job *j);
void port_take_jobs(struct service *s, struct port *p);
void port_state(struct port *p, DWORD state);
bool port_free(const struct port *p); /* an operation may start on it */
void port_rang(void *service, const struct fax_provider *provider,
               DWORD device_id, DWORD rings,
               const char *caller_id); /* takes the lock itself */
/* The port is to answer now; else *next_inout gets the time to look again. */
bool port_answers(struct port *p, fax_deadline now, fax_deadline *next_inout);

/* ---- jobs; with the lock ---- */
static inline int job_id_order(const struct job *a, const struct job *b) {
  return a->id < b->id ? -1 : a->id > b->id;
}
RB_PROTOTYPE(job_ids, job, by_id, job_id_order);
DWORD job_new(DWORD id, DWORD type, struct job **job_out);
void job_enter(struct service *s, struct job *j);  /* takes j; into the queue */
struct job *job_find(struct service *s, DWORD id); /* borrows; queued, active */
struct job *job_find_any(struct service *s, DWORD id); /* finished ones too */
/* The next number for a job or a document. */
DWORD job_number(struct service *s);
DWORD job_queue_status(const struct service *s, const struct job *j);
/* The same for many: any_line is wait_any_line(s). */
DWORD job_queue_status_with(const struct service *s, const struct job *j,
                            bool any_line);
const struct attempt *job_running(const struct job *j);
/* Finds it for its owner, if it is outgoing, or with FAX_JOB_MANAGE (SEC-8). */
DWORD job_find_managed(const struct connection *c, DWORD id,
                       struct job **job_out);
/* The job will not be sent, or not be routed: it rests in the queue until
   someone acts, or for DirtyDays (JOB-33, -34). */
void job_rest(struct service *s, struct job *j);
/* The job is over: out of the queue, its last event raised. Gives its document,
   to be dropped outside the lock: that removes the file. */
struct document *job_finish(struct service *s, struct job *j, DWORD outcome);
DWORD document_new(DWORD id, char *path, struct document **document_out);
/* Without the lock: the document has this file of the spool. */
DWORD document_bind(struct service *s, struct document *d, const char *name);
/* Without the lock: its draft was published with its job. */
void document_arrived(struct document *d);
/* With the lock, of which it lets go when the file is to be read: false. True:
   it is known, d->sound says what. */
bool document_looked_at(struct service *s, struct document *d);
/* With the lock: the job cannot be sent, and says why; it was in no queue of
   those that wait. */
void job_give_up(struct service *s, struct job *j, const char *cause,
                 const char *evidence);

/* ---- durable ---- */
/* With the lock: what the job is now goes to the store; does not wait. */
void job_save(struct service *s, struct job *j);
/* The store could be written when that was tried last. Any thread. */
bool durable_is_well(const struct service *s);
/* With the lock: it is tried, with this job, until it can be. */
void durable_probe(struct service *s, struct job *j);
/* With the lock: takes a job that is over. */
void result_keep(struct service *s, struct job *j);
/* Without the lock: a job whose result left the memory, in no queue; NULL:
   there is none that is kept. Blocks on the disk. */
DWORD result_read(struct service *s, DWORD id, struct job **job_out);
/* The same of one that waits for another service, too. */
DWORD job_read_stored(struct service *s, DWORD id, struct job **job_out);
/* With the lock: what is known of the running attempt goes to the store; its
   operation is told of the call's page when it is there. False: no memory. */
bool attempt_save(struct service *s, const struct attempt *a, DWORD page);
/* Saves one job for which there was no memory before. */
bool unsaved_step(struct service *s, fax_deadline now,
                  fax_deadline *next_inout);
/* All of them once more, before jobs leave a service that ends. */
void unsaved_last(struct service *s);

#include "service/attempt/attempts.h" /* their beginnings and ends */
#include "service/schedule/wait.h"    /* what jobs wait for, and lines */

/* ---- configuration; with the lock ---- */
DWORD config_new(const FAX_CONFIGURATION *record, DWORD retry_delay,
                 struct configuration **config_out);
/* The start values: what the start's own configuration gives, else what was set
   last (NULL: nothing was), else the documented ones. */
DWORD config_start(struct service *s, const struct fax_service_config *c,
                   const FAX_CONFIGURATION *last, DWORD retry_delay);
/* Removes one job that has rested longer than DirtyDays; lets go of the lock
   for it. False: none has before *next_inout. */
bool dirty_step(struct service *s, fax_deadline now, fax_deadline *next_inout);
/* Forgets a few results that were kept long enough, or that the store has. */
bool results_step(struct service *s, fax_deadline now,
                  fax_deadline *next_inout);
/* The same for keys. */
bool keys_step(struct service *s, fax_deadline now, fax_deadline *next_inout);

/* ---- the archive; with the lock, let go of for the disk ---- */
/* The next document that is to be copied; false: there is none before
 *next_inout. */
bool archive_step(struct service *s, fax_deadline *next_inout);
/* Removes a few faxes that are over the limits of the service; false: nothing
   is to be done before *next_inout. */
bool archive_retain(struct service *s, fax_deadline *next_inout);

/* ---- events; with the lock ---- */
struct subscription {
  struct list link;
  DWORD id;
  struct event_sink sink;
  char *user;
  DWORD asked;         /* the rights that were */
  struct grant *grant; /* owned; NULL: all */
};
/* All that is known of the job and the port goes in; both may be NULL. */
void event_raise(struct service *s, DWORD event_id, const struct job *j,
                 const struct port *p);
/* For extended subscriptions only: a change within a page. */
void event_raise_detail(struct service *s, DWORD event_id, const struct job *j,
                        const struct port *p);
/* A fax has gone out of the archive. */
void event_raise_removed(struct service *s, const struct fax_archived *fax);
void event_end_all(struct service *s);
/* The service's log is about to end: what it would say of slow readers. */
void event_log_all(struct service *s);
void subscription_end(struct subscription *sub); /* takes */

/* ---- routing ---- */
/* With the lock: a reception, stored or not, goes to the router's thread. */
void routing_again(struct service *s, struct job *j);
void routing_run(void *service);  /* the router's thread: into the inbox */
void delivery_run(void *service); /* and on from there: methods, archive */
/* With the lock, after the router has ended; lets go of it. False: the thread
   hangs on some disk, and is left behind. */
bool delivery_stop(struct service *s, fax_deadline until);
void routing_recover(struct service *s); /* what a crash left in incoming */

#endif
