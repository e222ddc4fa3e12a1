/* SPDX-License-Identifier: MIT
   A month of jobs on the virtual clock: failures of every cause, dates,
   discount, priorities, deadlines, limits, users who hold and cancel. What must
   hold is in service_month.h. MONTH_JOBS says how many (100,000 are 30 days),
   MONTH_SEED which. */
#include <fax/fax_provider.h>

#include "service_month.h"

enum { JOBS = 2000, A_DAY = 100000 / 30, PAGES = 3, MOST_THINGS = 1 << 18 };

static struct stage st;
static HANDLE calls, provider[2], document;
static unsigned long jobs, seed;
static uint64_t random_state;

static DWORD chance(DWORD n) {
  random_state += 0x9e3779b97f4a7c15u;
  uint64_t z = random_state;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return (DWORD)((z ^ z >> 31) % n);
}

static bool often(DWORD in_a_thousand) {
  return chance(1000) < in_a_thousand;
}

/* ---- what comes, by its time ---- */

struct thing {
  int64_t at;
  uint64_t order; /* of those of one time */
  void (*happen)(const struct thing *);
  DWORD job, status, pages;
  struct fax_op *op;
};

static struct thing things[MOST_THINGS];
static DWORD thing_count;
static uint64_t thing_order;

static bool is_before(const struct thing *a, const struct thing *b) {
  return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void swap(DWORD a, DWORD b) {
  struct thing t = things[a];
  things[a] = things[b];
  things[b] = t;
}

/* Each at a moment of its own: all threads have done what there is to do before
   the next. An event's time is in steps of 100 ns. */
static void later(struct thing t) {
  DWORD i = thing_count++;
  assert_true(thing_count < MOST_THINGS);
  t.order = ++thing_order;
  t.at += (int64_t)(t.order % 1000000) * 100;
  things[i] = t;
  for (; i > 0 && is_before(&things[i], &things[(i - 1) / 2]); i = (i - 1) / 2)
    swap(i, (i - 1) / 2);
}

static struct thing take_next(void) {
  struct thing first = things[0];
  things[0] = things[--thing_count];
  for (DWORD i = 0;;) {
    DWORD least = i;
    for (DWORD child = 2 * i + 1; child <= 2 * i + 2; child++)
      if (child < thing_count && is_before(&things[child], &things[least]))
        least = child;
    if (least == i) return first;
    swap(i, least);
    i = least;
  }
}

static int64_t in_seconds(double seconds) {
  return FaxClockNow() + (int64_t)(seconds * FAX_SECOND);
}

/* ---- users ---- */

static void obey(BOOL done) {
  if (!done) /* it was faster */
    assert_true(FaxGetLastError() == ERROR_INVALID_PARAMETER ||
                FaxGetLastError() == ERROR_INVALID_OPERATION);
}

static void cancel_job(const struct thing *t) {
  month_job(t->job)->aborts = true;
  obey(FaxAbort(st.server, t->job));
}

static void release_job(const struct thing *t) {
  obey(FaxSetJob(st.server, t->job, JC_RESUME, NULL));
}

static void hold_job(const struct thing *t) {
  obey(FaxSetJob(st.server, t->job, JC_PAUSE, NULL));
  later((struct thing){
      .at = in_seconds(chance(7200)), .happen = release_job, .job = t->job});
}

/* Some numbers are called often. */
static DWORD any_number(void) {
  return often(300) ? chance(20) : chance(MONTH_NUMBERS);
}

static void set_times(struct fax_submission *sub, FAX_JOB_PARAM *p) {
  int64_t wall = FaxClockWall();
  if (often(100)) {
    p->ScheduleAction = JSA_DISCOUNT_PERIOD;
  } else if (often(60)) {
    p->ScheduleAction = JSA_SPECIFIC_TIME;
    time_to_systemtime(wall + chance(36 * 3600) * FAX_SECOND, &p->ScheduleTime);
  }
  if (often(100))
    sub->deadline =
        time_to_filetime(wall + (chance(6 * 3600) + 60) * FAX_SECOND);
}

static void note_job(DWORD id, const struct fax_submission *sub, DWORD number) {
  const FAX_JOB_PARAM *p = sub->params;
  struct month_job *j = month_job(id);
  j->number = number;
  j->priority = sub->priority;
  j->discount = p->ScheduleAction == JSA_DISCOUNT_PERIOD;
  j->device = sub->device_id == 0 ? 0 : sub->device_id - 1;
  if (p->ScheduleAction == JSA_SPECIFIC_TIME)
    time_from_systemtime(&p->ScheduleTime, &j->schedule);
  if (sub->deadline.dwLowDateTime != 0)
    j->deadline = time_from_filetime(sub->deadline) / (FAX_SECOND / 1000000) *
                  (FAX_SECOND / 1000000);
}

static void plan_commands(DWORD id, BOOL held) {
  struct thing t = {.job = id};
  t.at = in_seconds(chance(3600));
  t.happen = held ? release_job : often(500) ? cancel_job : hold_job;
  if (held || often(30)) later(t);
}

static void submit_job(const struct thing *t) {
  char text[16];
  DWORD id, number = any_number();
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p, .RecipientNumber = text};
  struct fax_submission sub = stage_of_document(document, &p);
  sub.priority = often(500) ? chance(3) : 0;
  sub.device_id = often(50) ? 2 + chance(13) : 0;
  sub.hold = often(20);
  (void)t;
  snprintf(text, sizeof text, "%u", 100000 + number);
  set_times(&sub, &p);
  if (!FaxSubmit(st.server, &sub, &id))
    fail_msg("%s", FaxGetLastErrorMessage());
  note_job(id, &sub, number);
  plan_commands(id, sub.hold);
}

