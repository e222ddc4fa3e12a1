/* SPDX-License-Identifier: MIT
   What the provider reports while the operation goes on: port status, progress,
   who calls. */
#include <fax/faxdev.h>
#include <string.h>

#include "service/attempt/attempt.h"
#include "service/bundle/bundle.h"
#include "service/durable/reception.h"

static void take_number(DWORD *to, DWORD from) {
  if (from != FAX_UNKNOWN) *to = from;
}

/* Without memory the old text stays: it was true a moment ago. */
static void take_text(const char **to, const char *from) {
  if (from == NULL || (*to != NULL && strcmp(*to, from) == 0)) return;
  char *copy = mem_text(from);
  if (copy == NULL) return;
  mem_free((char *)*to);
  *to = copy;
}

void attempt_progress(struct attempt *a, const struct fax_progress *p) {
  struct fax_progress *own = &a->progress;
  if (p == NULL) return;
  take_number(&own->phase, p->phase);
  take_number(&own->page, p->page);
  take_number(&own->pages_total, p->pages_total);
  take_number(&own->pages_confirmed, p->pages_confirmed);
  take_number(&own->rate, p->rate);
  take_number(&own->ecm, p->ecm);
  take_number(&own->encoding, p->encoding);
  take_number(&own->bad_rows, p->bad_rows);
  take_number(&own->longest_bad_run, p->longest_bad_run);
  take_number(&own->image_bytes, p->image_bytes);
  take_number(&own->quality, p->quality);
  take_number(&own->transport, p->transport);
  if (a->answered == 0 && own->phase != FAX_UNKNOWN &&
      own->phase >= FAX_PHASE_CONNECTED)
    a->answered = FaxClockWall();
  take_text(&own->remote_id, p->remote_id);
  take_text(&own->cause, p->cause);
  take_text(&own->evidence, p->evidence);
  take_text(&own->advice, p->advice);
}

void attempt_take(struct attempt *a, const struct fax_progress *told) {
  if (told == NULL) return;
  struct fax_progress own = *told;
  own.page = share_page(&a->share, told->page);
  own.pages_confirmed = share_confirmed(&a->share, told->pages_confirmed);
  if (a->bundle != NULL && told->pages_total != FAX_UNKNOWN)
    own.pages_total = a->job->pages;
  if (share_is_done(&a->share,
                    a->confirmed)) /* that is of no page of its own */
    own.cause = own.evidence = own.advice = NULL;
  attempt_progress(a, &own);
}

/* An abort that was asked for is what the port shows until the end. */
static void show(struct attempt *a, DWORD status) {
  if (!a->aborting) port_state(a->port, attempt_port_status(status));
}

static bool numbers_differ(const struct fax_progress *x,
                           const struct fax_progress *y) {
  return x->phase != y->phase || x->page != y->page || x->rate != y->rate ||
         x->ecm != y->ecm || x->encoding != y->encoding ||
         x->bad_rows != y->bad_rows || x->pages_confirmed != y->pages_confirmed;
}

/* A new status, or a new page within it, is an event (EVT-23); any other change
   is a detail. */
static void tell(struct attempt *a, DWORD status,
                 const struct fax_progress *before) {
  bool paging = status == FS_TRANSMITTING || status == FS_RECEIVING;
  DWORD event_id = attempt_event_id(status);
  if (status != a->status || (paging && before->page != a->progress.page &&
                              a->progress.page != FAX_UNKNOWN)) {
    a->status = status;
    event_raise(a->service, event_id, a->job, a->port);
  } else if (numbers_differ(before, &a->progress)) {
    event_raise_detail(a->service, event_id, a->job, a->port);
  }
}

void attempt_status(void *attempt, DWORD status,
                    const struct fax_progress *progress) {
  struct attempt *a = attempt;
  struct service *s = a->service;
  pthread_mutex_lock(&s->lock);
  while (!a->ended && attempt_next(a, progress)) continue;
  /* It is what an attempt begins with; a call that was answered does not go
     back to it. */
  if (status == FS_INITIALIZING) status = a->status;
  if (status != FS_INITIALIZING) a->dialled = true;
  if (!a->ended) {
    struct fax_progress before = a->progress; /* its numbers only */
    attempt_take(a, progress);
    show(a, status);
    tell(a, status, &before);
    if (a->progress.pages_confirmed != before.pages_confirmed)
      job_save(s, a->job);
    if (a->progress.remote_id != before.remote_id) reception_save(a);
  }
  pthread_mutex_unlock(&s->lock);
}

void attempt_caller(void *attempt, const char *caller_id, const char *routing) {
  struct attempt *a = attempt;
  struct service *s = a->service;
  pthread_mutex_lock(&s->lock);
  take_text((const char **)&a->caller_id, caller_id);
  take_text((const char **)&a->routing, routing);
  if (caller_id != NULL) reception_save(a);
  pthread_mutex_unlock(&s->lock);
}
