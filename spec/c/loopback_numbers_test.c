/* SPDX-License-Identifier: MIT
   The test numbers of the exchange, called by a service with one line: how each
   call ends, why, and what the next attempt does. */
#include "../../fsp/loopback/numbers.c"
#include "service_stage.h"

#define PAGES 3

static const char *const one_line[] = {"lines=1", NULL};

/* "+999 9999 213", for the row 21n and 3. */
static void write_number(char *number, size_t size, const char *code, DWORD n) {
  char digits[12];
  int length = (int)strcspn(code, "n"), free_digits = CODE_LENGTH - length;
  snprintf(digits, sizeof digits, "%02u", (unsigned)n);
  snprintf(number, size, "+999 9999 %.*s%s", length, code,
           digits + 2 - free_digits);
}

static DWORD event_of(DWORD status) {
  switch (status) {
    case FS_COMPLETED:
      return FEI_COMPLETED;
    case FS_BUSY:
      return FEI_BUSY;
    case FS_NO_ANSWER:
      return FEI_NO_ANSWER;
    case FS_NOT_FAX_CALL:
      return FEI_NOT_FAX_CALL;
    case FS_BAD_ADDRESS:
      return FEI_BAD_ADDRESS;
    case FS_DISCONNECTED:
      return FEI_DISCONNECTED;
    default:
      return FEI_FATAL_ERROR;
  }
}

/* Sends the document and waits until the job is decided. The result is freed by
   the caller; the last attempt's event was raised, as often as there were
   attempts when each ended the same way. */
static struct fax_job_result *send_to(struct stage *st, const char *number) {
  DWORD job = stage_send(st, number), ends[64] = {0}, count = 0;
  while (stage_outcome(st, job) == FAX_OUTCOME_PENDING) {
    struct fax_event *e = stage_event(st);
    if (e->job_id == job && count < 64) ends[count++] = e->event_id;
    FaxLocalFree(e);
  }
  struct fax_job_result *r = stage_result(st, job);
  assert_true(r->attempt_count > 0);
  DWORD event = event_of(r->attempts[r->attempt_count - 1].status);
  while (count > 0 && ends[count - 1] != event) count--;
  if (count == 0) stage_skip(st, event, job);
  return r;
}

static void expect(struct stage *st, const char *number, DWORD status,
                   const char *cause) {
  struct fax_job_result *r = send_to(st, number);
  const struct fax_attempt *a = &r->attempts[0];
  const char *told = a->cause != NULL ? a->cause : "";
  if (a->status != status || strcmp(told, cause) != 0)
    fail_msg("%s: %#x \"%s\", not %#x \"%s\"", number, a->status, told, status,
             cause);
  bool completed = status == FS_COMPLETED;
  assert_int_equal(r->attempt_count, 1);
  assert_int_equal(r->outcome,
                   completed ? FAX_OUTCOME_COMPLETED : FAX_OUTCOME_FAILED);
  if (completed) assert_int_equal(r->pages_confirmed, PAGES);
  if (!completed) assert_non_null(a->evidence);
  FaxFreeBuffer(r);
}

/* Every row of the table, and all of its numbers that concern three pages. */
static void call_each_row(const char *const *options) {
  struct stage st = {0};
  char number[32];
  stage_start(&st, options, NULL);
  stage_document(&st, PAGES);
  for (size_t i = 0; i < test_numbers_count; i++) {
    const struct test_number *t = &test_numbers[i];
    if (t->status == 0) continue;
    DWORD most = t->most < PAGES ? t->most : PAGES;
    if (t->act == ACT_REJECT) most = PAGES - 1;
    for (DWORD n = t->least; n <= most; n++) {
      write_number(number, sizeof number, t->code, n);
      expect(&st, number, t->status, t->cause);
    }
  }
  stage_stop(&st);
}

static void test_each_row(void **state) {
  static const char *const t38[] = {"lines=1", "transport=t38", NULL};
  (void)state;
  call_each_row(one_line);
  call_each_row(t38);
}

