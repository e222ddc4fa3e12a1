/* SPDX-License-Identifier: MIT
   Jobs: how calls end and what becomes of the job, retries and schedules on the
   virtual clock, aborts at every stage, watchdogs, results. */
#include "service_script.h"

static struct stage st;
static char trace[512];

static void try_thrice(struct fax_service_config *config) {
  config->retries = 2;
  config->retry_delay = 600;
}

/* ---- how calls end ---- */

/* JOB-21, JOB-33; unknown, busy and silent numbers of the exchange. */
static void a_call_that_fails_says_why(void **unused) {
  (void)unused;
  stage_start_virtual(&st, NULL, NULL);
  stage_document(&st, 1);
  DWORD job = stage_send(&st, "999");
  stage_trace(&st, job, FEI_BAD_ADDRESS, trace, sizeof trace);
  assert_string_equal(trace, "JOB_QUEUED INITIALIZING DIALING BAD_ADDRESS");
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_FAILED);
  assert_int_equal(r->attempt_count, 1);
  assert_int_equal(r->attempts[0].status, FS_BAD_ADDRESS);
  assert_string_equal(r->attempts[0].cause, "unknown_number");
  assert_true(r->finished.dwHighDateTime != 0);
  FaxFreeBuffer(r);
  assert_int_equal(stage_queue_status(&st, job), JS_RETRIES_EXCEEDED);
  job = stage_send(&st, "101"); /* its own line, or one that is in use */
  stage_skip(&st, FEI_IDLE, 0);
  stage_stop_virtual(&st);
}

/* FSP-45..48, JOB-63, FSP-54 */
static void final_failures_are_not_tried_again(void **unused) {
  static const struct {
    const char *number;
    DWORD event_id;
  } cases[] = {{FSP_BLACKLISTED, FEI_CALL_BLACKLISTED},
               {FSP_ABORTS, FEI_ABORTING},
               {FSP_OWN_CODE, FEI_FATAL_ERROR}};
  (void)unused;
  script_start(&st, 1, try_thrice);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    DWORD job = stage_send(&st, cases[i].number);
    stage_skip(&st, cases[i].event_id, job);
    assert_int_equal(stage_queue_status(&st, job), JS_RETRIES_EXCEEDED);
    assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_FAILED);
    stage_skip(&st, FEI_IDLE, 0);
  }
  stage_stop(&st);
}

/* JOB-30..33, EVT-21 */
static void retries_are_made_after_their_delay(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, try_thrice);
  fax_deadline began = FaxClockNow();
  DWORD job = stage_send(&st, FSP_BUSY);
  stage_skip(&st, FEI_BUSY, job);
  assert_int_equal(stage_queue_status(&st, job), JS_RETRYING);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_PENDING);
  stage_skip(&st, FEI_BUSY, job);
  assert_int_equal(FaxClockNow() - began, 600 * FAX_SECOND);
  DWORD outcome = stage_trace(&st, job, FEI_BUSY, trace, sizeof trace);
  assert_string_equal(trace, "INITIALIZING DIALING SENDING BUSY");
  assert_int_equal(outcome, FAX_OUTCOME_FAILED);
  assert_int_equal(FaxClockNow() - began, 1200 * FAX_SECOND);
  assert_int_equal(stage_queue_status(&st, job), JS_RETRIES_EXCEEDED);
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->attempt_count, 3);
  for (DWORD i = 0; i < 3; i++) {
    assert_int_equal(r->attempts[i].number, i + 1);
    assert_int_equal(r->attempts[i].status, FS_BUSY);
  }
  FaxFreeBuffer(r);
  assert_int_equal(stage_files(&st, "spool"), 1);
  assert_true(FaxAbort(st.server, job)); /* it only leaves */
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(stage_queue_status(&st, job), FAX_UNKNOWN);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_FAILED);
  assert_fails(FaxAbort(st.server, job), ERROR_INVALID_PARAMETER);
  assert_int_equal(stage_files(&st, "spool"), 0);
  stage_stop_virtual(&st);
}

