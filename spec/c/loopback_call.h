/* SPDX-License-Identifier: MIT
   Whole calls of the exchange, driven by its exports, with options that make
   the line bad. */
#ifndef FAX_SPEC_LOOPBACK_CALL_H
#define FAX_SPEC_LOOPBACK_CALL_H

#include "loopback_stage.h"
#include "test.h"

/* One fax from line 1 to line 2 with more options; how it ended on both
   sides, and how long it took on the clock. */
struct ending {
  DWORD sent, received, pages;
  fax_deadline lasted;
};

static inline struct ending call(const char *const *bad, bool exact) {
  const char *options[16] = {"prefix=11", "lines=2", "pace=real"};
  struct stage s;
  struct act a, b;
  DWORD line;
  for (int i = 3; *bad != NULL; bad++) options[i++] = *bad;
  stage_open(&s, options);
  act_begin(&a, &s, 1, "102");
  stage_ring(&s, &line);
  fax_deadline start = FaxClockNow();
  act_begin(&b, &s, 2, NULL);
  if (exact)
    act_expect_pages(&b, &s, 2);
  else
    act_end(&b);
  act_end(&a);
  struct ending e = {a.last.status.StatusId, b.last.status.StatusId,
                     b.last.status.PageCount, FaxClockNow() - start};
  unlink(b.target);
  stage_close(&s);
  return e;
}

static inline void is_same(struct ending first, struct ending again) {
  assert_int_equal(first.sent, again.sent);
  assert_int_equal(first.received, again.received);
  assert_int_equal(first.pages, again.pages);
  assert_int_equal(first.lasted, again.lasted);
}

#define CALL(exact, ...) call((const char *const[]){__VA_ARGS__, NULL}, exact)

/* A call to a test number in which the n-th allocation and all after it fail.
   False: none did. */
static inline bool call_without_memory(const char *option, long n) {
  const char *const options[] = {"prefix=11", "lines=1", option, NULL};
  struct stage s;
  struct act a;
  stage_open(&s, options);
  act_start(&a, &s, 1, "+999 9999 100");
  a.fail_after = n;
  act_go(&a);
  act_end(&a);
  bool failed = s.memory_failed;
  assert_true(failed || a.ok);
  stage_close(&s);
  return failed;
}

#endif
