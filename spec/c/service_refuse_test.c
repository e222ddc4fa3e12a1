/* SPDX-License-Identifier: MIT
   A start on what the service cannot go on with: it refuses, says which file
   and why, touches nothing, and once that is put right all is there. */
#include <fcntl.h>

#include "service_runs.h"
#include "store_vfs.h"

static char store_path[128], copy_path[128];
static DWORD job;

static void copy(const char *from, const char *to) {
  char command[512];
  snprintf(command, sizeof command, "cp '%s' '%s'", from, to);
  assert_int_equal(system(command), 0);
}

/* A stopped service with a job that waits. */
static int set_up(void **unused) {
  (void)unused;
  runs_begin(1);
  snprintf(store_path, sizeof store_path, "%s/fax.db", st.directory);
  snprintf(copy_path, sizeof copy_path, "%s/copy", st.directory);
  start();
  stage_document(&st, 1);
  config_pause(&st, TRUE);
  job = stage_send(&st, FSP_COMPLETES);
  stop();
  copy(store_path, copy_path);
  return 0;
}

/* ---- what is wrong with the file ---- */

static void put(int64_t at, const void *bytes, size_t size) {
  int fd = open(store_path, O_WRONLY);
  assert_true(fd >= 0);
  assert_int_equal(pwrite(fd, bytes, size, at), size);
  close(fd);
}

static void make_nonsense(void) {
  put(0, "this is no database, only some text of that length", 50);
}

/* The leaves of the trees: the head of the file is well. */
static void spoil_pages(void) {
  char noise[2048];
  struct stat stat_of;
  assert_int_equal(stat(store_path, &stat_of), 0);
  memset(noise, 0x5a, sizeof noise);
  for (int64_t at = 4096; at < stat_of.st_size; at += 4096)
    put(at, noise, sizeof noise);
}

static void cut_short(void) {
  assert_int_equal(truncate(store_path, 4096 + 100), 0);
}

static void run_sql(const char *sql) {
  sqlite3 *db;
  assert_int_equal(sqlite3_open(store_path, &db), SQLITE_OK);
  assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close(db);
}

static void make_newer(void) {
  run_sql("PRAGMA journal_mode = DELETE; PRAGMA user_version = 99");
}

static void make_anothers(void) {
  run_sql("PRAGMA journal_mode = DELETE; PRAGMA application_id = 7");
}

/* ---- */

static const struct wrong {
  const char *name;
  void (*make)(void);
  DWORD error;
  const char *words;
} wrongs[] = {{"nonsense", make_nonsense, ERROR_FILE_CORRUPT, "not a database"},
              {"spoilt pages", spoil_pages, ERROR_FILE_CORRUPT, "is damaged: "},
              {"cut short", cut_short, ERROR_FILE_CORRUPT, "is damaged: "},
              {"newer", make_newer, FAX_ERR_VERSION_MISMATCH,
               "was made by a newer version of the fax service (schema 99"},
              {"another's", make_anothers, ERROR_FILE_CORRUPT,
               "is a database of another program"}};

static size_t read_all(char *to, size_t size) {
  FILE *f = fopen(store_path, "rb");
  assert_non_null(f);
  size_t n = fread(to, 1, size, f);
  fclose(f);
  return n;
}

static void is_refused(DWORD error, const char *words) {
  static char before[1 << 20], after[1 << 20];
  size_t size = read_all(before, sizeof before);
  assert_false(FaxServiceStart(&config));
  if (FaxGetLastError() != error)
    fail_msg("%u: %s", FaxGetLastError(), FaxGetLastErrorMessage());
  assert_non_null(strstr(FaxGetLastErrorMessage(), "/fax.db: "));
  assert_null(strchr(FaxGetLastErrorMessage(), '\n'));
  if (strstr(FaxGetLastErrorMessage(), words) == NULL)
    fail_msg("%s", FaxGetLastErrorMessage());
  assert_false(FaxServiceRunning());
  assert_int_equal(read_all(after, sizeof after), size);
  assert_memory_equal(before, after, size);
}

static void is_all_there(void) {
  start();
  config_pause(&st, FALSE);
  stage_skip(&st, FEI_COMPLETED, job);
  stop();
}

static void a_store_that_is_not_ours_to_use(void **unused) {
  (void)unused;
  for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
    copy(copy_path, store_path);
    wrongs[i].make();
    is_refused(wrongs[i].error, wrongs[i].words);
  }
  copy(copy_path, store_path);
  is_all_there();
}

/* ---- a directory that cannot be written ---- */

/* In a process of a user to whom the directory is read-only. */
static int start_as_another(void) {
  int status;
  pid_t child = fork();
  assert_true(child >= 0);
  if (child == 0) {
    alarm(60);
    if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(2);
    if (FaxServiceStart(&config)) _exit(3);
    if (FaxGetLastError() != ERROR_ACCESS_DENIED) _exit(4);
    if (strstr(FaxGetLastErrorMessage(), st.directory) == NULL) _exit(5);
    _exit(strstr(FaxGetLastErrorMessage(), "Permission denied") ? 0 : 6);
  }
  assert_int_equal(waitpid(child, &status, 0), child);
  return status;
}

static void a_read_only_directory(void **unused) {
  (void)unused;
  assert_int_equal(chmod(st.directory, 0555), 0);
  int status = start_as_another();
  assert_int_equal(chmod(st.directory, 0700), 0);
  assert_true(WIFEXITED(status));
  assert_int_equal(WEXITSTATUS(status), 0);
  is_all_there();
}

int main(void) {
  test_start();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {TEST(a_store_that_is_not_ours_to_use),
                                     TEST(a_read_only_directory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
