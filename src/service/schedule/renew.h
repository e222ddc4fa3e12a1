/* SPDX-License-Identifier: MIT
   The queue under other rules of turns, of calls to a number, of dialling. With
   the lock, all three steps in one go; the length of the queue is paid for. */
#ifndef FAX_SERVICE_SCHEDULE_RENEW_H
#define FAX_SERVICE_SCHEDULE_RENEW_H

#include "service/dialling/dialling.h"
#include "service/state.h"

struct renewal;

/* Makes all that is needed, so that nothing fails later; `dialling` (NULL: the
   rules of now) is borrowed. ERROR_NOT_ENOUGH_MEMORY. */
DWORD renewal_new(struct service *s, struct dialling *dialling,
                  struct renewal **renewal_out);
/* Without one NULL will do, for all of these. */
void renewal_drop(struct renewal *r);
/* No job waits for a line any more: the rules may be changed. */
void renewal_lift(struct service *s, struct renewal *r);
/* The rules of dialling are those, and what waited waits again, or is given up:
   its number is blocked. Takes it. */
void renewal_end(struct service *s, struct renewal *r);

#endif
