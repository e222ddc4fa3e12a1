/* SPDX-License-Identifier: MIT
   Every documented error of every function of the client API, and what closing
   a handle means. */
#include "service_stage.h"

static struct stage st;
static HANDLE port_handle;

static int begin(void **unused) {
  (void)unused;
  stage_start(&st, NULL, NULL);
  stage_document(&st, 1);
  assert_true(FaxOpenPort(st.server, 1, PORT_OPEN_QUERY, &port_handle));
  return 0;
}

static int end(void **unused) {
  (void)unused;
  stage_stop(&st);
  return 0;
}

/* A handle that was valid and is not any more. */
static HANDLE stale_server(void) {
  HANDLE server;
  assert_true(FaxConnectFaxServer("", &server));
  assert_true(FaxClose(server));
  return server;
}

/* CONN-1..4 */
static void connecting_checks_its_arguments(void **unused) {
  HANDLE server = &st;
  (void)unused;
  assert_fails(FaxConnectFaxServer(NULL, NULL), ERROR_INVALID_PARAMETER);
  assert_fails(FaxConnectFaxServer("other", &server), ERROR_INVALID_PARAMETER);
  assert_null(server);
  assert_fails(FaxConnectFaxServer("other", NULL), ERROR_INVALID_PARAMETER);
  assert_fails(FaxConnect(NULL, NULL), ERROR_INVALID_PARAMETER);
  struct fax_connect wrong = {
      .size = sizeof wrong - 1, .rights = FAX_ALL_ACCESS, .user = NULL};
  assert_fails(FaxConnect(&wrong, &server), ERROR_INVALID_PARAMETER);
  struct fax_connect nameless = {
      .size = sizeof nameless, .rights = FAX_ALL_ACCESS, .user = ""};
  assert_fails(FaxConnect(&nameless, &server), ERROR_INVALID_PARAMETER);
  struct fax_connect garbage = {
      .size = sizeof garbage, .rights = FAX_ALL_ACCESS, .user = "\xff"};
  assert_fails(FaxConnect(&garbage, &server), ERROR_INVALID_PARAMETER);
  assert_null(server);
}

/* CONN-6..8, -13 */
static void closing_works_once_and_only_on_handles(void **unused) {
  HANDLE server, port;
  (void)unused;
  assert_fails(FaxClose(NULL), ERROR_INVALID_HANDLE);
  assert_fails(FaxClose(&st), ERROR_INVALID_HANDLE);
  assert_fails(FaxClose(st.events), ERROR_INVALID_HANDLE);
  assert_true(FaxConnectFaxServer(NULL, &server));
  assert_true(FaxOpenPort(server, 2, PORT_OPEN_QUERY, &port));
  assert_true(FaxClose(port));
  assert_fails(FaxClose(port), ERROR_INVALID_HANDLE);
  assert_true(FaxClose(server));
  assert_fails(FaxClose(server), ERROR_INVALID_HANDLE);
}

/* CONN-9, PORT-13 */
static void closing_a_connection_closes_its_ports(void **unused) {
  HANDLE server, query, modify, again;
  FAX_PORT_INFO *info;
  (void)unused;
  assert_true(FaxConnectFaxServer(NULL, &server));
  assert_true(FaxOpenPort(server, 1, PORT_OPEN_QUERY, &query));
  assert_true(FaxOpenPort(server, 1, PORT_OPEN_MODIFY, &modify));
  assert_true(FaxClose(server));
  assert_fails(FaxGetPort(query, &info), ERROR_INVALID_HANDLE);
  assert_fails(FaxClose(modify), ERROR_INVALID_HANDLE);
  assert_true(FaxGetPort(port_handle, &info)); /* of another connection */
  FaxFreeBuffer(info);
  assert_true(FaxOpenPort(st.server, 1, PORT_OPEN_MODIFY, &again));
  assert_true(FaxClose(again));
}

