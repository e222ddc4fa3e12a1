/* SPDX-License-Identifier: MIT
   The machine's date is set by hours, forwards or back, while nobody runs: no
   job is lost, none is sent twice, no delay becomes longer. Set while a service
   runs it removes nothing of what is kept for a time. */
#include <fax/fax_history.h>

#include "base/clock_own.h"
#include "service_runs.h"

#define HOURS(n) ((int64_t)(n)*3600 * FAX_SECOND)

static int set_up(void **unused) {
  (void)unused;
  runs_begin(1);
  config.retries = 1;
  config.retry_delay = 600;
  return 0;
}

/* The next run begins so many hours later by the date, negative: earlier. */
static void restart_at(int hours) {
  config_pause(&st, TRUE); /* until somebody listens */
  stop();
  int64_t wall = FaxClockWall() + HOURS(hours);
  assert_true(FaxClockReal());
  assert_true(FaxClockVirtual(wall));
  start();
  config_pause(&st, FALSE);
}

static const int jumps[] = {-26, -5, 5, 26};
#define EACH_JUMP(hours) \
  for (const int *hours = jumps; hours < jumps + 4; hours++)

static void is_sent_once(DWORD job, DWORD attempts) {
  stage_skip(&st, FEI_DELETED, job);
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(r->attempt_count, attempts);
  FaxFreeBuffer(r);
}

/* Ten minutes stay ten minutes at most. */
static void a_delay_is_no_longer(void **unused) {
  (void)unused;
  EACH_JUMP(hours) {
    atomic_store(&fsp.busy, 0);
    start();
    stage_document(&st, 1);
    DWORD job = stage_send(&st, FSP_BUSY_FIRST FSP_COMPLETES);
    stage_skip(&st, FEI_BUSY, job);
    restart_at(*hours);
    int64_t began = FaxClockWall();
    is_sent_once(job, 2);
    assert_in_range(FaxClockWall() - began, 0, 600 * FAX_SECOND);
    stop();
  }
}

static DWORD send_at(int64_t wall) {
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = FSP_COMPLETES,
                          .ScheduleAction = JSA_SPECIFIC_TIME};
  DWORD job;
  time_to_systemtime(wall, &params.ScheduleTime);
  if (!FaxSendDocument(st.server, st.document, &params, NULL, &job))
    fail_msg("%s", FaxGetLastErrorMessage());
  return job;
}

/* JOB-38: by the date as it is. */
static void a_date_is_the_date(void **unused) {
  (void)unused;
  EACH_JUMP(hours) {
    start();
    stage_document(&st, 1);
    int64_t at = FaxClockWall() + HOURS(10);
    DWORD job = send_at(at);
    restart_at(*hours);
    int64_t due = FaxClockWall() > at ? FaxClockWall() : at;
    is_sent_once(job, 1);
    assert_in_range(FaxClockWall() - due, 0, FAX_SECOND);
    stop();
  }
}

/* What was sent is not sent again, and is known still. */
static void what_was_sent_was_sent(void **unused) {
  (void)unused;
  EACH_JUMP(hours) {
    start();
    stage_document(&st, 1);
    DWORD job = stage_send(&st, FSP_COMPLETES);
    is_sent_once(job, 1);
    DWORD started = atomic_load(&fsp.started);
    restart_at(*hours);
    assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
    FaxClockWait(FaxClockNow() + HOURS(48), NULL);
    assert_int_equal(atomic_load(&fsp.started), started);
    assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
    stop();
  }
}

/* It is sent, and numbers go on where they were. */
static void a_queued_job_goes_on(void **unused) {
  (void)unused;
  EACH_JUMP(hours) {
    start();
    stage_document(&st, 1);
    config_pause(&st, TRUE);
    DWORD first = stage_send(&st, FSP_COMPLETES);
    restart_at(*hours);
    stage_skip(&st, FEI_DELETED, first);
    DWORD second = stage_send(&st, FSP_COMPLETES);
    assert_true(second > first);
    stage_skip(&st, FEI_DELETED, second);
    stop();
  }
}

/* ---- while a service runs ---- */

static void set_date(int hours) {
  clock_become_virtual(FaxClockNow(), FaxClockWall() + HOURS(hours));
}

static DWORD count_records(void) {
  struct fax_attempt_record *records;
  DWORD count;
  assert_true(FaxEnumRecords(st.server, NULL, &records, &count));
  FaxFreeBuffer(records);
  return count;
}

static DWORD count_archived(void) {
  struct fax_archived *faxes;
  DWORD count;
  assert_true(FaxEnumArchive(st.server, NULL, &faxes, &count));
  FaxFreeBuffer(faxes);
  return count;
}

/* A year forwards by mistake, and back again some hours later. */
static void a_wrong_date_removes_nothing(void **unused) {
  (void)unused;
  config.archive_days = config.record_days = 30;
  start();
  stage_document(&st, 1);
  DWORD job = stage_send(&st, FSP_COMPLETES);
  stage_skip(&st, FEI_DELETED, job);
  fsp_ring(FSP_FIRST, 9);
  stage_skip(&st, FEI_FAX_RECEIVED, 0);
  assert_int_equal(count_records(), 2);
  set_date(366 * 24);
  FaxClockWait(FaxClockNow() + HOURS(5), NULL);
  assert_int_equal(count_records(), 2);
  assert_int_equal(count_archived(), 1);
  assert_int_equal(stage_files(&st, "inbox"), 1);
  set_date(-366 * 24);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  FaxClockWait(FaxClockNow() + HOURS(31 * 24), NULL);
  assert_int_equal(count_records(), 0);
  assert_int_equal(count_archived(), 0);
  stop();
}

int main(void) {
  test_start();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(a_delay_is_no_longer), TEST(a_date_is_the_date),
      TEST(what_was_sent_was_sent), TEST(a_queued_job_goes_on),
      TEST(a_wrong_date_removes_nothing)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
