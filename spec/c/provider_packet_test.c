/* SPDX-License-Identifier: MIT
   What an FSP posts and reports: packets that are as documented, packets that
   are garbage in every way, and the operation extension in both directions. */
#include "provider_stage.h"

#include <sched.h>

#include "base/where.h"
#include "provider/fsp/fsp.h"

/* A status block with `room` bytes of text behind it. */
static FAX_DEV_STATUS *block(DWORD status, size_t room) {
  FAX_DEV_STATUS *s = FaxHeapAlloc(stage.heap, sizeof *s + room);

  assert_non_null(s);
  s->SizeOfStruct = sizeof *s;
  s->StatusId = status;
  return s;
}

static void post(ULONG_PTR key, size_t bytes, void *packet) {
  assert_true(FaxPostCompletion(stage.port, (DWORD)bytes, key, packet));
}

static void post_status(DWORD status) {
  post(stage.key, sizeof(FAX_DEV_STATUS), block(status, 0));
}

/* ---- as documented ---- */

static BOOL send_statuses(HANDLE handle, PFAX_SEND send,
                          PFAX_SEND_CALLBACK callback) {
  FAX_DEV_STATUS *s = block(FS_TRANSMITTING, 32);
  char *text = (char *)(s + 1);

  (void)handle;
  (void)send;
  (void)callback;
  post_status(FS_DIALING);
  s->PageCount = 2;
  s->CSI = strcpy(text, "+1 99");
  post(stage.key, sizeof *s + 32, s);
  note("send");
  return TRUE;
}

/* The end comes after all that was posted before it. FSP-24, -51, -53, -55, -59
 */
static void test_statuses(void **state) {
  struct fax_provider *p = load();

  (void)state;
  fsp_script.send = send_statuses;
  finish(p, start_op(p, FAX_OP_SEND));
  assert_non_null(strstr(stage.play, "status:20000001 "));
  assert_true(strstr(stage.play, "status:20000001 ") <
              strstr(stage.play, "status:20000002 "));
  assert_true(strstr(stage.play, "status:20000002 ") <
              strstr(stage.play, "ended:20000008 "));
  assert_int_equal(stage.last.page, 2);
  assert_string_equal(stage.remote_id, "+1 99");
}

static BOOL receive_caller(HANDLE handle, HCALL call, PFAX_RECEIVE receive) {
  FAX_DEV_STATUS *s = block(FS_RECEIVING, 16);
  char *text = (char *)(s + 1);

  (void)handle;
  (void)call;
  (void)receive;
  s->CallerId = strcpy(text, "030");
  s->RoutingInfo = strcpy(text + 8, "7#");
  post(stage.key, sizeof *s + 16, s);
  note("receive");
  return TRUE;
}

/* FSP-55 */
static void test_caller(void **state) {
  struct fax_provider *p = load();

  (void)state;
  fsp_script.receive = receive_caller;
  finish(p, start_op(p, FAX_OP_RECEIVE));
  assert_int_equal(played("caller:030:7#"), 1);
  assert_int_equal(played("status:20000004"), 1);
}

/* ---- rings ---- */

static void ring(DWORD device, DWORD message, DWORD_PTR state, DWORD_PTR rings,
                 size_t bytes) {
  LINEMESSAGE *m = FaxLocalAlloc(sizeof *m);

  assert_non_null(m);
  m->hDevice = device;
  m->dwMessageID = message;
  m->dwParam1 = state;
  m->dwParam3 = rings;
  assert_true(
      FaxPostCompletion(stage.ring_port, (DWORD)bytes, stage.ring_key, m));
}

