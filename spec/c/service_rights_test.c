/* SPDX-License-Identifier: MIT
   The matrix of rights: every function of the client API that takes a handle,
   with every single right, with all, and with all but the one it needs (SEC-1,
   -6, -9, -11, MEM-1). spec/rules_spec.lua holds the table to the headers. */
#include <fax/fax_archive.h>

#include "service_script.h"

static struct stage st;
static HANDLE all_port; /* of st.server, which has all rights */
static DWORD others, own;

/* What a call is made with; its handles have the rights that are tried. */
struct caller {
  HANDLE server, port;
};

/* The result of a call that gives a block, which is freed (MEM-1). */
#define GIVES(call, block) ((call) ? (FaxFreeBuffer(block), TRUE) : FALSE)

/* ---- ports ---- */

static BOOL enum_ports(const struct caller *c) {
  FAX_PORT_INFO *ports = NULL;
  DWORD count;
  return GIVES(FaxEnumPorts(c->server, &ports, &count), ports);
}

static BOOL open_port(const struct caller *c) {
  HANDLE port;
  return FaxOpenPort(c->server, FSP_FIRST + 1, PORT_OPEN_QUERY, &port);
}

static BOOL get_port(const struct caller *c) {
  FAX_PORT_INFO *info = NULL;
  return GIVES(FaxGetPort(c->port, &info), info);
}

static BOOL set_port(const struct caller *c) {
  FAX_PORT_INFO *info;
  assert_true(FaxGetPort(all_port, &info));
  BOOL done = FaxSetPort(c->port, info);
  DWORD error = FaxGetLastError();
  FaxFreeBuffer(info);
  FaxSetLastError(error);
  return done;
}

static BOOL get_device_status(const struct caller *c) {
  FAX_DEVICE_STATUS *status = NULL;
  return GIVES(FaxGetDeviceStatus(c->port, &status), status);
}

/* ---- submissions; what is queued waits for a day that does not come ---- */

static FAX_JOB_PARAM a_recipient(void) {
  return (FAX_JOB_PARAM){
      .SizeOfStruct = sizeof(FAX_JOB_PARAM),
      .RecipientNumber = "102",
      .ScheduleAction = JSA_SPECIFIC_TIME,
      .ScheduleTime = {.wYear = 2100, .wMonth = 1, .wDay = 1}};
}

static BOOL send_document(const struct caller *c) {
  FAX_JOB_PARAM p = a_recipient();
  return FaxSendDocument(c->server, st.document, &p, NULL, NULL);
}

static BOOL submit(const struct caller *c) {
  const char *file = st.document;
  FAX_JOB_PARAM p = a_recipient();
  struct fax_submission sub = stage_of_file(&file, &p);
  return FaxSubmit(c->server, &sub, NULL);
}

static BOOL submit_all(const struct caller *c) {
  const char *file = st.document;
  FAX_JOB_PARAM p = a_recipient();
  struct fax_submission sub = stage_of_file(&file, &p);
  DWORD id;
  return FaxSubmitAll(c->server, &sub, 1, &id);
}

static BOOL CALLBACK one_recipient(HANDLE server, DWORD number, LPVOID context,
                                   PFAX_JOB_PARAM params,
                                   PFAX_COVERPAGE_INFO cover) {
  (void)server, (void)context, (void)cover;
  *params = a_recipient();
  return number == 1;
}

static BOOL broadcast(const struct caller *c) {
  DWORD id;
  return FaxSendDocumentForBroadcast(c->server, st.document, &id, one_recipient,
                                     NULL);
}

static BOOL prepare_document(const struct caller *c) {
  const char *file = st.document;
  struct fax_document document = {
      .size = sizeof document, .files = &file, .file_count = 1};
  HANDLE prepared;
  BOOL done = FaxPrepareDocument(c->server, &document, &prepared);
  if (done) assert_true(FaxClose(prepared));
  return done;
}

/* ---- jobs ---- */

static BOOL get_job(const struct caller *c) {
  FAX_JOB_ENTRY *job = NULL;
  return GIVES(FaxGetJob(c->server, others, &job), job);
}

