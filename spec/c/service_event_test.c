/* SPDX-License-Identifier: MIT
   Events: both forms, their order, who gets them and until when. Slow readers
   are in service_backlog_test.c. */
#include "service_script.h"

static struct stage st;

/* The next packet, or NULL when none is there. */
static void *take_now(HANDLE port, struct fax_packet *packet) {
  DWORD taken;
  if (!FaxGetCompletions(port, packet, 1, &taken, 0)) return NULL;
  return packet->packet;
}

/* The lock that an event is raised under has been given back: every
   subscription has it. */
static void settle(void) {
  assert_fails(FaxAbort(st.server, 9999), ERROR_INVALID_PARAMETER);
  stage_heard();
}

/* On the clock by which events over the socket can be waited for. */
static int set_up(void **unused) {
  (void)unused;
  return stage_over_socket() && !FaxClockVirtual(STAGE_NOON);
}

static int tear_down(void **unused) {
  (void)unused;
  return stage_over_socket() && !FaxClockReal();
}

static size_t drain(HANDLE port) {
  struct fax_packet packet;
  size_t count = 0;
  for (void *event; (event = take_now(port, &packet)) != NULL; count++)
    FaxLocalFree(event);
  return count;
}

/* EVT-12..15, -18, -20, JOB-10, MEM-4: the documented form, without our own
   additions. */
static void packets_carry_a_fax_event(void **unused) {
  struct fax_packet packet;
  FAX_EVENT *e;
  char trace[256] = "";
  (void)unused;
  script_start(&st, 1, NULL);
  HANDLE port = FaxCreateCompletionPort();
  assert_true(FaxInitializeEventQueue(st.server, port, 4711, NULL, 0));
  DWORD job = stage_send(&st, FSP_COMPLETES);
  stage_skip(&st, FEI_DELETED, job);
  stage_skip(&st, FEI_IDLE, 0);
  settle();
  while ((e = take_now(port, &packet)) != NULL) {
    bool of_port = e->EventId == FEI_IDLE;
    assert_int_equal(packet.bytes, sizeof *e);
    assert_int_equal(packet.key, 4711);
    assert_int_equal(e->SizeOfStruct, sizeof *e);
    assert_true(e->TimeStamp.dwHighDateTime != 0);
    assert_int_equal(e->JobId, of_port ? FAX_NO_JOB : job);
    assert_int_equal(e->DeviceId, e->EventId == FEI_JOB_QUEUED ? 0 : FSP_FIRST);
    strcat(strcat(trace, " "), stage_event_name(e->EventId));
    FaxLocalFree(e);
  }
  assert_string_equal(trace,
                      " JOB_QUEUED INITIALIZING DIALING SENDING "
                      "COMPLETED DELETED IDLE");
  assert_true(FaxCloseCompletionPort(port));
  stage_stop(&st);
}

/* EVT-20 */
static void a_reception_is_told_in_order(void **unused) {
  char trace[256];
  (void)unused;
  script_start(&st, 1, NULL);
  fsp_ring(FSP_FIRST, 9);
  struct fax_event *e = stage_event(&st);
  assert_int_equal(e->event_id, FEI_RINGING);
  assert_int_equal(e->kind, FAX_EVENT_PORT);
  assert_int_equal(e->status, FPS_RINGING);
  FaxLocalFree(e);
  e = stage_event(&st);
  assert_int_equal(e->event_id, FEI_ANSWERED);
  DWORD job = e->job_id;
  FaxLocalFree(e);
  DWORD outcome = stage_trace(&st, job, FEI_DELETED, trace, sizeof trace);
  assert_string_equal(trace,
                      "RECEIVING COMPLETED ROUTING FAX_RECEIVED DELETED");
  assert_int_equal(outcome, FAX_OUTCOME_COMPLETED);
  stage_stop(&st);
}

/* EVT-5 */
static void a_second_registration_doubles_the_events(void **unused) {
  (void)unused;
  script_start(&st, 1, NULL);
  HANDLE port = FaxCreateCompletionPort();
  assert_true(FaxInitializeEventQueue(st.server, port, 1, NULL, 0));
  assert_true(FaxInitializeEventQueue(st.server, port, 1, NULL, 0));
  stage_skip(&st, FEI_DELETED, stage_send(&st, FSP_COMPLETES));
  stage_skip(&st, FEI_IDLE, 0);
  settle();
  assert_int_equal(drain(port), 14);
  assert_true(FaxCloseCompletionPort(port));
  stage_stop(&st);
}

static void one_queue(struct fax_service_config *config) {
  config->compat = FAX_COMPAT_ONE_QUEUE;
}

/* EVT-5 as on Windows 2000: one registration, as long as its port is open. Our
   own subscriptions are none. */
