/* SPDX-License-Identifier: MIT
   Providers of any kind: operations that end before, in and after their start,
   from many threads at once; callbacks that call back; the end of a provider.
 */
#include "provider_stage.h"

#include <stdatomic.h>

#include "base/thread.h"
#include "provider/progress.h"

static DWORD start_code;
static bool end_in_start;

static DWORD fake_start(struct fax_provider *p, struct fax_op *op) {
  (void)p;
  note("start");
  if (start_code == ERROR_BUSY) error_note("the line is cut");
  if (end_in_start) fax_op_end(op, FS_COMPLETED, NULL);
  return start_code;
}

static void fake_abort(struct fax_provider *p, struct fax_op *op) {
  (void)p;
  (void)op;
  note("abort");
}

static void fake_enable(struct fax_provider *p, DWORD device, BOOL receive,
                        BOOL send) {
  (void)p;
  note("enable:%u:%d:%d", (unsigned)device, receive, send);
}

static BOOL fake_stop(struct fax_provider *p, fax_deadline until) {
  (void)p;
  note("stop");
  return until != 0;
}

static const struct fax_provider_ops fake = {.start = fake_start,
                                             .abort = fake_abort,
                                             .enable = fake_enable,
                                             .stop = fake_stop};

static struct fax_provider *fresh(const struct provider_events *events) {
  const struct provider_device devices[] = {{.device_id = 1, .name = "one"},
                                            {.device_id = 5, .name = "five"}};
  struct fax_provider *p;

  start_code = ERROR_SUCCESS;
  end_in_start = false;
  assert_int_equal(
      provider_new("fake", &fake, &stage, devices, 2, events, NULL, &p), 0);
  return p;
}

static void test_provider(void **state) {
  struct fax_provider *p = fresh(&stage_events);

  (void)state;
  assert_string_equal(provider_name(p), "fake");
  assert_int_equal(provider_device_count(p), 2);
  assert_int_equal(provider_device(p, 1)->device_id, 5);
  assert_string_equal(provider_device(p, 1)->name, "five");
  assert_ptr_equal(fax_provider_data(p), &stage);
  provider_enable(p, 5, true, false);
  fax_provider_ring(p, 5, 2, "030");
  stop(p);
  assert_string_equal(stage.play, "enable:5:1:0 ring:5:2 stop ");
}

static void test_asked(void **state) {
  struct fax_provider *p = fresh(&stage_events);
  struct fax_op *op = start_op(p, FAX_OP_RECEIVE);

  (void)state;
  assert_int_equal(fax_op_kind(op), FAX_OP_RECEIVE);
  assert_string_equal(fax_op_file(op), "/spool/page.tif");
  assert_string_equal(fax_op_caller_name(op), "Ann");
  assert_string_equal(fax_op_receiver_name(op), "Bob");
  assert_int_equal(fax_op_told(op)->job_id, 7);
  assert_string_equal(fax_op_told(op)->local_id, "+1 555");
  assert_null(fax_op_data(op));
  fax_op_set_data(op, p);
  assert_ptr_equal(fax_op_data(op), p);
  fax_op_unref(fax_op_ref(op));
  fax_op_end(op, FS_COMPLETED, NULL);
  fax_op_unref(op);
  stop(p);
}

static void test_end_in_start(void **state) {
  struct fax_provider *p = fresh(&stage_events);
  struct fax_op *op;

  (void)state;
  end_in_start = true;
  op = start_op(p, FAX_OP_SEND);
  assert_string_equal(stage.play, "start ended:20000008 released ");
  fax_op_status(op, FS_DIALING, NULL);
  fax_op_caller(op, "1", "2");
  op_kill(op, FS_FATAL_ERROR, NULL);
  fax_op_end(op, FS_BUSY, NULL); /* one end too many */
  assert_int_equal(played("ended:20000008"), 1);
  assert_int_equal(played("released"), 1);
  assert_int_equal(played("status:20000001"), 0);
  fax_op_unref(op);
  stop(p);
}

static void test_start_refused(void **state) {
  struct fax_provider *p = fresh(&stage_events);
  struct op_order order = an_order(FAX_OP_SEND);
  struct fax_op *op;

  (void)state;
  start_code = ERROR_BUSY;
  fax_op_unref(start_op(p, FAX_OP_SEND));
  assert_string_equal(stage.play, "start ended:20000020 released ");
  assert_non_null(strstr(stage.evidence, "the line is cut"));
  start_code = ERROR_NOT_ENOUGH_MEMORY;
  assert_int_equal(op_new(&order, NULL, &op), 0);
  assert_int_equal(op_start(p, op), ERROR_NOT_ENOUGH_MEMORY);
  fax_op_unref(op);
  assert_string_equal(stage.play, "start ended:20000020 released start ");
  stop(p);
}

