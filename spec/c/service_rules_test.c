/* SPDX-License-Identifier: MIT
   Rules that no other spec holds: one small test each, named by its rule. */
#include <pthread.h>
#include <sched.h>

#include "service_fsp.h"
#include "service_stage.h"

static struct stage st;

static void start_script(void (*change)(struct fax_service_config *)) {
  stage_start_with(&st, "forward", NULL, change);
  stage_document(&st, 2);
}

static HANDLE open_port(DWORD device) {
  HANDLE port;
  if (!FaxOpenPort(st.server, device, PORT_OPEN_MODIFY, &port))
    fail_msg("%s", FaxGetLastErrorMessage());
  return port;
}

/* ---- connections ---- */

enum { CALLERS = 4, CALLS = 200 };

static void *call_often(void *unused) {
  FAX_PORT_INFO *ports, *info;
  FAX_JOB_ENTRY *jobs;
  HANDLE port;
  DWORD count, sound = 0;
  (void)unused;
  for (int i = 0; i < CALLS; i++) {
    if (!FaxEnumPorts(st.server, &ports, &count)) continue;
    bool two = count == FSP_LINES && ports[1].DeviceId == FSP_FIRST + 1;
    FaxFreeBuffer(ports);
    if (!FaxEnumJobs(st.server, &jobs, &count)) continue;
    bool one = count == 1 && jobs[0].JobType == JT_SEND;
    FaxFreeBuffer(jobs);
    if (!FaxOpenPort(st.server, FSP_FIRST, PORT_OPEN_QUERY, &port)) continue;
    if (FaxGetPort(port, &info)) {
      sound += two && one && info->DeviceId == FSP_FIRST;
      FaxFreeBuffer(info);
    }
    FaxClose(port);
  }
  return (void *)(uintptr_t)sound;
}

/* CONN-14 */
static void one_connection_takes_calls_of_many_threads(void **unused) {
  pthread_t threads[CALLERS];
  (void)unused;
  fsp_set(2);
  start_script(NULL);
  DWORD job = stage_send(&st, FSP_WAITS);
  stage_skip(&st, FEI_SENDING, job);
  for (int i = 0; i < CALLERS; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, call_often, NULL), 0);
  for (int i = 0; i < CALLERS; i++) {
    void *sound;
    assert_int_equal(pthread_join(threads[i], &sound), 0);
    assert_int_equal((uintptr_t)sound, CALLS);
  }
  stage_stop(&st);
}

/* SEC-3 */
static void generic_rights_are_sums_of_the_seven(void **unused) {
  const DWORD all = FAX_JOB_SUBMIT | FAX_JOB_QUERY | FAX_CONFIG_QUERY |
                    FAX_CONFIG_SET | FAX_PORT_QUERY | FAX_PORT_SET |
                    FAX_JOB_MANAGE;
  (void)unused;
  assert_int_equal(FAX_READ & all,
                   FAX_JOB_QUERY | FAX_CONFIG_QUERY | FAX_PORT_QUERY);
  assert_int_equal(FAX_WRITE & all, FAX_JOB_SUBMIT);
  assert_int_equal(FAX_ALL_ACCESS & all, all);
}

/* ---- ports ---- */

/* PORT-3 */
static void line_ids_survive_a_restart(void **unused) {
  DWORD ids[2][4];
  (void)unused;
  for (int run = 0; run < 2; run++) {
    FAX_PORT_INFO *ports;
    DWORD count;
    stage_start(&st, NULL, NULL);
    assert_true(FaxEnumPorts(st.server, &ports, &count));
    assert_int_equal(count, 4);
    for (DWORD i = 0; i < count; i++) ids[run][i] = ports[i].DeviceId;
    FaxFreeBuffer(ports);
    stage_stop(&st);
  }
  assert_memory_equal(ids[0], ids[1], sizeof ids[0]);
}

