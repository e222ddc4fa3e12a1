/* SPDX-License-Identifier: MIT
   The retry policy alone: classes, limits, delays, the ladder. All by argument;
   no service, no clock. */
#include <fax/faxdev.h>
#include <string.h>

#include "base/error.h"
#include "service/policy/policy.h"
#include "test.h"

#define MOST 40

/* A job, its rules and its attempts. */
struct desk {
  struct fax_retry_policy policy;
  struct policy_rules rules;
  struct policy_job job;
  struct fax_attempt attempts[MOST];
  struct fax_attempt *list[MOST];
  struct policy_past past;
};

static void desk(struct desk *d) {
  memset(d, 0, sizeof *d);
  policy_defaults(&d->policy);
  d->rules = (struct policy_rules){3, 600, &d->policy};
  d->job = (struct policy_job){
      .id = 1, .retries = FAX_UNKNOWN, .retry_delay = FAX_UNKNOWN, .ecm = 1};
  d->past.attempts = d->list;
}

static struct fax_attempt *attempt(struct desk *d, DWORD status,
                                   const char *cause) {
  struct fax_attempt *a = &d->attempts[d->past.count];
  *a = (struct fax_attempt){.number = d->past.count + 1,
                            .status = status,
                            .cause = cause,
                            .rate = FAX_UNKNOWN,
                            .ecm = FAX_UNKNOWN,
                            .transport = FAX_UNKNOWN,
                            .cause_class = FAX_UNKNOWN};
  d->list[d->past.count++] = a;
  return a;
}

/* The call ends so; what is decided then. */
static struct policy_decision fails(struct desk *d, DWORD status,
                                    const char *cause) {
  struct policy_decision decision;
  DWORD class = policy_cause_of(attempt(d, status, cause));
  if (policy_counts(class)) {
    d->job.failures++;
    d->job.refusals = 0;
  } else if (class == FAX_CAUSE_LINE_UNAVAILABLE) {
    d->job.refusals++;
  }
  policy_decide(&d->rules, &d->job, &d->past, class, d->past.count, &decision);
  return decision;
}

static void retries(struct policy_decision decision, DWORD delay) {
  if (decision.action != FAX_DECISION_RETRY) fail_msg("%s", decision.reason);
  assert_int_equal(decision.delay, delay);
}

/* ---- causes ---- */

/* FSP-45..48: what was final stays final, everything else has a rule. */
static void test_classes(void **unused) {
  static const struct {
    DWORD status;
    const char *cause;
    DWORD class;
  } rows[] = {{FS_BUSY, "busy", FAX_CAUSE_BUSY},
              {FS_NO_ANSWER, NULL, FAX_CAUSE_NO_ANSWER},
              {FS_DISCONNECTED, "disconnected", FAX_CAUSE_NO_CARRIER},
              {FS_NO_DIAL_TONE, NULL, FAX_CAUSE_LOCAL},
              {FS_NOT_FAX_CALL, "no_fax_answered", FAX_CAUSE_NO_FAX},
              {FS_LINE_UNAVAILABLE, "no_worker", FAX_CAUSE_LINE_UNAVAILABLE},
              {FS_FATAL_ERROR, NULL, FAX_CAUSE_PROTOCOL},
              {FS_FATAL_ERROR, "a_word_of_its_own", FAX_CAUSE_PROTOCOL},
              {FS_FATAL_ERROR, "page_rejected", FAX_CAUSE_PAGE_REJECTED},
              {FS_FATAL_ERROR, "file_error", FAX_CAUSE_LOCAL},
              {FS_FATAL_ERROR, "service_stopped", FAX_CAUSE_NONE},
              {FS_BUSY, "file_error", FAX_CAUSE_BUSY},
              {FS_COMPLETED, NULL, FAX_CAUSE_NONE},
              {FS_BAD_ADDRESS, "unknown_number", FAX_CAUSE_FINAL},
              {FS_CALL_BLACKLISTED, NULL, FAX_CAUSE_FINAL},
              {FS_CALL_DELAYED, NULL, FAX_CAUSE_FINAL},
              {FS_USER_ABORT, "aborted", FAX_CAUSE_FINAL},
              {FS_USER_ABORT, "page_rejected", FAX_CAUSE_FINAL},
              {0x40000001, "file_error", FAX_CAUSE_FINAL}};
  (void)unused;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    DWORD class = policy_cause(rows[i].status, rows[i].cause, false);
    if (class != rows[i].class)
      fail_msg("0x%x %s is %s", rows[i].status, rows[i].cause,
               policy_cause_text(class));
  }
  assert_int_equal(policy_cause(FS_USER_ABORT, "operation_limit", true),
                   FAX_CAUSE_PROTOCOL);
  assert_int_equal(policy_cause(FS_FATAL_ERROR, "stalled", true),
                   FAX_CAUSE_LOCAL);
}

