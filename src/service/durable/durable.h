/* SPDX-License-Identifier: MIT
   The queue and its results in the store. Only for src/service. */
#ifndef FAX_SERVICE_DURABLE_DURABLE_H
#define FAX_SERVICE_DURABLE_DURABLE_H

#include "service/state.h"
#include "store/store.h"

/* Opens the store of the directory and reads what it has of jobs. Before the
   providers and the threads; blocks on the disk. Removes documents that no job
   has, of submissions that did not come to their end. */
DWORD durable_open(struct service *s);
/* With the lock, once the ports are there: the jobs that were read go into the
   queue. ERROR_NOT_ENOUGH_MEMORY. */
DWORD durable_begin(struct service *s);
/* Without the lock, when no job changes any more. False: the disk does not
   answer. */
bool durable_close(struct service *s, fax_deadline until);

/* A job as a row; its texts are borrowed from the job. */
struct store_job durable_row(const struct job *j);
/* The way back, not in any queue yet; params are copied. */
DWORD durable_job(const struct store_job *row, struct job **job_out);

/* The attempts of a job that was read. Blocks on the disk. */
DWORD durable_attempts(struct service *s, struct job *j);

/* ---- submissions ---- */

struct durable_wait;
/* With the lock: the job is safe. Called for each before durable_await knows of
   it, unless nobody waits any more. */
typedef void durable_safe_fn(struct service *s, struct job *j);
/* Without the lock: hands new jobs to the store, all or none; nobody else knows
   them yet. On success durable_await must follow: whether they are safe. */
DWORD durable_submit(struct service *s, struct job *const *jobs, DWORD count,
                     durable_safe_fn *safe, struct durable_wait **wait_out);
/* Takes it. On failure the jobs are undone: at once, or, when the patience came
   to its end before the store's answer (ERROR_TIMEOUT, ERROR_CANCELLED), when
   the store has taken them out again. */
DWORD durable_await(struct durable_wait *wait,
                    const struct fax_patience *patience);
/* Without the lock: their documents are not the queue's after all, and their
   keys are free. */
void durable_undo(struct service *s, struct job *const *jobs, DWORD count);

#endif
