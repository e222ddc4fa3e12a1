/* SPDX-License-Identifier: MIT
   FaxEnumQueue: the queue page by page, both ways, and what is asked for of it.
 */
#include <fax/fax_queue.h>

#include "service_fsp.h"
#include "service_stage.h"

static struct stage st;

/* More than are looked at under the lock at once. */
enum { JOBS = 300 };
static DWORD first;

static const char *const numbers[] = {"02 12/34-0", "0299"};

/* Every third is held, and they are for two numbers in turn. */
static int set_up(void **unused) {
  (void)unused;
  fsp_set(1);
  stage_start_with(&st, "forward", NULL, NULL);
  stage_document(&st, 1);
  for (DWORD i = 0; i < JOBS; i++) {
    FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p,
                       .RecipientNumber = numbers[i % 2],
                       .ScheduleAction = JSA_SPECIFIC_TIME,
                       .ScheduleTime = {.wYear = 2100, .wMonth = 1, .wDay = 1}};
    LPCTSTR file = st.document;
    struct fax_submission sub = stage_of_file(&file, &p);
    DWORD id;
    sub.hold = i % 3 == 0;
    assert_true(FaxSubmit(st.server, &sub, &id));
    if (i == 0) first = id;
  }
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  stage_stop(&st);
  return 0;
}

static FAX_JOB_ENTRY *page(struct fax_job_query query, DWORD *count) {
  FAX_JOB_ENTRY *jobs = NULL;
  query.size = sizeof query;
  if (!FaxEnumQueue(st.server, &query, &jobs, count))
    fail_msg("%s", FaxGetLastErrorMessage());
  return jobs;
}

/* The n-th of those in question is job first + at(n). */
static void walk(struct fax_job_query query, DWORD expected,
                 DWORD (*at)(DWORD)) {
  DWORD seen = 0, count;
  query.limit = 70;
  query.cursor = 0;
  do {
    FAX_JOB_ENTRY *jobs = page(query, &count);
    for (DWORD i = 0; i < count; i++)
      assert_int_equal(jobs[i].JobId, first + at(seen + i));
    seen += count;
    assert_true(count == query.limit || seen == expected);
    if (count != 0) query.cursor = jobs[count - 1].JobId;
    FaxFreeBuffer(jobs);
  } while (count == query.limit);
  assert_int_equal(seen, expected);
}

static DWORD up(DWORD n) {
  return n;
}
static DWORD down(DWORD n) {
  return JOBS - 1 - n;
}
static DWORD held_down(DWORD n) {
  return JOBS - 3 - 3 * n;
}
static DWORD not_held(DWORD n) {
  return n / 2 * 3 + n % 2 + 1;
}
static DWORD odd(DWORD n) {
  return 2 * n + 1;
}
static DWORD even_held(DWORD n) {
  return 6 * n;
}

/* JOB-29 */
static void pages_put_together_are_the_queue(void **unused) {
  (void)unused;
  walk((struct fax_job_query){0}, JOBS, up);
  walk((struct fax_job_query){.newest_first = TRUE}, JOBS, down);
}

static void only_those_that_are_asked_for_are_told(void **unused) {
  DWORD count;
  (void)unused;
  walk((struct fax_job_query){.with = JS_PAUSED, .newest_first = TRUE},
       JOBS / 3, held_down);
  walk((struct fax_job_query){.without = JS_PAUSED}, JOBS * 2 / 3, not_held);
  walk((struct fax_job_query){.number = "02-99"}, JOBS / 2, odd);
  walk((struct fax_job_query){.number = "0212340", .with = JS_PAUSED}, JOBS / 6,
       even_held);
  FaxFreeBuffer(page((struct fax_job_query){.with = JS_FAILED}, &count));
  assert_int_equal(count, 0);
  FaxFreeBuffer(page((struct fax_job_query){.number = "%"}, &count));
  assert_int_equal(count, 0);
}

