/* SPDX-License-Identifier: MIT
   The store: rows come back as they went in, lists are whole, those that wait
   share a sync, and a disk that refuses costs nothing that was told to be
   safe. */
#include "store_stage.h"

/* ---- rows ---- */

static FAX_JOB_PARAM params(void) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p};
  p.RecipientNumber = "+1 555 0100";
  p.RecipientName = "J\xc3\xb6rg \"the\" recipient";
  p.ScheduleAction = JSA_SPECIFIC_TIME;
  time_to_systemtime(INT64_C(1700000000123000000), &p.ScheduleTime);
  return p;
}

static bool count_row(void *arg, const void *row) {
  (void)row;
  ++*(int *)arg;
  return true;
}

static int rows(enum store_table table) {
  int count = 0;
  assert_int_equal(store_each(store, table, count_row, &count), ERROR_SUCCESS);
  return count;
}

static bool check_job(void *arg, const void *row) {
  const struct store_job *j = row;
  FAX_JOB_PARAM p = params();
  struct store_job want = job(1, &p);
  assert_int_equal(j->id, 1);
  assert_int_equal(j->retries, FAX_UNKNOWN);
  assert_int_equal(j->bad_rows, FAX_UNKNOWN);
  assert_int_equal(j->retry_delay, 60);
  assert_true(j->bytes == want.bytes);
  assert_memory_equal(&j->submitted, &want.submitted, sizeof j->submitted);
  assert_int_equal(j->finished.dwHighDateTime, 0);
  assert_string_equal(j->user, "somebody");
  assert_null(j->path);
  assert_int_equal(j->param_count, 1);
  assert_string_equal(j->params->RecipientName, p.RecipientName);
  assert_memory_equal(&j->params->ScheduleTime, &p.ScheduleTime,
                      sizeof p.ScheduleTime);
  return count_row(arg, row);
}

static bool check_attempt(void *arg, const void *row) {
  const struct store_attempt *a = row;
  struct store_attempt want = attempt(1, 1);
  assert_int_equal(a->job_id, 1);
  assert_int_equal(a->attempt.number, 1);
  assert_int_equal(a->attempt.rate, 14400);
  assert_int_equal(a->attempt.ecm, 0);
  assert_int_equal(a->attempt.encoding, FAX_UNKNOWN);
  assert_int_equal(a->attempt.pages_confirmed, FAX_UNKNOWN);
  assert_memory_equal(&a->attempt.started, &want.attempt.started,
                      sizeof want.attempt.started);
  assert_string_equal(a->attempt.cause, "busy");
  assert_int_equal(a->attempt.timeline_count, 2);
  assert_int_equal(a->attempt.timeline[1].moment, 2500);
  assert_true(a->attempt.timeline[1].sent);
  assert_string_equal(a->attempt.timeline[0].frame, "DIS");
  assert_string_equal(a->attempt.timeline[0].details, "14400 bit/s ECM MMR");
  return count_row(arg, row);
}

static void test_round_trip(void **unused) {
  (void)unused;
  FAX_JOB_PARAM p = params();
  struct store_job j = job(1, &p);
  struct store_device d = {"loopback", "line 1", 4, 3, 2, 1, "T", NULL, {9, 1}};
  struct store_routing r = {4, "{A}", 1, 2, "00ff"};
  struct store_setting v = {"configuration", "{}"};
  struct store_archived f = archived(1, 1000, 10);
  struct store_key k = {"somebody", "offer-1", 1, "101", "00ff", {0, 0}};
  struct fax_number n = {.number = "+4930123", .calls = 3, .rate = FAX_UNKNOWN};
  struct store_reception w = {7, "1f-4-7.tif", "101", NULL};
  struct store_changes *c = changes();
  int count = 0;
  assert_int_equal(store_put(c, STORE_JOBS, &j), ERROR_SUCCESS);
  assert_int_equal(store_put(c, STORE_RECEPTIONS, &w), ERROR_SUCCESS);
  assert_int_equal(store_put(c, STORE_NUMBERS, &n), ERROR_SUCCESS);
  put_attempt(c, 1, 1);
  assert_int_equal(store_put(c, STORE_DEVICES, &d), ERROR_SUCCESS);
  assert_int_equal(store_put(c, STORE_ROUTINGS, &r), ERROR_SUCCESS);
  assert_int_equal(store_put(c, STORE_SETTINGS, &v), ERROR_SUCCESS);
  assert_int_equal(store_put(c, STORE_ARCHIVE, &f), ERROR_SUCCESS);
  assert_int_equal(store_put(c, STORE_KEYS, &k), ERROR_SUCCESS);
  put_record(c, 1, 1);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  close_store();
  open_store();
  assert_int_equal(store_each(store, STORE_JOBS, check_job, &count), 0);
  assert_int_equal(store_each(store, STORE_ATTEMPTS, check_attempt, &count), 0);
  assert_int_equal(count, 2);
  for (int t = 0; t < STORE_TABLES; t++) assert_int_equal(rows(t), 1);
}

