/* SPDX-License-Identifier: MIT
   What was accepted is there after the service has ended, in whatever way: jobs
   with their states, dates and pages, results, documents. */

#include "service_runs.h"
#include "store_vfs.h"

static char trace[512];

static int set_up(void **unused) {
  (void)unused;
  runs_begin(3);
  config.retries = 2;
  config.retry_delay = 600;
  return 0;
}

/* ---- a stop and a start ---- */

static void a_queued_job_goes_on(void **unused) {
  (void)unused;
  start();
  document(3);
  DWORD job = send_paused(FSP_COMPLETES);
  restart();
  FAX_JOB_ENTRY *entry;
  assert_true(FaxGetJob(st.server, job, &entry));
  assert_int_equal(entry->QueueStatus, JS_PENDING | JS_PAUSED);
  assert_int_equal(entry->PageCount, 3);
  assert_string_equal(entry->RecipientNumber, FSP_COMPLETES);
  assert_string_equal(entry->DocumentName, "test");
  FaxFreeBuffer(entry);
  resume(job);
  assert_int_equal(stage_trace(&st, job, FEI_DELETED, trace, sizeof trace),
                   FAX_OUTCOME_COMPLETED);
  assert_int_equal(stage_files(&st, "spool"), 0);
  stop();
}

/* What happened to it is no secret of the run in which it did. */
static void a_result_is_kept(void **unused) {
  (void)unused;
  start();
  document(1);
  DWORD job = stage_send(&st, FSP_BUSY_FIRST FSP_COMPLETES);
  stage_skip(&st, FEI_DELETED, job);
  struct fax_job_result *before = stage_result(&st, job);
  restart();
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(r->pages_confirmed, 1);
  assert_string_equal(r->user, before->user);
  assert_memory_equal(&r->finished, &before->finished, sizeof r->finished);
  assert_int_equal(r->attempt_count, 2);
  assert_int_equal(r->attempts[0].status, FS_BUSY);
  assert_int_equal(r->attempts[1].status, FS_COMPLETED);
  assert_int_equal(stage_queue_status(&st, job), FAX_UNKNOWN);
  FaxFreeBuffer(r);
  FaxFreeBuffer(before);
  assert_true(stage_send(&st, FSP_COMPLETES) > job); /* no number twice */
  stop();
}

/* JOB-30: what is left of the delay, and of the attempts. */
static void a_retry_waits_on(void **unused) {
  (void)unused;
  start();
  document(1);
  DWORD job = stage_send(&st, FSP_BUSY);
  stage_skip(&st, FEI_BUSY, job);
  fax_deadline failed = FaxClockNow();
  FaxClockWait(failed + 100 * FAX_SECOND, NULL);
  restart();
  assert_int_equal(stage_queue_status(&st, job), JS_RETRYING);
  stage_skip(&st, FEI_BUSY, job);
  assert_int_equal(FaxClockNow() - failed, 600 * FAX_SECOND);
  stage_skip(&st, FEI_BUSY, job); /* the third and last */
  assert_int_equal(stage_queue_status(&st, job), JS_RETRIES_EXCEEDED);
  restart();
  assert_int_equal(stage_queue_status(&st, job), JS_RETRIES_EXCEEDED);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_FAILED);
  resume(job); /* a fresh set of attempts (JOB-54) */
  stage_skip(&st, FEI_BUSY, job);
  assert_int_equal(stage_queue_status(&st, job), JS_RETRYING);
  stop();
}

static void a_date_stays(void **unused) {
  (void)unused;
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = FSP_COMPLETES,
                          .ScheduleAction = JSA_SPECIFIC_TIME};
  DWORD job;
  start();
  document(1);
  fax_deadline began = FaxClockNow();
  time_to_systemtime(FaxClockWall() + 7200 * FAX_SECOND, &params.ScheduleTime);
  assert_true(FaxSendDocument(st.server, st.document, &params, NULL, &job));
  restart();
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(FaxClockNow() - began, 7200 * FAX_SECOND);
  stop();
}

/* A call that a stop cuts short: no attempt of the job's own. */
static void a_stop_uses_up_no_attempt(void **unused) {
  (void)unused;
  config.retries = 0;
  start();
  document(1);
  DWORD job = stage_send(&st, FSP_ON_ABORT FSP_ABORTS);
  stage_skip(&st, FEI_SENDING, job);
  restart();
  stage_skip(&st, FEI_SENDING, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_PENDING);
  stop();
}

