/* SPDX-License-Identifier: MIT
   Who waits on the virtual clock, and how it moves. Only for base/clock*.c. */
#ifndef FAX_BASE_CLOCK_OWN_H
#define FAX_BASE_CLOCK_OWN_H

#include <stdatomic.h>

#include "base/clock.h"

/* Under clock_lock. Of a thread it lives on its stack. */
struct waiter {
  struct list in_cond;  /* clock_cond.waiters */
  struct list in_clock; /* deadlines */
  fax_deadline until;
  pthread_cond_t wake;     /* with clock_lock; unless there is `told` */
  void (*told)(void *arg); /* of no thread: must not block */
  void *arg;
  bool counts; /* it is of a participant */
  enum { WAITING, SIGNALLED, TIMED_OUT } state;
};

/* Another process moves this clock: not beyond `granted`. */
struct clock_driver {
  fax_deadline granted;
  void (*idle)(void *arg);
  void *arg;
};

extern pthread_mutex_t clock_lock;
extern struct clock_driver clock_driver;

/* All with the lock. */
void clock_insert(struct waiter *w);
void clock_wake(struct waiter *w, int state);
void clock_count(long change); /* of the participants that run */
void clock_move(void);         /* if none runs */
/* None runs: when the first of them is due. */
bool clock_is_idle(fax_deadline *until_out);
void clock_become_virtual(fax_deadline now, int64_t wall);
void clock_advance(fax_deadline now);

#endif