static BOOL get_own_job(const struct caller *c) {
  FAX_JOB_ENTRY *job = NULL;
  return GIVES(FaxGetJob(c->server, own, &job), job);
}

/* It lists what one may see: the other's job only with the right. */
static BOOL enum_jobs(const struct caller *c) {
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  bool own_seen = false, others_seen = false;
  assert_true(FaxEnumJobs(c->server, &jobs, &count));
  for (DWORD i = 0; i < count; i++) {
    own_seen |= jobs[i].JobId == own;
    others_seen |= jobs[i].JobId == others;
  }
  FaxFreeBuffer(jobs);
  assert_true(own_seen);
  if (!others_seen) FaxSetLastError(ERROR_ACCESS_DENIED);
  return others_seen;
}

static BOOL get_page_of(HANDLE server, DWORD job) {
  BYTE *page = NULL;
  DWORD size, width, height;
  return GIVES(FaxGetPageData(server, job, &page, &size, &width, &height),
               page);
}

static BOOL get_page_data(const struct caller *c) {
  return get_page_of(c->server, others);
}

static BOOL get_own_page_data(const struct caller *c) {
  return get_page_of(c->server, own);
}

static BOOL get_job_result(const struct caller *c) {
  struct fax_job_result *result = NULL;
  return GIVES(FaxGetJobResult(c->server, others, &result), result);
}

static BOOL get_own_job_result(const struct caller *c) {
  struct fax_job_result *result = NULL;
  return GIVES(FaxGetJobResult(c->server, own, &result), result);
}

/* Paused and resumed, so that it is as before. */
static BOOL pause_and_resume(HANDLE server, DWORD job) {
  return FaxSetJob(server, job, JC_PAUSE, NULL) &&
         FaxSetJob(server, job, JC_RESUME, NULL);
}

static BOOL set_job(const struct caller *c) {
  return pause_and_resume(c->server, others);
}

static BOOL set_own_job(const struct caller *c) {
  return pause_and_resume(c->server, own);
}

static DWORD queue_as(const char *user) {
  struct fax_connect connect = {
      .size = sizeof connect, .rights = FAX_JOB_SUBMIT, .user = user};
  FAX_JOB_PARAM p = a_recipient();
  HANDLE server;
  DWORD id = 0;
  assert_true(FaxConnect(&connect, &server));
  if (!FaxSendDocument(server, st.document, &p, NULL, &id))
    fail_msg("%s", FaxGetLastErrorMessage());
  assert_true(FaxClose(server));
  return id;
}

static BOOL abort_job(const struct caller *c) {
  BOOL done = FaxAbort(c->server, others);
  if (done) others = queue_as("ann");
  return done;
}

static BOOL abort_own_job(const struct caller *c) {
  BOOL done = FaxAbort(c->server, own);
  if (done) own = queue_as("bob");
  return done;
}

static BOOL enum_archive(const struct caller *c) {
  struct fax_archived *faxes = NULL;
  DWORD count;
  return GIVES(FaxEnumArchive(c->server, NULL, &faxes, &count), faxes);
}

/* There is none. */
static BOOL get_archived(const struct caller *c) {
  struct fax_archived *fax = NULL;
  return GIVES(FaxGetArchived(c->server, 1, &fax), fax);
}

static BOOL read_archived(const struct caller *c) {
  BYTE *data = NULL;
  DWORD size;
  return GIVES(FaxReadArchived(c->server, 1, &data, &size), data);
}

static BOOL read_received(const struct caller *c) {
  BYTE *data = NULL;
  DWORD size;
  return GIVES(FaxReadReceived(c->server, 1, &data, &size), data);
}

static BOOL read_document_of(HANDLE server, DWORD job) {
  BYTE *data = NULL;
  DWORD size;
  return GIVES(FaxReadDocument(server, job, &data, &size), data);
}

static BOOL read_document(const struct caller *c) {
  return read_document_of(c->server, others);
}

static BOOL read_own_document(const struct caller *c) {
  return read_document_of(c->server, own);
}

