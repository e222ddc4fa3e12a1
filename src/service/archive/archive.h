/* SPDX-License-Identifier: MIT
   The archive: a row in the store and a file for each fax that was sent or
   received. The row of one that was sent goes into the store with the job's
   end, as one that is wanted; its file comes after, and so a crash in between
   loses neither. A fax that goes is marked first, then loses its file, then its
   row. Only for src/service. */
#ifndef FAX_SERVICE_ARCHIVE_ARCHIVE_H
#define FAX_SERVICE_ARCHIVE_ARCHIVE_H

#include <fax/fax_archive.h>

#include "service/state.h"
#include "store/store.h"

/* One on its way into the archive. */
struct archived {           /* counted */
  struct list link;         /* in the service's `archiving` or `unarchived` */
  struct service *service;  /* borrowed; held by who waits for the store */
  struct fax_archived *fax; /* one block */
  DWORD state;              /* enum store_archive_state */
  char *called;
  struct document *document; /* to be copied; NULL of one received */
  struct document *leaving;  /* goes when the store has the job's end */
  bool saved;                /* the store has it as one that is wanted */
  bool said;                 /* the log has why it cannot be copied */
  bool lost;                 /* there is nothing to be copied */
  fax_deadline again;        /* when it is tried again */
};

/* Copies both; its id stays what it is. */
DWORD archived_new(struct service *s, const struct fax_archived *fax,
                   const char *called, struct archived **archived_out);

/* ---- with the lock ---- */

/* The job was sent, its document is `d`: the store gets it with the job's next
   save, which waits for it when there is no memory. */
DWORD archive_sent(struct service *s, struct job *j, struct document *d);
/* The job's fax lies in the inbox. */
void archive_received(struct service *s, struct job *j);
/* With the next save of the job: what was received is routed, or will not be.
 */
void archive_over(struct job *j);
/* Into the list of a job's save. */
DWORD archive_put(struct store_changes *c, const struct archived *a);
/* The job was saved: gives what archive_saved takes, or NULL. `leaving` is the
   document that goes with the job's end: it is taken if there is something. */
struct archived *archive_hand_over(struct job *j, struct document *leaving);

/* One more file is there. */
void archive_grown(struct service *s, const struct fax_archived *fax);

/* ---- without it ---- */

/* store_done_fn of that save. */
void archive_saved(void *archived, DWORD error, const char *why);

/* ---- at the start and the end ---- */

struct archive_loading;
struct archived;
/* At the start: rows, then what the inbox has without a row. Gives. */
DWORD archive_load_new(struct service *s, struct archive_loading **loading_out);
/* A row; `d` (held by it) is the document of one that is wanted. */
DWORD archive_load(struct archive_loading *l, const struct store_archived *row,
                   struct document *d);
/* Takes; unless `whole` (all rows were loaded) only that. Before the threads;
   blocks on the disk. */
DWORD archive_load_end(struct archive_loading *l, bool whole);
/* Later at the start: a file that was put into the inbox since. */
DWORD archive_adopt(struct service *s, const char *name);
/* With the lock, lets go of it: what waits still is copied by the next run. */
void archive_close(struct service *s);

/* ---- rows ---- */

struct store_archived archive_row(const struct archived *a);
/* The same for a record whose file is there. */
struct store_archived archive_kept(const struct fax_archived *fax,
                                   const char *called);
/* The normal form of a number, NULL for none; gives, NULL: no memory, too. */
char *archive_called(const struct service *s, const char *number);

/* ---- removing ---- */

struct archive_choice {
  DWORD folder;    /* enum fax_archive_folder */
  int64_t before;  /* wall, for those older; INT64_MIN: none by age */
  DWORDLONG keep;  /* bytes; FAX_ARCHIVE_ALL_BYTES: none by size */
  const char *why; /* for the log */
};
/* Without the lock: of the oldest that are to go a few at once, behind those
   before (all zero at first), some of which could not be removed. *more_out:
   there may be more. Any thread. */
DWORD archive_purge_some(struct service *s, const struct archive_choice *c,
                         struct archive_place *place_inout, DWORD *count_out,
                         bool *more_out);

#endif
