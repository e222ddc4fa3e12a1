/* SPDX-License-Identifier: MIT
   Providers that a program attaches: their ports come and go, their operations
   are packets, and whoever does not take them loses them. */
#include <fax/fax_provider.h>

#include "service_config.h"

static struct stage st;
static HANDLE calls, provider;

static const struct fax_attach_device two[] = {{.name = "a"},
                                               {.name = "b", .device_id = 77}};

static BOOL attach_with(struct fax_attach attach, HANDLE *out) {
  attach.size = sizeof attach;
  if (attach.name == NULL) attach.name = "mine";
  return FaxAttachProvider(st.server, &attach, out);
}

static void attach(void) {
  if (!attach_with((struct fax_attach){.devices = two,
                                       .device_count = 2,
                                       .port = calls,
                                       .key = 5,
                                       .stall = 10},
                   &provider))
    fail_msg("%s", FaxGetLastErrorMessage());
}

static void start(void) {
  script_start_virtual(&st, 1, NULL);
  calls = FaxCreateCompletionPort();
}

static void stop(void) {
  FaxClose(provider);
  provider = NULL;
  stage_stop_within(20);
  if (calls != NULL) assert_true(FaxCloseCompletionPort(calls));
  calls = NULL;
  stage_end(&st);
  assert_true(FaxClockReal());
}

/* The next thing to do; ticks are shown to no one. */
static struct fax_call take(DWORD kind) {
  for (;;) {
    struct fax_packet packet;
    DWORD taken;
    if (!FaxGetCompletions(calls, &packet, 1, &taken, stage_patience()))
      fail_msg("no call came");
    assert_int_equal(packet.key, 5);
    struct fax_call call = *(struct fax_call *)packet.packet;
    assert_null(FaxLocalFree(packet.packet));
    if (call.kind == FAX_CALL_TICK) continue;
    assert_int_equal(call.kind, kind);
    return call;
  }
}

static DWORD port_count(void) {
  FAX_PORT_INFO *ports;
  DWORD count;
  assert_true(FaxEnumPorts(st.server, &ports, &count));
  /* PORT-26: still 1..n, each once */
  for (DWORD i = 0, seen = 0; i < count; i++) {
    assert_in_range(ports[i].Priority, 1, count);
    assert_int_equal(seen & 1u << ports[i].Priority, 0);
    seen |= 1u << ports[i].Priority;
  }
  FaxFreeBuffer(ports);
  return count;
}

static DWORD send_by(DWORD device) {
  struct fax_submission s = {.size = sizeof s,
                             .files = (const char *const[]){st.document},
                             .file_count = 1,
                             .retries = 0,
                             .ecm = FAX_UNKNOWN,
                             .device_id = device};
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = "4711"};
  DWORD id;
  s.params = &p;
  if (!FaxSubmit(st.server, &s, &id)) fail_msg("%s", FaxGetLastErrorMessage());
  return id;
}

static void ports_come_and_go(void **unused) {
  DWORD ids[2];
  HANDLE port;
  FAX_PORT_INFO *info;
  (void)unused;
  start();
  attach();
  stage_skip(&st, FEI_MODEM_POWERED_ON, 0);
  assert_int_equal(port_count(), FSP_LINES + 2);
  assert_true(FaxProviderDevices(provider, ids, 2));
  assert_int_equal(ids[0], 78); /* behind all that are taken */
  assert_int_equal(ids[1], 77);
  assert_true(FaxOpenPort(st.server, 77, PORT_OPEN_MODIFY, &port));
  assert_true(FaxGetPort(port, &info));
  assert_string_equal(info->DeviceName, "b");
  assert_true(FaxClose(provider));
  stage_skip(&st, FEI_MODEM_POWERED_OFF, 0);
  assert_int_equal(port_count(), FSP_LINES);
  /* the handle says so, and is closed as any other */
  FAX_PORT_INFO *gone;
  FAX_DEVICE_STATUS *status;
  assert_fails(FaxGetPort(port, &gone), ERROR_BAD_UNIT);
  assert_fails(FaxGetDeviceStatus(port, &status), ERROR_BAD_UNIT);
  assert_fails(FaxSetPort(port, info), ERROR_BAD_UNIT);
  FaxFreeBuffer(info);
  assert_true(FaxClose(port));
  take(FAX_CALL_STOP);
  assert_fails(FaxClose(provider), ERROR_INVALID_HANDLE);
  stop();
}

