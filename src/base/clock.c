/* SPDX-License-Identifier: MIT
   The clock: the machine's, or the virtual one. The virtual clock moves when
   no participant runs: to the earliest deadline, for one waiter at a time. */
#include "base/clock.h"

#include <math.h>
#include <time.h>

#include "base/clock_own.h"

pthread_mutex_t clock_lock = PTHREAD_MUTEX_INITIALIZER;
struct clock_driver clock_driver = {.granted = FAX_FOREVER};
static struct list deadlines = {&deadlines, &deadlines}; /* earliest first */
static struct list endless = {&endless, &endless};       /* wait for no time */
static atomic_bool is_virtual;
static _Atomic fax_deadline virtual_now;
static _Atomic int64_t wall_offset;      /* virtual: wall - now */
static _Atomic fax_deadline real_offset; /* so that now never goes back */
static long running;                     /* participants that do not wait */
static long callers;  /* of those, by clock_set_virtual in this term of it */
static unsigned term; /* how often the clock became real */
static unsigned holds;

static _Thread_local bool participant;     /* by clock_enter */
static _Thread_local unsigned caller_term; /* term + 1: by clock_set_virtual */

static void before_fork(void) {
  pthread_mutex_lock(&clock_lock);
}
static void after_fork(void) {
  pthread_mutex_unlock(&clock_lock);
}

/* None of the other participants is there. */
static void after_fork_child(void) {
  list_init(&deadlines);
  list_init(&endless);
  running = callers = 0;
  holds = 0;
  term++;
  participant = false;
  clock_driver = (struct clock_driver){.granted = FAX_FOREVER};
  if (atomic_load(&is_virtual)) {
    atomic_store(&is_virtual, false);
    atomic_store(&real_offset, 0);
  }
  pthread_mutex_unlock(&clock_lock);
}

static void register_fork_handlers(void) {
  pthread_atfork(before_fork, after_fork, after_fork_child);
}

/* The lock comes last of all, so it is taken last before a fork too: whoever
   holds another one while using a clock_cond registers his handlers later. */
static void watch_forks(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;

  pthread_once(&once, register_fork_handlers);
}

static fax_deadline read_clock(clockid_t id) {
  struct timespec t;

  clock_gettime(id, &t);
  return t.tv_sec * FAX_SECOND + t.tv_nsec;
}

bool clock_is_virtual(void) {
  return atomic_load(&is_virtual);
}

fax_deadline clock_now(void) {
  if (atomic_load(&is_virtual)) return atomic_load(&virtual_now);
  return read_clock(CLOCK_MONOTONIC) + atomic_load(&real_offset);
}

int64_t clock_wall(void) {
  if (!atomic_load(&is_virtual)) return read_clock(CLOCK_REALTIME);
  return atomic_load(&virtual_now) + atomic_load(&wall_offset);
}

/* ---- with the lock ---- */

static bool counts_here(void) {
  return participant || caller_term == term + 1;
}

void clock_wake(struct waiter *w, int state) {
  list_remove(&w->in_cond);
  list_remove(&w->in_clock);
  w->state = state;
  if (w->counts) running++;
  if (w->told != NULL)
    w->told(w->arg);
  else
    pthread_cond_signal(&w->wake);
}

static struct waiter *first_due(void) {
  struct waiter *w;
  if (list_empty(&deadlines)) return NULL;
  w = list_entry(deadlines.next, struct waiter, in_clock);
  return w->until > clock_driver.granted ? NULL : w;
}

/* A thread that is woken runs from here on, so that the clock cannot move
   before it has done what it was woken for. */
void clock_move(void) {
  while (atomic_load(&is_virtual) && running <= 0) {
    struct waiter *w = first_due();
    if (w == NULL) {
      if (clock_driver.idle != NULL) clock_driver.idle(clock_driver.arg);
      return;
    }
    if (w->until > atomic_load(&virtual_now))
      atomic_store(&virtual_now, w->until);
    clock_wake(w, TIMED_OUT);
  }
}

/* Behind those with an equal deadline. Most deadlines are near each other;
   those who wait for ever are many, and not among them. */
void clock_insert(struct waiter *w) {
  struct list *at = w->until == FAX_FOREVER ? &endless : &deadlines;

  if (at == &endless) {
    list_append(at, &w->in_clock);
    return;
  }
  while (at->previous != &deadlines &&
         list_entry(at->previous, struct waiter, in_clock)->until > w->until)
    at = at->previous;
  list_append(at, &w->in_clock);
}

void clock_count(long change) {
  running += change;
}

bool clock_is_idle(fax_deadline *until_out) {
  if (running > 0) return false;
  *until_out = list_empty(&deadlines)
                   ? FAX_FOREVER
                   : list_entry(deadlines.next, struct waiter, in_clock)->until;
  return true;
}

/* ---- participants ---- */

void clock_join(void) {
  pthread_mutex_lock(&clock_lock);
  running++;
  pthread_mutex_unlock(&clock_lock);
}

void clock_unjoin(void) {
  pthread_mutex_lock(&clock_lock);
  running--;
  clock_move();
  pthread_mutex_unlock(&clock_lock);
}

void clock_enter(void) {
  participant = true;
}

void clock_leave(void) {
  pthread_mutex_lock(&clock_lock);
  if (participant) {
    running--;
  } else if (caller_term == term + 1) {
    running--;
    callers--;
    caller_term = 0;
  }
  participant = false;
  clock_move();
  pthread_mutex_unlock(&clock_lock);
}

/* ---- the kind of clock ---- */

