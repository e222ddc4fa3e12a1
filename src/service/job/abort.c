/* SPDX-License-Identifier: MIT
   Ending a job on request (JOB-59..64). */
#include "service/state.h"

/* What a call leaves to be done without the lock. */
struct rest {
  struct fax_op *op;
  struct document *gone;
};

/* With the lock. */
static DWORD end(struct service *s, struct job *j, struct rest *rest) {
  switch (j->state) {
    case JOB_INPROGRESS:
      j->state = JOB_CANCELING;
      j->attempt->aborted_by_user = true;
      job_save(s, j);
      /* A watchdog may have asked already. */
      if (!j->attempt->aborting) rest->op = attempt_ask_abort(j->attempt, NULL);
      return ERROR_SUCCESS;
    case JOB_PENDING:
    case JOB_RETRYING: /* what is to be routed again is decided, too */
      rest->gone = job_finish(
          s, j, j->type == JT_ROUTING ? j->outcome : FAX_OUTCOME_CANCELLED);
      return ERROR_SUCCESS;
    case JOB_RETRIES_EXCEEDED:
    case JOB_FAILED: /* decided; it only leaves the queue */
      rest->gone = job_finish(s, j, j->outcome);
      return ERROR_SUCCESS;
    case JOB_ROUTING:
      return error_say(ERROR_INVALID_OPERATION,
                       "job %u is being stored or routed", j->id);
    case JOB_CANCELING:
    case JOB_FINISHED:
      break;
  }
  return error_say(ERROR_INVALID_PARAMETER, "job %u is being cancelled already",
                   j->id);
}

DWORD job_abort(struct connection *c, DWORD id) {
  struct service *s = c->service;
  struct rest rest = {NULL, NULL};
  struct job *j = NULL;
  DWORD error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  error = job_find_managed(c, id, &j);
  if (error == ERROR_SUCCESS) error = end(s, j, &rest);
  service_leave(s);
  if (rest.op != NULL) {
    op_abort(rest.op);
    fax_op_unref(rest.op);
  }
  mem_unref(rest.gone);
  return error;
}
