/* SPDX-License-Identifier: MIT
   What the store has of a call that comes in, until its pages lie in the inbox.
   Only for src/service. */
#ifndef FAX_SERVICE_DURABLE_RECEPTION_H
#define FAX_SERVICE_DURABLE_RECEPTION_H

#include "service/state.h"

struct store_changes;

/* With the lock: who calls goes to the store, as far as it is known; does not
   wait. Without memory it does not. */
void reception_save(const struct attempt *a);
/* Into the list that has the job's end. */
DWORD reception_over(struct store_changes *c, const struct job *j);

struct reception {
  char *caller_id, *remote_id; /* NULL: not known */
};
/* Without the lock: of a run that ended during the call; both NULL: nothing is
   known. To be freed. Blocks on the disk. */
struct reception reception_read(struct service *s, DWORD job_id);
void reception_free(struct reception *r);
/* Forgets those whose files are no longer in `incoming`. */
void reception_sweep(struct service *s);

#endif
