/* SPDX-License-Identifier: MIT
   What comes next of a job and why, for people: from a copy of what the job is,
   outside the lock. */
#include <fax/faxdev.h>
#include <stdio.h>

#include "service/dialling/dialling.h"
#include "service/policy/memory.h"

enum { RULES = FAX_CAUSES - 1 };

/* A copy. */
struct subject {
  struct policy_rules rules;
  struct fax_retry_policy own;
  struct policy_job job;
  enum job_state state;
  DWORD outcome;
  bool paused, asked;
  struct policy_transport next_call;
  int64_t next; /* wall; 0 */
  char *number;
  struct fax_number history;
  bool known;
  struct fax_attempt *attempts; /* one block */
  struct fax_attempt **list;
  DWORD count;
};

/* ---- the copy ---- */

static DWORD copy_attempts(const struct job *j, struct subject *u) {
  void *block;
  struct fax_attempt *flat = mem_alloc((j->attempt_count + 1) * sizeof *flat);
  if (flat == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < j->attempt_count; i++) {
    flat[i] = *j->attempts[i];
    flat[i].timeline = NULL;
    flat[i].timeline_count = 0;
  }
  DWORD error =
      record_pack(&record_attempt, flat, j->attempt_count, MEM_BUFFER, &block);
  mem_free(flat);
  if (error == ERROR_SUCCESS) u->attempts = block;
  return error;
}

/* One that was read has no normal form yet. */
static char *called(const struct service *s, const struct job *j) {
  if (j->called != NULL) return mem_text(j->called);
  return dialling_number(s->dialling, j->params->RecipientNumber);
}

