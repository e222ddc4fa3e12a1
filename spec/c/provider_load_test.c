/* SPDX-License-Identifier: MIT
   provider_load: the order of the calls, what is refused and with which words,
   devices, options, enabling, and memory that runs out. */
#include "provider_stage.h"

#include "base/handle.h"
#include "base/where.h"

/* FSP-1, -3, -8, -11, PORT-6, -7 */
static void test_order(void **state) {
  struct fax_provider *p = load();

  (void)state;
  assert_string_equal(stage.play, "create initialize ");
  assert_string_equal(provider_name(p), "forward");
  assert_int_equal(provider_device_count(p), 2);
  assert_int_equal(provider_device(p, 1)->device_id, FIRST_DEVICE + 1);
  assert_string_equal(provider_device(p, 0)->name, "line 10");
  assert_string_equal(provider_device(p, 1)->name, "line 11");
  assert_null(provider_device(p, 2));
  assert_int_equal(handle_kind(stage.heap), HANDLE_HEAP);
  stop(p);
  assert_string_equal(stage.play, "create initialize shutdown ");
  assert_int_equal(handle_kind(stage.heap), 0);
  assert_int_equal(handle_kind(stage.ring_port), 0);
}

static void refused(const char *name, DWORD expected, const char *word) {
  struct fax_provider *p = NULL;
  size_t live = mem_live(), handles = handle_count(), fds = test_fds();

  assert_int_equal(load_named(name, &p), expected);
  assert_null(p);
  if (strstr(error_message(), word) == NULL)
    fail_msg("\"%s\" does not name %s", error_message(), word);
  assert_int_equal(mem_live(), live);
  assert_int_equal(handle_count(), handles);
  assert_int_equal(test_fds(), fds);
}

/* FSP-2, -5 */
static void test_missing_exports(void **state) {
  static const char *const broken[][2] = {
      {"no_initialize", "FaxDevInitialize"},
      {"no_start_job", "FaxDevStartJob"},
      {"no_end_job", "FaxDevEndJob"},
      {"no_send", "FaxDevSend"},
      {"no_receive", "FaxDevReceive"},
      {"no_report_status", "FaxDevReportStatus"},
      {"no_abort", "FaxDevAbortOperation"},
      {"no_creation", "FaxDevVirtualDeviceCreation"}};

  (void)state;
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
    refused(broken[i][0], ERROR_PROC_NOT_FOUND, broken[i][1]);
  assert_string_equal(stage.play, ""); /* nothing of them was called */
}

static void test_no_module(void **state) {
  struct fax_provider_config config = {.name = "x", .path = "/nowhere/x.so"};
  struct fax_provider *p;

  (void)state;
  refused("nowhere", ERROR_MOD_NOT_FOUND, "fsp/nowhere.so");
  refused("unresolved", ERROR_MOD_NOT_FOUND, "spec_nowhere");
  refused("../fsp/forward", ERROR_INVALID_PARAMETER, "name");
  refused("", ERROR_INVALID_PARAMETER, "name");
  assert_int_equal(provider_load(&config, &stage_events, NULL, &p),
                   ERROR_MOD_NOT_FOUND);
  assert_non_null(strstr(error_message(), "/nowhere/x.so"));
  config.path = "x.so"; /* here, not in the folders of the system */
  assert_int_equal(provider_load(&config, &stage_events, NULL, &p),
                   ERROR_MOD_NOT_FOUND);
  assert_non_null(strstr(error_message(), "./x.so"));
}

/* FSP-2 */
static void test_without_shutdown(void **state) {
  struct fax_provider *p = NULL;

  (void)state;
  assert_int_equal(load_named("no_shutdown", &p), 0);
  stop(p);
  assert_string_equal(stage.play, "create initialize ");
}

/* ---- options ---- */

static DWORD load_with(const char *name, const char *const *options) {
  struct fax_provider_config config = {.name = name, .options = options};
  struct fax_provider *p = NULL;
  DWORD code = provider_load(&config, &stage_events, NULL, &p);

  if (p != NULL) stop(p);
  return code;
}

