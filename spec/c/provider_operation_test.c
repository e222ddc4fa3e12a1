/* SPDX-License-Identifier: MIT
   The life of an operation at a C FSP: order, blocks, verdicts, aborts at every
   moment, kills, many at once, and a stop that cannot wait. */
#include "provider_stage.h"

static void finish(struct fax_provider *p, struct fax_op *op) {
  await("released");
  fax_op_unref(op);
  stop(p);
}

/* ---- order and blocks ---- */

static BOOL check_send(HANDLE handle, PFAX_SEND send,
                       PFAX_SEND_CALLBACK callback) {
  assert_int_equal(send->SizeOfStruct, sizeof *send);
  assert_string_equal(send->FileName, "/spool/page.tif");
  assert_string_equal(send->CallerName, "Ann");
  assert_string_equal(send->CallerNumber, "+1 555");
  assert_string_equal(send->ReceiverName, "Bob");
  assert_string_equal(send->ReceiverNumber, "100");
  assert_true(send->Branding);
  assert_int_equal(send->CallHandle, 0);
  send->ReceiverNumber[0] = 'x'; /* a copy of the FSP's own */
  assert_true(callback(handle, 0, 0, 0));
  note("send");
  return TRUE;
}

static void test_send_order(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  fsp_script.send = check_send;
  op = start_op(p, FAX_OP_SEND);
  finish(p, op);
  assert_string_equal(stage.play,
                      "create initialize start:10 send report end:10 "
                      "ended:20000008 released shutdown ");
}

static BOOL check_receive(HANDLE handle, HCALL call, PFAX_RECEIVE receive) {
  char *room = (char *)(receive + 1);

  (void)handle;
  assert_true(call == 0);
  assert_int_equal(receive->SizeOfStruct, sizeof *receive);
  assert_ptr_equal(receive->FileName, room);
  assert_string_equal(receive->FileName, "/spool/page.tif");
  room[FAXDEVRECEIVE_SIZE - 1] = '\0'; /* all of it is there */
  receive->ReceiverNumber = strcpy(room + strlen(room) + 1, "200");
  note("receive");
  return TRUE;
}

static void test_receive_order(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  fsp_script.receive = check_receive;
  op = start_op(p, FAX_OP_RECEIVE);
  finish(p, op);
  assert_string_equal(stage.play,
                      "create initialize start:10 receive report end:10 "
                      "ended:20000008 released shutdown ");
}

static void test_file_name_too_long(void **state) {
  struct fax_provider *p = load();
  struct op_order order = an_order(FAX_OP_RECEIVE);
  char name[FAXDEVRECEIVE_SIZE + 1];
  struct fax_op *op;

  (void)state;
  memset(name, 'x', sizeof name - 1);
  name[sizeof name - 1] = '\0';
  order.file = name;
  assert_int_equal(op_new(&order, NULL, &op), 0);
  assert_int_equal(op_start(p, op), 0);
  finish(p, op);
  assert_string_equal(stage.play,
                      "create initialize ended:20000020 released shutdown ");
  assert_string_equal(stage.cause, "provider_refused");
}

/* ---- the end, by what the calls say ---- */

static void ends(BOOL result, DWORD status, DWORD expected, const char *cause) {
  struct fax_provider *p;
  char word[32];

  set_stage(NULL);
  stage.result = result;
  stage.status = status;
  p = load();
  finish(p, start_op(p, FAX_OP_SEND));
  snprintf(word, sizeof word, "ended:%x", (unsigned)expected);
  if (played(word) != 1) fail_msg("no %s: %s", word, stage.play);
  assert_int_equal(played("end:10"), 1);
  assert_string_equal(stage.cause, cause);
}

