/* SPDX-License-Identifier: MIT
   Jobs in the queue, and after it: entering, finding, resting, finishing. */
#include <fax/faxdev.h>

#include "service/archive/archive.h"
#include "service/job/owner.h"
#include "service/key/key.h"
#include "service/log.h"
#include "service/policy/ask.h"
#include "service/schedule/number.h"
#include "service/state.h"

RB_GENERATE(job_ids, job, by_id, job_id_order)

/* May drop the last use of a document, and so never runs under the lock. */
static void job_destroy(void *object) {
  struct job *j = object;
  for (DWORD i = 0; i < j->attempt_count; i++)
    mem_free_tagged(j->attempts[i], MEM_BUFFER);
  mem_free(j->attempts);
  mem_free(j->params);
  policy_verdict_free(j->verdict);
  mem_free(j->called);
  number_drop(j->number);
  owner_drop(j->owner);
  mem_free(j->user);
  mem_free(j->path);
  mem_free(j->remote_id);
  mem_free(j->caller_id);
  mem_free(j->cause);
  mem_unref(j->only);
  mem_unref(j->archived);
  mem_unref(j->key);
  mem_unref(j->trace.port);
  mem_unref(j->document);
  if (j->leaving != NULL) j->leaving->keep = true; /* the store has the job */
  mem_unref(j->leaving);
}