/* fax_operation.h: first_page; what was confirmed is not sent again. */
static void confirmed_pages_are_not_sent_again(void **unused) {
  (void)unused;
  script_start_virtual(&st, 3, try_thrice);
  DWORD job = stage_send(&st, FSP_ONE_PAGE);
  stage_skip(&st, FEI_DISCONNECTED, job);
  assert_int_equal(atomic_load(&fsp.first_page), 1);
  stage_skip(&st, FEI_DISCONNECTED, job);
  assert_int_equal(atomic_load(&fsp.first_page), 2);
  stage_skip(&st, FEI_COMPLETED, job);
  assert_int_equal(atomic_load(&fsp.first_page), 3);
  stage_skip(&st, FEI_DELETED, job);
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(r->pages_confirmed, 3);
  assert_int_equal(r->attempts[2].pages_confirmed, 1);
  FaxFreeBuffer(r);
  stage_stop_virtual(&st);
}

/* Counts of several calls of a provider that begins anew do not add up to a
   fax. */
static void pages_of_several_calls_are_not_a_delivery(void **unused) {
  (void)unused;
  script_start_virtual(&st, 2, try_thrice);
  DWORD job = stage_send(&st, FSP_REPEATS);
  for (int i = 0; i < 3; i++) stage_skip(&st, FEI_DISCONNECTED, job);
  assert_int_equal(atomic_load(&fsp.first_page), 2); /* there is a page */
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_FAILED);
  stage_stop_virtual(&st);
}

static void all_pages_confirmed_is_delivered(void **unused) {
  (void)unused;
  script_start(&st, 2, try_thrice);
  DWORD job = stage_send(&st, FSP_ALL_BUT_BYE);
  DWORD outcome = stage_trace(&st, job, FEI_DELETED, trace, sizeof trace);
  assert_int_equal(outcome, FAX_OUTCOME_COMPLETED);
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->attempts[0].status, FS_DISCONNECTED);
  FaxFreeBuffer(r);
  stage_stop(&st);
}

/* A provider that contradicts itself has not delivered. */
static void a_page_unconfirmed_is_not_delivered(void **unused) {
  (void)unused;
  script_start(&st, 2, NULL);
  DWORD job = stage_send(&st, FSP_LACKS_ONE);
  stage_skip(&st, FEI_IDLE, 0);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_FAILED);
  stage_stop(&st);
}

/* FSP-33, JOB-37 */
static void a_line_away_uses_up_no_retry(void **unused) {
  (void)unused;
  script_start(&st, 1, NULL);
  DWORD job = stage_send(&st, FSP_LINE_BACK);
  assert_int_equal(stage_trace(&st, job, FEI_DELETED, trace, sizeof trace),
                   FAX_OUTCOME_COMPLETED);
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->attempt_count, 2);
  assert_int_equal(r->attempts[0].status, FS_LINE_UNAVAILABLE);
  assert_int_not_equal(r->attempts[0].device_id, r->attempts[1].device_id);
  FaxFreeBuffer(r);
  stage_stop(&st);
}

static void patient_for_a_minute(struct fax_service_config *config) {
  config->operation_limit = 60;
  config->retries = 1;
}

/* A call that goes on for ever is ended by the watchdog, and may be tried
   again; docs/threads.md. */
static void a_call_without_end_is_ended(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, patient_for_a_minute);
  fax_deadline began = FaxClockNow();
  DWORD job = stage_send(&st, FSP_WAITS);
  while (stage_outcome(&st, job) == FAX_OUTCOME_PENDING)
    FaxLocalFree(stage_event(&st));
  assert_int_equal(FaxClockNow() - began, 120 * FAX_SECOND);
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_FAILED);
  assert_int_equal(r->attempt_count, 2);
  assert_string_equal(r->attempts[0].cause, "operation_limit");
  FaxFreeBuffer(r);
  stage_skip(&st, FEI_IDLE, 0);
  stage_stop_virtual(&st);
}

