/* SPDX-License-Identifier: MIT
   The time line in an attempt: of both sides of a call over the loopback
   exchange, of calls that failed, of a job with many attempts. */
#include "service_fsp.h"
#include "service_stage.h"

static struct stage st;

enum { PAGES = 2, ATTEMPTS = 12, KEPT = 10 };

static DWORD count_of(const struct fax_attempt *a, const char *frame,
                      BOOL sent) {
  DWORD count = 0;
  for (DWORD i = 0; i < a->timeline_count; i++)
    count +=
        strcmp(a->timeline[i].frame, frame) == 0 && a->timeline[i].sent == sent;
  return count;
}

/* From the first frame of the called side to the goodbye of the caller. */
static void is_whole(const struct fax_attempt *a, BOOL caller, DWORD pages) {
  const struct fax_t30_event *e = a->timeline;
  DWORD last = a->timeline_count - 1;
  assert_non_null(e);
  assert_string_equal(e[0].frame, "CSI");
  assert_int_equal(e[0].sent, !caller);
  assert_string_equal(e[1].frame, "DIS");
  assert_int_equal(e[1].sent, !caller);
  assert_string_equal(e[last].frame, "DCN");
  assert_int_equal(e[last].sent, caller);
  assert_int_equal(count_of(a, "TSI", caller), 1);
  assert_int_equal(count_of(a, "MCF", !caller), pages);
  assert_int_equal(count_of(a, "MCF", caller), 0);
  for (DWORD i = 1; i <= last; i++) assert_true(e[i - 1].moment <= e[i].moment);
}

static void call_over(const char *const *options) {
  stage_start_virtual(&st, options, NULL);
  stage_document(&st, PAGES);
  DWORD sent = stage_send(&st, "102"), got = 0;
  struct fax_event *e = stage_until(&st, FEI_FAX_RECEIVED, 0);
  got = e->job_id;
  FaxLocalFree(e);
  while (stage_outcome(&st, sent) == FAX_OUTCOME_PENDING)
    FaxLocalFree(stage_event(&st));
  struct fax_job_result *of_sender = stage_result(&st, sent);
  struct fax_job_result *of_receiver = stage_result(&st, got);
  assert_int_equal(of_sender->attempt_count, 1);
  assert_int_equal(of_receiver->attempt_count, 1);
  is_whole(of_sender->attempts, TRUE, PAGES);
  is_whole(of_receiver->attempts, FALSE, PAGES);
  /* One block, whole when the service has gone. */
  stage_stop_within(20);
  is_whole(of_sender->attempts, TRUE, PAGES);
  FaxFreeBuffer(of_sender);
  FaxFreeBuffer(of_receiver);
  stage_end(&st);
  assert_true(FaxClockReal());
}

static void both_sides_have_it(void **unused) {
  static const char *const t38[] = {"lines=2", "transport=t38", NULL};
  (void)unused;
  call_over(NULL);
  call_over(t38);
}

static struct fax_job_result *fails(const char *number) {
  DWORD job = stage_send(&st, number);
  while (stage_outcome(&st, job) == FAX_OUTCOME_PENDING)
    FaxLocalFree(stage_event(&st));
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_FAILED);
  assert_int_equal(r->attempt_count, 1);
  return r;
}

static void calls_that_fail_have_what_there_was(void **unused) {
  (void)unused;
  stage_start_virtual(&st, NULL, NULL);
  stage_document(&st, PAGES);
  struct fax_job_result *r = fails("+999 9999 212"); /* rejects page 2 */
  is_whole(r->attempts, TRUE, 1);
  assert_int_equal(count_of(r->attempts, "RTN", FALSE), 1);
  FaxFreeBuffer(r);
  r = fails("+999 9999 101"); /* busy */
  assert_null(r->attempts[0].timeline);
  assert_int_equal(r->attempts[0].timeline_count, 0);
  FaxFreeBuffer(r);
  stage_stop_virtual(&st);
}

/* ---- what a provider says ---- */

static void report(const struct fsp_call *c, const struct fax_t30_event *e,
                   DWORD count) {
  struct fax_progress p = FAX_PROGRESS_INIT;
  p.timeline = e;
  p.timeline_count = count;
  FaxOperationReport(c->port, c->key, &p);
}

/* Each attempt's own number is the moment of its only event. */
static BOOL no_answer_after_dis(HANDLE handle, PFAX_SEND send,
                                PFAX_SEND_CALLBACK callback) {
  struct fsp_call *c = handle;
  char frame[] = "DIS";
  struct fax_t30_event e = {(DWORD)atomic_load(&fsp.started), FALSE, frame, ""};
  (void)send, (void)callback;
  report(c, &e, 1);
  memset(frame, '-', 3);
  memset(&e, 0, sizeof e);
  return fsp_over(c, FS_NO_ANSWER);
}

