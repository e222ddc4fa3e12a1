/* SPDX-License-Identifier: MIT
   Routing: the list of methods and its order, what a port wants of them, their
   runs for a received fax; a routing without memory. */
#include <limits.h>

#include "service_routing.h"

#define NOBODY "{92041a90-9af2-11d0-abf7-00c04fd91a4f}"

static char trace[512];

/* ---- the list and its order ---- */

/* RT-2, -8, -11, -12 */
static void methods_are_listed_and_off(void **unused) {
  FAX_ROUTING_METHOD *methods;
  FAX_GLOBAL_ROUTING_INFO *all;
  BYTE *data;
  DWORD count;
  (void)unused;
  start(NULL);
  assert_true(FaxEnumRoutingMethods(port, &methods, &count));
  assert_int_equal(count, 1 + FAKES);
  assert_int_equal(methods[0].SizeOfStruct, sizeof *methods);
  assert_int_equal(methods[0].DeviceId, FSP_FIRST);
  assert_string_equal(methods[0].DeviceName, "script10");
  assert_string_equal(methods[0].Guid, FOLDER);
  assert_string_equal(methods[0].FriendlyName, "Store in a folder");
  assert_string_equal(methods[2].FunctionName, "B");
  assert_string_equal(methods[2].ExtensionImageName, "image");
  assert_string_equal(methods[2].ExtensionFriendlyName, "extension");
  for (DWORD i = 0; i < count; i++) assert_false(methods[i].Enabled);
  FaxFreeBuffer(methods);
  assert_true(FaxEnumGlobalRoutingInfo(st.server, &all, &count));
  assert_int_equal(count, 1 + FAKES);
  for (DWORD i = 0; i < count; i++) assert_int_equal(all[i].Priority, i + 1);
  assert_string_equal(all[0].Guid, FOLDER);
  assert_string_equal(all[1].Guid, fakes[A].what.guid);
  FaxFreeBuffer(all);
  assert_true(FaxGetRoutingInfo(port, FOLDER, &data, &count));
  assert_int_equal(count, 1);
  assert_int_equal(data[0], '\0');
  FaxFreeBuffer(data);
  assert_true(FaxGetRoutingInfo(port, fakes[B].what.guid, &data, &count));
  assert_int_equal(count, 2);
  assert_memory_equal(data, "ab", 2);
  FaxFreeBuffer(data);
  stage_stop_virtual(&st);
}

/* The letters of the methods, by priority; F is the folder's. */
static void assert_order(const char *expected) {
  FAX_GLOBAL_ROUTING_INFO *all;
  char order[8] = "";
  DWORD count;
  assert_true(FaxEnumGlobalRoutingInfo(st.server, &all, &count));
  for (DWORD i = 0; i < count; i++)
    order[i] = strcmp(all[i].Guid, FOLDER) == 0 ? 'F' : *all[i].FunctionName;
  FaxFreeBuffer(all);
  assert_string_equal(order, expected);
}

/* RT-5..7 */
static void a_priority_moves_a_method(void **unused) {
  static const struct {
    int method; /* FAKES: the folder's */
    DWORD priority;
    const char *order;
  } steps[] = {{B, 1, "BFA"},          {B, 2, "FBA"}, {FAKES, 2, "BFA"},
               {B, 0xffffffff, "FAB"}, {A, 4, "FBA"}, {A, 3, "FBA"},
               {FAKES, 1, "FBA"}};
  FAX_GLOBAL_ROUTING_INFO info = {.SizeOfStruct = sizeof info,
                                  .Priority = 1,
                                  .Guid = FOLDER,
                                  .FriendlyName = "not looked at"};
  (void)unused;
  start(NULL);
  assert_order("FAB");
  for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
    int m = steps[i].method;
    assert_true(set_priority(m == FAKES ? FOLDER : fakes[m].what.guid,
                             steps[i].priority));
    stage_skip(&st, FEI_FAX_CONFIG_CHANGED, 0);
    assert_order(steps[i].order);
  }
  assert_fails(set_priority(FOLDER, 0), ERROR_INVALID_PARAMETER);
  assert_fails(set_priority(NOBODY, 1), ERROR_INVALID_DATA);
  assert_fails(set_priority(NULL, 1), ERROR_INVALID_DATA);
  info.SizeOfStruct--;
  assert_fails(FaxSetGlobalRoutingInfo(st.server, &info),
               ERROR_INVALID_PARAMETER);
  info.SizeOfStruct++;
  assert_true(FaxSetGlobalRoutingInfo(st.server, &info));
  assert_order("FBA");
  stage_stop_virtual(&st);
}

