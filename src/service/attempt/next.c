/* SPDX-License-Identifier: MIT
   From one job of a call to the next: the one is over as soon as its last page
   is confirmed, the other has an attempt of its own from there on. */
#include <fax/faxdev.h>

#include "service/attempt/attempt.h"
#include "service/bundle/bundle.h"
#include "service/log.h"
#include "service/record/record.h"
#include "service/schedule/number.h"

static struct bundle_part *next_of(const struct attempt *a) {
  if (a->bundle == NULL || a->at + 1 == a->bundle->count) return NULL;
  return &a->bundle->parts[a->at + 1];
}

static void count(struct attempt *a, const struct fax_progress *told) {
  if (told != NULL && told->pages_confirmed != FAX_UNKNOWN)
    a->confirmed = told->pages_confirmed;
}

/* The rules of dialling may be others than when the call began. */
static bool is_for_it(const struct attempt *a, const struct job *j) {
  return j->number == a->job->number && j->number->blocked_by == NULL &&
         (j->only != NULL || port_is_in(a->port, j->number->group));
}

/* What keeps a job from a line keeps it from this one, too. */
static bool may_follow(const struct attempt *a, const struct job *j) {
  const struct service *s = a->service;
  const FAX_CONFIGURATION *c = s->configuration->record;
  int64_t now = FaxClockWall(), change;
  return s->state == SERVICE_RUNNING && !a->aborting && !c->PauseServerQueue &&
         !a->port->leaving && (a->port->flags & FPF_SEND) != 0 &&
         durable_is_well(s) && is_for_it(a, j) &&
         (j->deadline == 0 || j->deadline > now) &&
         (j->params->ScheduleAction != JSA_DISCOUNT_PERIOD ||
          discount_open(c, now, &change));
}

/* ---- the one ---- */

/* Gives a document to drop without the lock, or NULL. */
static struct document *complete(struct attempt *a,
                                 const struct fax_progress *told) {
  struct job *j = a->job;
  attempt_take(a, told);
  a->progress.pages_confirmed =
      a->confirmed != FAX_UNKNOWN ? a->share.pages : FAX_UNKNOWN;
  a->status = FS_COMPLETED;
  attempt_keep(a, NULL);
  j->attempt = NULL;
  log_line(LOG_OUTBOUND, FAX_LOG_INFO, "job",
           "attempt ended, and its call goes on job=%u attempt=%u", j->id,
           a->number);
  return attempt_decide(a);
}

/* ---- the other ---- */

/* What is known of the call stays. */
static void begin_progress(struct attempt *a) {
  struct fax_progress *p = &a->progress;
  mem_free((char *)p->cause);
  mem_free((char *)p->evidence);
  mem_free((char *)p->advice);
  p->cause = p->evidence = p->advice = NULL;
  p->page = p->pages_total = p->image_bytes = FAX_UNKNOWN;
  p->pages_confirmed = a->confirmed != FAX_UNKNOWN ? 0 : FAX_UNKNOWN;
}

static void follow(struct attempt *a, struct job *j) {
  struct service *s = a->service;
  const struct bundle_part *part = &a->bundle->parts[++a->at];
  wait_end(s, j);
  mem_ref(j);
  mem_unref(a->job); /* the bundle has it, too */
  a->job = j;
  a->share = part->share;
  a->number = j->attempt_count + 1;
  a->status = FS_INITIALIZING;
  a->started = FaxClockWall();
  a->begun = FaxClockNow();
  a->cause_class = FAX_CAUSE_NONE;
  a->decision = (struct policy_decision){.action = 0};
  a->aborted_by_user = false;
  a->before = j->confirmed;
  a->first_noted = FAX_UNKNOWN;
  if (a->intent != FAX_UNKNOWN) a->intent = 0;
  begin_progress(a);
  j->attempt = a;
  j->state = JOB_INPROGRESS;
  deadline_end(s, j);
  record_begin(j, a->port);
  job_save(s, j);
  event_raise(s, FEI_INITIALIZING, j, a->port);
  log_line(LOG_OUTBOUND, FAX_LOG_INFO, "job",
           "goes on with the next job=%u attempt=%u port=%u", j->id, a->number,
           a->port->device_id);
}

static bool go_on(struct attempt *a, struct job *j,
                  const struct fax_progress *told) {
  struct service *s = a->service;
  number_call_ends(s, a->job);
  number_call_begins(s, j);
  struct document *gone = complete(a, told);
  follow(a, j);
  service_queued(s);
  pthread_mutex_unlock(&s->lock);
  mem_unref(gone);
  pthread_mutex_lock(&s->lock);
  return true;
}

/* A page of the next one that was confirmed all the same is its own: it must
   not be sent again. */
bool attempt_next(struct attempt *a, const struct fax_progress *told) {
  const struct bundle_part *next = next_of(a);
  count(a, told);
  if (next == NULL || !share_is_done(&a->share, a->confirmed)) return false;
  bool passed = share_is_passed(&a->share, a->confirmed);
  if (next->waits && (passed || may_follow(a, next->job)))
    return go_on(a, next->job, told);
  if (!a->hangs_up) service_queued(a->service);
  a->hangs_up = true;
  return false;
}

bool attempt_next_of_ended(struct attempt *a, DWORD status,
                           const struct fax_progress *last) {
  const struct bundle_part *next = next_of(a);
  count(a, last);
  bool all = a->confirmed == FAX_UNKNOWN &&
             (status == FS_COMPLETED || status == FS_HANDLED);
  if (next == NULL || !next->waits) return false;
  if (!all && !share_is_passed(&a->share, a->confirmed)) return false;
  return go_on(a, next->job, last);
}