static BOOL read_picture(const struct caller *c) {
  struct fax_file ask = {.size = sizeof ask,
                         .of = FAX_FILE_JOB,
                         .id = others,
                         .form = FAX_FORM_PNG,
                         .page = 1};
  BYTE *data = NULL;
  DWORD size;
  return GIVES(FaxReadFile(c->server, &ask, &data, &size), data);
}

static BOOL server_boot(const struct caller *c) {
  DWORDLONG boot;
  return FaxServerBoot(c->server, &boot, NULL);
}

static BOOL remove_archived(const struct caller *c) {
  DWORD id = 1, removed;
  return FaxRemoveArchived(c->server, &id, 1, &removed);
}

static BOOL purge_archive(const struct caller *c) {
  struct fax_archive_purge p = {.size = sizeof p,
                                .keep_bytes = FAX_ARCHIVE_ALL_BYTES};
  DWORD removed;
  return FaxPurgeArchive(c->server, &p, &removed);
}

static BOOL enum_inbox(const struct caller *c) {
  struct fax_received *received = NULL;
  DWORD count;
  return GIVES(FaxEnumInbox(c->server, (FILETIME){0, 0}, &received, &count),
               received);
}

/* ---- configuration ---- */

static BOOL enum_providers(const struct caller *c) {
  struct fax_provider_info *list = NULL;
  DWORD count;
  return GIVES(FaxEnumProviders(c->server, &list, &count), list);
}

static BOOL get_dial_plan(const struct caller *c) {
  struct fax_dial_plan *plan = NULL;
  return GIVES(FaxGetDialPlan(c->server, "102", &plan), plan);
}

static BOOL get_configuration(const struct caller *c) {
  FAX_CONFIGURATION *config = NULL;
  return GIVES(FaxGetConfiguration(c->server, &config), config);
}

static BOOL set_configuration(const struct caller *c) {
  FAX_CONFIGURATION *config;
  assert_true(FaxGetConfiguration(st.server, &config));
  BOOL done = FaxSetConfiguration(c->server, config);
  DWORD error = FaxGetLastError();
  FaxFreeBuffer(config);
  FaxSetLastError(error);
  return done;
}

static BOOL get_logging(const struct caller *c) {
  FAX_LOG_CATEGORY *list = NULL;
  DWORD count;
  return GIVES(FaxGetLoggingCategories(c->server, &list, &count), list);
}

static BOOL set_logging(const struct caller *c) {
  const FAX_LOG_CATEGORY one = {"Inbound", FAXLOG_CATEGORY_INBOUND,
                                FAXLOG_LEVEL_MED};
  return FaxSetLoggingCategories(c->server, &one, 1);
}

/* ---- routing, with the first of the built-in methods ---- */

static void first_method(char guid[64]) {
  FAX_ROUTING_METHOD *methods;
  DWORD count;
  assert_true(FaxEnumRoutingMethods(all_port, &methods, &count));
  assert_true(count > 0);
  snprintf(guid, 64, "%s", methods[0].Guid);
  FaxFreeBuffer(methods);
}

static BOOL enum_routing_methods(const struct caller *c) {
  FAX_ROUTING_METHOD *methods = NULL;
  DWORD count;
  return GIVES(FaxEnumRoutingMethods(c->port, &methods, &count), methods);
}

static BOOL enable_routing_method(const struct caller *c) {
  char guid[64];
  first_method(guid);
  return FaxEnableRoutingMethod(c->port, guid, FALSE);
}

static BOOL enum_global_routing(const struct caller *c) {
  FAX_GLOBAL_ROUTING_INFO *list = NULL;
  DWORD count;
  return GIVES(FaxEnumGlobalRoutingInfo(c->server, &list, &count), list);
}

static BOOL set_global_routing(const struct caller *c) {
  char guid[64];
  first_method(guid);
  const FAX_GLOBAL_ROUTING_INFO info = {
      .SizeOfStruct = sizeof info, .Priority = 1, .Guid = guid};
  return FaxSetGlobalRoutingInfo(c->server, &info);
}

