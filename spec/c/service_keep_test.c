/* SPDX-License-Identifier: MIT
   What is kept, and how long; who comes next; who learns what: jobs that lines
   are refused to, results, DirtyDays, the archive, other people's jobs. */
#include "service_config.h"

static struct stage st;

#define DAYS(n) ((n)*INT64_C(86400) * FAX_SECOND)

static void wait_days(int64_t days) {
  FaxClockWait(FaxClockNow() + DAYS(days), NULL);
}

/* Of `device` only. */
static DWORD send_by(HANDLE pages, const char *number, DWORD device) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = number};
  return config_submit(&st, pages, &p, device);
}

/* ---- turns ---- */

/* JOB-46, FSP-32: a job that every line is refused to does not keep the lines
   from those behind it, and those that come later do not keep them from it. */
static void a_refused_job_takes_turns(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  HANDLE pages = config_prepare(&st);
  config_pause(&st, TRUE);
  DWORD refused = send_by(pages, FSP_LINE_AWAY, FSP_FIRST);
  DWORD second = send_by(pages, FSP_COMPLETES, FSP_FIRST);
  DWORD third = send_by(pages, FSP_COMPLETES, FSP_FIRST);
  config_pause(&st, FALSE);
  stage_skip(&st, FEI_LINE_UNAVAILABLE, refused);
  DWORD later = send_by(pages, FSP_COMPLETES, FSP_FIRST);
  stage_skip(&st, FEI_DELETED, second);
  stage_skip(&st, FEI_DELETED, third);
  stage_skip(&st, FEI_LINE_UNAVAILABLE, refused); /* before the later one */
  stage_skip(&st, FEI_DELETED, later);
  assert_true(FaxAbort(st.server, refused));
  FaxClose(pages);
  stage_stop_virtual(&st);
}

/* JOB-10: the event of a job for one device names it. */
static void a_queued_job_names_its_device(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  HANDLE pages = config_prepare(&st);
  config_pause(&st, TRUE);
  DWORD any = send_by(pages, FSP_COMPLETES, 0);
  struct fax_event *e = stage_until(&st, FEI_JOB_QUEUED, any);
  assert_int_equal(e->device_id, 0);
  FaxLocalFree(e);
  DWORD one = send_by(pages, FSP_COMPLETES, FSP_FIRST + 1);
  e = stage_until(&st, FEI_JOB_QUEUED, one);
  assert_int_equal(e->device_id, FSP_FIRST + 1);
  FaxLocalFree(e);
  FaxClose(pages);
  stage_stop_virtual(&st);
}

/* ---- how long ---- */

static bool has_result(DWORD job) {
  struct fax_job_result *result;
  if (!FaxGetJobResult(st.server, job, &result)) {
    assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
    return false;
  }
  FaxFreeBuffer(result);
  return true;
}

static void results_are_kept_for_thirty_days(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  DWORD job = stage_send(&st, FSP_COMPLETES);
  stage_skip(&st, FEI_DELETED, job);
  wait_days(29);
  assert_true(has_result(job));
  wait_days(2);
  /* no other job has to end for that */
  fax_deadline until = FaxClockNow() + DAYS(1);
  while (has_result(job)) {
    assert_true(FaxClockNow() < until);
    FaxClockWait(FaxClockNow() + FAX_SECOND, NULL);
  }
  stage_stop_virtual(&st);
}

/* JOB-34: the queue's days end, and the result's begin. */
static void a_result_outlives_the_days_in_the_queue(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  config_days(&st, 40);
  DWORD failed = stage_send(&st, FSP_BLACKLISTED);
  stage_skip(&st, FEI_CALL_BLACKLISTED, failed);
  wait_days(41);
  stage_skip(&st, FEI_DELETED, failed);
  DWORD other = stage_send(&st, FSP_COMPLETES);
  stage_skip(&st, FEI_DELETED, other);
  assert_int_equal(stage_outcome(&st, failed), FAX_OUTCOME_FAILED);
  wait_days(28);
  assert_true(has_result(failed));
  stage_stop_virtual(&st);
}