/* RT-6, -9 */
static void a_guid_is_of_one_method(void **unused) {
  static const char *const wrong[] = {"",
                                      "folder",
                                      NOBODY,
                                      "92041a90-9af2-11d0-abf7-00c04fd91a4e",
                                      "{92041a90-9af2-11d0-abf7-00c04fd91a4}",
                                      "{92041a90-9af2-11d0-abf7-00c04fd91a4e}x",
                                      "{92041a90-9af2-11d0-abf7+00c04fd91a4e}",
                                      "{92041a90-9af2-11d0-abf7-00c04fd91a4g}"};
  BYTE *data;
  DWORD size;
  (void)unused;
  start(NULL);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    assert_fails(FaxEnableRoutingMethod(port, wrong[i], FALSE),
                 ERROR_INVALID_DATA);
    assert_fails(FaxGetRoutingInfo(port, wrong[i], &data, &size),
                 ERROR_INVALID_DATA);
    assert_fails(FaxSetRoutingInfo(port, wrong[i], (const BYTE *)"", 1),
                 ERROR_INVALID_DATA);
  }
  assert_true(FaxGetRoutingInfo(port, "{92041A90-9AF2-11D0-ABF7-00C04FD91A4E}",
                                &data, &size));
  FaxFreeBuffer(data);
  stage_stop_virtual(&st);
}

/* Each call by its number; true: it succeeded. */
static BOOL call(int n, HANDLE server, HANDLE handle) {
  FAX_GLOBAL_ROUTING_INFO info = {
      .SizeOfStruct = sizeof info, .Priority = 1, .Guid = FOLDER};
  void *block = NULL;
  DWORD count;
  BOOL done = FALSE;
  switch (n) {
    case 0:
      done =
          FaxEnumRoutingMethods(handle, (FAX_ROUTING_METHOD **)&block, &count);
      break;
    case 1:
      done = FaxGetRoutingInfo(handle, FOLDER, (BYTE **)&block, &count);
      break;
    case 2:
      return FaxEnableRoutingMethod(handle, FOLDER, FALSE);
    case 3:
      return FaxSetRoutingInfo(handle, FOLDER, (const BYTE *)"", 1);
    case 4:
      done = FaxEnumGlobalRoutingInfo(
          server, (FAX_GLOBAL_ROUTING_INFO **)&block, &count);
      break;
    default:
      return FaxSetGlobalRoutingInfo(server, &info);
  }
  if (done) FaxFreeBuffer(block);
  return done;
}

/* SEC-6; PORT-15..17 */
static void each_call_wants_its_right(void **unused) {
  static const DWORD rights[] = {FAX_PORT_QUERY,   FAX_PORT_QUERY,
                                 FAX_PORT_SET,     FAX_PORT_SET,
                                 FAX_CONFIG_QUERY, FAX_CONFIG_SET};
  HANDLE server, handle;
  (void)unused;
  start(NULL);
  FaxClose(port);
  for (int n = 0; n < 6; n++) {
    for (int lacks = 0; lacks < 2; lacks++) {
      DWORD mask = FAX_ALL_ACCESS & ~(lacks ? rights[n] : 0);
      struct fax_connect c = {.size = sizeof c, .rights = mask};
      if ((mask & FAX_PORT_QUERY) == 0) continue; /* cannot open the port */
      assert_true(stage_connect_as(&st, &c, &server));
      assert_true(FaxOpenPort(server, FSP_FIRST, PORT_OPEN_MODIFY, &handle));
      if (lacks)
        assert_fails(call(n, server, handle), ERROR_ACCESS_DENIED);
      else
        assert_true(call(n, server, handle));
      FaxClose(server);
    }
  }
  handle = open_port(FSP_FIRST, PORT_OPEN_QUERY);
  assert_true(call(0, st.server, handle));
  assert_true(call(1, st.server, handle));
  assert_fails(call(2, st.server, handle), ERROR_ACCESS_DENIED);
  assert_fails(call(3, st.server, handle), ERROR_ACCESS_DENIED);
  for (int n = 0; n < 4; n++) {
    assert_fails(call(n, st.server, st.server), ERROR_INVALID_DATA);
    assert_fails(call(n, st.server, NULL), ERROR_INVALID_PARAMETER);
  }
  stage_stop_within(20);
  assert_fails(call(0, st.server, handle), stage_gone());
  assert_fails(call(4, st.server, handle), stage_gone());
  stage_end(&st);
  assert_true(FaxClockReal());
}

