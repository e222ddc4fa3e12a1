/* SPDX-License-Identifier: MIT
   Documents in the spool: the same pages once, whole or known to be damaged,
   gone with the last job that has them; and disks that refuse. */
#include <sched.h>

#include "disk_stage.h"
#include "service_runs.h"
#include "store/own.h"
#include "store_vfs.h"

static int set_up(void **unused) {
  (void)unused;
  runs_begin(3);
  config.retries = 2;
  config.retry_delay = 600;
  return 0;
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

/* ---- disks that refuse ---- */

static DWORD count_jobs(void) {
  FAX_JOB_ENTRY *jobs;
  DWORD count;
  assert_true(FaxEnumJobs(st.server, &jobs, &count));
  FaxFreeBuffer(jobs);
  return count;
}

static void nothing_is_left(void) {
  char path[96];
  size_t entries = 0;
  stage_stored();
  assert_int_equal(count_jobs(), 0);
  snprintf(path, sizeof path, "%s/spool", st.directory);
  DIR *dir = opendir(path);
  assert_non_null(dir);
  while (readdir(dir) != NULL) entries++;
  closedir(dir);
  assert_int_equal(entries, 2); /* "." and ".." */
}

static DWORD submit(DWORD *id) {
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = FSP_COMPLETES};
  *id = 0;
  return FaxSendDocument(st.server, st.document, &params, NULL, id)
             ? ERROR_SUCCESS
             : FaxGetLastError();
}

static const int refusals[] = {ENOSPC, EDQUOT, EIO, EROFS};

/* Whatever step it is: the error, and nothing else of it. */
static void each_step_may_fail(void **unused) {
  (void)unused;
  start();
  config_pause(&st, TRUE);
  document(1);
  for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
    DWORD id, error;
    long n = 0;
    for (;; n++) {
      disk_fail_after(n, refusals[i]);
      error = submit(&id);
      disk_fail_after(-1, 0);
      if (error == ERROR_SUCCESS) break;
      assert_int_equal(error, error_from_errno(refusals[i]));
      assert_int_equal(id, 0);
      nothing_is_left();
    }
    assert_true(n >= 5); /* file, bytes, sync, name, folder */
    assert_true(FaxAbort(st.server, id));
    nothing_is_left();
  }
  stop();
}

static void each_step_of_a_prepared_one_may_fail(void **unused) {
  (void)unused;
  const char *file = st.document;
  struct fax_document d = {.size = sizeof d, .files = &file, .file_count = 1};
  HANDLE handle = NULL;
  start();
  document(1);
  for (long n = 0; handle == NULL; n++) {
    disk_fail_after(n, ENOSPC);
    if (!FaxPrepareDocument(st.server, &d, &handle)) {
      assert_int_equal(FaxGetLastError(), ERROR_DISK_FULL);
      disk_fail_after(-1, 0);
      nothing_is_left();
    }
    disk_fail_after(-1, 0);
  }
  assert_true(FaxClose(handle));
  nothing_is_left();
  stop();
}

/* The database refuses when the file is safe already. */
static void the_file_of_a_row_that_is_refused_goes(void **unused) {
  (void)unused;
  static const struct {
    int code;
    DWORD error;
  } codes[] = {{SQLITE_FULL, ERROR_DISK_FULL},
               {SQLITE_IOERR_WRITE, ERROR_WRITE_FAULT},
               {SQLITE_READONLY, ERROR_ACCESS_DENIED}};
  DWORD id;
  start();
  document(1);
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    vfs_refuse(codes[i].code);
    assert_int_equal(submit(&id), codes[i].error);
    vfs_refuse(0);
    nothing_is_left();
  }
  stop();
}

