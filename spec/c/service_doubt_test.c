/* SPDX-License-Identifier: MIT
   What a crash, or the loss of a provider, leaves in doubt: one page of a call
   at most, and it is known which; the job goes on with it, or is held. */
#include <fax/fax_policy.h>

#include "service_runs.h"
#include "store_vfs.h"

static int set_up(void **unused) {
  (void)unused;
  runs_begin(3);
  return 0;
}

static DWORD send_with(const char *number, DWORD on_doubt) {
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = number};
  const char *file = st.document;
  struct fax_submission sub = stage_of_file(&file, &params);
  sub.on_doubt = on_doubt;
  DWORD job = stage_submit(&st, &sub);
  return job;
}

static void wait_until_held(void) {
  for (bool there = false; !there;) {
    struct fax_event *e = stage_event(&st);
    there = e->event_id == FEI_SENDING && e->page == FSP_HELD_PAGE;
    FaxLocalFree(e);
  }
}

/* A process of its own is killed when its call waits (FSP_ON_LET) and the store
   has heard of all; then the queue is here, and is paused until the caller has
   looked. Gives the job. */
static DWORD crash(const char *number, DWORD on_doubt) {
  if (runs_apart()) {
    start();
    stage_document(&st, 3);
    if (send_with(number, on_doubt) != 1) _exit(1);
    wait_until_held();
    config_pause(&st, TRUE);
    stage_stored();
    kill(getpid(), SIGKILL);
  }
  start();
  return 1;
}

static void is_in_doubt(DWORD job, DWORD page, const char *evidence) {
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->attempt_count, 1);
  assert_string_equal(r->attempts[0].cause, "service_stopped");
  assert_int_equal(r->attempts[0].doubt, page);
  if (strcmp(r->attempts[0].evidence, evidence) != 0)
    fail_msg("%s", r->attempts[0].evidence);
  FaxFreeBuffer(r);
}

/* FSP-14: it goes on with that page. */
static void goes_on(DWORD job, DWORD page) {
  config_pause(&st, FALSE);
  wait_until_held();
  assert_int_equal(atomic_load(&fsp.first_page), page);
  assert_int_equal(stage_queue_status(&st, job), JS_INPROGRESS);
  stop();
}

/* ---- a crash ---- */

/* Before the confirmation is known. */
static void a_page_is_in_doubt(void **unused) {
  (void)unused;
  DWORD job = crash(
      FSP_MAY_NOTE FSP_NOTES FSP_CONFIRMS FSP_NOTES FSP_ON_LET FSP_COMPLETES,
      FAX_DOUBT_DEFAULT);
  is_in_doubt(job, 2,
              "the service ended during the call: page 2 may have arrived "
              "twice");
  goes_on(job, 2);
}

/* After it, and before the next one is noted. */
static void a_confirmed_page_is_not(void **unused) {
  (void)unused;
  DWORD job =
      crash(FSP_MAY_NOTE FSP_NOTES FSP_CONFIRMS FSP_ON_LET FSP_COMPLETES,
            FAX_DOUBT_HOLD);
  is_in_doubt(job, 0, "the service ended during the call");
  assert_int_equal(stage_queue_status(&st, job), JS_PENDING);
  goes_on(job, 2);
}

static void no_page_had_come_to_its_end(void **unused) {
  (void)unused;
  DWORD job = crash(FSP_MAY_NOTE FSP_ON_LET FSP_COMPLETES, FAX_DOUBT_HOLD);
  is_in_doubt(job, 0, "the service ended during the call");
  goes_on(job, 1);
}

static void who_never_asks_leaves_all_in_doubt(void **unused) {
  (void)unused;
  DWORD job = crash(FSP_CONFIRMS FSP_ON_LET FSP_COMPLETES, FAX_DOUBT_DEFAULT);
  is_in_doubt(job, FAX_UNKNOWN,
              "the service ended during the call: its provider does not say "
              "which page it was finishing, so pages may arrive twice");
  goes_on(job, 2);
}