/* FSP-7, PORT-5: the exchange has the ids 1 to 10, the script 10 and 11. */
static void a_device_id_is_given_once(void **unused) {
  struct fax_service_config config;
  const char *const ten[] = {"lines=10", NULL};
  struct fax_provider_config both[] = {{.name = "loopback", .options = ten},
                                       {.name = "forward"}};
  (void)unused;
  fsp_set(1);
  stage_count(&st);
  stage_options(&st, &config);
  config.providers = both;
  config.provider_count = 2;
  assert_fails(FaxServiceStart(&config), ERROR_ALREADY_EXISTS);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "10"));
  stage_clear(&st);
  stage_is_empty(&st);
}

static char caller_number[64], receiver_number[64];

static BOOL note_numbers(HANDLE handle, PFAX_SEND send,
                         PFAX_SEND_CALLBACK callback) {
  (void)callback;
  snprintf(caller_number, sizeof caller_number, "%s", send->CallerNumber);
  snprintf(receiver_number, sizeof receiver_number, "%s", send->ReceiverNumber);
  return fsp_over(handle, FS_COMPLETED);
}

static void own_tsid(struct fax_service_config *config) {
  config->use_device_tsid = FALSE;
}

/* PORT-35, CFG-9; FSP-35: the number is dialled as it was given */
static void the_tsid_is_the_jobs_or_the_ports(void **unused) {
  (void)unused;
  for (int device = 0; device < 2; device++) {
    fsp_set(2);
    fsp_script.send = note_numbers;
    start_script(device ? NULL : own_tsid);
    HANDLE port = open_port(FSP_FIRST);
    FAX_PORT_INFO *info;
    assert_true(FaxGetPort(port, &info));
    info->Tsid = "port";
    assert_true(FaxSetPort(port, info));
    FaxFreeBuffer(info);
    stage_skip(&st, FEI_DELETED, stage_send(&st, "+49 (30) 12-3"));
    assert_string_equal(caller_number, device ? "port" : "sender");
    assert_string_equal(receiver_number, "+49 (30) 12-3");
    stage_stop(&st);
  }
}

/* PORT-36 */
static void a_port_answers_with_its_csid(void **unused) {
  FAX_PORT_INFO *info;
  (void)unused;
  stage_start(&st, NULL, NULL);
  stage_document(&st, 1);
  HANDLE port = open_port(2);
  assert_true(FaxGetPort(port, &info));
  info->Csid = "+1 555 7";
  assert_true(FaxSetPort(port, info));
  FaxFreeBuffer(info);
  DWORD job = stage_send(&st, "102");
  stage_skip(&st, FEI_DELETED, job);
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  assert_string_equal(r->remote_id, "+1 555 7");
  FaxFreeBuffer(r);
  stage_stop(&st);
}

static int64_t wall_of(FILETIME time) {
  int64_t ticks =
      (int64_t)((uint64_t)time.dwHighDateTime << 32 | time.dwLowDateTime);
  return (ticks - INT64_C(116444736000000000)) * 100;
}

/* PORT-43; PORT-44: a job that is on no device */
static void times_of_the_status_are_utc(void **unused) {
  FAX_DEVICE_STATUS *status;
  FAX_JOB_ENTRY *entry;
  (void)unused;
  assert_true(FaxClockVirtual(STAGE_NOON));
  fsp_set(2);
  start_script(NULL);
  FAX_JOB_PARAM p = {
      .SizeOfStruct = sizeof p,
      .RecipientNumber = FSP_WAITS,
      .ScheduleAction = JSA_SPECIFIC_TIME,
      .ScheduleTime = {.wYear = 2026, .wMonth = 1, .wDay = 1, .wHour = 13}};
  DWORD job;
  assert_true(FaxSendDocument(st.server, st.document, &p, NULL, &job));
  assert_true(FaxGetJob(st.server, job, &entry));
  assert_int_equal(entry->Status, 0);
  FaxFreeBuffer(entry);
  stage_skip(&st, FEI_SENDING, job);
  HANDLE port = open_port(FSP_FIRST);
  assert_true(FaxGetDeviceStatus(port, &status));
  assert_int_equal(wall_of(status->SubmittedTime), STAGE_NOON);
  assert_int_equal(wall_of(status->StartTime), STAGE_NOON + 3600 * FAX_SECOND);
  FaxFreeBuffer(status);
  stage_stop_virtual(&st);
}

