/* SPDX-License-Identifier: MIT
   What was set is there after the service has ended: configuration, levels of
   the log, ports, routing; devices keep their ids (PORT-3). And a change that
   the disk refuses is none. */
#include <fax/fax_provider.h>

#include "service_runs.h"
#include "store_vfs.h"

#define FOLDER "{92041a90-9af2-11d0-abf7-00c04fd91a4e}"

static HANDLE calls;

/* Nothing is configured: each setting has its first value. */
static int set_up(void **unused) {
  (void)unused;
  runs_begin(3);
  FaxServiceDefaults(&config);
  config.directory = st.directory;
  config.providers = &provider;
  config.provider_count = 1;
  calls = FaxCreateCompletionPort();
  return 0;
}

static int close_calls(void **state) {
  assert_true(FaxCloseCompletionPort(calls));
  return tear_down(state);
}

/* ---- the configuration ---- */

static void set_all(void) {
  FAX_CONFIGURATION *c = config_take(&st);
  c->Retries = 7;
  c->RetryDelay = 2;
  c->DirtyDays = 5;
  c->Branding = FALSE;
  c->UseDeviceTsid = FALSE;
  c->ServerCp = TRUE;
  c->PauseServerQueue = TRUE;
  c->StartCheapTime = (FAX_TIME){22, 30};
  c->StopCheapTime = (FAX_TIME){6, 15};
  c->ArchiveOutgoingFaxes = TRUE;
  char folder[128];
  snprintf(folder, sizeof folder, "%s/sent", st.directory);
  c->ArchiveDirectory = folder;
  c->Reserved = "profile";
  if (!FaxSetConfiguration(st.server, c))
    fail_msg("%s", FaxGetLastErrorMessage());
  FaxFreeBuffer(c);
}

/* CFG-1 */
static void the_configuration_stays(void **unused) {
  (void)unused;
  start();
  set_all();
  FAX_CONFIGURATION *before = config_take(&st);
  restart();
  FAX_CONFIGURATION *c = config_take(&st);
  assert_int_equal(c->SizeOfStruct, sizeof *c);
  assert_int_equal(c->Retries, 7);
  assert_int_equal(c->RetryDelay, 2);
  assert_int_equal(c->DirtyDays, 5);
  assert_int_equal(c->Branding, FALSE);
  assert_int_equal(c->UseDeviceTsid, FALSE);
  assert_int_equal(c->ServerCp, TRUE);
  assert_int_equal(c->PauseServerQueue, TRUE);
  assert_int_equal(c->StartCheapTime.Hour, 22);
  assert_int_equal(c->StopCheapTime.Minute, 15);
  assert_int_equal(c->ArchiveOutgoingFaxes, TRUE);
  assert_string_equal(c->ArchiveDirectory, before->ArchiveDirectory);
  assert_string_equal(c->Reserved, "profile");
  FaxFreeBuffer(before);
  FaxFreeBuffer(c);
  stop();
}

/* What the start gives is so in its run only; else the last that was set. */
static void the_start_wins_for_its_run(void **unused) {
  (void)unused;
  start();
  FAX_CONFIGURATION *c = config_take(&st);
  assert_int_equal(c->Retries, 3); /* the documented ones */
  assert_int_equal(c->RetryDelay, 10);
  assert_int_equal(c->Branding, TRUE);
  c->Retries = 7;
  c->Branding = FALSE;
  config_put(&st, c);
  config.retries = 1;
  config.branding = TRUE;
  restart();
  c = config_take(&st);
  assert_int_equal(c->Retries, 1);
  assert_int_equal(c->Branding, TRUE);
  assert_int_equal(c->RetryDelay, 10);
  FaxFreeBuffer(c);
  config.retries = FAX_UNKNOWN;
  config.branding = (BOOL)FAX_UNKNOWN;
  restart();
  c = config_take(&st);
  assert_int_equal(c->Retries, 7);
  assert_int_equal(c->Branding, FALSE);
  FaxFreeBuffer(c);
  stop();
}

