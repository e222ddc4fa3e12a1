/* SPDX-License-Identifier: MIT
   One record for each attempt: what is in it, who may read it, in pages, how
   long it is kept, and that a crash leaves one too. */
#include <fax/fax_history.h>

#include "service_runs.h"

static int set_up(void **unused) {
  (void)unused;
  runs_begin(3);
  config.retries = 2;
  config.retry_delay = 600;
  return 0;
}

static DWORD sent(const char *number) {
  DWORD job = stage_send(&st, number);
  stage_skip(&st, FEI_DELETED, job);
  return job;
}

/* ---- asking ---- */

struct found {
  struct fax_attempt_record *rows; /* FaxFreeBuffer */
  DWORD count;
};

static const struct fax_record_query all = {.size = sizeof all};

static struct found find_at(HANDLE server, struct fax_record_query q) {
  struct found f;
  if (!FaxEnumRecords(server, &q, &f.rows, &f.count))
    fail_msg("%s", FaxGetLastErrorMessage());
  return f;
}

static struct found find(struct fax_record_query q) {
  return find_at(st.server, q);
}

static DWORD count(struct fax_record_query q) {
  struct found f = find(q);
  FaxFreeBuffer(f.rows);
  return f.count;
}

/* ---- what is in it ---- */

/* The first is refused, the second comes through: what followed each. */
static void two_attempts_are_two_records(void **unused) {
  (void)unused;
  start();
  document(2);
  DWORD job = sent(FSP_BUSY_FIRST FSP_COMPLETES);
  struct fax_job_result *r = stage_result(&st, job);
  struct found f = find(all);
  assert_int_equal(f.count, 2);
  for (DWORD i = 0; i < 2; i++) {
    const struct fax_attempt_record *a = &f.rows[i];
    assert_int_equal(a->size, sizeof *a);
    assert_int_equal(a->job_id, job);
    assert_int_equal(a->attempt, i + 1);
    assert_int_equal(a->direction, FAX_DIRECTION_SENT);
    assert_memory_equal(&a->started, &r->attempts[i].started, 8);
    assert_memory_equal(&a->ended, &r->attempts[i].ended, 8);
    assert_int_equal(a->status, r->attempts[i].status);
    assert_string_equal(a->user, r->user);
    assert_string_equal(a->number, FSP_BUSY_FIRST FSP_COMPLETES);
    assert_string_equal(a->document, "test");
    assert_string_equal(a->provider, "forward");
    assert_true(strlen(a->device) > 0);
    assert_true(a->device_id >= FSP_FIRST);
    assert_int_equal(a->pages, 2);
    assert_int_equal(a->first_page, 1);
    assert_true(a->bytes > 0);
    assert_true(a->duration < 60000);
  }
  assert_int_equal(f.rows[0].status, FS_BUSY);
  assert_int_equal(f.rows[0].outcome, FAX_OUTCOME_PENDING);
  assert_int_equal(f.rows[0].cause_class, FAX_CAUSE_BUSY);
  assert_int_equal(f.rows[1].outcome, FAX_OUTCOME_COMPLETED);
  assert_null(f.rows[1].cause);
  assert_true(f.rows[1].id > f.rows[0].id);
  FaxFreeBuffer(f.rows);
  FaxFreeBuffer(r);
  stop();
}

/* Where it went on, and how long it was on the line, whatever the date does. */
static void a_record_has_its_own_part(void **unused) {
  (void)unused;
  start();
  document(3);
  DWORD job = sent(FSP_SLOWLY FSP_ONE_PAGE);
  struct found f =
      find((struct fax_record_query){.size = sizeof all, .job_id = job});
  assert_int_equal(f.count, 3);
  for (DWORD i = 0; i < 3; i++) {
    assert_int_equal(f.rows[i].first_page, i + 1);
    assert_int_equal(f.rows[i].pages_confirmed, 1);
    assert_int_equal(f.rows[i].duration, 60000);
  }
  assert_int_equal(f.rows[2].outcome, FAX_OUTCOME_COMPLETED);
  FaxFreeBuffer(f.rows);
  stop();
}

