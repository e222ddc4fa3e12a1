/* SPDX-License-Identifier: MIT
   The records of attempts: what is kept of each, apart from its job. Only for
   src/service. */
#ifndef FAX_SERVICE_RECORD_RECORD_H
#define FAX_SERVICE_RECORD_RECORD_H

#include "service/durable/reception.h"
#include "service/state.h"
#include "store/store.h"

/* With the lock. The attempt begins: what its record needs of it. */
void record_begin(struct job *j, struct port *p);
/* It ended, as the entry of that number in the job's list. FAX_UNKNOWN: how
   long it was on the line is not known. */
void record_end(struct job *j, DWORD attempt, DWORD milliseconds);

/* With the lock: the records of attempts that have none yet, or whose entry is
   another now, and of the end of a job that waited, into a list of changes;
   ERROR_NOT_ENOUGH_MEMORY. */
DWORD record_put(struct service *s, struct store_changes *c,
                 const struct job *j);
/* The same at once, of a reception, which is stored when its pages lie in the
   inbox. Without memory it comes then. */
void record_save(struct service *s, struct job *j);
/* That list was handed over. */
void record_done(struct job *j);

/* The largest id of a job that has a record; 0: none. Blocks on the disk. */
DWORD record_last_job(struct service *s, DWORD *id_out);

/* A reception that ended with the process, of that device and job, with the
   pages that were kept of it, and who called. Before any job is accepted;
   without the lock. */
void record_reception(struct service *s, DWORD device_id, DWORD job_id,
                      int64_t ended, DWORD pages, DWORDLONG bytes,
                      const struct reception *who);

/* With the lock: lets what is older than record_days go, now and then. */
bool record_step(struct service *s, fax_deadline now, fax_deadline *next_inout);

#endif
