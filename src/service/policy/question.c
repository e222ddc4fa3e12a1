/* SPDX-License-Identifier: MIT
   What a program that decides is asked, as a record. */
#include "service/policy/ask.h"
#include "service/policy/memory.h"

static struct fax_policy_step step_of(const struct job *j, DWORD cause,
                                      const struct policy_decision *d) {
  struct fax_policy_step step = {.number = j->attempt_count,
                                 .cause_class = cause,
                                 .decision = d->action,
                                 .delay = FAX_UNKNOWN,
                                 .max_rate = d->next.max_rate,
                                 .ecm = d->next.ecm,
                                 .transport = d->next.transport,
                                 .reason = d->reason};
  if (d->action == FAX_DECISION_RETRY) step.delay = d->delay;
  return step;
}

static DWORD pack(const struct fax_policy_question *q, void **block_out) {
  return record_pack(&record_policy_question, q, 1, MEM_LOCAL, block_out);
}

DWORD question_pack(struct service *s, const struct job *j, DWORD number,
                    DWORD cause, const struct policy_decision *usual,
                    void **block_out) {
  struct policy_rules rules = judge_rules(s);
  struct fax_policy_step step = step_of(j, cause, usual);
  struct fax_number history;
  struct fax_attempt *attempts =
      mem_alloc((j->attempt_count + 1) * sizeof *attempts);
  if (attempts == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (DWORD i = 0; i < j->attempt_count; i++) {
    attempts[i] = *j->attempts[i];
    attempts[i].timeline = NULL;
    attempts[i].timeline_count = 0;
  }
  struct fax_policy_question q = {
      .size = sizeof q,
      .question = number,
      .job_id = j->id,
      .cause_class = cause,
      .number = j->called,
      .user = j->user,
      .document = j->params->DocumentName,
      .submitted = time_to_filetime(j->submitted),
      .pages = j->pages,
      .pages_confirmed = j->confirmed,
      .failures = j->failures,
      .retries = j->retries != FAX_UNKNOWN ? j->retries : rules.retries,
      .retry_delay =
          j->retry_delay != FAX_UNKNOWN ? j->retry_delay : rules.retry_delay,
      .max_rate = j->max_rate,
      .ecm = j->ecm,
      .transport = j->transport,
      .attempt_count = j->attempt_count,
      .attempts = attempts,
      .history_count = memory_read(s, j->called, &history),
      .history = &history,
      .usual_count = 1,
      .usual = &step};
  DWORD error = pack(&q, block_out);
  mem_free(attempts);
  return error;
}
