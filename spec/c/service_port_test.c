/* SPDX-License-Identifier: MIT
   Ports: what they are, who may change them and how, which one sends, when a
   ringing one answers. */
#include "service_config.h"

static struct stage st;

static void start_loopback(void) {
  stage_start(&st, NULL, NULL);
  stage_document(&st, 1);
}

static HANDLE open_port(DWORD device, DWORD flags) {
  HANDLE port;
  if (!FaxOpenPort(st.server, device, flags, &port))
    fail_msg("%s", FaxGetLastErrorMessage());
  return port;
}

/* Freed by the caller. */
static FAX_PORT_INFO *read_port(HANDLE port) {
  FAX_PORT_INFO *info;
  assert_true(FaxGetPort(port, &info));
  return info;
}

static void set(HANDLE port, const FAX_PORT_INFO *info) {
  if (!FaxSetPort(port, info)) fail_msg("%s", FaxGetLastErrorMessage());
}

/* PORT-6..8, -21, -34, -36 */
static void ports_begin_as_documented(void **unused) {
  FAX_PORT_INFO *ports;
  DWORD count;
  (void)unused;
  start_loopback();
  assert_true(FaxEnumPorts(st.server, &ports, &count));
  assert_int_equal(count, 4);
  for (DWORD i = 0; i < count; i++) {
    assert_int_equal(ports[i].SizeOfStruct, sizeof *ports);
    assert_int_equal(ports[i].DeviceId, i + 1);
    assert_int_equal(ports[i].Priority, i + 1);
    assert_int_equal(ports[i].State, FPS_AVAILABLE);
    assert_int_equal(ports[i].Flags, FPF_RECEIVE | FPF_SEND | FPF_VIRTUAL);
    assert_string_equal(ports[i].Tsid, "");
    assert_string_equal(ports[i].Csid, "");
    assert_non_null(strchr(ports[i].DeviceName, (int)('1' + i)));
  }
  FaxFreeBuffer(ports);
  stage_stop(&st);
}

static void no_providers(struct fax_service_config *config) {
  config->provider_count = 0;
}

/* PORT-8 */
static void no_port_is_a_list_of_none(void **unused) {
  FAX_PORT_INFO *ports = NULL;
  DWORD count = 7;
  (void)unused;
  stage_start(&st, NULL, no_providers);
  assert_true(FaxEnumPorts(st.server, &ports, &count));
  assert_non_null(ports);
  assert_int_equal(count, 0);
  FaxFreeBuffer(ports);
  stage_stop(&st);
}

/* PORT-10..13 */
static void one_at_a_time_may_modify_a_port(void **unused) {
  HANDLE other = &st;
  (void)unused;
  start_loopback();
  HANDLE query = open_port(1, PORT_OPEN_QUERY);
  HANDLE modify = open_port(1, PORT_OPEN_MODIFY);
  assert_fails(FaxOpenPort(st.server, 1, PORT_OPEN_MODIFY, &other),
               ERROR_INVALID_HANDLE);
  assert_null(other);
  assert_fails(
      FaxOpenPort(st.server, 1, PORT_OPEN_MODIFY | PORT_OPEN_QUERY, &other),
      ERROR_INVALID_HANDLE);
  FaxClose(open_port(1, PORT_OPEN_QUERY));
  FaxClose(open_port(2, PORT_OPEN_MODIFY)); /* another port */
  assert_true(FaxClose(query));
  assert_fails(FaxOpenPort(st.server, 1, PORT_OPEN_MODIFY, &other),
               ERROR_INVALID_HANDLE);
  assert_true(FaxClose(modify));
  FaxClose(open_port(1, PORT_OPEN_MODIFY | PORT_OPEN_QUERY));
  stage_stop(&st);
}