/* ---- several calls ---- */

/* Killed in its second call, when every page has been counted once: the first
   call and the second together say as many as there are. */
static struct fax_job_result *crash_again(const char *number) {
  config.retries = 2;
  DWORD job = crash(number, FAX_DOUBT_DEFAULT);
  atomic_store(&fsp.busy, 1); /* the other process had that call */
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->attempt_count, 2);
  assert_int_equal(r->attempts[0].status, FS_BUSY);
  assert_int_equal(r->attempts[0].pages_confirmed, 1);
  assert_int_equal(r->attempts[1].pages_confirmed, 2);
  assert_string_equal(r->attempts[1].cause, "service_stopped");
  return r;
}

/* FSP-14: who counts, and says of no page which it is, may have begun anew. */
static void a_sum_is_no_delivery_after_a_crash(void **unused) {
  (void)unused;
  struct fax_job_result *r = crash_again(
      FSP_CONFIRMS FSP_BUSY_FIRST FSP_CONFIRMS FSP_ON_LET FSP_COMPLETES);
  assert_int_equal(r->outcome, FAX_OUTCOME_PENDING);
  assert_int_equal(r->attempts[1].doubt, FAX_UNKNOWN);
  assert_int_equal(r->attempts[1].first_page, FAX_UNKNOWN);
  FaxFreeBuffer(r);
  goes_on(1, 3);
}

static void nor_of_who_begins_anew(void **unused) {
  (void)unused;
  struct fax_job_result *r =
      crash_again(FSP_ANEW FSP_NOTES FSP_CONFIRMS FSP_BUSY_FIRST FSP_NOTES
                      FSP_CONFIRMS FSP_ON_LET FSP_COMPLETES);
  assert_int_equal(r->outcome, FAX_OUTCOME_PENDING);
  assert_int_equal(r->attempts[1].doubt, 0);
  assert_int_equal(r->attempts[1].first_page, 1);
  FaxFreeBuffer(r);
  goes_on(1, 3);
}

static void who_notes_where_it_began_has_delivered(void **unused) {
  (void)unused;
  struct fax_job_result *r =
      crash_again(FSP_NOTES FSP_CONFIRMS FSP_BUSY_FIRST FSP_NOTES FSP_CONFIRMS
                      FSP_ON_LET FSP_COMPLETES);
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(r->pages_confirmed, 3);
  assert_int_equal(r->attempts[0].first_page, 1);
  assert_int_equal(r->attempts[1].doubt, 0);
  assert_int_equal(r->attempts[1].first_page, 2);
  FaxFreeBuffer(r);
  stop();
}

/* As the end of a call in a service that lives. */
static void and_so_it_is_without_a_crash(void **unused) {
  static const struct {
    const char *number;
    DWORD outcome, first;
  } calls[] = {{FSP_CONFIRMS FSP_BUSY_FIRST FSP_CONFIRMS FSP_BAD_NUMBER,
                FAX_OUTCOME_FAILED, FAX_UNKNOWN},
               {FSP_ANEW FSP_NOTES FSP_CONFIRMS FSP_BUSY_FIRST FSP_NOTES
                    FSP_CONFIRMS FSP_BAD_NUMBER,
                FAX_OUTCOME_FAILED, 1},
               {FSP_NOTES FSP_CONFIRMS FSP_BUSY_FIRST FSP_NOTES FSP_CONFIRMS
                    FSP_BAD_NUMBER,
                FAX_OUTCOME_COMPLETED, 2},
               /* a call is not completed whose pages lack one */
               {FSP_ANEW FSP_NOTES FSP_CONFIRMS FSP_BUSY_FIRST FSP_NOTES
                    FSP_CONFIRMS FSP_COMPLETES,
                FAX_OUTCOME_FAILED, 1}};
  (void)unused;
  config.retries = 1;
  start();
  stage_document(&st, 3);
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    atomic_store(&fsp.busy, 0);
    DWORD job = send_with(calls[i].number, FAX_DOUBT_DEFAULT);
    stage_skip(&st, FEI_BUSY, job);
    stage_skip(&st, FEI_IDLE, 0);
    stage_skip(&st, FEI_IDLE, 0); /* of the second call */
    struct fax_job_result *r = stage_result(&st, job);
    if (r->outcome != calls[i].outcome)
      fail_msg("%zu: outcome %u", i, r->outcome);
    assert_int_equal(r->attempts[1].first_page, calls[i].first);
    if (i == 3)
      assert_string_equal(r->attempts[1].evidence,
                          "the provider called it completed with 2 of 3 pages "
                          "confirmed");
    FaxFreeBuffer(r);
  }
  stop();
}

