/* SPDX-License-Identifier: MIT
   Rights: which single right each function needs, whose jobs one sees. */
#include "service_stage.h"

static const DWORD rights[] = {FAX_JOB_SUBMIT, FAX_JOB_QUERY,  FAX_CONFIG_QUERY,
                               FAX_CONFIG_SET, FAX_PORT_QUERY, FAX_PORT_SET,
                               FAX_JOB_MANAGE};
#define RIGHTS (sizeof rights / sizeof *rights)

static struct stage st;

/* Lines that may not send: what is queued stays. */
static void quiet(struct fax_service_config *config) {
  config->provider_count = 0;
}

static int begin(void **unused) {
  (void)unused;
  stage_start(&st, NULL, NULL);
  stage_document(&st, 1);
  return 0;
}

static int begin_quiet(void **unused) {
  (void)unused;
  stage_start(&st, NULL, quiet);
  stage_document(&st, 1);
  return 0;
}

static int end(void **unused) {
  (void)unused;
  stage_stop(&st);
  return 0;
}

static HANDLE connect_as(const char *user, DWORD mask) {
  struct fax_connect c = {.size = sizeof c, .rights = mask, .user = user};
  HANDLE server;
  if (!FaxConnect(&c, &server)) fail_msg("%s", FaxGetLastErrorMessage());
  return server;
}

static DWORD send_as(HANDLE server) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = "102"};
  DWORD id = 0;
  assert_true(FaxSendDocument(server, st.document, &p, NULL, &id));
  return id;
}

static DWORD count_jobs(HANDLE server) {
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  assert_true(FaxEnumJobs(server, &jobs, &count));
  FaxFreeBuffer(jobs);
  return count;
}

/* CONN-4, -5, SEC-2 */
static void one_right_connects_and_none_does_not(void **unused) {
  (void)unused;
  for (size_t i = 0; i < RIGHTS; i++)
    assert_true(FaxClose(connect_as(NULL, rights[i])));
  struct fax_connect none = {.size = sizeof none, .rights = 0, .user = NULL};
  HANDLE server = &st;
  assert_fails(FaxConnect(&none, &server), ERROR_ACCESS_DENIED);
  assert_null(server);
  none.rights = ~(DWORD)FAX_ALL_ACCESS; /* no fax right */
  assert_fails(FaxConnect(&none, &server), ERROR_ACCESS_DENIED);
}

static void check(BOOL done, bool allowed) {
  if (done != allowed)
    fail_msg("%d instead of %d: %s", done, allowed, FaxGetLastErrorMessage());
  if (!done) assert_int_equal(FaxGetLastError(), ERROR_ACCESS_DENIED);
}

/* SEC-1, -6 */
static void each_function_needs_its_right(void **unused) {
  (void)unused;
  for (size_t i = 0; i < RIGHTS; i++) {
    DWORD has = rights[i], count;
    HANDLE server = connect_as("someone", has), port = NULL;
    FAX_PORT_INFO *ports = NULL;
    struct fax_received *received = NULL;
    FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = "104"};
    check(FaxEnumPorts(server, &ports, &count), has == FAX_PORT_QUERY);
    FaxFreeBuffer(ports);
    check(FaxOpenPort(server, 1, PORT_OPEN_MODIFY, &port),
          has == FAX_PORT_QUERY);
    if (port != NULL) {
      FAX_PORT_INFO *info;
      FAX_DEVICE_STATUS *status;
      assert_true(FaxGetPort(port, &info));
      assert_true(FaxGetDeviceStatus(port, &status));
      assert_fails(FaxSetPort(port, info), ERROR_ACCESS_DENIED);
      FaxFreeBuffer(info);
      FaxFreeBuffer(status);
    }
    check(FaxEnumInbox(server, (FILETIME){0, 0}, &received, &count),
          has == FAX_JOB_QUERY);
    FaxFreeBuffer(received);
    check(FaxSendDocument(server, st.document, &p, NULL, NULL),
          has == FAX_JOB_SUBMIT);
    assert_true(FaxClose(server)); /* SEC-6: closing needs none */
  }
  HANDLE server = connect_as(NULL, FAX_PORT_QUERY | FAX_PORT_SET), port;
  FAX_PORT_INFO *info;
  assert_true(FaxOpenPort(server, 1, PORT_OPEN_MODIFY, &port));
  assert_true(FaxGetPort(port, &info));
  stage_skip(&st, FEI_IDLE, 0); /* of the job above */
  BOOL set = FaxSetPort(port, info);
  while (!set && FaxGetLastError() == ERROR_DEVICE_IN_USE) {
    stage_skip(&st, FEI_IDLE, 0);
    set = FaxSetPort(port, info);
  }
  assert_true(set);
  FaxFreeBuffer(info);
  assert_true(FaxClose(server));
}

