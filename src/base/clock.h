/* SPDX-License-Identifier: MIT
   Waiting. Every wait of libfax is a clock_cond_wait, so that the virtual clock
   knows who waits for what. The public face is fax_clock.h. */
#ifndef FAX_BASE_CLOCK_H
#define FAX_BASE_CLOCK_H

#include <fax/fax_clock.h>
#include <pthread.h>
#include <stdbool.h>

#include "base/list.h"

/* A condition variable that goes by the clock. Like a pthread_cond_t: signal it
   with the mutex held, or after it was held for the change. */
struct clock_cond {
  pthread_cond_t real; /* CLOCK_MONOTONIC */
  struct list waiters; /* under the virtual clock and its lock */
};

void clock_cond_init(struct clock_cond *c);
void clock_cond_destroy(struct clock_cond *c);

/* With `mutex` held: waits for a signal or until the clock shows `until`.
   False: the time has come. True: signalled, or spurious: look again. With a
   time that has come it does not let go of the mutex. */
bool clock_cond_wait(struct clock_cond *c, pthread_mutex_t *mutex,
                     fax_deadline until);
void clock_cond_signal(struct clock_cond *c);    /* wakes one */
void clock_cond_broadcast(struct clock_cond *c); /* wakes all */

bool clock_is_virtual(void);

/* Under fax_clock.h. */
fax_deadline clock_now(void);
int64_t clock_wall(void);
void clock_join(void);
void clock_unjoin(void); /* the thread joined for could not be started */
void clock_enter(void);
void clock_leave(void);
DWORD clock_set_virtual(int64_t wall); /* ERROR_BUSY: held */
DWORD clock_set_real(void);            /* ERROR_BUSY: held */

/* While held the clock stays real or virtual as it is; counted. */
void clock_hold(void);
void clock_release(void);

/* now + seconds, never past FAX_FOREVER. */
fax_deadline clock_after(fax_deadline now, double seconds);

#endif