/* ---- hold ---- */

/* What `faxctl policy explain` shows. */
static void is_explained(DWORD job) {
  struct fax_policy_explanation *e;
  assert_true(FaxExplainPolicy(st.server, job, &e));
  assert_non_null(strstr(e->reason, "page 1 may have arrived; it is held"));
  FaxFreeBuffer(e);
}

static void is_held(DWORD job) {
  assert_int_equal(stage_queue_status(&st, job), JS_PENDING | JS_PAUSED);
  is_in_doubt(job, 1,
              "the service ended during the call: page 1 may have arrived; it "
              "is held until it is resumed");
}

static void a_held_job_waits_for_somebody(void **unused) {
  (void)unused;
  config.on_doubt = FAX_DOUBT_HOLD;
  DWORD job = crash(FSP_NOTES FSP_ON_LET FSP_COMPLETES, FAX_DOUBT_DEFAULT);
  is_held(job);
  stop();
  start();
  is_held(job); /* also in the run after that */
  is_explained(job);
  assert_true(FaxSetJob(st.server, job, JC_RESUME, NULL));
  goes_on(job, 1);
}

static void a_submission_says_so_itself(void **unused) {
  (void)unused;
  DWORD job = crash(FSP_NOTES FSP_ON_LET FSP_COMPLETES, FAX_DOUBT_HOLD);
  is_held(job);
  stop();
}

static void and_against_the_service(void **unused) {
  (void)unused;
  config.on_doubt = FAX_DOUBT_HOLD;
  DWORD job = crash(FSP_NOTES FSP_ON_LET FSP_COMPLETES, FAX_DOUBT_RESEND);
  assert_int_equal(stage_queue_status(&st, job), JS_PENDING);
  goes_on(job, 1);
}

/* Of a page that is not in the document nobody can say anything. */
static void no_page_beyond_the_last(void **unused) {
  (void)unused;
  start();
  stage_document(&st, 1);
  DWORD job =
      send_with(FSP_CONFIRMS FSP_NOTES FSP_COMPLETES, FAX_DOUBT_DEFAULT);
  stage_skip(&st, FEI_COMPLETED, job); /* all its pages were confirmed */
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->attempts[0].status, FS_FATAL_ERROR);
  assert_int_equal(r->attempts[0].doubt, 0);
  FaxFreeBuffer(r);
  stop();
}

static void only_what_there_is(void **unused) {
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = "1"};
  struct fax_submission sub = {.size = sizeof sub,
                               .files = (const char *const[]){st.document},
                               .file_count = 1,
                               .params = &params,
                               .ecm = FAX_UNKNOWN,
                               .on_doubt = FAX_DOUBT_HOLD + 1};
  DWORD job;
  (void)unused;
  config.on_doubt = FAX_DOUBT_HOLD + 1;
  assert_fails(FaxServiceStart(&config), ERROR_INVALID_PARAMETER);
  config.on_doubt = FAX_DOUBT_DEFAULT;
  start();
  stage_document(&st, 1);
  assert_fails(FaxSubmit(st.server, &sub, &job), ERROR_INVALID_PARAMETER);
  stop();
}

/* ---- the loss of a provider ---- */

