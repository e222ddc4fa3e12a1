/* SPDX-License-Identifier: MIT
   Who has a line, and when: limits on calls, priorities, deadlines, jobs that
   are held (docs/jobs.md). */
#include "service_schedule.h"

static DWORD with_priority(const char *number, DWORD priority) {
  struct fax_submission sub = to(number);
  sub.priority = priority;
  return submit(sub);
}

/* So many seconds from now. */
static DWORD with_deadline(const char *number, int seconds) {
  struct fax_submission sub = to(number);
  sub.deadline = time_to_filetime(FaxClockWall() + seconds * FAX_SECOND);
  return submit(sub);
}

/* Calls begin in this order. */
static void begin(const DWORD *jobs, size_t count) {
  for (size_t i = 0; i < count; i++) {
    struct fax_event *e = stage_until(&st, FEI_INITIALIZING, 0);
    if (e->job_id != jobs[i])
      fail_msg("call %zu is of job %u, not of %u", i, e->job_id, jobs[i]);
    FaxLocalFree(e);
  }
}
#define begin(...) \
  begin((DWORD[]){__VA_ARGS__}, sizeof(DWORD[]){__VA_ARGS__} / sizeof(DWORD))

static bool cause_is(DWORD job, const char *cause) {
  struct fax_job_result *r = stage_result(&st, job);
  bool same = cause == NULL ? r->cause == NULL
                            : r->cause != NULL && strcmp(r->cause, cause) == 0;
  FaxFreeBuffer(r);
  return same;
}

static DWORD attempts(DWORD job) {
  struct fax_job_result *r = stage_result(&st, job);
  DWORD count = r->attempt_count;
  FaxFreeBuffer(r);
  return count;
}

static BOOL send_without_spaces(HANDLE handle, PFAX_SEND send,
                                PFAX_SEND_CALLBACK callback) {
  char number[32];
  FAX_SEND copy = *send;
  size_t n = 0;
  for (const char *c = send->ReceiverNumber; *c != '\0' && n < 31; c++)
    if (*c != ' ') number[n++] = *c;
  number[n] = '\0';
  copy.ReceiverNumber = number;
  return send_by_its_beginning(handle, &copy, callback);
}

/* ---- limits ---- */

/* Other numbers do not wait for that; lines are not what is lacking. */
static void a_number_has_one_call_at_a_time(void **unused) {
  (void)unused;
  fsp_script.send = send_without_spaces;
  open_queue();
  DWORD a1 = submit(to(A)), a2 = submit(to(A_AGAIN)), a3 = submit(to(A));
  config_wait(1); /* no two calls end at one moment */
  DWORD b1 = submit(to(B)), b2 = submit(to(B));
  waits(a2, JS_PENDING);
  waits(b2, JS_PENDING);
  begin(a1, b1, a2, b2, a3);
  stage_skip(&st, FEI_DELETED, a3);
  assert_int_equal(FaxClockWall() / (60 * FAX_SECOND),
                   STAGE_NOON / (60 * FAX_SECOND) + 3);
  close_queue();
}

static void the_limit_of_a_number_is_set(void **unused) {
  (void)unused;
  config.calls_per_number = 2;
  open_queue();
  DWORD a1 = submit(to(A)), a2 = submit(to(A)), a3 = submit(to(A));
  waits(a3, JS_PENDING);
  begin(a1, a2);
  assert_true(FaxAbort(st.server, a2));
  begin(a3);
  stage_skip(&st, FEI_DELETED, a3);
  close_queue();
}

/* What is over with the call is over at once, whatever becomes of the job. */
static void a_failed_call_leaves_the_number(void **unused) {
  (void)unused;
  open_queue();
  DWORD a1 = submit(to(FSP_BUSY)), a2 = submit(to(FSP_BUSY));
  begin(a1, a2, a1, a2, a1, a2);
  stage_skip(&st, FEI_BUSY, a2);
  waits(a2, JS_RETRIES_EXCEEDED);
  close_queue();
}

/* A job for one port does not keep others of its number from another. */
static void a_number_waits_for_each_port(void **unused) {
  (void)unused;
  open_queue();
  DWORD other = submit(to(B));
  begin(other); /* the first line is not free */
  struct fax_submission sub = to(A);
  sub.device_id = FSP_FIRST;
  DWORD first = submit(sub), any = submit(to(A));
  begin(any);
  waits(first, JS_PENDING); /* the line is free, the number is not */
  begin(first);
  stage_skip(&st, FEI_DELETED, first);
  close_queue();
}

