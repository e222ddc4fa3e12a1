/* SPDX-License-Identifier: MIT
   FaxSetJob: pause, resume, restart (JOB-48..56). Deleting is aborting. */
#include "service/log.h"
#include "service/schedule/number.h"
#include "service/state.h"

static DWORD refuse(const struct job *j, const char *what) {
  static const char *const states[] = {
      [JOB_PENDING] = "pending",
      [JOB_INPROGRESS] = "in progress",
      [JOB_CANCELING] = "being cancelled",
      [JOB_RETRYING] = "retrying",
      [JOB_RETRIES_EXCEEDED] = "not to be tried again",
      [JOB_ROUTING] = "being stored or routed",
      [JOB_FAILED] = "an incomplete reception",
      [JOB_FINISHED] = "over"};
  return error_say(ERROR_INVALID_OPERATION, "job %u is %s: it cannot be %s",
                   j->id, states[j->state], what);
}

static void changed(struct service *s, struct job *j, const char *how) {
  event_raise(s, FEI_FAX_JOB_CHANGED, j, NULL);
  job_save(s, j);
  log_line(log_category_of(j), FAX_LOG_INFO, "job", "%s job=%u", how, j->id);
}

/* JOB-49: of an active job it takes effect when that comes back. */
static DWORD hold(struct service *s, struct job *j) {
  bool may = j->state == JOB_PENDING || j->state == JOB_RETRYING ||
             j->state == JOB_INPROGRESS;
  if (!may || j->type != JT_SEND) return refuse(j, "paused");
  if (j->paused) return ERROR_SUCCESS;
  j->paused = true;
  wait_end(s, j);
  changed(s, j, "paused");
  return ERROR_SUCCESS;
}

/* JOB-54: a fresh set of attempts. Pages with a confirmation are not sent again
   for that. */
static void restart(struct service *s, struct job *j) {
  list_remove(&j->link);
  j->state = j->type == JT_SEND ? JOB_PENDING : JOB_RETRYING;
  j->failures = 0;
  j->refusals = 0;
  j->chooses = false;
  j->not_before = 0;
  if (j->deadline <= FaxClockWall()) j->deadline = 0; /* it is wanted still */
  if (j->type == JT_SEND) {
    j->outcome = FAX_OUTCOME_PENDING;
    j->counted = false;
    j->finished = 0;
  }
  changed(s, j, "restarted");
  wait_begin(s, j);
}

/* JOB-51: the state it had, with what is left of its delay. */
static void resume(struct service *s, struct job *j) {
  if (!j->paused) return;
  j->paused = false;
  changed(s, j, "resumed");
  wait_begin(s, j);
}

/* JOB-52: one number for both. */
static DWORD go_on(struct service *s, struct job *j) {
  if (s->state != SERVICE_RUNNING)
    return error_say(ERROR_SHUTDOWN_IN_PROGRESS, "the fax service is stopping");
  switch (j->state) {
    case JOB_RETRIES_EXCEEDED:
      if (j->number != NULL && j->number->blocked_by != NULL)
        return error_say(ERROR_FAX_BLOCKED, "job %u: the block list has \"%s\"",
                         j->id, j->number->blocked_by);
      restart(s, j);
      return ERROR_SUCCESS;
    case JOB_PENDING:
    case JOB_RETRYING:
    case JOB_INPROGRESS:
      if (j->type == JT_RECEIVE) break;
      resume(s, j);
      return ERROR_SUCCESS;
    case JOB_CANCELING:
    case JOB_ROUTING:
    case JOB_FAILED:
    case JOB_FINISHED:
      break;
  }
  return refuse(j, "resumed or restarted");
}

/* JOB-56: not used, but it must not be another's. */
static DWORD check_entry(DWORD id, const FAX_JOB_ENTRY *entry) {
  if (entry == NULL) return ERROR_SUCCESS;
  if (entry->SizeOfStruct != sizeof *entry)
    return error_say(ERROR_INVALID_PARAMETER,
                     "SizeOfStruct is %u, a FAX_JOB_ENTRY has %zu bytes",
                     entry->SizeOfStruct, sizeof *entry);
  if (entry->JobId != id)
    return error_say(ERROR_INVALID_PARAMETER,
                     "JobEntry is of job %u, the command for job %u",
                     entry->JobId, id);
  return ERROR_SUCCESS;
}

DWORD job_set(struct connection *c, DWORD id, DWORD command,
              const FAX_JOB_ENTRY *entry) {
  struct service *s = c->service;
  struct job *j = NULL;
  DWORD error = check_entry(id, entry);
  if (error != ERROR_SUCCESS) return error;
  if (command == JC_DELETE) return job_abort(c, id); /* JOB-57 */
  if (command != JC_PAUSE && command != JC_RESUME)   /* JOB-55 */
    return error_say(ERROR_INVALID_PARAMETER, "there is no command %u",
                     command);
  error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  error = job_find_managed(c, id, &j);
  if (error == ERROR_SUCCESS)
    error = command == JC_PAUSE ? hold(s, j) : go_on(s, j);
  service_leave(s);
  return error;
}