static void test_not_started(void **state) {
  struct op_order order = an_order(FAX_OP_SEND);
  struct fax_op *op;

  (void)state;
  assert_int_equal(op_new(&order, NULL, &op), 0);
  op_kill(op, FS_FATAL_ERROR, NULL);
  fax_op_status(op, FS_DIALING, NULL);
  fax_op_caller(op, "1", NULL);
  op_abort(op);
  fax_op_unref(op);
  assert_string_equal(stage.play, "");
}

static void test_merge(void **state) {
  struct fax_progress first = FAX_PROGRESS_INIT, last = FAX_PROGRESS_INIT;
  struct fax_provider *p = fresh(&stage_events);
  struct fax_op *op = start_op(p, FAX_OP_SEND);

  (void)state;
  first.page = 1;
  first.image_bytes = 1000;
  first.remote_id = "+1";
  fax_op_status(op, FS_TRANSMITTING, &first);
  first = (struct fax_progress)FAX_PROGRESS_INIT;
  first.page = 2;
  fax_op_status(op, FS_TRANSMITTING, &first);
  assert_int_equal(stage.last.image_bytes, FAX_UNKNOWN); /* of the page */
  assert_string_equal(stage.remote_id, "+1");
  fax_op_status(op, FS_TRANSMITTING, NULL);
  assert_int_equal(stage.last.page, 2);
  last.pages_confirmed = 0;
  last.cause = "x";
  last.advice = "\xff"; /* not UTF-8 */
  fax_op_end(op, FS_BUSY, &last);
  assert_int_equal(stage.last.page, 2);
  assert_int_equal(stage.last.pages_confirmed, 0);
  assert_string_equal(stage.cause, "x");
  assert_string_equal(stage.advice, "");
  fax_op_unref(op);
  stop(p);
}

/* ---- callbacks that call back ---- */

static struct fax_op *the_op;
static struct fax_provider *the_provider;

static void kill_in_status(void *arg, DWORD status,
                           const struct fax_progress *progress) {
  on_status(arg, status, progress);
  op_abort(the_op);
  op_kill(the_op, FS_USER_ABORT, NULL);
  fax_op_end(the_op, FS_COMPLETED, NULL); /* the first end counts */
  fax_op_status(the_op, FS_BUSY, NULL);
  note("left");
}

static void test_kill_in_callback(void **state) {
  struct provider_events events = stage_events;

  (void)state;
  events.status = kill_in_status;
  the_provider = fresh(&events);
  the_op = start_op(the_provider, FAX_OP_SEND);
  fax_op_status(the_op, FS_DIALING, NULL);
  fax_op_unref(the_op);
  stop(the_provider);
  assert_string_equal(stage.play,
                      "start status:20000001 abort abort left "
                      "ended:20200000 released stop ");
}

/* ---- many threads ---- */

enum { TELLERS = 4, TOLD = 500 };

static atomic_int inside, statuses, ends, releases;

/* Never two at once, and never after the end. */
static void enter_one(void) {
  assert_int_equal(atomic_fetch_add(&inside, 1), 0);
  assert_int_equal(atomic_load(&releases), 0);
}

static void count_status(void *arg, DWORD status,
                         const struct fax_progress *progress) {
  (void)arg;
  (void)status;
  (void)progress;
  enter_one();
  assert_int_equal(atomic_load(&ends), 0);
  atomic_fetch_add(&statuses, 1);
  atomic_fetch_sub(&inside, 1);
}

static void count_end(void *arg, DWORD status,
                      const struct fax_progress *last) {
  (void)arg;
  (void)status;
  (void)last;
  enter_one();
  assert_int_equal(atomic_fetch_add(&ends, 1), 0);
  atomic_fetch_sub(&inside, 1);
}

static void count_release(void *arg) {
  (void)arg;
  enter_one();
  assert_int_equal(atomic_load(&ends), 1);
  atomic_fetch_add(&releases, 1);
  atomic_fetch_sub(&inside, 1);
}

static void tell(void *arg) {
  struct fax_op *op = arg;

  for (DWORD i = 0; i < TOLD; i++) {
    struct fax_progress progress = FAX_PROGRESS_INIT;
    progress.page = i;
    progress.remote_id = "+1";
    fax_op_status(op, FS_TRANSMITTING, &progress);
  }
}

static void kill_it(void *arg) {
  op_kill(arg, FS_FATAL_ERROR, NULL);
}
static void end_it(void *arg) {
  fax_op_end(arg, FS_COMPLETED, NULL);
}