static void test_final(void **unused) {
  struct desk d;
  (void)unused;
  desk(&d);
  assert_int_equal(fails(&d, FS_BAD_ADDRESS, NULL).action, FAX_DECISION_FINAL);
  assert_int_equal(fails(&d, 0x40000001, NULL).action, FAX_DECISION_FINAL);
}

/* ---- limits and delays ---- */

/* JOB-30, JOB-31: without rules the configuration alone decides. */
static void test_as_documented(void **unused) {
  struct desk d;
  (void)unused;
  desk(&d);
  retries(fails(&d, FS_BUSY, NULL), 600);
  retries(fails(&d, FS_NO_ANSWER, NULL), 600);
  retries(fails(&d, FS_BUSY, NULL), 600);
  assert_int_equal(fails(&d, FS_BUSY, NULL).action, FAX_DECISION_GIVE_UP);
}

static void test_own_limits_of_a_job(void **unused) {
  struct desk d;
  (void)unused;
  desk(&d);
  d.job.retries = 1;
  d.job.retry_delay = 7;
  d.policy.rules[FAX_CAUSE_BUSY].delay = 900;
  retries(fails(&d, FS_BUSY, NULL), 7);
  assert_int_equal(fails(&d, FS_BUSY, NULL).action, FAX_DECISION_GIVE_UP);
}

/* FSP-32, FSP-33: it uses up nothing and waits for no delay of its own. */
static void test_line_unavailable(void **unused) {
  struct desk d;
  (void)unused;
  desk(&d);
  for (int i = 0; i < 20; i++) retries(fails(&d, FS_LINE_UNAVAILABLE, NULL), 0);
  retries(fails(&d, FS_BUSY, NULL), 600);
  d.policy.rules[FAX_CAUSE_LINE_UNAVAILABLE] =
      (struct fax_retry_rule){2, 60, 200, FAX_UNKNOWN, FAX_UNKNOWN};
  retries(fails(&d, FS_LINE_UNAVAILABLE, NULL), 60);
  retries(fails(&d, FS_LINE_UNAVAILABLE, NULL), 120);
  assert_int_equal(fails(&d, FS_LINE_UNAVAILABLE, NULL).action,
                   FAX_DECISION_GIVE_UP);
}

static void test_limit_of_a_cause(void **unused) {
  struct desk d;
  struct policy_decision decision;
  (void)unused;
  desk(&d);
  d.rules.retries = 10;
  d.policy.rules[FAX_CAUSE_NO_FAX].limit = 1;
  retries(fails(&d, FS_NOT_FAX_CALL, NULL), 600);
  retries(fails(&d, FS_BUSY, NULL), 600);
  retries(fails(&d, FS_BUSY, NULL), 600);
  decision = fails(&d, FS_NOT_FAX_CALL, NULL);
  assert_int_equal(decision.action, FAX_DECISION_GIVE_UP);
  assert_string_equal(decision.reason,
                      "no fax machine: given up, the limit of 1 further "
                      "attempts after this cause is reached");
}