/* Calls that come in count. */
static void a_provider_has_so_many_calls(void **unused) {
  (void)unused;
  provider.calls = 2;
  fsp.reception = FSP_HELD;
  open_queue();
  DWORD a = submit(to(A));
  begin(a);
  fsp_ring(FSP_FIRST + 3, 2);
  struct fax_event *e = stage_until(&st, FEI_ANSWERED, 0);
  DWORD received = e->job_id;
  FaxLocalFree(e);
  DWORD b = submit(to(B));
  waits(b, JS_PENDING | JS_NOLINE);
  assert_true(FaxAbort(st.server, received));
  begin(b);
  DWORD c = submit(to(C));
  waits(c, JS_PENDING | JS_NOLINE);
  begin(c); /* after the first of them */
  stage_skip(&st, FEI_DELETED, c);
  close_queue();
}

/* ---- priorities ---- */

/* JOB-46: the oldest of its priority first. */
static void a_priority_goes_first(void **unused) {
  (void)unused;
  provider.calls = 1;
  open_queue();
  config_pause(&st, TRUE);
  DWORD low = with_priority(A, FAX_PRIORITY_LOW);
  DWORD normal = with_priority(B, FAX_PRIORITY_NORMAL);
  DWORD high = with_priority(C, FAX_PRIORITY_HIGH);
  DWORD low_too = with_priority(C, FAX_PRIORITY_LOW);
  DWORD high_too = with_priority(A, FAX_PRIORITY_HIGH);
  DWORD normal_too = with_priority(A, FAX_PRIORITY_NORMAL);
  config_pause(&st, FALSE);
  begin(high, high_too, normal, normal_too, low, low_too);
  stage_skip(&st, FEI_DELETED, low_too);
  close_queue();
}

/* The bound: one step for each priority between them. */
static void age_comes_before_priority(void **unused) {
  (void)unused;
  provider.calls = 1;
  config.priority_step = 600;
  open_queue();
  config_pause(&st, TRUE);
  DWORD low = with_priority(A, FAX_PRIORITY_LOW);
  config_wait(599);
  DWORD soon = with_priority(A, FAX_PRIORITY_NORMAL);
  config_wait(2);
  DWORD later = with_priority(A, FAX_PRIORITY_NORMAL);
  config_wait(598);
  DWORD high = with_priority(B, FAX_PRIORITY_HIGH);
  config_wait(2);
  DWORD high_later = with_priority(B, FAX_PRIORITY_HIGH);
  config_pause(&st, FALSE);
  begin(soon, high, low, later, high_later);
  stage_skip(&st, FEI_DELETED, high_later);
  close_queue();
}

/* However many of a higher priority come, the low one has its turn. */
static void a_low_priority_does_not_starve(void **unused) {
  (void)unused;
  provider.calls = 1;
  open_queue();
  submit(to(B));
  DWORD low = with_priority(A, FAX_PRIORITY_LOW);
  for (int i = 0; i < 90; i++) {
    with_priority(C, FAX_PRIORITY_HIGH);
    config_wait(60);
  }
  DWORD before = 0;
  for (bool found = false; !found; before++) {
    struct fax_event *e = stage_until(&st, FEI_INITIALIZING, 0);
    found = e->job_id == low;
    FaxLocalFree(e);
  }
  assert_in_range(before, 60, 63); /* two steps of half an hour */
  close_queue();
}

static void a_priority_is_kept(void **unused) {
  (void)unused;
  provider.calls = 1;
  open_queue();
  config_pause(&st, TRUE);
  DWORD low = with_priority(A, FAX_PRIORITY_LOW);
  DWORD high = with_priority(B, FAX_PRIORITY_HIGH);
  close_queue();
  open_queue(); /* the queue is still paused */
  config_pause(&st, FALSE);
  begin(high, low);
  stage_skip(&st, FEI_DELETED, low);
  close_queue();
}

static void no_other_priority_exists(void **unused) {
  (void)unused;
  open_queue();
  struct fax_submission sub = to(A);
  sub.priority = 3;
  assert_fails(FaxSubmit(st.server, &sub, NULL), ERROR_INVALID_PARAMETER);
  close_queue();
}

