/* SPDX-License-Identifier: MIT
   Documents in the spool: the same pages once, whole or known to be damaged,
   gone with the last job that has them; and disks that refuse. */
#include "service_config.h"
#include "store_vfs.h"

static struct stage st;
static struct fax_service_config config;
static struct fax_provider_config forward = {.name = "forward"};

static int set_up(void **unused) {
  (void)unused;
  assert_true(FaxClockVirtual(STAGE_NOON));
  fsp_set(3);
  stage_count(&st);
  stage_options(&st, &config);
  config.providers = &forward;
  config.provider_count = 1;
  config.retries = 2;
  config.retry_delay = 600;
  return 0;
}

static int tear_down(void **unused) {
  (void)unused;
  stage_clear(&st);
  stage_is_empty(&st);
  assert_true(FaxClockReal());
  return 0;
}

/* No call of an earlier run's job begins before somebody listens. */
static void start(void) {
  pthread_mutex_lock(&fsp_lock);
  if (!FaxServiceStart(&config)) fail_msg("%s", FaxGetLastErrorMessage());
  stage_listen(&st);
  pthread_mutex_unlock(&fsp_lock);
}

static void stop(void) {
  stage_stop_within(20);
  FaxClose(st.server);
  assert_true(FaxCloseCompletionPort(st.events));
  st.sequence = 0;
}

static void document(unsigned pages) {
  fsp.pages = pages;
  stage_document(&st, pages);
}

/* Paused at once, before a line is looked for. */
static DWORD send_paused(const char *number) {
  config_pause(&st, TRUE);
  DWORD job = stage_send(&st, number);
  assert_true(FaxSetJob(st.server, job, JC_PAUSE, NULL));
  config_pause(&st, FALSE);
  return job;
}

static void resume(DWORD job) {
  assert_true(FaxSetJob(st.server, job, JC_RESUME, NULL));
}

static void spool_file(char *path, size_t size) {
  char folder[96];
  snprintf(folder, sizeof folder, "%s/spool", st.directory);
  DIR *dir = opendir(folder);
  assert_non_null(dir);
  *path = '\0';
  for (struct dirent *e; (e = readdir(dir)) != NULL;)
    if (strstr(e->d_name, ".tif") != NULL)
      snprintf(path, size, "%s/%.100s", folder, e->d_name);
  closedir(dir);
  assert_true(*path != '\0');
}

static void damage(const char *path, bool cut) {
  FILE *f = fopen(path, "r+b");
  assert_non_null(f);
  assert_int_equal(fseek(f, 100, SEEK_SET), 0);
  int byte = fgetc(f);
  assert_int_equal(fseek(f, 100, SEEK_SET), 0);
  assert_int_not_equal(fputc(byte ^ 1, f), EOF);
  fclose(f);
  if (cut) assert_int_equal(truncate(path, 10), 0);
}

static void is_damaged(DWORD job) {
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_FAILED);
  assert_int_equal(stage_queue_status(&st, job), JS_RETRIES_EXCEEDED);
  struct fax_job_result *r = stage_result(&st, job);
  assert_string_equal(r->attempts[r->attempt_count - 1].cause,
                      "document_damaged");
  FaxFreeBuffer(r);
}

/* Two of one document, and one of another, of which the latter is whole. */
static void damage_one(DWORD *bad, DWORD *same, DWORD *good, bool cut) {
  char path[256];
  start();
  document(1);
  *bad = send_paused(FSP_COMPLETES);
  *same = send_paused(FSP_COMPLETES);
  stage_stored();
  assert_int_equal(stage_files(&st, "spool"), 1);
  spool_file(path, sizeof path);
  document(2);
  *good = send_paused(FSP_COMPLETES);
  stop();
  damage(path, cut);
  start();
}

/* The jobs say so, and no other is touched. */
static void a_short_document_fails_its_jobs(void **unused) {
  (void)unused;
  DWORD bad, same, good;
  damage_one(&bad, &same, &good, true);
  is_damaged(bad);
  is_damaged(same);
  resume(good);
  stage_skip(&st, FEI_COMPLETED, good);
  stop();
}

