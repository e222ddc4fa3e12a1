/* SPDX-License-Identifier: MIT
   A provider that a program attaches to a service in another process: here it
   is the service of this one, reached through its socket. On the machine's
   clock. */
#include <fax/fax_provider.h>
#include <fax/faxdev.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "ipc_stage.h"

static struct stage st;
static HANDLE other, calls, provider;
static DWORD device;

static void alone(struct fax_service_config *config) {
  config->provider_count = 0;
}

static void attach(void) {
  static const struct fax_attach_device one = {.name = "line"};
  struct fax_attach a = {.size = sizeof a,
                         .name = "mine",
                         .devices = &one,
                         .device_count = 1,
                         .port = calls,
                         .key = 5};
  if (!FaxAttachProvider(other, &a, &provider))
    fail_msg("%s", FaxGetLastErrorMessage());
  assert_int_equal(FaxProviderDeviceCount(provider), 1);
  assert_true(FaxProviderDevices(provider, &device, 1));
}

static int set_up(void **unused) {
  (void)unused;
  stage_start(&st, NULL, alone);
  stage_document(&st, 2);
  other = ipc_connect(&st, NULL, FAX_ALL_ACCESS);
  calls = FaxCreateCompletionPort();
  attach();
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  FaxClose(provider);
  stage_stop_within(20);
  if (calls != NULL) assert_true(FaxCloseCompletionPort(calls));
  FaxClose(other);
  stage_end(&st);
  return 0;
}

/* The next thing to do. */
static struct fax_call take(DWORD kind) {
  for (;;) {
    struct fax_packet packet;
    DWORD taken;
    assert_true(FaxGetCompletions(calls, &packet, 1, &taken, FAX_FOREVER));
    assert_int_equal(packet.key, 5);
    struct fax_call call = *(struct fax_call *)packet.packet;
    assert_null(FaxLocalFree(packet.packet));
    if (call.kind == FAX_CALL_TICK || call.kind == FAX_CALL_ENABLE) continue;
    assert_int_equal(call.kind, kind);
    return call;
  }
}

static DWORD send_it(void) {
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = "4711"};
  DWORD job;
  if (!FaxSendDocument(other, st.document, &params, NULL, &job))
    fail_msg("%s", FaxGetLastErrorMessage());
  return job;
}

/* Until the job is over, and, with `gone`, its line has gone, in whatever
   order. */
static struct fax_job_result *result_of(DWORD job, bool gone) {
  struct fax_job_result *result;
  for (bool over = false; !over || gone;) {
    struct fax_event *e = stage_event(&st);
    over |= e->job_id == job && e->outcome != FAX_OUTCOME_PENDING;
    gone &= e->event_id != FEI_MODEM_POWERED_OFF;
    FaxLocalFree(e);
  }
  assert_true(FaxGetJobResult(other, job, &result));
  return result;
}

static off_t size_of(const char *path) {
  struct stat s;
  assert_int_equal(stat(path, &s), 0);
  return s.st_size;
}

static void copy(const char *from, const char *to) {
  char bytes[1 << 16];
  FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
  assert_non_null(in);
  assert_non_null(out);
  size_t n = fread(bytes, 1, sizeof bytes, in);
  assert_int_equal(fwrite(bytes, 1, n, out), n);
  fclose(in);
  fclose(out);
}