/* FSP-8, -61, -62, -65, -66 */
static void test_rings(void **state) {
  struct fax_provider *p = load();
  const size_t right = sizeof(LINEMESSAGE);
  int here;

  (void)state;
  ring(FIRST_DEVICE + 2, 0, LINEDEVSTATE_RINGING, 0, right);
  ring(FIRST_DEVICE - 1, 0, LINEDEVSTATE_RINGING, 0, right);
  ring(0, 0, LINEDEVSTATE_RINGING, 0, right);
  ring(FIRST_DEVICE, 1, LINEDEVSTATE_RINGING, 0, right);
  ring(FIRST_DEVICE, 0, 0, 0, right);
  ring(FIRST_DEVICE, 0, LINEDEVSTATE_RINGING, 0, right - 1);
  ring(FIRST_DEVICE, 0, LINEDEVSTATE_RINGING, 0, right + 1);
  assert_true(FaxPostCompletion(stage.ring_port, (DWORD)right, stage.ring_key,
                                FaxLocalAlloc(right - 1)));
  assert_true(FaxPostCompletion(stage.ring_port, (DWORD)right, stage.ring_key,
                                FaxHeapAlloc(stage.heap, right)));
  assert_true(
      FaxPostCompletion(stage.ring_port, (DWORD)right, stage.ring_key, &here));
  assert_true(
      FaxPostCompletion(stage.ring_port, (DWORD)right, stage.ring_key, NULL));
  ring(FIRST_DEVICE + 1, 0, LINEDEVSTATE_RINGING, 3, right);
  await("ring:11:3");
  stop(p);
  assert_string_equal(stage.play, "create initialize ring:11:3 shutdown ");
}

static BOOL ring_early(HLINEAPP app, HANDLE heap, PFAX_LINECALLBACK *callback,
                       PFAX_SERVICE_CALLBACK service) {
  right_initialize(app, heap, callback, service);
  ring(FIRST_DEVICE, 0, LINEDEVSTATE_RINGING, 1, sizeof(LINEMESSAGE));
  return TRUE;
}

static void test_ring_before_loaded(void **state) {
  struct fax_provider *p;

  (void)state;
  fsp_script.initialize = ring_early;
  p = load();
  await("ring:10:1");
  stop(p);
}

/* Packets that nobody takes any more are freed all the same. */
static BOOL ring_and_fail(HLINEAPP app, HANDLE heap,
                          PFAX_LINECALLBACK *callback,
                          PFAX_SERVICE_CALLBACK service) {
  ring_early(app, heap, callback, service);
  FaxSetLastError(ERROR_BUSY);
  return FALSE;
}

static void test_ring_of_failed(void **state) {
  struct fax_provider *p;

  (void)state;
  fsp_script.initialize = ring_and_fail;
  assert_int_equal(load_named("forward", &p), ERROR_BUSY);
  assert_int_equal(played("ring:10:1"), 0);
}

/* ---- garbage ---- */

static void post_bad_texts(void) {
  static char outside[] = "outside";
  const size_t size = sizeof(FAX_DEV_STATUS) + 8;
  FAX_DEV_STATUS *s = block(FS_BUSY, 8);

  s->CSI = outside;
  post(stage.key, size, s);
  s = block(FS_BUSY, 8);
  memset(s + 1, 'x', 8); /* no end */
  s->RoutingInfo = (char *)(s + 1);
  post(stage.key, size, s);
  s = block(FS_BUSY, 8);
  s->CallerId = (char *)s; /* in the structure */
  post(stage.key, size, s);
  s = block(FS_BUSY, 8);
  s->CallerId = (char *)s + size; /* right behind */
  post(stage.key, size, s);
  s = block(FS_BUSY, 8);
  s->CallerId = (char *)(uintptr_t)-1;
  post(stage.key, size, s);
}

static void post_bad_blocks(void) {
  const size_t size = sizeof(FAX_DEV_STATUS);
  FAX_DEV_STATUS here = {.SizeOfStruct = sizeof here, .StatusId = FS_BUSY};
  FAX_DEV_STATUS *s;
  HANDLE other = FaxHeapCreate();

  post(stage.key, size, NULL);
  post(stage.key, size, &here);
  post(stage.key, size, (void *)(uintptr_t)8);
  post(stage.key, size, (char *)block(FS_BUSY, 64) + 8);
  post(stage.key, size + 1, block(FS_BUSY, 0)); /* longer than it is */
  post(stage.key, size - 1, block(FS_BUSY, 0));
  post(stage.key, 0, block(FS_BUSY, 0));
  post(stage.key, 0xffffffff, block(FS_BUSY, 0));
  post(stage.key, size, FaxHeapAlloc(stage.heap, size - 1));
  post(stage.key, size, FaxLocalAlloc(size));
  s = FaxHeapAlloc(other, size);
  *s = here;
  post(stage.key, size, s);
  s = block(FS_BUSY, 0);
  s->SizeOfStruct = (DWORD)size + 4;
  post(stage.key, size, s);
  s = block(FS_HANDLED, 0);
  post(stage.key, size, s);
  post(stage.key, size, s); /* twice: freed by the first */
  await("status:20000010");
  /* `here` and the other heap are gone only when the packets are. */
  post_status(FS_DIALING);
  await("status:20000001");
  FaxHeapDestroy(other);
}