/* One file, until the last of them is over. */
static void a_broadcast_shares_its_pages(void **unused) {
  (void)unused;
  DWORD jobs[3];
  start();
  document(2);
  HANDLE pages = config_prepare(&st);
  config_pause(&st, TRUE);
  for (int i = 0; i < 3; i++) {
    jobs[i] = config_send(&st, pages, FSP_COMPLETES);
    assert_true(FaxSetJob(st.server, jobs[i], JC_PAUSE, NULL));
  }
  assert_true(FaxClose(pages));
  restart();
  config_pause(&st, FALSE); /* that it was paused was kept, too */
  for (int i = 0; i < 3; i++) {
    assert_int_equal(stage_files(&st, "spool"), 1);
    resume(jobs[i]);
    stage_skip(&st, FEI_DELETED, jobs[i]);
  }
  assert_int_equal(stage_files(&st, "spool"), 0);
  stop();
}

static void results_are_forgotten(void **unused) {
  (void)unused;
  struct fax_job_result *r;
  start();
  document(1);
  DWORD job = stage_send(&st, FSP_COMPLETES);
  stage_skip(&st, FEI_DELETED, job);
  restart();
  FaxClockWait(FaxClockNow() + INT64_C(31) * 86400 * FAX_SECOND, NULL);
  assert_fails(FaxGetJobResult(st.server, job, &r), ERROR_INVALID_PARAMETER);
  restart();
  assert_fails(FaxGetJobResult(st.server, job, &r), ERROR_INVALID_PARAMETER);
  stop();
}

/* The memory of a service does not grow with what it ever sent: old results are
   read from the store, by those who may see them. */
static void old_results_are_in_the_store(void **unused) {
  enum { MANY = 300, MOST_KEPT = 256 };
  (void)unused;
  start();
  document(1);
  DWORD first = stage_send(&st, FSP_BUSY_FIRST FSP_COMPLETES), last = first;
  stage_skip(&st, FEI_DELETED, first);
  for (int n = 1; n < MANY; n++) {
    last = stage_send(&st, FSP_COMPLETES);
    stage_skip(&st, FEI_DELETED, last);
  }
  stage_stored();
  FaxClockWait(FaxClockNow() + FAX_SECOND, NULL);
  struct service *s = service_current();
  pthread_mutex_lock(&s->lock);
  assert_true(s->finished_count <= MOST_KEPT + 1);
  assert_null(job_find_any(s, first));
  assert_non_null(job_find_any(s, last));
  pthread_mutex_unlock(&s->lock);
  mem_unref(s);
  struct fax_job_result *r = stage_result(&st, first), *none;
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(r->attempt_count, 2);
  assert_int_equal(r->attempts[0].status, FS_BUSY);
  FaxFreeBuffer(r);
  struct fax_connect narrow = {.size = sizeof narrow,
                               .rights = FAX_JOB_SUBMIT,
                               .user = "nobody in particular"};
  HANDLE stranger;
  assert_true(FaxConnect(&narrow, &stranger));
  assert_fails(FaxGetJobResult(stranger, first, &none),
               ERROR_INVALID_PARAMETER);
  FaxClose(stranger);
  FaxClockWait(FaxClockNow() + INT64_C(30) * 86400 * FAX_SECOND, NULL);
  assert_fails(FaxGetJobResult(st.server, first, &none),
               ERROR_INVALID_PARAMETER);
  stop();
}

/* The store is rid of as many as a busy service leaves in a day. */
static void results_of_a_busy_day_go(void **unused) {
  enum { MANY = 12000 };
  struct job *last;
  struct store_changes *c;
  (void)unused;
  start();
  struct service *s = service_current();
  assert_int_equal(store_changes_new(&c), ERROR_SUCCESS);
  struct store_job row = {.state = STORE_OVER};
  row.gone =
      time_to_filetime(FaxClockWall() - INT64_C(40) * 86400 * FAX_SECOND);
  while (row.id++ < MANY)
    assert_int_equal(store_put(c, STORE_JOBS, &row), ERROR_SUCCESS);
  assert_int_equal(store_commit_wait(s->store, c), ERROR_SUCCESS);
  FaxClockWait(FaxClockNow() + INT64_C(86400) * FAX_SECOND, NULL);
  stage_stored();
  assert_int_equal(job_read_stored(s, MANY, &last), ERROR_SUCCESS);
  assert_null(last);
  mem_unref(s);
  stop();
}

