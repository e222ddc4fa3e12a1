/* SPDX-License-Identifier: MIT
   Participants of the virtual clock in other processes, from both sides: here
   as a guest, there as a clock that another process moves. */
#include "base/clock_own.h"
#include "base/mem.h"

struct clock_guest {
  struct waiter w;
  bool idle; /* in the clock's list, unless it was woken */
};

struct clock_guest *clock_guest_new(void (*wake)(void *arg), void *arg) {
  struct clock_guest *g = mem_alloc(sizeof *g);
  if (g == NULL) return NULL;
  list_init(&g->w.in_cond);
  list_init(&g->w.in_clock);
  g->w.told = wake;
  g->w.arg = arg;
  g->w.counts = true;
  g->w.state = SIGNALLED;
  clock_join();
  return g;
}

/* With the lock: whether it waits. */
static bool waits(const struct clock_guest *g) {
  return g->idle && g->w.state == WAITING;
}

static void end_wait(struct clock_guest *g) {
  if (!waits(g)) return;
  list_remove(&g->w.in_clock);
  g->w.state = SIGNALLED;
  clock_count(1);
}

void clock_guest_busy(struct clock_guest *g) {
  pthread_mutex_lock(&clock_lock);
  end_wait(g);
  g->idle = false;
  pthread_mutex_unlock(&clock_lock);
}

void clock_guest_idle(struct clock_guest *g, fax_deadline until) {
  if (!clock_is_virtual()) return;
  pthread_mutex_lock(&clock_lock);
  end_wait(g);
  g->idle = true;
  g->w.state = WAITING;
  g->w.until = until;
  clock_insert(&g->w);
  clock_count(-1);
  clock_move();
  pthread_mutex_unlock(&clock_lock);
}

void clock_guest_free(struct clock_guest *g) {
  if (g == NULL) return;
  clock_guest_busy(g);
  clock_unjoin();
  mem_free(g);
}

/* ---- a clock that another process moves ---- */

void clock_drive(fax_deadline now, int64_t wall, void (*idle)(void *arg),
                 void *arg) {
  pthread_mutex_lock(&clock_lock);
  clock_driver = (struct clock_driver){now, idle, arg};
  clock_become_virtual(now, wall);
  pthread_mutex_unlock(&clock_lock);
}

void clock_grant(fax_deadline now) {
  pthread_mutex_lock(&clock_lock);
  clock_driver.granted = now;
  clock_advance(now);
  clock_move();
  pthread_mutex_unlock(&clock_lock);
}

bool clock_idle(fax_deadline *until_out) {
  pthread_mutex_lock(&clock_lock);
  bool idle = clock_is_idle(until_out);
  pthread_mutex_unlock(&clock_lock);
  return idle;
}