/* A row that changes keeps what hangs on it; one that goes takes it along. */
static void test_replace_and_remove(void **unused) {
  (void)unused;
  struct store_changes *c = changes();
  struct store_job gone = {.id = 1};
  put_job(c, 1);
  put_attempt(c, 1, 1);
  put_job(c, 2);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  c = changes();
  put_job(c, 1);
  put_attempt(c, 1, 1);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  assert_int_equal(rows(STORE_JOBS), 2);
  assert_int_equal(rows(STORE_ATTEMPTS), 1);
  c = changes();
  assert_int_equal(store_remove(c, STORE_JOBS, &gone), ERROR_SUCCESS);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  assert_int_equal(rows(STORE_JOBS), 1);
  assert_int_equal(rows(STORE_ATTEMPTS), 0);
}

/* Of a list that cannot be written nothing is, and the others are not touched:
   an attempt needs its job. */
static void test_list_is_whole(void **unused) {
  (void)unused;
  struct store_changes *bad = changes(), *good = changes();
  struct told of_bad, of_good;
  told_init(&of_bad);
  told_init(&of_good);
  put_job(bad, 1);
  put_attempt(bad, 99, 1);
  put_job(good, 2);
  store_commit(store, bad, STORE_TRY, tell, &of_bad);
  store_commit(store, good, STORE_TRY, tell, &of_good);
  assert_int_equal(told_wait(&of_bad, 1), ERROR_INVALID_DATA);
  assert_non_null(strstr(of_bad.why, "FOREIGN KEY"));
  assert_int_equal(told_wait(&of_good, 1), ERROR_SUCCESS);
  assert_int_equal(rows(STORE_JOBS), 1);
  assert_int_equal(store_health(store, of_bad.why, STORE_WHY), ERROR_SUCCESS);
}

/* Numbers are not used again, whatever became of the job. */
static void test_last_job(void **unused) {
  (void)unused;
  DWORD last = 1;
  struct store_changes *c = changes();
  struct store_job gone = {.id = 9};
  assert_int_equal(store_last(store, STORE_JOBS, &last), ERROR_SUCCESS);
  assert_int_equal(last, 0);
  put_job(c, 9);
  put_job(c, 3);
  assert_int_equal(store_remove(c, STORE_JOBS, &gone), ERROR_SUCCESS);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  close_store();
  open_store();
  assert_int_equal(store_last(store, STORE_JOBS, &last), ERROR_SUCCESS);
  assert_int_equal(last, 9);
}

/* Who comes after the close is told so. */
static void test_closed(void **unused) {
  (void)unused;
  struct store_changes *c = changes(), *state = changes();
  store_close(store, FAX_FOREVER);
  put_job(c, 1);
  assert_int_equal(commit(c), ERROR_SHUTDOWN_IN_PROGRESS);
  store_commit(store, state, STORE_INSIST, NULL, NULL);
  store = mem_unref(store);
  open_store();
  assert_int_equal(rows(STORE_JOBS), 0);
}

/* ---- the disk ---- */