/* ---- the far end ---- */

static const struct end {
  DWORD status, weight, pages;
} ends[] = {
    {FS_COMPLETED, 560, FAX_UNKNOWN},
    {FS_COMPLETED, 80, PAGES},
    {FS_COMPLETED, 8, PAGES - 1}, /* one is missing */
    {FS_HANDLED, 10, FAX_UNKNOWN},
    {FS_BUSY, 110, FAX_UNKNOWN},
    {FS_NO_ANSWER, 70, FAX_UNKNOWN},
    {FS_DISCONNECTED, 20, FAX_UNKNOWN},
    {FS_DISCONNECTED, 30, 1},
    {FS_DISCONNECTED, 6, PAGES},
    {FS_FATAL_ERROR, 20, FAX_UNKNOWN},
    {FS_NOT_FAX_CALL, 20, FAX_UNKNOWN},
    {FS_NO_DIAL_TONE, 10, FAX_UNKNOWN},
    {FS_LINE_UNAVAILABLE, 25, FAX_UNKNOWN},
    {FS_BAD_ADDRESS, 8, FAX_UNKNOWN},
    {FS_CALL_BLACKLISTED, 6, FAX_UNKNOWN},
    {FS_CALL_DELAYED, 5, FAX_UNKNOWN},
    {FS_USER_ABORT, 4, FAX_UNKNOWN},
    {0x80000001, 5, FAX_UNKNOWN},
    {0, 2, FAX_UNKNOWN}, /* hangs */
    {1, 1, FAX_UNKNOWN}, /* hangs, and does not heed an abort at once */
};

/* Of this call, whatever other threads do. */
static DWORD dice(const struct fax_op *op, DWORD what, DWORD n) {
  return pages_hash((uint32_t)seed + what, fax_op_told(op)->job_id,
                    (uint32_t)(FaxClockWall() / FAX_SECOND)) %
         n;
}

static const struct end *any_end(const struct fax_op *op) {
  DWORD sum = 0, at;
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) sum += ends[i].weight;
  at = dice(op, 0, sum);
  const struct end *e = ends;
  while (at >= e->weight) at -= e++->weight;
  return e;
}

/* What an operation's data says of it. */
enum { GOES_ON = 0, IS_OVER = 1, IS_DEAF = 2 };

static void end_call(const struct thing *t) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  last.pages_confirmed = t->pages;
  if (t->status == 0x80000001) last.cause = MONTH_OWN_CODE;
  if (fax_op_data(t->op) != (void *)IS_OVER) {
    fax_op_set_data(t->op, (void *)IS_OVER);
    fax_op_end(t->op, t->status, &last);
  }
  fax_op_unref(t->op);
}

static void end_later(struct fax_op *op, double seconds, DWORD status,
                      DWORD pages) {
  later((struct thing){.at = in_seconds(seconds),
                       .happen = end_call,
                       .status = status,
                       .pages = pages,
                       .op = fax_op_ref(op)});
}

static void begin_call(struct fax_op *op) {
  const struct end *e = any_end(op);
  DWORD first = fax_op_told(op)->first_page, pages = e->pages;
  assert_in_range(first, 1, PAGES);
  if (pages != FAX_UNKNOWN && pages > PAGES + 1 - first)
    pages = PAGES + 1 - first;
  if (e->status == 1) fax_op_set_data(op, (void *)IS_DEAF);
  if (e->status > 1) end_later(op, 20 + dice(op, 1, 160), e->status, pages);
}

static void abort_call(struct fax_op *op) {
  bool deaf = fax_op_data(op) == (void *)IS_DEAF;
  if (fax_op_data(op) != (void *)IS_OVER)
    end_later(op, deaf ? 600 : dice(op, 2, 3), FS_USER_ABORT, FAX_UNKNOWN);
  fax_op_unref(op);
}

static void take_call(struct fax_call *call) {
  if (call->kind == FAX_CALL_START) begin_call(call->op);
  if (call->kind == FAX_CALL_ABORT) abort_call(call->op);
  FaxLocalFree(call);
}

/* ---- the month ---- */

static void take_calls(int64_t until) {
  struct fax_packet packets[64];
  DWORD taken = 0;
  FaxGetCompletions(calls, packets, 64, &taken, until);
  for (DWORD i = 0; i < taken; i++) take_call(packets[i].packet);
}

/* Until nothing comes any more: all deadlines, retries and DirtyDays are over
   by then. */
