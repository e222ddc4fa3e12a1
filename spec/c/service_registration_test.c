/* SPDX-License-Identifier: MIT
   Registered providers (FSP-16, FSP-17, FSP-9): what is refused, what is kept,
   who writes at the same time, what a start makes of it; and the other calls
   that need no service: FaxCompleteJobParams, printing, routing extensions. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "base/where.h"
#include "service/registration/registration.h"
#include "service_fsp.h"
#include "service_stage.h"

static struct stage st;
static struct fax_service_config config;
static char file[96]; /* providers.json */

/* A directory that FaxServiceStart would use, and none of its services. */
static int set_up(void **unused) {
  (void)unused;
  char *image;
  fsp_set(1);
  stage_count(&st);
  stage_options(&st, &config);
  snprintf(file, sizeof file, "%s/providers.json", st.directory);
  setenv("FAX_DIRECTORY", st.directory, 1);
  assert_int_equal(where_companion("fsp/forward.so", &image), ERROR_SUCCESS);
  *strrchr(image, '/') = '\0';
  setenv("FAX_TEST_FSPS", image, 1);
  mem_free(image);
  st.live = mem_live();
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  stage_clear(&st);
  stage_is_empty(&st);
  unsetenv("FAX_DIRECTORY");
  unsetenv("FAX_TEST_FSPS");
  return 0;
}

#define FORWARD "%FAX_TEST_FSPS%/forward.so"

static void put_file(const char *text) {
  FILE *f = fopen(file, "w");
  assert_non_null(f);
  assert_true(fputs(text, f) >= 0);
  fclose(f);
}

static void file_says(const char *text) {
  char content[4096] = "";
  FILE *f = fopen(file, "r");
  assert_non_null(f);
  content[fread(content, 1, sizeof content - 1, f)] = '\0';
  fclose(f);
  if (strstr(content, text) == NULL)
    fail_msg("\"%s\" is not in %s", text, content);
}

static void log_says(const char *text) {
  char path[96], content[8192] = "";
  snprintf(path, sizeof path, "%s/fax.log", st.directory);
  FILE *f = fopen(path, "r");
  assert_non_null(f);
  content[fread(content, 1, sizeof content - 1, f)] = '\0';
  fclose(f);
  if (strstr(content, text) == NULL)
    fail_msg("\"%s\" is not in %s", text, content);
}

static void start(const struct fax_provider_config *provider) {
  config.providers = provider;
  config.provider_count = provider != NULL;
  if (!FaxServiceStart(&config)) fail_msg("%s", FaxGetLastErrorMessage());
}

static DWORD ports(void) {
  HANDLE server;
  FAX_PORT_INFO *list;
  DWORD count;
  assert_true(FaxConnectFaxServer(NULL, &server));
  assert_true(FaxEnumPorts(server, &list, &count));
  FaxFreeBuffer(list);
  FaxClose(server);
  return count;
}

/* ---- what is registered is loaded (FSP-16) ---- */

static void a_registered_provider_is_loaded(void **unused) {
  struct fax_provider_config loopback = {.name = "loopback"};
  (void)unused;
  assert_true(FaxRegisterServiceProvider("{guid}", "Fäx", FORWARD, ""));
  file_says("%FAX_TEST_FSPS%"); /* as it was given */
  start(NULL);
  assert_int_equal(ports(), FSP_LINES);
  stage_stop_within(20);
  start(&loopback);
  assert_true(ports() > FSP_LINES);
  stage_stop_within(20);
  assert_true(FaxUnregisterServiceProvider("{guid}"));
  start(NULL);
  assert_int_equal(ports(), 0);
  stage_stop_within(20);
}

/* The directory is the running service's, whatever the environment says, and
   it has the ports at once. */
static void a_running_service_has_the_registrations(void **unused) {
  (void)unused;
  start(NULL);
  setenv("FAX_DIRECTORY", "/proc/nowhere", 1);
  assert_true(FaxRegisterServiceProvider("one", "One", FORWARD, ""));
  assert_int_equal(ports(), FSP_LINES);
  file_says("\"one\"");
  stage_stop_within(20);
  assert_false(FaxRegisterServiceProvider("two", "Two", FORWARD, ""));
  start(NULL);
  assert_int_equal(ports(), FSP_LINES);
  stage_stop_within(20);
}