/* JOB-54: what was before a restart counts for nothing. */
static void test_restarted(void **unused) {
  struct desk d;
  (void)unused;
  desk(&d);
  d.policy.rules[FAX_CAUSE_BUSY].limit = 1;
  retries(fails(&d, FS_BUSY, NULL), 600);
  assert_int_equal(fails(&d, FS_BUSY, NULL).action, FAX_DECISION_GIVE_UP);
  d.job.failures = 0;
  retries(fails(&d, FS_BUSY, NULL), 600);
  assert_int_equal(fails(&d, FS_BUSY, NULL).action, FAX_DECISION_GIVE_UP);
}

static void test_growth_and_cap(void **unused) {
  struct desk d;
  (void)unused;
  desk(&d);
  d.rules.retries = 30;
  d.policy.rules[FAX_CAUSE_BUSY] =
      (struct fax_retry_rule){FAX_UNKNOWN, 60, 150, FAX_UNKNOWN, 180};
  retries(fails(&d, FS_BUSY, NULL), 60);
  retries(fails(&d, FS_BUSY, NULL), 90);
  retries(fails(&d, FS_NO_ANSWER, NULL), 600); /* each cause by itself */
  retries(fails(&d, FS_BUSY, NULL), 135);
  for (int i = 0; i < 20; i++) retries(fails(&d, FS_BUSY, NULL), 180);
}

/* A delay that grows without a cap comes to a year at most. */
static void test_growth_ends(void **unused) {
  struct desk d;
  struct policy_decision last = {0};
  (void)unused;
  desk(&d);
  d.rules.retries = 99;
  d.policy.rules[FAX_CAUSE_BUSY].growth = 10000;
  for (int i = 0; i < 30; i++) last = fails(&d, FS_BUSY, NULL);
  retries(last, 366 * 24 * 3600);
}

/* The same for the same seed; spread over the whole range. */
static void test_jitter(void **unused) {
  struct desk d;
  struct policy_decision one, two;
  DWORD least = 1000, most = 0;
  (void)unused;
  desk(&d);
  d.policy.rules[FAX_CAUSE_BUSY].jitter = 20;
  fails(&d, FS_BUSY, NULL);
  for (uint64_t seed = 0; seed < 1000; seed++) {
    policy_decide(&d.rules, &d.job, &d.past, FAX_CAUSE_BUSY, seed, &one);
    policy_decide(&d.rules, &d.job, &d.past, FAX_CAUSE_BUSY, seed, &two);
    assert_int_equal(one.delay, two.delay);
    assert_in_range(one.delay, 480, 720);
    if (one.delay < least) least = one.delay;
    if (one.delay > most) most = one.delay;
  }
  assert_in_range(least, 480, 490);
  assert_in_range(most, 710, 720);
  d.policy.rules[FAX_CAUSE_BUSY].cap = 500;
  for (uint64_t seed = 0; seed < 100; seed++) {
    policy_decide(&d.rules, &d.job, &d.past, FAX_CAUSE_BUSY, seed, &one);
    assert_in_range(one.delay, 480, 500);
  }
}

/* ---- the ladder ---- */

static void next_is(struct desk *d, DWORD max_rate, DWORD ecm,
                    DWORD transport) {
  struct policy_transport t = policy_ladder(&d->rules, &d->job, &d->past);
  assert_int_equal(t.max_rate, max_rate);
  assert_int_equal(t.ecm, ecm);
  assert_int_equal(t.transport, transport);
}

/* A call that failed at that speed. */
static void failed_at(struct desk *d, const char *cause, DWORD rate,
                      DWORD transport) {
  struct fax_attempt *a = attempt(d, FS_FATAL_ERROR, cause);
  a->rate = rate;
  a->transport = transport;
  a->ecm = 1;
  d->job.failures++;
}