/* The record has minutes only. */
static void seconds_of_a_delay_stay(void **unused) {
  (void)unused;
  config.retry_delay = 90;
  start();
  config_days(&st, 3);
  config.retry_delay = FAX_UNKNOWN;
  restart();
  stage_document(&st, 1);
  DWORD job = stage_send(&st, FSP_BUSY);
  stage_skip(&st, FEI_BUSY, job);
  fax_deadline was = FaxClockNow();
  stage_skip(&st, FEI_BUSY, job);
  assert_int_equal((FaxClockNow() - was) / FAX_SECOND, 90);
  stop();
}

/* LOG-2 */
static void levels_stay(void **unused) {
  (void)unused;
  FAX_LOG_CATEGORY change[] = {
      {"Inbound", FAXLOG_CATEGORY_INBOUND, FAXLOG_LEVEL_NONE},
      {"Outbound", FAXLOG_CATEGORY_OUTBOUND, FAXLOG_LEVEL_MAX}};
  FAX_LOG_CATEGORY *all;
  DWORD count;
  start();
  assert_true(FaxSetLoggingCategories(st.server, change, 2));
  restart();
  assert_true(FaxGetLoggingCategories(st.server, &all, &count));
  assert_int_equal(all[FAXLOG_CATEGORY_INIT - 1].Level, FAXLOG_LEVEL_MED);
  assert_int_equal(all[FAXLOG_CATEGORY_OUTBOUND - 1].Level, FAXLOG_LEVEL_MAX);
  assert_int_equal(all[FAXLOG_CATEGORY_INBOUND - 1].Level, FAXLOG_LEVEL_NONE);
  FaxFreeBuffer(all);
  config.log_level = FAX_LOG_ERROR;
  restart();
  assert_true(FaxGetLoggingCategories(st.server, &all, &count));
  for (DWORD i = 0; i < count; i++)
    assert_int_equal(all[i].Level, FAXLOG_LEVEL_MIN);
  FaxFreeBuffer(all);
  stop();
}

/* ---- ports ---- */

static HANDLE open_port(DWORD id) {
  HANDLE port;
  if (!FaxOpenPort(st.server, id, PORT_OPEN_MODIFY, &port))
    fail_msg("%s", FaxGetLastErrorMessage());
  return port;
}

static FAX_PORT_INFO *look(DWORD id) {
  FAX_PORT_INFO *info;
  HANDLE port;
  assert_true(FaxOpenPort(st.server, id, PORT_OPEN_QUERY, &port));
  assert_true(FaxGetPort(port, &info));
  assert_true(FaxClose(port));
  return info;
}

static void set_port(DWORD id, DWORD flags, DWORD rings, DWORD priority,
                     const char *tsid) {
  HANDLE port = open_port(id);
  FAX_PORT_INFO info = {.SizeOfStruct = sizeof info,
                        .Flags = flags,
                        .Rings = rings,
                        .Priority = priority,
                        .Tsid = tsid,
                        .Csid = "called"};
  if (!FaxSetPort(port, &info)) fail_msg("%s", FaxGetLastErrorMessage());
  assert_true(FaxClose(port));
}

static void is_set(DWORD id, DWORD flags, DWORD rings, DWORD priority,
                   const char *tsid) {
  FAX_PORT_INFO *info = look(id);
  assert_int_equal(info->Flags, flags | FPF_VIRTUAL);
  assert_int_equal(info->Rings, rings);
  assert_int_equal(info->Priority, priority);
  assert_string_equal(info->Tsid, tsid);
  FaxFreeBuffer(info);
}

/* PORT-20, -26 */
static void a_port_stays_as_it_was_set(void **unused) {
  (void)unused;
  start();
  set_port(FSP_FIRST + 1, FPF_RECEIVE, 9, 1, "second");
  restart();
  is_set(FSP_FIRST + 1, FPF_RECEIVE, 9, 1, "second");
  is_set(FSP_FIRST, FPF_RECEIVE | FPF_SEND, 2, 2, "");
  stop();
}