/* PORT-8, a NULL handle is ERROR_INVALID_PARAMETER */
static void listing_ports_checks_its_arguments(void **unused) {
  FAX_PORT_INFO *ports;
  DWORD count;
  (void)unused;
  assert_fails(FaxEnumPorts(NULL, &ports, &count), ERROR_INVALID_PARAMETER);
  assert_fails(FaxEnumPorts(st.server, NULL, &count), ERROR_INVALID_PARAMETER);
  assert_fails(FaxEnumPorts(st.server, &ports, NULL), ERROR_INVALID_PARAMETER);
  assert_fails(FaxEnumPorts(port_handle, &ports, &count), ERROR_INVALID_HANDLE);
  assert_fails(FaxEnumPorts(stale_server(), &ports, &count),
               ERROR_INVALID_HANDLE);
}

/* PORT-5, -10, -14, -17, -19 */
static void opening_a_port_checks_its_arguments(void **unused) {
  HANDLE port = &st;
  (void)unused;
  assert_fails(FaxOpenPort(st.server, 1, PORT_OPEN_QUERY, NULL),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxOpenPort(NULL, 1, PORT_OPEN_QUERY, &port),
               ERROR_INVALID_PARAMETER);
  assert_null(port);
  assert_fails(FaxOpenPort(stale_server(), 1, PORT_OPEN_QUERY, &port),
               ERROR_INVALID_HANDLE);
  assert_fails(FaxOpenPort(st.server, 0, PORT_OPEN_QUERY, &port),
               ERROR_BAD_UNIT);
  assert_fails(FaxOpenPort(st.server, 5, PORT_OPEN_MODIFY, &port),
               ERROR_BAD_UNIT);
  assert_fails(FaxOpenPort(st.server, 1, 0, &port), ERROR_INVALID_PARAMETER);
  assert_fails(FaxOpenPort(st.server, 1, 4, &port), ERROR_INVALID_PARAMETER);
  assert_null(port);
}

/* PORT-15 */
static void reading_a_port_checks_its_arguments(void **unused) {
  FAX_PORT_INFO *info;
  FAX_DEVICE_STATUS *status;
  (void)unused;
  assert_fails(FaxGetPort(NULL, &info), ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetPort(port_handle, NULL), ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetPort(st.server, &info), ERROR_INVALID_DATA);
  assert_fails(FaxGetDeviceStatus(NULL, &status), ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetDeviceStatus(port_handle, NULL), ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetDeviceStatus(st.server, &status), ERROR_INVALID_DATA);
}

/* PORT-30 */
static void setting_a_port_checks_its_arguments(void **unused) {
  FAX_PORT_INFO info = {.SizeOfStruct = sizeof info, .Priority = 1};
  (void)unused;
  assert_fails(FaxSetPort(NULL, &info), ERROR_INVALID_PARAMETER);
  assert_fails(FaxSetPort(port_handle, NULL), ERROR_INVALID_PARAMETER);
  assert_fails(FaxSetPort(st.server, &info), ERROR_INVALID_DATA);
  assert_fails(FaxSetPort(port_handle, &info), ERROR_ACCESS_DENIED);
}

/* JOB-2..5, -8 */
static void sending_checks_its_arguments(void **unused) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = "102"};
  FAX_COVERPAGE_INFO cover = {.SizeOfStruct = sizeof cover};
  DWORD id = 77;
  (void)unused;
  assert_fails(FaxSendDocument(NULL, st.document, &p, NULL, &id),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxSendDocument(st.server, NULL, &p, NULL, &id),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxSendDocument(st.server, st.document, NULL, NULL, &id),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxSendDocument(stale_server(), st.document, &p, NULL, &id),
               ERROR_INVALID_HANDLE);
  assert_fails(FaxSendDocument(st.server, st.document, &p, &cover, &id),
               ERROR_CALL_NOT_IMPLEMENTED);
  assert_fails(FaxSubmit(st.server, NULL, &id), ERROR_INVALID_PARAMETER);
  assert_int_equal(id, 77);
}