static void test_rows_that_depend_on_n(void **state) {
  struct stage st = {0};
  (void)state;
  stage_start(&st, one_line, NULL);
  stage_document(&st, PAGES);
  expect(&st, "+999 9999 213", FS_FATAL_ERROR, "page_rejected");
  expect(&st, "+999 9999 303", FS_NOT_FAX_CALL, "no_fax_answered");
  expect(&st, "+999 9999 304", FS_DISCONNECTED, "no_response");
  expect(&st, "+999 9999 305", FS_DISCONNECTED, "no_confirmation");
  expect(&st, "+999 9999 306", FS_DISCONNECTED, "no_confirmation");
  expect(&st, "+999 9999 401", FS_DISCONNECTED, "disconnected");
  expect(&st, "+999 9999 410", FS_DISCONNECTED, "disconnected");
  expect(&st, "+999 9999 499", FS_COMPLETED, "");
  expect(&st, "+999 9999 520", FS_DISCONNECTED, "disconnected");
  expect(&st, "+999 9999 555", FS_COMPLETED, "");
  expect(&st, "+999 9999 601", FS_COMPLETED, "");
  expect(&st, "+999 9999 650", FS_DISCONNECTED, "no_response");
  stage_stop(&st);
}

/* However they are written; what is none is no number of the exchange. */
static void test_how_it_is_dialled(void **state) {
  static const char *const good[] = {"9999999101", "+9999999101",
                                     "999 (9999) 101", "+999-9999-1-0-1"},
                           *const wrong[] = {"+999 9999",      "+999 9999 10",
                                             "+999 9999 1011", "+999 9999 099",
                                             "+999 9999 200",  "+999 9999 302",
                                             "+999 9999 400",  "+999 9999 10n",
                                             "+999 9998 101",  "++9999999101"};
  struct stage st = {0};
  (void)state;
  stage_start(&st, one_line, NULL);
  stage_document(&st, PAGES);
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    expect(&st, good[i], FS_BUSY, "busy");
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    expect(&st, wrong[i], FS_BAD_ADDRESS, "unknown_number");
  stage_stop(&st);
}

static void expect_speed(struct stage *st, const char *number, DWORD rate,
                         DWORD ecm) {
  struct fax_job_result *r = send_to(st, number);
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(r->attempts[0].rate, rate);
  assert_int_equal(r->attempts[0].ecm, ecm);
  FaxFreeBuffer(r);
}

/* RTN makes the sender train again, at the next lower speed. */
static void test_speeds(void **state) {
  struct stage st = {0};
  (void)state;
  stage_start(&st, one_line, NULL);
  stage_document(&st, PAGES);
  expect_speed(&st, "+999 9999 100", 14400, 1);
  expect_speed(&st, "+999 9999 107", 14400, 0);
  expect_speed(&st, "+999 9999 108", 9600, 1);
  expect_speed(&st, "+999 9999 109", 4800, 1);
  expect_speed(&st, "+999 9999 212", 7200, 0);
  stage_stop(&st);
}

static void three_retries(struct fax_service_config *config) {
  config->retries = 3;
}

/* What was confirmed is not sent again: each call gets one page through. */
static void test_retries(void **state) {
  struct stage st = {0};
  (void)state;
  stage_start(&st, one_line, three_retries);
  stage_document(&st, PAGES);
  struct fax_job_result *r = send_to(&st, "+999 9999 202");
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(r->pages_confirmed, PAGES);
  assert_int_equal(r->attempt_count, 3);
  for (int i = 0; i < 3; i++)
    assert_int_equal(r->attempts[i].pages_confirmed, 1);
  assert_int_equal(r->attempts[1].status, FS_DISCONNECTED);
  FaxFreeBuffer(r);
  r = send_to(&st, "+999 9999 201");
  assert_int_equal(r->outcome, FAX_OUTCOME_FAILED);
  assert_int_equal(r->pages_confirmed, 0);
  assert_int_equal(r->attempt_count, 4);
  FaxFreeBuffer(r);
  stage_stop(&st);
}