/* FSP-60 */
static void a_provider_hears_of_what_was_switched_off(void **unused) {
  (void)unused;
  start();
  set_port(FSP_FIRST + 1, FPF_RECEIVE, 2, 2, "");
  restart();
  stop(); /* it has heard all by then */
  assert_int_equal(atomic_load(&fsp.lines_told), 2 * FSP_LINES);
  assert_int_equal(atomic_load(&fsp.enabled[1]), 1);
  assert_int_equal(atomic_load(&fsp.enabled[0]), 3);
}

/* RT-8, -12 */
static void routing_stays(void **unused) {
  (void)unused;
  FAX_ROUTING_METHOD *methods;
  BYTE *data;
  DWORD size;
  start();
  HANDLE port = open_port(FSP_FIRST);
  const char *folder = st.directory;
  assert_true(FaxSetRoutingInfo(port, FOLDER, (const BYTE *)folder,
                                (DWORD)strlen(folder) + 1));
  assert_true(FaxEnableRoutingMethod(port, FOLDER, TRUE));
  FaxClose(port);
  restart();
  port = open_port(FSP_FIRST);
  assert_true(FaxEnumRoutingMethods(port, &methods, &size));
  assert_true(methods[0].Enabled);
  FaxFreeBuffer(methods);
  assert_true(FaxGetRoutingInfo(port, FOLDER, &data, &size));
  assert_int_equal(size, strlen(folder) + 1);
  assert_string_equal((char *)data, folder);
  FaxFreeBuffer(data);
  FaxClose(port);
  stop();
}

/* ---- ids ---- */

static HANDLE attach(const char *name, const struct fax_attach_device *devices,
                     DWORD count, DWORD *ids) {
  HANDLE attached;
  struct fax_attach ask = {.size = sizeof ask,
                           .name = name,
                           .devices = devices,
                           .device_count = count,
                           .port = calls,
                           .stall = 10};
  if (!FaxAttachProvider(st.server, &ask, &attached))
    fail_msg("%s", FaxGetLastErrorMessage());
  assert_true(FaxProviderDevices(attached, ids, count));
  return attached;
}

/* Its ports have gone when this returns. */
static void detach(HANDLE attached, DWORD id) {
  HANDLE port;
  FaxClose(attached);
  assert_fails(FaxOpenPort(st.server, id, PORT_OPEN_QUERY, &port),
               ERROR_BAD_UNIT);
}

static const struct fax_attach_device lines[] = {{.name = "one"},
                                                 {.name = "two"}};
static const struct fax_attach_device others[] = {{.name = "one"}};

/* PORT-3: whoever comes first */
static void ids_stay(void **unused) {
  DWORD first[2], second[1], again[2];
  (void)unused;
  start();
  HANDLE a = attach("first", lines, 2, first);
  HANDLE b = attach("second", others, 1, second);
  FaxClose(a);
  FaxClose(b);
  restart();
  b = attach("second", others, 1, again);
  assert_int_equal(again[0], second[0]);
  detach(b, second[0]);
  /* An id that is kept is no free one. */
  b = attach("third", others, 1, again);
  assert_int_not_equal(again[0], first[0]);
  assert_int_not_equal(again[0], first[1]);
  assert_int_not_equal(again[0], second[0]);
  a = attach("first", lines, 2, again);
  assert_memory_equal(again, first, sizeof first);
  FaxClose(a);
  FaxClose(b);
  stop();
}

/* Two at once of one name have ids of their own, in their order. */
static void namesakes_have_ids_of_their_own(void **unused) {
  DWORD first[2], again[2];
  (void)unused;
  start();
  HANDLE a = attach("same", others, 1, &first[0]);
  HANDLE b = attach("same", others, 1, &first[1]);
  assert_int_not_equal(first[0], first[1]);
  set_port(first[1], FPF_SEND, 2, 1, "the second");
  FaxClose(a);
  FaxClose(b);
  restart();
  a = attach("same", others, 1, &again[0]);
  b = attach("same", others, 1, &again[1]);
  assert_memory_equal(again, first, sizeof first);
  is_set(again[1], FPF_SEND, 2, 1, "the second");
  FaxClose(a);
  FaxClose(b);
  stop();
}