/* ---- what is refused (FSP-17) ---- */

static void wrong_parameters_are_refused(void **unused) {
  char most[254], more[255];
  memset(most, 'n', sizeof most);
  memset(more, 'n', sizeof more);
  most[253] = more[254] = '\0';
  const struct {
    const char *name, *friendly, *image, *tsp;
    DWORD error;
  } wrong[] = {
      {NULL, "f", FORWARD, "", ERROR_INVALID_PARAMETER},
      {"n", NULL, FORWARD, "", ERROR_INVALID_PARAMETER},
      {"n", "f", NULL, "", ERROR_INVALID_PARAMETER},
      {"n", "f", FORWARD, NULL, ERROR_INVALID_PARAMETER},
      {"", "f", FORWARD, "", ERROR_INVALID_PARAMETER},
      {"n", "", FORWARD, "", ERROR_INVALID_PARAMETER},
      {"n", "f", "", "", ERROR_INVALID_PARAMETER},
      {more, "f", FORWARD, "", ERROR_INVALID_PARAMETER},
      {"n", more, FORWARD, "", ERROR_INVALID_PARAMETER},
      {"n", "f", more, "", ERROR_INVALID_PARAMETER},
      {"n\xff", "f", FORWARD, "", ERROR_INVALID_PARAMETER},
      {"n", "\xc3", FORWARD, "", ERROR_INVALID_PARAMETER},
      {"a/b", "f", FORWARD, "", ERROR_INVALID_PARAMETER},
      {"n", "f", "forward.so", "", ERROR_INVALID_PARAMETER},
      {"n", "f", "/nowhere/forward.so", "", ERROR_FILE_NOT_FOUND},
      {"n", "f", "/tmp", "", ERROR_FILE_NOT_FOUND},
      {"n", "f", "/%FAX_TEST_NO_SUCH%/x", "", ERROR_FILE_NOT_FOUND},
      {"n", "f", "/%", "", ERROR_FILE_NOT_FOUND},
      {"n", "f", FORWARD, "tsp", ERROR_NOT_SUPPORTED},
  };
  (void)unused;
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    assert_fails(FaxRegisterServiceProvider(wrong[i].name, wrong[i].friendly,
                                            wrong[i].image, wrong[i].tsp),
                 wrong[i].error);
    assert_string_not_equal(FaxGetLastErrorMessage(), "");
  }
  assert_int_equal(access(file, F_OK), -1);
  assert_true(FaxRegisterServiceProvider(most, most, FORWARD, ""));
  assert_fails(FaxRegisterServiceProvider(most, "f", FORWARD, ""),
               ERROR_ALREADY_EXISTS);
  assert_fails(FaxUnregisterServiceProvider("n"), ERROR_NOT_FOUND);
  assert_fails(FaxUnregisterServiceProvider(NULL), ERROR_INVALID_PARAMETER);
  assert_true(FaxUnregisterServiceProvider(most));
  assert_fails(FaxUnregisterServiceProvider(most), ERROR_NOT_FOUND);
}

static void a_variable_that_expands_for_ever_is_cut(void **unused) {
  char huge[5000];
  (void)unused;
  memset(huge, 'x', sizeof huge - 1);
  huge[0] = '/';
  huge[sizeof huge - 1] = '\0';
  setenv("FAX_TEST_HUGE", huge, 1);
  assert_fails(FaxRegisterServiceProvider("n", "f", "%FAX_TEST_HUGE%", ""),
               ERROR_INVALID_PARAMETER);
  unsetenv("FAX_TEST_HUGE");
}

/* ---- writers ---- */

static void register_some(int child) {
  for (int i = 0; i < 5; i++) {
    char name[32];
    snprintf(name, sizeof name, "provider-%d-%d", child, i);
    if (!FaxRegisterServiceProvider(name, name, FORWARD, "")) _exit(1);
    if (i == 4 && !FaxUnregisterServiceProvider(name)) _exit(1);
  }
  _exit(0);
}

