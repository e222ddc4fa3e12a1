/* SPDX-License-Identifier: MIT
   Durable state: what the service must find again, whatever ended it. Knows
   rows, not the life of a job. Changes are handed over in lists; one thread
   writes them, and all that wait share one sync. */
#ifndef FAX_STORE_STORE_H
#define FAX_STORE_STORE_H

#include <fax/fax_archive.h>
#include <fax/fax_history.h>
#include <stdbool.h>

struct store; /* of one directory; one process at a time; counted (mem.h) */

/* ---- rows ----
   Of each table the members up to the mark are its key. Texts may be NULL,
   times zero, numbers FAX_UNKNOWN where the comment says so. */

enum store_state {
  STORE_WAITING = 1,    /* to be sent */
  STORE_ACTIVE = 2,     /* was on a line; after a crash its attempt is over */
  STORE_CANCELLING = 3, /* the same, and its user wished its end */
  STORE_EXCEEDED = 4,   /* will not be sent, kept for whoever acts on it */
  STORE_OVER = 5        /* its result only */
};

struct store_job {
  DWORD id; /* ---- key */
  DWORD type;
  DWORD state; /* enum store_state */
  DWORD outcome;
  BOOL paused;
  const char *user;
  FILETIME submitted;
  FILETIME finished;   /* when it was decided */
  FILETIME gone;       /* of STORE_OVER: since when its result is kept */
  FILETIME schedule;   /* zero: at once */
  FILETIME not_before; /* the retry delay */
  DWORD device_id;     /* sending: 0 any; receiving: where it came in */
  DWORD pages;         /* FAX_UNKNOWN */
  DWORD confirmed;
  DWORD failures;
  DWORD attempts;    /* how many rows of them there are */
  DWORD retries;     /* FAX_UNKNOWN: the configuration's */
  DWORD retry_delay; /* seconds; FAX_UNKNOWN: the configuration's */
  DWORD ecm;
  DWORD max_rate;
  DWORD transport;
  DWORD on_doubt; /* enum fax_on_doubt */
  DWORD bad_rows; /* FAX_UNKNOWN */
  DWORD quality;  /* FAX_UNKNOWN */
  DWORD methods_done;
  BOOL complete;
  DWORDLONG bytes;
  const char *document; /* in the spool */
  const char *path;     /* of the received fax */
  const char *remote_id;
  const char *caller_id;
  DWORD priority;              /* enum fax_priority */
  FILETIME deadline;           /* zero: none */
  const char *cause;           /* of its end, where that was no call's */
  const FAX_JOB_PARAM *params; /* one, or none of a reception */
  DWORD param_count;
  DWORD refusals;
};

struct store_attempt {
  DWORD job_id;               /* ---- key, with attempt.number */
  struct fax_attempt attempt; /* one that goes on has no end */
};

/* A device of a provider: its id stays, and what FaxSetPort set. */
struct store_device {
  const char *provider;
  const char *name; /* ---- key */
  DWORD device_id;
  DWORD flags;
  DWORD rings;
  DWORD priority;
  const char *tsid;
  const char *csid;
  FILETIME seen; /* when it was there last */
};

/* Of a routing method at a device; 0: at none in particular. */
struct store_routing {
  DWORD device_id;
  const char *guid; /* ---- key */
  BOOL enabled;
  DWORD priority;
  const char *data; /* FaxGetRoutingInfo's bytes as hexadecimal digits */
};

/* One JSON text of the service's own, such as its configuration. */
struct store_setting {
  const char *name; /* ---- key */
  const char *value;
};

/* What tells a submission that is repeated from a new one. It outlives the
   job, by so much as the configuration says. */
struct store_key {
  const char *user;
  const char *key; /* ---- key */
  DWORD job_id;
  const char *number; /* as it was given */
  const char *source; /* the digest of the document */
  FILETIME ended;     /* the job's end; zero: it lives */
};

enum store_archive_state {
  STORE_KEPT = 1,   /* its file is there */
  STORE_HELD = 2,   /* the same; its job is not over yet */
  STORE_WANTED = 3, /* its file is to be made of the document */
  STORE_LEAVING = 4 /* its file goes, and then the row */
};

/* A fax of the archive. */
struct store_archived {
  struct fax_archived fax; /* ---- key: its id */
  struct store_archived_own {
    DWORD state;          /* enum store_archive_state */
    DWORD pending;        /* the same of those that are wanted or leaving, which
                             so have an index; FAX_UNKNOWN */
    const char *document; /* in the spool, of one that is wanted */
    const char *called;   /* its number, normalised; NULL */
  } own;
};

/* A call that comes in, until its pages lie in the inbox. */
struct store_reception {
  DWORD job_id; /* ---- key */
  const char *file;
  const char *caller_id;
  const char *remote_id;
};

enum store_table {
  STORE_JOBS,     /* struct store_job; its attempts go with it */
  STORE_ATTEMPTS, /* struct store_attempt; the job comes first */
  STORE_DEVICES,  /* struct store_device */
  STORE_ROUTINGS, /* struct store_routing */
  STORE_SETTINGS, /* struct store_setting */
  STORE_KEYS,     /* struct store_key */
  STORE_ARCHIVE,  /* struct store_archived */
  STORE_NUMBERS,  /* struct fax_number */
  STORE_RECORDS,  /* struct fax_attempt_record, by job and attempt. Put with the
                     id FAX_UNKNOWN: it gets the next one, also in the place of
                     an earlier one */
  STORE_RECEPTIONS, /* struct store_reception */
  STORE_TABLES
};

/* ---- opening ---- */

