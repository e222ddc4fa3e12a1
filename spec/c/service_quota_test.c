/* SPDX-License-Identifier: MIT
   How much a user may have in the queue, where who submits for him says so. */
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

static void start_paused(void) {
  start();
  if (access(file, F_OK) != 0) stage_document(&st, 1);
  config_pause(&st, TRUE);
}

static struct fax_submission submission(DWORD limit, DWORDLONG bytes) {
  params = (FAX_JOB_PARAM){.SizeOfStruct = sizeof params,
                           .RecipientNumber = FSP_COMPLETES};
  struct fax_submission sub = stage_of_file(&file, &params);
  sub.queue_limit = limit;
  sub.queue_bytes = bytes;
  return sub;
}

static DWORD sent(DWORD limit, DWORDLONG bytes) {
  struct fax_submission sub = submission(limit, bytes);
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

static void full(DWORD limit, DWORDLONG bytes, const char *words) {
  struct fax_submission sub = submission(limit, bytes);
  refused(&sub, ERROR_NOT_ENOUGH_QUOTA, words);
}

static DWORDLONG bytes_of(DWORD job) {
  FAX_JOB_ENTRY *entry;
  assert_true(FaxGetJob(st.server, job, &entry));
  DWORDLONG bytes = entry->Size;
  FaxFreeBuffer(entry);
  return bytes;
}

static void so_many_faxes_and_no_more(void **unused) {
  (void)unused;
  start_paused();
  DWORD first = sent(2, 0);
  sent(2, 0);
  full(2, 0, "has 2 faxes in the queue: 2 are allowed");
  full(1, 0, "1 are allowed");
  sent(0, 0);
  sent(4, 0);
  assert_true(FaxAbort(st.server, first));
  sent(4, 0);
  full(4, 0, "has 4 faxes");
  stop();
}

static void so_many_bytes_and_no_more(void **unused) {
  (void)unused;
  start_paused();
  DWORD first = sent(0, 1000000);
  DWORDLONG one = bytes_of(first);
  full(0, 2 * one - 1, "are allowed");
  sent(0, 2 * one);
  full(0, 2 * one, "are allowed");
  assert_true(FaxAbort(st.server, first));
  sent(0, 2 * one);
  stop();
}

static void no_pages_are_made_in_vain(void **unused) {
  char nonsense[128];
  (void)unused;
  start_paused();
  sent(2, 0);
  struct fax_submission sub = submission(2, 0);
  snprintf(nonsense, sizeof nonsense, "%s/nonsense.tif", st.directory);
  FILE *out = fopen(nonsense, "w");
  assert_non_null(out);
  fputs("II*", out);
  assert_int_equal(fclose(out), 0);
  const char *files[] = {nonsense};
  sub.files = files;
  refused(&sub, ERROR_INVALID_DATA, "");
  sub.queue_limit = 1;
  refused(&sub, ERROR_NOT_ENOUGH_QUOTA, "1 are allowed");
  stop();
}

/* A caller that asks once more learns of the job that he has. */
static void what_its_key_finds_is_no_more(void **unused) {
  (void)unused;
  start_paused();
  struct fax_submission sub = submission(1, 0);
  sub.key = "offer";
  DWORD job = stage_submit(&st, &sub);
  assert_int_equal(stage_submit(&st, &sub), job);
  sub.key = "another";
  refused(&sub, ERROR_NOT_ENOUGH_QUOTA, "1 are allowed");
  assert_true(FaxAbort(st.server, job));
  assert_int_not_equal(stage_submit(&st, &sub),
                       job); /* the key was left free */
  stop();
}

static void the_next_run_counts_what_there_is(void **unused) {
  (void)unused;
  start_paused();
  DWORD first = sent(2, 0);
  sent(2, 0);
  stop();
  start_paused();
  full(2, 0, "has 2 faxes");
  assert_true(FaxAbort(st.server, first));
  DWORD last = sent(2, 0);
  full(0, 2 * bytes_of(last), "are allowed");
  stop();
}

static void what_was_sent_counts_no_more(void **unused) {
  (void)unused;
  start_paused();
  DWORD job = sent(1, 0);
  config_pause(&st, FALSE);
  stage_skip(&st, FEI_DELETED, job);
  config_pause(&st, TRUE);
  sent(1, 0);
  stop();
}

static void what_could_not_be_stored_does_not_count(void **unused) {
  (void)unused;
  start_paused();
  struct fax_submission sub = submission(1, 0);
  vfs_refuse(SQLITE_FULL);
  refused(&sub, ERROR_DISK_FULL, "cannot be stored");
  vfs_refuse(0);
  stage_submit(&st, &sub);
  refused(&sub, ERROR_NOT_ENOUGH_QUOTA, "has 1 faxes");
  stop();
}

/* Those of one commit count before it. */
static void many_at_once_are_counted_one_by_one(void **unused) {
  enum { MANY = 5 };
  struct fax_submission subs[MANY];
  DWORD ids[MANY];
  (void)unused;
  start_paused();
  for (int i = 0; i < MANY; i++) subs[i] = submission(3, 0);
  assert_fails(FaxSubmitAll(st.server, subs, MANY, ids),
               ERROR_NOT_ENOUGH_QUOTA);
  for (int i = 0; i < MANY; i++) assert_int_equal(ids[i] != 0, i < 3);
  stop();
}

static void each_user_has_his_own(void **unused) {
  HANDLE other;
  DWORD id;
  (void)unused;
  start_paused();
  sent(1, 0);
  struct fax_connect as = {
      .size = sizeof as, .user = "somebody", .rights = FAX_JOB_SUBMIT};
  assert_true(FaxConnect(&as, &other));
  struct fax_submission sub = submission(1, 0);
  assert_true(FaxSubmit(other, &sub, &id));
  assert_fails(FaxSubmit(other, &sub, &id), ERROR_NOT_ENOUGH_QUOTA);
  assert_true(FaxClose(other));
  stop();
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      TEST(so_many_faxes_and_no_more),
      TEST(so_many_bytes_and_no_more),
      TEST(no_pages_are_made_in_vain),
      TEST(what_its_key_finds_is_no_more),
      TEST(the_next_run_counts_what_there_is),
      TEST(what_was_sent_counts_no_more),
      TEST(what_could_not_be_stored_does_not_count),
      TEST(many_at_once_are_counted_one_by_one),
      TEST(each_user_has_his_own),
  };
  test_start();
  vfs_install();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