static DWORD outcome_of(DWORD job) {
  struct found f = find((struct fax_record_query){
      .size = sizeof all, .job_id = job, .order = FAX_RECORDS_NEWEST});
  assert_true(f.count > 0);
  DWORD outcome = f.rows[0].outcome;
  FaxFreeBuffer(f.rows);
  return outcome;
}

static void each_end_has_its_outcome(void **unused) {
  (void)unused;
  config.retries = 0;
  start();
  document(1);
  DWORD given_up = stage_send(&st, FSP_BUSY);
  stage_skip(&st, FEI_BUSY, given_up);
  assert_int_equal(outcome_of(given_up), FAX_OUTCOME_FAILED);
  DWORD cancelled = stage_send(&st, FSP_WAITS);
  stage_skip(&st, FEI_SENDING, cancelled);
  assert_true(FaxAbort(st.server, cancelled));
  stage_skip(&st, FEI_DELETED, cancelled);
  assert_int_equal(outcome_of(cancelled), FAX_OUTCOME_CANCELLED);
  stop();
}

/* What is left of the call before says that another one would follow. Exactly
   one, also when the service starts again; only who asks is told. */
static void the_end_of_a_job_that_waits_has_one(void **unused) {
  static const struct fax_record_query whole = {
      .size = sizeof whole, .order = FAX_RECORDS_WRITTEN, .uncalled = TRUE};
  (void)unused;
  start();
  document(2);
  DWORD retrying = stage_send(&st, FSP_BUSY);
  stage_skip(&st, FEI_BUSY, retrying);
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = FSP_COMPLETES};
  struct fax_submission sub = stage_of_document(NULL, &params);
  const char *file = st.document;
  DWORD held;
  sub.files = &file;
  sub.file_count = 1;
  sub.hold = TRUE;
  assert_true(FaxSubmit(st.server, &sub, &held));
  assert_true(FaxAbort(st.server, held));
  stage_skip(&st, FEI_DELETED, held);
  assert_true(FaxAbort(st.server, retrying));
  stage_skip(&st, FEI_DELETED, retrying);
  DWORD done = sent(FSP_COMPLETES);
  for (int again = 0; again < 2; again++) {
    struct found f = find(whole);
    assert_int_equal(f.count, 4);
    const DWORD jobs[] = {retrying, held, retrying, done};
    for (DWORD i = 0; i < 4; i++) assert_int_equal(f.rows[i].job_id, jobs[i]);
    const struct fax_attempt_record *r = &f.rows[1];
    assert_int_equal(f.rows[0].outcome, FAX_OUTCOME_PENDING);
    assert_int_equal(r->attempt, 0);
    assert_int_equal(r->status, 0);
    assert_int_equal(r->outcome, FAX_OUTCOME_CANCELLED);
    assert_int_equal(r->pages, 2);
    assert_int_equal(r->device_id, 0);
    assert_null(r->device);
    assert_true(r->ended.dwHighDateTime != 0);
    assert_true(r->started.dwHighDateTime == 0);
    assert_int_equal(f.rows[2].attempt, 0);
    assert_int_equal(f.rows[2].outcome, FAX_OUTCOME_CANCELLED);
    FaxFreeBuffer(f.rows);
    assert_int_equal(count(all), 2);
    stop();
    start();
  }
  stop();
}

/* Lines that stay away are one attempt of the job, and one record, which is
   written anew each time. */
static void a_line_that_stays_away_is_one_record(void **unused) {
  (void)unused;
  start();
  document(1);
  DWORD job = stage_send(&st, FSP_LINE_AWAY), id = 0;
  for (int i = 0; i < 4; i++) {
    FaxClockWait(FaxClockNow() + 40 * FAX_SECOND, NULL);
    struct found f =
        find((struct fax_record_query){.size = sizeof all, .job_id = job});
    assert_in_range(f.count, 1, FSP_LINES); /* one a line */
    const struct fax_attempt_record *last = &f.rows[f.count - 1];
    assert_int_equal(last->status, FS_LINE_UNAVAILABLE);
    assert_int_equal(last->outcome, FAX_OUTCOME_PENDING);
    assert_true(last->id > id);
    id = last->id;
    FaxFreeBuffer(f.rows);
  }
  stop();
}