static BOOL get_routing_info(const struct caller *c) {
  char guid[64];
  BYTE *data = NULL;
  DWORD size;
  first_method(guid);
  return GIVES(FaxGetRoutingInfo(c->port, guid, &data, &size), data);
}

static BOOL set_routing_info(const struct caller *c) {
  char guid[64];
  first_method(guid);
  return FaxSetRoutingInfo(c->port, guid, (const BYTE *)st.directory,
                           (DWORD)strlen(st.directory) + 1);
}

static BOOL CALLBACK no_method(HANDLE server, LPVOID context, LPTSTR name,
                               LPTSTR friendly, LPTSTR function, LPTSTR guid) {
  (void)server, (void)context, (void)name;
  (void)friendly, (void)function, (void)guid;
  return FALSE;
}

static BOOL register_extension(const struct caller *c) {
  return FaxRegisterRoutingExtension(c->server, "spec", "Spec", "spec.so",
                                     no_method, &st);
}

static BOOL unregister_extension(const struct caller *c) {
  return FaxUnregisterRoutingExtension(c->server, "spec");
}

/* ---- what needs no right (SEC-11) ---- */

static BOOL initialize_event_queue(const struct caller *c) {
  HANDLE events = FaxCreateCompletionPort();
  BOOL done = FaxInitializeEventQueue(c->server, events, 1, NULL, 0);
  assert_true(FaxCloseCompletionPort(events));
  return done;
}

static BOOL subscribe(const struct caller *c) {
  HANDLE events = FaxCreateCompletionPort();
  DWORD id;
  BOOL done = FaxSubscribe(c->server, events, 1, &id);
  if (done) FaxUnsubscribe(id);
  assert_true(FaxCloseCompletionPort(events));
  return done;
}

static BOOL access_check_answers(const struct caller *c) {
  return FaxAccessCheck(c->server, FAX_JOB_QUERY) ||
         FaxGetLastError() == ERROR_SUCCESS;
}

/* Another handle of the same rights, so that the caller's stays. */
static BOOL close_port(const struct caller *c) {
  HANDLE port;
  assert_true(FaxOpenPort(st.server, FSP_FIRST, PORT_OPEN_QUERY, &port));
  (void)c;
  return FaxClose(port);
}

#define NONE 0
#define DENIED ERROR_ACCESS_DENIED
/* A job that one does not see is unknown (SEC-9). */
#define UNSEEN ERROR_INVALID_PARAMETER

/* `on_port`: a handle of a port, which FAX_PORT_QUERY alone gives; so that
   right is added to each that is tried. `always`: the error that the function
   has for now when nothing is denied. */
