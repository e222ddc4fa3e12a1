/* SPDX-License-Identifier: MIT
   Keys of submissions: what is submitted twice is sent once; and submissions
   that share a commit. */
#include "service_runs.h"
#include "store_vfs.h"

static FAX_JOB_PARAM params;
static const char *file;

static int set_up(void **unused) {
  (void)unused;
  runs_begin(1);
  file = st.document;
  return 0;
}

/* So that nothing is sent but what a test lets go. */
static void start_paused(void) {
  start();
  if (access(file, F_OK) != 0) stage_document(&st, 1);
  config_pause(&st, TRUE);
}

static struct fax_submission submission(const char *number, const char *key) {
  params =
      (FAX_JOB_PARAM){.SizeOfStruct = sizeof params, .RecipientNumber = number};
  struct fax_submission sub = stage_of_file(&file, &params);
  sub.key = key;
  return sub;
}

static DWORD send_key(const char *number, const char *key) {
  struct fax_submission sub = submission(number, key);
  return stage_submit(&st, &sub);
}

static void refused(const struct fax_submission *sub, DWORD error,
                    const char *words) {
  DWORD id = 77;
  assert_fails(FaxSubmit(st.server, sub, &id), error);
  assert_int_equal(id, 77);
  if (strstr(FaxGetLastErrorMessage(), words) == NULL)
    fail_msg("%s", FaxGetLastErrorMessage());
}

static DWORD count_jobs(void) {
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  assert_true(FaxEnumJobs(st.server, &jobs, &count));
  FaxFreeBuffer(jobs);
  return count;
}

/* ---- one key, one job ---- */

static void the_same_is_the_same_job(void **unused) {
  (void)unused;
  start_paused();
  DWORD job = send_key(FSP_COMPLETES, "offer-1");
  assert_int_equal(send_key(FSP_COMPLETES, "offer-1"), job);
  assert_int_not_equal(send_key(FSP_COMPLETES, "offer-2"), job);
  assert_int_not_equal(send_key(FSP_COMPLETES, NULL), job);
  assert_int_equal(count_jobs(), 3);
  stop();
  start_paused(); /* it was written with the job */
  assert_int_equal(send_key(FSP_COMPLETES, "offer-1"), job);
  assert_int_equal(count_jobs(), 3);
  stop();
}

/* What separates digits makes no other number. */
static void a_number_may_be_written_otherwise(void **unused) {
  (void)unused;
  start_paused();
  DWORD job = send_key("+1 555 0100", "a");
  assert_int_equal(send_key("+1-555-0100", "a"), job);
  stop();
}

static DWORD send_to_the_end(const char *key) {
  DWORD job = send_key(FSP_COMPLETES, key);
  config_pause(&st, FALSE);
  stage_skip(&st, FEI_DELETED, job);
  config_pause(&st, TRUE);
  return job;
}