static void null_is_no_argument(void **unused) {
  BYTE *data;
  DWORD size;
  FAX_ROUTING_METHOD *methods;
  (void)unused;
  start(NULL);
  assert_fails(FaxEnumRoutingMethods(port, NULL, &size),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxEnumRoutingMethods(port, &methods, NULL),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxEnableRoutingMethod(port, NULL, TRUE),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetRoutingInfo(port, NULL, &data, &size),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetRoutingInfo(port, FOLDER, NULL, &size),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetRoutingInfo(port, FOLDER, &data, NULL),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxSetRoutingInfo(port, NULL, (const BYTE *)"", 1),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxSetRoutingInfo(port, FOLDER, NULL, 0),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxEnumGlobalRoutingInfo(st.server, NULL, &size),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxSetGlobalRoutingInfo(st.server, NULL),
               ERROR_INVALID_PARAMETER);
  stage_stop_virtual(&st);
}

/* ---- what a port wants ---- */

/* RT-11 */
static void the_folder_is_a_full_path(void **unused) {
  static const struct {
    const char *data;
    DWORD size;
  } wrong[] = {{"", 0},    {"/tmp", 4},  {"/tmp\0", 6}, {"/t\0mp", 6},
               {"tmp", 4}, {"./tmp", 6}, {"/\xff", 3},  {"\0\0", 2}};
  static char longest[PATH_MAX + 2];
  static BYTE much[(1 << 20) + 1];
  BYTE *data;
  DWORD size;
  (void)unused;
  start(NULL);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
    assert_fails(FaxSetRoutingInfo(port, FOLDER, (const BYTE *)wrong[i].data,
                                   wrong[i].size),
                 ERROR_INVALID_DATA);
  memset(longest, '/', PATH_MAX);
  assert_fails(write_path(longest), ERROR_INVALID_DATA);
  longest[PATH_MAX - 1] = '\0';
  assert_true(write_path(longest));
  assert_true(write_path("/nowhere/at/all")); /* it may come */
  assert_true(FaxGetRoutingInfo(port, FOLDER, &data, &size));
  assert_int_equal(size, strlen("/nowhere/at/all") + 1);
  assert_string_equal((const char *)data, "/nowhere/at/all");
  FaxFreeBuffer(data);
  assert_fails(FaxSetRoutingInfo(port, fakes[A].what.guid, much, sizeof much),
               ERROR_INVALID_DATA);
  assert_true(
      FaxSetRoutingInfo(port, fakes[A].what.guid, much, sizeof much - 1));
  assert_true(FaxSetRoutingInfo(port, fakes[A].what.guid, much, 0));
  assert_true(FaxGetRoutingInfo(port, fakes[A].what.guid, &data, &size));
  assert_int_equal(size, 0);
  FaxFreeBuffer(data);
  stage_stop_virtual(&st);
}

static BOOL is_enabled(DWORD n) {
  FAX_ROUTING_METHOD *methods;
  DWORD count;
  assert_true(FaxEnumRoutingMethods(port, &methods, &count));
  BOOL enabled = methods[n].Enabled;
  FaxFreeBuffer(methods);
  return enabled;
}