static void writers_do_not_undo_each_other(void **unused) {
  struct arena a = {0};
  struct registrations list;
  (void)unused;
  for (int child = 0; child < 4; child++)
    if (fork() == 0) register_some(child);
  for (int child = 0; child < 4; child++) {
    int status;
    assert_true(wait(&status) > 0);
    assert_int_equal(status, 0);
  }
  assert_int_equal(registration_read(st.directory, &a, &list), ERROR_SUCCESS);
  assert_int_equal(list.count, 16);
  for (DWORD i = 0; i < 16; i++)
    for (DWORD j = 0; j < i; j++)
      assert_string_not_equal(list.providers[i].name, list.providers[j].name);
  arena_free(&a);
}

static void a_writer_is_not_waited_for_for_ever(void **unused) {
  struct registry r;
  char path[96];
  (void)unused;
  snprintf(path, sizeof path, "%s/providers.lock", st.directory);
  int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  assert_int_equal(flock(fd, LOCK_EX), 0);
  assert_int_equal(registry_open(&r, NULL, 0.02), ERROR_BUSY);
  close(fd);
  assert_int_equal(registry_open(&r, NULL, 0.02), ERROR_SUCCESS);
  registry_close(&r);
}

/* What cannot be written leaves the old file. */
static void a_failed_write_leaves_the_old_file(void **unused) {
  char path[96];
  (void)unused;
  assert_true(FaxRegisterServiceProvider("one", "One", FORWARD, ""));
  snprintf(path, sizeof path, "%s/providers.json.new", st.directory);
  assert_int_equal(mkdir(path, 0700), 0);
  assert_false(FaxRegisterServiceProvider("two", "Two", FORWARD, ""));
  assert_int_not_equal(FaxGetLastError(), ERROR_SUCCESS);
  file_says("\"one\"");
  assert_int_equal(rmdir(path), 0);
  assert_true(FaxRegisterServiceProvider("two", "Two", FORWARD, ""));
  assert_int_equal(access(path, F_OK), -1);
}

/* ---- what a start makes of it (FSP-9) ---- */

static void one_that_fails_is_left_out(void **unused) {
  (void)unused;
  assert_true(FaxRegisterServiceProvider("broken", "Broken",
                                         "%FAX_TEST_FSPS%/no_send.so", ""));
  assert_true(FaxRegisterServiceProvider("works", "Works", FORWARD, ""));
  assert_true(FaxRegisterServiceProvider("gone", "Gone", file, ""));
  start(NULL);
  assert_int_equal(ports(), FSP_LINES);
  stage_stop_within(20);
  log_says("registered provider broken is not used: ");
  log_says("FaxDevSend");
  log_says("registered provider gone is not used: ");
}

static void a_configured_name_comes_first(void **unused) {
  struct fax_provider_config forward = {.name = "forward"};
  (void)unused;
  assert_true(FaxRegisterServiceProvider("forward", "Again", FORWARD, ""));
  start(&forward);
  assert_int_equal(ports(), FSP_LINES);
  stage_stop_within(20);
  log_says("registered provider forward: one of this name is loaded already");
}

/* FSP-7: the devices of the second have the ids of the first. */
static void a_clash_of_devices_leaves_it_out(void **unused) {
  struct fax_provider_config forward = {.name = "forward"};
  char image[96];
  (void)unused;
  stage_copy_fsp(&st, "forward", "again.so", image, sizeof image);
  assert_true(FaxRegisterServiceProvider("again", "Again", image, ""));
  start(&forward);
  assert_int_equal(ports(), FSP_LINES);
  stage_stop_within(20);
  log_says("registered provider again is not used: ");
  log_says("in use already");
}

/* A shared object serves one provider: its data is there once. */
static void a_module_in_use_leaves_it_out(void **unused) {
  struct fax_provider_config forward = {.name = "forward"};
  (void)unused;
  assert_true(FaxRegisterServiceProvider("again", "Again", FORWARD, ""));
  start(&forward);
  assert_int_equal(ports(), FSP_LINES);
  stage_stop_within(20);
  log_says("registered provider again is not used: ");
  log_says("forward.so is in use already, by the provider forward");
}