/* Opens what is in the directory, or makes it; brings the schema of an older
   version up to date. Gives. Blocks on the disk. FAX_ERR_VERSION_MISMATCH: a
   newer version made it. ERROR_FILE_CORRUPT: it is damaged, and was not
   touched. ERROR_DISK_FULL and others of the disk; the message says which. */
DWORD store_open(const char *directory, struct store **store_out);

/* Writes what waits, and closes the file: what is committed later is refused
   (ERROR_SHUTDOWN_IN_PROGRESS). What cannot be written within the try is told
   to whoever waits for it and, of the rest, logged. Once, before the last
   mem_unref; NULL ok. False: the disk does not answer, and the thread is left
   behind with the file. */
bool store_close(struct store *s, fax_deadline until);

/* ---- reading ---- */

/* The row and all it points to are borrowed for the call. False: enough. */
typedef bool store_row_fn(void *arg, const void *row);

/* Which rows, and in which order. Members are those of the row's structure, by
   their names. */
enum store_relation {
  STORE_IS,
  STORE_ALSO, /* it is, and is no reason for an index: another condition or the
                 order leaves fewer rows to look at */
  STORE_FROM,
  STORE_BEFORE
};

struct store_condition {
  const char *member;
  enum store_relation relation;
  const char *text; /* of a text; NULL: */
  int64_t number;   /* of the others; a time is nanoseconds since 1970 */
};

struct store_query {
  enum store_table table;
  const struct store_condition *conditions; /* all of them hold */
  size_t condition_count;
  const char *order; /* rows that have nothing there do not come; rows that are
                        equal come by key. NULL: by key alone */
  bool descending;
  bool few; /* the conditions leave so few rows that they are best found
               by these, and put in order then */
  const void *behind; /* a row, of which the order's member and the key count:
                         only what comes behind it, whether it is there or not.
                         So the last row of one page begins the next */
  size_t limit;       /* rows; 0: all */
};

/* Each row that the query finds; takes from the index what it has one for. Sees
   what was written, not what waits. Any thread, at any time; blocks on the
   disk, and neither waits for the writer nor holds it up. `fn` asks nothing of
   this store, and is quick: other readers wait. Ask for many rows in pages.
   ERROR_SHUTDOWN_IN_PROGRESS: after the close. */
DWORD store_find(struct store *s, const struct store_query *query,
                 store_row_fn *fn, void *arg);
/* The same for each row of the table, by key. */
DWORD store_each(struct store *s, enum store_table table, store_row_fn *fn,
                 void *arg);

/* The largest id that a row of STORE_JOBS or STORE_ARCHIVE ever had; 0: there
   was none. Read as store_find reads. */
DWORD store_last(struct store *s, enum store_table table, DWORD *id_out);

/* ---- changes ----
   One thread at a time makes a list. A list is written as a whole or not at
   all, and lists in the order of their commits. */

struct store_changes;

DWORD store_changes_new(struct store_changes **changes_out);
void store_changes_drop(struct store_changes *c); /* takes; NULL ok */

/* Copies the row: it replaces the one of its key. ERROR_NOT_ENOUGH_MEMORY: the
   list is as before. */
DWORD store_put(struct store_changes *c, enum store_table table,
                const void *row);
/* Only the key of the row is looked at. */
DWORD store_remove(struct store_changes *c, enum store_table table,
                   const void *row);

/* The file `from`, which was synced, becomes `to`, and replaces it; that is
   safe before a row of the list is. Only for a list that is tried once; when it
   is refused, the file may have either name. */
DWORD store_file(struct store_changes *c, const char *from, const char *to);

/* Removes rows that are older than that, the oldest first: of jobs those that
   are over, by their end. A few thousand at once at most. Only a table that has
   an age (store_ages). */
DWORD store_expire(struct store_changes *c, enum store_table table,
                   FILETIME before);
bool store_ages(enum store_table table);

/* ERROR_SUCCESS: it is safe on the disk. Else it was not written and will not
   be; `why` is borrowed. Called once, by the writer's thread, with no lock
   held; after the close by the thread that commits. */
typedef void store_done_fn(void *arg, DWORD error, const char *why);

/* The same for lists that were written together, without an error: called once
   for some of them, in their order, in the place of `done` of each. */
typedef void store_together_fn(void *const *args, size_t count);
void store_tell_together(struct store_changes *c, store_together_fn *fn);

enum store_patience {
  STORE_TRY,   /* once; who waits is told if the disk refuses */
  STORE_INSIST /* again and again, until the disk takes it or the close */
};

/* Takes the list; does not block. `done` may be NULL. Gives a number that grows
   with each commit. */
uint64_t store_commit(struct store *s, struct store_changes *changes,
                      enum store_patience patience, store_done_fn *done,
                      void *arg);

/* Takes the list and waits for what becomes of it: STORE_TRY. Any thread, with
   no lock held. */
DWORD store_commit_wait(struct store *s, struct store_changes *changes);

/* Waits until what was committed by now can be read; not for a disk that
   refuses. Any thread; blocks for a sync. */
void store_catch_up(struct store *s);

/* All commits up to this number were written, or refused. Any thread. */
uint64_t store_settled(struct store *s);

/* What was done since the opening. */
struct store_work {
  uint64_t commits, settled; /* lists, and those that are safe, or refused */
  uint64_t transactions;     /* of all lists that waited, each */
  uint64_t refused;          /* of them by the disk */
  int64_t busy;              /* nanoseconds in them, with their syncs */
  bool healthy;              /* the last one was written */
};
void store_work(struct store *s, struct store_work *work_out); /* any thread */

/* What the last try of the writer came to; ERROR_SUCCESS: all is well. The
   sentence, when there is one, is copied. Any thread. */
DWORD store_health(struct store *s, char *why, size_t size);

#endif