static void try_often(struct fax_service_config *config) {
  config->retries = ATTEMPTS - 1;
}

/* The most that one job can hold does not grow with its attempts. */
static void the_newest_attempts_keep_theirs(void **unused) {
  (void)unused;
  assert_true(FaxClockVirtual(STAGE_NOON));
  fsp_set(1);
  fsp_script.send = no_answer_after_dis;
  stage_start_with(&st, "forward", NULL, try_often);
  stage_document(&st, 1);
  DWORD job = stage_send(&st, "1");
  while (stage_outcome(&st, job) == FAX_OUTCOME_PENDING)
    FaxLocalFree(stage_event(&st));
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->attempt_count, ATTEMPTS);
  for (DWORD i = 0; i < ATTEMPTS; i++) {
    const struct fax_attempt *a = &r->attempts[i];
    bool kept = i >= ATTEMPTS - KEPT;
    assert_int_equal(a->number, i + 1);
    assert_int_equal(a->status, FS_NO_ANSWER);
    assert_int_equal(a->timeline_count, kept);
    assert_int_equal(a->timeline != NULL, kept);
    if (!kept) continue;
    assert_int_equal(a->timeline->moment, i + 1);
    assert_string_equal(a->timeline->frame, "DIS");
  }
  FaxFreeBuffer(r);
  stage_stop_virtual(&st);
}

/* Said in the middle of the call, more than there may be of it. */
static BOOL waits_with_too_many(HANDLE handle, PFAX_SEND send,
                                PFAX_SEND_CALLBACK callback) {
  enum { COUNT = FAX_T30_MOST_EVENTS + 1 };
  struct fsp_call *c = handle;
  struct fax_t30_event *events = mem_alloc(COUNT * sizeof *events);
  struct fax_progress p = FAX_PROGRESS_INIT;
  (void)send, (void)callback;
  memset(events, 0, COUNT * sizeof *events);
  for (DWORD i = 0; i < COUNT; i++) {
    events[i].frame = "PPR";
    events[i].moment = i;
  }
  report(c, events, COUNT);
  mem_free(events);
  p.page = 1; /* says none, and takes none away */
  FaxOperationReport(c->port, c->key, &p);
  fsp_post(c, FS_TRANSMITTING, 1);
  fsp_wait(c->aborted);
  return fsp_over(c, FS_USER_ABORT);
}

static void one_of_an_aborted_call_is_kept_and_cut(void **unused) {
  (void)unused;
  fsp_set(1);
  fsp_script.send = waits_with_too_many;
  stage_start_with(&st, "forward", NULL, NULL);
  stage_document(&st, 1);
  DWORD job = stage_send(&st, "1");
  stage_skip(&st, FEI_SENDING, job);
  struct fax_job_result *r = stage_result(&st, job);
  assert_int_equal(r->attempt_count, 0); /* it goes on */
  FaxFreeBuffer(r);
  assert_true(FaxAbort(st.server, job));
  stage_skip(&st, FEI_DELETED, job);
  r = stage_result(&st, job);
  assert_int_equal(r->outcome, FAX_OUTCOME_CANCELLED);
  assert_int_equal(r->attempts[0].timeline_count, FAX_T30_MOST_EVENTS);
  for (DWORD i = 0; i < FAX_T30_MOST_EVENTS; i++)
    assert_int_equal(r->attempts[0].timeline[i].moment, i);
  FaxFreeBuffer(r);
  stage_stop(&st);
}

/* ---- no memory ---- */

/* The call's worker may still let go of things: what is left alive is counted
   when all has stopped. */
static void want_of_memory_gives_no_result(void **unused) {
  struct fax_job_result *r = NULL;
  DWORD failures = 0;
  (void)unused;
  fsp_set(1);
  fsp_script.send = no_answer_after_dis;
  stage_start_with(&st, "forward", NULL, NULL);
  stage_document(&st, 1);
  DWORD job = stage_send(&st, "1");
  stage_skip(&st, FEI_IDLE, 0);
  for (long n = 0; r == NULL; n++) {
    mem_fail_after(n);
    if (!FaxGetJobResult(st.server, job, &r)) {
      assert_int_equal(FaxGetLastError(), ERROR_NOT_ENOUGH_MEMORY);
      assert_null(r);
      failures++;
    }
    mem_fail_after(-1);
  }
  assert_true(failures > 0);
  assert_int_equal(r->attempts[0].timeline_count, 1);
  assert_string_equal(r->attempts[0].timeline[0].frame, "DIS");
  FaxFreeBuffer(r);
  stage_stop(&st);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(both_sides_have_it),
      cmocka_unit_test(calls_that_fail_have_what_there_was),
      cmocka_unit_test(the_newest_attempts_keep_theirs),
      cmocka_unit_test(one_of_an_aborted_call_is_kept_and_cut),
      cmocka_unit_test(want_of_memory_gives_no_result),
  };

  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