/* While one batch is written the next gathers: far fewer syncs than lists. */
static void test_shared_sync(void **unused) {
  (void)unused;
  enum { LISTS = 300 };
  struct told t;
  told_init(&t);
  size_t before = vfs.syncs;
  pthread_mutex_lock(&t.lock); /* holds the writer in its first answer */
  for (DWORD id = 1; id <= LISTS; id++) {
    struct store_changes *c = changes();
    put_job(c, id);
    store_commit(store, c, STORE_TRY, tell, &t);
  }
  pthread_mutex_unlock(&t.lock);
  assert_int_equal(told_wait(&t, LISTS), ERROR_SUCCESS);
  assert_true(vfs.syncs - before >= 1);
  assert_true(vfs.syncs - before < LISTS / 10);
  assert_int_equal(rows(STORE_JOBS), LISTS);
}

/* Who waits is told at once; what nobody waits for is written when there is
   room again, in its order. */
static void test_full_disk(void **unused) {
  (void)unused;
  char why[STORE_WHY];
  struct store_changes *state = changes(), *submission = changes();
  put_job(state, 1);
  vfs_refuse(SQLITE_FULL);
  store_commit(store, state, STORE_INSIST, NULL, NULL);
  put_job(submission, 2);
  assert_int_equal(commit(submission), ERROR_DISK_FULL);
  assert_int_equal(store_health(store, why, sizeof why), ERROR_DISK_FULL);
  assert_non_null(strstr(why, "fax.db"));
  vfs_refuse(0);
  submission = changes();
  put_job(submission, 3);
  assert_int_equal(commit(submission), ERROR_SUCCESS);
  assert_int_equal(store_health(store, why, sizeof why), ERROR_SUCCESS);
  assert_int_equal(rows(STORE_JOBS), 2); /* 1 and 3 */
}

static bool check_last(void *arg, const void *row) {
  const struct store_job *j = row;
  assert_int_equal(j->failures, *(const DWORD *)arg);
  return true;
}

/* Of a row that changes again and again the last value waits, behind no row
   that needs it; a row that went and came back is not the one before. */
static void test_full_disk_compacts(void **unused) {
  (void)unused;
  enum { TIMES = 499 };
  DWORD last = 0;
  assert_int_equal(FaxClockVirtual(0), TRUE);
  vfs_refuse(SQLITE_FULL);
  size_t before = mem_live();
  for (DWORD n = 1; n <= TIMES; n++) {
    struct store_changes *c = changes();
    struct store_job gone = job(1, NULL), row = job(1, NULL);
    struct store_attempt a = attempt(1, n % 3 + 1);
    row.failures = last = n;
    if (n % 100 == 0) store_remove(c, STORE_JOBS, &gone);
    assert_int_equal(store_put(c, STORE_JOBS, &row), ERROR_SUCCESS);
    assert_int_equal(store_put(c, STORE_ATTEMPTS, &a), ERROR_SUCCESS);
    store_commit(store, c, STORE_INSIST, NULL, NULL);
    FaxClockWait(FaxClockNow() + FAX_SECOND, NULL);
  }
  assert_true(mem_live() - before < 200);
  vfs_refuse(0);
  FaxClockWait(FaxClockNow() + 5 * FAX_SECOND, NULL);
  assert_int_equal(store_each(store, STORE_JOBS, check_last, &last),
                   ERROR_SUCCESS);
  assert_int_equal(rows(STORE_JOBS), 1);
  assert_int_equal(rows(STORE_ATTEMPTS), 3);
  close_store();
  assert_int_equal(FaxClockReal(), TRUE);
  open_store();
}

/* Without a new list it is tried again after a pause, and at the close. */
static void test_tried_again(void **unused) {
  (void)unused;
  assert_int_equal(FaxClockVirtual(0), TRUE);
  struct store_changes *first = changes(), *second = changes();
  struct told t;
  told_init(&t);
  vfs_refuse(SQLITE_IOERR_WRITE);
  put_job(first, 1);
  store_commit(store, first, STORE_INSIST, NULL, NULL);
  FaxClockWait(FaxClockNow() + FAX_SECOND, NULL);
  vfs_refuse(0);
  FaxClockWait(FaxClockNow() + 5 * FAX_SECOND, NULL);
  assert_int_equal(store_health(store, t.why, STORE_WHY), ERROR_SUCCESS);
  vfs_refuse(SQLITE_IOERR_WRITE);
  put_job(second, 2);
  store_commit(store, second, STORE_INSIST, NULL, NULL);
  FaxClockWait(FaxClockNow() + FAX_SECOND, NULL);
  vfs_refuse(0);
  close_store();
  assert_int_equal(FaxClockReal(), TRUE);
  open_store();
  assert_int_equal(rows(STORE_JOBS), 2);
}

