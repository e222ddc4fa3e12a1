/* SPDX-License-Identifier: MIT
   Asking a program what is to become of a job. Its answer is in answer.c. */
#include "service/policy/ask.h"

#include "base/completion.h"

/* ---- asking ---- */

void policy_verdict_free(struct verdict *v) {
  if (v == NULL) return;
  list_remove(&v->link);
  mem_unref(v->port);
  mem_free(v);
}

/* Nobody takes its questions any more. */
void policy_lose(struct service *s) {
  mem_unref(s->asker);
  s->asker = NULL;
  log_line(LOG_OTHER, FAX_LOG_WARN, "policy",
           "the program that decided is gone: the rules decide");
}

static DWORD post(struct service *s, const struct job *j, struct verdict *v,
                  DWORD cause) {
  void *block;
  DWORD error = question_pack(s, j, v->number, cause, &v->usual, &block);
  if (error != ERROR_SUCCESS) return error;
  struct fax_packet packet = {sizeof(struct fax_policy_question), s->asker->key,
                              block};
  error = completion_post(s->asker->port, packet, NULL);
  if (error != ERROR_SUCCESS) mem_free_tagged(block, MEM_LOCAL);
  return error;
}

static struct verdict *verdict_new(struct attempt *a) {
  struct verdict *v = mem_alloc(sizeof *v);
  if (v == NULL) return NULL;
  *v = (struct verdict){.job = a->job,
                        .number = a->service->questions,
                        .event_id = attempt_event_id(a->status),
                        .port = mem_ref(a->port),
                        .since = FaxClockWall(),
                        .ended = FaxClockNow(),
                        .usual = a->decision};
  list_init(&v->link);
  return v;
}

/* It waits for the answer as it would for the end of a delay. */
bool policy_ask(struct attempt *a) {
  struct service *s = a->service;
  struct job *j = a->job;
  if (s->asker == NULL || s->state != SERVICE_RUNNING) return false;
  if (++s->questions == 0) s->questions = 1; /* 0 is the last one */
  struct verdict *v = verdict_new(a);
  if (v == NULL) return false;
  DWORD error = post(s, j, v, a->cause_class);
  if (error != ERROR_SUCCESS) {
    policy_verdict_free(v);
    if (error == ERROR_ABANDONED_WAIT_0) policy_lose(s);
    return false;
  }
  list_append(&s->asked, &v->link);
  j->verdict = v;
  j->state = JOB_RETRYING;
  j->not_before = clock_after(FaxClockNow(), s->policy.patience);
  wait_begin(s, j);
  return true;
}

void policy_withdraw(struct service *s, struct job *j) {
  struct verdict *v = j->verdict;
  if (v == NULL) return;
  j->verdict = NULL;
  event_raise(s, v->event_id, j, v->port);
  policy_verdict_free(v);
}

void policy_end(struct service *s) {
  struct fax_policy_question last = {.size = sizeof last};
  void *block;
  if (s->asker == NULL) return;
  DWORD error =
      record_pack(&record_policy_question, &last, 1, MEM_LOCAL, &block);
  if (error == ERROR_SUCCESS) {
    struct fax_packet packet = {sizeof last, s->asker->key, block};
    if (completion_post(s->asker->port, packet, NULL) != ERROR_SUCCESS)
      mem_free_tagged(block, MEM_LOCAL);
  }
  s->asker = mem_unref(s->asker);
}

/* ---- deciding ---- */

/* The delay counts from the end of the call, as without a program. */
void policy_settle(struct service *s, struct job *j,
                   const struct policy_decision *d) {
  struct verdict *v = j->verdict;
  wait_end(s, j);
  j->verdict = NULL;
  attempt_apply(s, j, d, v->event_id, v->port, v->ended);
  policy_verdict_free(v);
  job_save(s, j);
}

void policy_lapse(struct service *s, struct job *j) {
  struct policy_decision usual = j->verdict->usual;
  log_line(LOG_OUTBOUND, FAX_LOG_WARN, "policy",
           "no answer from the program within %u s: the rules decide job=%u",
           s->policy.patience, j->id);
  policy_settle(s, j, &usual);
}