static BOOL refuse_option(const char *const *options, char *message,
                          size_t size) {
  snprintf(message, size, "no option \"%s\"", options[0]);
  FaxSetLastError(ERROR_INVALID_PARAMETER);
  return FALSE;
}

static void test_options(void **state) {
  const char *two[] = {"lines=2", "pace=real", NULL};
  const char *none[] = {NULL};

  (void)state;
  assert_int_equal(load_with("options", two), 0);
  assert_string_equal(stage.play,
                      "options option:lines=2 option:pace=real create "
                      "initialize shutdown ");
  assert_int_equal(load_with("options", NULL), 0);
  assert_int_equal(load_with("forward", none), 0);
  assert_int_equal(load_with("forward", two), ERROR_PROC_NOT_FOUND);
  assert_non_null(strstr(error_message(), "fax_provider_options"));
  assert_non_null(strstr(error_message(), "lines=2"));
  fsp_script.options = refuse_option;
  assert_int_equal(load_with("options", two), ERROR_INVALID_PARAMETER);
  assert_string_equal(error_message(), "options: no option \"lines=2\"");
}

/* ---- what it announces ---- */

static DWORD announced_count, announced_first;
static const char *announced_name;

static BOOL announce(LPDWORD count, LPTSTR name, LPDWORD first, HANDLE port,
                     ULONG_PTR key) {
  (void)port;
  (void)key;
  *count = announced_count;
  *first = announced_first;
  memcpy(name, announced_name,
         strnlen(announced_name, FAXDEV_NAME_PREFIX_SIZE - 1) + 1);
  return TRUE;
}

static void announcing(DWORD count, DWORD first, const char *name) {
  announced_count = count;
  announced_first = first;
  announced_name = name;
  fsp_script.create = announce;
}

/* FSP-6, -7 */
static void test_bad_announcements(void **state) {
  char endless[FAXDEV_NAME_PREFIX_SIZE + 1];

  (void)state;
  announcing(0, 1, "x");
  refused("forward", ERROR_INVALID_DATA, "0 devices");
  announcing(10001, 1, "x");
  refused("forward", ERROR_INVALID_DATA, "10001");
  announcing(2, 0, "x");
  refused("forward", ERROR_INVALID_DATA, "no device");
  announcing(2, 0xfffffffe, "x");
  refused("forward", ERROR_INVALID_DATA, "4294967294");
  announcing(2, 1, "\xc3\x28");
  refused("forward", ERROR_INVALID_DATA, "UTF-8");
  memset(endless, 'x', sizeof endless - 1);
  endless[sizeof endless - 1] = '\0';
  announcing(2, 1, endless);
  refused("forward", ERROR_INVALID_DATA, "no end");
  assert_int_equal(played("initialize"), 0);
}

/* PORT-6, -7 */
static void test_many_devices(void **state) {
  struct fax_provider *p;

  (void)state;
  announcing(10000, 1, "\xc3\xa4 ");
  p = load();
  assert_int_equal(provider_device_count(p), 10000);
  assert_string_equal(provider_device(p, 9999)->name, "\xc3\xa4 10000");
  stop(p);
}

/* ---- calls that fail ---- */

static BOOL fail_create(LPDWORD count, LPTSTR name, LPDWORD first, HANDLE port,
                        ULONG_PTR key) {
  (void)count;
  (void)name;
  (void)first;
  (void)port;
  (void)key;
  FaxSetLastError(ERROR_ACCESS_DENIED);
  return FALSE;
}

static BOOL fail_initialize(HLINEAPP app, HANDLE heap,
                            PFAX_LINECALLBACK *callback,
                            PFAX_SERVICE_CALLBACK service) {
  (void)app;
  (void)callback;
  (void)service;
  assert_non_null(FaxHeapAlloc(heap, 100)); /* ends with the heap */
  FaxSetLastError(4711);
  return FALSE;
}