static struct fax_job_result *lose(DWORD on_doubt) {
  provider = (struct fax_provider_config){.name = "hosted", .isolate = 1};
  config.retries = 2;
  start();
  stage_document(&st, 3);
  DWORD job = send_with("noted1", on_doubt);
  stage_skip(&st, FEI_FATAL_ERROR, job);
  if (on_doubt == FAX_DOUBT_HOLD) {
    assert_int_equal(stage_queue_status(&st, job), JS_RETRYING | JS_PAUSED);
    assert_true(FaxSetJob(st.server, job, JC_RESUME, NULL));
  }
  stage_skip(&st, FEI_DELETED, job);
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  assert_int_equal(r->attempts[0].pages_confirmed, 1);
  assert_int_equal(r->attempts[0].doubt, 2);
  assert_int_equal(r->attempts[r->attempt_count - 1].pages_confirmed, 2);
  assert_int_equal(r->attempts[r->attempt_count - 1].doubt, 0);
  return r;
}

static void a_host_that_dies_leaves_one_in_doubt(void **unused) {
  (void)unused;
  struct fax_job_result *r = lose(FAX_DOUBT_DEFAULT);
  assert_string_equal(
      r->attempts[0].evidence,
      "its host was killed by SIGSEGV: page 2 may have arrived twice");
  FaxFreeBuffer(r);
  stop();
}

static void and_its_job_may_be_held(void **unused) {
  (void)unused;
  struct fax_job_result *r = lose(FAX_DOUBT_HOLD);
  assert_non_null(strstr(r->attempts[0].evidence, "page 2 may have arrived; "));
  FaxFreeBuffer(r);
  stop();
}

/* Lost before it dialled: nothing can have arrived, and nobody need say so. */
static void who_told_of_nothing_has_sent_nothing(void **unused) {
  (void)unused;
  provider = (struct fax_provider_config){.name = "hosted", .isolate = 1};
  config.retries = 0;
  start();
  stage_document(&st, 3);
  DWORD silent = send_with("crash1", FAX_DOUBT_HOLD);
  stage_skip(&st, FEI_FATAL_ERROR, silent);
  assert_int_equal(stage_queue_status(&st, silent), JS_RETRIES_EXCEEDED);
  struct fax_job_result *r = stage_result(&st, silent);
  assert_string_equal(r->attempts[0].cause, "provider_crashed");
  assert_string_equal(r->attempts[0].evidence,
                      "its host was killed by SIGSEGV");
  assert_int_equal(r->attempts[0].doubt, 0);
  FaxFreeBuffer(r);
  DWORD told = send_with("page1", FAX_DOUBT_HOLD); /* of a page, then lost */
  stage_skip(&st, FEI_FATAL_ERROR, told);
  r = stage_result(&st, told);
  assert_string_equal(r->attempts[0].cause, "provider_crashed");
  assert_int_equal(r->attempts[0].doubt, FAX_UNKNOWN);
  assert_non_null(strstr(r->attempts[0].evidence, "it is held"));
  FaxFreeBuffer(r);
  stop();
}

/* ---- both ends of a call ---- */

#define MANY 12

/* Killed when the called line has confirmed two pages. */
static void crash_both(void) {
  if (runs_apart()) {
    start();
    stage_document(&st, MANY);
    send_with("102", FAX_DOUBT_DEFAULT);
    for (bool there = false; !there;) {
      struct fax_event *e = stage_event(&st);
      there = e->event_id == FEI_RECEIVING && e->pages_confirmed == 2;
      FaxLocalFree(e);
    }
    kill(getpid(), SIGKILL);
  }
}

/* Gives the pages of all faxes; the first is the one that was cut short. */
static DWORD received_pages(DWORD sender) {
  struct fax_received *faxes;
  DWORD count, pages = 0;
  assert_true(FaxEnumInbox(st.server, (FILETIME){0, 0}, &faxes, &count));
  assert_true(count > 0);
  assert_true(faxes[0].pages >= 2);
  assert_int_equal(faxes[0].complete, faxes[0].pages == MANY);
  assert_int_equal(faxes[0].device_id, sender + 1);
  assert_true(faxes[0].job_id > 1);
  for (DWORD i = 0; i < count; i++) /* who called is known */
    assert_string_equal(faxes[i].caller_id, "101");
  for (DWORD i = 0; i < count; i++) {
    assert_int_equal(pages_count(faxes[i].path), faxes[i].pages);
    pages += faxes[i].pages;
  }
  FaxFreeBuffer(faxes);
  return pages;
}