static const struct row {
  const char *name;
  DWORD right, refusal;
  bool on_port;
  BOOL (*call)(const struct caller *);
  DWORD always;
} rows[] = {
    {"FaxClose", NONE, 0, false, close_port, 0},
    {"FaxAccessCheck", NONE, 0, false, access_check_answers, 0},
    {"FaxEnumPorts", FAX_PORT_QUERY, DENIED, false, enum_ports, 0},
    {"FaxOpenPort", FAX_PORT_QUERY, DENIED, false, open_port, 0},
    {"FaxGetPort", FAX_PORT_QUERY, DENIED, true, get_port, 0},
    {"FaxSetPort", FAX_PORT_SET, DENIED, true, set_port, 0},
    {"FaxGetDeviceStatus", FAX_PORT_QUERY, DENIED, true, get_device_status, 0},
    {"FaxSendDocument", FAX_JOB_SUBMIT, DENIED, false, send_document, 0},
    {"FaxSendDocumentForBroadcast", FAX_JOB_SUBMIT, DENIED, false, broadcast,
     0},
    {"FaxPrepareDocument", FAX_JOB_SUBMIT, DENIED, false, prepare_document, 0},
    {"FaxSubmit", FAX_JOB_SUBMIT, DENIED, false, submit, 0},
    {"FaxSubmitAll", FAX_JOB_SUBMIT, DENIED, false, submit_all, 0},
    {"FaxEnumJobs", FAX_JOB_QUERY, DENIED, false, enum_jobs, 0},
    {"FaxGetJob", FAX_JOB_QUERY, UNSEEN, false, get_job, 0},
    {"FaxGetJob", NONE, 0, false, get_own_job, 0},
    {"FaxGetPageData", FAX_JOB_QUERY, UNSEEN, false, get_page_data, 0},
    {"FaxGetPageData", NONE, 0, false, get_own_page_data, 0},
    {"FaxGetJobResult", FAX_JOB_QUERY, UNSEEN, false, get_job_result, 0},
    {"FaxGetJobResult", NONE, 0, false, get_own_job_result, 0},
    {"FaxSetJob", FAX_JOB_MANAGE, DENIED, false, set_job, 0},
    {"FaxSetJob", NONE, 0, false, set_own_job, 0},
    {"FaxAbort", FAX_JOB_MANAGE, DENIED, false, abort_job, 0},
    {"FaxAbort", NONE, 0, false, abort_own_job, 0},
    {"FaxInitializeEventQueue", NONE, 0, false, initialize_event_queue, 0},
    {"FaxSubscribe", NONE, 0, false, subscribe, 0},
    {"FaxEnumInbox", FAX_JOB_QUERY, DENIED, false, enum_inbox, 0},
    {"FaxEnumArchive", NONE, 0, false, enum_archive, 0},
    {"FaxGetArchived", NONE, 0, false, get_archived, ERROR_INVALID_PARAMETER},
    {"FaxReadArchived", NONE, 0, false, read_archived, ERROR_INVALID_PARAMETER},
    {"FaxReadReceived", FAX_JOB_QUERY, DENIED, false, read_received,
     ERROR_INVALID_PARAMETER},
    {"FaxReadDocument", FAX_JOB_QUERY, UNSEEN, false, read_document, 0},
    {"FaxReadDocument", NONE, 0, false, read_own_document, 0},
    {"FaxReadFile", FAX_JOB_QUERY, UNSEEN, false, read_picture, 0},
    {"FaxServerBoot", NONE, 0, false, server_boot, 0},
    {"FaxRemoveArchived", FAX_JOB_MANAGE, DENIED, false, remove_archived, 0},
    {"FaxPurgeArchive", FAX_JOB_MANAGE, DENIED, false, purge_archive, 0},
    {"FaxEnumProviders", FAX_CONFIG_QUERY, DENIED, false, enum_providers, 0},
    {"FaxGetDialPlan", FAX_PORT_QUERY, DENIED, false, get_dial_plan, 0},
    {"FaxGetConfiguration", FAX_CONFIG_QUERY, DENIED, false, get_configuration,
     0},
    {"FaxSetConfiguration", FAX_CONFIG_SET, DENIED, false, set_configuration,
     0},
    {"FaxGetLoggingCategories", FAX_CONFIG_QUERY, DENIED, false, get_logging,
     0},
    {"FaxSetLoggingCategories", FAX_CONFIG_SET, DENIED, false, set_logging, 0},
    {"FaxEnumRoutingMethods", FAX_PORT_QUERY, DENIED, true,
     enum_routing_methods, 0},
    {"FaxEnableRoutingMethod", FAX_PORT_SET, DENIED, true,
     enable_routing_method, 0},
    {"FaxEnumGlobalRoutingInfo", FAX_CONFIG_QUERY, DENIED, false,
     enum_global_routing, 0},
    {"FaxSetGlobalRoutingInfo", FAX_CONFIG_SET, DENIED, false,
     set_global_routing, 0},
    {"FaxGetRoutingInfo", FAX_PORT_QUERY, DENIED, true, get_routing_info, 0},
    {"FaxSetRoutingInfo", FAX_PORT_SET, DENIED, true, set_routing_info, 0},
    {"FaxRegisterRoutingExtension", NONE, 0, false, register_extension,
     ERROR_CALL_NOT_IMPLEMENTED},
    {"FaxUnregisterRoutingExtension", NONE, 0, false, unregister_extension,
     ERROR_CALL_NOT_IMPLEMENTED},
};

