/* SPDX-License-Identifier: MIT
   What a call says of a document's pages (JOB-22): the rule that a service goes
   by at the end of a call, and the next one after a crash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/attempt/attempt.h"
#include "test.h"

#define NONE FAX_UNKNOWN

static const struct {
  struct call_pages call; /* before, first, confirmed, pages */
  DWORD confirmed, skip;
  bool delivered;
} calls[] = {
    /* a first call, whether it notes pages or not */
    {{0, NONE, NONE, 3}, 0, 0, false},
    {{0, NONE, 0, 3}, 0, 0, false},
    {{0, NONE, 2, 3}, 2, 2, false},
    {{0, NONE, 3, 3}, 3, 3, true},
    {{0, 1, 2, 3}, 2, 2, false},
    {{0, 1, 3, 3}, 3, 3, true},
    {{0, 1, NONE, 3}, 0, 0, false},
    /* a later one that begins where it is asked to */
    {{1, 2, 0, 3}, 1, 1, false},
    {{1, 2, 1, 3}, 2, 2, false},
    {{1, 2, 2, 3}, 3, 3, true},
    {{2, 3, 1, 3}, 3, 3, true},
    {{2, 3, NONE, 3}, 2, 2, false},
    /* one that begins anew: its count is its own */
    {{1, 1, 1, 3}, 1, 1, false},
    {{1, 1, 2, 3}, 2, 2, false},
    {{2, 1, 1, 3}, 2, 2, false},
    {{2, 1, 3, 3}, 3, 3, true},
    {{2, 2, 1, 3}, 2, 2, false},
    {{2, 2, 2, 3}, 3, 3, true},
    /* one that notes none may have done either: a page remains */
    {{1, NONE, 1, 3}, 2, 2, false},
    {{1, NONE, 2, 3}, 3, 2, false},
    {{2, NONE, 1, 3}, 3, 2, false},
    {{2, NONE, 3, 3}, 3, 3, true},
    {{1, NONE, NONE, 3}, 1, 1, false},
    /* notes that fit nothing are none */
    {{1, 0, 2, 3}, 3, 2, false},
    {{0, 2, 2, 3}, 2, 2, false},
    {{1, 3, 1, 3}, 2, 2, false},
    {{1, 3, 2, 3}, 3, 2, false},
    {{2, FAX_UNKNOWN - 1, 1, 3}, 3, 2, false},
    /* more than there are */
    {{0, 1, 4, 3}, 3, 3, true},
    {{2, 3, FAX_UNKNOWN - 1, 3}, 3, 3, true},
    {{2, NONE, 2, 3}, 3, 2, false},
    {{4, NONE, 0, 3}, 3, 2, false},
    {{FAX_UNKNOWN - 1, 1, 1, 3}, 3, 2, false},
    /* a single page */
    {{0, NONE, 1, 1}, 1, 1, true},
    {{0, 1, 0, 1}, 0, 0, false},
};

static void of_each_call(void **unused) {
  (void)unused;
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    const struct call_pages *c = &calls[i].call;
    if (pages_confirmed(c) != calls[i].confirmed ||
        pages_to_skip(c) != calls[i].skip ||
        pages_delivered(c) != calls[i].delivered)
      fail_msg("before %u, first %u, confirmed %u of %u: %u, %u, %d", c->before,
               c->first, c->confirmed, c->pages, pages_confirmed(c),
               pages_to_skip(c), pages_delivered(c));
  }
}

static void one_page_may_be_in_doubt(void **unused) {
  (void)unused;
  static const struct {
    struct call_pages call;
    DWORD noted, doubt;
  } doubts[] = {
      {{0, NONE, 1, 3}, NONE, NONE}, /* who notes none */
      {{0, NONE, 3, 3}, NONE, 0},    /* and has nothing to send */
      {{0, NONE, NONE, 3}, 0, 0},    /* will note, and came to none */
      {{0, 1, NONE, 3}, 1, 1},       {{0, 1, 1, 3}, 1, 0}, {{0, 1, 1, 3}, 2, 2},
      {{1, 2, 0, 3}, 2, 2},          {{1, 2, 1, 3}, 2, 0}, {{1, 2, 1, 3}, 3, 3},
      {{2, 1, 2, 3}, 3, 3}, /* begun anew: the sum would not say so */
      {{2, 1, 0, 3}, 1, 0}, /* an earlier call had it confirmed */
  };
  for (size_t i = 0; i < sizeof doubts / sizeof *doubts; i++) {
    const struct call_pages *c = &doubts[i].call;
    if (pages_in_doubt(c, doubts[i].noted) != doubts[i].doubt)
      fail_msg("before %u, first %u, confirmed %u of %u, noted %u: %u",
               c->before, c->first, c->confirmed, c->pages, doubts[i].noted,
               pages_in_doubt(c, doubts[i].noted));
  }
}

/* Whatever a call says: never less than before, never more than there are, all
   of them only if it may be called delivered. */
static void within_bounds(void **unused) {
  (void)unused;
  enum { MOST = 5 };
  for (DWORD pages = 1; pages <= MOST; pages++)
    for (DWORD before = 0; before < pages; before++)
      for (DWORD first = 0; first <= pages + 2; first++)
        for (DWORD confirmed = 0; confirmed <= pages + 2; confirmed++) {
          struct call_pages c = {before, first == pages + 2 ? NONE : first,
                                 confirmed == pages + 2 ? NONE : confirmed,
                                 pages};
          DWORD skip = pages_to_skip(&c);
          assert_in_range(pages_confirmed(&c), before, pages);
          assert_in_range(skip, before, pages);
          assert_int_equal(skip == pages, pages_delivered(&c));
          if (c.confirmed == NONE) assert_int_equal(skip, before);
          if (c.first == NONE && c.confirmed < pages)
            assert_false(pages_delivered(&c));
        }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(of_each_call),
                                     cmocka_unit_test(one_page_may_be_in_doubt),
                                     cmocka_unit_test(within_bounds)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