/* What was decided while there was no memory for its row is stored by the stop
   at the latest: the next run does not send it. */
static void an_end_without_memory_is_stored(void **unused) {
  (void)unused;
  start();
  document(1);
  DWORD job = send_paused(FSP_COMPLETES);
  struct service *s = service_current();
  pthread_mutex_lock(&s->lock);
  s->save_again = clock_after(FaxClockNow(), 5); /* as after another try */
  mem_fail_after(0);
  struct document *gone =
      job_finish(s, job_find(s, job), FAX_OUTCOME_CANCELLED);
  mem_fail_after(-1);
  assert_false(list_empty(&s->unsaved));
  pthread_mutex_unlock(&s->lock);
  mem_unref(gone);
  mem_unref(s);
  restart();
  FAX_JOB_ENTRY *entry;
  assert_fails(FaxGetJob(st.server, job, &entry), ERROR_INVALID_PARAMETER);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_CANCELLED);
  assert_int_equal(stage_files(&st, "spool"), 0);
  stop();
}

/* ---- crashes ---- */

/* In a process of its own, which is killed once the call says that so many
   pages are confirmed and the store has heard of it; then the service starts
   here. Gives the job. */
static DWORD crash(const char *number, unsigned pages, DWORD confirmed,
                   bool cancelled) {
  if (runs_apart()) {
    start();
    document(pages);
    DWORD job = stage_send(&st, number);
    if (job != 1) _exit(1);
    for (bool there = false; !there;) {
      struct fax_event *e = stage_event(&st);
      there = e->event_id == FEI_SENDING && e->pages_confirmed == confirmed;
      FaxLocalFree(e);
    }
    if (cancelled) FaxAbort(st.server, job);
    stage_stored();
    kill(getpid(), SIGKILL);
  }
  fsp.pages = pages;
  start();
  return 1;
}

/* What was confirmed is not sent again; the call is an attempt with its cause.
 */
static void a_call_goes_on_where_it_was(void **unused) {
  (void)unused;
  DWORD job =
      crash(FSP_CONFIRMS FSP_CONFIRMS FSP_ON_LET FSP_COMPLETES, 3, 2, false);
  while (atomic_load(&fsp.started) == 0) FaxLocalFree(stage_event(&st));
  stage_skip(&st, FEI_SENDING, job);
  assert_int_equal(atomic_load(&fsp.first_page), 3);
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->attempt_count, 1);
  assert_string_equal(r->attempts[0].cause, "service_stopped");
  assert_int_equal(r->attempts[0].pages_confirmed, 2);
  assert_non_null(strstr(r->attempts[0].evidence, "does not say which page"));
  assert_int_equal(r->attempts[0].doubt, FAX_UNKNOWN);
  assert_int_equal(r->attempts[0].status, FS_FATAL_ERROR);
  FaxFreeBuffer(r);
  stop();
}

/* All of them: it was delivered, and only the goodbye is missing. */
static void a_delivered_fax_is_not_sent_again(void **unused) {
  (void)unused;
  DWORD job = crash(FSP_CONFIRMS FSP_ON_LET FSP_COMPLETES, 1, 1, false);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  assert_int_equal(stage_queue_status(&st, job), FAX_UNKNOWN);
  assert_int_equal(atomic_load(&fsp.started), 0);
  assert_int_equal(stage_files(&st, "spool"), 0);
  stop();
}

/* JOB-59: its user wished the end. */
static void a_cancelled_fax_is_not_sent_again(void **unused) {
  (void)unused;
  DWORD job = crash(FSP_CONFIRMS FSP_LATE FSP_ABORTS, 2, 1, true);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_CANCELLED);
  assert_int_equal(atomic_load(&fsp.started), 0);
  stop();
}

/* JOB-22: the wish came too late. */
static void a_cancelled_fax_may_be_delivered(void **unused) {
  (void)unused;
  DWORD job = crash(FSP_CONFIRMS FSP_LATE FSP_ABORTS, 1, 1, true);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  assert_int_equal(atomic_load(&fsp.started), 0);
  stop();
}

/* JOB-33, -34: in the order in which they were decided, which is not that of
   their numbers, and whatever starts came between. */