static void post_bad_keys(void) {
  post(stage.key + 1, sizeof(FAX_DEV_STATUS), block(FS_BUSY, 0));
  post(0, sizeof(FAX_DEV_STATUS), block(FS_BUSY, 0));
  post(0, 0, NULL);
  post(stage.ring_key, sizeof(FAX_DEV_STATUS), block(FS_BUSY, 0));
  assert_true(FaxPostCompletion(stage.ring_port, sizeof(LINEMESSAGE), stage.key,
                                FaxLocalAlloc(sizeof(LINEMESSAGE))));
}

static BOOL send_garbage(HANDLE handle, PFAX_SEND send,
                         PFAX_SEND_CALLBACK callback) {
  (void)handle;
  (void)send;
  (void)callback;
  note("send");
  post_bad_texts();
  post_bad_blocks();
  post_bad_keys();
  return TRUE;
}

/* FSP-51..53, -62 */
static void test_garbage(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  fsp_script.send = send_garbage;
  op = start_op(p, FAX_OP_SEND);
  await("released");
  /* After the end its key names nothing. */
  post_status(FS_BUSY);
  finish(p, op);
  assert_int_equal(played("status:20000040"), 0);
  assert_int_equal(played("status:20000010"), 1);
  assert_int_equal(played("ended:20000008"), 1);
  assert_int_equal(stage.last.page, FAX_UNKNOWN);
}

/* FSP-13: a text that is not UTF-8 is as one not given; the status counts. */
static BOOL send_latin1(HANDLE handle, PFAX_SEND send,
                        PFAX_SEND_CALLBACK callback) {
  FAX_DEV_STATUS *s = block(FS_TRANSMITTING, 8);

  (void)handle;
  (void)send;
  (void)callback;
  s->CSI = strcpy((char *)(s + 1), "\xe4");
  post(stage.key, sizeof *s + 8, s);
  return TRUE;
}

static void test_not_utf8(void **state) {
  struct fax_provider *p = load();

  (void)state;
  fsp_script.send = send_latin1;
  finish(p, start_op(p, FAX_OP_SEND));
  assert_int_equal(played("status:20000002"), 1);
  assert_string_equal(stage.remote_id, "");
}

/* Packets of a provider whose operation has ended by op_kill. */
static void test_after_kill(void **state) {
  struct fax_provider *p = load();
  struct fax_op *op;

  (void)state;
  stage.waits = true;
  op = start_op(p, FAX_OP_SEND);
  await("send");
  op_kill(op, FS_FATAL_ERROR, NULL);
  post_status(FS_DIALING);
  open_gate();
  finish(p, op);
  assert_int_equal(played("status:20000001"), 0);
}

/* ---- the extension ---- */

static BOOL send_reports(HANDLE handle, PFAX_SEND send,
                         PFAX_SEND_CALLBACK callback) {
  struct fax_progress progress = FAX_PROGRESS_INIT;
  FAX_DEV_STATUS *s = block(FS_TRANSMITTING, 8);
  char id[] = "+1 77";

  (void)handle;
  (void)send;
  (void)callback;
  post_status(FS_DIALING);
  progress.phase = FAX_PHASE_PAGE;
  progress.page = 5;
  progress.rate = 14400;
  progress.remote_id = id;
  assert_true(FaxOperationReport(stage.port, stage.key, &progress));
  memset(id, 'x', sizeof id - 1); /* it was copied */
  s->PageCount = 9;               /* the extension knows better */
  s->CSI = strcpy((char *)(s + 1), "+1 66");
  post(stage.key, sizeof *s + 8, s);
  progress = (struct fax_progress)FAX_PROGRESS_INIT;
  progress.pages_confirmed = 5;
  progress.evidence = "told by the provider";
  assert_true(FaxOperationReport(stage.port, stage.key, &progress));
  return TRUE;
}