static BOOL fail_silently(HLINEAPP app, HANDLE heap,
                          PFAX_LINECALLBACK *callback,
                          PFAX_SERVICE_CALLBACK service) {
  (void)app;
  (void)heap;
  (void)callback;
  (void)service;
  return FALSE;
}

/* FSP-9, -15 */
static void test_failing_calls(void **state) {
  (void)state;
  fsp_script.create = fail_create;
  refused("forward", ERROR_ACCESS_DENIED, "FaxDevVirtualDeviceCreation");
  set_stage(NULL);
  fsp_script.initialize = fail_initialize;
  refused("forward", 4711, "FaxDevInitialize");
  assert_int_equal(played("shutdown"), 0);
  fsp_script.initialize = fail_silently;
  refused("forward", ERROR_GEN_FAILURE, "FaxDevInitialize");
}

/* ---- enabling ---- */

/* FSP-10, -60 */
static void test_enable(void **state) {
  struct fax_provider *p = load();

  (void)state;
  provider_enable(p, FIRST_DEVICE, true, false);
  await("line:10:4:1:0");
  provider_enable(p, FIRST_DEVICE + 1, false, true);
  await("line:11:4:0:1");
  provider_enable(p, FIRST_DEVICE + 2, true, true); /* not one of its own */
  provider_enable(p, 0, true, true);
  stop(p);
  assert_string_equal(stage.play,
                      "create initialize line:10:4:1:0 line:11:4:0:1 "
                      "shutdown ");
}

static BOOL without_line(HLINEAPP app, HANDLE heap, PFAX_LINECALLBACK *callback,
                         PFAX_SERVICE_CALLBACK service) {
  (void)app;
  (void)heap;
  (void)callback;
  (void)service;
  return TRUE;
}

static void test_enable_without_callback(void **state) {
  struct fax_provider *p;

  (void)state;
  fsp_script.initialize = without_line;
  p = load();
  provider_enable(p, FIRST_DEVICE, true, true);
  stop(p);
  assert_string_equal(stage.play, "create shutdown ");
}

/* ---- memory ---- */

/* `arg` is the path of the FSP. */
static DWORD load_and_send(void *arg) {
  struct fax_provider_config config = {.name = "forward", .path = arg};
  struct op_order order = an_order(FAX_OP_SEND);
  struct fax_provider *p;
  struct fax_op *op = NULL;
  DWORD code;

  set_stage(NULL);
  code = provider_load(&config, &stage_events, NULL, &p);
  if (code != ERROR_SUCCESS) {
    assert_int_equal(played("initialize"), played("shutdown"));
    return code;
  }
  code = op_new(&order, NULL, &op);
  if (code == ERROR_SUCCESS) code = op_start(p, op);
  if (code == ERROR_SUCCESS) {
    await("released");
    assert_int_equal(played("ended:20000008"), 1);
  }
  mem_unref(op);
  stop(p);
  return code;
}

static void test_no_memory(void **state) {
  char *path;

  (void)state;
  assert_int_equal(where_companion("fsp/forward.so", &path), 0);
  assert_int_equal(load_and_send(path), 0); /* what is made once */
  sweep_with(load_and_send, path);
  mem_free(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(test_order, set_stage),
      cmocka_unit_test_setup(test_missing_exports, set_stage),
      cmocka_unit_test_setup(test_no_module, set_stage),
      cmocka_unit_test_setup(test_without_shutdown, set_stage),
      cmocka_unit_test_setup(test_options, set_stage),
      cmocka_unit_test_setup(test_bad_announcements, set_stage),
      cmocka_unit_test_setup(test_many_devices, set_stage),
      cmocka_unit_test_setup(test_failing_calls, set_stage),
      cmocka_unit_test_setup(test_enable, set_stage),
      cmocka_unit_test_setup(test_enable_without_callback, set_stage),
      cmocka_unit_test_setup(test_no_memory, set_stage),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, nothing_left);
}