static void test_ladder(void **unused) {
  struct desk d;
  (void)unused;
  desk(&d);
  next_is(&d, 0, 1, FAX_TRANSPORT_ANY);
  failed_at(&d, "page_rejected", 14400, FAX_TRANSPORT_AUDIO);
  next_is(&d, 9600, 1, FAX_TRANSPORT_ANY);
  failed_at(&d, "page_rejected", 9600, FAX_TRANSPORT_AUDIO);
  next_is(&d, 4800, 1, FAX_TRANSPORT_ANY);
  failed_at(&d, NULL, 4800, FAX_TRANSPORT_AUDIO);
  next_is(&d, 4800, 1, FAX_TRANSPORT_ANY); /* it ends there */
}

static void test_ladder_from_t38(void **unused) {
  struct desk d;
  (void)unused;
  desk(&d);
  failed_at(&d, NULL, 14400, FAX_TRANSPORT_T38);
  failed_at(&d, NULL, 9600, FAX_TRANSPORT_T38);
  next_is(&d, 4800, 1, FAX_TRANSPORT_ANY);
  failed_at(&d, NULL, 4800, FAX_TRANSPORT_T38);
  next_is(&d, 4800, 1, FAX_TRANSPORT_AUDIO);
  d.job.transport = FAX_TRANSPORT_T38; /* never beyond what the job allows */
  next_is(&d, 4800, 1, FAX_TRANSPORT_T38);
}

/* Where T.38 does not get through, slower T.38 does not either. */
static void test_no_t38(void **unused) {
  struct desk d;
  (void)unused;
  desk(&d);
  attempt(&d, FS_DISCONNECTED, "no_packets")->transport = FAX_TRANSPORT_T38;
  d.job.failures++;
  next_is(&d, 0, 1, FAX_TRANSPORT_AUDIO);
  d.job.transport = FAX_TRANSPORT_T38;
  next_is(&d, 0, 1, FAX_TRANSPORT_T38);
}

/* A busy line, or one that was cut before any modem spoke, is no step. */
static void test_no_step(void **unused) {
  struct desk d;
  (void)unused;
  desk(&d);
  fails(&d, FS_BUSY, NULL);
  fails(&d, FS_DISCONNECTED, "disconnected");
  next_is(&d, 0, 1, FAX_TRANSPORT_ANY);
  fails(&d, FS_DISCONNECTED, "no_response");
  d.attempts[2].rate = 14400; /* cut while the modems trained */
  next_is(&d, 9600, 1, FAX_TRANSPORT_ANY);
}

/* What the other side brought down by itself is no step either. */
static void test_slow_already(void **unused) {
  struct desk d;
  (void)unused;
  desk(&d);
  failed_at(&d, NULL, 7200, FAX_UNKNOWN);
  next_is(&d, 4800, 1, FAX_TRANSPORT_ANY);
}

static void test_limits_of_the_job(void **unused) {
  struct desk d;
  (void)unused;
  desk(&d);
  d.job.max_rate = 9600;
  d.job.ecm = 0;
  next_is(&d, 9600, 0, FAX_TRANSPORT_ANY);
  failed_at(&d, NULL, 9600, FAX_UNKNOWN);
  next_is(&d, 4800, 0, FAX_TRANSPORT_ANY);
  d.job.max_rate = 4800;
  next_is(&d, 4800, 0, FAX_TRANSPORT_ANY);
}

static void test_own_ladder(void **unused) {
  struct desk d;
  (void)unused;
  desk(&d);
  d.policy.ladder[0] = (struct fax_ladder_step){0, 0, FAX_TRANSPORT_ANY};
  d.policy.ladder[1] =
      (struct fax_ladder_step){9600, FAX_UNKNOWN, FAX_TRANSPORT_AUDIO};
  d.policy.ladder_count = 2;
  failed_at(&d, NULL, 14400, FAX_TRANSPORT_T38);
  next_is(&d, 0, 0, FAX_TRANSPORT_ANY);
  failed_at(&d, NULL, 14400, FAX_TRANSPORT_T38);
  next_is(&d, 9600, 0, FAX_TRANSPORT_AUDIO);
  d.policy.ladder_count = 0;
  next_is(&d, 0, 1, FAX_TRANSPORT_ANY);
}

