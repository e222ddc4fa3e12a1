/* SPDX-License-Identifier: MIT
   The jobs of an earlier run go on: what was on a line when it ended is an
   attempt with that cause, what was confirmed is not sent again. */
#include <fax/faxdev.h>

#include "service/attempt/attempt.h"
#include "service/durable/durable.h"
#include "service/schedule/number.h"
#include "service/record/record.h"

static bool goes_on(const struct fax_attempt *a) {
  return a->ended.dwLowDateTime == 0 && a->ended.dwHighDateTime == 0;
}

static const char ended[] = "the service ended during the call";

/* The attempt that went on. What it says of pages is what the store knows, and
   means what it would have meant to the service that made the call. */
static struct call_pages pages_of(const struct job *j,
                                  const struct fax_attempt *a) {
  return (struct call_pages){.before = j->confirmed,
                             .first = a->first_page,
                             .confirmed = a->pages_confirmed,
                             .pages = j->pages};
}

/* When it ended nobody knows: now at the latest. True: it delivered the fax. */
static bool end_attempt(struct service *s, struct job *j) {
  DWORD last = j->attempt_count - 1;
  if (j->attempt_count == 0 || !goes_on(j->attempts[last])) return false;
  struct fax_attempt record = *j->attempts[last];
  struct call_pages pages = pages_of(j, &record);
  record.status = FS_FATAL_ERROR;
  record.ended = time_to_filetime(FaxClockWall());
  record.cause = "service_stopped";
  j->trace.first_page = j->confirmed + 1;
  j->confirmed = pages_to_skip(&pages);
  record.doubt = pages_in_doubt(&pages, record.doubt);
  bool held =
      record.doubt != 0 && j->state == JOB_INPROGRESS && doubt_holds(s, j);
  if (held) j->paused = true;
  char *evidence = doubt_sentence(ended, record.doubt, held);
  record.evidence = evidence != NULL ? evidence : ended;
  DWORD error = attempt_replace(j, last, &record);
  mem_free(evidence);
  if (error == ERROR_SUCCESS) {
    j->attempts_saved = last;
    record_end(j, record.number, FAX_UNKNOWN);
  }
  return pages_delivered(&pages);
}

/* JOB-10: for one port. Its provider may come later, as those do that a program
   attaches. */
static DWORD bind_port(struct service *s, struct job *j) {
  DWORD id = j->device_id;
  j->device_id = 0; /* of receptions */
  if (id == 0) return ERROR_SUCCESS;
  j->only = mem_ref(port_find(s, id));
  DWORD error = j->only != NULL ? ERROR_SUCCESS : port_absent(s, id, &j->only);
  if (error == ERROR_SUCCESS) port_bind(s, j);
  return error;
}

/* They are as old as they are, but none is older than one before it, whatever
   was done to the date. */
static void set_age(struct job *j, fax_deadline *last_inout) {
  int64_t age = FaxClockWall() - j->submitted;
  fax_deadline now = FaxClockNow(), at = age > 0 ? now - age : now;
  if (at < *last_inout) at = *last_inout;
  j->admitted = j->since = *last_inout = at;
}

static DWORD bind_number(struct service *s, struct job *j) {
  DWORD error = number_new(s->dialling, j->called, &j->number);
  if (error == ERROR_SUCCESS) number_enter(s, j);
  return error;
}

/* The store has a time of day. When the date was set back meanwhile it lies too
   far ahead: no delay is longer than it was when it began. */
static void limit_delay(const struct service *s, struct job *j) {
  DWORD seconds = j->retry_delay != FAX_UNKNOWN ? j->retry_delay
                                                : s->configuration->retry_delay;
  if (j->attempt_count > 0 &&
      j->attempts[j->attempt_count - 1]->delay != FAX_UNKNOWN)
    seconds = j->attempts[j->attempt_count - 1]->delay;
  fax_deadline most = clock_after(FaxClockNow(), seconds);
  if (j->not_before > most) j->not_before = most;
}

static void queue(struct service *s, struct job *j) {
  if (j->document->lost) {
    job_give_up(s, j, "document_damaged",
                "its document is missing or cut short");
  } else if (j->number->blocked_by != NULL) {
    job_give_up(s, j, "blocked", "the block list has its number");
  } else {
    j->state = j->failures == 0 ? JOB_PENDING : JOB_RETRYING;
    limit_delay(s, j);
    wait_begin(s, j);
  }
}

/* Since it was decided, not since this start (JOB-33). In the order of that,
   which need not be the one of the ids. */
static void rest_on(struct service *s, struct job *j) {
  int64_t age = FaxClockWall() - j->finished;
  job_rest(s, j);
  if (j->finished == 0 || age <= 0) return;
  struct list *at = j->link.previous;
  list_remove(&j->link);
  j->rested -= age;
  while (at != &s->decided &&
         list_entry(at, struct job, link)->rested > j->rested)
    at = at->previous;
  list_append(at->next, &j->link);
}

/* Gives a document to drop without the lock. */
static struct document *settle(struct service *s, struct job *j) {
  enum job_state was = j->state;
  j->document->keep = false;
  if (was == JOB_RETRIES_EXCEEDED) {
    rest_on(s, j);
    return NULL;
  }
  bool delivered = end_attempt(s, j); /* JOB-22 */
  if (delivered && (was == JOB_INPROGRESS || was == JOB_CANCELING))
    return job_finish(s, j, FAX_OUTCOME_COMPLETED);
  if (was == JOB_CANCELING) return job_finish(s, j, FAX_OUTCOME_CANCELLED);
  queue(s, j);
  if (was == JOB_INPROGRESS || j->state == JOB_RETRIES_EXCEEDED) job_save(s, j);
  return NULL;
}

DWORD durable_begin(struct service *s) {
  struct job *j, *next;
  fax_deadline last = INT64_MIN;
  DWORD count = 0;
  for (j = RB_MIN(job_ids, &s->jobs); j != NULL; j = next) {
    next = RB_NEXT(job_ids, &s->jobs, j);
    DWORD error = bind_port(s, j);
    if (error == ERROR_SUCCESS) error = bind_number(s, j);
    if (error != ERROR_SUCCESS) return error;
    set_age(j, &last);
    struct document *gone = settle(s, j);
    count++;
    if (gone == NULL) continue;
    pthread_mutex_unlock(&s->lock);
    mem_unref(gone);
    pthread_mutex_lock(&s->lock);
  }
  if (count != 0)
    log_line(LOG_INIT, FAX_LOG_INFO, "service",
             "%u jobs of an earlier run are in the queue", count);
  return ERROR_SUCCESS;
}