static BOOL report_page(HANDLE handle, PFAX_DEV_STATUS status, DWORD size,
                        LPDWORD required) {
  right_report(handle, status, size, required);
  status->PageCount = 9;
  status->CSI = strcpy((char *)(status + 1), "+1 66");
  return TRUE;
}

static void test_report(void **state) {
  struct fax_provider *p = load();

  (void)state;
  fsp_script.report = report_page;
  fsp_script.send = send_reports;
  finish(p, start_op(p, FAX_OP_SEND));
  assert_int_equal(played("status:20000001"), 2); /* a report keeps it */
  assert_int_equal(played("status:20000002"), 2);
  assert_int_equal(stage.last.phase, FAX_PHASE_PAGE);
  assert_int_equal(stage.last.page, 5);
  assert_int_equal(stage.last.rate, 14400);
  assert_int_equal(stage.last.pages_confirmed, 5);
  assert_int_equal(stage.last.ecm, FAX_UNKNOWN);
  assert_string_equal(stage.remote_id, "+1 77");
  assert_string_equal(stage.evidence, "told by the provider");
}

static BOOL send_queries(HANDLE handle, PFAX_SEND send,
                         PFAX_SEND_CALLBACK callback) {
  struct fax_operation told = {.size = sizeof told};
  struct {
    struct fax_operation told;
    DWORD newer;
  } larger = {{.size = sizeof larger}, 42};
  struct fax_progress progress = FAX_PROGRESS_INIT;

  (void)handle;
  (void)send;
  (void)callback;
  assert_true(FaxOperationQuery(stage.port, stage.key, &told));
  assert_int_equal(told.size, sizeof told);
  assert_int_equal(told.job_id, 7);
  assert_int_equal(told.device_id, FIRST_DEVICE);
  assert_string_equal(told.called_number, "100");
  assert_null(told.trunk);
  assert_string_equal(told.branding, "header");
  assert_true(FaxOperationQuery(stage.port, stage.key, &larger.told));
  assert_int_equal(larger.told.size, sizeof told);
  assert_int_equal(larger.newer, 42);
  /* Half a pointer is none. */
  memset(&told, 0, sizeof told);
  told.size = offsetof(struct fax_operation, caller_number) - 1;
  assert_true(FaxOperationQuery(stage.port, stage.key, &told));
  assert_int_equal(told.size, offsetof(struct fax_operation, called_number));
  assert_null(told.called_number);
  assert_int_equal(told.first_page, 1);
  told.size = 0;
  assert_false(FaxOperationQuery(stage.port, stage.key, &told));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
  assert_false(FaxOperationQuery(stage.port, stage.key, NULL));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
  told.size = sizeof told;
  assert_false(FaxOperationQuery(stage.port, stage.key + 1, &told));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_HANDLE);
  assert_false(FaxOperationQuery(stage.heap, stage.key, &told));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_HANDLE);
  assert_false(FaxOperationQuery(stage.port, stage.ring_key, &told));
  assert_false(FaxOperationReport(stage.port, stage.key + 1, &progress));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_HANDLE);
  assert_false(FaxOperationReport(stage.port, stage.key, NULL));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
  progress.page = 3;
  progress.rate = 9600;
  progress.size = offsetof(struct fax_progress, rate); /* an older one */
  assert_true(FaxOperationReport(stage.port, stage.key, &progress));
  progress.size = 0;
  assert_false(FaxOperationReport(stage.port, stage.key, &progress));
  return TRUE;
}

static void test_query(void **state) {
  struct fax_provider *p = load();
  struct fax_operation told = {.size = sizeof told};
  struct fax_progress progress = FAX_PROGRESS_INIT;
  struct fax_op *op;

  (void)state;
  fsp_script.send = send_queries;
  op = start_op(p, FAX_OP_SEND);
  await("released");
  assert_int_equal(stage.last.page, 3);
  assert_int_equal(stage.last.rate, FAX_UNKNOWN);
  assert_false(FaxOperationQuery(stage.port, stage.key, &told));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_HANDLE);
  assert_false(FaxOperationReport(stage.port, stage.key, &progress));
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_HANDLE);
  finish(p, op);
}

/* While the status thread is held up: the key lives on for packets that are on
   their way, but the FSP has ended its job. */
static void hold_status(void *arg, DWORD status,
                        const struct fax_progress *progress) {
  pass_gate();
  on_status(arg, status, progress);
}

