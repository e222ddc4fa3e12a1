/* SPDX-License-Identifier: MIT
   Routing that fails: retries on the virtual clock, stops in the middle, and
   the method "store in a folder" with all that may be wrong there. */
#include <signal.h>
#include <sys/resource.h>

#include "document/document.h"
#include "service_routing.h"

static char trace[512];

/* ---- failures ---- */

static DWORD job_type(DWORD job) {
  FAX_JOB_ENTRY *entry;
  assert_true(FaxGetJob(st.server, job, &entry));
  DWORD type = entry->JobType;
  FaxFreeBuffer(entry);
  return type;
}

/* RT-31, -32; JOB-24, -25, -28 */
static void a_failed_method_runs_again_after_the_delay(void **unused) {
  (void)unused;
  start(try_thrice);
  enable_fakes();
  fakes[A].failures = 2;
  DWORD job = receive(FSP_FIRST, NULL);
  until_changed(job, JS_RETRYING);
  fax_deadline began = last_run;
  assert_string_equal(ran, "aB"); /* the others run all the same */
  assert_int_equal(job_type(job), JT_ROUTING);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  assert_fails(FaxSetJob(st.server, job, JC_PAUSE, NULL),
               ERROR_INVALID_OPERATION);
  stage_trace(&st, job, FEI_FAX_JOB_CHANGED, trace, sizeof trace);
  assert_string_equal(trace, "ROUTING FAX_JOB_CHANGED");
  assert_string_equal(ran, "aBa"); /* and not again */
  assert_int_equal(last_run - began, 600 * FAX_SECOND);
  stage_trace(&st, job, FEI_DELETED, trace, sizeof trace);
  assert_string_equal(trace, "ROUTING DELETED");
  assert_string_equal(ran, "aBaA");
  assert_int_equal(last_run - began, 1200 * FAX_SECOND);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  assert_int_equal(stage_files(&st, "inbox"), 1);
  stage_stop_virtual(&st);
}

/* RT-31: what the port wants at the time of the try */
static void a_retry_goes_by_the_port_of_now(void **unused) {
  (void)unused;
  start(try_thrice);
  enable(fakes[A].what.guid, TRUE);
  fakes[A].failures = 9;
  DWORD job = receive(FSP_FIRST, NULL);
  until_changed(job, JS_RETRYING);
  enable(fakes[A].what.guid, FALSE);
  enable(fakes[B].what.guid, TRUE);
  until_gone(job);
  assert_string_equal(ran, "aB");
  stage_stop_virtual(&st);
}

/* A job whose tries are used up. */
static DWORD exceeded(void) {
  start(try_thrice);
  enable_fakes();
  fakes[A].failures = 3;
  DWORD job = receive(FSP_FIRST, NULL);
  until_changed(job, JS_RETRYING);
  until_changed(job, JS_RETRYING);
  until_changed(job, JS_RETRIES_EXCEEDED);
  assert_string_equal(ran, "aBaa");
  assert_int_equal(stage_queue_status(&st, job), JS_RETRIES_EXCEEDED);
  assert_int_equal(job_type(job), JT_ROUTING);
  return job;
}

/* JOB-25, -34 */
static void after_the_retries_it_rests_and_can_be_deleted(void **unused) {
  (void)unused;
  DWORD job = exceeded();
  assert_fails(FaxSetJob(st.server, job, JC_PAUSE, NULL),
               ERROR_INVALID_OPERATION);
  assert_true(FaxSetJob(st.server, job, JC_DELETE, NULL));
  until_gone(job);
  assert_int_equal(stage_files(&st, "inbox"), 1);
  stage_stop_virtual(&st);
}

/* JOB-54 */
static void a_restart_tries_anew(void **unused) {
  (void)unused;
  DWORD job = exceeded();
  fakes[A].failures = 1;
  assert_true(FaxSetJob(st.server, job, JC_RESTART, NULL));
  until_changed(job, JS_RETRYING); /* restarted */
  stage_skip(&st, FEI_ROUTING, job);
  until_changed(job, JS_RETRYING); /* failed, with retries left */
  until_gone(job);
  assert_string_equal(ran, "aBaaaA");
  stage_stop_virtual(&st);
}

/* JOB-33 */
static void dirty_days_end_its_rest(void **unused) {
  FAX_CONFIGURATION *config;
  (void)unused;
  DWORD job = exceeded();
  assert_true(FaxGetConfiguration(st.server, &config));
  config->DirtyDays = 2;
  assert_true(FaxSetConfiguration(st.server, config));
  FaxFreeBuffer(config);
  until_gone(job);
  assert_int_equal(FaxClockNow() - last_run, INT64_C(172800) * FAX_SECOND);
  stage_stop_virtual(&st);
}

