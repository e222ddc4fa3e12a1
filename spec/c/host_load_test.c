/* SPDX-License-Identifier: MIT
   Child processes from their start to their end: what cannot be loaded, whose
   lines are whose, pauses, a stop. */
#include "folder.h"
#include "host_stage.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- what cannot be loaded ---- */

static void is_refused(const char *option, const struct host_limits *limits,
                       DWORD code, const char *text) {
  const char *const options[] = {option, NULL};
  struct fax_provider *p;
  assert_int_equal(stage_load_with(options, 1, limits, &p), code);
  if (strstr(error_message(), text) == NULL)
    fail_msg("\"%s\" does not say \"%s\"", error_message(), text);
}

static void what_it_says_itself(void **state) {
  (void)state;
  is_refused("nonsense=1", &stage_limits, ERROR_INVALID_PARAMETER,
             "hosted: no such option: nonsense=1");
  is_refused("fault=fail_in_initialize", &stage_limits, ERROR_BAD_CONFIGURATION,
             "hosted: FaxDevInitialize failed with");
  is_refused("lines=0", &stage_limits, ERROR_INVALID_DATA,
             "hosted: it announces 0 devices");
}

static void a_crash_while_it_is_loaded(void **state) {
  (void)state;
  is_refused("fault=crash_in_initialize", &stage_limits, ERROR_GEN_FAILURE,
             "hosted: its host was killed by SIGSEGV");
}

static void one_that_does_not_come_back(void **state) {
  struct host_limits limits = stage_limits;
  (void)state;
  limits.load = 0.5;
  is_refused("fault=hang_in_initialize", &limits, ERROR_TIMEOUT,
             "hosted: its host was not loaded within 0.5 s");
}

static void no_such_file(void **state) {
  struct fax_provider_config config = {
      .name = "x", .path = "/nowhere/x.so", .isolate = 1};
  struct fax_provider *p;
  (void)state;
  assert_int_equal(host_load(&config, &stage_events, NULL, &p),
                   ERROR_MOD_NOT_FOUND);
  assert_non_null(strstr(error_message(), "/nowhere/x.so"));
}

/* FaxDevInitialize may wait by the virtual clock, as in this process. */
static void waiting_while_it_is_loaded(void **state) {
  const char *const options[] = {"fault=wait_in_initialize", "lines=1", NULL};
  struct fax_provider *p;
  (void)state;
  stage_virtual();
  fax_deadline before = FaxClockNow();
  assert_int_equal(stage_load_with(options, 1, &stage_limits, &p), 0);
  assert_int_equal(FaxClockNow() - before, FAX_SECOND);
  stage_stop(p);
  assert_int_equal(clock_set_real(), 0);
}

static void rings_of_other_hosts_are_ignored(void **state) {
  struct fax_provider *p = stage_load(3, &stage_limits);
  (void)state;
  stage_send(p, 3, "ring", FS_COMPLETED, NULL, NULL);
  stage_stop(p);
  assert_string_equal(stage_rings, "303:1 ");
  log_says("ring of device 302 ignored: it belongs to another host");
}

/* ---- a file that makes a start go wrong ---- */

static char flag_file[FOLDER_SIZE];

static struct fax_provider *load_with_flag(const char *fault) {
  char file[96];
  const char *const options[] = {fault, file, NULL};
  struct fax_provider *p;
  folder_name(flag_file);
  close(mkstemp(flag_file));
  unlink(flag_file);
  snprintf(file, sizeof file, "file=%s", flag_file);
  assert_int_equal(stage_load_with(options, 4, &stage_limits, &p), 0);
  return p;
}

/* How often the log says so. */
static int said(const char *text) {
  int count = 0;
  assert_true(log_flush(30));
  pthread_mutex_lock(&stage_lock);
  for (const char *at = stage_log; (at = strstr(at, text)) != NULL; at++)
    count++;
  pthread_mutex_unlock(&stage_lock);
  return count;
}

static void pass(int seconds) {
  assert_true(FaxClockWait(FaxClockNow() + seconds * FAX_SECOND, NULL));
}

/* ---- lines ---- */

