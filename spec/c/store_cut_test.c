/* SPDX-License-Identifier: MIT
   The power goes: at any operation of the store, with what was not synced in
   part and out of order. What was told to be safe is there after it. */
#include "store_stage.h"

enum { CUT_LISTS = 12 };

static size_t safe_at[CUT_LISTS + 1]; /* operations when a list was safe */

/* Each list: a job with an attempt; each third one also takes an older job
   away. */
static void record_lists(bool forget_sync) {
  close_store();
  folder_remove(folder);
  assert_int_equal(mkdir(folder, 0700), 0);
  vfs_record();
  vfs.forget_sync = forget_sync;
  open_store();
  safe_at[0] = vfs.count;
  for (DWORD id = 1; id <= CUT_LISTS; id++) {
    struct store_changes *c = changes();
    struct store_job older = {.id = id - 2};
    put_job(c, id);
    put_attempt(c, id, 1);
    if (id % 3 == 0)
      assert_int_equal(store_remove(c, STORE_JOBS, &older), ERROR_SUCCESS);
    assert_int_equal(commit(c), ERROR_SUCCESS);
    safe_at[id] = vfs.count;
  }
  vfs.recording = false;
}

struct seen {
  bool jobs[CUT_LISTS + 1], attempts[CUT_LISTS + 1];
};

static bool see_job(void *arg, const void *row) {
  const struct store_job *j = row;
  assert_in_range(j->id, 1, CUT_LISTS);
  ((struct seen *)arg)->jobs[j->id] = true;
  return true;
}

static bool see_attempt(void *arg, const void *row) {
  const struct store_attempt *a = row;
  assert_in_range(a->job_id, 1, CUT_LISTS);
  ((struct seen *)arg)->attempts[a->job_id] = true;
  return true;
}

/* What a list did is there as a whole. False: something is not as it may be. */
static bool holds(const struct seen *seen, DWORD last) {
  for (DWORD id = 1; id <= CUT_LISTS; id++) {
    bool taken = (id + 2) % 3 == 0 && id + 2 <= last;
    if (seen->jobs[id] != seen->attempts[id]) return false;
    if (seen->jobs[id] != (id <= last && !taken)) return false;
  }
  return true;
}

/* The store of the disk as the cut left it has the lists that were safe, and
   perhaps the one that was under way. */
static bool survives(size_t cut, unsigned seed) {
  char disk[FOLDER_SIZE];
  struct store *s;
  struct seen seen = {{false}, {false}};
  DWORD safe = 0;
  assert_true(folder_make(disk));
  vfs_after_cut(cut, seed, disk);
  bool ok = store_open(disk, &s) == ERROR_SUCCESS;
  if (ok) {
    ok = store_each(s, STORE_JOBS, see_job, &seen) == ERROR_SUCCESS &&
         store_each(s, STORE_ATTEMPTS, see_attempt, &seen) == ERROR_SUCCESS;
    store_close(s, FAX_FOREVER);
    mem_unref(s);
  }
  folder_remove(disk);
  while (safe < CUT_LISTS && safe_at[safe + 1] <= cut) safe++;
  return ok &&
         (holds(&seen, safe) || (safe < CUT_LISTS && holds(&seen, safe + 1)));
}

static int lost(void) {
  int count = 0;
  for (size_t cut = safe_at[0]; cut <= vfs.count; cut++)
    for (unsigned seed = 1; seed <= 3; seed++)
      if (!survives(cut, seed * 7919 + (unsigned)cut)) count++;
  return count;
}

static void test_power_cuts(void **unused) {
  (void)unused;
  record_lists(false);
  assert_int_equal(lost(), 0);
}

/* The test sees a sync that is missing. */
static void test_missing_sync(void **unused) {
  (void)unused;
  record_lists(true);
  assert_true(lost() > 0);
}

int main(void) {
  test_start();
  vfs_install();
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_power_cuts, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_missing_sync, set_up, tear_down)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