/* ---- deadlines ---- */

static void a_waiting_job_expires(void **unused) {
  (void)unused;
  open_queue();
  DWORD first = submit(to(A)), late = with_deadline(A, 59);
  DWORD soon = with_deadline(A, 61);
  struct fax_event *e = stage_until(&st, FEI_DELETED, 0);
  assert_int_equal(e->job_id, late);
  assert_int_equal(e->outcome, FAX_OUTCOME_FAILED);
  assert_string_equal(e->cause, "expired");
  FaxLocalFree(e);
  assert_int_equal(FaxClockWall(), STAGE_NOON + 59 * FAX_SECOND);
  assert_true(cause_is(late, "expired"));
  assert_int_equal(attempts(late), 0);
  assert_int_equal(stage_queue_status(&st, late), FAX_UNKNOWN);
  begin(soon); /* the event of the first call was skipped */
  stage_skip(&st, FEI_DELETED, soon); /* its call goes on after the deadline */
  assert_true(cause_is(soon, NULL));
  assert_int_equal(stage_outcome(&st, soon), FAX_OUTCOME_COMPLETED);
  assert_int_equal(stage_outcome(&st, first), FAX_OUTCOME_COMPLETED);
  close_queue();
}

/* One on a line ends its call first, and is not tried again. */
static void an_expired_job_is_not_tried_again(void **unused) {
  (void)unused;
  open_queue();
  DWORD busy = with_deadline(FSP_SLOWLY FSP_BUSY, 59);
  char trace[256];
  assert_int_equal(stage_trace(&st, busy, FEI_DELETED, trace, sizeof trace),
                   FAX_OUTCOME_FAILED);
  assert_string_equal(trace,
                      "JOB_QUEUED INITIALIZING DIALING SENDING BUSY DELETED");
  assert_int_equal(attempts(busy), 1);
  assert_true(cause_is(busy, "expired"));
  DWORD retrying = with_deadline(FSP_BUSY, 600 + 599);
  stage_skip(&st, FEI_DELETED, retrying);
  assert_int_equal(attempts(retrying), 2);
  DWORD up = with_deadline(FSP_BAD_NUMBER, 10); /* has failed before */
  stage_skip(&st, FEI_BAD_ADDRESS, up);
  config_wait(20);
  waits(up, JS_RETRIES_EXCEEDED);
  assert_true(cause_is(up, NULL));
  close_queue();
}

/* One that was paused and resumed there is no other. */
static void a_resumed_call_does_not_expire(void **unused) {
  (void)unused;
  open_queue();
  DWORD job = with_deadline(A, 59);
  stage_skip(&st, FEI_DIALING, job);
  assert_true(FaxSetJob(st.server, job, JC_PAUSE, NULL));
  assert_true(FaxSetJob(st.server, job, JC_RESUME, NULL));
  submit(to(B)); /* the scheduler looks at all that may be due */
  stage_skip(&st, FEI_DELETED, job);
  assert_true(FaxClockWall() > STAGE_NOON + 59 * FAX_SECOND);
  assert_true(cause_is(job, NULL));
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  assert_int_equal(attempts(job), 1);
  close_queue();
}

/* Whatever else it waits for. */
static void all_that_wait_expire(void **unused) {
  (void)unused;
  open_queue();
  config_pause(&st, TRUE);
  DWORD queued = with_deadline(A, 10);
  DWORD paused = with_deadline(A, 20);
  assert_true(FaxSetJob(st.server, paused, JC_PAUSE, NULL));
  time_to_systemtime(FaxClockWall() + 3600 * FAX_SECOND, &params.ScheduleTime);
  params.ScheduleAction = JSA_SPECIFIC_TIME;
  DWORD scheduled = with_deadline(A, 30);
  params.ScheduleAction = JSA_NOW;
  stage_skip(&st, FEI_DELETED, queued);
  stage_skip(&st, FEI_DELETED, paused);
  stage_skip(&st, FEI_DELETED, scheduled);
  assert_int_equal(FaxClockWall(), STAGE_NOON + 30 * FAX_SECOND);
  close_queue();
}

