/* SPDX-License-Identifier: MIT
   What of a call's pages is whose: the shares of all jobs are all of the call,
   and nothing is in two of them. */
#include "service/bundle/bundle.h"
#include "test.h"

enum { MOST_JOBS = 4, MOST_PAGES = 3 };

/* The next combination of 1..MOST_PAGES pages for each job; false: it was the
   last one. */
static bool next_sizes(DWORD *pages, DWORD jobs) {
  for (DWORD i = 0; i < jobs; i++) {
    if (++pages[i] <= MOST_PAGES) return true;
    pages[i] = 1;
  }
  return false;
}

/* The job i begins with page i + 1 of its document. */
static DWORD divide(const DWORD *pages, DWORD jobs, struct share *shares) {
  DWORD before = 0;
  for (DWORD i = 0; i < jobs; i++) {
    shares[i] = (struct share){before, i + 1, pages[i]};
    before += pages[i];
  }
  return before;
}

static void check_confirmed(const struct share *shares, DWORD jobs, DWORD n) {
  DWORD sum = 0;
  for (DWORD i = 0; i < jobs; i++) {
    const struct share *h = &shares[i];
    DWORD own = share_confirmed(h, n);
    assert_in_range(own, 0, h->pages);
    /* no page of the next job before all of this one's */
    if (i + 1 < jobs && share_confirmed(&shares[i + 1], n) != 0)
      assert_int_equal(own, h->pages);
    assert_int_equal(share_is_done(h, n), own == h->pages);
    assert_int_equal(share_is_passed(h, n), n > h->before + h->pages);
    sum += own;
  }
  assert_int_equal(sum, n);
}

static void check_page(const struct share *shares, DWORD jobs, DWORD page) {
  DWORD owners = 0;
  for (DWORD i = 0; i < jobs; i++) {
    const struct share *h = &shares[i];
    DWORD own = share_page(h, page);
    assert_in_range(own, h->first, h->first + h->pages - 1);
    if (!share_has(h, page)) continue;
    owners++;
    assert_int_equal(own, h->first + page - h->before - 1);
  }
  assert_int_equal(owners, 1);
}

static void check(const DWORD *pages, DWORD jobs) {
  struct share shares[MOST_JOBS];
  DWORD all = divide(pages, jobs, shares);
  for (DWORD n = 0; n <= all; n++) check_confirmed(shares, jobs, n);
  for (DWORD page = 1; page <= all; page++) check_page(shares, jobs, page);
  for (DWORD i = 0; i < jobs; i++) {
    assert_false(share_has(&shares[i], 0));
    assert_false(share_has(&shares[i], all + 1));
  }
}

static void each_page_is_one_jobs(void **unused) {
  (void)unused;
  for (DWORD jobs = 1; jobs <= MOST_JOBS; jobs++) {
    DWORD pages[MOST_JOBS] = {1, 1, 1, 1};
    do check(pages, jobs);
    while (next_sizes(pages, jobs));
  }
}

static void what_is_unknown_stays_so(void **unused) {
  const struct share h = {2, 5, 3};
  (void)unused;
  assert_int_equal(share_confirmed(&h, FAX_UNKNOWN), FAX_UNKNOWN);
  assert_int_equal(share_page(&h, FAX_UNKNOWN), FAX_UNKNOWN);
  assert_int_equal(share_page(&h, 0), 0);
  assert_false(share_is_done(&h, FAX_UNKNOWN));
  assert_false(share_is_passed(&h, FAX_UNKNOWN));
}

/* A provider that counts more than there is. */
static void no_more_than_there_is(void **unused) {
  const struct share h = {2, 5, 3};
  (void)unused;
  assert_int_equal(share_confirmed(&h, 99), 3);
  assert_true(share_is_passed(&h, 99));
  assert_int_equal(share_page(&h, 99), 7);
}

static void a_call_of_one_job_is_its_own(void **unused) {
  const struct share whole = {.pages = 0};
  (void)unused;
  for (DWORD n = 0; n < 5; n++) {
    assert_int_equal(share_confirmed(&whole, n), n);
    assert_int_equal(share_page(&whole, n), n);
    assert_true(share_has(&whole, n));
    assert_false(share_is_done(&whole, n));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_page_is_one_jobs),
      cmocka_unit_test(what_is_unknown_stays_so),
      cmocka_unit_test(no_more_than_there_is),
      cmocka_unit_test(a_call_of_one_job_is_its_own)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
