/* SPDX-License-Identifier: MIT
   The service over providers in child processes: what becomes of jobs and ports
   when one goes down. The provider is spec/c/fsp/hosted.c, which says
   itself that it is to be isolated, two calls a process. */
#include <fax/faxdev.h>

#include "service_stage.h"

static struct stage st;

static void retry_thrice(struct fax_service_config *config) {
  config->retries = 3;
}

static void patience_of_a_second(struct fax_service_config *config) {
  config->abort_limit = 1;
}

/* Each line has a process of its own. */
static void alone_and_retry_thrice(struct fax_service_config *config) {
  static const struct fax_provider_config hosted = {.name = "hosted",
                                                    .isolate = 1};
  config->providers = &hosted;
  config->retries = 3;
}

static void start(void (*change)(struct fax_service_config *)) {
  assert_true(FaxClockVirtual(STAGE_NOON));
  stage_start_with(&st, "hosted", NULL, change);
  stage_document(&st, 3);
}

static DWORD state_of(DWORD device) {
  HANDLE port;
  PFAX_PORT_INFO info;
  assert_true(FaxOpenPort(st.server, device, PORT_OPEN_QUERY, &port));
  assert_true(FaxGetPort(port, &info));
  DWORD state = info->State;
  FaxFreeBuffer(info);
  FaxClose(port);
  return state;
}

/* Page 1 was confirmed, then the process is gone: the next call begins with
   page 2, and all pages count once (FSP-14). The number crashes at page 1 only.
 */
static void what_was_confirmed_counts(void **unused) {
  (void)unused;
  start(retry_thrice);
  DWORD job = stage_send(&st, "page1");
  stage_skip(&st, FEI_DELETED, job);
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(r->attempt_count, 2);
  assert_int_equal(r->attempts[0].status, FS_FATAL_ERROR);
  assert_string_equal(r->attempts[0].cause, "provider_crashed");
  assert_string_equal(r->attempts[0].evidence,
                      "its host was killed by SIGSEGV");
  assert_int_equal(r->attempts[0].pages_confirmed, 1);
  assert_int_equal(r->attempts[1].status, FS_COMPLETED);
  assert_int_equal(r->attempts[1].pages_confirmed, 2);
  assert_int_equal(r->pages_confirmed, 3);
  FaxFreeBuffer(r);
  stage_stop_virtual(&st);
}

/* A call that never comes to a page uses up its retries; its port is idle
   after each, and other calls pass. */
static void a_crash_is_a_failed_attempt(void **unused) {
  (void)unused;
  start(alone_and_retry_thrice);
  DWORD bad = stage_send(&st, "crash1");
  DWORD good = stage_send(&st, "100");
  struct fax_job_result *r;
  stage_skip(&st, FEI_DELETED, good);
  assert_int_equal(stage_outcome(&st, good), FAX_OUTCOME_COMPLETED);
  for (;;) {
    r = stage_result(&st, bad);
    if (r->outcome != FAX_OUTCOME_PENDING) break;
    FaxFreeBuffer(r);
    FaxLocalFree(stage_event(&st));
  }
  assert_int_equal(r->outcome, FAX_OUTCOME_FAILED);
  DWORD failed = 0;
  for (DWORD i = 0; i < r->attempt_count; i++)
    if (r->attempts[i].status == FS_FATAL_ERROR) failed++;
  assert_int_equal(failed, 4); /* calls that had no line are not among them */
  FaxFreeBuffer(r);
  FaxClockWait(FaxClockNow() + 60 * FAX_SECOND, NULL);
  for (DWORD device = 300; device < 304; device++)
    assert_int_equal(state_of(device), FPS_AVAILABLE);
  stage_stop_virtual(&st);
}

/* What does not end when it is aborted: its port is idle at once, not out of
   use as that of a provider in this process. */
static void a_deaf_call_leaves_its_port(void **unused) {
  (void)unused;
  stage_start_with(&st, "hosted", NULL, patience_of_a_second);
  stage_document(&st, 1);
  DWORD job = stage_send(&st, "deaf1");
  stage_skip(&st, FEI_INITIALIZING, job);
  assert_true(FaxAbort(st.server, job));
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_CANCELLED);
  job = stage_send(&st, "100");
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  stage_skip(&st, FEI_IDLE, 0);
  assert_int_equal(state_of(300), FPS_AVAILABLE);
  stage_stop(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_was_confirmed_counts),
      cmocka_unit_test(a_crash_is_a_failed_attempt),
      cmocka_unit_test(a_deaf_call_leaves_its_port),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