static void test_query_after_end_job(void **state) {
  struct fax_provider_config config = {.name = "forward"};
  struct provider_events events = stage_events;
  struct fax_operation told = {.size = sizeof told};
  fax_deadline until = FaxClockNow() + PATIENCE;
  struct fax_provider *p;
  struct fax_op *op;

  (void)state;
  events.status = hold_status;
  fsp_script.send = send_statuses;
  assert_int_equal(provider_load(&config, &events, NULL, &p), 0);
  op = start_op(p, FAX_OP_SEND);
  await("end:10");
  while (FaxOperationQuery(stage.port, stage.key, &told)) {
    assert_true(FaxClockNow() < until);
    sched_yield();
  }
  assert_int_equal(FaxGetLastError(), ERROR_INVALID_HANDLE);
  open_gate();
  finish(p, op);
  assert_int_equal(played("status:20000002"), 1);
}

/* Even with the key of the host's own packets, a pointer is not followed. */
static void test_forged_note(void **state) {
  struct fax_provider *p = load();
  struct fsp *fsp = fax_provider_data(p);
  struct fsp_note forged;
  struct fax_op *op;

  (void)state;
  memset(&forged, 0xff, sizeof forged);
  stage.waits = true;
  op = start_op(p, FAX_OP_SEND);
  await("send");
  post(fsp->own_key, 0, &forged);
  post(fsp->own_key, 0, NULL);
  post(fsp->own_key, 0, block(FS_BUSY, 0));
  open_gate();
  finish(p, op);
  assert_string_equal(stage.play,
                      "create initialize start:10 send report end:10 "
                      "ended:20000008 released shutdown ");
}

/* ---- statuses and memory that runs out ---- */

static BOOL send_much(HANDLE handle, PFAX_SEND send,
                      PFAX_SEND_CALLBACK callback) {
  struct fax_progress progress = FAX_PROGRESS_INIT;
  FAX_DEV_STATUS *s = FaxHeapAlloc(stage.heap, sizeof *s + 8);

  (void)handle;
  (void)send;
  (void)callback;
  if (s != NULL) {
    s->SizeOfStruct = sizeof *s;
    s->StatusId = FS_DIALING;
    s->CallerId = s->CSI = strcpy((char *)(s + 1), "1");
    if (!FaxPostCompletion(stage.port, sizeof *s + 8, stage.key, s))
      FaxHeapFree(stage.heap, s);
  }
  progress.remote_id = "2";
  if (!FaxOperationReport(stage.port, stage.key, &progress))
    assert_int_equal(FaxGetLastError(), ERROR_NOT_ENOUGH_MEMORY);
  return TRUE;
}

static DWORD send_all(struct fax_provider *p) {
  struct op_order order = an_order(FAX_OP_SEND);
  struct fax_op *op;
  DWORD code = op_new(&order, NULL, &op);

  if (code != ERROR_SUCCESS) return code;
  code = op_start(p, op);
  if (code == ERROR_SUCCESS) {
    await("released");
    assert_int_equal(played("ended:20000008"), 1);
  }
  fax_op_unref(op);
  return code;
}

static DWORD whole_life(void *arg) {
  struct fax_provider_config config = {.name = "forward", .path = arg};
  struct fax_provider *p;
  DWORD code;

  set_stage(NULL);
  fsp_script.send = send_much;
  code = provider_load(&config, &stage_events, NULL, &p);
  if (code != ERROR_SUCCESS) return code;
  code = send_all(p);
  stop(p);
  return code;
}

static void test_no_memory(void **state) {
  char *path;

  (void)state;
  assert_int_equal(where_companion("fsp/forward.so", &path), 0);
  assert_int_equal(whole_life(path), 0);
  sweep_with(whole_life, path);
  mem_free(path);
}

#define TEST(name) cmocka_unit_test_setup(name, set_stage)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(test_statuses),
      TEST(test_caller),
      TEST(test_rings),
      TEST(test_ring_before_loaded),
      TEST(test_ring_of_failed),
      TEST(test_garbage),
      TEST(test_not_utf8),
      TEST(test_after_kill),
      TEST(test_report),
      TEST(test_query),
      TEST(test_query_after_end_job),
      TEST(test_forged_note),
      TEST(test_no_memory),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, nothing_left);
}