static void say_enabled(struct fax_provider *p, DWORD line, const char *told) {
  pass(1); /* until each host has told its FSP */
  stage_send(p, line, "enabled", FS_NO_ANSWER, "told", told);
}

/* FSP-60: those of other hosts are disabled; a setting outlives its process. */
static void lines_have_one_host(void **state) {
  (void)state;
  stage_virtual();
  struct fax_provider *p = stage_load(2, &stage_limits);
  assert_int_equal(provider_device_count(p), 4);
  assert_string_equal(provider_device(p, 3)->name, "hosted line 303");
  say_enabled(p, 0, "0 0 1 1 ");
  say_enabled(p, 3, "1 1 0 0 ");
  provider_enable(p, FIRST_LINE + 2, true, false);
  provider_enable(p, FIRST_LINE + 3, false, true);
  stage_send(p, 2, "crash", FS_FATAL_ERROR, "provider_crashed", NULL);
  say_enabled(p, 2, "1 1 2 3 ");
  stage_stop(p);
  assert_int_equal(clock_set_real(), 0);
}

/* A path may be no UTF-8. */
static void a_path_is_bytes(void **state) {
  struct fax_provider *p = stage_load(1, &stage_limits);
  struct op_order order = {.kind = FAX_OP_SEND,
                           .file = "/spool/\xff\xe4.tif",
                           .told = {.size = sizeof order.told,
                                    .device_id = FIRST_LINE,
                                    .called_number = "file"}};
  struct call c = {.op = NULL};
  (void)state;
  assert_int_equal(op_new(&order, &c, &c.op), 0);
  assert_int_equal(op_start(p, c.op), 0);
  stage_end(&c, FS_NO_ANSWER, "told", "2f 73 70 6f 6f 6c 2f ff e4 2e 74 69 66");
  stage_stop(p);
}

/* ---- pauses ---- */

static void pauses_grow(void **state) {
  (void)state;
  stage_virtual();
  struct fax_provider *p = load_with_flag("fault=crash_if_file");
  close(open(flag_file, O_CREAT | O_WRONLY, 0600));
  stage_send(p, 0, "crash", FS_FATAL_ERROR, "provider_crashed", NULL);
  /* at once, after 1, 3, 7, 15, 31, 63, 123, 183 seconds */
  pass(62);
  static const char *const pauses[] = {"in 0 s", "in 1 s",  "in 2 s", "in 4 s",
                                       "in 8 s", "in 16 s", "in 32 s"};
  for (size_t i = 0; i < sizeof pauses / sizeof *pauses; i++)
    assert_int_equal(said(pauses[i]), 1);
  stage_send(p, 0, "100", FS_LINE_UNAVAILABLE, "provider_refused",
             "started again soon");
  pass(130);
  assert_int_equal(said("in 60 s"), 3);
  unlink(flag_file);
  pass(60);
  stage_send(p, 0, "100", FS_COMPLETED, NULL, NULL);
  pass(60); /* it has served well: a crash is the first one again */
  stage_send(p, 0, "crash", FS_FATAL_ERROR, "provider_crashed", NULL);
  stage_send(p, 0, "100", FS_COMPLETED, NULL, NULL);
  assert_int_equal(said("in 0 s"), 2);
  stage_stop(p);
  assert_int_equal(clock_set_real(), 0);
}

/* A call that has not begun is not counted as one that failed. */
static void other_lines_are_refused(void **state) {
  (void)state;
  stage_virtual();
  struct fax_provider *p = load_with_flag("fault=fewer_if_file");
  close(open(flag_file, O_CREAT | O_WRONLY, 0600));
  stage_send(p, 0, "crash", FS_FATAL_ERROR, "provider_crashed", NULL);
  stage_send(p, 0, "100", FS_LINE_UNAVAILABLE, NULL,
             "other devices than the first host");
  unlink(flag_file);
  stage_stop(p);
  assert_int_equal(clock_set_real(), 0);
}

/* ---- the stop ---- */