static void test_verdicts(void **state) {
  static const DWORD final[] = {FS_LINE_UNAVAILABLE, FS_BUSY,
                                FS_NO_ANSWER,        FS_BAD_ADDRESS,
                                FS_NO_DIAL_TONE,     FS_DISCONNECTED,
                                FS_FATAL_ERROR,      FS_NOT_FAX_CALL,
                                FS_CALL_DELAYED,     FS_USER_ABORT,
                                FS_CALL_BLACKLISTED, 0x4711};
  static const DWORD underway[] = {FS_INITIALIZING, FS_DIALING,
                                   FS_TRANSMITTING, FS_RECEIVING,
                                   FS_ANSWERED,     0};

  (void)state;
  ends(TRUE, FS_COMPLETED, FS_COMPLETED, "");
  ends(TRUE, FS_HANDLED, FS_HANDLED, "");
  ends(FALSE, FS_COMPLETED, FS_FATAL_ERROR, "provider_error");
  ends(FALSE, FS_HANDLED, FS_FATAL_ERROR, "provider_error");
  for (size_t i = 0; i < sizeof final / sizeof *final; i++) {
    ends(FALSE, final[i], final[i], "");
    ends(TRUE, final[i], FS_FATAL_ERROR, "provider_error");
  }
  for (size_t i = 0; i < sizeof underway / sizeof *underway; i++) {
    ends(FALSE, underway[i], FS_FATAL_ERROR, "provider_error");
    ends(TRUE, underway[i], FS_FATAL_ERROR, "provider_error");
  }
  assert_non_null(strstr(stage.evidence, "0x00000000"));
}

static BOOL report_nothing(HANDLE handle, PFAX_DEV_STATUS status, DWORD size,
                           LPDWORD required) {
  (void)handle;
  (void)status;
  (void)size;
  (void)required;
  note("report");
  return FALSE;
}

static BOOL report_wrong_size(HANDLE handle, PFAX_DEV_STATUS status, DWORD size,
                              LPDWORD required) {
  right_report(handle, status, size, required);
  status->SizeOfStruct = 1;
  return TRUE;
}

static BOOL report_texts(HANDLE handle, PFAX_DEV_STATUS status, DWORD size,
                         LPDWORD required) {
  static char outside[] = "outside";

  right_report(handle, status, size, required);
  assert_int_equal(size, sizeof *status + FAXDEVREPORTSTATUS_SIZE);
  status->CSI = strcpy((char *)status + size - 6, "+1 99");
  status->CallerId = outside;
  status->PageCount = 3;
  status->ErrorCode = ERROR_BUSY;
  return TRUE;
}

static void test_reports(void **state) {
  struct fax_provider *p = load();

  (void)state;
  fsp_script.report = report_nothing;
  finish(p, start_op(p, FAX_OP_SEND));
  assert_int_equal(played("ended:20000800"), 1);
  assert_int_equal(played("end:10"), 1);
  set_stage(NULL);
  p = load();
  fsp_script.report = report_wrong_size;
  finish(p, start_op(p, FAX_OP_SEND));
  assert_int_equal(played("ended:20000800"), 1);
  set_stage(NULL);
  p = load();
  stage.result = FALSE;
  stage.status = FS_BUSY;
  fsp_script.report = report_texts;
  finish(p, start_op(p, FAX_OP_SEND));
  assert_int_equal(played("ended:20000040"), 1);
  assert_string_equal(stage.remote_id, "+1 99");
  assert_int_equal(stage.last.page, 3);
  assert_non_null(strstr(stage.evidence, "ERROR_BUSY"));
  assert_int_equal(stage.last.rate, FAX_UNKNOWN);
}

/* ---- StartJob fails ---- */

static DWORD start_error;

static BOOL fail_start(HLINE line, DWORD device, PHANDLE handle, HANDLE port,
                       ULONG_PTR key) {
  (void)line;
  (void)device;
  (void)port;
  (void)key;
  *handle = NULL;
  note("start");
  FaxSetLastError(start_error);
  return FALSE;
}

static BOOL no_handle(HLINE line, DWORD device, PHANDLE handle, HANDLE port,
                      ULONG_PTR key) {
  (void)line;
  (void)device;
  (void)handle;
  (void)port;
  (void)key;
  note("start");
  return TRUE;
}

