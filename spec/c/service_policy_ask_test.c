/* SPDX-License-Identifier: MIT
   A program that decides what becomes of a job: what it is asked, its answers,
   and what there is when none comes. On the virtual clock. */
#include <fax/faxdev.h>

#include "service/durable/durable.h"
#include "service_fsp.h"
#include "service_stage.h"

static struct stage st;
static HANDLE port, policy;

static void two_retries(struct fax_service_config *config) {
  config->retries = 2;
  config->retry_delay = 100;
}

static void no_retries(struct fax_service_config *config) {
  config->retry_delay = 100;
}

static void begin(void (*change)(struct fax_service_config *)) {
  fsp_set(1);
  assert_true(FaxClockVirtual(STAGE_NOON));
  stage_start_with(&st, "forward", NULL, change);
  stage_document(&st, 1);
  port = FaxCreateCompletionPort();
  if (!FaxAttachPolicy(st.server, port, 7, &policy))
    fail_msg("%s", FaxGetLastErrorMessage());
}

static void end(void) {
  if (policy != NULL) assert_true(FaxClose(policy));
  if (port != NULL) assert_true(FaxCloseCompletionPort(port));
  stage_stop_virtual(&st);
}

/* What is asked next, which the caller frees. */
static struct fax_policy_question *question(void) {
  struct fax_packet packet;
  DWORD taken;
  if (!FaxGetCompletions(port, &packet, 1, &taken, stage_patience()))
    fail_msg("nothing was asked");
  assert_int_equal(packet.key, 7);
  assert_int_equal(packet.bytes, sizeof(struct fax_policy_question));
  return packet.packet;
}

/* Takes it, and gives its number. */
static DWORD asked(void) {
  struct fax_policy_question *q = question();
  DWORD number = q->question;
  FaxLocalFree(q);
  return number;
}

static struct fax_policy_answer again(DWORD delay) {
  return (struct fax_policy_answer){.size = sizeof(struct fax_policy_answer),
                                    .decision = FAX_DECISION_RETRY,
                                    .delay = delay,
                                    .max_rate = FAX_UNKNOWN,
                                    .ecm = FAX_UNKNOWN,
                                    .transport = FAX_UNKNOWN};
}

static struct fax_attempt last_attempt(DWORD job, char *reason, size_t size) {
  struct fax_job_result *result;
  assert_true(FaxGetJobResult(st.server, job, &result));
  assert_true(result->attempt_count > 0);
  struct fax_attempt a = result->attempts[result->attempt_count - 1];
  snprintf(reason, size, "%s", a.reason != NULL ? a.reason : "");
  FaxFreeBuffer(result);
  return a;
}

/* The last attempt of the job was decided so, for that reason. */
static void decided(DWORD job, DWORD decision, DWORD delay,
                    const char *reason) {
  char text[300];
  struct fax_attempt a = last_attempt(job, text, sizeof text);
  assert_string_equal(text, reason);
  assert_int_equal(a.decision, decision);
  assert_int_equal(a.delay, delay);
}

/* ---- questions ---- */

static void a_question_tells_all(void **unused) {
  (void)unused;
  begin(two_retries);
  DWORD job = stage_send(&st, FSP_BUSY);
  struct fax_policy_question *q = question();
  assert_int_equal(q->size, sizeof *q);
  assert_int_equal(q->job_id, job);
  assert_int_equal(q->cause_class, FAX_CAUSE_BUSY);
  assert_string_equal(q->number, FSP_BUSY);
  assert_string_equal(q->document, "test");
  assert_int_equal(q->pages, 1);
  assert_int_equal(q->failures, 1);
  assert_int_equal(q->retries, 2);
  assert_int_equal(q->retry_delay, 100);
  assert_int_equal(q->ecm, 1);
  assert_int_equal(q->attempt_count, 1);
  assert_int_equal(q->attempts[0].status, FS_BUSY);
  assert_int_equal(q->history_count, 1);
  assert_int_equal(q->history[0].failures, 1);
  assert_int_equal(q->usual_count, 1);
  assert_int_equal(q->usual[0].decision, FAX_DECISION_RETRY);
  assert_int_equal(q->usual[0].delay, 100);
  FaxLocalFree(q);
  end();
}

/* The event of the attempt comes with the decision, and shows its state. */
static void an_answer_decides(void **unused) {
  struct fax_policy_answer a = again(5);
  (void)unused;
  begin(no_retries);
  DWORD job = stage_send(&st, FSP_BUSY);
  DWORD number = asked();
  a.reason = "once more";
  assert_true(FaxAnswerPolicy(policy, number, &a));
  struct fax_event *e = stage_until(&st, FEI_BUSY, job);
  assert_int_equal(e->queue_status, JS_RETRYING);
  FaxLocalFree(e);
  decided(job, FAX_DECISION_RETRY, 5, "by a program: again in 5 s: once more");
  number = asked();
  a = again(0);
  a.decision = FAX_DECISION_GIVE_UP;
  assert_true(FaxAnswerPolicy(policy, number, &a));
  e = stage_until(&st, FEI_BUSY, job);
  assert_int_equal(e->queue_status, JS_RETRIES_EXCEEDED);
  assert_int_equal(e->outcome, FAX_OUTCOME_FAILED);
  FaxLocalFree(e);
  decided(job, FAX_DECISION_GIVE_UP, FAX_UNKNOWN, "by a program: given up");
  assert_fails(FaxAnswerPolicy(policy, number, &a), ERROR_NOT_FOUND);
  end();
}

/* ---- no answer, or a wrong one ---- */