static void test_many_threads(void **state) {
  struct provider_events events = {count_status,  on_caller, count_end,
                                   count_release, on_ring,   NULL};
  pthread_t threads[TELLERS + 2];
  struct fax_provider *p = fresh(&events);

  (void)state;
  for (int round = 0; round < 20; round++) {
    struct fax_op *op = start_op(p, FAX_OP_SEND);
    ends = releases = 0;
    for (int i = 0; i < TELLERS; i++)
      assert_int_equal(thread_start(&threads[i], "tell", tell, op), 0);
    assert_int_equal(thread_start(&threads[TELLERS], "kill", kill_it, op), 0);
    assert_int_equal(thread_start(&threads[TELLERS + 1], "end", end_it, op), 0);
    for (int i = 0; i < TELLERS + 2; i++) thread_join(threads[i]);
    assert_int_equal(ends, 1);
    assert_int_equal(releases, 1);
    fax_op_unref(op);
  }
  stop(p);
}

/* ---- the end of a provider ---- */

static void gated_status(void *arg, DWORD status,
                         const struct fax_progress *progress) {
  note("entered");
  pass_gate();
  on_status(arg, status, progress);
}

static void tell_once(void *arg) {
  fax_op_status(arg, FS_DIALING, NULL);
}

static void stop_it(void *arg) {
  assert_false(provider_stop(arg, 0));
  note("stopped");
}

/* It returns when the callback that runs has left, and then none comes. */
static void test_stop_waits_for_callback(void **state) {
  struct provider_events events = stage_events;
  pthread_t teller, stopper;
  struct fax_provider *p;
  struct fax_op *op;

  (void)state;
  events.status = gated_status;
  p = fresh(&events);
  op = start_op(p, FAX_OP_SEND);
  assert_int_equal(thread_start(&teller, "tell", tell_once, op), 0);
  await("entered");
  assert_int_equal(thread_start(&stopper, "stop", stop_it, p), 0);
  await("stop");
  assert_int_equal(played("stopped"), 0);
  open_gate();
  thread_join(teller);
  thread_join(stopper);
  assert_true(strstr(stage.play, "status:20000001 ") <
              strstr(stage.play, "stopped "));
  fax_op_status(op, FS_BUSY, NULL);
  fax_provider_ring(p, 1, 1, NULL);
  fax_op_end(op, FS_COMPLETED, NULL);
  assert_string_equal(stage.play,
                      "start entered stop status:20000001 stopped ");
  fax_op_unref(op);
  mem_unref(p);
}

/* ---- memory ---- */

static DWORD whole_life(void *arg) {
  const struct provider_device devices[] = {{.device_id = 1, .name = "one"},
                                            {.device_id = 5, .name = "five"}};
  struct op_order order = an_order(FAX_OP_SEND);
  struct fax_progress progress = FAX_PROGRESS_INIT;
  struct fax_provider *p;
  struct fax_op *op;
  DWORD code;

  (void)arg;
  set_stage(NULL);
  progress.remote_id = progress.evidence = "x";
  code = provider_new("fake", &fake, NULL, devices, 2, &stage_events, NULL, &p);
  if (code != ERROR_SUCCESS) return code;
  code = op_new(&order, NULL, &op);
  if (code == ERROR_SUCCESS) {
    assert_int_equal(op_start(p, op), 0);
    fax_op_status(op, FS_DIALING, &progress);
    fax_op_caller(op, "1", "2");
    fax_op_end(op, FS_COMPLETED, &progress);
    assert_int_equal(played("ended:20000008"), 1);
    assert_int_equal(played("released"), 1);
    fax_op_unref(op);
  }
  stop(p);
  return code;
}

static void test_no_memory(void **state) {
  (void)state;
  start_code = ERROR_SUCCESS;
  end_in_start = false;
  sweep(whole_life);
}

/* ---- texts ---- */

static void test_utf8(void **state) {
  static const char *const good[] = {"",
                                     "a",
                                     "\xc3\xa4",
                                     "\xe2\x82\xac",
                                     "\xf0\x9f\x93\xa0",
                                     "\xf4\x8f\xbf\xbf"};
  static const char *const bad[] = {"\x80",
                                    "\xc3",
                                    "\xc0\x80",
                                    "\xc1\xbf",
                                    "\xe0\x80\x80",
                                    "\xed\xa0\x80",
                                    "\xf0\x80\x80\x80",
                                    "\xf4\x90\x80\x80",
                                    "\xf8\x88\x80\x80\x80",
                                    "\xe2\x82",
                                    "a\xff"};

  (void)state;
  for (size_t i = 0; i < sizeof good / sizeof *good; i++)
    assert_true(text_is_utf8(good[i]));
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_false(text_is_utf8(bad[i]));
}

#define TEST(name) cmocka_unit_test_setup(name, set_stage)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(test_provider),
      TEST(test_asked),
      TEST(test_end_in_start),
      TEST(test_start_refused),
      TEST(test_not_started),
      TEST(test_merge),
      TEST(test_kill_in_callback),
      TEST(test_many_threads),
      TEST(test_stop_waits_for_callback),
      TEST(test_no_memory),
      TEST(test_utf8),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, nothing_left);
}