/* A place is one also when the job that it is named by has gone. */
static void a_page_goes_on_behind_a_job_that_has_gone(void **unused) {
  DWORD count;
  (void)unused;
  struct fax_job_query query = {.limit = 1, .cursor = first + 9};
  assert_true(FaxAbort(st.server, query.cursor));
  FAX_JOB_ENTRY *jobs = page(query, &count);
  assert_int_equal(jobs->JobId, first + 10);
  FaxFreeBuffer(jobs);
  query.newest_first = TRUE;
  jobs = page(query, &count);
  assert_int_equal(jobs->JobId, first + 8);
  FaxFreeBuffer(jobs);
}

static void ends_are_ends(void **unused) {
  const struct fax_job_query ends[] = {
      {.cursor = first + JOBS - 1},
      {.cursor = 0xffffffff},
      {.cursor = first, .newest_first = TRUE},
      {.cursor = 1, .newest_first = TRUE},
  };
  DWORD count;
  (void)unused;
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    if (ends[i].cursor == 1 && first == 1) continue;
    FaxFreeBuffer(page(ends[i], &count));
    assert_int_equal(count, 0);
  }
  FAX_JOB_ENTRY *jobs =
      page((struct fax_job_query){.cursor = 0xffffffff, .newest_first = TRUE},
           &count);
  assert_int_equal(count, JOBS);
  FaxFreeBuffer(jobs);
}

/* SEC-9 */
static void who_may_not_see_all_goes_through_his_own(void **unused) {
  enum { OWN = 3 };
  struct fax_connect as = {
      .size = sizeof as, .rights = FAX_JOB_SUBMIT, .user = "somebody"};
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = "1"};
  LPCTSTR file = st.document;
  struct fax_submission sub = stage_of_file(&file, &p);
  HANDLE all = st.server;
  DWORD ids[OWN], count;
  (void)unused;
  sub.hold = TRUE;
  assert_true(FaxConnect(&as, &st.server));
  FaxFreeBuffer(page((struct fax_job_query){.limit = 1}, &count));
  assert_int_equal(count, 0);
  for (int i = 0; i < OWN; i++) {
    ids[i] = stage_submit(&st, &sub);
    FaxFreeBuffer(page((struct fax_job_query){.cursor = first}, &count));
    assert_int_equal(count, i + 1);
  }
  FAX_JOB_ENTRY *jobs = page(
      (struct fax_job_query){.newest_first = TRUE, .cursor = ids[2]}, &count);
  assert_int_equal(count, 2);
  assert_int_equal(jobs[0].JobId, ids[1]);
  assert_int_equal(jobs[1].JobId, ids[0]);
  FaxFreeBuffer(jobs);
  assert_true(FaxAbort(st.server, ids[1]));
  jobs =
      page((struct fax_job_query){.cursor = ids[0], .with = JS_PAUSED}, &count);
  assert_int_equal(count, 1);
  assert_int_equal(jobs->JobId, ids[2]);
  FaxFreeBuffer(jobs);
  assert_true(FaxAbort(st.server, ids[0]));
  assert_true(FaxAbort(st.server, ids[2]));
  FaxFreeBuffer(page((struct fax_job_query){.limit = 1}, &count));
  assert_int_equal(count, 0);
  assert_true(FaxClose(st.server));
  st.server = all;
}

static void a_query_of_another_size_is_refused(void **unused) {
  struct fax_job_query query = {.size = sizeof query - 1};
  FAX_JOB_ENTRY *jobs;
  DWORD count = 0;
  (void)unused;
  assert_fails(FaxEnumQueue(st.server, &query, &jobs, &count),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxEnumQueue(st.server, NULL, NULL, &count),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxEnumQueue(st.server, NULL, &jobs, NULL),
               ERROR_INVALID_PARAMETER);
  assert_true(FaxEnumQueue(st.server, NULL, &jobs, &count));
  assert_true(count >= JOBS - 1);
  FaxFreeBuffer(jobs);
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pages_put_together_are_the_queue),
      cmocka_unit_test(only_those_that_are_asked_for_are_told),
      cmocka_unit_test(ends_are_ends),
      cmocka_unit_test(a_page_goes_on_behind_a_job_that_has_gone),
      cmocka_unit_test(who_may_not_see_all_goes_through_his_own),
      cmocka_unit_test(a_query_of_another_size_is_refused),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
