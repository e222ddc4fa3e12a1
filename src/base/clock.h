/* SPDX-License-Identifier: MIT
   Waiting. Every wait of libfax is a clock_cond_wait, so that the virtual clock
   knows who waits for what. The public face is fax_clock.h. */
#ifndef FAX_BASE_CLOCK_H
#define FAX_BASE_CLOCK_H

#include <fax/fax_clock.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/list.h"

/* A condition variable that goes by the clock. */
struct clock_cond {
  pthread_cond_t real; /* CLOCK_MONOTONIC */
  struct list waiters; /* under the virtual clock */
};

void clock_cond_init(struct clock_cond *c);
void clock_cond_destroy(struct clock_cond *c);

/* With `mutex` held: waits for a signal or until the clock shows `until`.
   False: the time has come. True: signalled, or spurious: look again. */
bool clock_cond_wait(struct clock_cond *c, pthread_mutex_t *mutex,
                     fax_deadline until);
void clock_cond_signal(struct clock_cond *c);    /* wakes one */
void clock_cond_broadcast(struct clock_cond *c); /* wakes all */

bool clock_is_virtual(void);

/* now + seconds, never past FAX_FOREVER. */
fax_deadline clock_after(fax_deadline now, double seconds);

#endif
