/* SPDX-License-Identifier: MIT
   The rows of the archive: those that are not finished are found by
   themselves, ids are not used again, and who waits for what was committed sees
   it. */
#include "store_stage.h"

struct got {
  char ids[64];
};

static bool note(void *arg, const void *row) {
  struct got *g = arg;
  const struct store_archived *r = row;
  char id[16];
  snprintf(id, sizeof id, "%u ", r->fax.id);
  strncat(g->ids, id, sizeof g->ids - strlen(g->ids) - 1);
  return true;
}

static const char *find(struct store_query q) {
  static struct got got;
  memset(&got, 0, sizeof got);
  q.table = STORE_ARCHIVE;
  assert_int_equal(store_find(store, &q, note, &got), ERROR_SUCCESS);
  return got.ids;
}

static void put(struct store_changes *c, DWORD id, int64_t second,
                DWORD state) {
  struct store_archived row = archived(id, second, 10);
  row.own.state = state;
  if (state >= STORE_WANTED) row.own.pending = state;
  assert_int_equal(store_put(c, STORE_ARCHIVE, &row), ERROR_SUCCESS);
}

/* 3 came by a clock that was set back. */
static void put_six(void) {
  struct store_changes *c = changes();
  put(c, 1, 1000, STORE_KEPT);
  put(c, 2, 2000, STORE_KEPT);
  put(c, 3, 500, STORE_HELD);
  put(c, 4, 3000, STORE_LEAVING);
  put(c, 5, 4000, STORE_WANTED);
  put(c, 6, 5000, STORE_KEPT);
  store_commit(store, c, STORE_INSIST, NULL, NULL);
}

static void test_questions(void **unused) {
  const struct store_condition listed = {"state", STORE_BEFORE, NULL,
                                         STORE_WANTED};
  const struct store_condition called = {"called", STORE_IS, "100", 0};
  (void)unused;
  put_six();
  store_catch_up(store);
  assert_string_equal(find((struct store_query){.order = "pending"}), "5 4 ");
  assert_string_equal(
      find((struct store_query){.conditions = &listed, .condition_count = 1}),
      "1 2 3 6 ");
  assert_string_equal(
      find((struct store_query){
          .conditions = &listed, .condition_count = 1, .order = "time"}),
      "3 1 2 6 ");
  assert_string_equal(
      find((struct store_query){.conditions = &called, .condition_count = 1}),
      "1 2 3 4 5 6 ");
}

static void test_last(void **unused) {
  struct store_archived gone = archived(6, 0, 0);
  struct store_changes *c = changes();
  DWORD last = 1;
  (void)unused;
  assert_int_equal(store_last(store, STORE_ARCHIVE, &last), ERROR_SUCCESS);
  assert_int_equal(last, 0);
  put_six();
  assert_int_equal(store_remove(c, STORE_ARCHIVE, &gone), ERROR_SUCCESS);
  assert_int_equal(commit(c), ERROR_SUCCESS);
  close_store();
  open_store();
  assert_int_equal(store_last(store, STORE_ARCHIVE, &last), ERROR_SUCCESS);
  assert_int_equal(last, 6);
}

/* Nobody waits for what will never be written. */
static void test_waits_for_no_end(void **unused) {
  struct store_changes *c = changes();
  (void)unused;
  store_close(store, FAX_FOREVER);
  assert_int_equal(store_commit_wait(store, c), ERROR_SHUTDOWN_IN_PROGRESS);
  store = mem_unref(store);
}

static DWORD wait_for_one(void *unused) {
  struct store_changes *c;
  (void)unused;
  DWORD error = store_changes_new(&c);
  return error == ERROR_SUCCESS ? store_commit_wait(store, c) : error;
}

static void test_no_memory(void **unused) {
  (void)unused;
  sweep(wait_for_one);
}

int main(void) {
  test_start();
  vfs_install();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(test_questions), TEST(test_last), TEST(test_waits_for_no_end),
      TEST(test_no_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