/* PORT-20, -21, -24, -27, -28, -30 */
static void setting_takes_what_may_be_set(void **unused) {
  (void)unused;
  start_loopback();
  HANDLE port = open_port(2, PORT_OPEN_MODIFY);
  FAX_PORT_INFO info = {.SizeOfStruct = sizeof info,
                        .DeviceId = 77,
                        .State = FPS_OFFLINE,
                        .Flags = FPF_RECEIVE | 0x100,
                        .Rings = 99,
                        .Priority = 2,
                        .DeviceName = "other",
                        .Tsid = "+49 30\t 1234567890123456789",
                        .Csid = "B\xc3\xbcro\x7f 1"};
  set(port, &info);
  FAX_PORT_INFO *now = read_port(port);
  assert_int_equal(now->DeviceId, 2);
  assert_int_equal(now->State, FPS_AVAILABLE);
  assert_int_equal(now->Flags, FPF_RECEIVE | FPF_VIRTUAL);
  assert_int_equal(now->Rings, 99);
  assert_string_equal(now->Tsid, "+49 30 1234567890123");
  assert_string_equal(now->Csid, "Bro 1");
  FaxFreeBuffer(now);

  info.Flags = FPF_SEND;
  info.Rings = 1000; /* ignored */
  info.Tsid = info.Csid = NULL;
  set(port, &info);
  now = read_port(port);
  assert_int_equal(now->Flags, FPF_SEND | FPF_VIRTUAL);
  assert_int_equal(now->Rings, 99);
  assert_string_equal(now->Tsid, "");
  FaxFreeBuffer(now);
  stage_stop(&st);
}

/* PORT-24, -25, -29 */
static void setting_refuses_what_is_wrong(void **unused) {
  (void)unused;
  start_loopback();
  HANDLE port = open_port(1, PORT_OPEN_MODIFY);
  FAX_PORT_INFO *was = read_port(port), info = *was;
  info.Rings = 100;
  assert_fails(FaxSetPort(port, &info), ERROR_INVALID_PARAMETER);
  info = *was;
  info.Priority = 0;
  assert_fails(FaxSetPort(port, &info), ERROR_INVALID_PARAMETER);
  info.Priority = 5;
  assert_fails(FaxSetPort(port, &info), ERROR_INVALID_PARAMETER);
  info = *was;
  info.SizeOfStruct--;
  info.Tsid = info.Csid = (const char *)1; /* not even looked at */
  assert_fails(FaxSetPort(port, &info), ERROR_INVALID_PARAMETER);
  FAX_PORT_INFO *now = read_port(port);
  assert_int_equal(now->Rings, was->Rings);
  assert_int_equal(now->Priority, was->Priority);
  FaxFreeBuffer(was);
  FaxFreeBuffer(now);
  stage_stop(&st);
}

static void assert_priorities(const DWORD expected[4]) {
  FAX_PORT_INFO *ports;
  DWORD count;
  assert_true(FaxEnumPorts(st.server, &ports, &count));
  for (DWORD i = 0; i < 4; i++)
    assert_int_equal(ports[i].Priority, expected[i]);
  FaxFreeBuffer(ports);
}

/* PORT-26 */
static void priorities_stay_a_permutation(void **unused) {
  (void)unused;
  start_loopback();
  HANDLE port = open_port(2, PORT_OPEN_MODIFY);
  FAX_PORT_INFO *info = read_port(port);
  info->Priority = 4;
  set(port, info);
  assert_priorities((DWORD[]){1, 4, 2, 3});
  info->Priority = 1;
  set(port, info);
  assert_priorities((DWORD[]){2, 1, 3, 4});
  info->Priority = 1;
  set(port, info);
  assert_priorities((DWORD[]){2, 1, 3, 4});
  info->Priority = 2;
  set(port, info);
  assert_priorities((DWORD[]){1, 2, 3, 4});
  FaxFreeBuffer(info);
  stage_stop(&st);
}

