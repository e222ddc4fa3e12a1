/* SPDX-License-Identifier: MIT
   Between the files of this folder. With the lock. */
#ifndef FAX_SERVICE_SCHEDULE_SCHEDULE_H
#define FAX_SERVICE_SCHEDULE_SCHEDULE_H

#include "service/schedule/number.h"

RB_PROTOTYPE(job_turns, job, offered, turn_order);

/* Among jobs that wait for the same: by `due`, then by turn. */
int turn_order(const struct job *a, const struct job *b);
/* One whose number is blocked is given up; false: it is not. */
bool schedule_blocked(struct service *s, struct job *j);
/* When, as if all priorities were one, it began to wait for a line. */
fax_deadline turn_due(const struct service *s, const struct job *j);

/* The lines that may take it: one port's, or all. */
struct job_lines *lines_of(struct service *s, const struct job *j);

/* j->wait is WAIT_LINE or WAIT_DISCOUNT, and j->due is set. */
void number_wait(struct service *s, struct job *j);
void number_leave_wait(struct service *s, struct job *j);

/* *next_inout comes down to `at`, a time of day. The machine's date may be
   changed, so it is looked at now and then. */
void sooner_by_date(fax_deadline *next_inout, fax_deadline now, int64_t wall,
                    int64_t at);

#endif