static void an_operation_is_a_packet(void **unused) {
  (void)unused;
  start();
  attach();
  DWORD job = send_by(77);
  struct fax_call call = take(FAX_CALL_START);
  assert_int_equal(call.device_id, 77);
  assert_int_equal(fax_op_kind(call.op), FAX_OP_SEND);
  assert_string_equal(fax_op_told(call.op)->called_number, "4711");
  fax_op_status(call.op, FS_DIALING, NULL);
  stage_skip(&st, FEI_DIALING, job);
  struct fax_progress last = FAX_PROGRESS_INIT;
  last.pages_confirmed = 1;
  fax_op_end(call.op, FS_COMPLETED, &last);
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  stop();
}

static void an_abort_is_a_packet(void **unused) {
  (void)unused;
  start();
  attach();
  DWORD job = send_by(77);
  struct fax_call begun = take(FAX_CALL_START);
  assert_true(FaxAbort(st.server, job));
  struct fax_call call = take(FAX_CALL_ABORT);
  assert_ptr_equal(call.op, begun.op);
  fax_op_unref(call.op);
  fax_op_end(begun.op, FS_USER_ABORT, NULL);
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_CANCELLED);
  stop();
}

static void a_ring_is_answered(void **unused) {
  (void)unused;
  start();
  attach();
  assert_fails(FaxRingDevice(provider, 1, 9, NULL), ERROR_BAD_UNIT);
  assert_true(FaxRingDevice(provider, 77, 9, "0815"));
  struct fax_call call = take(FAX_CALL_START);
  assert_int_equal(fax_op_kind(call.op), FAX_OP_RECEIVE);
  assert_string_equal(fax_op_told(call.op)->caller_number, "0815");
  assert_true(pages_make(fax_op_file(call.op), PAGES_SHORT, 1, 300, 196));
  struct fax_progress last = FAX_PROGRESS_INIT;
  last.pages_confirmed = 1;
  fax_op_end(call.op, FS_COMPLETED, &last);
  stage_skip(&st, FEI_FAX_RECEIVED, 0);
  stop();
}

/* A port that answers lets go of the lock for a file: it stays until then. What
   was begun all the same is the provider's to end. */
static void one_that_rings_may_go_at_once(void **unused) {
  (void)unused;
  start();
  for (int i = 0; i < 300; i++) {
    attach();
    assert_true(FaxRingDevice(provider, 77, 9, "0815"));
    if (i % 3 != 0) stage_skip(&st, FEI_RINGING, 0);
    assert_true(FaxClose(provider));
    for (DWORD kind = 0; kind != FAX_CALL_STOP;) {
      struct fax_packet packet;
      DWORD taken;
      assert_true(
          FaxGetCompletions(calls, &packet, 1, &taken, stage_patience()));
      struct fax_call call = *(struct fax_call *)packet.packet;
      assert_null(FaxLocalFree(packet.packet));
      kind = call.kind;
      if (kind == FAX_CALL_START) fax_op_end(call.op, FS_DISCONNECTED, NULL);
    }
  }
  assert_int_equal(port_count(), FSP_LINES);
  stop();
}

/* The call of the old one goes on under the old one; its port goes with it. */
static void one_is_replaced_while_it_sends(void **unused) {
  HANDLE old;
  (void)unused;
  start();
  attach();
  DWORD job = send_by(77);
  struct fax_call call = take(FAX_CALL_START);
  old = provider;
  assert_true(FaxClose(old));
  assert_int_equal(port_count(), FSP_LINES + 1);
  DWORD waits = send_by(77);
  assert_false(FaxRingDevice(old, 77, 1, NULL));
  fax_op_end(call.op, FS_COMPLETED, NULL);
  stage_skip(&st, FEI_DELETED, job);
  take(FAX_CALL_STOP);
  assert_int_equal(port_count(), FSP_LINES);
  assert_int_equal(stage_queue_status(&st, waits), JS_NOLINE);
  attach(); /* and the job that waited for the device goes by the new one */
  call = take(FAX_CALL_START);
  fax_op_end(call.op, FS_COMPLETED, NULL);
  stage_skip(&st, FEI_DELETED, waits);
  stop();
}

/* JOB-10: who comes takes the jobs for its own device, of those that are still
   there. */