/* The reason says what will be different. */
static void test_reason(void **unused) {
  struct desk d;
  struct policy_decision decision;
  (void)unused;
  desk(&d);
  decision = fails(&d, FS_FATAL_ERROR, "page_rejected");
  assert_string_equal(decision.reason,
                      "page rejected: again in 600 s, attempt 2 of at most 4, "
                      "with at most 9600 bit/s");
  assert_int_equal(decision.next.max_rate, 9600);
}

/* ---- numbers ---- */

#define WEEK (INT64_C(7) * 24 * 3600 * FAX_SECOND)
#define DAY_ONE (INT64_C(1600000000) * FAX_SECOND)

/* A call of a job without limits of its own, which went as asked. */
static struct policy_lesson lesson(bool delivered, DWORD cause, DWORD max_rate,
                                   int64_t now) {
  return (struct policy_lesson){.cause = cause,
                                .delivered = delivered,
                                .rate = max_rate != 0 ? max_rate : 14400,
                                .ecm = 1,
                                .transport = FAX_TRANSPORT_AUDIO,
                                .answer = 12,
                                .asked = {.max_rate = max_rate, .ecm = 1},
                                .begun = {.ecm = 1},
                                .now = now};
}

static void test_learns(void **unused) {
  struct fax_number n = policy_number("1");
  struct policy_lesson l = lesson(false, FAX_CAUSE_PROTOCOL, 0, DAY_ONE);
  (void)unused;
  assert_true(policy_learn(&n, &l));
  assert_true(policy_learn(&n, &l));
  assert_int_equal(n.failures, 2);
  assert_int_equal(n.rate, FAX_UNKNOWN);
  l = lesson(true, FAX_CAUSE_NONE, 4800, DAY_ONE);
  assert_true(policy_learn(&n, &l));
  assert_int_equal(n.calls, 3);
  assert_int_equal(n.failures, 0);
  assert_int_equal(n.rate, 4800);
  assert_int_equal(n.max_rate, 4800);
  assert_int_equal(n.answer, 12);
}

/* What says nothing of the other side teaches nothing of it. */
static void test_teaches_nothing(void **unused) {
  static const DWORD causes[] = {FAX_CAUSE_NONE, FAX_CAUSE_LOCAL,
                                 FAX_CAUSE_LINE_UNAVAILABLE};
  struct fax_number n = policy_number("1");
  (void)unused;
  for (int i = 0; i < 3; i++) {
    struct policy_lesson l = lesson(false, causes[i], 0, DAY_ONE);
    assert_false(policy_learn(&n, &l));
  }
  assert_int_equal(n.calls, 0);
}

/* A limit that was known before is not learned anew when it serves again. */
static void test_fades(void **unused) {
  static const DWORD rates[] = {4800, 7200, 9600, 12000, 14400, 0, 0};
  struct fax_number n = policy_number("1");
  struct policy_lesson l = lesson(true, FAX_CAUSE_NONE, 4800, DAY_ONE);
  (void)unused;
  policy_learn(&n, &l);
  l = lesson(false, FAX_CAUSE_BUSY, 0, DAY_ONE);
  for (int i = 0; i < 8; i++) policy_learn(&n, &l);
  for (int week = 0; week < 7; week++) {
    int64_t now = DAY_ONE + week * WEEK + WEEK / 2;
    struct fax_number faded = policy_number_at(&n, now);
    assert_int_equal(faded.max_rate, rates[week]);
    assert_int_equal(faded.failures, 8 >> week);
    assert_int_equal(faded.rate, week < 4 ? 4800 : FAX_UNKNOWN);
  }
  l = lesson(true, FAX_CAUSE_NONE, 7200, DAY_ONE + WEEK);
  l.begun.max_rate = 7200;
  policy_learn(&n, &l);
  assert_int_equal(policy_number_at(&n, DAY_ONE + 2 * WEEK).max_rate, 9600);
  assert_false(policy_number_forgotten(&n, DAY_ONE + 26 * WEEK));
  assert_true(policy_number_forgotten(&n, DAY_ONE + 27 * WEEK));
  assert_int_equal(policy_number_at(&n, DAY_ONE - WEEK).max_rate, 4800);
}

