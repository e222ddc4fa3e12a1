/* SPDX-License-Identifier: MIT
   A job as a row of the store, and back. Deadlines of the clock become times of
   day: the clock of the next run is another. */
#include <string.h>

#include "service/durable/durable.h"
#include "service/policy/ask.h"

/* A program is asked what becomes of it: what the store has is what the rules
   say, until there is an answer. */
static bool given_up(const struct job *j) {
  return j->verdict != NULL && j->verdict->usual.action != FAX_DECISION_RETRY;
}

static int64_t next_of(const struct verdict *v) {
  return v->since + v->usual.delay * FAX_SECOND;
}

/* What a reception is after its pages lie in the inbox is its result. */
static DWORD state_of(const struct job *j) {
  switch (j->type == JT_SEND ? j->state : JOB_FINISHED) {
    case JOB_PENDING:
    case JOB_RETRYING:
      return given_up(j) ? STORE_EXCEEDED : STORE_WAITING;
    case JOB_INPROGRESS:
      return STORE_ACTIVE;
    case JOB_CANCELING:
      return STORE_CANCELLING;
    case JOB_RETRIES_EXCEEDED:
      return STORE_EXCEEDED;
    case JOB_ROUTING:
    case JOB_FAILED:
    case JOB_FINISHED:
      break;
  }
  return STORE_OVER;
}

static FILETIME time_of(int64_t wall) {
  return wall != 0 ? time_to_filetime(wall) : (FILETIME){0, 0};
}

static int64_t wall_of(FILETIME t) {
  if (t.dwLowDateTime == 0 && t.dwHighDateTime == 0) return 0;
  return time_from_filetime(t);
}

static FILETIME delay_of(const struct job *j) {
  fax_deadline now = FaxClockNow();
  if (j->verdict != NULL) return time_of(next_of(j->verdict));
  if (j->not_before <= now) return (FILETIME){0, 0};
  return time_of(FaxClockWall() + (j->not_before - now));
}

static const char *file_of(const struct job *j) {
  if (j->document == NULL || j->type != JT_SEND) return NULL;
  const char *slash = strrchr(j->document->path, '/');
  return slash != NULL ? slash + 1 : j->document->path;
}

/* When it left the queue; a reception is routed still. */
static int64_t gone_of(const struct job *j) {
  return j->gone != 0 ? FaxClockWall() - (FaxClockNow() - j->gone)
                      : j->finished;
}

struct store_job durable_row(const struct job *j) {
  return (struct store_job){
      .id = j->id,
      .type = j->type,
      .state = state_of(j),
      .outcome = given_up(j) ? FAX_OUTCOME_FAILED : j->outcome,
      .paused = j->paused,
      .user = j->user,
      .submitted = time_of(j->submitted),
      .finished = time_of(given_up(j) ? j->verdict->since : j->finished),
      .gone = time_of(state_of(j) == STORE_OVER ? gone_of(j) : 0),
      .schedule = time_of(j->schedule),
      .not_before = delay_of(j),
      .device_id = j->only != NULL ? j->only->device_id : j->device_id,
      .pages = j->pages,
      .confirmed = j->confirmed,
      .failures = j->failures,
      .attempts = j->attempt_count + (j->attempt != NULL && !j->attempt->ended),
      .retries = j->retries,
      .retry_delay = j->retry_delay,
      .ecm = j->ecm,
      .max_rate = j->max_rate,
      .transport = j->transport,
      .on_doubt = j->on_doubt,
      .quality = j->quality,
      .bad_rows = j->bad_rows,
      .methods_done = j->methods_done,
      .complete = j->complete,
      .bytes = j->bytes,
      .document = file_of(j),
      .path = j->path,
      .remote_id = j->remote_id,
      .caller_id = j->caller_id,
      .priority = j->priority,
      .deadline = time_of(j->deadline),
      .cause = j->cause,
      .params = j->params,
      .param_count = j->params != NULL,
      .refusals = j->refusals};
}

/* ---- back ---- */

static enum job_state state_from(const struct store_job *row) {
  switch ((enum store_state)row->state) {
    case STORE_WAITING:
      return row->failures == 0 ? JOB_PENDING : JOB_RETRYING;
    case STORE_ACTIVE:
      return JOB_INPROGRESS;
    case STORE_CANCELLING:
      return JOB_CANCELING;
    case STORE_EXCEEDED:
      return JOB_RETRIES_EXCEEDED;
    case STORE_OVER:
      break;
  }
  return JOB_FINISHED;
}

static bool copy_texts(struct job *j, const struct store_job *row) {
  j->user = mem_text(row->user);
  j->path = mem_text(row->path);
  j->remote_id = mem_text(row->remote_id);
  j->caller_id = mem_text(row->caller_id);
  j->cause = mem_text(row->cause);
  return (j->user != NULL || row->user == NULL) &&
         (j->path != NULL || row->path == NULL) &&
         (j->remote_id != NULL || row->remote_id == NULL) &&
         (j->caller_id != NULL || row->caller_id == NULL) &&
         (j->cause != NULL || row->cause == NULL);
}

static void copy_numbers(struct job *j, const struct store_job *row) {
  int64_t delay = wall_of(row->not_before);
  j->state = state_from(row);
  j->outcome = row->outcome;
  j->end_recorded = row->outcome != FAX_OUTCOME_PENDING;
  j->counted = j->outcome != FAX_OUTCOME_PENDING; /* by an earlier run */
  j->paused = row->paused != 0;
  j->submitted = wall_of(row->submitted);
  j->finished = wall_of(row->finished);
  j->schedule = wall_of(row->schedule);
  if (delay != 0) j->not_before = FaxClockNow() + (delay - FaxClockWall());
  j->device_id = row->device_id;
  j->pages = row->pages;
  j->confirmed = row->confirmed;
  j->failures = row->failures;
  j->refusals = row->refusals;
  j->retries = row->retries;
  j->retry_delay = row->retry_delay;
  j->ecm = row->ecm;
  j->max_rate = row->max_rate;
  j->transport = row->transport;
  j->on_doubt = row->on_doubt;
  j->priority = row->priority;
  j->deadline = wall_of(row->deadline);
  j->quality = row->quality;
  j->bad_rows = row->bad_rows;
  j->methods_done = row->methods_done;
  j->complete = row->complete != 0;
  j->bytes = row->bytes;
}

DWORD durable_job(const struct store_job *row, struct job **job_out) {
  struct job *j;
  void *params;
  DWORD error = job_new(row->id, row->type, &j);
  if (error != ERROR_SUCCESS) return error;
  copy_numbers(j, row);
  if (!copy_texts(j, row)) error = ERROR_NOT_ENOUGH_MEMORY;
  if (error == ERROR_SUCCESS && row->param_count != 0) {
    error = record_pack(&record_job_param, row->params, 1, MEM_PLAIN, &params);
    if (error == ERROR_SUCCESS) j->params = params;
  }
  if (error != ERROR_SUCCESS) {
    mem_unref(j);
    return error;
  }
  *job_out = j;
  return ERROR_SUCCESS;
}