static DWORD the_status;

/* Statuses under way are posted, the others end the call. */
static BOOL end_with_status(HANDLE handle, PFAX_SEND send,
                            PFAX_SEND_CALLBACK callback) {
  struct fsp_call *c = handle;
  (void)send, (void)callback;
  c->status = the_status;
  if (the_status == FS_DIALING || the_status == FS_TRANSMITTING ||
      the_status == FS_RECEIVING || the_status == FS_ANSWERED) {
    fsp_post(c, the_status, 1);
    c->status = FS_COMPLETED;
  }
  return c->status == FS_COMPLETED || c->status == FS_HANDLED;
}

/* PORT-47 */
static void statuses_are_mapped_by_name(void **unused) {
  static const struct {
    DWORD fs, fps, fei;
  } rows[] = {{FS_DIALING, FPS_DIALING, FEI_DIALING},
              {FS_TRANSMITTING, FPS_SENDING, FEI_SENDING},
              {FS_RECEIVING, FPS_RECEIVING, FEI_RECEIVING},
              {FS_COMPLETED, FPS_COMPLETED, FEI_COMPLETED},
              {FS_HANDLED, FPS_HANDLED, FEI_HANDLED},
              {FS_LINE_UNAVAILABLE, FPS_UNAVAILABLE, FEI_LINE_UNAVAILABLE},
              {FS_BUSY, FPS_BUSY, FEI_BUSY},
              {FS_NO_ANSWER, FPS_NO_ANSWER, FEI_NO_ANSWER},
              {FS_BAD_ADDRESS, FPS_BAD_ADDRESS, FEI_BAD_ADDRESS},
              {FS_NO_DIAL_TONE, FPS_NO_DIAL_TONE, FEI_NO_DIAL_TONE},
              {FS_DISCONNECTED, FPS_DISCONNECTED, FEI_DISCONNECTED},
              {FS_FATAL_ERROR, FPS_FATAL_ERROR, FEI_FATAL_ERROR},
              {FS_NOT_FAX_CALL, FPS_NOT_FAX_CALL, FEI_NOT_FAX_CALL},
              {FS_CALL_DELAYED, FPS_CALL_DELAYED, FEI_CALL_DELAYED},
              {FS_CALL_BLACKLISTED, FPS_CALL_BLACKLISTED, FEI_CALL_BLACKLISTED},
              {FS_USER_ABORT, FPS_ABORTING, FEI_ABORTING},
              {FS_ANSWERED, FPS_ANSWERED, FEI_ANSWERED}};
  (void)unused;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    the_status = rows[i].fs;
    fsp_set(2);
    fsp_script.send = end_with_status;
    start_script(NULL);
    DWORD job = stage_send(&st, "1");
    struct fax_event *e = stage_until(&st, FEI_INITIALIZING, job);
    assert_int_equal(e->status, FPS_INITIALIZING);
    FaxLocalFree(e);
    e = stage_until(&st, rows[i].fei, job);
    assert_int_equal(e->status, rows[i].fps);
    FaxLocalFree(e);
    stage_stop(&st);
  }
}

/* ---- jobs ---- */

/* JOB-8: the id may be NULL; JOB-40: a time that nobody asked for */
static void what_is_not_asked_for_is_not_looked_at(void **unused) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p,
                     .RecipientNumber = FSP_COMPLETES,
                     .ScheduleAction = JSA_NOW,
                     .ScheduleTime = {.wYear = 2099, .wMonth = 77}};
  (void)unused;
  fsp_set(2);
  start_script(NULL);
  assert_true(FaxSendDocument(st.server, st.document, &p, NULL, NULL));
  struct fax_event *e = stage_until(&st, FEI_DELETED, 0);
  assert_int_equal(e->outcome, FAX_OUTCOME_COMPLETED);
  FaxLocalFree(e);
  stage_stop(&st);
}

static DWORD send_from(DWORD device, const char *number) {
  const char *file = st.document;
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = number};
  struct fax_submission sub = stage_of_file(&file, &p);
  sub.device_id = device;
  DWORD id = stage_submit(&st, &sub);
  return id;
}

