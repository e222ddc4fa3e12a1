/* SPDX-License-Identifier: MIT
   What jobs wait for, and which has a line. A part of state.h, by which it is
   included; with the lock. */
#ifndef FAX_SERVICE_SCHEDULE_WAIT_H
#define FAX_SERVICE_SCHEDULE_WAIT_H

RB_PROTOTYPE(job_order, job, waiting, job_due_order);
/* JOB-46: its turn for a line is that of its age; or behind all that are there
   now, for a line was refused to it, and it would keep lines from them for
   ever. Before wait_begin. */
void turn_keep(struct job *j);
void turn_behind(const struct service *s, struct job *j);
/* A job that is pending or retrying and not paused waits for what is next:
   its date, its delay, a line. Again after a change of any of these. */
void wait_begin(struct service *s, struct job *j);
void wait_end(struct service *s, struct job *j);
/* With a deadline it is given up then, unless it is on a line (deadline.c). */
void deadline_begin(struct service *s, struct job *j);
void deadline_end(struct service *s, struct job *j);
/* Ends one that has expired; lets go of the lock for it. */
bool deadline_step(struct service *s, fax_deadline now,
                   fax_deadline *next_inout);
/* It waits for a line (or for one only, that is not free), and no line is free
   (JS_NOLINE). */
bool wait_lacks_line(const struct service *s, const struct job *j,
                     bool any_line);
bool wait_any_line(const struct service *s); /* one that may send is free */
/* There is a call on the line, from `active` on to its opposite. */
void line_taken(struct port *p);
bool line_may_send(const struct port *p);           /* now */
bool port_is_in(const struct port *p, DWORD group); /* or DIALLING_ANY */
void line_given_back(struct port *p);
/* The oldest job for which a line is free, with that line; false: none.
 *next_inout comes down to when to look again. */
bool wait_next(struct service *s, fax_deadline now, fax_deadline *next_inout,
               struct job **job_out, struct port **port_out);
/* Moves on, a few at a time, what has waited long enough; true: there was
   something. */
bool wait_ripen(struct service *s, fax_deadline now, fax_deadline *next_inout);
/* Seconds until what could not be done for want of memory is tried again. */
#define MEMORY_PAUSE 5.0
static inline void sooner(fax_deadline *next_inout, fax_deadline at) {
  if (at < *next_inout) *next_inout = at;
}
/* The discount period (JOB-42..45): it is on, or there is none; *next_out, a
   wall time, is when that changes, INT64_MAX: never. */
bool discount_open(const FAX_CONFIGURATION *config, int64_t wall,
                   int64_t *next_out);
/* Does one thing that is due, letting go of the lock meanwhile; false: nothing
   is due before *next_out. */
bool schedule_step(struct service *s, fax_deadline *next_out);
bool schedule_watch(struct service *s, fax_deadline now,
                    fax_deadline *next_inout);

/* Nothing was to be done for `idle` seconds; else *next_inout comes down to
   when that may be so. */
bool schedule_rested(struct service *s, fax_deadline *next_inout);

#endif