static void it_is_held_when_the_job_is_over(void **unused) {
  (void)unused;
  const double day = 86400;
  start_paused();
  DWORD job = send_to_the_end("offer");
  assert_int_equal(send_key(FSP_COMPLETES, "offer"), job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  config_wait(6 * day);
  stop();
  start_paused();
  assert_int_equal(send_key(FSP_COMPLETES, "offer"), job);
  struct fax_submission other = submission("99", "offer");
  refused(&other, ERROR_ALREADY_EXISTS, "job 1");
  config_wait(1.1 * day);
  DWORD second = send_key("99", "offer"); /* it is free again */
  assert_int_not_equal(second, job);
  stop();
  start_paused();
  assert_int_equal(send_key("99", "offer"), second);
  stop();
}

/* JOB-10: the job that it finds is for a device that may have gone since. */
static void it_is_held_when_the_device_has_gone(void **unused) {
  (void)unused;
  start_paused();
  struct fax_submission sub = submission(FSP_COMPLETES, "offer");
  sub.device_id = FSP_FIRST;
  DWORD job = stage_submit(&st, &sub);
  stop();
  config.provider_count = 0;
  start_paused();
  assert_int_equal(stage_submit(&st, &sub), job);
  sub.key = "another";
  refused(&sub, ERROR_BAD_UNIT, "there is no device 10");
  sub.key = NULL;
  refused(&sub, ERROR_BAD_UNIT, "there is no device 10");
  assert_int_equal(count_jobs(), 1);
  stop();
}

/* So many days, or while the job lives. */
static void it_is_held_as_long_as_is_configured(void **unused) {
  (void)unused;
  config.key_days = 0;
  start_paused();
  DWORD job = send_key(FSP_COMPLETES, "offer");
  config_wait(1e6);
  assert_int_equal(send_key(FSP_COMPLETES, "offer"), job);
  config_pause(&st, FALSE);
  stage_skip(&st, FEI_DELETED, job);
  config_pause(&st, TRUE);
  config_settle();
  assert_int_not_equal(send_key(FSP_COMPLETES, "offer"), job);
  stop();
}

static void another_submission_is_refused(void **unused) {
  (void)unused;
  char other[128];
  start_paused();
  DWORD job = send_key(FSP_COMPLETES, "offer");
  struct fax_submission sub = submission(FSP_BUSY, "offer");
  refused(&sub, ERROR_ALREADY_EXISTS, "that of job 1, which goes to 1");
  sub = submission(FSP_COMPLETES, "offer");
  sub.resolution = FAX_RESOLUTION_STANDARD;
  refused(&sub, ERROR_ALREADY_EXISTS, "that of job 1, with another document");
  snprintf(other, sizeof other, "%s/other.tif", st.directory);
  assert_true(pages_make(other, PAGES_SHORT, 2, 2292, 196));
  const char *both[] = {other, file};
  sub = submission(FSP_COMPLETES, "offer");
  sub.files = both;
  refused(&sub, ERROR_ALREADY_EXISTS, "another document");
  sub.file_count = 2;
  refused(&sub, ERROR_ALREADY_EXISTS, "another document");
  sub.files = &file; /* of another name, with the same bytes */
  sub.file_count = 1;
  assert_int_equal(stage_submit(&st, &sub), job);
  sub.key = "";
  refused(&sub, ERROR_INVALID_PARAMETER, "key is empty");
  sub.key = "\xff";
  refused(&sub, ERROR_INVALID_PARAMETER, "UTF-8");
  assert_int_equal(count_jobs(), 1);
  stop();
}

/* Files and what was prepared of them are one document. */
static void a_prepared_document_is_the_same(void **unused) {
  (void)unused;
  start_paused();
  DWORD job = send_key(FSP_COMPLETES, "offer");
  HANDLE pages = config_prepare(&st);
  struct fax_submission sub = submission(FSP_COMPLETES, "offer");
  sub.files = NULL;
  sub.file_count = 0;
  sub.document = pages;
  assert_int_equal(stage_submit(&st, &sub), job);
  assert_true(FaxClose(pages));
  stop();
}

static void each_user_has_his_own(void **unused) {
  (void)unused;
  struct fax_connect other = {
      .size = sizeof other, .rights = FAX_JOB_SUBMIT, .user = "other"};
  HANDLE server;
  DWORD second;
  start_paused();
  DWORD job = send_key(FSP_COMPLETES, "offer");
  assert_true(FaxConnect(&other, &server));
  struct fax_submission sub = submission(FSP_BUSY, "offer");
  assert_true(FaxSubmit(server, &sub, &second));
  assert_int_not_equal(second, job);
  assert_true(FaxClose(server));
  stop();
}

/* ---- what comes to nothing ---- */

static void a_failure_leaves_the_key_free(void **unused) {
  (void)unused;
  const char *none = "/nowhere/none.tif";
  start_paused();
  struct fax_submission sub = submission(FSP_COMPLETES, "offer");
  vfs_refuse(SQLITE_FULL);
  refused(&sub, ERROR_DISK_FULL, "cannot be stored");
  vfs_refuse(0);
  sub.files = &none;
  refused(&sub, ERROR_FILE_NOT_FOUND, none);
  assert_int_equal(count_jobs(), 0);
  assert_int_equal(stage_files(&st, "spool"), 0);
  DWORD job = send_key(FSP_BUSY, "offer"); /* another number: it was free */
  assert_int_equal(send_key(FSP_BUSY, "offer"), job);
  stop();
}

static DWORD submit_once(void *arg) {
  DWORD id;
  return FaxSubmit(st.server, arg, &id) ? ERROR_SUCCESS : FaxGetLastError();
}

/* ---- at once ---- */

enum { THREADS = 8 };

static void *submit_in_thread(void *id) {
  FAX_JOB_PARAM own = {.SizeOfStruct = sizeof own,
                       .RecipientNumber = FSP_COMPLETES};
  struct fax_submission sub = stage_of_file(&file, &own);
  sub.key = "offer";
  FaxSubmit(st.server, &sub, id);
  return NULL;
}

/* Those that come while the first is under way are its job too. */
static void many_at_once_are_one_job(void **unused) {
  pthread_t threads[THREADS];
  DWORD ids[THREADS] = {0};
  (void)unused;
  assert_true(FaxClockReal());
  start_paused();
  for (int i = 0; i < THREADS; i++)
    assert_int_equal(
        pthread_create(&threads[i], NULL, submit_in_thread, &ids[i]), 0);
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
  assert_int_not_equal(ids[0], 0);
  for (int i = 1; i < THREADS; i++) assert_int_equal(ids[i], ids[0]);
  assert_int_equal(count_jobs(), 1);
  stop();
}

/* ---- a disk that does not answer ---- */

static BOOL give_up(void *arg) {
  ++*(int *)arg;
  return TRUE;
}

static int submit_to_a_stuck_disk(struct fax_submission *sub) {
  int asked = 0;
  sub->patience = (struct fax_patience){.interrupted = give_up, .arg = &asked};
  pthread_mutex_lock(&vfs.lock);
  refused(sub, ERROR_CANCELLED, "withdrawn");
  pthread_mutex_unlock(&vfs.lock);
  return asked;
}

/* Who gives up has no job, whatever the disk does later. */
static void a_job_that_is_given_up_is_withdrawn(void **unused) {
  (void)unused;
  assert_true(FaxClockReal());
  start_paused();
  struct fax_submission sub = submission(FSP_COMPLETES, "offer");
  assert_true(submit_to_a_stuck_disk(&sub) > 0);
  sub = submission(FSP_BUSY, "offer");
  DWORD job = stage_submit(&st, &sub); /* waits for the key */
  assert_int_equal(count_jobs(), 1);
  assert_int_equal(stage_files(&st, "spool"), 1);
  stop();
  start_paused();
  assert_int_equal(count_jobs(), 1);
  assert_int_equal(send_key(FSP_BUSY, "offer"), job);
  stop();
}

/* The second time there is memory again, and the disk has answered. */
static BOOL give_up_without_memory(void *arg) {
  if (++*(int *)arg == 1) {
    mem_fail_after(0);
    return TRUE;
  }
  mem_fail_after(-1);
  pthread_mutex_unlock(&vfs.lock);
  struct service *s = service_current();
  store_catch_up(s->store);
  mem_unref(s);
  return FALSE;
}

/* Without memory it cannot be taken back: who is told that it was accepted has
   a job in the queue. */
static void a_job_that_stays_is_in_the_queue(void **unused) {
  int asked = 0;
  (void)unused;
  stage_only_here();
  assert_true(FaxClockReal());
  start_paused();
  struct fax_submission sub = submission(FSP_COMPLETES, "offer");
  sub.patience = (struct fax_patience){.interrupted = give_up_without_memory,
                                       .arg = &asked};
  pthread_mutex_lock(&vfs.lock);
  DWORD job = stage_submit(&st, &sub);
  assert_int_equal(asked, 2);
  assert_int_equal(count_jobs(), 1);
  assert_int_equal(send_key(FSP_COMPLETES, "offer"), job);
  stop();
}

/* ---- one commit ---- */

enum { MANY = 300 };

static struct fax_submission subs[MANY];
static FAX_JOB_PARAM each[MANY];
static char numbers[MANY][8], keys[MANY][16];
static DWORD ids[MANY];

static void fill(HANDLE pages) {
  for (int i = 0; i < MANY; i++) {
    snprintf(numbers[i], sizeof numbers[i], "9%d", i);
    snprintf(keys[i], sizeof keys[i], "mailing/%d", i);
    subs[i] = submission(numbers[i], keys[i]);
    each[i] = params;
    subs[i].params = &each[i];
    subs[i].files = NULL;
    subs[i].file_count = 0;
    subs[i].document = pages;
  }
}

static size_t syncs(void) {
  stage_stored();
  pthread_mutex_lock(&vfs.lock);
  size_t n = vfs.syncs;
  pthread_mutex_unlock(&vfs.lock);
  return n;
}

static void many_share_a_commit(void **unused) {
  (void)unused;
  start_paused();
  HANDLE pages = config_prepare(&st);
  fill(pages);
  size_t before = syncs();
  send_key(FSP_BUSY, NULL);
  size_t one = syncs() - before;
  assert_true(FaxSubmitAll(st.server, subs, MANY, ids));
  assert_int_equal(syncs() - before - one, one);
  assert_int_equal(count_jobs(), MANY + 1);
  assert_int_equal(stage_files(&st, "spool"), 1);
  for (int i = 1; i < MANY; i++) assert_true(ids[i] > ids[i - 1]);
  DWORD first = ids[0];
  assert_true(FaxSubmitAll(st.server, subs, MANY, ids)); /* by their keys */
  assert_int_equal(ids[0], first);
  assert_int_equal(count_jobs(), MANY + 1);
  assert_true(FaxClose(pages));
  stop();
}

/* The second of a key waits for the first, which must not wait for it. */
static void a_key_twice_in_one_commit(void **unused) {
  (void)unused;
  start_paused();
  HANDLE pages = config_prepare(&st);
  fill(pages);
  subs[1] = subs[0];
  assert_true(FaxSubmitAll(st.server, subs, 3, ids));
  assert_int_equal(ids[1], ids[0]);
  assert_int_equal(count_jobs(), 2);
  assert_true(FaxClose(pages));
  stop();
}

static void up_to_the_first_that_is_refused(void **unused) {
  (void)unused;
  start_paused();
  HANDLE pages = config_prepare(&st);
  fill(pages);
  each[2].RecipientNumber = "";
  assert_fails(FaxSubmitAll(st.server, subs, 5, ids), ERROR_INVALID_PARAMETER);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "number is empty"));
  assert_true(ids[0] != 0 && ids[1] != 0);
  assert_true(ids[2] == 0 && ids[3] == 0 && ids[4] == 0);
  assert_int_equal(count_jobs(), 2);
  fill(pages);
  vfs_refuse(SQLITE_FULL);
  assert_fails(FaxSubmitAll(st.server, subs + 5, 5, ids), ERROR_DISK_FULL);
  vfs_refuse(0);
  for (int i = 0; i < 5; i++) assert_int_equal(ids[i], 0);
  assert_int_equal(count_jobs(), 2);
  assert_true(FaxSubmitAll(st.server, subs + 5, 5, ids)); /* keys were free */
  assert_int_equal(count_jobs(), 7);
  assert_true(FaxClose(pages));
  stop();
}