/* ---- files that are none of ours ---- */

static void run_sql(const char *sql) {
  char path[128];
  sqlite3 *db;
  snprintf(path, sizeof path, "%s/fax.db", folder);
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE", NULL, NULL, NULL);
  assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close(db);
}

static void opens_with(DWORD code, const char *words) {
  struct store *s = NULL;
  assert_int_equal(store_open(folder, &s), code);
  assert_null(s);
  assert_non_null(strstr(error_message(), words));
}

static void test_newer_version(void **unused) {
  (void)unused;
  close_store();
  run_sql("PRAGMA user_version = 99");
  opens_with(FAX_ERR_VERSION_MISMATCH, "newer version");
}

/* As each earlier version left it: what is in it stays, and what came later can
   be written. */
static void test_earlier_versions(void **unused) {
  (void)unused;
  FAX_JOB_PARAM p = params();
  for (int version = 1; version < schema_version(); version++) {
    char path[128];
    sqlite3 *db;
    int count = 0;
    close_store();
    folder_remove(folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    snprintf(path, sizeof path, "%s/fax.db", folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(schema_upgrade_to(db, path, version), ERROR_SUCCESS);
    sqlite3_close(db);
    run_sql(
        "INSERT INTO jobs (id, type, state, outcome, paused, device_id,"
        " confirmed, failures, ecm, max_rate, transport, methods_done,"
        " complete, bytes, document) VALUES (7, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0,"
        " 0, 0, 99, 'old.tif')");
    open_store();
    assert_int_equal(store_each(store, STORE_JOBS, count_row, &count), 0);
    assert_int_equal(count, 1);
    struct store_changes *c = changes();
    struct store_job j = job(8, &p);
    assert_int_equal(store_put(c, STORE_JOBS, &j), ERROR_SUCCESS);
    assert_int_equal(commit(c), ERROR_SUCCESS);
    assert_int_equal(rows(STORE_JOBS), 2);
  }
}

static void test_foreign_database(void **unused) {
  (void)unused;
  close_store();
  folder_remove(folder);
  assert_int_equal(mkdir(folder, 0700), 0);
  run_sql("CREATE TABLE recipes (name)");
  opens_with(ERROR_FILE_CORRUPT, "another program");
  run_sql("INSERT INTO recipes VALUES ('soup')"); /* it was not touched */
}

static void overwrite(long at, const char *bytes, size_t length) {
  char path[128];
  snprintf(path, sizeof path, "%s/fax.db", folder);
  FILE *f = fopen(path, "r+b");
  assert_non_null(f);
  assert_int_equal(fseek(f, at, SEEK_SET), 0);
  assert_int_equal(fwrite(bytes, 1, length, f), length);
  fclose(f);
}

static void test_damage(void **unused) {
  (void)unused;
  struct store_changes *c = changes();
  for (DWORD id = 1; id <= 200; id++) put_job(c, id);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  close_store();
  overwrite(8192, "this is no page of a b-tree", 27);
  opens_with(ERROR_FILE_CORRUPT, "fax.db");
  overwrite(0, "no database at all", 18);
  opens_with(ERROR_FILE_CORRUPT, "fax.db");
}

/* A value that no row of ours has is an error of the reading, not a guess. */
static void test_odd_value(void **unused) {
  (void)unused;
  int count = 0;
  struct store_changes *c = changes();
  put_job(c, 1);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  close_store();
  run_sql("UPDATE jobs SET pages = -3");
  open_store();
  assert_int_equal(store_each(store, STORE_JOBS, count_row, &count),
                   ERROR_FILE_CORRUPT);
  assert_non_null(strstr(error_message(), "pages"));
  close_store();
  run_sql("UPDATE jobs SET pages = 1, params = '[{\"no\":1}]'");
  open_store();
  assert_int_equal(store_each(store, STORE_JOBS, count_row, &count),
                   ERROR_FILE_CORRUPT);
  assert_int_equal(count, 0);
}

/* ---- the schema ---- */

static void test_schema_has_the_columns(void **unused) {
  (void)unused;
  for (int n = 0; n < STORE_TABLES; n++) {
    char sql[96];
    sqlite3_stmt *columns;
    int found = 0;
    snprintf(sql, sizeof sql, "PRAGMA table_info(%s)", store_tables[n].name);
    assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &columns, NULL), 0);
    while (sqlite3_step(columns) == SQLITE_ROW) found++;
    sqlite3_finalize(columns);
    assert_int_equal(found, table_columns(&store_tables[n]));
  }
}