static void the_days_of_a_failure_go_on(void **unused) {
  const double day = 86400;
  (void)unused;
  start();
  document(1);
  config_days(&st, 2);
  DWORD late = send_paused(FSP_BAD_NUMBER);
  DWORD soon = stage_send(&st, FSP_BAD_NUMBER);
  stage_skip(&st, FEI_BAD_ADDRESS, soon);
  config_wait(day);
  resume(late);
  stage_skip(&st, FEI_BAD_ADDRESS, late);
  config_wait(day / 2);
  restart();
  assert_int_equal(stage_queue_status(&st, soon), JS_RETRIES_EXCEEDED);
  config_wait(day * 0.6);
  assert_int_equal(stage_queue_status(&st, soon), FAX_UNKNOWN);
  assert_int_equal(stage_queue_status(&st, late), JS_RETRIES_EXCEEDED);
  restart();
  assert_int_equal(stage_queue_status(&st, late), JS_RETRIES_EXCEEDED);
  config_wait(day);
  assert_int_equal(stage_queue_status(&st, late), FAX_UNKNOWN);
  stop();
}

/* ---- whose queue it is ---- */

/* A program's own service sends its own jobs; it leaves others as they are,
   unless it was told to take them on. */
static void an_embedded_service_sends_its_own(void **unused) {
  (void)unused;
  start();
  document(1);
  DWORD job = send_paused(FSP_COMPLETES);
  stop();
  config.embedded = TRUE;
  start();
  assert_int_equal(stage_queue_status(&st, job), FAX_UNKNOWN);
  assert_int_equal(stage_files(&st, "spool"), 1);
  assert_true(stage_send(&st, FSP_COMPLETES) > job);
  stop();
  config.adopt = TRUE;
  start();
  assert_int_equal(stage_queue_status(&st, job), JS_PENDING | JS_PAUSED);
  stop();
}

/* Who only looks at the queue, or changes it, must not dial. */
static void an_offline_service_begins_no_call(void **unused) {
  (void)unused;
  config.offline = TRUE;
  start();
  document(1);
  DWORD job = stage_send(&st, FSP_COMPLETES);
  fsp_ring(FSP_FIRST, 9);
  config_wait(1e6);
  assert_int_equal(atomic_load(&fsp.started), 0);
  assert_int_equal(stage_queue_status(&st, job), JS_PENDING);
  assert_true(FaxSetJob(st.server, job, JC_PAUSE, NULL));
  assert_int_equal(stage_queue_status(&st, job), JS_PENDING | JS_PAUSED);
  assert_true(FaxSetJob(st.server, job, JC_RESUME, NULL));
  stop();
  config.offline = FALSE;
  start();
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  stop();
}

/* It leaves nothing in memory, and the others' documents on the disk. */
static void a_start_that_fails_leaves_the_others(void **unused) {
  struct fax_provider_config absent = {.name = "absent"};
  (void)unused;
  start();
  document(1);
  DWORD job = send_paused(FSP_COMPLETES);
  stop();
  config.embedded = TRUE;
  config.providers = &absent;
  assert_false(FaxServiceStart(&config));
  config.embedded = FALSE;
  config.providers = &provider;
  start();
  resume(job);
  assert_int_equal(stage_trace(&st, job, FEI_DELETED, trace, sizeof trace),
                   FAX_OUTCOME_COMPLETED);
  stop();
}

/* Of a program that comes and goes, nothing piles up. */
static void an_embedded_service_leaves_no_failures(void **unused) {
  (void)unused;
  config.embedded = TRUE;
  start();
  document(1);
  DWORD failed = stage_send(&st, FSP_BLACKLISTED);
  stage_skip(&st, FEI_CALL_BLACKLISTED, failed);
  assert_int_equal(stage_queue_status(&st, failed), JS_RETRIES_EXCEEDED);
  stop();
  assert_int_equal(stage_files(&st, "spool"), 0);
  config.embedded = FALSE;
  start();
  assert_int_equal(stage_queue_status(&st, failed), FAX_UNKNOWN);
  assert_int_equal(stage_outcome(&st, failed), FAX_OUTCOME_FAILED);
  stop();
}