static void a_damaged_file_refuses_the_start(void **unused) {
  static const char *const damage[] = {
      "",
      "{",
      "[]",
      "{}",
      "{\"version\":2,\"providers\":[]}",
      "{\"version\":1,\"providers\":[{}]}",
      "{\"version\":1,\"providers\":[{\"name\":\"\",\"friendly_name\":\"f\","
      "\"image\":\"/i\"}]}",
      "{\"version\":1,\"providers\":[{\"name\":\"n\",\"image\":5}]}",
      "{\"version\":1,\"providers\":[],\"colour\":1}",
      "{\"version\":1,\"version\":1}",
      "{\"version\":1} x"};
  (void)unused;
  config.provider_count = 0;
  for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
    put_file(damage[i]);
    assert_fails(FaxServiceStart(&config), ERROR_REGISTRY_CORRUPT);
    if (strstr(FaxGetLastErrorMessage(), file) == NULL)
      fail_msg("\"%s\" does not name the file", FaxGetLastErrorMessage());
    assert_fails(FaxRegisterServiceProvider("n", "f", FORWARD, ""),
                 ERROR_REGISTRY_CORRUPT);
    assert_fails(FaxUnregisterServiceProvider("n"), ERROR_REGISTRY_CORRUPT);
    file_says(damage[i]);
  }
}

/* ---- memory ---- */

static DWORD add_and_remove(void *unused) {
  (void)unused;
  unlink(file);
  if (FaxRegisterServiceProvider("one", "One", FORWARD, "") &&
      FaxUnregisterServiceProvider("one"))
    return ERROR_SUCCESS;
  return FaxGetLastError();
}

static void no_memory_leaves_nothing(void **unused) {
  (void)unused;
  sweep(add_and_remove);
}

/* A start that runs out of memory ends, or has all that is registered. */
static void a_start_without_memory_leaves_nothing(void **unused) {
  bool failed = true;
  (void)unused;
  assert_true(FaxRegisterServiceProvider("one", "One", FORWARD, ""));
  start(NULL);
  stage_stop_within(20);
  size_t live = mem_live(), fds = test_fds();
  for (long n = 0; failed; n++) {
    mem_fail_after(n);
    BOOL started = FaxServiceStart(&config);
    DWORD error = FaxGetLastError();
    failed = mem_failed();
    mem_fail_after(-1);
    if (started) {
      assert_int_equal(ports(), FSP_LINES);
      stage_stop_within(20);
    } else {
      assert_int_equal(error, ERROR_NOT_ENOUGH_MEMORY);
    }
    assert_int_equal(mem_live(), live);
    assert_int_equal(test_fds(), fds);
    assert_true(n < 10000);
  }
}

static DWORD complete(void *unused) {
  FAX_JOB_PARAM *params;
  FAX_COVERPAGE_INFO *cover;
  (void)unused;
  if (!FaxCompleteJobParams(&params, &cover)) return FaxGetLastError();
  FaxFreeBuffer(params);
  FaxFreeBuffer(cover);
  return ERROR_SUCCESS;
}

/* ---- FaxCompleteJobParams (JOB-16, MEM-2) ---- */

static const char *const variables[] = {
    "FAX_SENDER_NAME",   "FAX_SENDER_COMPANY",    "FAX_SENDER_DEPT",
    "FAX_SENDER_TSID",   "FAX_SENDER_ADDRESS",    "FAX_SENDER_TITLE",
    "FAX_SENDER_OFFICE", "FAX_SENDER_HOME_PHONE", "FAX_SENDER_OFFICE_PHONE",
    "FAX_BILLING_CODE"};
enum { VARIABLES = sizeof variables / sizeof *variables };