static void answers_with(DWORD id, const char *csid) {
  FAX_PORT_INFO *info = look(id);
  assert_string_equal(info->Csid, csid);
  FaxFreeBuffer(info);
}

/* As FaxSetPort would have set it (PORT-27), and nothing else. */
static void a_provider_says_what_it_answers_with(void **unused) {
  static const struct fax_attach_device named[] = {
      {.name = "one", .csid = "555 \xc3\xa4 1"}, {.name = "two"}};
  DWORD ids[2];
  (void)unused;
  start();
  HANDLE a = attach("first", lines, 2, ids);
  set_port(ids[0], FPF_RECEIVE, 3, 1, "tsid");
  detach(a, ids[0]);
  a = attach("first", named, 2, ids);
  answers_with(ids[0], "555  1");
  is_set(ids[0], FPF_RECEIVE, 3, 1, "tsid");
  answers_with(ids[1], "");
  FaxClose(a);
  restart();
  a = attach("first", lines, 2, ids);
  answers_with(ids[0], "555  1");
  FaxClose(a);
  stop();
}

/* A provider that is replaced finds its ports as they were. */
static void a_replaced_provider_keeps_its_ports(void **unused) {
  DWORD first[2], again[2];
  (void)unused;
  start();
  HANDLE a = attach("first", lines, 2, first);
  set_port(first[1], FPF_SEND, 2, 2, "kept");
  is_set(first[0], FPF_RECEIVE | FPF_SEND, 2, 4, "");
  detach(a, first[1]);
  a = attach("first", lines, 2, again);
  assert_memory_equal(again, first, sizeof first);
  is_set(first[1], FPF_SEND, 2, 2, "kept");
  is_set(first[0], FPF_RECEIVE | FPF_SEND, 2, 4, "");
  FaxClose(a);
  stop();
}

/* FSP-6: an id that a provider names is its own, and nothing else of the device
   that had it. */
static void a_named_id_is_the_provider_s(void **unused) {
  DWORD first[2], again[2];
  (void)unused;
  start();
  HANDLE a = attach("first", lines, 2, first);
  set_port(first[0], FPF_SEND, 2, 1, "of the first");
  detach(a, first[0]);
  const struct fax_attach_device named = {.name = "other",
                                          .device_id = first[0]};
  DWORD id;
  HANDLE b = attach("second", &named, 1, &id);
  assert_int_equal(id, first[0]);
  is_set(id, FPF_RECEIVE | FPF_SEND, 2, 3, "");
  a = attach("first", lines, 2, again);
  assert_int_not_equal(again[0], first[0]);
  assert_int_equal(again[1], first[1]);
  FaxClose(a);
  FaxClose(b);
  restart();
  b = attach("second", &named, 1, &id);
  assert_int_equal(id, first[0]);
  FaxClose(b);
  stop();
}

static bool routes_to_folder(DWORD id) {
  FAX_ROUTING_METHOD *methods;
  DWORD count;
  HANDLE port = open_port(id);
  assert_true(FaxEnumRoutingMethods(port, &methods, &count));
  bool enabled = methods[0].Enabled != FALSE;
  FaxFreeBuffer(methods);
  FaxClose(port);
  return enabled;
}

/* A device whose provider names another id for it stays as it was set. */
static void a_device_keeps_its_routing_with_another_id(void **unused) {
  const struct fax_attach_device before = {.name = "one", .device_id = 901},
                                 after = {.name = "one", .device_id = 902};
  DWORD id;
  (void)unused;
  start();
  HANDLE a = attach("first", &before, 1, &id);
  HANDLE port = open_port(id);
  const char *folder = st.directory;
  assert_true(FaxSetRoutingInfo(port, FOLDER, (const BYTE *)folder,
                                (DWORD)strlen(folder) + 1));
  assert_true(FaxEnableRoutingMethod(port, FOLDER, TRUE));
  FaxClose(port);
  detach(a, id);
  a = attach("first", &after, 1, &id);
  assert_true(routes_to_folder(id));
  FaxClose(a);
  restart();
  a = attach("first", &after, 1, &id);
  assert_int_equal(id, 902);
  assert_true(routes_to_folder(id));
  FaxClose(a);
  stop();
}