/* ---- stopping ---- */

static void stop_slowly(void *unused) {
  fax_deadline now = FaxClockNow();
  (void)unused;
  FaxServiceStop(now + DAYS(2), now + DAYS(1));
}

/* Nothing is taken up again that would only be dropped. */
static void nothing_is_restarted_while_it_stops(void **unused) {
  pthread_t stopping;
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  DWORD failed = stage_send(&st, FSP_BLACKLISTED);
  stage_skip(&st, FEI_CALL_BLACKLISTED, failed);
  DWORD waits = stage_send(&st, FSP_WAITS);
  stage_skip(&st, FEI_SENDING, waits);
  assert_int_equal(thread_start(&stopping, "stopping", stop_slowly, NULL),
                   ERROR_SUCCESS);
  while (FaxServiceRunning()) sched_yield();
  assert_fails(FaxSetJob(st.server, failed, JC_RESTART, NULL),
               ERROR_SHUTDOWN_IN_PROGRESS);
  assert_true(FaxAbort(st.server, waits));
  thread_join(stopping);
  stage_stop_virtual(&st);
}

/* ---- the archive ---- */

/* CFG-3: the service would take a copy there for a document of its own. */
static void the_services_folders_are_no_archive(void **unused) {
  static const char *const own[] = {"", "/spool", "/incoming", "/inbox",
                                    "/spool/../inbox"};
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
    char folder[128];
    snprintf(folder, sizeof folder, "%s%s", st.directory, own[i]);
    FAX_CONFIGURATION *c = config_take(&st);
    c->ArchiveOutgoingFaxes = TRUE;
    c->ArchiveDirectory = folder;
    assert_fails(FaxSetConfiguration(st.server, c), ERROR_INVALID_PARAMETER);
    FaxFreeBuffer(c);
  }
  stage_stop_virtual(&st);
}

/* ---- other people's jobs ---- */

static DWORD ask(HANDLE server, DWORD id, char *message, size_t size) {
  DWORD error = FaxAbort(server, id) ? ERROR_SUCCESS : FaxGetLastError();
  snprintf(message, size, "%s", FaxGetLastErrorMessage());
  return error;
}

/* SEC-9: who sees only his own jobs cannot tell one of another's from none. */
static void a_strangers_job_is_as_none(void **unused) {
  struct fax_connect connect = {
      .size = sizeof connect, .rights = FAX_JOB_SUBMIT, .user = "eve"};
  char there[200], not_there[200], expected[200];
  HANDLE eve;
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  config_pause(&st, TRUE);
  assert_true(FaxConnect(&connect, &eve));
  DWORD job = stage_send(&st, FSP_COMPLETES);
  assert_int_equal(ask(eve, job, there, sizeof there), ERROR_ACCESS_DENIED);
  assert_int_equal(ask(eve, job + 1, not_there, sizeof not_there),
                   ERROR_ACCESS_DENIED);
  snprintf(expected, sizeof expected, "eve has no job %u", job);
  assert_string_equal(there, expected);
  snprintf(expected, sizeof expected, "eve has no job %u", job + 1);
  assert_string_equal(not_there, expected);
  assert_fails(FaxSetJob(eve, job, JC_PAUSE, NULL), ERROR_ACCESS_DENIED);
  FaxClose(eve);
  stage_stop_virtual(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_refused_job_takes_turns),
      cmocka_unit_test(a_queued_job_names_its_device),
      cmocka_unit_test(results_are_kept_for_thirty_days),
      cmocka_unit_test(a_result_outlives_the_days_in_the_queue),
      cmocka_unit_test(nothing_is_restarted_while_it_stops),
      cmocka_unit_test(the_services_folders_are_no_archive),
      cmocka_unit_test(a_strangers_job_is_as_none),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