/* Each attempt has a chance of its own: a line that fails now may work then. */
static void test_chance_of_a_retry(void **state) {
  struct stage st = {0};
  (void)state;
  stage_start(&st, one_line, three_retries);
  stage_document(&st, PAGES);
  int again = 0;
  for (int i = 0; i < 6; i++) {
    struct fax_job_result *r = send_to(&st, "+999 9999 606");
    if (r->outcome == FAX_OUTCOME_COMPLETED) again += r->attempt_count > 1;
    FaxFreeBuffer(r);
  }
  assert_in_range(again, 1, 6);
  stage_stop(&st);
}

static void expect_kept(const struct stage *st, const char *folder,
                        const char *name, unsigned pages) {
  char path[96];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  assert_int_equal(pages_count(path), pages);
  for (unsigned i = 0; i < pages; i++)
    assert_true(pages_same(st->document, i, path, i));
  assert_int_equal(unlink(path), 0);
}

/* What the machine took is kept on demand, to the pixel, and each page once;
   nothing of a call without a page. */
static void test_kept_pages(void **state) {
  struct stage st = {0};
  char folder[FOLDER_SIZE], keep[FOLDER_SIZE + 8];
  const char *options[] = {"lines=1", "numbers=77", keep, NULL};
  (void)state;
  assert_true(folder_make(folder));
  snprintf(keep, sizeof keep, "keep=%s", folder);
  stage_start(&st, options, NULL);
  stage_document(&st, PAGES);
  expect(&st, "+999 9999 701", FS_COMPLETED, "");
  expect(&st, "+999 9999 201", FS_DISCONNECTED, "disconnected");
  expect(&st, "+999 9999 203", FS_DISCONNECTED, "disconnected");
  expect(&st, "+999 9999 212", FS_COMPLETED, "");
  expect_kept(&st, folder, "77-1-701.tif", PAGES);
  expect_kept(&st, folder, "77-3-203.tif", 2);
  expect_kept(&st, folder, "77-4-212.tif", PAGES);
  stage_stop(&st);
  assert_int_equal(rmdir(folder), 0);
}

/* Seconds of the clock from the begin of the only attempt to its end. */
static double lasted(struct stage *st, const char *number) {
  struct fax_job_result *r = send_to(st, number);
  const struct fax_attempt *a = &r->attempts[0];
  uint64_t from = (uint64_t)a->started.dwHighDateTime << 32 |
                  a->started.dwLowDateTime,
           to =
               (uint64_t)a->ended.dwHighDateTime << 32 | a->ended.dwLowDateTime;
  FaxFreeBuffer(r);
  return (double)(to - from) / 1e7;
}

static void expect_lasts(struct stage *st, const char *number, double least,
                         double most) {
  double seconds = lasted(st, number);
  if (seconds < least || seconds > most)
    fail_msg("%s takes %f seconds", number, seconds);
}

/* At real pace on the virtual clock: as long as on a line, and no longer here.
 */
static void test_line_time(void **state) {
  static const char *const real[] = {"lines=1", "pace=real", NULL};
  struct stage st = {0};
  (void)state;
  stage_start_virtual(&st, real, NULL);
  stage_document(&st, PAGES);
  expect_lasts(&st, "+999 9999 101", 0, 0);
  expect_lasts(&st, "+999 9999 102", 60, 60);
  double plain = lasted(&st, "+999 9999 100");
  expect_lasts(&st, "+999 9999 100", plain, plain);
  expect_lasts(&st, "+999 9999 103", plain + 40, plain + 40);
  expect_lasts(&st, "+999 9999 104", plain + 18, plain + 22);
  expect_lasts(&st, "+999 9999 106", 5, 5.1);
  expect_lasts(&st, "+999 9999 110", plain + 5, plain + 60);
  expect_lasts(&st, "+999 9999 111", plain + 9, plain + 15);
  expect_lasts(&st, "+999 9999 112", 75, 90);
  expect_lasts(&st, "+999 9999 409", 9, 9.1);
  stage_stop_virtual(&st);
}