/* ---- a disk that refuses ---- */

static void set_in_vain(HANDLE port) {
  FAX_PORT_INFO info = {.SizeOfStruct = sizeof info,
                        .Flags = FPF_SEND,
                        .Priority = 2,
                        .Tsid = "lost",
                        .Csid = "lost"};
  FAX_LOG_CATEGORY level = {"", FAXLOG_CATEGORY_INIT, FAXLOG_LEVEL_NONE};
  FAX_CONFIGURATION *c = config_take(&st);
  FAX_GLOBAL_ROUTING_INFO order = {
      .SizeOfStruct = sizeof order, .Priority = 1, .Guid = FOLDER};
  c->Retries = 9;
  vfs_refuse(SQLITE_FULL);
  assert_fails(FaxSetConfiguration(st.server, c), ERROR_DISK_FULL);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "cannot be stored"));
  assert_fails(FaxSetPort(port, &info), ERROR_DISK_FULL);
  assert_fails(FaxSetLoggingCategories(st.server, &level, 1), ERROR_DISK_FULL);
  assert_fails(FaxSetRoutingInfo(port, FOLDER, (const BYTE *)"/tmp", 5),
               ERROR_DISK_FULL);
  assert_fails(FaxSetGlobalRoutingInfo(st.server, &order), ERROR_DISK_FULL);
  vfs_refuse(0);
  FaxFreeBuffer(c);
}

static void nothing_was_set(HANDLE port) {
  BYTE *data;
  DWORD size;
  FAX_LOG_CATEGORY *all;
  FAX_CONFIGURATION *c = config_take(&st);
  assert_int_equal(c->Retries, 3);
  FaxFreeBuffer(c);
  is_set(FSP_FIRST, FPF_RECEIVE | FPF_SEND, 2, 1, "");
  is_set(FSP_FIRST + 1, FPF_RECEIVE | FPF_SEND, 2, 2, "");
  assert_true(FaxGetLoggingCategories(st.server, &all, &size));
  assert_int_equal(all[0].Level, FAXLOG_LEVEL_MED);
  FaxFreeBuffer(all);
  assert_true(FaxGetRoutingInfo(port, FOLDER, &data, &size));
  assert_int_equal(size, 1);
  FaxFreeBuffer(data);
}

static void a_full_disk_changes_nothing(void **unused) {
  (void)unused;
  start();
  HANDLE port = open_port(FSP_FIRST);
  set_in_vain(port);
  nothing_was_set(port);
  FaxClose(port);
  restart();
  port = open_port(FSP_FIRST);
  nothing_was_set(port);
  FaxClose(port);
  set_port(FSP_FIRST, FPF_SEND, 0, 2, "now");
  is_set(FSP_FIRST, FPF_SEND, 2, 2, "now");
  stop();
}

int main(void) {
  test_start();
  vfs_install();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, close_calls)
  const struct CMUnitTest tests[] = {
      TEST(the_configuration_stays),
      TEST(the_start_wins_for_its_run),
      TEST(seconds_of_a_delay_stay),
      TEST(levels_stay),
      TEST(a_port_stays_as_it_was_set),
      TEST(a_provider_hears_of_what_was_switched_off),
      TEST(routing_stays),
      TEST(ids_stay),
      TEST(namesakes_have_ids_of_their_own),
      TEST(a_provider_says_what_it_answers_with),
      TEST(a_replaced_provider_keeps_its_ports),
      TEST(a_named_id_is_the_provider_s),
      TEST(a_device_keeps_its_routing_with_another_id),
      TEST(a_full_disk_changes_nothing)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
