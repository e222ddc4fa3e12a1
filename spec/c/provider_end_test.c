/* SPDX-License-Identifier: MIT
   The end of an operation at a C FSP: aborts at every moment, kills, many at
   once, and a stop that cannot wait. */
#include "provider_stage.h"

/* ---- aborts ---- */

/* FSP-25, -26, -28, -31 */
static void test_abort_in_send(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  stage.waits = stage.abort_opens = true;
  stage.result = FALSE;
  stage.status = FS_USER_ABORT;
  op = start_op(p, FAX_OP_SEND);
  await("send");
  assert_false(fax_op_aborted(op));
  op_abort(op);
  assert_true(fax_op_aborted(op));
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

/* FSP-38, -39 */
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
  assert_true(fax_op_aborted(op)); /* it is over */
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

/* FSP-11, -12 */
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