static void test_start_fails(void **state) {
  static const DWORD errors[][2] = {{ERROR_BUSY, FS_LINE_UNAVAILABLE},
                                    {0, FS_LINE_UNAVAILABLE},
                                    {4711, FS_LINE_UNAVAILABLE},
                                    {ERROR_OUTOFMEMORY, FS_FATAL_ERROR},
                                    {ERROR_INVALID_PARAMETER, FS_FATAL_ERROR}};
  struct fax_provider *p;
  char play[128];

  (void)state;
  for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
    set_stage(NULL);
    fsp_script.start_job = fail_start;
    start_error = errors[i][0];
    p = load();
    finish(p, start_op(p, FAX_OP_SEND));
    snprintf(play, sizeof play,
             "create initialize start ended:%x released shutdown ",
             (unsigned)errors[i][1]);
    assert_string_equal(stage.play, play);
    assert_string_equal(stage.cause, "start_failed");
  }
  assert_non_null(strstr(stage.evidence, "ERROR_INVALID_PARAMETER"));
  set_stage(NULL);
  fsp_script.start_job = no_handle;
  p = load();
  finish(p, start_op(p, FAX_OP_SEND));
  assert_string_equal(stage.play,
                      "create initialize start ended:20000800 released "
                      "shutdown ");
}

/* ---- aborts ---- */

static void test_abort_in_send(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  stage.waits = stage.abort_opens = true;
  stage.result = FALSE;
  stage.status = FS_USER_ABORT;
  op = start_op(p, FAX_OP_SEND);
  await("send");
  op_abort(op);
  op_abort(op);
  finish(p, op);
  assert_string_equal(stage.play,
                      "create initialize start:10 send abort report end:10 "
                      "ended:20200000 released shutdown ");
}

/* The FSP does not say what has become of the operation. */
static void test_abort_without_status(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  stage.waits = stage.abort_opens = true;
  stage.result = FALSE;
  stage.status = FS_TRANSMITTING;
  op = start_op(p, FAX_OP_RECEIVE);
  await("receive");
  op_abort(op);
  finish(p, op);
  assert_int_equal(played("ended:20200000"), 1);
}

/* Completed before the abort reached it: it counts. */
static void test_abort_too_late(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  stage.waits = stage.abort_opens = true;
  op = start_op(p, FAX_OP_SEND);
  await("send");
  op_abort(op);
  finish(p, op);
  assert_int_equal(played("ended:20000008"), 1);
}

static struct fax_op *the_op;

static BOOL abort_in_start(HLINE line, DWORD device, PHANDLE handle,
                           HANDLE port, ULONG_PTR key) {
  right_start(line, device, handle, port, key);
  pass_gate();
  return TRUE;
}

static void test_abort_before_send(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  fsp_script.start_job = abort_in_start;
  op = start_op(p, FAX_OP_SEND);
  await("start:10");
  op_abort(op);
  open_gate();
  finish(p, op);
  assert_string_equal(stage.play,
                      "create initialize start:10 end:10 ended:20200000 "
                      "released shutdown ");
}

/* Before the start; and when the worker had no time yet. */
static void test_abort_before_start(void **state) {
  struct op_order order = an_order(FAX_OP_SEND);
  struct fax_provider *p = load();

  (void)state;
  assert_int_equal(op_new(&order, NULL, &the_op), 0);
  op_abort(the_op);
  stage.waits = stage.abort_opens = true;
  stage.result = FALSE;
  stage.status = FS_USER_ABORT;
  assert_int_equal(op_start(p, the_op), 0);
  finish(p, the_op);
  assert_int_equal(played("ended:20200000"), 1);
  assert_int_equal(played("start:10"), played("end:10"));
}

static BOOL abort_in_report(HANDLE handle, PFAX_DEV_STATUS status, DWORD size,
                            LPDWORD required) {
  note("reporting");
  pass_gate();
  return right_report(handle, status, size, required);
}

static void test_abort_after_send(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  fsp_script.report = abort_in_report;
  op = start_op(p, FAX_OP_SEND);
  await("reporting");
  op_abort(op); /* there is nothing left to abort */
  open_gate();
  await("released");
  op_abort(op); /* after the end */
  finish(p, op);
  assert_int_equal(played("released"), 1);
  assert_int_equal(played("abort"), 0);
  assert_int_equal(played("ended:20000008"), 1);
}

/* EndJob does not overtake an AbortOperation that is under way. */
static BOOL slow_abort(HANDLE handle) {
  (void)handle;
  note("abort");
  open_gate();
  for (int i = 0; i < 1000; i++) assert_int_equal(played("end:10"), 0);
  note("aborted");
  return TRUE;
}

static void test_abort_before_end(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  stage.waits = true;
  fsp_script.abort = slow_abort;
  op = start_op(p, FAX_OP_SEND);
  await("send");
  op_abort(op);
  finish(p, op);
  assert_true(strstr(stage.play, "aborted ") < strstr(stage.play, "end:10 "));
}