/* With nothing else to do in the service. */
static void a_held_job_expires(void **unused) {
  (void)unused;
  open_queue();
  struct fax_submission sub = to(A);
  sub.deadline = time_to_filetime(FaxClockWall() + 10 * FAX_SECOND);
  sub.hold = TRUE;
  DWORD held = submit(sub);
  stage_skip(&st, FEI_DELETED, held);
  assert_int_equal(FaxClockWall(), STAGE_NOON + 10 * FAX_SECOND);
  assert_true(cause_is(held, "expired"));
  close_queue();
}

/* Who restarts it wants it still (JOB-54). */
static void a_restart_forgets_a_deadline_that_is_over(void **unused) {
  (void)unused;
  open_queue();
  DWORD job = with_deadline(FSP_BAD_NUMBER, 10);
  stage_skip(&st, FEI_BAD_ADDRESS, job);
  config_wait(20);
  assert_true(FaxSetJob(st.server, job, JC_RESTART, NULL));
  stage_skip(&st, FEI_BAD_ADDRESS, job);
  waits(job, JS_RETRIES_EXCEEDED);
  close_queue();
}

static void a_deadline_is_kept(void **unused) {
  (void)unused;
  open_queue();
  config_pause(&st, TRUE);
  DWORD soon = with_deadline(A, 60), later = with_deadline(B, 3600);
  close_queue();
  FaxClockWait(FaxClockNow() + 120 * FAX_SECOND, NULL);
  open_queue();
  config_pause(&st, FALSE);
  stage_skip(&st, FEI_DELETED, later);
  assert_true(cause_is(soon, "expired"));
  assert_int_equal(stage_outcome(&st, soon), FAX_OUTCOME_FAILED);
  close_queue();
  open_queue();
  assert_true(cause_is(soon, "expired")); /* of another run */
  close_queue();
}

static void a_deadline_lies_ahead(void **unused) {
  (void)unused;
  open_queue();
  struct fax_submission sub = to(A);
  sub.deadline = time_to_filetime(FaxClockWall());
  assert_fails(FaxSubmit(st.server, &sub, NULL), ERROR_INVALID_PARAMETER);
  assert_string_equal(FaxGetLastErrorMessage(), "the deadline is over");
  sub.deadline = (FILETIME){0, 0x7fffffff}; /* in 29,000 years */
  DWORD job = submit(sub);
  stage_skip(&st, FEI_DELETED, job);
  assert_int_equal(stage_outcome(&st, job), FAX_OUTCOME_COMPLETED);
  sub.deadline = (FILETIME){1, 0}; /* 1601 */
  assert_fails(FaxSubmit(st.server, &sub, NULL), ERROR_INVALID_PARAMETER);
  close_queue();
}

/* ---- held from the beginning ---- */

static void a_held_job_waits_for_a_command(void **unused) {
  (void)unused;
  open_queue();
  struct fax_submission sub = to(A);
  sub.hold = TRUE;
  DWORD held = submit(sub);
  struct fax_event *e = stage_until(&st, FEI_JOB_QUEUED, held);
  assert_int_equal(e->queue_status, JS_PENDING | JS_PAUSED);
  FaxLocalFree(e);
  waits(held, JS_PENDING | JS_PAUSED);
  close_queue();
  open_queue();
  waits(held, JS_PENDING | JS_PAUSED);
  assert_true(FaxSetJob(st.server, held, JC_RESUME, NULL));
  begin(held);
  stage_skip(&st, FEI_DELETED, held);
  close_queue();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      scheduled(a_number_has_one_call_at_a_time),
      scheduled(the_limit_of_a_number_is_set),
      scheduled(a_failed_call_leaves_the_number),
      scheduled(a_number_waits_for_each_port),
      scheduled(a_provider_has_so_many_calls),
      scheduled(a_priority_goes_first),
      scheduled(age_comes_before_priority),
      scheduled(a_low_priority_does_not_starve),
      scheduled(a_priority_is_kept),
      scheduled(no_other_priority_exists),
      scheduled(a_waiting_job_expires),
      scheduled(an_expired_job_is_not_tried_again),
      scheduled(a_resumed_call_does_not_expire),
      scheduled(all_that_wait_expire),
      scheduled(a_held_job_expires),
      scheduled(a_restart_forgets_a_deadline_that_is_over),
      scheduled(a_deadline_is_kept),
      scheduled(a_deadline_lies_ahead),
      scheduled(a_held_job_waits_for_a_command),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
