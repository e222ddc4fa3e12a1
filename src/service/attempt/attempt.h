/* SPDX-License-Identifier: MIT
   Between the files of this folder. */
#ifndef FAX_SERVICE_ATTEMPT_ATTEMPT_H
#define FAX_SERVICE_ATTEMPT_ATTEMPT_H

#include "service/state.h"

/* The callbacks of an operation; see struct provider_events. */
void attempt_status(void *attempt, DWORD status,
                    const struct fax_progress *progress);
void attempt_caller(void *attempt, const char *caller_id, const char *routing);
void attempt_ended(void *attempt, DWORD status,
                   const struct fax_progress *last);
void attempt_released(void *attempt);
void attempt_commit(void *attempt, DWORD page);

/* Its end did not come from its provider, which left this page in doubt; 0: it
   did, or none. */
DWORD attempt_left_doubt(const struct attempt *a);

/* The call delivered the fax, whatever became of it then. */
bool attempt_delivered(const struct attempt *a);

#endif