static void each_device_has_its_jobs(void **unused) {
  static const struct fax_attach_device one[] = {
      {.name = "b", .device_id = 77}};
  (void)unused;
  start();
  attach();
  DWORD running = send_by(77);
  struct fax_call call = take(FAX_CALL_START);
  DWORD other = send_by(78);
  struct fax_call second = take(FAX_CALL_START);
  DWORD waits = send_by(78), gone = send_by(77), next = send_by(77);
  assert_true(FaxClose(provider));
  fax_op_end(call.op, FS_COMPLETED, NULL);
  fax_op_end(second.op, FS_COMPLETED, NULL);
  stage_skip(&st, FEI_DELETED, running);
  take(FAX_CALL_STOP);
  assert_int_equal(stage_outcome(&st, other), FAX_OUTCOME_COMPLETED);
  assert_true(FaxAbort(st.server, gone));
  assert_true(attach_with(
      (struct fax_attach){
          .devices = one, .device_count = 1, .port = calls, .key = 5},
      &provider));
  call = take(FAX_CALL_START);
  assert_int_equal(fax_op_told(call.op)->job_id, next);
  fax_op_end(call.op, FS_COMPLETED, NULL);
  stage_skip(&st, FEI_DELETED, next);
  assert_int_equal(stage_queue_status(&st, waits), JS_NOLINE);
  stop();
}

/* A loop that takes nothing fails its operations, after its time. */
static void a_loop_that_stalls_loses_its_calls(void **unused) {
  (void)unused;
  start();
  attach();
  fax_deadline began = FaxClockNow();
  DWORD job = send_by(77);
  stage_skip(&st, FEI_FATAL_ERROR, job);
  assert_true(FaxClockNow() - began >= 10 * FAX_SECOND);
  assert_true(FaxClockNow() - began <= 21 * FAX_SECOND);
  struct fax_job_result *result = stage_result(&st, job);
  assert_string_equal(result->attempts[0].cause, "stalled");
  FaxFreeBuffer(result);
  /* it comes back: the port is there again */
  stage_skip(&st, FEI_MODEM_POWERED_OFF, 0);
  struct fax_call call = take(FAX_CALL_START);
  fax_op_end(call.op, FS_COMPLETED, NULL);
  stage_skip(&st, FEI_MODEM_POWERED_ON, 0);
  stop();
}

/* Nor does it get more: the line is not to be had, and no retry is used up. */
static void a_loop_that_stalls_gets_no_more(void **unused) {
  (void)unused;
  start();
  attach();
  send_by(77);
  stage_skip(&st, FEI_MODEM_POWERED_OFF, 0);
  DWORD job = send_by(78);
  stage_skip(&st, FEI_LINE_UNAVAILABLE, job);
  struct fax_job_result *result = stage_result(&st, job);
  assert_string_equal(result->attempts[0].cause, "stalled");
  FaxFreeBuffer(result);
  assert_int_equal(stage_queue_status(&st, job), JS_PENDING | JS_NOLINE);
  struct fax_call call = take(FAX_CALL_START); /* it comes back */
  fax_op_end(call.op, FS_COMPLETED, NULL);
  fax_op_unref(take(FAX_CALL_ABORT).op);
  call = take(FAX_CALL_START);
  assert_int_equal(call.device_id, 78);
  fax_op_end(call.op, FS_COMPLETED, NULL);
  stage_skip(&st, FEI_DELETED, job);
  stop();
}

static void a_loop_that_is_polled_may_take_its_time(void **unused) {
  (void)unused;
  start();
  attach();
  DWORD job = send_by(77);
  struct fax_call call = take(FAX_CALL_START);
  fax_deadline end = FaxClockNow() + 3600 * FAX_SECOND;
  while (FaxClockNow() < end) {
    struct fax_packet packet;
    DWORD taken;
    if (FaxGetCompletions(calls, &packet, 1, &taken, end))
      FaxLocalFree(packet.packet); /* ticks */
  }
  fax_op_end(call.op, FS_COMPLETED, NULL);
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  stop();
}

