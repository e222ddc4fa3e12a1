/* SPDX-License-Identifier: MIT
   A scenario in which something fails: a write, a sync, a rename, an
   allocation. The service says so where it was asked, and goes on with what it
   has; once there is room again it takes new work. */
#ifndef FAX_SPEC_CRASH_FAIL_H
#define FAX_SPEC_CRASH_FAIL_H

#include "base/error.h"
#include "crash_run.h"

struct crash_failure {
  const struct crash_scenario *scenario;
  long memory; /* the allocation that fails; -1: the disk does, by the plan */
};

static bool crash_healed; /* something failed before that */

static inline bool crash_did_fail(void) {
  return crash_healed || mem_failed() || crash_has_failed();
}

/* Is that the error of what failed? */
static inline bool crash_is_error(const struct crash_failure *f, DWORD error) {
  if (f->memory >= 0)
    return error == ERROR_NOT_ENOUGH_MEMORY || error == ERROR_OUTOFMEMORY;
  return error == error_from_errno(crash->plan.fail_with) ||
         error == ERROR_WRITE_FAULT || error == ERROR_DISK_FULL ||
         error == ERROR_ACCESS_DENIED; /* as SQLite has it */
}

static inline void crash_check_error(const struct crash_failure *f,
                                     const char *what, DWORD error) {
  crash_hold(crash_did_fail(), "%s: error %u, and nothing failed", what, error);
  crash_hold(crash_is_error(f, error), "%s: error %u: %s, after %s (%s)", what,
             error, FaxGetLastErrorMessage(), crash->failed_kind,
             strerror(crash->plan.fail_with));
}

static inline void crash_heal(void) {
  crash_healed = crash_did_fail();
  pthread_mutex_lock(&crash->lock);
  crash->plan.fail_at = -1;
  pthread_mutex_unlock(&crash->lock);
  mem_fail_after(-1);
}

/* A start that fails leaves a disk that the next one takes. */
static inline void crash_start_failing(const struct crash_failure *f) {
  if (crash_try_start()) return;
  crash_check_error(f, "start", FaxGetLastError());
  crash_heal();
  if (!crash_try_start())
    crash_fail("start after a failure: %s", FaxGetLastErrorMessage());
}

/* What was refused never goes out; what was accepted does. */
static inline void crash_check_refused(const struct crash_failure *f) {
  for (size_t i = 0, end = crash_now(); i < end; i++)
    if (crash->ops[i].kind == CRASH_REFUSED)
      crash_check_error(f, "submission", crash->ops[i].number);
  crash_check_known();
}

static inline void crash_fail_process(const void *failure) {
  const struct crash_failure *f = failure;
  const struct crash_scenario *s = f->scenario;
  crash_set_up(0);
  if (f->memory >= 0) mem_fail_once_after(f->memory);
  crash_arm(!s->archive);
  crash_start_failing(f);
  if (s->archive && !crash_set_archive() && !crash_set_archive())
    crash_fail("archive: %s", FaxGetLastErrorMessage());
  crash_arm(true);
  s->run();
  bool failed = crash_did_fail();
  crash_check_refused(f);
  crash_heal();
  crash_wait(6 * 3600);
  crash_hold(crash_submit(CRASH_PLAIN, NULL) != 0, "a new job: %s",
             FaxGetLastErrorMessage());
  crash_wait(60);
  struct crash_past past = {.scenario = s};
  crash_check_jobs(&past);
  /* A provider for whose entry there was no memory is listed by the next run.
   */
  if (s->check != NULL && f->memory < 0) s->check(crash_now());
  crash_stop();
  if (!failed) _exit(2);
}

#endif