/* JOB-46 */
static void the_oldest_of_the_due_jobs_goes_first(void **unused) {
  DWORD jobs[3];
  (void)unused;
  fsp_set(2);
  start_script(NULL);
  DWORD first = send_from(FSP_FIRST, FSP_WAITS);
  stage_skip(&st, FEI_SENDING, first);
  for (int i = 0; i < 3; i++) jobs[i] = send_from(FSP_FIRST, FSP_COMPLETES);
  assert_true(FaxAbort(st.server, first));
  stage_skip(&st, FEI_DELETED, first);
  for (int i = 0; i < 3; i++) {
    struct fax_event *e = stage_until(&st, FEI_DELETED, 0);
    assert_int_equal(e->job_id, jobs[i]);
    FaxLocalFree(e);
  }
  stage_stop(&st);
}

static void try_twice(struct fax_service_config *config) {
  config->retries = 1;
}

/* FSP-21 */
static void each_attempt_starts_the_job_anew(void **unused) {
  (void)unused;
  fsp_set(2);
  start_script(try_twice);
  DWORD job = stage_send(&st, FSP_BUSY);
  stage_skip(&st, FEI_BUSY, job);
  stage_skip(&st, FEI_BUSY, job);
  assert_int_equal(atomic_load(&fsp.started), 2);
  stage_stop(&st);
}

/* ---- receptions ---- */

static pthread_t start_thread, receive_thread;
static bool file_was_there, line_was_null;
static DWORD start_device;

static BOOL start_noting(HLINE line, DWORD device, PHANDLE handle, HANDLE port,
                         ULONG_PTR key) {
  start_thread = pthread_self();
  start_device = device;
  line_was_null = line == 0;
  return fsp_start(line, device, handle, port, key);
}

static BOOL receive_noting(HANDLE handle, HCALL call, PFAX_RECEIVE receive) {
  receive_thread = pthread_self();
  file_was_there = access(receive->FileName, W_OK) == 0;
  return fsp_receive(handle, call, receive);
}

/* FSP-23, -41, -64 */
static void a_ring_leads_to_start_and_receive(void **unused) {
  (void)unused;
  fsp_set(2);
  fsp_script.start_job = start_noting;
  fsp_script.receive = receive_noting;
  start_script(NULL);
  fsp_ring(FSP_FIRST + 1, 9);
  stage_skip(&st, FEI_FAX_RECEIVED, 0);
  assert_int_equal(atomic_load(&fsp.used[1]), 1);
  assert_int_equal(start_device, FSP_FIRST + 1);
  assert_true(line_was_null);
  assert_true(file_was_there);
  assert_true(pthread_equal(start_thread, receive_thread));
  assert_false(pthread_equal(start_thread, pthread_self()));
  stage_stop(&st);
}

/* ---- events ---- */

static BOOL send_two_pages(HANDLE handle, PFAX_SEND send,
                           PFAX_SEND_CALLBACK callback) {
  struct fsp_call *c = handle;
  struct fax_progress p = FAX_PROGRESS_INIT;
  (void)send, (void)callback;
  for (DWORD page = 1; page <= 2; page++) {
    fsp_post(c, FS_TRANSMITTING, page);
    p.image_bytes = 100 * page; /* a change within the page */
    FaxOperationReport(c->port, c->key, &p);
  }
  return fsp_over(c, FS_COMPLETED);
}

/* EVT-23 */
static void sending_is_told_once_a_page(void **unused) {
  struct fax_packet packet;
  DWORD taken, sending = 0, deleted = 0;
  (void)unused;
  fsp_set(2);
  fsp_script.send = send_two_pages;
  start_script(NULL);
  HANDLE port = FaxCreateCompletionPort();
  assert_true(FaxInitializeEventQueue(st.server, port, 1, NULL, 0));
  stage_send(&st, "1");
  while (deleted == 0) {
    assert_true(FaxGetCompletions(port, &packet, 1, &taken, stage_patience()));
    const FAX_EVENT *e = packet.packet;
    sending += e->EventId == FEI_SENDING;
    deleted += e->EventId == FEI_DELETED;
    FaxLocalFree(packet.packet);
  }
  assert_int_equal(sending, 2);
  assert_true(FaxCloseCompletionPort(port));
  stage_stop(&st);
}

