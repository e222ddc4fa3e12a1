/* SPDX-License-Identifier: MIT
   How long a caller waits, and what else ends that. Only for src/service. */
#ifndef FAX_SERVICE_JOB_PATIENCE_H
#define FAX_SERVICE_JOB_PATIENCE_H

#include <fax/fax_service.h>
#include <pthread.h>

#include "base/clock.h"

struct patience {
  struct fax_patience given;
  fax_deadline until;
};

/* From now on. */
struct patience patience_begin(const struct fax_patience *given);

/* With the lock, of which it lets go: waits for the condition. ERROR_SUCCESS:
   look again; ERROR_TIMEOUT or ERROR_CANCELLED: it has come to an end. The
   caller is asked without the lock. */
DWORD patience_wait(struct patience *p, struct clock_cond *changed,
                    pthread_mutex_t *lock);

#endif