/* JOB-37: half an hour without a line is one entry, not sixty. */
static void a_line_that_stays_away_is_told_once(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  fax_deadline began = FaxClockNow();
  DWORD job = stage_send(&st, FSP_LINE_AWAY);
  while (FaxClockNow() - began < 1800 * FAX_SECOND)
    FaxLocalFree(stage_event(&st));
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_PENDING);
  assert_in_range(r->attempt_count, 1, 4); /* two ports, and their turns */
  FaxFreeBuffer(r);
  assert_true(FaxAbort(st.server, job));
  stage_skip(&st, FEI_DELETED, job);
  stage_stop_virtual(&st);
}

/* ---- schedules ---- */

static DWORD send_at(SYSTEMTIME time) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p,
                     .RecipientNumber = FSP_COMPLETES,
                     .ScheduleAction = JSA_SPECIFIC_TIME,
                     .ScheduleTime = time};
  DWORD id;
  if (!FaxSendDocument(st.server, st.document, &p, NULL, &id))
    fail_msg("%s", FaxGetLastErrorMessage());
  return id;
}

/* JOB-38, -39, -41 */
static void a_job_waits_for_its_time(void **unused) {
  FAX_JOB_ENTRY *entry;
  (void)unused;
  script_start_virtual(&st, 1, NULL);
  DWORD later = send_at((SYSTEMTIME){
      .wYear = 2026, .wMonth = 1, .wDay = 2, .wHour = 3, .wMinute = 4});
  DWORD past = send_at((SYSTEMTIME){.wYear = 1999, .wMonth = 1, .wDay = 1});
  stage_skip(&st, FEI_DELETED, past);
  assert_int_equal(FaxClockWall(), STAGE_NOON);
  assert_true(FaxGetJob(st.server, later, &entry));
  assert_int_equal(entry->QueueStatus, JS_PENDING);
  assert_int_equal(entry->ScheduleAction, JSA_SPECIFIC_TIME);
  assert_int_equal(entry->ScheduleTime.wMinute, 4);
  FaxFreeBuffer(entry);
  stage_skip(&st, FEI_DELETED, later);
  assert_int_equal(FaxClockWall() - STAGE_NOON,
                   (15 * 60 + 4) * 60 * FAX_SECOND);
  stage_stop_virtual(&st);
}

/* JOB-29; more than are looked at under the lock at once. */
static void all_jobs_are_listed_in_order(void **unused) {
  enum { JOBS = 600 };
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p,
                     .RecipientNumber = FSP_COMPLETES,
                     .ScheduleAction = JSA_SPECIFIC_TIME,
                     .ScheduleTime = {.wYear = 2100, .wMonth = 1, .wDay = 1}};
  FAX_JOB_ENTRY *entries;
  DWORD count, first = 0, id;
  (void)unused;
  fsp_set(1);
  stage_start_with(&st, "forward", NULL, NULL);
  assert_true(pages_make(st.document, PAGES_SHORT, 1, 40, 98));
  for (DWORD i = 0; i < JOBS; i++) {
    assert_true(FaxSendDocument(st.server, st.document, &p, NULL, &id));
    if (i == 0) first = id;
  }
  assert_true(FaxEnumJobs(st.server, &entries, &count));
  assert_int_equal(count, JOBS);
  for (DWORD i = 0; i < JOBS; i++)
    assert_int_equal(entries[i].JobId, first + i);
  FaxFreeBuffer(entries);
  stage_stop(&st);
}

/* ---- aborts ---- */