static DWORD drain(HANDLE port, DWORD *last) {
  struct fax_packet packet;
  DWORD taken, count = 0;
  while (FaxGetCompletions(port, &packet, 1, &taken, 0)) {
    *last = ((const FAX_EVENT *)packet.packet)->EventId;
    FaxLocalFree(packet.packet);
    count++;
  }
  return count;
}

/* EVT-4, -6, -7: with the end of the service a registration is over; the next
   run tells it nothing. */
static void a_registration_is_of_one_session(void **unused) {
  DWORD last = 0;
  (void)unused;
  stage_only_here(); /* its connection is freed with the port */
  HANDLE port = FaxCreateCompletionPort();
  assert_true(FaxPostCompletion(port, 0, 0, FaxLocalAlloc(sizeof(FAX_EVENT))));
  assert_int_equal(drain(port, &last), 1); /* it has its room from now on */
  fsp_set(2);
  start_script(NULL);
  assert_true(FaxInitializeEventQueue(st.server, port, 1, NULL, 0));
  stage_stop_within(20);
  assert_true(drain(port, &last) > 0);
  assert_int_equal(last, FEI_FAXSVC_ENDED);
  stage_end(&st);
  fsp_set(2);
  start_script(NULL);
  stage_skip(&st, FEI_DELETED, stage_send(&st, FSP_COMPLETES));
  stage_stop_within(20);
  assert_int_equal(drain(port, &last), 0);
  stage_end(&st);
  assert_true(FaxCloseCompletionPort(port));
}

/* ---- documents ---- */

/* DOC-1 */
static void the_service_makes_one_mmr_strip_a_page(void **unused) {
  char source[128], made[128];
  struct fax_rendered *rendered;
  uint16_t compression = 0;
  uint32_t height = 0, rows = 0;
  (void)unused;
  fsp_set(1);
  start_script(NULL);
  snprintf(source, sizeof source, "%s/odd.tif", st.directory);
  snprintf(made, sizeof made, "%s/made.tif", st.directory);
  assert_true(pages_make(source, PAGES_SHORT, 1, 900, 150));
  const char *file = source;
  struct fax_render render = {
      .size = sizeof render, .files = &file, .file_count = 1, .output = made};
  if (!FaxRenderDocument(&render, &rendered))
    fail_msg("%s", FaxGetLastErrorMessage());
  assert_false(rendered->unchanged);
  FaxFreeBuffer(rendered);
  TIFF *tiff = TIFFOpen(made, "r");
  assert_non_null(tiff);
  TIFFGetField(tiff, TIFFTAG_COMPRESSION, &compression);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
  assert_int_equal(compression, COMPRESSION_CCITTFAX4);
  assert_int_equal(TIFFNumberOfStrips(tiff), 1);
  assert_true(height > 0 && rows >= height);
  TIFFClose(tiff);
  stage_stop(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_connection_takes_calls_of_many_threads),
      cmocka_unit_test(generic_rights_are_sums_of_the_seven),
      cmocka_unit_test(line_ids_survive_a_restart),
      cmocka_unit_test(a_device_id_is_given_once),
      cmocka_unit_test(the_tsid_is_the_jobs_or_the_ports),
      cmocka_unit_test(a_port_answers_with_its_csid),
      cmocka_unit_test(times_of_the_status_are_utc),
      cmocka_unit_test(statuses_are_mapped_by_name),
      cmocka_unit_test(what_is_not_asked_for_is_not_looked_at),
      cmocka_unit_test(the_oldest_of_the_due_jobs_goes_first),
      cmocka_unit_test(each_attempt_starts_the_job_anew),
      cmocka_unit_test(a_ring_leads_to_start_and_receive),
      cmocka_unit_test(sending_is_told_once_a_page),
      cmocka_unit_test(a_registration_is_of_one_session),
      cmocka_unit_test(the_service_makes_one_mmr_strip_a_page),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