/* RT-22 */
static void a_folder_that_is_not_there_cannot_be_used(void **unused) {
  BYTE *data;
  DWORD size;
  (void)unused;
  start(NULL);
  stage_document(&st, 1);
  assert_fails(FaxEnableRoutingMethod(port, FOLDER, TRUE),
               ERROR_BAD_CONFIGURATION);
  assert_true(write_path("/nowhere"));
  assert_fails(FaxEnableRoutingMethod(port, FOLDER, TRUE),
               ERROR_BAD_CONFIGURATION);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "/nowhere"));
  assert_true(write_path(st.document)); /* a file */
  assert_fails(FaxEnableRoutingMethod(port, FOLDER, TRUE),
               ERROR_BAD_CONFIGURATION);
  assert_false(is_enabled(0));
  enable_folder("copies");
  assert_true(is_enabled(0));
  assert_fails(write_path("/nowhere"), ERROR_BAD_CONFIGURATION);
  assert_fails(write_path(""), ERROR_BAD_CONFIGURATION);
  assert_fails(write_path("nowhere"), ERROR_INVALID_DATA);
  assert_true(is_enabled(0));
  assert_true(FaxGetRoutingInfo(port, FOLDER, &data, &size));
  assert_string_equal((const char *)data, folder_path("copies"));
  FaxFreeBuffer(data);
  enable(FOLDER, FALSE);
  assert_true(write_path(""));
  stage_stop_virtual(&st);
}

/* A change raises FEI_FAX_PORT_CHANGED; what changes nothing does not. */
static void a_change_of_a_port_is_told(void **unused) {
  (void)unused;
  start(NULL);
  enable(fakes[A].what.guid, TRUE);
  struct fax_event *e = stage_until(&st, FEI_FAX_PORT_CHANGED, 0);
  assert_int_equal(e->device_id, FSP_FIRST);
  assert_int_equal(e->kind, FAX_EVENT_PORT);
  DWORDLONG sequence = e->sequence;
  FaxLocalFree(e);
  enable(fakes[A].what.guid, TRUE);
  assert_fails(
      FaxSetRoutingInfo(port, fakes[A].what.guid, (const BYTE *)"!", 1),
      ERROR_INVALID_DATA);
  assert_true(
      FaxSetRoutingInfo(port, fakes[A].what.guid, (const BYTE *)"x", 1));
  e = stage_until(&st, FEI_FAX_PORT_CHANGED, 0);
  assert_int_equal(e->sequence, sequence + 1);
  FaxLocalFree(e);
  stage_stop_virtual(&st);
}

static void enable_b(void) {
  enable(fakes[B].what.guid, TRUE);
}

/* Two changes at once: the check of one takes its time, and neither is lost. */
static void changes_at_once_are_both_made(void **unused) {
  (void)unused;
  stage_only_here();
  start(NULL);
  fakes[A].in_check = enable_b;
  enable(fakes[A].what.guid, TRUE);
  assert_true(is_enabled(1));
  assert_true(is_enabled(2));
  stage_stop_virtual(&st);
}

/* ---- runs ---- */

/* RT-3..5; the fax is in the inbox first */
static void methods_run_in_the_order_of_their_priority(void **unused) {
  (void)unused;
  start(NULL);
  enable_fakes();
  until_gone(receive(FSP_FIRST, NULL));
  assert_string_equal(ran, "AB");
  assert_true(set_priority(fakes[B].what.guid, 1));
  until_gone(receive(FSP_FIRST, NULL));
  assert_string_equal(ran, "ABBA");
  assert_int_equal(stage_files(&st, "inbox"), 2);
  stage_stop_virtual(&st);
}

static void b_to_the_front(const struct fax_received *fax) {
  (void)fax;
  assert_true(set_priority(fakes[B].what.guid, 1));
}

/* RT-7: the order of now, and each once */
static void an_order_that_changes_meanwhile_loses_nothing(void **unused) {
  (void)unused;
  start(NULL);
  enable_fakes();
  fakes[A].in_run = b_to_the_front;
  until_gone(receive(FSP_FIRST, NULL));
  assert_string_equal(ran, "AB");
  stage_stop_virtual(&st);
}

/* RT-4, -9 */
static void methods_are_enabled_for_a_port(void **unused) {
  (void)unused;
  start(NULL);
  enable(fakes[B].what.guid, TRUE);
  until_gone(receive(FSP_FIRST + 1, NULL));
  assert_string_equal(ran, "");
  until_gone(receive(FSP_FIRST, NULL));
  assert_string_equal(ran, "B");
  enable(fakes[B].what.guid, FALSE);
  until_gone(receive(FSP_FIRST, NULL));
  assert_string_equal(ran, "B");
  stage_stop_virtual(&st);
}