static void a_reception_has_a_record(void **unused) {
  static const struct {
    enum fsp_reception what;
    DWORD told, outcome, pages;
  } cases[] = {{FSP_WHOLE, FEI_DELETED, FAX_OUTCOME_COMPLETED, 2},
               {FSP_PART, FEI_FAX_RECEIVED, FAX_OUTCOME_INCOMPLETE, 1},
               {FSP_NOTHING, FEI_DELETED, FAX_OUTCOME_FAILED, 0}};
  (void)unused;
  start();
  for (DWORD i = 0; i < sizeof cases / sizeof *cases; i++) {
    fsp.reception = cases[i].what;
    fsp_ring(FSP_FIRST, 9);
    stage_skip(&st, cases[i].told, 0);
    struct found f =
        find((struct fax_record_query){.size = sizeof all,
                                       .direction = FAX_DIRECTION_RECEIVED,
                                       .order = FAX_RECORDS_NEWEST});
    assert_int_equal(f.count, i + 1);
    assert_int_equal(f.rows[0].outcome, cases[i].outcome);
    assert_int_equal(f.rows[0].pages, cases[i].pages);
    assert_int_equal(f.rows[0].device_id, FSP_FIRST);
    assert_int_equal(f.rows[0].decision, FAX_UNKNOWN);
    assert_string_equal(f.rows[0].provider, "forward");
    assert_null(f.rows[0].document);
    FaxFreeBuffer(f.rows);
    FaxClockWait(FaxClockNow() + 60 * FAX_SECOND, NULL);
  }
  stop();
}

/* ---- crashes ---- */

/* What was on a line when the process was killed: a fax going out whose second
   page was confirmed, and one coming in that has a page. */
static void killed(bool receives) {
  start();
  document(3);
  DWORD event_id = receives ? FEI_RECEIVING : FEI_SENDING;
  if (receives) {
    fsp.reception = FSP_HELD;
    fsp_ring(FSP_FIRST, 9);
  } else {
    stage_send(&st, FSP_CONFIRMS FSP_CONFIRMS FSP_ON_LET FSP_COMPLETES);
  }
  for (bool there = false; !there;) {
    struct fax_event *e = stage_event(&st);
    there = e->event_id == event_id &&
            e->pages_confirmed == (receives ? FAX_UNKNOWN : 2);
    FaxLocalFree(e);
  }
  FaxClockWait(FaxClockNow() + FAX_SECOND, NULL); /* what can be done is */
  stage_stored();
  kill(getpid(), SIGKILL);
}

static void crash(bool receives) {
  if (runs_apart()) killed(receives);
  fsp.pages = 3;
  start();
}

static void a_call_that_a_crash_ended_has_one(void **unused) {
  (void)unused;
  crash(false);
  struct found f = find(all);
  assert_int_equal(f.count, 1);
  assert_int_equal(f.rows[0].job_id, 1);
  assert_int_equal(f.rows[0].attempt, 1);
  assert_string_equal(f.rows[0].cause, "service_stopped");
  assert_int_equal(f.rows[0].outcome, FAX_OUTCOME_PENDING);
  assert_int_equal(f.rows[0].first_page, 1);
  assert_int_equal(f.rows[0].pages_confirmed, 2);
  assert_int_equal(f.rows[0].duration, FAX_UNKNOWN);
  assert_string_equal(f.rows[0].provider, "forward");
  FaxFreeBuffer(f.rows);
  stop();
  start(); /* once */
  f = find((struct fax_record_query){.size = sizeof all,
                                     .cause = "service_stopped"});
  assert_int_equal(f.count, 1);
  FaxFreeBuffer(f.rows);
  stop();
}

static void a_reception_that_a_crash_ended_has_one(void **unused) {
  (void)unused;
  crash(true);
  struct found f = find(all);
  assert_int_equal(f.count, 1);
  DWORD job = f.rows[0].job_id;
  assert_int_equal(f.rows[0].direction, FAX_DIRECTION_RECEIVED);
  assert_string_equal(f.rows[0].cause, "service_stopped");
  assert_int_equal(f.rows[0].pages, 1);
  assert_int_equal(f.rows[0].outcome, FAX_OUTCOME_INCOMPLETE);
  assert_int_equal(f.rows[0].device_id, FSP_FIRST);
  assert_string_equal(f.rows[0].provider, "forward");
  FaxFreeBuffer(f.rows);
  document(1);
  assert_true(sent(FSP_COMPLETES) > job); /* its number is taken */
  stop();
  start();
  assert_int_equal(count(all), 2);
  assert_true(sent(FSP_COMPLETES) > job + 1);
  stop();
}