/* JOB-23 */
static void a_queued_job_is_cancelled_at_once(void **unused) {
  (void)unused;
  script_start_virtual(&st, 1, try_thrice);
  DWORD later = send_at((SYSTEMTIME){.wYear = 2027, .wMonth = 1, .wDay = 1});
  assert_true(FaxAbort(st.server, later));
  assert_int_equal(stage_trace(&st, later, FEI_DELETED, trace, sizeof trace),
                   FAX_OUTCOME_CANCELLED);
  assert_string_equal(trace, "JOB_QUEUED DELETED");
  DWORD retrying = stage_send(&st, FSP_BUSY);
  stage_skip(&st, FEI_BUSY, retrying);
  assert_true(FaxAbort(st.server, retrying));
  stage_skip(&st, FEI_DELETED, retrying);
  assert_int_equal(stage_outcome(&st, retrying), FAX_OUTCOME_CANCELLED);
  assert_fails(FaxAbort(st.server, retrying), ERROR_INVALID_PARAMETER);
  assert_int_equal(stage_files(&st, "spool"), 0);
  stage_stop_virtual(&st);
}

/* JOB-1, -60..63 */
static void a_running_job_is_asked_to_end(void **unused) {
  (void)unused;
  script_start(&st, 1, NULL);
  DWORD job = stage_send(&st, FSP_WAITS);
  stage_skip(&st, FEI_SENDING, job);
  assert_true(FaxAbort(st.server, job));
  if (!FaxAbort(st.server, job)) /* being cancelled, or gone already */
    assert_int_equal(FaxGetLastError(), ERROR_INVALID_PARAMETER);
  assert_int_equal(stage_trace(&st, job, FEI_DELETED, trace, sizeof trace),
                   FAX_OUTCOME_CANCELLED);
  assert_string_equal(trace, "ABORTING DELETED");
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->attempts[0].status, FS_USER_ABORT);
  FaxFreeBuffer(r);
  stage_skip(&st, FEI_IDLE, 0);
  stage_stop(&st);
}

/* JOB-17, -26, -60, -62 */
static void a_job_being_cancelled_is_not_cancelled_again(void **unused) {
  (void)unused;
  script_start(&st, 1, NULL);
  fsp.freed = FaxCancelCreate();
  DWORD job = stage_send(&st, FSP_STUCK);
  stage_skip(&st, FEI_SENDING, job);
  assert_true(FaxAbort(st.server, job));
  assert_int_equal(stage_queue_status(&st, job), JS_INPROGRESS | JS_DELETING);
  assert_fails(FaxAbort(st.server, job), ERROR_INVALID_PARAMETER);
  FaxCancelSet(fsp.freed);
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_CANCELLED);
  stage_stop_within(20);
  FaxCancelFree(fsp.freed);
  fsp.freed = NULL;
  stage_end(&st);
}

/* JOB-22 */
static void an_abort_may_come_too_late(void **unused) {
  (void)unused;
  script_start(&st, 1, NULL);
  DWORD job = stage_send(&st, FSP_TOO_LATE);
  stage_skip(&st, FEI_SENDING, job);
  assert_true(FaxAbort(st.server, job));
  assert_int_equal(stage_trace(&st, job, FEI_DELETED, trace, sizeof trace),
                   FAX_OUTCOME_COMPLETED);
  assert_string_equal(trace, "ABORTING COMPLETED DELETED");
  stage_stop(&st);
}

/* JOB-61: while the other line rings. */
static void a_ringing_call_is_ended(void **unused) {
  (void)unused;
  stage_start(&st, (const char *const[]){"pace=real", NULL}, NULL);
  stage_document(&st, 1);
  HANDLE port;
  FAX_PORT_INFO *info;
  assert_true(FaxOpenPort(st.server, 2, PORT_OPEN_MODIFY, &port));
  assert_true(FaxGetPort(port, &info));
  info->Rings = 99;
  assert_true(FaxSetPort(port, info));
  FaxFreeBuffer(info);
  DWORD job = stage_send(&st, "102");
  stage_skip(&st, FEI_RINGING, 0);
  assert_true(FaxAbort(st.server, job));
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_CANCELLED);
  stage_stop(&st);
}

/* ---- receptions ---- */

static DWORD receive(enum fsp_reception what) {
  fsp.reception = what;
  fsp_ring(FSP_FIRST, 9);
  struct fax_event *e = stage_until(&st, FEI_ANSWERED, 0);
  DWORD job = e->job_id;
  FaxLocalFree(e);
  return job;
}