/* What nobody took, and what is under way. */
static void a_port_that_is_closed_loses_its_calls(void **unused) {
  (void)unused;
  start();
  attach();
  DWORD one = send_by(77);
  struct fax_call call = take(FAX_CALL_START);
  DWORD other = send_by(78);
  stage_skip(&st, FEI_INITIALIZING, other);
  config_settle();
  assert_true(FaxCloseCompletionPort(calls));
  calls = NULL;
  for (DWORD lost = 0; lost != one + other;) { /* in whatever order */
    struct fax_event *e = stage_until(&st, FEI_FATAL_ERROR, 0);
    lost += e->job_id;
    FaxLocalFree(e);
  }
  struct fax_job_result *result = stage_result(&st, one);
  assert_string_equal(result->attempts[0].cause, "provider_lost");
  FaxFreeBuffer(result);
  fax_op_end(call.op, FS_COMPLETED, NULL); /* too late, and lets go of it */
  stop();
}

static void what_is_wrong_is_refused(void **unused) {
  static const struct fax_attach_device taken[] = {{.name = "a",
                                                    .device_id = FSP_FIRST}},
                                        twice[] = {{.name = "a",
                                                    .device_id = 90},
                                                   {.name = "b",
                                                    .device_id = 90}},
                                        no_name[] = {{.device_id = 0}};
  HANDLE made, narrow;
  struct fax_connect connect = {
      .size = sizeof connect,
      .rights = FAX_ALL_ACCESS & ~(DWORD)FAX_CONFIG_SET,
      .user = NULL};
  struct fax_attach a = {.devices = two, .device_count = 2, .port = calls};
  (void)unused;
  start();
  a.port = calls;
  assert_fails(FaxAttachProvider(st.server, &a, &made),
               ERROR_INVALID_PARAMETER); /* its size */
  a.device_count = 0;
  assert_fails(attach_with(a, &made), ERROR_INVALID_PARAMETER); /* FSP-6 */
  a.device_count = 1;
  a.devices = no_name;
  assert_fails(attach_with(a, &made), ERROR_INVALID_PARAMETER);
  a.devices = taken;
  assert_fails(attach_with(a, &made), ERROR_ALREADY_EXISTS); /* FSP-7 */
  a.devices = twice;
  a.device_count = 2;
  assert_fails(attach_with(a, &made), ERROR_ALREADY_EXISTS);
  assert_int_equal(port_count(), FSP_LINES); /* all or nothing */
  a.devices = two;
  a.port = st.server;
  assert_fails(attach_with(a, &made), ERROR_INVALID_PARAMETER);
  assert_null(made);
  a.port = calls;
  a.size = sizeof a;
  a.name = "mine";
  assert_true(FaxConnect(&connect, &narrow));
  assert_fails(FaxAttachProvider(narrow, &a, &made), ERROR_ACCESS_DENIED);
  FaxClose(narrow);
  stop();
}

static DWORD attach_poor(void *unused) {
  HANDLE made;
  (void)unused;
  if (!attach_with(
          (struct fax_attach){
              .devices = two, .device_count = 2, .port = calls, .key = 5},
          &made))
    return FaxGetLastError();
  assert_true(FaxClose(made));
  take(FAX_CALL_STOP);
  return ERROR_SUCCESS;
}

static void without_memory_none_is_attached(void **unused) {
  (void)unused;
  stage_only_here();
  start();
  for (long n = 0;; n++) {
    mem_fail_after(n);
    DWORD error = attach_poor(NULL);
    bool failed = mem_failed();
    mem_fail_after(-1);
    assert_int_equal(port_count(), FSP_LINES);
    if (!failed) break;
    if (error != ERROR_SUCCESS) /* it does without events */
      assert_int_equal(error, ERROR_NOT_ENOUGH_MEMORY);
  }
  stop();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ports_come_and_go),
      cmocka_unit_test(an_operation_is_a_packet),
      cmocka_unit_test(an_abort_is_a_packet),
      cmocka_unit_test(a_ring_is_answered),
      cmocka_unit_test(one_that_rings_may_go_at_once),
      cmocka_unit_test(one_is_replaced_while_it_sends),
      cmocka_unit_test(each_device_has_its_jobs),
      cmocka_unit_test(a_loop_that_stalls_loses_its_calls),
      cmocka_unit_test(a_loop_that_stalls_gets_no_more),
      cmocka_unit_test(a_loop_that_is_polled_may_take_its_time),
      cmocka_unit_test(a_port_that_is_closed_loses_its_calls),
      cmocka_unit_test(what_is_wrong_is_refused),
      cmocka_unit_test(without_memory_none_is_attached),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