static void the_sender_comes_from_the_environment(void **unused) {
  FAX_JOB_PARAM *p;
  FAX_COVERPAGE_INFO *c;
  (void)unused;
  for (int i = 0; i < VARIABLES; i++) setenv(variables[i], variables[i] + 4, 1);
  assert_true(FaxCompleteJobParams(&p, &c));
  for (int i = 0; i < VARIABLES; i++) unsetenv(variables[i]);
  assert_int_equal(p->SizeOfStruct, sizeof *p);
  assert_int_equal(c->SizeOfStruct, sizeof *c);
  assert_string_equal(p->SenderName, "SENDER_NAME");
  assert_string_equal(p->SenderCompany, "SENDER_COMPANY");
  assert_string_equal(p->SenderDept, "SENDER_DEPT");
  assert_string_equal(p->Tsid, "SENDER_TSID");
  assert_string_equal(p->BillingCode, "BILLING_CODE");
  assert_int_equal(p->ScheduleAction, JSA_NOW);
  assert_int_equal(p->DeliveryReportType, DRT_NONE);
  assert_null(p->RecipientNumber);
  assert_null(p->DeliveryReportAddress);
  assert_int_equal(p->CallHandle, 0);
  assert_string_equal(c->SdrName, "SENDER_NAME");
  assert_string_equal(c->SdrFaxNumber, "SENDER_TSID");
  assert_string_equal(c->SdrCompany, "SENDER_COMPANY");
  assert_string_equal(c->SdrAddress, "SENDER_ADDRESS");
  assert_string_equal(c->SdrTitle, "SENDER_TITLE");
  assert_string_equal(c->SdrDepartment, "SENDER_DEPT");
  assert_string_equal(c->SdrOfficeLocation, "SENDER_OFFICE");
  assert_string_equal(c->SdrHomePhone, "SENDER_HOME_PHONE");
  assert_string_equal(c->SdrOfficePhone, "SENDER_OFFICE_PHONE");
  assert_null(c->CoverPageName);
  FaxFreeBuffer(p); /* two blocks: the other one lives */
  assert_string_equal(c->SdrName, "SENDER_NAME");
  FaxFreeBuffer(c);
}

/* The same with a setting that is empty or no UTF-8 as with none at all. */
static void an_unusable_setting_is_left_out(void **unused) {
  FAX_JOB_PARAM *p, *q;
  FAX_COVERPAGE_INFO *c;
  (void)unused;
  assert_true(FaxCompleteJobParams(&q, &c));
  FaxFreeBuffer(c);
  setenv("FAX_SENDER_NAME", "\xff\xfe", 1);
  setenv("FAX_SENDER_COMPANY", "", 1);
  assert_true(FaxCompleteJobParams(&p, &c));
  unsetenv("FAX_SENDER_NAME");
  unsetenv("FAX_SENDER_COMPANY");
  assert_null(p->SenderCompany);
  if (q->SenderName == NULL)
    assert_null(p->SenderName);
  else
    assert_string_equal(p->SenderName, q->SenderName);
  FaxFreeBuffer(p);
  FaxFreeBuffer(q);
  FaxFreeBuffer(c);
  assert_fails(FaxCompleteJobParams(NULL, &c), ERROR_INVALID_PARAMETER);
  assert_fails(FaxCompleteJobParams(&p, NULL), ERROR_INVALID_PARAMETER);
  sweep(complete);
}

/* ---- what is not there yet checks its parameters (PRN-3..5) ---- */

static void printing_checks_its_parameters(void **unused) {
  FAX_PRINT_INFO info = {.SizeOfStruct = sizeof info, .RecipientNumber = "1"};
  FAX_PRINT_INFO bad = info;
  FAX_CONTEXT_INFO context = {.SizeOfStruct = sizeof context};
  FAX_COVERPAGE_INFO cover = {.SizeOfStruct = sizeof cover};
  DWORD id = 7;
  (void)unused;
  assert_fails(FaxStartPrintJob(NULL, NULL, &id, &context),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxStartPrintJob(NULL, &info, NULL, &context),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxStartPrintJob(NULL, &info, &id, NULL),
               ERROR_INVALID_PARAMETER);
  bad.SizeOfStruct--;
  assert_fails(FaxStartPrintJob(NULL, &bad, &id, &context),
               ERROR_INVALID_PARAMETER);
  bad = info, bad.RecipientNumber = NULL;
  assert_fails(FaxStartPrintJob("x", &bad, &id, &context),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxStartPrintJob("x", &info, &id, &context),
               ERROR_INVALID_PRINTER_NAME);
  assert_fails(FaxStartPrintJob(NULL, &info, &id, &context),
               ERROR_CALL_NOT_IMPLEMENTED);
  assert_int_equal(id, 7);
  assert_fails(FaxPrintCoverPage(NULL, &cover), ERROR_INVALID_PARAMETER);
  assert_fails(FaxPrintCoverPage(&context, NULL), ERROR_INVALID_PARAMETER);
  assert_fails(FaxPrintCoverPage(&context, &cover), ERROR_CALL_NOT_IMPLEMENTED);
  context.SizeOfStruct++;
  assert_fails(FaxPrintCoverPage(&context, &cover), ERROR_INVALID_PARAMETER);
  context.SizeOfStruct--, cover.SizeOfStruct = 0;
  assert_fails(FaxPrintCoverPage(&context, &cover), ERROR_INVALID_PARAMETER);
}