/* JOB-25: retrying to deleting; the fax stays */
static void a_fax_that_waits_can_be_deleted(void **unused) {
  (void)unused;
  start(try_thrice);
  enable_fakes();
  fakes[B].failures = 9;
  DWORD job = receive(FSP_FIRST, NULL);
  until_changed(job, JS_RETRYING);
  assert_true(FaxAbort(st.server, job));
  until_gone(job);
  assert_fails(FaxAbort(st.server, job), ERROR_INVALID_PARAMETER);
  assert_int_equal(stage_files(&st, "inbox"), 1);
  until_gone(receive(FSP_FIRST + 1, NULL)); /* the router goes on */
  assert_string_equal(ran, "Ab");
  stage_stop_virtual(&st);
}

static DWORD the_job;

static void delete_other(const struct fax_received *fax) {
  if (the_job == 0 || fax->job_id == the_job) return;
  assert_true(FaxSetJob(st.server, the_job, JC_RESTART, NULL));
  assert_true(FaxAbort(st.server, the_job));
}

/* The delay is over, the router still busy with another fax. */
static void a_fax_that_waits_for_the_router_can_be_deleted(void **unused) {
  (void)unused;
  the_job = 0;
  the_job = exceeded();
  fakes[A].in_run = delete_other;
  DWORD other = receive(FSP_FIRST, NULL);
  until_gone(the_job);
  until_gone(other);
  assert_string_equal(ran, "aBaaAB");
  stage_stop_virtual(&st);
}

/* ---- stops ---- */

static DWORD received_slowly(double seconds) {
  start(try_thrice);
  enable_fakes();
  fakes[A].seconds = seconds;
  return receive(FSP_FIRST, NULL);
}

/* The last that is heard of the job is that it is completed. */
static void assert_ended(DWORD job) {
  struct fax_event *e = stage_until(&st, FEI_DELETED, job);
  assert_int_equal(e->outcome, FAX_OUTCOME_COMPLETED);
  FaxLocalFree(e);
  assert_int_equal(stage_files(&st, "inbox"), 1);
  stage_end(&st);
  assert_true(FaxClockReal());
}

static void a_stop_waits_for_the_methods(void **unused) {
  (void)unused;
  DWORD job = received_slowly(10);
  stage_stop_within(20);
  assert_string_equal(ran, "AB");
  assert_ended(job);
}

/* A folder that does not answer holds up neither the stop nor the job, which
   was decided; the thread is left behind, and ends when it comes back. */
static void a_stop_whose_time_is_up_begins_no_method(void **unused) {
  (void)unused;
  DWORD job = received_slowly(60);
  fax_deadline now = FaxClockNow();
  assert_fails(FaxServiceStop(clock_after(now, 20), now), ERROR_TIMEOUT);
  assert_non_null(strstr(FaxGetLastErrorMessage(), "a folder"));
  assert_false(FaxServiceRunning());
  assert_string_equal(ran, "");
  FaxClockWait(clock_after(now, 61), NULL);
  while (thread_live() != st.threads + stage_hearers()) sched_yield();
  assert_string_equal(ran, "A");
  assert_ended(job);
}

static void a_stop_ends_what_was_to_be_tried_again(void **unused) {
  (void)unused;
  start(try_thrice);
  enable_fakes();
  fakes[A].failures = 1;
  DWORD job = receive(FSP_FIRST, NULL);
  until_changed(job, JS_RETRYING);
  stage_stop_within(20);
  assert_string_equal(ran, "aB");
  assert_ended(job);
}

static void embedded(struct fax_service_config *config) {
  config->embedded = TRUE;
  config->retries = 1;
  config->retry_delay = 600;
}

/* CONN-12: not while a method runs, but while a retry waits. */
static void an_embedded_service_waits_for_methods_only(void **unused) {
  (void)unused;
  st.here = true;
  start(embedded);
  st.here = false;
  enable_fakes();
  fakes[A].seconds = 3000;
  fakes[B].failures = 9;
  fax_deadline began = FaxClockNow();
  DWORD job = receive(FSP_FIRST, NULL);
  FaxClose(st.server);
  until_changed(job, JS_RETRYING);
  stage_skip(&st, FEI_FAXSVC_ENDED, 0);
  assert_string_equal(ran, "Ab");
  assert_int_equal((FaxClockNow() - began) / FAX_SECOND, 3000);
  assert_int_equal(stage_files(&st, "inbox"), 1);
  stage_stop_within(20);
  assert_true(FaxCloseCompletionPort(st.events));
  stage_clear(&st);
  stage_is_empty(&st);
  assert_true(FaxClockReal());
}

/* ---- the folder ---- */

/* RT-11 */
static void a_fax_is_copied_to_the_folder(void **unused) {
  char path[256];
  (void)unused;
  start(NULL);
  enable_folder("copies");
  until_gone(receive(FSP_FIRST, path));
  assert_int_equal(stage_files(&st, "copies"), 1);
  assert_true(same_content(path, copy_of(path, "copies")));
  until_gone(receive(FSP_FIRST, path));
  assert_int_equal(stage_files(&st, "copies"), 2);
  assert_int_equal(stage_files(&st, "inbox"), 2);
  stage_stop_virtual(&st);
}