static void test_pinned(void **unused) {
  struct fax_number n = policy_number("1");
  struct policy_lesson l = lesson(true, FAX_CAUSE_NONE, 4800, DAY_ONE);
  (void)unused;
  n.max_rate = 9600;
  n.pinned = TRUE;
  l.t38_refused = true;
  policy_learn(&n, &l);
  assert_int_equal(n.max_rate, 9600);
  assert_int_equal(n.t38_refused.dwHighDateTime, 0);
  assert_int_equal(policy_number_at(&n, DAY_ONE + 99 * WEEK).max_rate, 9600);
  assert_false(policy_number_forgotten(&n, DAY_ONE + 99 * WEEK));
}

/* The ladder goes on from where the number begins. */
static void test_history(void **unused) {
  struct fax_number n = policy_number("1");
  struct desk d;
  (void)unused;
  desk(&d);
  d.past.history = &n;
  n.max_rate = 9600;
  n.without_ecm = TRUE;
  n.t38_refused.dwHighDateTime = 1;
  next_is(&d, 9600, 0, FAX_TRANSPORT_AUDIO);
  failed_at(&d, NULL, 9600, FAX_TRANSPORT_AUDIO);
  next_is(&d, 4800, 0, FAX_TRANSPORT_AUDIO);
  d.job.max_rate = 7200; /* limits of the job hold too */
  d.job.transport = FAX_TRANSPORT_T38;
  d.job.failures = 0;
  next_is(&d, 7200, 0, FAX_TRANSPORT_T38);
}

/* ---- what may be set ---- */

static void refused(const struct desk *d, const char *what) {
  assert_int_equal(policy_check(&d->policy), ERROR_INVALID_PARAMETER);
  assert_non_null(strstr(error_message(), what));
}

static void test_check(void **unused) {
  struct desk d;
  (void)unused;
  desk(&d);
  assert_int_equal(policy_check(&d.policy), ERROR_SUCCESS);
  d.policy.rules[FAX_CAUSE_NO_FAX].jitter = 101;
  refused(&d, "policy.no_fax.jitter is 101: 0 to 100 are allowed");
  desk(&d);
  d.policy.rules[FAX_CAUSE_LOCAL].growth = 99;
  refused(&d, "policy.local.growth is 99");
  desk(&d);
  d.policy.ladder[1].max_rate = 2400;
  refused(&d, "policy.ladder step 2: max_rate is 2400");
  desk(&d);
  d.policy.ladder_count = FAX_LADDER_MOST + 1;
  refused(&d, "policy.ladder has 9 steps");
  desk(&d);
  d.policy.ladder[0].transport = 3;
  refused(&d, "there is no transport 3");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_classes),
      cmocka_unit_test(test_final),
      cmocka_unit_test(test_as_documented),
      cmocka_unit_test(test_own_limits_of_a_job),
      cmocka_unit_test(test_line_unavailable),
      cmocka_unit_test(test_limit_of_a_cause),
      cmocka_unit_test(test_restarted),
      cmocka_unit_test(test_growth_and_cap),
      cmocka_unit_test(test_growth_ends),
      cmocka_unit_test(test_jitter),
      cmocka_unit_test(test_ladder),
      cmocka_unit_test(test_ladder_from_t38),
      cmocka_unit_test(test_no_t38),
      cmocka_unit_test(test_no_step),
      cmocka_unit_test(test_slow_already),
      cmocka_unit_test(test_limits_of_the_job),
      cmocka_unit_test(test_own_ladder),
      cmocka_unit_test(test_reason),
      cmocka_unit_test(test_learns),
      cmocka_unit_test(test_teaches_nothing),
      cmocka_unit_test(test_fades),
      cmocka_unit_test(test_pinned),
      cmocka_unit_test(test_history),
      cmocka_unit_test(test_check),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