/* PORT-22, -23, and while it sends PORT-39..42, -45 */
static void a_busy_port_is_not_changed(void **unused) {
  FAX_DEVICE_STATUS *status;
  (void)unused;
  script_start(&st, 1, NULL);
  HANDLE port = open_port(FSP_FIRST, PORT_OPEN_MODIFY);
  assert_true(FaxGetDeviceStatus(port, &status));
  assert_int_equal(status->JobType, JT_UNKNOWN);
  assert_int_equal(status->Status, FPS_AVAILABLE);
  assert_int_equal(status->CurrentPage, 0);
  assert_null(status->StatusString);
  FaxFreeBuffer(status);
  DWORD job = stage_send(&st, FSP_WAITS);
  stage_skip(&st, FEI_SENDING, job);
  FAX_PORT_INFO *info = read_port(port);
  assert_int_equal(info->State, FPS_SENDING);
  assert_fails(FaxSetPort(port, info), ERROR_DEVICE_IN_USE);
  assert_true(FaxGetDeviceStatus(port, &status));
  assert_int_equal(status->SizeOfStruct, sizeof *status);
  assert_int_equal(status->DeviceId, FSP_FIRST);
  assert_int_equal(status->JobType, JT_SEND);
  assert_int_equal(status->Status, FPS_SENDING);
  assert_int_equal(status->CurrentPage, 1);
  assert_int_equal(status->TotalPages, 1);
  assert_string_equal(status->PhoneNumber, FSP_WAITS);
  assert_string_equal(status->DocumentName, "test");
  assert_null(status->CallerId);
  assert_null(status->StatusString);
  FaxFreeBuffer(status);
  assert_true(FaxAbort(st.server, job));
  stage_skip(&st, FEI_IDLE, 0);
  set(port, info);
  FaxFreeBuffer(info);
  stage_stop(&st);
}

/* PORT-39 while it receives, PORT-46 */
static void a_receiving_port_says_so(void **unused) {
  FAX_DEVICE_STATUS *status;
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  fsp.reception = FSP_HELD;
  HANDLE port = open_port(FSP_FIRST, PORT_OPEN_QUERY);
  fsp_ring(FSP_FIRST, 9);
  stage_skip(&st, FEI_RINGING, 0);
  struct fax_event *e = stage_until(&st, FEI_RECEIVING, 0);
  DWORD job = e->job_id;
  assert_int_equal(e->device_id, FSP_FIRST);
  assert_int_equal(e->status, FPS_RECEIVING);
  FaxLocalFree(e);
  assert_true(FaxGetDeviceStatus(port, &status));
  assert_int_equal(status->JobType, JT_RECEIVE);
  assert_int_equal(status->Status, FPS_RECEIVING);
  assert_null(status->PhoneNumber);
  FaxFreeBuffer(status);
  fsp_ring(FSP_FIRST, 9); /* late: of the call that was answered */
  config_settle();
  assert_true(FaxAbort(st.server, job));
  for (DWORD id = 0; id != FEI_DELETED;) {
    e = stage_event(&st);
    id = e->event_id;
    assert_int_not_equal(id, FEI_RINGING);
    FaxLocalFree(e);
  }
  stage_stop_virtual(&st);
  assert_int_equal(atomic_load(&fsp.started), 1);
}

/* A line that is free again for the FSP may ring before the service knows that
   its call is over: that is the next call, and it is answered. */
static void a_call_may_follow_at_once(void **unused) {
  enum { MORE = 20 };
  (void)unused;
  script_start(&st, 1, NULL);
  fsp.reception = FSP_WHOLE;
  fsp.rings_on = MORE;
  fsp_ring(FSP_FIRST, 9);
  for (int n = 0; n <= MORE; n++) stage_skip(&st, FEI_DELETED, 0);
  stage_stop(&st);
  assert_int_equal(atomic_load(&fsp.started), MORE + 1);
}

