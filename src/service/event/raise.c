/* SPDX-License-Identifier: MIT
   Raising an event: the one record that both forms come from is filled in, and
   posted to every subscription that may see it. With the lock held all along,
   so that the order is that of the changes; a post does not block. */
#include <string.h>

#include "service/state.h"

static void fill_job(struct fax_event *e, const struct service *s,
                     const struct job *j) {
  e->job_id = j->id;
  e->queue_status = job_queue_status(s, j);
  e->outcome = j->outcome;
  e->pages = j->pages;
  e->remote_id = j->remote_id;
  e->caller_id = j->caller_id;
  e->path = j->path;
  if (j->outcome != FAX_OUTCOME_PENDING) {
    e->pages_confirmed = j->confirmed;
    e->bad_rows = j->bad_rows;
    if (j->type != JT_SEND) {
      e->complete = j->complete;
      e->quality = j->quality;
    }
  }
}

static void fill_progress(struct fax_event *e, const struct fax_progress *p) {
  e->phase = p->phase;
  e->page = p->page;
  e->rate = p->rate;
  e->ecm = p->ecm;
  e->encoding = p->encoding;
  e->bad_rows = p->bad_rows;
  e->pages_confirmed = p->pages_confirmed;
  e->remote_id = p->remote_id;
  e->cause = p->cause;
  e->evidence = p->evidence;
  e->advice = p->advice;
}

static void fill_attempt(struct fax_event *e, const struct fax_attempt *a) {
  e->attempt = a->number;
  if (e->device_id == 0) e->device_id = a->device_id;
  e->rate = a->rate;
  e->ecm = a->ecm;
  e->encoding = a->encoding;
  e->cause = a->cause;
  e->evidence = a->evidence;
  e->advice = a->advice;
}

static struct fax_event event_of(struct service *s, DWORD event_id,
                                 const struct job *j, const struct port *p) {
  struct fax_event e = event_blank(event_id, event_kind(event_id));
  e.sequence = s->next_sequence++;
  e.time = time_to_filetime(FaxClockWall());
  if (p != NULL) {
    e.device_id = p->device_id;
    e.status = p->state;
    if (j == NULL) e.caller_id = p->ringing ? p->ring_caller : NULL;
  }
  if (j == NULL) return e;
  fill_job(&e, s, j);
  const struct attempt *a = j->attempt;
  if (a != NULL) {
    e.attempt = a->number;
    fill_progress(&e, &a->progress);
    if (a->caller_id != NULL) e.caller_id = a->caller_id;
  } else if (j->attempt_count != 0) {
    fill_attempt(&e, j->attempts[j->attempt_count - 1]);
  }
  if (j->cause != NULL) {
    e.cause = j->cause;
    e.evidence = e.advice = NULL;
  }
  return e;
}

/* Events of jobs and of the archive: without FAX_JOB_QUERY one's own outgoing
   faxes (SEC-9), whose sender is `owner`. */
static bool may_see(const struct subscription *sub, DWORD kind,
                    const char *owner) {
  DWORD rights = grant_of(sub->grant, sub->asked);
  if (kind == FAX_EVENT_PORT) return (rights & FAX_PORT_QUERY) != 0;
  if (kind == FAX_EVENT_CONFIG) return (rights & FAX_CONFIG_QUERY) != 0;
  if (kind == FAX_EVENT_SERVICE || (rights & FAX_JOB_QUERY) != 0) return true;
  return owner != NULL && strcmp(owner, sub->user) == 0;
}

static void post_all(struct service *s, const struct fax_event *e,
                     const char *owner, bool detail) {
  list_each_safe(link, &s->subscriptions) {
    struct subscription *sub = list_entry(link, struct subscription, link);
    if (!may_see(sub, e->kind, owner)) continue;
    /* FAX_EVENT has no room for a detail, and no id for a received fax. */
    if (!sub->sink.extended && (detail || e->event_id > FEI_NEVENTS)) continue;
    DWORD error = event_post(&sub->sink, e, s->config.event_backlog);
    if (error == ERROR_ABANDONED_WAIT_0)
      subscription_end(sub); /* its port was closed */
    else if (error != ERROR_SUCCESS)
      log_line(LOG_OTHER, FAX_LOG_ERROR, "event",
               "lost for want of memory sequence=%llu",
               (unsigned long long)e->sequence);
  }
}

static const char *owner_of(const struct job *j) {
  return j != NULL && j->type == JT_SEND ? j->user : NULL;
}

void event_raise(struct service *s, DWORD event_id, const struct job *j,
                 const struct port *p) {
  struct fax_event e = event_of(s, event_id, j, p);
  post_all(s, &e, owner_of(j), false);
}

void event_raise_detail(struct service *s, DWORD event_id, const struct job *j,
                        const struct port *p) {
  struct fax_event e = event_of(s, event_id, j, p);
  post_all(s, &e, owner_of(j), true);
}

void event_raise_removed(struct service *s, const struct fax_archived *fax) {
  struct fax_event e = event_of(s, FEI_FAX_REMOVED, NULL, NULL);
  if (fax->job_id != 0) e.job_id = fax->job_id;
  e.device_id = fax->device_id;
  e.pages = fax->pages;
  e.complete = fax->complete;
  e.quality = fax->quality;
  e.remote_id = fax->remote_id;
  e.path = fax->path;
  post_all(s, &e, fax->folder == FAX_ARCHIVE_SENT ? fax->user : NULL, false);
}
