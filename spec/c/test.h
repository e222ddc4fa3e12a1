/* SPDX-License-Identifier: MIT
   What the C tests share: cmocka, the sweep of allocation failures, the count
   of open descriptors. A test's main begins with test_start. */
#ifndef FAX_SPEC_TEST_H
#define FAX_SPEC_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>

#include <fax/faxerr.h>

#include "base/mem.h"

/* Turns the debug mode of mem.h on, before anything is allocated. */
static inline void test_start(void) {
  mem_debug(1);
}

static inline size_t test_fds(void) {
  DIR *dir = opendir("/proc/self/fd");
  size_t count = 0;

  assert_non_null(dir);
  while (readdir(dir) != NULL) count++;
  closedir(dir);
  return count;
}

/* Does all of something and gives everything back, also when it fails. */
typedef DWORD sweep_fn(void *arg);

/* Runs `fn` with the first allocation failing, then with the second, and so on
   until none failed. Each time it must say that memory ran out or do without,
   and leave nothing alive. Not while other threads allocate. */
static inline void sweep_with(sweep_fn *fn, void *arg) {
  for (long n = 0; n < 100000; n++) {
    size_t live = mem_live(), faults = mem_faults();
    bool failed;
    DWORD code;
    mem_fail_after(n);
    code = fn(arg);
    failed = mem_failed();
    mem_fail_after(-1);
    assert_int_equal(mem_live(), live);
    assert_int_equal(mem_faults(), faults);
    if (!failed) {
      assert_int_equal(code, ERROR_SUCCESS);
      assert_true(n > 0); /* else there was nothing to sweep */
      return;
    }
    if (code != ERROR_SUCCESS && code != ERROR_OUTOFMEMORY)
      assert_int_equal(code, ERROR_NOT_ENOUGH_MEMORY);
  }
  fail_msg("the sweep does not end");
}

static inline void sweep(sweep_fn *fn) {
  sweep_with(fn, NULL);
}

#endif