static BOOL refuse_abort(HANDLE handle) {
  (void)handle;
  note("refused");
  return FALSE;
}

static void test_abort_refused(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  stage.waits = true;
  fsp_script.abort = refuse_abort;
  op = start_op(p, FAX_OP_SEND);
  await("send");
  op_abort(op);
  await("refused");
  /* Until the first has come back it does not count as refused. */
  while (played("refused") < 2) op_abort(op);
  open_gate();
  finish(p, op);
}

static BOOL ask_callback(HANDLE handle, PFAX_SEND send,
                         PFAX_SEND_CALLBACK callback) {
  (void)send;
  stage.callback = callback;
  note("send");
  pass_gate();
  note("callback:%d", callback(handle, 0, 0, 0));
  return FALSE;
}

static void test_send_callback(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  fsp_script.send = ask_callback;
  stage.status = FS_USER_ABORT;
  stage.abort_opens = true;
  op = start_op(p, FAX_OP_SEND);
  await("send");
  /* From another thread than that of FaxDevSend. */
  assert_true(stage.callback((HANDLE)(uintptr_t)FIRST_DEVICE, 0, 0, 0));
  assert_false(stage.callback((HANDLE)(uintptr_t)99, 0, 0, 0));
  op_abort(op);
  assert_false(stage.callback((HANDLE)(uintptr_t)FIRST_DEVICE, 0, 0, 0));
  finish(p, op);
  assert_int_equal(played("callback:0"), 1);
}

/* ---- kills ---- */

static void test_kill(void **state) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  stage.waits = true;
  last.cause = "timeout";
  op = start_op(p, FAX_OP_SEND);
  await("send");
  op_kill(op, FS_FATAL_ERROR, &last);
  assert_int_equal(played("ended:20000800"), 1);
  assert_int_equal(played("released"), 0);
  assert_string_equal(stage.cause, "timeout");
  op_kill(op, FS_USER_ABORT, NULL); /* the first end counts */
  await("abort");                   /* so that it does not go on for ever */
  open_gate();
  finish(p, op);
  assert_int_equal(played("ended:20000800"), 1);
  assert_int_equal(played("ended:20000008"), 0);
  assert_int_equal(played("ended:20200000"), 0);
  assert_int_equal(played("released"), 1);
}

static void test_kill_in_start(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  fsp_script.start_job = abort_in_start;
  op = start_op(p, FAX_OP_SEND);
  await("start:10");
  op_kill(op, FS_FATAL_ERROR, NULL);
  open_gate();
  finish(p, op);
  assert_string_equal(stage.play,
                      "create initialize start:10 ended:20000800 end:10 "
                      "released shutdown ");
}

static void test_kill_after_end(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op = start_op(p, FAX_OP_SEND);

  (void)state;
  await("released");
  op_kill(op, FS_FATAL_ERROR, NULL);
  finish(p, op);
  assert_int_equal(played("ended:20000800"), 0);
}

/* ---- many ---- */

enum { MANY = 100 };

static void test_many(void **state) {
  struct fax_provider *p = load();
  struct fax_op *ops[MANY];

  (void)state;
  stage.waits = true;
  stage.result = FALSE;
  stage.status = FS_USER_ABORT;
  for (int i = 0; i < MANY; i++)
    ops[i] = start_op(p, i % 2 ? FAX_OP_SEND : FAX_OP_RECEIVE);
  await_times("send", MANY / 2);
  await_times("receive", MANY / 2);
  for (int i = 0; i < MANY; i += 4) op_abort(ops[i]);
  for (int i = 1; i < MANY; i += 4) op_kill(ops[i], FS_FATAL_ERROR, NULL);
  await_times("ended:20000800", MANY / 4);
  open_gate();
  await_times("released", MANY);
  for (int i = 0; i < MANY; i++) fax_op_unref(ops[i]);
  stop(p);
  assert_int_equal(played("end:10"), MANY);
  assert_int_equal(played("ended:20000800"), MANY / 4);
  assert_int_equal(played("ended:20200000"), MANY - MANY / 4);
}

/* ---- stopping ---- */