static void it_sends(void **unused) {
  struct fax_progress p = FAX_PROGRESS_INIT;
  char file[300];
  (void)unused;
  DWORD job = send_it();
  struct fax_call call = take(FAX_CALL_START);
  assert_int_equal(fax_op_kind(call.op), FAX_OP_SEND);
  assert_int_equal(call.device_id, device);
  assert_string_equal(fax_op_told(call.op)->called_number, "4711");
  assert_int_equal(fax_op_told(call.op)->job_id, job);
  snprintf(file, sizeof file, "%s", fax_op_file(call.op));
  assert_true(size_of(file) > 100);
  fax_op_status(call.op, FS_DIALING, NULL);
  assert_true(fax_op_commit(call.op, 1));
  struct fax_call safe = take(FAX_CALL_COMMITTED);
  assert_int_equal(safe.page, 1);
  assert_int_equal(safe.error, ERROR_SUCCESS);
  assert_true(fax_op_committed(call.op, 1));
  fax_op_unref(safe.op);
  p.pages_confirmed = 2;
  p.remote_id = "far away";
  p.rate = 14400;
  fax_op_end(call.op, FS_COMPLETED, &p);
  struct fax_job_result *result = result_of(job, false);
  assert_int_equal(result->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(result->pages_confirmed, 2);
  assert_string_equal(result->attempts[0].remote_id, "far away");
  FaxFreeBuffer(result);
  assert_int_equal(access(file, F_OK), -1); /* it was ours */
}

static void it_receives(void **unused) {
  struct fax_progress p = FAX_PROGRESS_INIT;
  struct fax_received *list;
  DWORD count;
  (void)unused;
  assert_true(FaxRingDevice(provider, device, 2, NULL));
  struct fax_call call = take(FAX_CALL_START);
  assert_int_equal(fax_op_kind(call.op), FAX_OP_RECEIVE);
  DWORD job = fax_op_told(call.op)->job_id;
  fax_op_caller(call.op, "556", NULL);
  copy(st.document, fax_op_file(call.op));
  p.pages_confirmed = 2;
  p.remote_id = "sender";
  fax_op_end(call.op, FS_COMPLETED, &p);
  stage_skip(&st, FEI_FAX_RECEIVED, job);
  assert_true(FaxEnumInbox(other, (FILETIME){0, 0}, &list, &count));
  assert_int_equal(count, 1);
  assert_int_equal(list[0].pages, 2);
  assert_string_equal(list[0].caller_id, "556");
  FaxFreeBuffer(list);
  assert_fails(FaxRingDevice(provider, device + 1, 1, NULL), ERROR_BAD_UNIT);
}

static void it_is_told_of_an_abort(void **unused) {
  (void)unused;
  DWORD job = send_it();
  struct fax_call call = take(FAX_CALL_START);
  assert_true(FaxAbort(other, job));
  struct fax_call end = take(FAX_CALL_ABORT);
  assert_ptr_equal(end.op, call.op);
  fax_op_unref(end.op);
  fax_op_end(call.op, FS_USER_ABORT, NULL);
  struct fax_job_result *result = result_of(job, false);
  assert_int_equal(result->outcome, FAX_OUTCOME_CANCELLED);
  FaxFreeBuffer(result);
}

/* The program dies: its operation is lost, its port goes. */
static void its_loss_ends_its_operations(void **unused) {
  FAX_PORT_INFO *ports;
  DWORD count;
  (void)unused;
  DWORD job = send_it();
  struct fax_call call = take(FAX_CALL_START);
  assert_true(FaxCloseCompletionPort(calls));
  calls = NULL;
  struct fax_job_result *result = result_of(job, true);
  assert_int_equal(result->outcome, FAX_OUTCOME_FAILED);
  assert_string_equal(result->attempts[0].cause, "provider_lost");
  FaxFreeBuffer(result);
  fax_op_end(call.op, FS_COMPLETED, NULL);
  assert_true(FaxEnumPorts(other, &ports, &count));
  FaxFreeBuffer(ports);
  assert_int_equal(count, 0);
}

static void a_close_stops_it(void **unused) {
  (void)unused;
  assert_true(FaxClose(provider));
  assert_int_equal(take(FAX_CALL_STOP).error, ERROR_SUCCESS);
  attach(); /* its name is free again */
}

static void the_right_is_needed(void **unused) {
  static const struct fax_attach_device one = {.name = "line"};
  struct fax_attach a = {.size = sizeof a,
                         .name = "more",
                         .devices = &one,
                         .device_count = 1,
                         .port = calls};
  HANDLE none;
  (void)unused;
  HANDLE narrow = ipc_connect(&st, NULL, FAX_JOB_SUBMIT);
  assert_fails(FaxAttachProvider(narrow, &a, &none), ERROR_ACCESS_DENIED);
  a.device_count = 0;
  assert_fails(FaxAttachProvider(other, &a, &none), ERROR_INVALID_PARAMETER);
  a.port = NULL;
  assert_fails(FaxAttachProvider(other, &a, &none), ERROR_INVALID_PARAMETER);
  assert_true(FaxClose(narrow));
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(it_sends),
      TEST(it_receives),
      TEST(it_is_told_of_an_abort),
      TEST(its_loss_ends_its_operations),
      TEST(a_close_stops_it),
      TEST(the_right_is_needed)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