/* SEC-9 */
static void without_the_query_right_one_sees_ones_own_jobs(void **unused) {
  HANDLE ann = connect_as("ann", FAX_JOB_SUBMIT);
  HANDLE bob = connect_as("bob", FAX_JOB_SUBMIT);
  HANDLE eve = connect_as("eve", FAX_JOB_QUERY);
  FAX_JOB_ENTRY *job;
  struct fax_job_result *result;
  (void)unused;
  DWORD id = send_as(ann);
  assert_int_equal(count_jobs(ann), 1);
  assert_int_equal(count_jobs(bob), 0);
  assert_int_equal(count_jobs(eve), 1);
  assert_true(FaxGetJob(ann, id, &job));
  assert_string_equal(job->UserName, "ann"); /* JOB-12 */
  FaxFreeBuffer(job);
  assert_true(FaxGetJob(eve, id, &job));
  FaxFreeBuffer(job);
  assert_fails(FaxGetJob(bob, id, &job), ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetJobResult(bob, id, &result), ERROR_INVALID_PARAMETER);
  assert_true(FaxAbort(ann, id));
  assert_true(FaxClose(ann));
  assert_true(FaxClose(bob));
  assert_true(FaxClose(eve));
}

/* SEC-8, JOB-59 */
static void a_job_is_ended_by_its_owner_or_a_manager(void **unused) {
  HANDLE ann = connect_as("ann", FAX_JOB_SUBMIT);
  HANDLE bob = connect_as("bob", FAX_JOB_SUBMIT | FAX_JOB_QUERY);
  HANDLE root = connect_as("root", FAX_JOB_MANAGE);
  (void)unused;
  DWORD first = send_as(ann), second = send_as(ann);
  assert_fails(FaxAbort(bob, first), ERROR_ACCESS_DENIED);
  assert_true(FaxAbort(root, first));
  assert_true(FaxAbort(ann, second));
  assert_fails(FaxAbort(ann, second), ERROR_INVALID_PARAMETER);
  assert_int_equal(count_jobs(bob), 0);
  assert_int_equal(stage_outcome(&st, first), FAX_OUTCOME_CANCELLED);
  assert_true(FaxClose(ann));
  assert_true(FaxClose(bob));
  assert_true(FaxClose(root));
}

static size_t take_all(HANDLE events) {
  struct fax_packet packet;
  DWORD taken;
  size_t count = 0;
  while (FaxGetCompletions(events, &packet, 1, &taken, 0)) {
    FaxLocalFree(packet.packet);
    count++;
  }
  return count;
}

/* SEC-9 with EVT-19 */
static void events_show_what_the_rights_allow(void **unused) {
  HANDLE ann = connect_as("ann", FAX_JOB_SUBMIT), events[2];
  HANDLE bob = connect_as("bob", FAX_JOB_SUBMIT);
  (void)unused;
  for (int i = 0; i < 2; i++) {
    events[i] = FaxCreateCompletionPort();
    assert_true(FaxSubscribe(i == 0 ? ann : bob, events[i], 1, NULL));
  }
  DWORD id = send_as(ann);
  assert_true(FaxAbort(ann, id));
  assert_int_equal(take_all(events[0]), 2); /* queued, deleted */
  assert_int_equal(take_all(events[1]), 0);
  for (int i = 0; i < 2; i++) assert_true(FaxCloseCompletionPort(events[i]));
  assert_true(FaxClose(ann));
  assert_true(FaxClose(bob));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(one_right_connects_and_none_does_not,
                                      begin_quiet, end),
      cmocka_unit_test_setup_teardown(each_function_needs_its_right, begin,
                                      end),
      cmocka_unit_test_setup_teardown(
          without_the_query_right_one_sees_ones_own_jobs, begin_quiet, end),
      cmocka_unit_test_setup_teardown(a_job_is_ended_by_its_owner_or_a_manager,
                                      begin_quiet, end),
      cmocka_unit_test_setup_teardown(events_show_what_the_rights_allow,
                                      begin_quiet, end),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