/* ---- finding ---- */

static void send_some(DWORD *jobs, DWORD n) {
  document(1);
  for (DWORD i = 0; i < n; i++) {
    jobs[i] = sent(i % 2 == 0 ? FSP_COMPLETES : FSP_HANDLED);
    FaxClockWait(FaxClockNow() + FAX_SECOND, NULL);
  }
}

static void conditions_are_all_held(void **unused) {
  enum { SENT = 6 };
  (void)unused;
  DWORD jobs[SENT];
  start();
  send_some(jobs, SENT);
  struct fax_record_query q = all;
  assert_int_equal(count(q), SENT);
  q.number = "( 1 )"; /* as FSP_COMPLETES */
  assert_int_equal(count(q), SENT / 2);
  q.job_id = jobs[1];
  assert_int_equal(count(q), 0);
  q.number = NULL;
  struct found f = find(q);
  assert_int_equal(f.count, 1);
  q.job_id = 0;
  q.after = f.rows[0].ended; /* that one too */
  assert_int_equal(count(q), SENT - 1);
  q.before = q.after;
  assert_int_equal(count(q), 0);
  q.after = (FILETIME){0, 0};
  assert_int_equal(count(q), 1);
  q.before = (FILETIME){0, 0};
  q.device_id = f.rows[0].device_id;
  assert_int_equal(count(q), SENT);
  q.device_id = 99;
  assert_int_equal(count(q), 0);
  q.device_id = 0;
  q.cause = "busy";
  assert_int_equal(count(q), 0);
  q.cause = NULL;
  q.user = f.rows[0].user;
  assert_int_equal(count(q), SENT);
  q.user = "another";
  assert_int_equal(count(q), 0);
  FaxFreeBuffer(f.rows);
  stop();
}

static void pages_follow_each_other(void **unused) {
  enum { SENT = 7 };
  (void)unused;
  DWORD jobs[SENT];
  start();
  send_some(jobs, SENT);
  for (DWORD order = FAX_RECORDS_OLDEST; order <= FAX_RECORDS_LATEST; order++) {
    struct fax_record_query q = {.size = sizeof q, .order = order, .limit = 3};
    struct found f = find(q), before;
    for (DWORD seen = 0; seen < SENT; seen++) {
      if (seen > 0 && seen % 3 == 0) {
        before = f;
        assert_int_equal(before.count, 3);
        q.behind = &before.rows[2];
        f = find(q);
        FaxFreeBuffer(before.rows);
      }
      DWORD at = order % 2 == 1 ? SENT - 1 - seen : seen;
      assert_int_equal(f.rows[seen % 3].job_id, jobs[at]);
    }
    q.behind = &f.rows[0];
    assert_int_equal(f.count, 1);
    assert_int_equal(count(q), 0);
    FaxFreeBuffer(f.rows);
  }
  stop();
}

/* SEC-9: who may not see all sees what he sent. */
static void others_are_not_seen(void **unused) {
  (void)unused;
  struct fax_connect narrow = {.size = sizeof narrow,
                               .rights = FAX_JOB_SUBMIT,
                               .user = "nobody in particular"};
  start();
  document(1);
  sent(FSP_COMPLETES);
  fsp.reception = FSP_WHOLE;
  fsp_ring(FSP_FIRST, 9);
  stage_skip(&st, FEI_DELETED, 0);
  struct found f = find(all);
  assert_int_equal(f.count, 2);
  HANDLE stranger, owner, server = st.server;
  assert_true(stage_connect_as(&st, &narrow, &stranger));
  narrow.user = NULL;
  assert_true(stage_connect_as(&st, &narrow, &owner));
  st.server = stranger;
  assert_int_equal(count(all), 0);
  DWORD own = sent(FSP_COMPLETES);
  assert_int_equal(count(all), 1);
  assert_int_equal(outcome_of(own), FAX_OUTCOME_COMPLETED);
  struct fax_record_query q = all;
  q.user = f.rows[0].user;
  assert_int_equal(count(q), 0);
  st.server = owner; /* the account's, which receptions have too */
  assert_int_equal(count(all), 1);
  q = all;
  q.direction = FAX_DIRECTION_RECEIVED;
  assert_int_equal(count(q), 0);
  st.server = server;
  assert_int_equal(count(all), 3);
  FaxFreeBuffer(f.rows);
  FaxClose(stranger);
  FaxClose(owner);
  stop();
}