DWORD job_new(DWORD id, DWORD type, struct job **job_out) {
  struct job *j = mem_new(sizeof *j, job_destroy);
  if (j == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  list_init(&j->link);
  list_init(&j->routing_link);
  list_init(&j->unsaved);
  j->id = j->turn = id;
  j->type = type;
  j->submitted = FaxClockWall();
  j->bad_rows = FAX_UNKNOWN;
  j->quality = FAX_UNKNOWN;
  *job_out = j;
  return ERROR_SUCCESS;
}

/* Numbers come round after four thousand million. */
DWORD job_number(struct service *s) {
  DWORD id;
  do id = s->next_job++;
  while (id == 0 || id == FAX_NO_JOB || job_find_any(s, id) != NULL);
  return id;
}

void job_enter(struct service *s, struct job *j) {
  RB_INSERT(job_ids, &s->jobs, j);
  owner_queue(j);
  port_bind(s, j);
  if (j->number != NULL) number_enter(s, j);
  wait_begin(s, j);
}

struct job *job_find(struct service *s, DWORD id) {
  struct job key = {.id = id};
  return RB_FIND(job_ids, &s->jobs, &key);
}

struct job *job_find_any(struct service *s, DWORD id) {
  struct job key = {.id = id};
  struct job *j = RB_FIND(job_ids, &s->jobs, &key);
  return j != NULL ? j : RB_FIND(job_ids, &s->results, &key);
}

/* Whose job was ended, or never was, by what the caller may know: who sees only
   his own learns of no other, not even that it is there. */
static DWORD refuse_job(const struct connection *c, DWORD id,
                        const struct job *j) {
  bool own = j != NULL && access_owns_job(c, j);
  bool sees = (access_rights(c) & (FAX_JOB_QUERY | FAX_JOB_MANAGE)) != 0;
  if (!own && !sees)
    return error_say(ERROR_ACCESS_DENIED, "%s has no job %u", c->user, id);
  if (j == NULL || j->state == JOB_FINISHED)
    return error_say(ERROR_INVALID_PARAMETER, "there is no job %u", id);
  return error_say(ERROR_ACCESS_DENIED, "%s: job %u belongs to %s", c->user, id,
                   j->user);
}

DWORD job_find_managed(const struct connection *c, DWORD id,
                       struct job **job_out) {
  struct job *j = job_find_any(c->service, id);
  bool manages = (access_rights(c) & FAX_JOB_MANAGE) != 0;
  if (j == NULL || j->state == JOB_FINISHED ||
      (!manages && !access_owns_job(c, j)))
    return refuse_job(c, id, j);
  *job_out = j;
  return ERROR_SUCCESS;
}

DWORD job_queue_status(const struct service *s, const struct job *j) {
  bool waits = j->wait == WAIT_LINE || j->wait == WAIT_DISCOUNT;
  return job_queue_status_with(s, j, waits && wait_any_line(s));
}

DWORD job_queue_status_with(const struct service *s, const struct job *j,
                            bool any_line) {
  DWORD modifiers = j->paused ? JS_PAUSED : 0; /* JOB-19 */
  if (wait_lacks_line(s, j, any_line)) modifiers |= JS_NOLINE;
  switch (j->state) {
    case JOB_PENDING:
      return JS_PENDING | modifiers;
    case JOB_RETRYING:
      return JS_RETRYING | modifiers;
    case JOB_CANCELING:
      return JS_INPROGRESS | JS_DELETING;
    case JOB_RETRIES_EXCEEDED:
      return JS_RETRIES_EXCEEDED;
    case JOB_FAILED:
      return JS_FAILED;
    case JOB_INPROGRESS:
    case JOB_ROUTING:
      return JS_INPROGRESS;
    case JOB_FINISHED:
      break;
  }
  return JS_DELETING;
}

void job_rest(struct service *s, struct job *j) {
  policy_withdraw(s, j);
  j->paused = false;
  metrics_job(s, j);
  j->rested = FaxClockNow();
  deadline_end(s, j);
  list_append(&s->decided, &j->link);
  service_queued(s);
}

void job_give_up(struct service *s, struct job *j, const char *cause,
                 const char *evidence) {
  struct fax_attempt record = attempt_blank(
      j->attempt_count + 1, j->only != NULL ? j->only->device_id : 0);
  record.status = FS_FATAL_ERROR;
  record.started = record.ended = time_to_filetime(FaxClockWall());
  record.cause = cause;
  record.evidence = evidence;
  attempt_append(j, &record); /* without memory the log alone says why */
  j->state = JOB_RETRIES_EXCEEDED;
  j->outcome = FAX_OUTCOME_FAILED;
  j->finished = FaxClockWall();
  log_line(LOG_OUTBOUND, FAX_LOG_ERROR, "job", "cannot go on job=%u: %s", j->id,
           evidence);
  job_rest(s, j);
}

/* Given up, in a service that ends with its program: nobody will act on it. */
static bool is_nobodys(const struct service *s, const struct job *j) {
  return s->config.embedded && !s->config.adopt &&
         j->outcome == FAX_OUTCOME_FAILED;
}

/* Takes and gives the document: the store lets go of it when it has the end. A
   job that is not decided by the end of the service stays in the store's queue,
   and its document with it. */
static struct document *save_end(struct service *s, struct job *j,
                                 struct document *d) {
  if (s->ending && j->type == JT_SEND && !is_nobodys(s, j)) return d;
  if (d != NULL && d->waiting != 0) {
    d->waiting--;
    j->leaving = d;
    d = NULL;
  }
  if (j->key != NULL) key_end(s, j->key, j->finished);
  job_save(s, j);
  return d;
}

struct document *job_finish(struct service *s, struct job *j, DWORD outcome) {
  struct document *d = j->document;
  policy_withdraw(s, j);
  wait_end(s, j);
  deadline_end(s, j);
  number_leave(s, j);
  owner_leave(s, j);
  list_remove(&j->link);
  RB_REMOVE(job_ids, &s->jobs, j);
  port_unbind(s, j);
  j->state = JOB_FINISHED;
  j->outcome = outcome;
  metrics_job(s, j);
  j->document = NULL;
  j->gone = FaxClockNow();
  if (j->finished == 0) j->finished = FaxClockWall();
  j->to_archive = j->type == JT_SEND && outcome == FAX_OUTCOME_COMPLETED &&
                  s->configuration->record->ArchiveOutgoingFaxes && !s->ending;
  archive_over(j);
  d = save_end(s, j, d);
  event_raise(s, FEI_DELETED, j, NULL);
  log_line(log_category_of(j), FAX_LOG_INFO, "job", "over job=%u outcome=%u",
           j->id, outcome);
  result_keep(s, j);
  service_queued(s);
  return d;
}