/* The file of a store of version 1, with rows, as that version left it. */
static void make_version_1(void) {
  char path[128];
  sqlite3 *db;
  folder_remove(folder);
  assert_int_equal(mkdir(folder, 0700), 0);
  snprintf(path, sizeof path, "%s/fax.db", folder);
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  assert_int_equal(schema_upgrade_to(db, path, 1), ERROR_SUCCESS);
  assert_int_equal(
      sqlite3_exec(
          db,
          "INSERT INTO jobs (id, type, state, outcome, paused, user, finished,"
          " device_id, confirmed, failures, ecm, max_rate, transport,"
          " methods_done, complete, bytes) VALUES"
          " (1, 1, 5, 1, 0, 'somebody', 1000000000, 0, 1, 0, 1, 0, 0, 0, 1, 9),"
          " (2, 1, 4, 3, 0, 'somebody', 1000000000, 0, 1, 0, 1, 0, 0, 0, 1, 9),"
          " (3, 1, 1, 0, 0, 'somebody', NULL, 0, 0, 0, 1, 0, 0, 0, 0, 9);"
          "INSERT INTO attempts (job_id, number, device_id, status) VALUES"
          " (1, 1, 1, 8), (2, 1, 1, 64);",
          NULL, NULL, NULL),
      SQLITE_OK);
  sqlite3_close(db);
}

static bool check_gone(void *arg, const void *row) {
  const struct store_job *j = row;
  assert_int_equal(j->gone.dwHighDateTime != 0, j->id == 1);
  assert_string_equal(j->user, "somebody");
  return count_row(arg, row);
}

/* What it did not know of an attempt is not known, and never 0. */
static bool check_decided(void *arg, const void *row) {
  const struct store_attempt *a = row;
  assert_int_equal(a->attempt.cause_class, FAX_UNKNOWN);
  assert_int_equal(a->attempt.decision, FAX_UNKNOWN);
  assert_int_equal(a->attempt.delay, FAX_UNKNOWN);
  assert_null(a->attempt.reason);
  return count_row(arg, row);
}

static void test_is_private(void **unused) {
  (void)unused;
  static const char *const names[] = {"fax.db", "fax.db-wal"};
  struct store_changes *c = changes();
  put_job(c, 1);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  for (int i = 0; i < 2; i++) {
    char path[128];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", folder, names[i]);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
  }
}

/* Nothing of it is lost, and results go on to age. */
static void test_upgrade_from_1(void **unused) {
  (void)unused;
  int count = 0;
  close_store();
  make_version_1();
  open_store();
  assert_int_equal(store_each(store, STORE_JOBS, check_gone, &count), 0);
  assert_int_equal(count, 3);
  count = 0;
  assert_int_equal(store_each(store, STORE_ATTEMPTS, check_decided, &count), 0);
  assert_int_equal(count, 2);
  assert_int_equal(rows(STORE_NUMBERS), 0);
  close_store();
  open_store(); /* once */
  assert_int_equal(rows(STORE_JOBS), 3);
}

/* ---- age ---- */