static const DWORD rights[] = {FAX_JOB_SUBMIT, FAX_JOB_QUERY,  FAX_CONFIG_QUERY,
                               FAX_CONFIG_SET, FAX_PORT_QUERY, FAX_PORT_SET,
                               FAX_JOB_MANAGE};
#define RIGHTS (sizeof rights / sizeof *rights)

static void check(const struct row *row, DWORD mask) {
  struct fax_connect connect = {
      .size = sizeof connect, .rights = mask, .user = "bob"};
  struct caller c = {NULL, NULL};
  if (row->on_port) connect.rights |= FAX_PORT_QUERY;
  assert_true(FaxConnect(&connect, &c.server));
  if (row->on_port &&
      !FaxOpenPort(c.server, FSP_FIRST, PORT_OPEN_MODIFY, &c.port))
    fail_msg("%s: %s", row->name, FaxGetLastErrorMessage());
  DWORD expected =
      (connect.rights & row->right) == row->right ? row->always : row->refusal;
  BOOL done = row->call(&c);
  DWORD error = done ? ERROR_SUCCESS : FaxGetLastError();
  if (error != expected)
    fail_msg("%s with 0x%02x: %u instead of %u: %s", row->name, mask, error,
             expected, FaxGetLastErrorMessage());
  assert_true(FaxClose(c.server)); /* closing needs no right (CONN-8) */
  if (c.port != NULL) assert_fails(FaxClose(c.port), ERROR_INVALID_HANDLE);
}

static void start(void) {
  script_start(&st, 1, NULL);
  assert_true(FaxOpenPort(st.server, FSP_FIRST, PORT_OPEN_QUERY, &all_port));
  others = queue_as("ann");
  own = queue_as("bob");
}

/* SEC-1, -6, -9, -11, MEM-1 */
static void every_function_needs_its_right_and_no_other(void **unused) {
  (void)unused;
  start();
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    for (size_t r = 0; r < RIGHTS; r++) check(&rows[i], rights[r]);
    check(&rows[i], FAX_ALL_ACCESS);
    check(&rows[i], FAX_ALL_ACCESS & ~rows[i].right);
  }
  stage_stop(&st);
}

static void asks(HANDLE server, DWORD mask, BOOL answer, DWORD error) {
  FaxSetLastError(4711); /* which must not be left */
  if (FaxAccessCheck(server, mask) != answer || FaxGetLastError() != error)
    fail_msg("0x%x: %u: %s", mask, FaxGetLastError(), FaxGetLastErrorMessage());
}

/* SEC-4, -5 */
static void a_client_may_ask_for_its_rights(void **unused) {
  (void)unused;
  start();
  for (size_t i = 0; i < RIGHTS; i++) {
    struct fax_connect connect = {.size = sizeof connect, .rights = rights[i]};
    HANDLE server;
    assert_true(FaxConnect(&connect, &server));
    for (size_t r = 0; r < RIGHTS; r++)
      asks(server, rights[r], r == i, ERROR_SUCCESS);
    asks(server, rights[i] | rights[(i + 1) % RIGHTS], FALSE, ERROR_SUCCESS);
    asks(server, 0, FALSE, ERROR_SUCCESS);
    asks(server, 0x80, FALSE, ERROR_INVALID_PARAMETER);
    asks(server, rights[i] | 0x1000, FALSE, ERROR_INVALID_PARAMETER);
    assert_true(FaxClose(server));
    asks(server, rights[i], FALSE, ERROR_INVALID_HANDLE);
  }
  asks(NULL, FAX_JOB_QUERY, FALSE, ERROR_INVALID_PARAMETER);
  asks(st.server, FAX_READ, TRUE, ERROR_SUCCESS);
  asks(st.server, FAX_ALL_ACCESS, TRUE, ERROR_SUCCESS);
  stage_stop(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_function_needs_its_right_and_no_other),
      cmocka_unit_test(a_client_may_ask_for_its_rights),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
