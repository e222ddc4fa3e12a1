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

/* ---- across processes ----
   A guest is a participant that is no thread of this process. It is busy at
   first, so time stands still; idle, it waits until a time of the clock, and is
   busy again when that has come: `wake` says so, under the clock's lock, and
   must not block. On the real clock nothing of this has an effect. */
struct clock_guest;
struct clock_guest *clock_guest_new(void (*wake)(void *arg), void *arg);
void clock_guest_busy(struct clock_guest *g);
void clock_guest_idle(struct clock_guest *g, fax_deadline until);
void clock_guest_free(struct clock_guest *g); /* takes; NULL ok */

/* In that process, before its first other thread: its clock is virtual, and
   moves as far as it is granted. `idle` says that no participant runs and none
   is due; under the clock's lock, it must not block. */
void clock_drive(fax_deadline now, int64_t wall, void (*idle)(void *arg),
                 void *arg);
void clock_grant(fax_deadline now);
/* No participant runs now: when the first is due. */
bool clock_idle(fax_deadline *until_out);

/* now + seconds, never past FAX_FOREVER. */
fax_deadline clock_after(fax_deadline now, double seconds);

#endif