static BOOL no_methods(HANDLE handle, LPVOID context, LPTSTR method,
                       LPTSTR friendly, LPTSTR function, LPTSTR guid) {
  (void)handle, (void)context, (void)method, (void)friendly, (void)function,
      (void)guid;
  fail_msg("the callback is called");
  return FALSE;
}

static void extensions_check_their_parameters(void **unused) {
  HANDLE server;
  int x;
  (void)unused;
  start(NULL);
  assert_true(FaxConnectFaxServer(NULL, &server));
  assert_fails(FaxRegisterRoutingExtension(NULL, "e", "f", "i", no_methods, &x),
               ERROR_INVALID_PARAMETER);
  assert_fails(
      FaxRegisterRoutingExtension(server, NULL, "f", "i", no_methods, &x),
      ERROR_INVALID_PARAMETER);
  assert_fails(
      FaxRegisterRoutingExtension(server, "e", NULL, "i", no_methods, &x),
      ERROR_INVALID_PARAMETER);
  assert_fails(
      FaxRegisterRoutingExtension(server, "e", "f", NULL, no_methods, &x),
      ERROR_INVALID_PARAMETER);
  assert_fails(FaxRegisterRoutingExtension(server, "e", "f", "i", NULL, &x),
               ERROR_INVALID_PARAMETER);
  assert_fails(
      FaxRegisterRoutingExtension(server, "e", "f", "i", no_methods, NULL),
      ERROR_INVALID_PARAMETER);
  assert_fails(
      FaxRegisterRoutingExtension(server, "e", "f", "i", no_methods, &x),
      ERROR_CALL_NOT_IMPLEMENTED);
  assert_fails(FaxUnregisterRoutingExtension(NULL, "e"),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxUnregisterRoutingExtension(server, NULL),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxUnregisterRoutingExtension(server, "e"),
               ERROR_CALL_NOT_IMPLEMENTED);
  FaxClose(server);
  assert_fails(
      FaxRegisterRoutingExtension(server, "e", "f", "i", no_methods, &x),
      ERROR_INVALID_HANDLE);
  assert_fails(FaxUnregisterRoutingExtension(server, "e"),
               ERROR_INVALID_HANDLE);
  stage_stop_within(20);
}

#define test(function) \
  cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
  test_start();
  for (int i = 0; i < VARIABLES; i++) unsetenv(variables[i]);
  const struct CMUnitTest tests[] = {
      test(a_registered_provider_is_loaded),
      test(a_running_service_has_the_registrations),
      test(wrong_parameters_are_refused),
      test(a_variable_that_expands_for_ever_is_cut),
      test(writers_do_not_undo_each_other),
      test(a_writer_is_not_waited_for_for_ever),
      test(a_failed_write_leaves_the_old_file),
      test(one_that_fails_is_left_out),
      test(a_configured_name_comes_first),
      test(a_clash_of_devices_leaves_it_out),
      test(a_module_in_use_leaves_it_out),
      test(a_damaged_file_refuses_the_start),
      test(no_memory_leaves_nothing),
      test(a_start_without_memory_leaves_nothing),
      test(the_sender_comes_from_the_environment),
      test(an_unusable_setting_is_left_out),
      test(printing_checks_its_parameters),
      test(extensions_check_their_parameters),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