static void a_wrong_answer_is_none(void **unused) {
  struct fax_policy_answer wrong[6];
  (void)unused;
  for (int i = 0; i < 6; i++) wrong[i] = again(5);
  wrong[0].size = 4;
  wrong[1].decision = FAX_DECISION_FINAL;
  wrong[2].delay = 367 * 24 * 3600;
  wrong[3].max_rate = 300;
  wrong[4].ecm = 2;
  wrong[5].transport = 3;
  for (int i = 0; i < 6; i++) {
    begin(two_retries);
    DWORD job = stage_send(&st, FSP_BUSY);
    assert_fails(FaxAnswerPolicy(policy, asked(), &wrong[i]),
                 ERROR_INVALID_PARAMETER);
    decided(job, FAX_DECISION_RETRY, 100,
            "busy: again in 100 s, attempt 2 of at most 3");
    end();
  }
}

/* Ten seconds of the clock. The delay counts from the end of the call. */
static void no_answer_is_none(void **unused) {
  (void)unused;
  begin(two_retries);
  DWORD job = stage_send(&st, FSP_BUSY);
  DWORD number = asked();
  fax_deadline since = FaxClockNow();
  stage_skip(&st, FEI_BUSY, job);
  assert_true(FaxClockNow() - since >= 9 * FAX_SECOND);
  struct fax_policy_answer a = again(5);
  assert_fails(FaxAnswerPolicy(policy, number, &a), ERROR_NOT_FOUND);
  asked();
  assert_in_range((FaxClockNow() - since) / FAX_SECOND, 99, 101);
  end();
}

static void a_closed_handle_answers_nothing(void **unused) {
  (void)unused;
  begin(no_retries);
  DWORD job = stage_send(&st, FSP_BUSY);
  DWORD number = asked();
  struct fax_policy_answer a = again(5);
  HANDLE closed = policy;
  assert_true(FaxClose(policy));
  policy = NULL;
  struct fax_event *e = stage_until(&st, FEI_BUSY, job); /* at once */
  assert_int_equal(e->queue_status, JS_RETRIES_EXCEEDED);
  FaxLocalFree(e);
  assert_fails(FaxAnswerPolicy(closed, number, &a), ERROR_INVALID_HANDLE);
  end();
}

static void a_closed_port_asks_nothing(void **unused) {
  (void)unused;
  begin(no_retries);
  assert_true(FaxCloseCompletionPort(port));
  DWORD job = stage_send(&st, FSP_BUSY);
  stage_skip(&st, FEI_BUSY, job);
  port = FaxCreateCompletionPort();
  HANDLE other;
  assert_true(FaxAttachPolicy(st.server, port, 7, &other)); /* its place */
  assert_true(FaxClose(policy));
  policy = other;
  DWORD second = stage_send(&st, FSP_BUSY);
  asked();
  assert_fails(FaxAttachPolicy(st.server, port, 7, &other),
               ERROR_ALREADY_EXISTS);
  assert_true(FaxAbort(st.server, second));
  stage_skip(&st, FEI_DELETED, second);
  end();
}

/* ---- what the store has meanwhile ---- */

static struct store_job row_of(DWORD id) {
  struct service *s = service_current();
  assert_int_equal(service_enter(s), ERROR_SUCCESS);
  const struct job *j = job_find(s, id);
  assert_non_null(j);
  struct store_job row = durable_row(j);
  service_leave(s);
  mem_unref(s);
  return row;
}

static void the_store_has_what_the_rules_say(void **unused) {
  struct fax_policy_answer a = again(5);
  (void)unused;
  begin(no_retries);
  DWORD job = stage_send(&st, FSP_BUSY);
  DWORD number = asked();
  struct store_job row = row_of(job);
  assert_int_equal(row.state, STORE_EXCEEDED);
  assert_int_equal(row.outcome, FAX_OUTCOME_FAILED);
  assert_true(row.finished.dwHighDateTime != 0);
  assert_true(FaxAnswerPolicy(policy, number, &a));
  row = row_of(job);
  assert_int_equal(row.state, STORE_WAITING);
  assert_int_equal(row.outcome, FAX_OUTCOME_PENDING);
  asked();
  assert_true(FaxAbort(st.server, job));
  end();
  begin(two_retries);
  job = stage_send(&st, FSP_BUSY);
  asked();
  row = row_of(job);
  assert_int_equal(row.state, STORE_WAITING);
  int64_t next = time_from_filetime(row.not_before);
  assert_in_range((next - FaxClockWall()) / FAX_SECOND, 90, 100);
  end();
}

/* The job goes with what the rules say, and the program hears of the end. */
static void a_stop_is_told(void **unused) {
  (void)unused;
  begin(two_retries);
  DWORD job = stage_send(&st, FSP_BUSY);
  DWORD number = asked();
  stage_stop_within(20);
  struct fax_policy_question *last = question();
  assert_int_equal(last->question, 0);
  FaxLocalFree(last);
  struct fax_policy_answer a = again(5);
  assert_fails(FaxAnswerPolicy(policy, number, &a), stage_gone());
  FaxLocalFree(stage_until(&st, FEI_BUSY, job));
  struct fax_event *e = stage_until(&st, FEI_DELETED, job);
  assert_int_equal(e->outcome, FAX_OUTCOME_STOPPED);
  FaxLocalFree(e);
  end();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_question_tells_all),
      cmocka_unit_test(an_answer_decides),
      cmocka_unit_test(a_wrong_answer_is_none),
      cmocka_unit_test(no_answer_is_none),
      cmocka_unit_test(a_closed_handle_answers_nothing),
      cmocka_unit_test(a_closed_port_asks_nothing),
      cmocka_unit_test(a_stop_is_told),
      cmocka_unit_test(the_store_has_what_the_rules_say),
  };
  test_start();
  return cmocka_run_group_tests(tests, NULL, NULL);
}
