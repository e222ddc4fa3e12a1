/* SPDX-License-Identifier: MIT
   Jobs in the queue, and after it: entering, finding, finishing. */
#include <unistd.h>

#include "service/log.h"
#include "service/state.h"

/* Results are kept for 30 days. */
#define KEEP_RESULTS (INT64_C(30) * 24 * 3600 * FAX_SECOND)

/* Removes a file, so never runs under the lock: whoever drops a job does so
   after letting go of it. */
static void job_destroy(void *object) {
  struct job *j = object;
  if (j->file != NULL && !j->keep_file) unlink(j->file);
  for (DWORD i = 0; i < j->attempt_count; i++)
    mem_free_tagged(j->attempts[i], MEM_BUFFER);
  mem_free(j->attempts);
  mem_free_tagged(j->params, MEM_BUFFER);
  mem_free(j->user);
  mem_free(j->file);
  mem_free(j->path);
  mem_free(j->remote_id);
  mem_free(j->caller_id);
}

DWORD job_new(struct service *s, DWORD type, struct job **job_out) {
  struct job *j = mem_new(sizeof *j, job_destroy);
  if (j == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  list_init(&j->link);
  list_init(&j->routing_link);
  j->id = s->next_job++;
  j->type = type;
  j->submitted = FaxClockWall();
  j->bad_rows = FAX_UNKNOWN;
  *job_out = j;
  return ERROR_SUCCESS;
}

/* Sorted by id: a document takes its time between the id and the queue. */
void job_enter(struct service *s, struct job *j) {
  struct list *before = s->jobs.previous;
  while (before != &s->jobs && list_entry(before, struct job, link)->id > j->id)
    before = before->previous;
  list_append(before->next, &j->link);
}

static struct job *find_in(struct list *head, DWORD id) {
  list_each(link, head) {
    struct job *j = list_entry(link, struct job, link);
    if (j->id == id) return j;
  }
  return NULL;
}

struct job *job_find(struct service *s, DWORD id) {
  return find_in(&s->jobs, id);
}

struct job *job_find_any(struct service *s, DWORD id) {
  struct job *j = find_in(&s->jobs, id);
  return j != NULL ? j : find_in(&s->finished, id);
}

DWORD job_queue_status(const struct job *j) {
  DWORD no_line = j->no_line ? JS_NOLINE : 0; /* JOB-19 */
  switch (j->state) {
    case JOB_PENDING:
      return JS_PENDING | no_line;
    case JOB_RETRYING:
      return JS_RETRYING | no_line;
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

/* What has been kept long enough; the list is in the order of the ends. Only
   blocks of memory: a finished job has no file. */
static void forget_old(struct service *s, int64_t now) {
  while (!list_empty(&s->finished)) {
    struct job *j = list_entry(s->finished.next, struct job, link);
    if (j->finished + KEEP_RESULTS > now) return;
    list_remove(&j->link);
    mem_unref(j);
  }
}

/* The document of a job goes with it; what is left is the result. */
static struct job *file_of(struct job *j) {
  struct job *carrier = mem_new(sizeof *carrier, job_destroy);
  if (carrier == NULL) return NULL; /* it is removed with the result */
  list_init(&carrier->link);
  list_init(&carrier->routing_link);
  carrier->file = j->file;
  carrier->keep_file = j->keep_file;
  j->file = NULL;
  return carrier;
}

struct job *job_finish(struct service *s, struct job *j, DWORD outcome) {
  j->state = JOB_FINISHED;
  j->outcome = outcome;
  if (j->finished == 0) j->finished = FaxClockWall();
  list_remove(&j->link);
  event_raise(s, FEI_DELETED, j, NULL);
  log_line(log_category_of(j), FAX_LOG_INFO, "job", "over job=%u outcome=%u",
           j->id, outcome);
  forget_old(s, j->finished);
  list_append(&s->finished, &j->link); /* with the queue's reference */
  service_changed(s);
  return file_of(j);
}