static struct fax_provider *load_with(const char *fault,
                                      const struct host_limits *limits) {
  const char *const options[] = {fault, NULL};
  struct fax_provider *p;
  assert_int_equal(stage_load_with(options, 2, limits, &p), 0);
  /* Each is there. */
  stage_send(p, 0, "100", FS_COMPLETED, NULL, NULL);
  stage_send(p, 2, "100", FS_COMPLETED, NULL, NULL);
  return p;
}

static void a_stop_that_hangs(void **state) {
  (void)state;
  struct fax_provider *p = load_with("fault=hang_in_shutdown", &stage_limits);
  assert_true(provider_stop(p, FaxClockNow() + FAX_SECOND / 5));
  mem_unref(p);
  log_says("did not shut down");
}

/* Where time stands still the machine's clock has a limit. */
static void a_virtual_stop_that_hangs(void **state) {
  struct host_limits limits = stage_limits;
  (void)state;
  limits.stop = 0.2;
  stage_virtual();
  struct fax_provider *p = load_with("fault=hang_in_shutdown", &limits);
  stage_stop(p);
  log_says("did not shut down");
  assert_int_equal(clock_set_real(), 0);
}

static void a_stop_that_crashes(void **state) {
  (void)state;
  struct fax_provider *p = load_with("fault=crash_in_shutdown", &stage_limits);
  stage_stop(p);
  log_says("was killed by SIGSEGV");
}

static void a_stop_with_calls(void **state) {
  struct fax_provider *p = stage_load(2, &stage_limits);
  struct call waits, hangs;
  (void)state;
  stage_start(p, &waits, 0, "wait");
  stage_start(p, &hangs, 2, "deaf");
  await_flag(&waits.begun, "a call that waits");
  await_flag(&hangs.begun, "a call that does not hear");
  assert_true(provider_stop(p, FaxClockNow() + FAX_SECOND));
  stage_end(&waits, FS_USER_ABORT, NULL, NULL);
  stage_end(&hangs, FS_FATAL_ERROR, "provider_stuck", "did not shut down");
  mem_unref(p);
}

static void a_stop_right_away(void **state) {
  (void)state;
  for (DWORD isolate = 1; isolate < 5; isolate++)
    stage_stop(stage_load(isolate, &stage_limits));
  assert_int_equal(said("was "), 0);
}

/* ---- memory ---- */

static DWORD load_and_send(void *arg) {
  const char *const options[] = {"lines=1", "pages=1", NULL};
  struct op_order order = {.kind = FAX_OP_SEND,
                           .file = "/spool/page.tif",
                           .told = {.size = sizeof order.told,
                                    .device_id = FIRST_LINE,
                                    .first_page = 1,
                                    .called_number = "100"}};
  struct fax_provider *p;
  struct call c = {.op = NULL};
  (void)arg;
  DWORD code = stage_load_with(options, 1, &stage_limits, &p);
  if (code != ERROR_SUCCESS) return code;
  code = op_new(&order, &c, &c.op);
  if (code == ERROR_SUCCESS) {
    code = op_start(p, c.op);
    if (code == ERROR_SUCCESS) await_flag(&c.released, "the end of a call");
    fax_op_unref(c.op);
  }
  stage_stop(p);
  return c.released && c.status != FS_COMPLETED ? ERROR_NOT_ENOUGH_MEMORY
                                                : code;
}

static void no_memory(void **state) {
  (void)state;
  log_end();                                /* it allocates when it may */
  assert_int_equal(load_and_send(NULL), 0); /* what is made once */
  sweep(load_and_send);
}

int main(void) {
  const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, stage_set, stage_clear)
      TEST(what_it_says_itself),
      TEST(a_crash_while_it_is_loaded),
      TEST(one_that_does_not_come_back),
      TEST(no_such_file),
      TEST(waiting_while_it_is_loaded),
      TEST(lines_have_one_host),
      TEST(rings_of_other_hosts_are_ignored),
      TEST(a_path_is_bytes),
      TEST(pauses_grow),
      TEST(other_lines_are_refused),
      TEST(a_stop_that_hangs),
      TEST(a_virtual_stop_that_hangs),
      TEST(a_stop_that_crashes),
      TEST(a_stop_with_calls),
      TEST(a_stop_right_away),
      TEST(no_memory),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