/* An answer that comes too late for the caller is none, at either pace. */
static void test_patience(void **state) {
  static const char *const hasty[] = {"lines=1", "no_answer=39", NULL};
  struct stage st = {0};
  (void)state;
  stage_start(&st, hasty, NULL);
  stage_document(&st, PAGES);
  expect(&st, "+999 9999 103", FS_NO_ANSWER, "no_answer");
  stage_stop(&st);
}

/* As many calls as lines, with more of them than processors. */
static void test_many_at_once(void **state) {
  static const char *const eight[] = {"lines=8", "noise=-55", NULL};
  struct stage st = {0};
  DWORD jobs[16];
  (void)state;
  stage_start(&st, eight, NULL);
  stage_document(&st, PAGES);
  for (int i = 0; i < 16; i++)
    jobs[i] = stage_send(&st, i % 4 == 3 ? "9999999105" : "9999999100");
  for (int i = 0; i < 16; i++) {
    while (stage_outcome(&st, jobs[i]) == FAX_OUTCOME_PENDING)
      FaxLocalFree(stage_event(&st));
    assert_int_equal(stage_outcome(&st, jobs[i]),
                     i % 4 == 3 ? FAX_OUTCOME_FAILED : FAX_OUTCOME_COMPLETED);
  }
  stage_stop(&st);
}

static void test_five_minutes(void **state) {
  static const char *const real[] = {"lines=1", "pace=real", NULL};
  struct stage st = {0};
  (void)state;
  stage_start_virtual(&st, real, NULL);
  assert_true(pages_make(st.document, PAGES_LETTER, 5, 2292, 196));
  double first = lasted(&st, "+999 9999 109");
  assert_in_range((long)first, 300, 420);
  expect_lasts(&st, "+999 9999 109", first, first);
  stage_stop_virtual(&st);
}

/* An abort while it rings, and while it talks; FaxAbort is the same. */
static void test_abort(void **state) {
  static const char *const real[] = {"lines=1", "pace=real", NULL};
  static const struct {
    const char *number;
    DWORD event;
  } moments[] = {{"+999 9999 102", FEI_DIALING},
                 {"+999 9999 105", FEI_DIALING},
                 {"+999 9999 100", FEI_SENDING}};
  struct stage st = {0};
  (void)state;
  stage_start_virtual(&st, real, NULL);
  stage_document(&st, PAGES);
  for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
    DWORD job = stage_send(&st, moments[i].number);
    stage_skip(&st, moments[i].event, job);
    assert_true(FaxAbort(st.server, job));
    stage_skip(&st, FEI_DELETED, job);
    assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_CANCELLED);
  }
  stage_stop_virtual(&st);
}

/* A line of the exchange with such a number goes first. */
static void test_a_line_with_the_number(void **state) {
  static const char *const options[] = {"lines=2", "number.2=+9999999101",
                                        NULL};
  struct stage st = {0};
  (void)state;
  stage_start(&st, options, NULL);
  stage_document(&st, PAGES);
  struct fax_job_result *r = send_to(&st, "+999 9999 101");
  assert_int_equal(r->attempts[0].status, FS_COMPLETED);
  FaxFreeBuffer(r);
  stage_stop(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each_row),
      cmocka_unit_test(test_rows_that_depend_on_n),
      cmocka_unit_test(test_how_it_is_dialled),
      cmocka_unit_test(test_speeds),
      cmocka_unit_test(test_retries),
      cmocka_unit_test(test_chance_of_a_retry),
      cmocka_unit_test(test_kept_pages),
      cmocka_unit_test(test_line_time),
      cmocka_unit_test(test_patience),
      cmocka_unit_test(test_many_at_once),
      cmocka_unit_test(test_five_minutes),
      cmocka_unit_test(test_abort),
      cmocka_unit_test(test_a_line_with_the_number),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