/* It is found when the first is to be sent, and nobody is called. */
static void a_changed_document_fails_its_jobs(void **unused) {
  (void)unused;
  DWORD bad, same, good;
  damage_one(&bad, &same, &good, false);
  resume(bad);
  stage_skip(&st, FEI_FATAL_ERROR, bad);
  is_damaged(bad);
  assert_int_equal(stage_outcome(&st, same), FAX_OUTCOME_PENDING);
  resume(same);
  stage_skip(&st, FEI_FATAL_ERROR, same);
  is_damaged(same);
  assert_int_equal(atomic_load(&fsp.started), 0);
  resume(good);
  stage_skip(&st, FEI_COMPLETED, good);
  assert_int_equal(atomic_load(&fsp.started), 1);
  stop();
}

/* Who submits the same pages does not get the damaged ones; and they are whole
   again for the others. */
static void a_new_submission_mends_it(void **unused) {
  (void)unused;
  DWORD bad, same, good;
  damage_one(&bad, &same, &good, false);
  resume(bad);
  stage_skip(&st, FEI_FATAL_ERROR, bad);
  document(1);
  stage_skip(&st, FEI_COMPLETED, stage_send(&st, FSP_COMPLETES));
  resume(bad);
  stage_skip(&st, FEI_COMPLETED, bad);
  resume(same);
  stage_skip(&st, FEI_COMPLETED, same);
  assert_int_equal(stage_files(&st, "spool"), 1);
  stop();
}

/* ---- one file for the same pages ---- */

static void the_same_pages_are_stored_once(void **unused) {
  (void)unused;
  start();
  document(1);
  DWORD first = send_paused(FSP_COMPLETES), second = send_paused(FSP_COMPLETES);
  HANDLE pages = config_prepare(&st);
  assert_int_equal(stage_files(&st, "spool"), 1);
  resume(first);
  stage_skip(&st, FEI_DELETED, first);
  assert_int_equal(stage_files(&st, "spool"), 1);
  assert_true(FaxClose(pages));
  assert_int_equal(stage_files(&st, "spool"), 1);
  stop();
  start();
  assert_int_equal(stage_files(&st, "spool"), 1);
  resume(second);
  stage_skip(&st, FEI_DELETED, second);
  assert_int_equal(stage_files(&st, "spool"), 0);
  stop();
}

/* A submission has the pages of a job that is leaving meanwhile. */
static void a_document_that_goes_comes_again(void **unused) {
  (void)unused;
  start();
  document(1);
  for (int i = 0; i < 50; i++) {
    DWORD first = stage_send(&st, FSP_COMPLETES);
    DWORD second = stage_send(&st, FSP_COMPLETES);
    stage_skip(&st, FEI_DELETED, first);
    assert_int_equal(stage_outcome(&st, first), FAX_OUTCOME_COMPLETED);
    while (stage_outcome(&st, second) == FAX_OUTCOME_PENDING)
      FaxLocalFree(stage_event(&st));
    assert_int_equal(stage_outcome(&st, second), FAX_OUTCOME_COMPLETED);
  }
  assert_int_equal(stage_files(&st, "spool"), 0);
  stop();
}

/* What a service without adopt leaves alone it does not take away either. */
static void pages_of_others_stay(void **unused) {
  (void)unused;
  start();
  document(1);
  DWORD job = send_paused(FSP_COMPLETES);
  stop();
  config.embedded = TRUE;
  start();
  stage_skip(&st, FEI_DELETED, stage_send(&st, FSP_COMPLETES));
  assert_int_equal(stage_files(&st, "spool"), 1);
  stop();
  config.embedded = FALSE;
  start();
  resume(job);
  stage_skip(&st, FEI_COMPLETED, job);
  stop();
}

static void what_no_job_has_is_swept(void **unused) {
  (void)unused;
  char path[256];
  start();
  document(1);
  send_paused(FSP_COMPLETES);
  stop();
  snprintf(path, sizeof path, "%s/spool/1-99.tif", st.directory);
  FILE *f = fopen(path, "w");
  assert_non_null(f);
  fclose(f);
  start();
  assert_int_equal(stage_files(&st, "spool"), 1);
  assert_int_not_equal(access(path, F_OK), 0);
  stop();
}

int main(void) {
  test_start();
  vfs_install();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {TEST(a_short_document_fails_its_jobs),
                                     TEST(a_changed_document_fails_its_jobs),
                                     TEST(a_new_submission_mends_it),
                                     TEST(the_same_pages_are_stored_once),
                                     TEST(a_document_that_goes_comes_again),
                                     TEST(pages_of_others_stay),
                                     TEST(what_no_job_has_is_swept)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