/* RT-31, -22 */
static void a_folder_that_went_away_is_tried_again(void **unused) {
  char path[256];
  (void)unused;
  start(try_thrice);
  enable_folder("copies");
  assert_int_equal(rmdir(folder_path("copies")), 0);
  DWORD job = receive(FSP_FIRST, path);
  until_changed(job, JS_RETRYING);
  assert_int_equal(mkdir(folder_path("copies"), 0700), 0);
  until_gone(job);
  assert_true(same_content(path, copy_of(path, "copies")));
  stage_stop_virtual(&st);
}

static struct rlimit before;

static void fill_disk(const struct fax_received *fax) {
  struct rlimit full;
  (void)fax;
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  full = before;
  full.rlim_cur = 64;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
}

static void free_disk(const struct fax_received *fax) {
  (void)fax;
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  assert_int_equal(stage_files(&st, "copies"), 0); /* nothing in part */
}

/* No file can grow: as on a disk that is full. */
static void a_full_disk_leaves_nothing_in_part(void **unused) {
  char path[256];
  (void)unused;
  signal(SIGXFSZ, SIG_IGN);
  start(try_thrice);
  enable_fakes();
  enable_folder("copies");
  assert_true(set_priority(FOLDER, 2));
  fakes[A].in_run = fill_disk;
  fakes[B].in_run = free_disk;
  DWORD job = receive(FSP_FIRST, path);
  until_changed(job, JS_RETRYING);
  until_gone(job);
  assert_string_equal(ran, "AB");
  assert_true(same_content(path, copy_of(path, "copies")));
  stage_stop_virtual(&st);
  signal(SIGXFSZ, SIG_DFL);
}

static void copy_there(const struct fax_received *fax) {
  assert_int_equal(document_copy(fax->path, copy_of(fax->path, "copies")),
                   ERROR_SUCCESS);
}

/* As after a try whose last step failed. */
static void a_copy_that_is_there_is_the_copy(void **unused) {
  char path[256];
  (void)unused;
  start(try_thrice);
  enable_fakes();
  enable_folder("copies");
  assert_true(set_priority(FOLDER, 3));
  fakes[A].in_run = copy_there;
  until_gone(receive(FSP_FIRST, path));
  assert_int_equal(stage_files(&st, "copies"), 1);
  assert_true(same_content(path, copy_of(path, "copies")));
  stage_stop_virtual(&st);
}

static void the_inbox_itself_needs_no_copy(void **unused) {
  char path[256];
  (void)unused;
  start(NULL);
  enable_folder("inbox");
  until_gone(receive(FSP_FIRST, path));
  assert_int_equal(stage_files(&st, "inbox"), 1);
  assert_int_equal(pages_count(path), 2);
  stage_stop_virtual(&st);
}

static void other_there(const struct fax_received *fax) {
  FILE *f = fopen(copy_of(fax->path, "copies"), "w");
  assert_non_null(f);
  fputs("another", f);
  fclose(f);
}

static void another_file_is_not_overwritten(void **unused) {
  char path[256], text[16] = "";
  (void)unused;
  start(try_thrice);
  enable_fakes();
  enable_folder("copies");
  assert_true(set_priority(FOLDER, 3));
  fakes[A].in_run = other_there;
  DWORD job = receive(FSP_FIRST, path);
  until_changed(job, JS_RETRYING);
  FILE *f = fopen(copy_of(path, "copies"), "r");
  assert_non_null(f);
  assert_non_null(fgets(text, sizeof text, f));
  fclose(f);
  assert_string_equal(text, "another");
  assert_int_equal(unlink(copy_of(path, "copies")), 0);
  until_gone(job);
  assert_true(same_content(path, copy_of(path, "copies")));
  stage_stop_virtual(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_failed_method_runs_again_after_the_delay),
      cmocka_unit_test(a_retry_goes_by_the_port_of_now),
      cmocka_unit_test(after_the_retries_it_rests_and_can_be_deleted),
      cmocka_unit_test(a_restart_tries_anew),
      cmocka_unit_test(dirty_days_end_its_rest),
      cmocka_unit_test(a_fax_that_waits_can_be_deleted),
      cmocka_unit_test(a_fax_that_waits_for_the_router_can_be_deleted),
      cmocka_unit_test(a_stop_waits_for_the_methods),
      cmocka_unit_test(a_stop_whose_time_is_up_begins_no_method),
      cmocka_unit_test(a_stop_ends_what_was_to_be_tried_again),
      cmocka_unit_test(an_embedded_service_waits_for_methods_only),
      cmocka_unit_test(a_fax_is_copied_to_the_folder),
      cmocka_unit_test(a_folder_that_went_away_is_tried_again),
      cmocka_unit_test(a_full_disk_leaves_nothing_in_part),
      cmocka_unit_test(a_copy_that_is_there_is_the_copy),
      cmocka_unit_test(the_inbox_itself_needs_no_copy),
      cmocka_unit_test(another_file_is_not_overwritten)};
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
