/* SPDX-License-Identifier: MIT
   fax_clock.h over base/clock.h, and cancel flags. */
#include <stdatomic.h>

#include "api/result.h"
#include "base/clock.h"
#include "base/mem.h"

struct fax_cancel {
  pthread_mutex_t lock;
  struct clock_cond changed;
  atomic_bool set;
};

fax_deadline FaxClockNow(void) {
  sign_note();
  return clock_now();
}

int64_t FaxClockWall(void) {
  return clock_wall();
}

void FaxClockJoin(void) {
  clock_join();
}

void FaxClockEnter(void) {
  clock_enter();
}

void FaxClockLeave(void) {
  clock_leave();
}

BOOL FaxClockVirtual(int64_t wall) {
  api_enter();
  return api_done(clock_set_virtual(wall));
}

BOOL FaxClockReal(void) {
  api_enter();
  return api_done(clock_set_real());
}

BOOL FaxClockIsVirtual(void) {
  return clock_is_virtual();
}

static void cancel_init(struct fax_cancel *cancel) {
  pthread_mutex_init(&cancel->lock, NULL);
  clock_cond_init(&cancel->changed);
  atomic_init(&cancel->set, false);
}

static void cancel_end(struct fax_cancel *cancel) {
  clock_cond_destroy(&cancel->changed);
  pthread_mutex_destroy(&cancel->lock);
}

struct fax_cancel *FaxCancelCreate(void) {
  struct fax_cancel *cancel = mem_alloc(sizeof *cancel);

  api_enter();
  if (cancel == NULL) return api_fail(ERROR_NOT_ENOUGH_MEMORY);
  cancel_init(cancel);
  api_done(ERROR_SUCCESS);
  return cancel;
}

void FaxCancelSet(struct fax_cancel *cancel) {
  pthread_mutex_lock(&cancel->lock);
  atomic_store(&cancel->set, true);
  clock_cond_broadcast(&cancel->changed);
  pthread_mutex_unlock(&cancel->lock);
}

BOOL FaxCancelled(const struct fax_cancel *cancel) {
  sign_note();
  return atomic_load(&cancel->set);
}

void FaxCancelFree(struct fax_cancel *cancel) {
  if (cancel == NULL) return;
  cancel_end(cancel);
  mem_free(cancel);
}

/* False: it was set before the time came. */
static bool wait_until(fax_deadline until, struct fax_cancel *cancel) {
  bool set;

  pthread_mutex_lock(&cancel->lock);
  while (!atomic_load(&cancel->set) &&
         clock_cond_wait(&cancel->changed, &cancel->lock, until)) {
  }
  set = atomic_load(&cancel->set);
  pthread_mutex_unlock(&cancel->lock);
  return !set;
}

BOOL FaxClockWait(fax_deadline until, struct fax_cancel *cancel) {
  struct fax_cancel never;
  bool came;

  api_enter();
  if (cancel == NULL) cancel_init(&never);
  came = wait_until(until, cancel == NULL ? &never : cancel);
  if (cancel == NULL) cancel_end(&never);
  return api_done(came ? ERROR_SUCCESS : ERROR_CANCELLED);
}