static void a_second_registration_may_be_refused(void **unused) {
  (void)unused;
  fsp_set(1);
  stage_start_with(&st, "forward", NULL, one_queue);
  HANDLE port = FaxCreateCompletionPort();
  HANDLE other = FaxCreateCompletionPort();
  assert_true(FaxInitializeEventQueue(st.server, port, 1, NULL, 0));
  assert_fails(FaxInitializeEventQueue(st.server, other, 1, NULL, 0),
               ERROR_INVALID_DATA);
  assert_fails(FaxInitializeEventQueue(st.server, port, 1, NULL, 0),
               ERROR_INVALID_DATA);
  assert_true(FaxSubscribe(st.server, other, 1, NULL));
  assert_true(FaxCloseCompletionPort(port));
  assert_true(FaxInitializeEventQueue(st.server, other, 1, NULL, 0));
  assert_true(FaxCloseCompletionPort(other));
  stage_stop(&st);
}

/* ---- the extended record ---- */

static void next_port_changed(DWORD device) {
  struct fax_event *e = stage_event(&st);
  assert_int_equal(e->event_id, FEI_FAX_PORT_CHANGED);
  assert_int_equal(e->kind, FAX_EVENT_PORT);
  assert_int_equal(e->device_id, device);
  assert_int_equal(e->status, FPS_AVAILABLE);
  assert_int_equal(e->job_id, FAX_NO_JOB);
  assert_int_equal(e->queue_status, FAX_UNKNOWN);
  FaxLocalFree(e);
}

/* EVT-22, PORT-26: of each port that changed, to those who may query ports,
   and after the change; the documented form has no id for it. */
static void a_changed_port_is_told(void **unused) {
  struct fax_connect connect = {
      .size = sizeof connect, .rights = FAX_JOB_QUERY, .user = NULL};
  struct fax_packet packet;
  FAX_PORT_INFO *info;
  HANDLE narrow, port;
  (void)unused;
  script_start(&st, 1, NULL);
  HANDLE documented = FaxCreateCompletionPort();
  HANDLE blind = FaxCreateCompletionPort();
  assert_true(FaxInitializeEventQueue(st.server, documented, 1, NULL, 0));
  assert_true(FaxConnect(&connect, &narrow));
  assert_true(FaxSubscribe(narrow, blind, 1, NULL));
  assert_true(FaxOpenPort(st.server, FSP_FIRST, PORT_OPEN_MODIFY, &port));
  assert_true(FaxGetPort(port, &info));
  info->Rings = 7;
  info->Flags |= FPF_RECEIVE;
  assert_true(FaxSetPort(port, info));
  next_port_changed(FSP_FIRST);
  info->Priority = 2;
  assert_true(FaxSetPort(port, info));
  next_port_changed(FSP_FIRST + 1);
  next_port_changed(FSP_FIRST);
  info->Priority = 3; /* there are two */
  assert_fails(FaxSetPort(port, info), ERROR_INVALID_PARAMETER);
  assert_null(take_now(st.events, &packet));
  assert_null(take_now(documented, &packet));
  assert_null(take_now(blind, &packet));
  FaxFreeBuffer(info);
  assert_true(FaxClose(narrow));
  assert_true(FaxCloseCompletionPort(documented));
  assert_true(FaxCloseCompletionPort(blind));
  stage_stop(&st);
}

/* EVT-22: to those who may query it. */
static void a_changed_configuration_is_told(void **unused) {
  struct fax_connect connect = {
      .size = sizeof connect,
      .rights = FAX_JOB_QUERY | FAX_PORT_QUERY | FAX_CONFIG_SET};
  struct fax_packet packet;
  FAX_CONFIGURATION *config;
  HANDLE narrow;
  (void)unused;
  script_start(&st, 1, NULL);
  HANDLE blind = FaxCreateCompletionPort();
  assert_true(FaxConnect(&connect, &narrow));
  assert_true(FaxSubscribe(narrow, blind, 1, NULL));
  assert_true(FaxGetConfiguration(st.server, &config));
  config->Retries = 5;
  assert_true(FaxSetConfiguration(narrow, config));
  struct fax_event *e = stage_event(&st);
  assert_int_equal(e->event_id, FEI_FAX_CONFIG_CHANGED);
  assert_int_equal(e->kind, FAX_EVENT_CONFIG);
  assert_int_equal(e->device_id, 0);
  FaxLocalFree(e);
  assert_null(take_now(blind, &packet));
  FaxFreeBuffer(config);
  assert_true(FaxClose(narrow));
  assert_true(FaxCloseCompletionPort(blind));
  stage_stop(&st);
}

/* Takes events of the job until this one. */
static void queue_status_is(DWORD job, DWORD event_id, DWORD status) {
  struct fax_event *e = stage_until(&st, event_id, job);
  assert_int_equal(e->queue_status, status);
  FaxLocalFree(e);
}

/* JOB-18..20: what FaxGetJob would show at that moment. */
static void events_carry_the_status_in_the_queue(void **unused) {
  (void)unused;
  script_start(&st, 1, NULL);
  DWORD job = stage_send(&st, FSP_WAITS);
  queue_status_is(job, FEI_JOB_QUEUED, JS_PENDING);
  queue_status_is(job, FEI_INITIALIZING, JS_INPROGRESS);
  queue_status_is(job, FEI_DIALING, JS_INPROGRESS);
  assert_true(FaxAbort(st.server, job));
  queue_status_is(job, FEI_ABORTING, JS_INPROGRESS | JS_DELETING);
  queue_status_is(job, FEI_DELETED, JS_DELETING);
  stage_stop(&st);
}