static void test_stop_aborts(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  stage.waits = stage.abort_opens = true;
  stage.result = FALSE;
  stage.status = FS_USER_ABORT;
  op = start_op(p, FAX_OP_SEND);
  await("send");
  stop(p);
  assert_string_equal(stage.play,
                      "create initialize start:10 send abort report end:10 "
                      "ended:20200000 released shutdown ");
  op_abort(op);
  fax_op_unref(op);
}

/* The worker comes back after the stop gave it up: no word of it any more. */
static void test_stop_with_stuck_worker(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  stage.waits = true;
  op = start_op(p, FAX_OP_SEND);
  await("send");
  assert_false(provider_stop(p, FaxClockNow()));
  await("abort");
  assert_false(provider_stop(p, 0));
  open_gate();
  await("end:10");
  /* A second stop ends it, and shows that all of it came back. */
  assert_true(provider_stop(p, FaxClockNow() + PATIENCE));
  assert_true(provider_stop(p, 0));
  assert_string_equal(stage.play,
                      "create initialize start:10 send abort report end:10 "
                      "shutdown ");
  fax_op_unref(op);
  mem_unref(p);
}

static HRESULT stuck_shutdown(void) {
  note("shutdown");
  pass_gate();
  return E_FAIL;
}

static void test_stop_with_stuck_shutdown(void **state) {
  struct fax_provider *p = load();

  (void)state;
  fsp_script.shutdown = stuck_shutdown;
  assert_false(provider_stop(p, 0));
  await("shutdown");
  open_gate();
  stop(p);
  assert_int_equal(played("shutdown"), 1);
}

static void test_start_while_stopping(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  stage.waits = true;
  op = start_op(p, FAX_OP_SEND);
  await("send");
  assert_false(provider_stop(p, 0));
  fax_op_unref(start_op(p, FAX_OP_SEND)); /* refused, and nobody hears it */
  open_gate();
  stop(p);
  fax_op_unref(op);
  assert_int_equal(played("start:10"), 1);
}

/* The FSP closes the port that it was given: every operation ends all the
   same. */
static BOOL close_port(HANDLE handle, PFAX_SEND send,
                       PFAX_SEND_CALLBACK callback) {
  (void)handle;
  (void)send;
  (void)callback;
  note("send");
  FaxCloseCompletionPort(stage.port);
  return TRUE;
}

static void test_closed_port(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  fsp_script.send = close_port;
  op = start_op(p, FAX_OP_SEND);
  finish(p, op);
  assert_int_equal(played("ended:20000008"), 1);
}

/* Every thread of it takes part in the virtual clock: half a minute on the line
   takes exactly that, and no time. */
static BOOL send_slowly(HANDLE handle, PFAX_SEND send,
                        PFAX_SEND_CALLBACK callback) {
  (void)handle;
  (void)send;
  (void)callback;
  return FaxClockWait(FaxClockNow() + 30 * FAX_SECOND, NULL);
}

static void test_virtual_clock(void **state) {
  struct fax_provider *p;
  fax_deadline before;

  (void)state;
  assert_true(FaxClockVirtual(0));
  fsp_script.send = send_slowly;
  before = FaxClockNow();
  p = load();
  finish(p, start_op(p, FAX_OP_SEND));
  assert_int_equal(played("ended:20000008"), 1);
  assert_int_equal(FaxClockNow() - before, 30 * FAX_SECOND);
  assert_true(FaxClockReal());
}

#define TEST(name) cmocka_unit_test_setup(name, set_stage)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(test_send_order),
      TEST(test_receive_order),
      TEST(test_file_name_too_long),
      TEST(test_verdicts),
      TEST(test_reports),
      TEST(test_start_fails),
      TEST(test_abort_in_send),
      TEST(test_abort_without_status),
      TEST(test_abort_too_late),
      TEST(test_abort_before_send),
      TEST(test_abort_before_start),
      TEST(test_abort_after_send),
      TEST(test_abort_before_end),
      TEST(test_abort_refused),
      TEST(test_send_callback),
      TEST(test_kill),
      TEST(test_kill_in_start),
      TEST(test_kill_after_end),
      TEST(test_many),
      TEST(test_stop_aborts),
      TEST(test_stop_with_stuck_worker),
      TEST(test_stop_with_stuck_shutdown),
      TEST(test_start_while_stopping),
      TEST(test_closed_port),
      TEST(test_virtual_clock),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, nothing_left);
}
