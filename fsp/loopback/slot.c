/* SPDX-License-Identifier: MIT
   Calls at fast pace take a processor each: more of them at once than there are
   processors would only be slower together. The rest wait here, in order. */
#include "exchange.h"

static bool enter(struct waiter *w) {
  exchange_lock();
  bool free_slot =
      loopback.talking < loopback.talking_max && loopback.first_waiter == NULL;
  if (free_slot) {
    loopback.talking++;
  } else {
    struct waiter **at = &loopback.first_waiter;
    while (*at != NULL) at = &(*at)->next;
    *at = w;
  }
  exchange_unlock();
  return free_slot;
}

/* True: it had been granted all the same. */
static bool leave(struct waiter *w) {
  exchange_lock();
  bool granted = w->granted;
  for (struct waiter **at = &loopback.first_waiter; *at != NULL;
       at = &(*at)->next) {
    if (*at != w) continue;
    *at = w->next;
    break;
  }
  exchange_unlock();
  return granted;
}

void slot_give(void) {
  exchange_lock();
  struct waiter *w = loopback.first_waiter;
  if (w != NULL) { /* handed over: `talking` stays */
    loopback.first_waiter = w->next;
    w->granted = true;
    FaxCancelSet(w->wake);
  } else {
    loopback.talking--;
  }
  exchange_unlock();
}

static bool is_aborted(const struct call *call) {
  return atomic_load(&call->caller->aborted) ||
         (call->callee != NULL && atomic_load(&call->callee->aborted));
}

bool slot_take(struct call *call) {
  struct waiter w = {NULL, call->caller->wake, false};
  if (enter(&w)) return true;
  /* An abort of the callee before the flag was armed is seen here. */
  if (!is_aborted(call)) FaxClockWait(FAX_FOREVER, w.wake);
  if (leave(&w)) return true;
  return false;
}
