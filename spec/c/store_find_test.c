/* SPDX-License-Identifier: MIT
   Reading some rows: conditions, orders, pages; beside the writer, not in its
   way. */
#include <sched.h>

#include "store_stage.h"

enum { JOBS = 40 };

/* Job n came in the n-th second, was over in reverse order, in pairs at the
   same moment; the even ones are of "even". Job 40 is not over. */
static void put_jobs(void) {
  struct store_changes *c = changes();
  for (DWORD id = 1; id <= JOBS; id++) {
    struct store_job j = job(id, NULL);
    j.user = id % 2 == 0 ? "even" : "odd";
    j.submitted = time_to_filetime(id * FAX_SECOND);
    if (id != JOBS)
      j.gone = time_to_filetime((1000 - (int64_t)id / 2) * FAX_SECOND);
    assert_int_equal(store_put(c, STORE_JOBS, &j), ERROR_SUCCESS);
  }
  assert_int_equal(commit(c), ERROR_SUCCESS);
}

struct found {
  DWORD ids[JOBS + 1];
  size_t count;
  struct store_job last;
};

static bool note(void *arg, const void *row) {
  struct found *f = arg;
  const struct store_job *j = row;
  assert_true(f->count < JOBS);
  f->ids[f->count++] = j->id;
  f->last = *j;
  return true;
}

static struct found find(struct store_query q) {
  struct found f = {.count = 0};
  assert_int_equal(store_find(store, &q, note, &f), ERROR_SUCCESS);
  return f;
}

static void test_conditions(void **unused) {
  (void)unused;
  put_jobs();
  const struct store_condition conditions[] = {
      {"user", STORE_IS, "even", 0},
      {"submitted", STORE_FROM, NULL, 10 * FAX_SECOND},
      {"submitted", STORE_BEFORE, NULL, 16 * FAX_SECOND}};
  struct found f = find((struct store_query){
      .table = STORE_JOBS, .conditions = conditions, .condition_count = 3});
  assert_int_equal(f.count, 3);
  for (DWORD i = 0; i < 3; i++) assert_int_equal(f.ids[i], 10 + 2 * i);
  const struct store_condition one = {"id", STORE_IS, NULL, 7};
  f = find((struct store_query){
      .table = STORE_JOBS, .conditions = &one, .condition_count = 1});
  assert_int_equal(f.count, 1);
  assert_int_equal(f.ids[0], 7);
  assert_int_equal(f.last.retry_delay, 60);
}

static void test_order(void **unused) {
  (void)unused;
  put_jobs();
  struct found f = find(
      (struct store_query){.table = STORE_JOBS, .order = "gone", .limit = 4});
  const DWORD first[] = {38, 39, 36, 37}; /* equal ones by key */
  assert_int_equal(f.count, 4);
  assert_memory_equal(f.ids, first, sizeof first);
  f = find((struct store_query){
      .table = STORE_JOBS, .order = "gone", .descending = true});
  assert_int_equal(f.count, JOBS - 1); /* one is not over */
  assert_int_equal(f.ids[0], 1);
  assert_int_equal(f.ids[1], 3);
  assert_int_equal(f.ids[2], 2);
}

/* A page begins behind the last row of the one before, in either direction;
   every row comes once, also where a page ends between equal ones. */
static void in_pages(const char *order, bool descending, size_t all) {
  struct found f = {.count = 0}, whole;
  struct store_query q = {
      .table = STORE_JOBS, .order = order, .descending = descending};
  whole = find(q);
  q.limit = 3;
  for (size_t before = 1; before != f.count;) {
    before = f.count;
    struct store_job last = f.last;
    if (before != 0) q.behind = &last;
    assert_int_equal(store_find(store, &q, note, &f), ERROR_SUCCESS);
    assert_true(f.count - before <= 3);
  }
  assert_int_equal(f.count, all);
  assert_memory_equal(f.ids, whole.ids, all * sizeof *f.ids);
}

static void test_pages(void **unused) {
  (void)unused;
  put_jobs();
  in_pages(NULL, false, JOBS);
  in_pages(NULL, true, JOBS);
  in_pages("gone", false, JOBS - 1);
  in_pages("gone", true, JOBS - 1);
}

/* The row that ended a page may be gone meanwhile. */
static void test_gone_between_pages(void **unused) {
  (void)unused;
  put_jobs();
  struct store_job last = {.id = 5};
  struct store_changes *c = changes();
  assert_int_equal(store_remove(c, STORE_JOBS, &last), ERROR_SUCCESS);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  struct found f = find(
      (struct store_query){.table = STORE_JOBS, .behind = &last, .limit = 2});
  assert_int_equal(f.ids[0], 6);
  assert_int_equal(f.ids[1], 7);
}

static DWORD find_all(const struct store_query *q) {
  struct found f = {.count = 0};
  return store_find(store, q, note, &f);
}