static struct fax_received seen;
static char seen_path[256];

static void note(const struct fax_received *fax) {
  seen = *fax;
  snprintf(seen_path, sizeof seen_path, "%s", fax->path);
}

/* RT-3: what a method is told; JOB-24 */
static void a_method_is_told_of_the_fax(void **unused) {
  char path[256];
  (void)unused;
  start(NULL);
  enable(fakes[A].what.guid, TRUE);
  fakes[A].in_run = note;
  fsp_ring(FSP_FIRST, 9);
  struct fax_event *e = stage_until(&st, FEI_ANSWERED, 0);
  DWORD job = e->job_id;
  FaxLocalFree(e);
  stage_trace(&st, job, FEI_DELETED, trace, sizeof trace);
  assert_string_equal(trace,
                      "RECEIVING COMPLETED ROUTING FAX_RECEIVED DELETED");
  struct fax_job_result *r = stage_result(&st, job);
  snprintf(path, sizeof path, "%s", r->path);
  assert_int_equal(r->job_type, JT_RECEIVE);
  FaxFreeBuffer(r);
  assert_int_equal(seen.job_id, job);
  assert_int_equal(seen.device_id, FSP_FIRST);
  assert_int_equal(seen.pages, 2);
  assert_true(seen.complete);
  assert_string_equal(seen_path, path);
  stage_stop_virtual(&st);
}

/* JOB-28 */
static void an_incomplete_fax_is_not_routed(void **unused) {
  (void)unused;
  start(NULL);
  enable_fakes();
  fsp.reception = FSP_PART;
  fsp_ring(FSP_FIRST, 9);
  struct fax_event *e = stage_until(&st, FEI_FAX_RECEIVED, 0);
  assert_int_equal(e->outcome, FAX_OUTCOME_INCOMPLETE);
  assert_int_equal(stage_queue_status(&st, e->job_id), JS_FAILED);
  FaxLocalFree(e);
  stage_stop_virtual(&st);
  assert_string_equal(ran, "");
}

static void abort_it(const struct fax_received *fax) {
  assert_int_equal(stage_queue_status(&st, fax->job_id), JS_INPROGRESS);
  assert_fails(FaxAbort(st.server, fax->job_id), ERROR_INVALID_OPERATION);
  assert_fails(FaxSetJob(st.server, fax->job_id, JC_PAUSE, NULL),
               ERROR_INVALID_OPERATION);
  assert_fails(FaxSetJob(st.server, fax->job_id, JC_RESTART, NULL),
               ERROR_INVALID_OPERATION);
}

/* JOB-60 */
static void a_fax_being_routed_is_not_aborted(void **unused) {
  (void)unused;
  start(NULL);
  enable(fakes[A].what.guid, TRUE);
  fakes[A].in_run = abort_it;
  until_gone(receive(FSP_FIRST, NULL));
  assert_string_equal(ran, "A");
  stage_stop_virtual(&st);
}

/* ---- memory ---- */

/* A service with one port and one job, without threads. */
static struct bench {
  struct service s;
  struct port p;
  struct connection c;
  struct port_handle h;
} bench;

static DWORD bench_start(void) {
  struct fax_service_config config = {.size = sizeof config};
  memset(&bench, 0, sizeof bench);
  struct service *s = &bench.s;
  pthread_mutex_init(&s->lock, NULL);
  clock_cond_init(&s->changed);
  list_init(&s->ports);
  list_init(&s->finished);
  list_init(&s->decided);
  list_init(&s->methods);
  list_init(&s->routing);
  list_init(&s->subscriptions);
  bench.p = (struct port){.service = s, .device_id = 1, .name = "port"};
  list_append(&s->ports, &bench.p.link);
  bench.c = (struct connection){
      .service = s, .user = "user", .asked = FAX_ALL_ACCESS};
  bench.h = (struct port_handle){&bench.c, &bench.p, PORT_OPEN_MODIFY};
  DWORD error = config_start(s, &config, NULL, 0);
  if (error == ERROR_SUCCESS)
    error = device_new("provider", "port", 1, &bench.p.device);
  if (error == ERROR_SUCCESS) bench.p.device->port = &bench.p;
  return error == ERROR_SUCCESS ? routing_method_add(s, &routing_folder)
                                : error;
}