static void memory_runs_out(void **unused) {
  (void)unused;
  stage_only_here();
  start_paused();
  HANDLE pages = config_prepare(&st);
  struct fax_submission sub = submission(FSP_COMPLETES, "offer");
  sub.files = NULL;
  sub.file_count = 0;
  sub.document = pages;
  DWORD error = ERROR_NOT_ENOUGH_MEMORY;
  for (long n = 0; error != ERROR_SUCCESS; n++) {
    mem_fail_after(n);
    error = submit_once(&sub);
    mem_fail_after(-1);
    config_settle();
    if (error != ERROR_SUCCESS) assert_int_equal(count_jobs(), 0);
  }
  DWORD job = stage_submit(&st, &sub);
  assert_int_equal(stage_submit(&st, &sub), job);
  assert_int_equal(count_jobs(), 1);
  assert_true(FaxClose(pages));
  stop();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(the_same_is_the_same_job),
      TEST(a_number_may_be_written_otherwise),
      TEST(it_is_held_when_the_job_is_over),
      TEST(it_is_held_when_the_device_has_gone),
      TEST(it_is_held_as_long_as_is_configured),
      TEST(another_submission_is_refused),
      TEST(a_prepared_document_is_the_same),
      TEST(each_user_has_his_own),
      TEST(a_failure_leaves_the_key_free),
      TEST(many_at_once_are_one_job),
      TEST(a_job_that_is_given_up_is_withdrawn),
      TEST(a_job_that_stays_is_in_the_queue),
      TEST(many_share_a_commit),
      TEST(a_key_twice_in_one_commit),
      TEST(up_to_the_first_that_is_refused),
      TEST(memory_runs_out),
  };
  test_start();
  vfs_install();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