/* Calls of which the store still has who is calling. */
static int receptions(void) {
  char path[160];
  sqlite3 *db;
  sqlite3_stmt *rows;
  snprintf(path, sizeof path, "%s/fax.db", st.directory);
  assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
  assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM receptions", -1,
                                      &rows, NULL),
                   SQLITE_OK);
  assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
  int count = sqlite3_column_int(rows, 0);
  sqlite3_finalize(rows);
  sqlite3_close(db);
  return count;
}

/* What was received stays, and is called incomplete; the rest is sent, and one
   page at most a second time. */
static void a_crash_loses_no_page(void **unused) {
  (void)unused;
  static const char *const options[] = {"lines=2", NULL};
  provider =
      (struct fax_provider_config){.name = "loopback", .options = options};
  crash_both();
  assert_int_equal(receptions(), 1);
  start();
  while (stage_outcome(&st, 1) == FAX_OUTCOME_PENDING)
    FaxLocalFree(stage_event(&st));
  struct fax_job_result *r = stage_result(&st, 1);
  assert_int_equal(r->outcome, FAX_OUTCOME_COMPLETED);
  DWORD doubt = r->attempts[0].doubt;
  DWORD device = r->attempts[0].device_id;
  FaxFreeBuffer(r);
  stop(); /* the last of it is in the inbox */
  start();
  DWORD pages = received_pages(device);
  assert_in_range(pages, MANY, doubt == 0 ? MANY : MANY + 1);
  stop();
  assert_int_equal(receptions(), 0);
}

/* ---- a disk that refuses ---- */

/* The end of a page that cannot be noted is not said, and uses up no attempt.
 */
static void a_page_waits_for_the_disk(void **unused) {
  (void)unused;
  static const char *const options[] = {"lines=2", NULL};
  provider =
      (struct fax_provider_config){.name = "loopback", .options = options};
  config.retries = 0;
  start();
  stage_document(&st, 2);
  config_pause(&st, TRUE);
  DWORD job = send_with("102", FAX_DOUBT_DEFAULT);
  config_pause(&st, FALSE);
  vfs_refuse(SQLITE_FULL);
  stage_skip(&st, FEI_FATAL_ERROR, job);
  vfs_refuse(0);
  struct fax_job_result *r = stage_result(&st, job);
  assert_string_equal(r->attempts[0].cause, "not_stored");
  assert_int_equal(r->attempts[0].pages_confirmed, 0);
  assert_int_equal(r->attempts[0].doubt, 0);
  FaxFreeBuffer(r);
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  stop();
}

int main(void) {
  test_start();
  vfs_install();
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
  const struct CMUnitTest tests[] = {
      TEST(a_page_is_in_doubt),
      TEST(a_confirmed_page_is_not),
      TEST(no_page_had_come_to_its_end),
      TEST(who_never_asks_leaves_all_in_doubt),
      TEST(a_sum_is_no_delivery_after_a_crash),
      TEST(nor_of_who_begins_anew),
      TEST(who_notes_where_it_began_has_delivered),
      TEST(and_so_it_is_without_a_crash),
      TEST(a_held_job_waits_for_somebody),
      TEST(a_submission_says_so_itself),
      TEST(and_against_the_service),
      TEST(no_page_beyond_the_last),
      TEST(only_what_there_is),
      TEST(a_host_that_dies_leaves_one_in_doubt),
      TEST(and_its_job_may_be_held),
      TEST(who_told_of_nothing_has_sent_nothing),
      TEST(a_crash_loses_no_page),
      TEST(a_page_waits_for_the_disk)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