static void bench_end(void) {
  struct job *j = RB_MIN(job_ids, &bench.s.jobs);
  if (j == NULL) j = RB_MIN(job_ids, &bench.s.results);
  mem_unref(j);
  mem_unref(bench.p.routing);
  mem_unref(bench.p.device);
  mem_unref(bench.s.configuration);
  routing_methods_free(&bench.s);
  clock_cond_destroy(&bench.s.changed);
  pthread_mutex_destroy(&bench.s.lock);
}

/* A fax that lies in the inbox. */
static DWORD bench_fax(const char *path, struct job **job_out) {
  struct job *j;
  DWORD error = job_new(1, JT_RECEIVE, &j);
  if (error != ERROR_SUCCESS) return error;
  j->state = JOB_ROUTING;
  j->outcome = FAX_OUTCOME_COMPLETED;
  j->device_id = 1;
  j->path = mem_text(path);
  job_enter(&bench.s, j);
  *job_out = j;
  return j->path != NULL ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD bench_route(void) {
  const char *folder = folder_path("copies");
  FAX_ROUTING_METHOD *methods;
  BYTE *data;
  DWORD n;
  struct job *j = NULL;
  DWORD error = routing_write(&bench.h, FOLDER, (const BYTE *)folder,
                              (DWORD)strlen(folder) + 1);
  if (error == ERROR_SUCCESS) error = routing_enable(&bench.h, FOLDER, true);
  if (error == ERROR_SUCCESS) error = routing_methods(&bench.h, &methods, &n);
  if (error != ERROR_SUCCESS) return error;
  FaxFreeBuffer(methods);
  error = routing_read(&bench.h, FOLDER, &data, &n);
  if (error != ERROR_SUCCESS) return error;
  FaxFreeBuffer(data);
  error = bench_fax(st.document, &j);
  if (error != ERROR_SUCCESS) return error;
  pthread_mutex_lock(&bench.s.lock);
  mem_unref(routing_deliver(&bench.s, j));
  pthread_mutex_unlock(&bench.s.lock);
  return j->state == JOB_FINISHED ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static DWORD route_one(void *unused) {
  (void)unused;
  const char *copy = copy_of(st.document, "copies");
  DWORD error = bench_start();
  if (error == ERROR_SUCCESS) error = bench_route();
  if (error == ERROR_SUCCESS) assert_int_equal(access(copy, F_OK), 0);
  unlink(copy);
  bench_end();
  return error;
}

static void no_memory_is_a_failed_try(void **unused) {
  struct fax_service_config config;
  (void)unused;
  stage_options(&st, &config);
  stage_document(&st, 1);
  assert_int_equal(mkdir(folder_path("copies"), 0700), 0);
  sweep(route_one);
  stage_clear(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(methods_are_listed_and_off),
      cmocka_unit_test(a_priority_moves_a_method),
      cmocka_unit_test(a_guid_is_of_one_method),
      cmocka_unit_test(each_call_wants_its_right),
      cmocka_unit_test(null_is_no_argument),
      cmocka_unit_test(the_folder_is_a_full_path),
      cmocka_unit_test(a_folder_that_is_not_there_cannot_be_used),
      cmocka_unit_test(a_change_of_a_port_is_told),
      cmocka_unit_test(changes_at_once_are_both_made),
      cmocka_unit_test(methods_run_in_the_order_of_their_priority),
      cmocka_unit_test(an_order_that_changes_meanwhile_loses_nothing),
      cmocka_unit_test(methods_are_enabled_for_a_port),
      cmocka_unit_test(a_method_is_told_of_the_fax),
      cmocka_unit_test(an_incomplete_fax_is_not_routed),
      cmocka_unit_test(a_fax_being_routed_is_not_aborted),
      cmocka_unit_test(no_memory_is_a_failed_try)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
