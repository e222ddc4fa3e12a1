/* SPDX-License-Identifier: MIT
   A program that decides in the place of the rules: it is asked through a
   completion port, and the job waits for its answer as for the end of a retry
   delay. What the rules say is what the store has meanwhile, so that nothing is
   lost with the program or the service. With the lock, but for the handles. */
#ifndef FAX_SERVICE_POLICY_ASK_H
#define FAX_SERVICE_POLICY_ASK_H

#include "service/state.h"

struct asker { /* counted */
  struct completion_port *port;
  ULONG_PTR key;
};

/* What is asked of a job. */
struct verdict {
  struct list link; /* in service->asked */
  struct job *job;  /* borrowed: it has this */
  DWORD number;     /* of the question */
  DWORD event_id;   /* of the attempt, raised once it is decided */
  struct port *port;
  int64_t since;      /* wall: when the attempt ended */
  fax_deadline ended; /* the same moment */
  struct policy_decision usual;
};

/* Asks of the attempt that was judged, whose job is retryable; false: nobody is
   to be asked, or cannot be. */
bool policy_ask(struct attempt *a);
/* Decided so; saved. */
void policy_settle(struct service *s, struct job *j,
                   const struct policy_decision *d);
/* Its port was closed: nobody takes questions any more. */
void policy_lose(struct service *s);
/* The service ends: tells the program. */
void policy_end(struct service *s);
/* The time is up: as the rules say. */
void policy_lapse(struct service *s, struct job *j);
/* The job is decided by something else: its attempt's event is raised. NULL ok
   in the job. */
void policy_withdraw(struct service *s, struct job *j);
/* The same, when the job itself goes. */
void policy_verdict_free(struct verdict *v);

/* Gives a block of the struct fax_policy_question for FaxLocalFree. */
DWORD question_pack(struct service *s, const struct job *j, DWORD number,
                    DWORD cause, const struct policy_decision *usual,
                    void **block_out);

#endif