static void run(int64_t end) {
  while (FaxClockNow() < end) {
    int64_t next = thing_count != 0 ? things[0].at : end;
    take_calls(next < end ? next : end);
    while (thing_count != 0 && things[0].at <= FaxClockNow()) {
      struct thing t = take_next();
      t.happen(&t);
    }
    month_listen(&st);
  }
}

/* Most come in the hours of offices. */
static void plan_jobs(DWORD days) {
  for (unsigned long i = 0; i < jobs; i++) {
    double hour =
        often(750) ? 8 + chance(36000) / 3600.0 : chance(24 * 3600) / 3600.0;
    later((struct thing){.at = in_seconds(chance(days) * 86400.0 + hour * 3600),
                         .happen = submit_job});
  }
}

static void attach(int i, const char *name, DWORD first, DWORD count,
                   DWORD most) {
  struct fax_attach_device devices[MONTH_LINES];
  char names[MONTH_LINES][16];
  struct fax_attach attach = {.size = sizeof attach,
                              .name = name,
                              .devices = devices,
                              .device_count = count,
                              .port = calls,
                              .stall = 1000000,
                              .calls = most};
  for (DWORD n = 0; n < count; n++) {
    snprintf(names[n], sizeof names[n], "line %u", first + n);
    devices[n] =
        (struct fax_attach_device){.name = names[n], .device_id = first + n};
  }
  if (!FaxAttachProvider(st.server, &attach, &provider[i]))
    fail_msg("%s", FaxGetLastErrorMessage());
}

static void start(void) {
  static struct fax_retry_policy policy;
  struct fax_service_config config;
  assert_true(FaxClockVirtual(STAGE_NOON - 12 * 3600 * FAX_SECOND));
  stage_count(&st);
  stage_options(&st, &config);
  FaxPolicyDefaults(&policy);
  policy.rules[FAX_CAUSE_BUSY] =
      (struct fax_retry_rule){BUSY_LIMIT, BUSY_DELAY, 200, 0, BUSY_CAP};
  policy.rules[FAX_CAUSE_NO_ANSWER] =
      (struct fax_retry_rule){NO_ANSWER_LIMIT, NO_ANSWER_DELAY, 100, 0, 86400};
  config.policy = &policy;
  config.retries = MONTH_RETRIES;
  config.retry_delay = MONTH_DELAY;
  config.calls_per_number = 1;
  config.priority_step = PRIORITY_STEP;
  config.keep_results = 90 * 86400;
  config.operation_limit = 1800;
  config.abort_limit = 30;
  if (!FaxServiceStart(&config)) fail_msg("%s", FaxGetLastErrorMessage());
  stage_listen(&st);
  calls = FaxCreateCompletionPort();
  attach(0, "shared", 1, MONTH_SHARED, MONTH_CALLS);
  attach(1, "own", MONTH_SHARED + 1, MONTH_LINES - MONTH_SHARED, 0);
  config_cheap(&st, month_cheap, month_dear);
  config_days(&st, 1);
  stage_document(&st, PAGES);
  document = config_prepare(&st);
}

static void stop(void) {
  FaxClose(document);
  for (int i = 0; i < 2; i++) FaxClose(provider[i]);
  stage_stop_within(60);
  assert_true(FaxCloseCompletionPort(calls));
  stage_end(&st);
  assert_true(FaxClockReal());
}

/* What is kept of a job says what its events said. */
static void hold_result(DWORD id) {
  const struct month_job *j = month_job(id);
  struct fax_job_result *r = stage_result(&st, id);
  assert_int_equal(r->outcome, j->outcome);
  DWORD made = 0;
  for (DWORD i = 0; i < r->attempt_count; i++)
    made += r->attempts[i].status != FS_LINE_UNAVAILABLE;
  assert_true(made <= MONTH_RETRIES + 1);
  FaxFreeBuffer(r);
}

static void a_month_goes_by_the_rules(void **unused) {
  (void)unused;
  DWORD days = (DWORD)(jobs + A_DAY - 1) / A_DAY;
  start();
  plan_jobs(days);
  run(in_seconds((days + 4) * 86400.0));
  assert_int_equal(month.over, jobs);
  assert_int_equal(month.live_count, 0);
  for (DWORD id = 1; id<month.room; id += jobs> 10000 ? 97 : 7)
    if (month_job(id)->at == MONTH_OVER) hold_result(id);
  print_message(
      "MONTH_SEED=%lu: %u days, %u jobs, %u calls, %u events; "
      "%u delivered, %u failed, %u of them expired, %u cancelled\n",
      seed, days, month.over, month.begun, month.events,
      month.outcomes[FAX_OUTCOME_COMPLETED], month.outcomes[FAX_OUTCOME_FAILED],
      month.expired, month.outcomes[FAX_OUTCOME_CANCELLED]);
  free(month.jobs);
  free(month.live);
  stop();
}

static unsigned long number_of(const char *name, unsigned long otherwise) {
  const char *text = getenv(name);
  return text != NULL ? strtoul(text, NULL, 10) : otherwise;
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_month_goes_by_the_rules)};
  jobs = number_of("MONTH_JOBS", JOBS);
  if (jobs <= JOBS) test_start(); /* looking after memory takes its time */
  seed = random_state = number_of("MONTH_SEED", 1);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