/* PORT-32 */
static void the_provider_hears_of_each_device(void **unused) {
  (void)unused;
  script_start(&st, 1, NULL);
  HANDLE port = open_port(FSP_FIRST, PORT_OPEN_MODIFY);
  FAX_PORT_INFO *info = read_port(port);
  set(port, info); /* nothing switched */
  info->Flags &= ~(DWORD)FPF_RECEIVE;
  set(port, info);
  FaxFreeBuffer(info);
  stage_stop(&st); /* what was said is delivered before the end */
  assert_int_equal(atomic_load(&fsp.lines_told), FSP_LINES);
}

/* PORT-33 */
static void the_best_port_that_may_send_sends(void **unused) {
  (void)unused;
  script_start(&st, 1, NULL);
  stage_skip(&st, FEI_DELETED, stage_send(&st, FSP_COMPLETES));
  assert_int_equal(atomic_load(&fsp.used[0]), 1);
  stage_skip(&st, FEI_IDLE, 0);
  HANDLE port = open_port(FSP_FIRST + 1, PORT_OPEN_MODIFY);
  FAX_PORT_INFO *info = read_port(port);
  info->Priority = 1;
  set(port, info);
  stage_skip(&st, FEI_DELETED, stage_send(&st, FSP_COMPLETES));
  assert_int_equal(atomic_load(&fsp.used[1]), 1);
  stage_skip(&st, FEI_IDLE, 0);
  info->Flags = FPF_RECEIVE;
  set(port, info);
  stage_skip(&st, FEI_DELETED, stage_send(&st, FSP_COMPLETES));
  assert_int_equal(atomic_load(&fsp.used[0]), 2);
  FaxFreeBuffer(info);
  stage_stop(&st);
}

/* JOB-18..20 */
static void without_a_line_a_job_waits_for_one(void **unused) {
  (void)unused;
  script_start(&st, 1, NULL);
  DWORD first = stage_send(&st, FSP_WAITS), second = stage_send(&st, FSP_WAITS);
  stage_skip(&st, FEI_SENDING, 0);
  stage_skip(&st, FEI_SENDING, 0);
  DWORD third = stage_send(&st, FSP_COMPLETES);
  assert_true(FaxAbort(st.server, second));
  stage_skip(&st, FEI_DELETED, third);
  assert_int_equal(stage_outcome(&st, third), FAX_OUTCOME_COMPLETED);
  assert_int_equal(stage_queue_status(&st, first), JS_INPROGRESS);
  assert_true(FaxAbort(st.server, first));
  stage_skip(&st, FEI_DELETED, first);
  stage_stop(&st);
}

/* PORT-37 */
static void a_port_that_may_not_receive_does_not_answer(void **unused) {
  char trace[256];
  (void)unused;
  stage_start_virtual(&st, (const char *const[]){"no_answer=60", NULL}, NULL);
  stage_document(&st, 1);
  HANDLE port = open_port(2, PORT_OPEN_MODIFY);
  FAX_PORT_INFO *info = read_port(port);
  info->Flags = FPF_SEND;
  set(port, info);
  FaxFreeBuffer(info);
  DWORD job = stage_send(&st, "102");
  stage_trace(&st, job, FEI_NO_ANSWER, trace, sizeof trace);
  assert_string_equal(trace, "JOB_QUEUED INITIALIZING DIALING NO_ANSWER");
  assert_int_equal(stage_queue_status(&st, job), JS_RETRIES_EXCEEDED);
  stage_stop_virtual(&st);
}