static void what_is_no_question(void **unused) {
  (void)unused;
  struct fax_attempt_record *rows;
  DWORD n;
  start();
  static const struct fax_record_query bad[] = {
      {.size = 4},
      {.size = sizeof all, .order = 4},
      {.size = sizeof all, .direction = 3},
      {.size = sizeof all, .limit = 10001},
      {.size = sizeof all, .cause = "\xff"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    assert_fails(FaxEnumRecords(st.server, &bad[i], &rows, &n),
                 ERROR_INVALID_PARAMETER);
  assert_fails(FaxEnumRecords(st.server, &all, NULL, &n),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxEnumRecords(st.server, &all, &rows, NULL),
               ERROR_INVALID_PARAMETER);
  assert_fails(FaxEnumRecords(NULL, &all, &rows, &n), ERROR_INVALID_PARAMETER);
  assert_true(FaxEnumRecords(st.server, NULL, &rows, &n));
  assert_int_equal(n, 0);
  FaxFreeBuffer(rows);
  HANDLE late = st.server;
  stage_stop_within(20);
  assert_fails(FaxEnumRecords(late, NULL, &rows, &n), stage_gone());
  stage_disconnect(&st);
  assert_true(FaxCloseCompletionPort(st.events));
}

/* ---- how long ---- */

#define DAYS(n) (INT64_C(n) * 86400 * FAX_SECOND)

/* Longer than the job's result, and by the days that were set. */
static void records_outlive_results(void **unused) {
  (void)unused;
  struct fax_job_result *r;
  config.record_days = 60;
  start();
  document(1);
  DWORD job = sent(FSP_COMPLETES);
  FaxClockWait(FaxClockNow() + DAYS(31), NULL);
  assert_fails(FaxGetJobResult(st.server, job, &r), ERROR_INVALID_PARAMETER);
  assert_int_equal(count(all), 1);
  DWORD younger = sent(FSP_COMPLETES);
  FaxClockWait(FaxClockNow() + DAYS(30), NULL);
  struct found f = find(all);
  assert_int_equal(f.count, 1);
  assert_int_equal(f.rows[0].job_id, younger);
  FaxFreeBuffer(f.rows);
  stop();
  FaxClockWait(FaxClockNow() + DAYS(60), NULL);
  config.record_days = 0; /* for ever */
  start();
  FaxClockWait(FaxClockNow() + DAYS(1), NULL);
  assert_int_equal(count(all), 1);
  stop();
}

/* ---- no memory ---- */

static DWORD ask(void *unused) {
  (void)unused;
  struct fax_record_query q = {
      .size = sizeof q, .direction = FAX_DIRECTION_SENT, .limit = 2};
  struct fax_attempt_record *rows;
  DWORD n;
  if (!FaxEnumRecords(st.server, &q, &rows, &n)) return FaxGetLastError();
  assert_int_equal(n, 2);
  FaxFreeBuffer(rows);
  return ERROR_SUCCESS;
}

static void a_question_without_memory(void **unused) {
  (void)unused;
  DWORD jobs[3];
  start();
  send_some(jobs, 3);
  assert_int_equal(count(all), 3);
  config_sweep(ask, NULL);
  stop();
}

int main(void) {
  test_start();
  const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
      TEST(two_attempts_are_two_records),
      TEST(a_record_has_its_own_part),
      TEST(each_end_has_its_outcome),
      TEST(the_end_of_a_job_that_waits_has_one),
      TEST(a_line_that_stays_away_is_one_record),
      TEST(a_reception_has_a_record),
      TEST(a_call_that_a_crash_ended_has_one),
      TEST(a_reception_that_a_crash_ended_has_one),
      TEST(conditions_are_all_held),
      TEST(pages_follow_each_other),
      TEST(others_are_not_seen),
      TEST(what_is_no_question),
      TEST(records_outlive_results),
      TEST(a_question_without_memory)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