/* JOB-24, -64 */
static void an_aborted_reception_is_thrown_away(void **unused) {
  (void)unused;
  script_start(&st, 1, NULL);
  DWORD job = receive(FSP_HELD);
  stage_skip(&st, FEI_RECEIVING, job);
  assert_true(FaxAbort(st.server, job));
  assert_int_equal(stage_trace(&st, job, FEI_DELETED, trace, sizeof trace),
                   FAX_OUTCOME_CANCELLED);
  assert_string_equal(trace, "ABORTING ROUTING DELETED");
  stage_stop_within(20);
  assert_int_equal(stage_files(&st, "inbox"), 0);
  assert_int_equal(stage_files(&st, "incoming"), 0);
  stage_end(&st);
}

/* JOB-24, -28, -65, FSP-49, -50 */
static void a_partial_reception_is_kept(void **unused) {
  FAX_JOB_ENTRY *entry;
  (void)unused;
  script_start(&st, 1, NULL);
  DWORD job = receive(FSP_PART);
  struct fax_event *e = stage_until(&st, FEI_FAX_RECEIVED, job);
  assert_int_equal(e->complete, 0);
  assert_int_equal(e->pages, 1);
  assert_int_equal(e->outcome, FAX_OUTCOME_INCOMPLETE);
  assert_int_equal(pages_count(e->path), 1);
  FaxLocalFree(e);
  assert_true(FaxGetJob(st.server, job, &entry));
  assert_int_equal(entry->JobType, JT_FAIL_RECEIVE);
  assert_int_equal(entry->QueueStatus, JS_FAILED);
  FaxFreeBuffer(entry);
  assert_true(FaxAbort(st.server, job));
  assert_int_equal(stage_trace(&st, job, FEI_DELETED, trace, sizeof trace),
                   FAX_OUTCOME_INCOMPLETE);
  assert_int_equal(stage_files(&st, "inbox"), 1);
  assert_int_equal(stage_files(&st, "incoming"), 0);
  stage_stop(&st);
}

static void an_empty_reception_leaves_nothing(void **unused) {
  (void)unused;
  script_start(&st, 1, NULL);
  DWORD job = receive(FSP_NOTHING);
  assert_int_equal(stage_trace(&st, job, FEI_DELETED, trace, sizeof trace),
                   FAX_OUTCOME_FAILED);
  assert_string_equal(trace, "RECEIVING DISCONNECTED ROUTING DELETED");
  stage_stop_within(20);
  assert_int_equal(stage_files(&st, "inbox"), 0);
  assert_int_equal(stage_files(&st, "incoming"), 0);
  stage_end(&st);
}

/* Nothing that came over the line is thrown away unasked. */
static void a_reception_that_cannot_be_read_stays(void **unused) {
  (void)unused;
  script_start(&st, 1, NULL);
  DWORD job = receive(FSP_GARBAGE);
  assert_int_equal(stage_trace(&st, job, FEI_DELETED, trace, sizeof trace),
                   FAX_OUTCOME_FAILED);
  struct fax_job_result *r = stage_result(&st, job);
  assert_non_null(r->path);
  assert_int_equal(access(r->path, R_OK), 0);
  FaxFreeBuffer(r);
  stage_stop_within(20);
  assert_int_equal(stage_files(&st, "inbox"), 0);
  assert_int_equal(stage_files(&st, "incoming"), 1);
  stage_end(&st);
}

/* ---- many ---- */

enum { MANY = 20, LINES = 4 };