/* What is new is refused; what is in the queue is sent once there is room. */
static void a_full_disk_loses_no_fax(void **unused) {
  (void)unused;
  DWORD id;
  start();
  document(1);
  DWORD job = send_paused(FSP_COMPLETES);
  disk.error = ENOSPC;
  atomic_store(&disk.full, true);
  vfs_refuse(SQLITE_FULL);
  document(2);
  assert_int_equal(submit(&id), ERROR_DISK_FULL);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "spool"));
  fsp.pages = 1;
  resume(job);
  atomic_store(&disk.full, false);
  vfs_refuse(0);
  stage_skip(&st, FEI_COMPLETED, job);
  fsp.pages = 2;
  stage_skip(&st, FEI_COMPLETED, stage_send(&st, FSP_COMPLETES));
  stop();
  start();
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  nothing_is_left();
  stop();
}

/* ---- one sync for many ---- */

enum { THREADS = 8 };

static void *submit_own(void *path) {
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = FSP_COMPLETES};
  DWORD id = 0;
  FaxSendDocument(st.server, path, &params, NULL, &id);
  return (void *)(ULONG_PTR)id;
}

static uint64_t committed(struct store *s) {
  pthread_mutex_lock(&s->lock);
  uint64_t n = s->committed;
  pthread_mutex_unlock(&s->lock);
  return n;
}

/* One is being written, the others gather: their files are synced each, and
   the folder once. */
static void files_share_a_sync(void **unused) {
  (void)unused;
  stage_only_here();
  char paths[THREADS + 1][96];
  pthread_t threads[THREADS + 1];
  void *id;
  assert_true(FaxClockReal());
  start();
  config_pause(&st, TRUE);
  struct service *s = service_current();
  for (unsigned i = 0; i <= THREADS; i++) {
    snprintf(paths[i], sizeof paths[i], "%s/own-%u.tif", st.directory, i);
    assert_true(pages_make(paths[i], PAGES_SHORT, i + 1, 2292, 196));
  }
  stage_stored();
  uint64_t before = committed(s->store);
  size_t arrived = atomic_load(&vfs.arrived);
  atomic_store(&disk.syncs, 0);
  pthread_mutex_lock(&vfs.lock);
  pthread_create(&threads[0], NULL, submit_own, paths[0]);
  while (atomic_load(&vfs.arrived) == arrived) sched_yield();
  for (int i = 1; i <= THREADS; i++)
    pthread_create(&threads[i], NULL, submit_own, paths[i]);
  while (committed(s->store) < before + THREADS + 1) sched_yield();
  pthread_mutex_unlock(&vfs.lock);
  for (int i = 0; i <= THREADS; i++) {
    pthread_join(threads[i], &id);
    assert_non_null(id);
  }
  assert_int_equal(atomic_load(&disk.syncs), THREADS + 1 + 2);
  assert_int_equal(count_jobs(), THREADS + 1);
  assert_int_equal(stage_files(&st, "spool"), THREADS + 1);
  mem_unref(s);
  stop();
}

/* At the end of a service its queue lets go of documents that rows name: a
   submission of the same pages that comes to nothing behind that does not take
   them away. */
static void what_is_kept_stays(void **unused) {
  struct spool *s;
  struct spool_file *f;
  char path[256];
  (void)unused;
  snprintf(path, sizeof path, "%s/pages.tif", st.directory);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  fclose(file);
  assert_int_equal(spool_open(st.directory, &s), ERROR_SUCCESS);
  for (int n = 0; n < 2; n++) {
    assert_int_equal(spool_use(s, "pages.tif", &f), ERROR_SUCCESS);
    if (n == 0) spool_keep(f);
    spool_drop(f);
    assert_int_equal(access(path, F_OK), 0);
  }
  mem_unref(s);
  assert_int_equal(unlink(path), 0);
}

int main(void) {
  test_start();
  vfs_install();
  disk_install();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(a_short_document_fails_its_jobs),
      TEST(a_changed_document_fails_its_jobs),
      TEST(a_new_submission_mends_it),
      TEST(the_same_pages_are_stored_once),
      TEST(a_document_that_goes_comes_again),
      TEST(pages_of_others_stay),
      TEST(each_step_may_fail),
      TEST(each_step_of_a_prepared_one_may_fail),
      TEST(the_file_of_a_row_that_is_refused_goes),
      TEST(a_full_disk_loses_no_fax),
      TEST(files_share_a_sync),
      TEST(what_no_job_has_is_swept),
      TEST(what_is_kept_stays)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