/* SEC-9: without FAX_JOB_QUERY the events of one's own outgoing jobs only. */
static void the_jobs_of_others_are_not_told(void **unused) {
  struct fax_connect connect = {
      .size = sizeof connect, .rights = FAX_JOB_SUBMIT, .user = "someone"};
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = FSP_COMPLETES};
  struct fax_packet packet;
  struct fax_event *e;
  HANDLE narrow;
  DWORD own, told = 0;
  (void)unused;
  script_start(&st, 1, NULL);
  HANDLE port = FaxCreateCompletionPort();
  assert_true(FaxConnect(&connect, &narrow));
  assert_true(FaxSubscribe(narrow, port, 1, NULL));
  stage_skip(&st, FEI_DELETED, stage_send(&st, FSP_COMPLETES));
  fsp_ring(FSP_FIRST + 1, 9);
  stage_skip(&st, FEI_FAX_RECEIVED, 0);
  assert_true(FaxSendDocument(narrow, st.document, &params, NULL, &own));
  stage_skip(&st, FEI_DELETED, own);
  settle();
  while ((e = take_now(port, &packet)) != NULL) {
    assert_int_equal(e->job_id, own);
    told++;
    FaxLocalFree(e);
  }
  assert_true(told >= 5);
  assert_true(FaxClose(narrow));
  assert_true(FaxCloseCompletionPort(port));
  stage_stop(&st);
}

/* CONN-10, EVT-8, EVT-6 */
static void events_outlive_the_connection_not_the_service(void **unused) {
  struct fax_packet packet;
  (void)unused;
  script_start(&st, 1, NULL);
  assert_true(FaxClose(st.server));
  fsp_ring(FSP_FIRST, 9);
  stage_skip(&st, FEI_FAX_RECEIVED, 0);
  stage_skip(&st, FEI_DELETED, 0);
  stage_stop_within(20);
  struct fax_event *e = stage_until(&st, FEI_FAXSVC_ENDED, 0);
  assert_int_equal(e->kind, FAX_EVENT_SERVICE);
  assert_int_equal(e->job_id, FAX_NO_JOB);
  FaxLocalFree(e);
  assert_null(take_now(st.events, &packet));
  stage_end(&st);
}

/* A port that was closed is let go of, whoever else listens. */
static void a_closed_port_ends_its_subscription(void **unused) {
  (void)unused;
  script_start(&st, 1, NULL);
  HANDLE port = FaxCreateCompletionPort();
  assert_true(FaxSubscribe(st.server, port, 1, NULL));
  assert_true(FaxCloseCompletionPort(port));
  assert_fails(FaxSubscribe(st.server, port, 1, NULL), ERROR_INVALID_PARAMETER);
  stage_skip(&st, FEI_DELETED, stage_send(&st, FSP_COMPLETES));
  stage_stop(&st);
}

/* fax_service.h: FaxUnsubscribe; an id of a former run means nothing. */
static void unsubscribing_ends_one_subscription(void **unused) {
  DWORD first, second, later;
  (void)unused;
  script_start(&st, 1, NULL);
  HANDLE port = FaxCreateCompletionPort();
  assert_true(FaxSubscribe(st.server, port, 1, &first));
  assert_true(FaxSubscribe(st.server, port, 1, &second));
  assert_int_not_equal(first, second);
  FaxUnsubscribe(first);
  FaxUnsubscribe(first);
  stage_skip(&st, FEI_DELETED, stage_send(&st, FSP_COMPLETES));
  stage_skip(&st, FEI_IDLE, 0);
  settle();
  assert_int_equal(drain(port), 7);
  FaxUnsubscribe(second);
  stage_skip(&st, FEI_DELETED, stage_send(&st, FSP_COMPLETES));
  assert_int_equal(drain(port), 0);
  assert_true(FaxCloseCompletionPort(port));
  stage_stop(&st);

  script_start(&st, 1, NULL);
  port = FaxCreateCompletionPort();
  assert_true(FaxSubscribe(st.server, port, 1, &later));
  FaxUnsubscribe(first);
  FaxUnsubscribe(second);
  for (DWORD id = later > 1000 ? later - 1000 : 0; id < later; id++)
    FaxUnsubscribe(id);
  stage_stop_within(20);
  assert_int_equal(drain(port), 1); /* the end */
  assert_true(FaxCloseCompletionPort(port));
  stage_end(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(packets_carry_a_fax_event),
      TEST(a_reception_is_told_in_order),
      TEST(a_second_registration_doubles_the_events),
      TEST(a_second_registration_may_be_refused),
      TEST(a_changed_port_is_told),
      TEST(a_changed_configuration_is_told),
      TEST(events_carry_the_status_in_the_queue),
      TEST(the_jobs_of_others_are_not_told),
      TEST(events_outlive_the_connection_not_the_service),
      TEST(a_closed_port_ends_its_subscription),
      TEST(unsubscribing_ends_one_subscription),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