/* Each line sends and receives; a line in use is tried again. All arrive. */
static void many_jobs_over_four_lines_all_arrive(void **unused) {
  DWORD jobs[MANY], states[MANY] = {0}, left = MANY, received = 0;
  FAX_PORT_INFO *ports;
  FAX_JOB_ENTRY *entries;
  DWORD count;
  (void)unused;
  stage_start_virtual(&st, NULL, NULL);
  assert_true(pages_make(st.document, PAGES_SHORT, 1, 200, 98));
  for (DWORD i = 0; i < MANY; i++) {
    const char *file = st.document, *numbers[] = {"101", "102", "103", "104"};
    FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p,
                       .RecipientNumber = numbers[i % LINES]};
    struct fax_submission sub = {.size = sizeof sub,
                                 .files = &file,
                                 .file_count = 1,
                                 .params = &p,
                                 .retries = 99,
                                 .retry_delay = 10 + i,
                                 .device_id = (i / 2 + 1) % LINES + 1,
                                 .ecm = 1};
    if (sub.device_id == i % LINES + 1) sub.device_id = 0;
    if (!FaxSubmit(st.server, &sub, &jobs[i]))
      fail_msg("%s", FaxGetLastErrorMessage());
    if (i > 0) assert_true(jobs[i] > jobs[i - 1]); /* JOB-9 */
  }
  while (left != 0 || received < MANY) {
    struct fax_event *e = stage_event(&st);
    if (e->event_id == FEI_FAX_RECEIVED && e->complete == 1) received++;
    for (DWORD i = 0; i < MANY; i++) {
      if (e->job_id != jobs[i]) continue;
      /* queued once and first, deleted once and last */
      assert_int_equal(states[i] == 0, e->event_id == FEI_JOB_QUEUED);
      assert_int_not_equal(states[i], 2);
      states[i] = e->event_id == FEI_DELETED ? 2 : 1;
      if (states[i] != 2) continue;
      assert_int_equal(e->outcome, FAX_OUTCOME_COMPLETED);
      left--;
    }
    FaxLocalFree(e);
  }
  fax_deadline until = stage_patience();
  DWORD busy;
  do { /* until the last lines are released */
    assert_true(FaxClockNow() < until);
    assert_true(FaxEnumPorts(st.server, &ports, &count));
    busy = 0;
    for (DWORD i = 0; i < count; i++) busy += ports[i].State != FPS_AVAILABLE;
    FaxFreeBuffer(ports);
    if (busy != 0) FaxLocalFree(stage_event(&st));
  } while (busy != 0);
  assert_true(FaxEnumJobs(st.server, &entries, &count));
  assert_int_equal(count, 0);
  FaxFreeBuffer(entries);
  assert_int_equal(stage_files(&st, "spool"), 0);
  assert_int_equal(stage_files(&st, "incoming"), 0);
  assert_int_equal(stage_files(&st, "inbox"), received);
  stage_stop_virtual(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_call_that_fails_says_why),
      cmocka_unit_test(final_failures_are_not_tried_again),
      cmocka_unit_test(retries_are_made_after_their_delay),
      cmocka_unit_test(confirmed_pages_are_not_sent_again),
      cmocka_unit_test(pages_of_several_calls_are_not_a_delivery),
      cmocka_unit_test(all_pages_confirmed_is_delivered),
      cmocka_unit_test(a_page_unconfirmed_is_not_delivered),
      cmocka_unit_test(a_line_away_uses_up_no_retry),
      cmocka_unit_test(a_call_without_end_is_ended),
      cmocka_unit_test(a_line_that_stays_away_is_told_once),
      cmocka_unit_test(a_job_waits_for_its_time),
      cmocka_unit_test(all_jobs_are_listed_in_order),
      cmocka_unit_test(a_queued_job_is_cancelled_at_once),
      cmocka_unit_test(a_running_job_is_asked_to_end),
      cmocka_unit_test(a_job_being_cancelled_is_not_cancelled_again),
      cmocka_unit_test(an_abort_may_come_too_late),
      cmocka_unit_test(a_ringing_call_is_ended),
      cmocka_unit_test(an_aborted_reception_is_thrown_away),
      cmocka_unit_test(a_partial_reception_is_kept),
      cmocka_unit_test(an_empty_reception_leaves_nothing),
      cmocka_unit_test(a_reception_that_cannot_be_read_stays),
      cmocka_unit_test(many_jobs_over_four_lines_all_arrive),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