/* With the lock. */
static DWORD copy(const struct service *s, const struct job *j,
                  struct subject *u) {
  fax_deadline now = FaxClockNow();
  if (j->type != JT_SEND)
    return error_say(ERROR_INVALID_OPERATION, "job %u is a reception", j->id);
  u->rules = judge_rules(s);
  u->own = s->policy;
  u->job = judge_view(j);
  u->state = j->state;
  u->outcome = j->outcome;
  u->paused = j->paused;
  u->asked = j->verdict != NULL;
  u->next_call = attempt_transport(s, j);
  if (j->schedule > FaxClockWall()) u->next = j->schedule;
  if (j->not_before > now) u->next = FaxClockWall() + (j->not_before - now);
  u->count = j->attempt_count;
  u->number = called(s, j);
  if (u->number == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  u->known = memory_read(s, u->number, &u->history);
  u->history.number = u->number;
  return copy_attempts(j, u);
}

static void drop(struct subject *u) {
  mem_free(u->number);
  mem_free(u->list);
  if (u->attempts != NULL) mem_free_tagged(u->attempts, MEM_BUFFER);
}

static DWORD no_job(DWORD id) {
  return error_say(ERROR_INVALID_PARAMETER, "there is no job %u", id);
}

static DWORD copy_stored(struct connection *c, DWORD id, struct subject *u) {
  struct job *j;
  DWORD error = job_read_stored(c->service, id, &j);
  if (error != ERROR_SUCCESS) return error;
  if (j == NULL || !access_sees_job(c, j)) {
    mem_unref(j);
    return no_job(id);
  }
  error = service_enter(c->service);
  if (error == ERROR_SUCCESS) {
    error = copy(c->service, j, u);
    service_leave(c->service);
  }
  mem_unref(j);
  return error;
}

static DWORD take(struct connection *c, DWORD id, struct subject *u) {
  DWORD error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  const struct job *j = job_find_any(c->service, id);
  bool here = j != NULL;
  if (here) error = access_sees_job(c, j) ? copy(c->service, j, u) : no_job(id);
  service_leave(c->service);
  if (!here) error = copy_stored(c, id, u);
  if (error != ERROR_SUCCESS) return error;
  u->rules.own = &u->own;
  u->list = mem_alloc((u->count + 1) * sizeof(struct fax_attempt *));
  if (u->list == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < u->count; i++) u->list[i] = &u->attempts[i];
  return ERROR_SUCCESS;
}

/* ---- what is said of it ---- */

/* One that goes on has no end yet. */
static bool goes_on(const struct fax_attempt *a) {
  return a->ended.dwLowDateTime == 0 && a->ended.dwHighDateTime == 0;
}

static const char *last_reason(const struct subject *u) {
  for (DWORD i = u->count; i-- > 0;)
    if (u->attempts[i].reason != NULL) return u->attempts[i].reason;
  return NULL;
}

/* One that was held for a page in doubt says so in its last attempt. */
static const char *why_paused(const struct subject *u) {
  const struct fax_attempt *a =
      u->count > 0 ? &u->attempts[u->count - 1] : NULL;
  bool held = a != NULL && a->doubt != 0 && a->cause != NULL;
  return held && a->evidence != NULL ? a->evidence : "it is paused";
}

static const char *reason_of(const struct subject *u) {
  const char *last = last_reason(u);
  switch (u->state) {
    case JOB_PENDING:
      if (u->paused) return why_paused(u);
      return last != NULL && u->job.refusals != 0
                 ? last
                 : "it was not called yet: as soon as it is its turn";
    case JOB_INPROGRESS:
      return "a call goes on: it depends on how that ends";
    case JOB_CANCELING:
      return "it is being cancelled";
    case JOB_RETRYING:
      if (u->asked) return "a program is asked what becomes of it";
      if (u->paused) return why_paused(u);
      return last != NULL ? last : "it is tried again";
    case JOB_RETRIES_EXCEEDED:
      return last != NULL ? last : "given up";
    case JOB_ROUTING:
    case JOB_FAILED:
    case JOB_FINISHED:
      break;
  }
  if (u->outcome == FAX_OUTCOME_COMPLETED) return "it was delivered";
  if (u->outcome == FAX_OUTCOME_CANCELLED) return "it was cancelled";
  return last != NULL ? last : "it is over";
}

static bool may_be_called(const struct subject *u) {
  return u->state == JOB_PENDING || u->state == JOB_INPROGRESS ||
         u->state == JOB_RETRYING;
}

static DWORD or_none(DWORD value, DWORD none) {
  return value == FAX_UNKNOWN ? none : value;
}

static struct fax_policy_rule rule_of(const struct subject *u,
                                      const struct policy_past *past,
                                      DWORD cause,
                                      struct policy_decision *decision) {
  const struct fax_retry_rule *own = &u->own.rules[cause];
  DWORD delay = cause == FAX_CAUSE_LINE_UNAVAILABLE ? 0 : u->rules.retry_delay;
  struct fax_policy_rule rule = {
      .cause = cause,
      .limit = own->limit,
      .delay = or_none(own->delay, delay),
      .growth = or_none(own->growth, 100),
      .jitter = or_none(own->jitter, 0),
      .cap = own->cap,
      .failures = policy_failures(&u->job, past, cause),
      .decision = FAX_UNKNOWN,
      .wait = FAX_UNKNOWN};
  if (cause != FAX_CAUSE_LINE_UNAVAILABLE)
    rule.delay = or_none(u->job.retry_delay, rule.delay);
  if (!may_be_called(u)) return rule;
  policy_foresee(&u->rules, &u->job, past, cause, decision);
  rule.decision = decision->action;
  rule.reason = decision->reason;
  if (decision->action == FAX_DECISION_RETRY) rule.wait = decision->delay;
  return rule;
}

static struct fax_policy_step step_of(const struct subject *u,
                                      const struct policy_past *past, DWORD n,
                                      struct policy_decision *decision) {
  const struct fax_attempt *a = &u->attempts[n];
  struct fax_policy_step step = {.number = a->number,
                                 .cause_class = FAX_CAUSE_NONE,
                                 .decision = FAX_UNKNOWN,
                                 .delay = FAX_UNKNOWN};
  if (goes_on(a)) return step;
  step.cause_class = policy_cause_of(a);
  if (!policy_review(&u->rules, &u->job, past, n, decision)) return step;
  step.decision = decision->action;
  step.reason = decision->reason;
  step.max_rate = decision->next.max_rate;
  step.ecm = decision->next.ecm;
  step.transport = decision->next.transport;
  if (decision->action == FAX_DECISION_RETRY) step.delay = decision->delay;
  return step;
}

/* `decisions` has the texts of rules and steps. */
static DWORD explain(const struct subject *u, struct fax_policy_step *steps,
                     struct policy_decision *decisions, void **block_out) {
  struct fax_policy_rule rules[RULES];
  struct policy_past past = {u->list, u->count, NULL,
                             u->known ? &u->history : NULL};
  struct policy_transport next = u->next_call;
  for (DWORD i = 0; i < RULES; i++)
    rules[i] = rule_of(u, &past, i + 1, &decisions[i]);
  for (DWORD i = 0; i < u->count; i++)
    steps[i] = step_of(u, &past, i, &decisions[RULES + i]);
  struct fax_policy_explanation e = {
      .size = sizeof e,
      .job_id = u->job.id,
      .number = u->number,
      .reason = reason_of(u),
      .max_rate = next.max_rate,
      .ecm = next.ecm,
      .transport = next.transport,
      .retries = or_none(u->job.retries, u->rules.retries),
      .failures = u->job.failures,
      .retry_delay = or_none(u->job.retry_delay, u->rules.retry_delay),
      .rule_count = RULES,
      .rules = rules,
      .attempt_count = u->count,
      .attempts = steps,
      .history_count = u->known,
      .history = &u->history};
  if (u->next != 0) e.next = time_to_filetime(u->next);
  return record_pack(&record_policy_explanation, &e, 1, MEM_BUFFER, block_out);
}

DWORD policy_explain(struct connection *c, DWORD id,
                     struct fax_policy_explanation **explanation_out) {
  struct subject u = {.count = 0};
  void *block;
  DWORD error = take(c, id, &u);
  struct fax_policy_step *steps = NULL;
  struct policy_decision *decisions = NULL;
  if (error == ERROR_SUCCESS) {
    steps = mem_alloc((u.count + 1) * sizeof *steps);
    decisions = mem_alloc((u.count + RULES) * sizeof *decisions);
    error = steps != NULL && decisions != NULL
                ? explain(&u, steps, decisions, &block)
                : ERROR_NOT_ENOUGH_MEMORY;
  }
  mem_free(steps);
  mem_free(decisions);
  drop(&u);
  if (error == ERROR_SUCCESS) *explanation_out = block;
  return error;
}