/* JOB-10 */
static void a_job_for_a_port_needs_it(void **unused) {
  (void)unused;
  start();
  document(1);
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = FSP_COMPLETES,
                          .ScheduleAction = JSA_SPECIFIC_TIME};
  time_to_systemtime(FaxClockWall() + 7200 * FAX_SECOND, &params.ScheduleTime);
  const char *file = st.document;
  struct fax_submission sub = stage_of_file(&file, &params);
  sub.device_id = FSP_FIRST + 1;
  DWORD job = stage_submit(&st, &sub);
  restart();
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_PENDING);
  stop();
  config.provider_count = 0;
  start();
  FaxClockWait(FaxClockNow() + 10000 * FAX_SECOND, NULL);
  assert_int_equal(stage_queue_status(&st, job), JS_PENDING | JS_NOLINE);
  config_pause(&st, TRUE); /* until somebody listens */
  stop();
  config.provider_count = 1;
  start();
  config_pause(&st, FALSE);
  stage_skip(&st, FEI_COMPLETED, job);
  assert_int_equal(atomic_load(&fsp.used[0]), 0);
  assert_int_equal(atomic_load(&fsp.used[1]), 1);
  stop();
}

/* Also one that had been given up: no other port gets it. */
static void a_job_given_up_keeps_its_port(void **unused) {
  (void)unused;
  config.retries = 0;
  start();
  document(1);
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = FSP_BUSY};
  const char *file = st.document;
  struct fax_submission sub = stage_of_file(&file, &params);
  sub.device_id = FSP_FIRST + 1;
  DWORD job = stage_submit(&st, &sub);
  stage_skip(&st, FEI_BUSY, job);
  restart();
  resume(job);
  stage_skip(&st, FEI_BUSY, job);
  assert_int_equal(atomic_load(&fsp.used[0]), 0);
  assert_int_equal(atomic_load(&fsp.used[1]), 2);
  stop();
}

/* ---- a store that cannot be written ---- */

static void a_full_disk_refuses_the_job(void **unused) {
  (void)unused;
  DWORD job = 0;
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = FSP_COMPLETES};
  start();
  document(1);
  vfs_refuse(SQLITE_FULL);
  assert_fails(FaxSendDocument(st.server, st.document, &params, NULL, &job),
               ERROR_DISK_FULL);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "cannot be stored"));
  assert_int_equal(job, 0);
  vfs_refuse(0);
  assert_int_equal(stage_files(&st, "spool"), 0);
  stage_skip(&st, FEI_DELETED, stage_send(&st, FSP_COMPLETES));
  stop();
}

/* Nobody is called in vain: it goes on by itself when there is room, also when
   all that was refused is gone. */
static void a_full_disk_holds_the_queue(void **unused) {
  (void)unused;
  DWORD refused;
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = FSP_COMPLETES};
  start();
  document(1);
  DWORD job = send_paused(FSP_COMPLETES);
  vfs_refuse(SQLITE_FULL);
  assert_fails(FaxSendDocument(st.server, st.document, &params, NULL, &refused),
               ERROR_DISK_FULL);
  resume(job);
  FaxClockWait(FaxClockNow() + 10000 * FAX_SECOND, NULL);
  assert_int_equal(atomic_load(&fsp.started), 0);
  assert_int_equal(stage_queue_status(&st, job), JS_PENDING);
  vfs_refuse(0);
  stage_skip(&st, FEI_COMPLETED, job);
  assert_int_equal(atomic_load(&fsp.started), 1);
  stop();
}

int main(void) {
  test_start();
  vfs_install();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(a_queued_job_goes_on),
      TEST(a_result_is_kept),
      TEST(a_retry_waits_on),
      TEST(a_date_stays),
      TEST(a_stop_uses_up_no_attempt),
      TEST(a_broadcast_shares_its_pages),
      TEST(results_are_forgotten),
      TEST(old_results_are_in_the_store),
      TEST(results_of_a_busy_day_go),
      TEST(an_end_without_memory_is_stored),
      TEST(a_call_goes_on_where_it_was),
      TEST(a_delivered_fax_is_not_sent_again),
      TEST(a_cancelled_fax_is_not_sent_again),
      TEST(a_cancelled_fax_may_be_delivered),
      TEST(the_days_of_a_failure_go_on),
      TEST(an_embedded_service_sends_its_own),
      TEST(an_offline_service_begins_no_call),
      TEST(a_start_that_fails_leaves_the_others),
      TEST(an_embedded_service_leaves_no_failures),
      TEST(a_job_for_a_port_needs_it),
      TEST(a_job_given_up_keeps_its_port),
      TEST(a_full_disk_refuses_the_job),
      TEST(a_full_disk_holds_the_queue)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