/* PORT-38 */
static void a_port_answers_at_its_ring(void **unused) {
  (void)unused;
  assert_true(FaxClockVirtual(STAGE_NOON));
  script_start(&st, 1, NULL);
  HANDLE port = open_port(FSP_FIRST, PORT_OPEN_MODIFY);
  FAX_PORT_INFO *info = read_port(port);
  info->Rings = 5;
  set(port, info);
  FaxFreeBuffer(info);
  fsp_ring(FSP_FIRST, 1); /* the device says no more */
  stage_skip(&st, FEI_RINGING, 0);
  fax_deadline rang = FaxClockNow();
  stage_skip(&st, FEI_ANSWERED, 0);
  assert_int_equal(FaxClockNow() - rang, 24 * FAX_SECOND);
  stage_skip(&st, FEI_IDLE, 0);
  fsp_ring(FSP_FIRST, 5); /* it has rung five times */
  stage_skip(&st, FEI_RINGING, 0);
  rang = FaxClockNow();
  stage_skip(&st, FEI_ANSWERED, 0);
  assert_int_equal(FaxClockNow(), rang);
  stage_skip(&st, FEI_IDLE, 0);
  stage_stop_virtual(&st);
}

/* FSP-32: another port, or the same one later; no retry is used up. */
static void a_line_rests_that_could_not_be_had(void **unused) {
  (void)unused;
  assert_true(FaxClockVirtual(STAGE_NOON));
  script_start(&st, 1, NULL);
  fax_deadline began = FaxClockNow();
  DWORD job = stage_send(&st, FSP_LINE_AWAY);
  stage_skip(&st, FEI_LINE_UNAVAILABLE, job);
  stage_skip(&st, FEI_LINE_UNAVAILABLE, job); /* the other port */
  assert_int_equal(FaxClockNow(), began);
  assert_int_equal(atomic_load(&fsp.used[0]), 1);
  assert_int_equal(atomic_load(&fsp.used[1]), 1);
  stage_skip(&st, FEI_IDLE, 0);
  assert_int_equal(FaxClockNow() - began, 30 * FAX_SECOND);
  stage_skip(&st, FEI_LINE_UNAVAILABLE, job);
  assert_int_equal(stage_queue_status(&st, job) & JS_RETRIES_EXCEEDED, 0);
  assert_true(FaxAbort(st.server, job));
  stage_skip(&st, FEI_DELETED, job);
  stage_stop_virtual(&st);
}

/* A reception that finds no call says nothing about the line. */
static void a_line_without_a_call_does_not_rest(void **unused) {
  (void)unused;
  assert_true(FaxClockVirtual(STAGE_NOON));
  script_start(&st, 1, NULL);
  fax_deadline began = FaxClockNow();
  fsp.reception = FSP_NO_CALL;
  fsp_ring(FSP_FIRST, 9);
  stage_skip(&st, FEI_LINE_UNAVAILABLE, 0);
  stage_skip(&st, FEI_IDLE, 0);
  assert_int_equal(FaxClockNow(), began);
  HANDLE port = open_port(FSP_FIRST, PORT_OPEN_QUERY);
  FAX_PORT_INFO *info = read_port(port);
  assert_int_equal(info->State, FPS_AVAILABLE);
  FaxFreeBuffer(info);
  stage_stop_virtual(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ports_begin_as_documented),
      cmocka_unit_test(no_port_is_a_list_of_none),
      cmocka_unit_test(one_at_a_time_may_modify_a_port),
      cmocka_unit_test(setting_takes_what_may_be_set),
      cmocka_unit_test(setting_refuses_what_is_wrong),
      cmocka_unit_test(priorities_stay_a_permutation),
      cmocka_unit_test(a_busy_port_is_not_changed),
      cmocka_unit_test(a_receiving_port_says_so),
      cmocka_unit_test(a_call_may_follow_at_once),
      cmocka_unit_test(the_provider_hears_of_each_device),
      cmocka_unit_test(the_best_port_that_may_send_sends),
      cmocka_unit_test(without_a_line_a_job_waits_for_one),
      cmocka_unit_test(a_port_that_may_not_receive_does_not_answer),
      cmocka_unit_test(a_port_answers_at_its_ring),
      cmocka_unit_test(a_line_rests_that_could_not_be_had),
      cmocka_unit_test(a_line_without_a_call_does_not_rest),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