static void test_no_such_member(void **unused) {
  (void)unused;
  const struct store_condition odd = {"1; DROP TABLE jobs", STORE_IS, NULL, 1};
  assert_int_equal(
      find_all(&(struct store_query){
          .table = STORE_JOBS, .conditions = &odd, .condition_count = 1}),
      ERROR_INTERNAL_ERROR);
  assert_int_equal(
      find_all(&(struct store_query){.table = STORE_JOBS, .order = "no such"}),
      ERROR_INTERNAL_ERROR);
}

/* ---- the index is used ---- */

/* What the plan of the query says. */
static void plan(const char *sql, char *text, size_t size) {
  sqlite3_stmt *statement;
  *text = '\0';
  assert_int_equal(sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL),
                   SQLITE_OK);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const char *line = (const char *)sqlite3_column_text(statement, 3);
    size_t length = strlen(text);
    snprintf(text + length, size - length, "%s;", line);
  }
  sqlite3_finalize(statement);
}

/* The shape of the text that a page in the order of an index becomes. */
static void test_uses_the_index(void **unused) {
  (void)unused;
  char text[512];
  plan(
      "EXPLAIN QUERY PLAN SELECT * FROM jobs WHERE 1 AND gone IS NOT NULL "
      "AND (gone, id) > (?, ?) ORDER BY gone, id LIMIT ?",
      text, sizeof text);
  assert_non_null(strstr(text, "USING INDEX jobs_gone"));
  assert_null(strstr(text, "TEMP B-TREE"));
  plan(
      "EXPLAIN QUERY PLAN SELECT * FROM records WHERE 1 AND ended >= ? AND "
      "ended IS NOT NULL AND (ended, job_id, attempt) > (?, ?, ?) "
      "ORDER BY ended, job_id, attempt LIMIT ?",
      text, sizeof text);
  assert_non_null(strstr(text, "SEARCH records USING INDEX records_ended"));
  assert_null(strstr(text, "TEMP B-TREE"));
  plan(
      "EXPLAIN QUERY PLAN SELECT * FROM records WHERE 1 AND number = ? AND "
      "ended IS NOT NULL ORDER BY ended, job_id, attempt LIMIT ?",
      text, sizeof text);
  assert_non_null(strstr(text, "USING INDEX records_number"));
  plan(
      "EXPLAIN QUERY PLAN DELETE FROM records WHERE (job_id, attempt) IN "
      "(SELECT job_id, attempt FROM records WHERE ended < ?"
      " ORDER BY ended LIMIT 2000)",
      text, sizeof text);
  assert_null(strstr(text, "SCAN records"));
  plan(
      "EXPLAIN QUERY PLAN SELECT * FROM records WHERE 1 AND id IS NOT NULL "
      "AND (id, job_id, attempt) > (?, ?, ?) ORDER BY id, job_id, attempt "
      "LIMIT ?",
      text, sizeof text);
  assert_non_null(strstr(text, "SEARCH records USING INTEGER PRIMARY KEY"));
  assert_null(strstr(text, "TEMP B-TREE"));
  plan(
      "EXPLAIN QUERY PLAN SELECT * FROM records WHERE 1 AND user = ? AND "
      "direction = ? AND id IS NOT NULL AND (id, job_id, attempt) < (?, ?, ?) "
      "ORDER BY id DESC, job_id DESC, attempt DESC LIMIT ?",
      text, sizeof text);
  assert_non_null(strstr(text, "USING INDEX records_user"));
  assert_null(strstr(text, "TEMP B-TREE"));
}

/* One of them leaves the fewest rows: the others must not take its place. */
static void test_uses_the_better_index(void **unused) {
  static const char *const pages[][2] = {
      {"folder = ?", "archive_folder"},
      {"job_id = ? AND +called = ? AND +folder = ?", "archive_job"},
      {"user = ? AND +folder = ?", "archive_user"},
      {"called = ? AND +user = ? AND +folder = ?", "archive_called"},
      {"called = ? AND +folder = ?", "archive_called"},
      {"+folder = ? AND time >= ?", NULL},
  };
  char sql[256], text[512];
  (void)unused;
  for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
    snprintf(sql, sizeof sql,
             "EXPLAIN QUERY PLAN SELECT * FROM archive WHERE 1 AND state < ? "
             "AND %s AND (id) < (?) ORDER BY id DESC LIMIT ?",
             pages[i][0]);
    plan(sql, text, sizeof text);
    assert_null(strstr(text, "TEMP B-TREE"));
    assert_non_null(
        strstr(text, pages[i][1] != NULL ? pages[i][1] : "PRIMARY KEY"));
  }
}

/* ---- records ---- */