/* JOB-29, -60 */
static void reading_jobs_checks_its_arguments(void **unused) {
  FAX_JOB_ENTRY *jobs;
  struct fax_job_result *result;
  DWORD count;
  (void)unused;
  assert_fails(FaxEnumJobs(NULL, &jobs, &count), ERROR_INVALID_PARAMETER);
  assert_fails(FaxEnumJobs(st.server, NULL, &count), ERROR_INVALID_PARAMETER);
  assert_fails(FaxEnumJobs(st.server, &jobs, NULL), ERROR_INVALID_PARAMETER);
  assert_fails(FaxEnumJobs(stale_server(), &jobs, &count),
               ERROR_INVALID_HANDLE);
  assert_fails(FaxGetJob(NULL, 1, &jobs), ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetJob(st.server, 1, NULL), ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetJob(st.server, 9999, &jobs), ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetJob(stale_server(), 1, &jobs), ERROR_INVALID_HANDLE);
  assert_fails(FaxAbort(NULL, 1), ERROR_INVALID_HANDLE);
  assert_fails(FaxAbort(stale_server(), 1), ERROR_INVALID_HANDLE);
  assert_fails(FaxAbort(st.server, 9999), ERROR_INVALID_PARAMETER);
  assert_fails(FaxAbort(st.server, 0), ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetJobResult(st.server, 9999, &result),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxGetJobResult(st.server, 1, NULL), ERROR_INVALID_PARAMETER);
}

/* EVT-1..3 */
static void subscribing_checks_its_arguments(void **unused) {
  HANDLE server = st.server, port = st.events;
  HWND window = (HWND)&st;
  (void)unused;
  assert_fails(FaxInitializeEventQueue(NULL, port, 0, NULL, 0),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxInitializeEventQueue(server, NULL, 0, NULL, 0),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxInitializeEventQueue(server, port, 0, window, WM_USER),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxInitializeEventQueue(server, port, 0, NULL, WM_USER),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxInitializeEventQueue(server, NULL, 0, window, WM_USER - 1),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxInitializeEventQueue(server, NULL, 0, window, WM_USER),
               ERROR_CALL_NOT_IMPLEMENTED);
  assert_fails(FaxInitializeEventQueue(stale_server(), port, 0, NULL, 0),
               ERROR_INVALID_HANDLE);
  assert_fails(FaxInitializeEventQueue(server, server, 0, NULL, 0),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxSubscribe(server, NULL, 0, NULL), ERROR_INVALID_PARAMETER);
  FaxUnsubscribe(0);
  FaxUnsubscribe(0xffffffff);
}

/* MEM-3, -5 */
static void buffers_are_freed_once(void **unused) {
  FAX_PORT_INFO *ports;
  DWORD count, own = 7;
  (void)unused;
  FaxFreeBuffer(NULL);
  FaxFreeBuffer(&own);
  assert_true(FaxEnumPorts(st.server, &ports, &count));
  FaxFreeBuffer(&ports[1]); /* not the block */
  assert_int_equal(ports[1].DeviceId, 2);
  FaxFreeBuffer(ports);
  FaxFreeBuffer(ports);
  assert_int_equal(mem_faults(), 0);
}

/* A success leaves no error behind, a failure a sentence. */
static void the_last_error_is_of_the_last_call(void **unused) {
  HANDLE port;
  (void)unused;
  assert_fails(FaxOpenPort(st.server, 99, PORT_OPEN_QUERY, &port),
               ERROR_BAD_UNIT);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "99"));
  assert_true(FaxOpenPort(st.server, 1, PORT_OPEN_QUERY, &port));
  assert_int_equal(FaxGetLastError(), ERROR_SUCCESS);
  assert_string_equal(FaxGetLastErrorMessage(), "");
  assert_true(FaxClose(port));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(connecting_checks_its_arguments),
      cmocka_unit_test(closing_works_once_and_only_on_handles),
      cmocka_unit_test(closing_a_connection_closes_its_ports),
      cmocka_unit_test(listing_ports_checks_its_arguments),
      cmocka_unit_test(opening_a_port_checks_its_arguments),
      cmocka_unit_test(reading_a_port_checks_its_arguments),
      cmocka_unit_test(setting_a_port_checks_its_arguments),
      cmocka_unit_test(sending_checks_its_arguments),
      cmocka_unit_test(reading_jobs_checks_its_arguments),
      cmocka_unit_test(subscribing_checks_its_arguments),
      cmocka_unit_test(buffers_are_freed_once),
      cmocka_unit_test(the_last_error_is_of_the_last_call),
  };
  test_start();
  return cmocka_run_group_tests(tests, begin, end);
}