void clock_become_virtual(fax_deadline now, int64_t wall) {
  atomic_store(&virtual_now, now);
  atomic_store(&wall_offset, wall - now);
  atomic_store(&is_virtual, true);
}

void clock_advance(fax_deadline now) {
  if (now > atomic_load(&virtual_now)) atomic_store(&virtual_now, now);
}

DWORD clock_set_virtual(int64_t wall) {
  DWORD code = ERROR_BUSY;

  watch_forks();
  pthread_mutex_lock(&clock_lock);
  if (holds == 0) {
    clock_become_virtual(clock_now(), wall);
    if (!counts_here()) {
      caller_term = term + 1;
      callers++;
      running++;
    }
    code = ERROR_SUCCESS;
  }
  pthread_mutex_unlock(&clock_lock);
  return code;
}

static void wake_all(struct list *waiters) {
  while (!list_empty(waiters))
    clock_wake(list_entry(waiters->next, struct waiter, in_clock), SIGNALLED);
}

static void become_real(void) {
  fax_deadline now = atomic_load(&virtual_now);
  fax_deadline machine = read_clock(CLOCK_MONOTONIC);

  if (now > machine + atomic_load(&real_offset))
    atomic_store(&real_offset, now - machine);
  atomic_store(&is_virtual, false);
  clock_driver = (struct clock_driver){.granted = FAX_FOREVER};
  wake_all(&deadlines);
  wake_all(&endless);
  running -= callers;
  callers = 0;
  term++;
}

DWORD clock_set_real(void) {
  DWORD code = ERROR_BUSY;

  pthread_mutex_lock(&clock_lock);
  if (holds == 0) {
    if (atomic_load(&is_virtual)) become_real();
    code = ERROR_SUCCESS;
  }
  pthread_mutex_unlock(&clock_lock);
  return code;
}

void clock_hold(void) {
  pthread_mutex_lock(&clock_lock);
  holds++;
  pthread_mutex_unlock(&clock_lock);
}

void clock_release(void) {
  pthread_mutex_lock(&clock_lock);
  holds--;
  pthread_mutex_unlock(&clock_lock);
}

/* ---- waiting ---- */

void clock_cond_init(struct clock_cond *c) {
  pthread_condattr_t attributes;

  watch_forks();
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&c->real, &attributes);
  pthread_condattr_destroy(&attributes);
  list_init(&c->waiters);
}

void clock_cond_destroy(struct clock_cond *c) {
  pthread_cond_destroy(&c->real);
}

/* With the lock, which is given back; `mutex` is taken again. */
static bool wait_virtual(struct clock_cond *c, pthread_mutex_t *mutex,
                         fax_deadline until) {
  struct waiter w = {.until = until, .counts = counts_here()};

  pthread_cond_init(&w.wake, NULL);
  list_append(&c->waiters, &w.in_cond);
  clock_insert(&w);
  if (w.counts) running--;
  clock_move();
  pthread_mutex_unlock(mutex);
  while (w.state == WAITING) pthread_cond_wait(&w.wake, &clock_lock);
  pthread_mutex_unlock(&clock_lock);
  pthread_cond_destroy(&w.wake);
  pthread_mutex_lock(mutex);
  return w.state != TIMED_OUT;
}

static bool wait_real(struct clock_cond *c, pthread_mutex_t *mutex,
                      fax_deadline until) {
  fax_deadline machine;
  struct timespec t;

  if (until == FAX_FOREVER) {
    pthread_cond_wait(&c->real, mutex);
    return true;
  }
  machine = until - atomic_load(&real_offset);
  t.tv_sec = machine / FAX_SECOND;
  t.tv_nsec = machine % FAX_SECOND;
  if (pthread_cond_timedwait(&c->real, mutex, &t) == 0) return true;
  /* It may have become the virtual clock in between, and be earlier there. */
  return clock_now() < until;
}

bool clock_cond_wait(struct clock_cond *c, pthread_mutex_t *mutex,
                     fax_deadline until) {
  if (until <= clock_now()) return false;
  if (!atomic_load(&is_virtual)) return wait_real(c, mutex, until);
  pthread_mutex_lock(&clock_lock);
  if (!atomic_load(&is_virtual) || until <= atomic_load(&virtual_now)) {
    bool early = !atomic_load(&is_virtual);
    pthread_mutex_unlock(&clock_lock);
    return early;
  }
  return wait_virtual(c, mutex, until);
}

void clock_cond_signal(struct clock_cond *c) {
  bool woken = false;

  if (atomic_load(&is_virtual)) {
    pthread_mutex_lock(&clock_lock);
    woken = !list_empty(&c->waiters);
    if (woken)
      clock_wake(list_entry(c->waiters.next, struct waiter, in_cond),
                 SIGNALLED);
    pthread_mutex_unlock(&clock_lock);
  }
  if (!woken) pthread_cond_signal(&c->real);
}

void clock_cond_broadcast(struct clock_cond *c) {
  if (atomic_load(&is_virtual)) {
    pthread_mutex_lock(&clock_lock);
    while (!list_empty(&c->waiters))
      clock_wake(list_entry(c->waiters.next, struct waiter, in_cond),
                 SIGNALLED);
    pthread_mutex_unlock(&clock_lock);
  }
  pthread_cond_broadcast(&c->real);
}

fax_deadline clock_after(fax_deadline now, double seconds) {
  double room;

  if (isnan(seconds) || seconds <= 0) return now;
  room =
      (double)(now > 0 ? FAX_FOREVER - now : FAX_FOREVER) / (double)FAX_SECOND;
  if (now == FAX_FOREVER || seconds >= room) return FAX_FOREVER;
  return now + (fax_deadline)(seconds * (double)FAX_SECOND);
}