static bool note_record(void *arg, const void *row) {
  struct found *f = arg;
  const struct fax_attempt_record *r = row;
  assert_int_equal(r->duration, 1500);
  assert_int_equal(r->rate, FAX_UNKNOWN);
  f->ids[f->count++] = r->id;
  return true;
}

/* A record that is written anew is one still, and behind all others: whoever
   reads on finds it. */
static void test_record_written_anew(void **unused) {
  (void)unused;
  struct found f = {.count = 0};
  struct store_changes *c = changes();
  put_record(c, 1, 1);
  put_record(c, 2, 1);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  c = changes();
  put_record(c, 1, 1);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  struct store_query q = {.table = STORE_RECORDS, .order = "id"};
  assert_int_equal(store_find(store, &q, note_record, &f), ERROR_SUCCESS);
  assert_int_equal(f.count, 2);
  assert_int_equal(f.ids[0], 2);
  assert_true(f.ids[1] > 2);
  c = changes(); /* and no id comes twice */
  assert_int_equal(
      store_expire(c, STORE_RECORDS, time_to_filetime(INT64_MAX / 2)),
      ERROR_SUCCESS);
  put_record(c, 3, 1);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  assert_int_equal(store_find(store, &q, note_record, &f), ERROR_SUCCESS);
  assert_int_equal(f.count, 3);
  assert_true(f.ids[2] > f.ids[1]);
}

/* ---- beside the writer ---- */

static bool commit_meanwhile(void *arg, const void *row) {
  struct store_changes *c = changes();
  put_job(c, 1000);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  return note(arg, row) && false;
}

/* A change is written while somebody reads. */
static void test_reader_holds_up_nobody(void **unused) {
  (void)unused;
  put_jobs();
  struct found f = {.count = 0};
  struct store_query q = {.table = STORE_JOBS};
  assert_int_equal(store_find(store, &q, commit_meanwhile, &f), ERROR_SUCCESS);
  assert_int_equal(f.count, 1);
  q.descending = true;
  q.limit = 1;
  assert_int_equal(find(q).ids[0], 1000);
}

/* What is there is the old, in the order of the keys. */
static void see_old_ones(void) {
  struct found f = {.count = 0};
  DWORD last = 0;
  assert_int_equal(find((struct store_query){.table = STORE_JOBS}).count, JOBS);
  assert_int_equal(store_each(store, STORE_JOBS, note, &f), ERROR_SUCCESS);
  assert_int_equal(f.count, JOBS);
  assert_int_equal(store_last(store, STORE_JOBS, &last), ERROR_SUCCESS);
  assert_int_equal(last, JOBS);
}

/* Rows are read while the writer stands in its write; they are the old ones. */
static void test_writer_holds_up_nobody(void **unused) {
  (void)unused;
  put_jobs();
  struct told t;
  told_init(&t);
  struct store_changes *c = changes();
  put_job(c, 1000);
  find((struct store_query){.table = STORE_JOBS}); /* opens the log */
  size_t arrived = atomic_load(&vfs.arrived);
  sem_init(&vfs.gate, 0, 0);
  atomic_store(&vfs.held, true);
  store_commit(store, c, STORE_TRY, tell, &t);
  while (atomic_load(&vfs.arrived) == arrived) sched_yield();
  see_old_ones();
  sem_post(&vfs.gate);
  assert_int_equal(told_wait(&t, 1), ERROR_SUCCESS);
}

static void test_after_the_close(void **unused) {
  (void)unused;
  struct store_query q = {.table = STORE_JOBS};
  store_close(store, FAX_FOREVER);
  assert_int_equal(find_all(&q), ERROR_SHUTDOWN_IN_PROGRESS);
  store = mem_unref(store);
  open_store();
  assert_int_equal(find_all(&q), ERROR_SUCCESS);
}

/* ---- no memory ---- */

static DWORD find_sweep(void *unused) {
  (void)unused;
  const struct store_condition c = {"user", STORE_IS, "even", 0};
  struct store_job behind = job(2, NULL);
  behind.gone = time_to_filetime(1);
  return find_all(&(struct store_query){.table = STORE_JOBS,
                                        .conditions = &c,
                                        .condition_count = 1,
                                        .order = "gone",
                                        .behind = &behind,
                                        .limit = 5});
}

static void test_no_memory(void **unused) {
  (void)unused;
  put_jobs();
  sweep(find_sweep);
}

int main(void) {
  test_start();
  vfs_install();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(test_conditions),
      TEST(test_order),
      TEST(test_pages),
      TEST(test_gone_between_pages),
      TEST(test_no_such_member),
      TEST(test_uses_the_index),
      TEST(test_uses_the_better_index),
      TEST(test_record_written_anew),
      TEST(test_reader_holds_up_nobody),
      TEST(test_writer_holds_up_nobody),
      TEST(test_after_the_close),
      TEST(test_no_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
