/* SPDX-License-Identifier: MIT
   The numbers that jobs of the queue are for: how many calls go to each, and
   which of its jobs is next. For the files of src/service; with the lock, but
   for number_new and number_drop. */
#ifndef FAX_SERVICE_SCHEDULE_NUMBER_H
#define FAX_SERVICE_SCHEDULE_NUMBER_H

#include "service/dialling/dialling.h"
#include "service/state.h"

struct number {
  RB_ENTRY(number) by_text;
  DWORD jobs;  /* in the queue; 0: in no tree, and one job's own */
  DWORD calls; /* that go on */
  const struct dialling *rules; /* those that the next two are by */
  DWORD group;                  /* of the ports that call it, or DIALLING_ANY */
  const char *blocked_by;       /* borrowed from the rules; NULL: nothing */
  struct job_numbers waiting;   /* for a line, by which line and by turn */
  char text[];                  /* the normal form */
};

RB_PROTOTYPE(numbers, number, by_text, text_order);
RB_PROTOTYPE(job_numbers, job, waiting, number_order);

/* Gives a number of its own to a job that is not in the queue yet. */
DWORD number_new(const struct dialling *d, const char *called,
                 struct number **number_out);
/* Takes what never came to the queue; NULL ok. */
void number_drop(struct number *n);

/* The job comes to the queue: its number becomes the queue's. */
void number_enter(struct service *s, struct job *j);
/* And leaves it. */
void number_leave(struct service *s, struct job *j);

/* The job behind it, of its number, that the same lines may take in the same
   period; NULL. */
struct job *number_next(struct job *j);

/* A call of the job begins, or is over; before what becomes of the job. */
void number_call_begins(struct service *s, struct job *j);
void number_call_ends(struct service *s, struct job *j);

/* How many calls go to it now. */
DWORD number_calls(struct service *s, const char *called);

/* One more call may go to it. */
bool number_is_free(const struct service *s, const struct number *n);

#endif