static void expire(int64_t before) {
  struct store_changes *c = changes();
  assert_int_equal(store_expire(c, STORE_JOBS, time_to_filetime(before)), 0);
  assert_int_equal(commit(c), ERROR_SUCCESS);
}

/* Only what is over grows old, and its attempts go with it. */
static void test_expire(void **unused) {
  (void)unused;
  struct store_changes *c = changes();
  for (DWORD id = 1; id <= 3; id++) {
    struct store_job row = job(id, NULL);
    struct store_attempt a = attempt(id, 1);
    if (id != 2) row.gone = time_to_filetime(INT64_C(1000000000) * id);
    assert_int_equal(store_put(c, STORE_JOBS, &row), ERROR_SUCCESS);
    assert_int_equal(store_put(c, STORE_ATTEMPTS, &a), ERROR_SUCCESS);
  }
  assert_int_equal(commit(c), ERROR_SUCCESS);
  expire(INT64_C(1000000000));
  assert_int_equal(rows(STORE_JOBS), 3);
  expire(INT64_C(1500000000));
  assert_int_equal(rows(STORE_JOBS), 2);
  assert_int_equal(rows(STORE_ATTEMPTS), 2);
  expire(INT64_MAX / 2);
  assert_int_equal(rows(STORE_JOBS), 1);
  assert_true(store_ages(STORE_JOBS));
  assert_false(store_ages(STORE_DEVICES));
}

/* What was committed before a number is settled, all of it is. */
static void test_settled(void **unused) {
  (void)unused;
  assert_int_equal(FaxClockVirtual(0), TRUE);
  struct store_changes *c = changes(), *next = changes();
  vfs_refuse(SQLITE_FULL);
  put_job(c, 1);
  uint64_t first = store_commit(store, c, STORE_INSIST, NULL, NULL);
  FaxClockWait(FaxClockNow() + FAX_SECOND, NULL);
  assert_true(store_settled(store) < first);
  put_job(next, 1); /* becomes part of the first */
  uint64_t second = store_commit(store, next, STORE_INSIST, NULL, NULL);
  assert_true(second > first);
  FaxClockWait(FaxClockNow() + FAX_SECOND, NULL);
  assert_true(store_settled(store) < first);
  vfs_refuse(0);
  FaxClockWait(FaxClockNow() + 6 * FAX_SECOND, NULL);
  assert_true(store_settled(store) >= second);
  close_store();
  assert_int_equal(FaxClockReal(), TRUE);
  open_store();
}

/* ---- no memory ---- */

static DWORD make_changes(void *unused) {
  (void)unused;
  FAX_JOB_PARAM p = params();
  struct store_job j = job(1, &p);
  struct store_changes *c;
  DWORD error = store_changes_new(&c);
  if (error != ERROR_SUCCESS) return error;
  error = store_put(c, STORE_JOBS, &j);
  if (error == ERROR_SUCCESS) error = store_remove(c, STORE_JOBS, &j);
  store_changes_drop(c);
  return error;
}

static DWORD read_all(void *unused) {
  (void)unused;
  int count = 0;
  return store_each(store, STORE_JOBS, count_row, &count);
}

static void test_no_memory(void **unused) {
  (void)unused;
  FAX_JOB_PARAM p = params();
  struct store_job j = job(1, &p);
  struct store_changes *c = changes();
  assert_int_equal(store_put(c, STORE_JOBS, &j), ERROR_SUCCESS);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  sweep(make_changes);
  sweep(read_all);
}

int main(void) {
  test_start();
  vfs_install();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(test_round_trip),
      TEST(test_replace_and_remove),
      TEST(test_list_is_whole),
      TEST(test_shared_sync),
      TEST(test_last_job),
      TEST(test_closed),
      TEST(test_full_disk),
      TEST(test_full_disk_compacts),
      TEST(test_tried_again),
      TEST(test_newer_version),
      TEST(test_earlier_versions),
      TEST(test_foreign_database),
      TEST(test_damage),
      TEST(test_odd_value),
      TEST(test_schema_has_the_columns),
      TEST(test_is_private),
      TEST(test_upgrade_from_1),
      TEST(test_expire),
      TEST(test_settled),
      TEST(test_no_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
