/* SPDX-License-Identifier: MIT
   The discount period (JOB-42..47), and dates that jump. */
#include <sys/syscall.h>
#include <time.h>

#include "service/state.h"
#include "service_config.h"

static struct stage st;

/* ---- the machine's date, moved by the test ---- */

static _Atomic time_t days_off;

int clock_gettime(clockid_t id, struct timespec *out) {
  int result = (int)syscall(SYS_clock_gettime, id, out);
  if (result == 0 && id == CLOCK_REALTIME) out->tv_sec += days_off * 86400;
  return result;
}

#define HOURS(h) (INT64_C(3600) * (h)*FAX_SECOND)

/* JOB-42, -43, -45: when it is on, in UTC, and when that changes. */
static void the_period_is_a_time_of_day(void **unused) {
  static const struct {
    FAX_TIME start, stop;
    int now; /* minutes of the day */
    bool open;
    int change; /* minutes until then; -1: never */
  } cases[] = {
      {{18, 0}, {20, 0}, 17 * 60, false, 60},
      {{18, 0}, {20, 0}, 18 * 60, true, 120},
      {{18, 0}, {20, 0}, 19 * 60 + 59, true, 1},
      {{18, 0}, {20, 0}, 20 * 60, false, 22 * 60},
      {{18, 0}, {20, 0}, 0, false, 18 * 60},
      {{22, 30}, {6, 15}, 22 * 60 + 29, false, 1}, /* across midnight */
      {{22, 30}, {6, 15}, 22 * 60 + 30, true, 7 * 60 + 45},
      {{22, 30}, {6, 15}, 0, true, 6 * 60 + 15},
      {{22, 30}, {6, 15}, 6 * 60 + 15, false, 16 * 60 + 15},
      {{0, 0}, {0, 1}, 0, true, 1},
      {{0, 1}, {0, 0}, 0, false, 1},
      {{0, 1}, {0, 0}, 1, true, 23 * 60 + 59},
      {{9, 30}, {9, 30}, 9 * 60 + 30, true, -1}, /* there is none */
      {{0, 0}, {0, 0}, 600, true, -1},
  };
  static const int64_t days[] = {0, 20454, -1, -700}; /* before 1970, too */
  (void)unused;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (size_t d = 0; d < sizeof days / sizeof *days; d++) {
      FAX_CONFIGURATION c = {.StartCheapTime = cases[i].start,
                             .StopCheapTime = cases[i].stop};
      int64_t wall = (days[d] * 1440 + cases[i].now) * 60 * FAX_SECOND, change;
      assert_int_equal(discount_open(&c, wall, &change), cases[i].open);
      assert_int_equal(change, cases[i].change < 0
                                   ? INT64_MAX
                                   : wall + cases[i].change * 60 * FAX_SECOND);
    }
}

/* When a discounted job of noon is sent. */
static int64_t sent_at(FAX_TIME from, FAX_TIME to) {
  script_start_virtual(&st, 1, NULL);
  HANDLE pages = config_prepare(&st);
  config_cheap(&st, from, to);
  DWORD job = config_discount(&st, pages, FSP_COMPLETES);
  stage_skip(&st, FEI_COMPLETED, job);
  int64_t late = FaxClockWall() - STAGE_NOON;
  assert_true(FaxClose(pages));
  stage_stop_virtual(&st);
  return late;
}

/* JOB-38, -42..44 */
static void a_discounted_job_waits_for_the_period(void **unused) {
  (void)unused;
  assert_int_equal(sent_at((FAX_TIME){11, 0}, (FAX_TIME){13, 0}), 0);
  assert_int_equal(sent_at((FAX_TIME){18, 0}, (FAX_TIME){20, 0}), HOURS(6));
  assert_int_equal(sent_at((FAX_TIME){9, 0}, (FAX_TIME){12, 0}), HOURS(21));
  assert_int_equal(sent_at((FAX_TIME){22, 0}, (FAX_TIME){6, 0}), HOURS(10));
  assert_int_equal(sent_at((FAX_TIME){12, 0}, (FAX_TIME){11, 0}), 0);
  assert_int_equal(sent_at((FAX_TIME){8, 0}, (FAX_TIME){8, 0}), 0);
}

/* JOB-18, CFG-2: the period of now. Outside of it the line is not missing. */
static void a_change_of_the_period_is_seen_at_once(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  HANDLE pages = config_prepare(&st);
  config_cheap(&st, (FAX_TIME){18, 0}, (FAX_TIME){20, 0});
  DWORD job = config_discount(&st, pages, FSP_COMPLETES);
  DWORD now = config_send(&st, pages, FSP_COMPLETES); /* is not held up */
  stage_skip(&st, FEI_DELETED, now);
  config_wait(3600);
  assert_int_equal(stage_queue_status(&st, job), JS_PENDING);
  config_cheap(&st, (FAX_TIME){13, 0}, (FAX_TIME){20, 0});
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(FaxClockWall() - STAGE_NOON, HOURS(1));
  assert_true(FaxClose(pages));
  stage_stop_virtual(&st);
}

/* JOB-47: a retry keeps to the period, too. */
static void a_retry_waits_for_the_period(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  HANDLE pages = config_prepare(&st);
  config_cheap(&st, (FAX_TIME){12, 0}, (FAX_TIME){12, 30});
  config_retries(&st, 1, 60);
  DWORD job = config_discount(&st, pages, FSP_BUSY);
  stage_skip(&st, FEI_BUSY, job);
  assert_int_equal(FaxClockWall() - STAGE_NOON, 0);
  stage_skip(&st, FEI_BUSY, job);
  assert_int_equal(FaxClockWall() - STAGE_NOON, HOURS(24));
  assert_true(FaxClose(pages));
  stage_stop_virtual(&st);
}

/* The machine's date is set: both kinds of waiting go by the new one. Any
   change makes the scheduler look. */
static void a_jump_of_the_date_is_seen(void **unused) {
  SYSTEMTIME when;
  (void)unused;
  script_start(&st, 1, NULL);
  HANDLE pages = config_prepare(&st);
  time_to_systemtime(FaxClockWall() + HOURS(36), &when);
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p,
                     .RecipientNumber = FSP_COMPLETES,
                     .ScheduleAction = JSA_SPECIFIC_TIME,
                     .ScheduleTime = when};
  DWORD job = config_submit(&st, pages, &p, 0);
  days_off = 1;
  config_days(&st, 1);
  assert_int_equal(stage_queue_status(&st, job), JS_PENDING);
  days_off = 2;
  config_days(&st, 2);
  stage_skip(&st, FEI_DELETED, job);
  days_off = 1; /* and back */
  job = config_send(&st, pages, FSP_COMPLETES);
  stage_skip(&st, FEI_DELETED, job);
  days_off = 0;
  assert_true(FaxClose(pages));
  stage_stop(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_period_is_a_time_of_day),
      cmocka_unit_test(a_discounted_job_waits_for_the_period),
      cmocka_unit_test(a_change_of_the_period_is_seen_at_once),
      cmocka_unit_test(a_retry_waits_for_the_period),
      cmocka_unit_test(a_jump_of_the_date_is_seen),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
