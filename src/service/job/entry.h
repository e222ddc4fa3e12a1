/* SPDX-License-Identifier: MIT
   A job as a record, for the files of src/service/job. */
#ifndef FAX_SERVICE_JOB_ENTRY_H
#define FAX_SERVICE_JOB_ENTRY_H

#include "service/state.h"

/* With the lock; its texts are borrowed from the job, of which they never
   change. */
FAX_JOB_ENTRY job_entry(const struct job *j, DWORD queue_status);

#endif
