/* SPDX-License-Identifier: MIT
   The end of an attempt, and, later or at once, the release of its port. */
#include <fax/faxdev.h>
#include <stdio.h>
#include <string.h>

#include "service/attempt/attempt.h"
#include "service/bundle/bundle.h"
#include "service/log.h"
#include "service/provider/hosted.h"
#include "service/schedule/number.h"
#include "service/record/record.h"

/* How long a port rests whose line could not be had (FSP-32). */
#define UNAVAILABLE_SECONDS 30.0
/* So many attempts of a job keep their time line. */
#define MOST_TIMELINES 10

static const char *cause_of(const struct attempt *a) {
  if (a->status == FS_COMPLETED || a->status == FS_HANDLED) return NULL;
  return a->abort_cause != NULL ? a->abort_cause : a->progress.cause;
}

/* Lines that stay away are tried every half minute; that is one entry a line,
   whose beginning stays. False: there is none yet. */
static bool same_line(const struct job *j, const struct fax_attempt *record,
                      DWORD *at_out) {
  if (record->status != FS_LINE_UNAVAILABLE) return false;
  for (DWORD i = j->attempt_count; i-- > 0;) {
    if (j->attempts[i]->status != FS_LINE_UNAVAILABLE) return false;
    *at_out = i;
    if (j->attempts[i]->device_id == record->device_id) return true;
  }
  return false;
}

static DWORD merge(struct job *j, DWORD at, struct fax_attempt *record) {
  record->number = j->attempts[at]->number;
  record->started = j->attempts[at]->started;
  if (j->attempts_saved > at) j->attempts_saved = at;
  return attempt_replace(j, at, record);
}

/* A time line may take 70 KiB, and nothing limits the attempts of a job: the
   newest ones keep theirs. Without memory it goes with the next attempt. */
static void drop_timelines(struct job *j) {
  DWORD kept = 0;
  for (DWORD i = j->attempt_count; i-- > 0;) {
    if (j->attempts[i]->timeline == NULL || kept++ < MOST_TIMELINES) continue;
    struct fax_attempt rest = *j->attempts[i];
    rest.timeline = NULL;
    rest.timeline_count = 0;
    if (attempt_replace(j, i, &rest) != ERROR_SUCCESS) return;
  }
}

static DWORD line_time(const struct attempt *a) {
  int64_t ms = (FaxClockNow() - a->begun) / (FAX_SECOND / 1000);
  return ms < FAX_UNKNOWN ? (DWORD)ms : FAX_UNKNOWN - 1;
}

DWORD attempt_record(struct attempt *a, const struct fax_progress *last) {
  struct job *j = a->job;
  const struct fax_progress *p = &a->progress;
  struct fax_attempt record = {.number = a->number,
                               .device_id = a->port->device_id,
                               .status = a->status,
                               .started = time_to_filetime(a->started),
                               .ended = time_to_filetime(FaxClockWall()),
                               .pages_confirmed = p->pages_confirmed,
                               .rate = p->rate,
                               .ecm = p->ecm,
                               .encoding = p->encoding,
                               .bad_rows = p->bad_rows,
                               .longest_bad_run = p->longest_bad_run,
                               .remote_id = p->remote_id,
                               .cause = cause_of(a),
                               .evidence = p->evidence,
                               .advice = p->advice,
                               .quality = p->quality,
                               .transport = p->transport,
                               .cause_class = FAX_UNKNOWN,
                               .decision = FAX_UNKNOWN,
                               .delay = FAX_UNKNOWN,
                               .doubt = attempt_left_doubt(a),
                               .first_page = a->first_noted};
  if (last != NULL) {
    record.timeline = last->timeline;
    record.timeline_count = last->timeline_count;
  }
  if (j->type == JT_SEND) attempt_judge(a, &record);
  DWORD at;
  DWORD error = same_line(j, &record, &at) ? merge(j, at, &record)
                                           : attempt_append(j, &record);
  if (error != ERROR_SUCCESS) return error;
  drop_timelines(j);
  record_end(j, record.number, line_time(a));
  metrics_attempt(a, &record, j->trace.duration);
  return ERROR_SUCCESS;
}

/* The job keeps what the call taught, the attempt what is its own. */
void attempt_keep(struct attempt *a, const struct fax_progress *last) {
  struct job *j = a->job;
  char *remote = mem_text(a->progress.remote_id);
  if (remote != NULL) {
    mem_free(j->remote_id);
    j->remote_id = remote;
  }
  if (a->caller_id != NULL && j->caller_id == NULL) {
    j->caller_id = a->caller_id;
    a->caller_id = NULL;
  }
  j->bad_rows = a->progress.bad_rows;
  j->quality = a->progress.quality;
  if (attempt_record(a, last) != ERROR_SUCCESS)
    log_line(log_category_of(j), FAX_LOG_ERROR, "job",
             "attempt not recorded: no memory job=%u", j->id);
  if (j->type == JT_SEND) attempt_learn(a);
}

/* A reception goes to the router, which stores it on its own thread. */
static void route(struct attempt *a) {
  struct service *s = a->service;
  struct job *j = a->job;
  j->complete = a->status == FS_COMPLETED;
  if (a->progress.pages_confirmed != FAX_UNKNOWN)
    j->confirmed = a->progress.pages_confirmed;
  j->state = a->aborted_by_user && !j->complete ? JOB_CANCELING : JOB_ROUTING;
  routing_again(s, j);
}

/* A reception that found no call says nothing about the line. */
static void rest(struct attempt *a) {
  if (a->status == FS_LINE_UNAVAILABLE && a->job->type == JT_SEND)
    a->port->unavailable_until =
        clock_after(FaxClockNow(), UNAVAILABLE_SECONDS);
}

/* A call that lacks a page is not completed, whatever its provider calls it. */
static void correct(struct attempt *a) {
  struct fax_progress why = FAX_PROGRESS_INIT;
  struct call_pages pages = attempt_pages(a);
  char evidence[128];
  if (!attempt_contradicts(a)) return;
  snprintf(evidence, sizeof evidence,
           "the provider called it completed with %u of %u pages confirmed",
           pages_confirmed(&pages), pages.pages);
  why.cause = "pages_missing";
  why.evidence = evidence;
  attempt_progress(a, &why);
  a->status = FS_FATAL_ERROR;
}

/* A provider that was lost in the middle of a page: with on_doubt "hold" its
   job waits for somebody who knows. */
static void say_doubt(struct attempt *a) {
  DWORD page = attempt_left_doubt(a);
  bool held = page != 0 && doubt_holds(a->service, a->job);
  if (held) a->job->paused = true;
  if (page == 0 || (page == FAX_UNKNOWN && !held)) return;
  const char *what = a->progress.evidence;
  struct fax_progress why = FAX_PROGRESS_INIT;
  why.evidence =
      doubt_sentence(what != NULL ? what : "the provider was lost", page, held);
  attempt_progress(a, &why);
  mem_free((char *)why.evidence);
}

/* Its provider may be trusted with a call of several jobs, or not any more. */
static void learn_provider(const struct attempt *a) {
  DWORD confirmed =
      a->bundle != NULL ? a->confirmed : a->progress.pages_confirmed;
  bool done = a->status == FS_COMPLETED || a->status == FS_HANDLED;
  bool counted = confirmed != FAX_UNKNOWN && confirmed != 0;
  bool noted = a->bundle != NULL ||
               (a->first_noted != FAX_UNKNOWN && a->first_noted != 0);
  if (a->job->type == JT_SEND && (done || counted))
    hosted_learn(a->service, a->port->provider, counted && noted);
}

/* Of the call, which has ended: what is the running job's. One that has all of
   its pages is sent, whatever ended the call then. */
static void take_end(struct attempt *a, DWORD status,
                     const struct fax_progress *last) {
  while (attempt_next_of_ended(a, status, last)) continue;
  bool done = share_is_done(&a->share, a->confirmed);
  a->ended = true;
  a->status = done && status != FS_HANDLED ? FS_COMPLETED : status;
  attempt_take(a, last);
}

void attempt_ended(void *attempt, DWORD status,
                   const struct fax_progress *last) {
  struct attempt *a = attempt;
  struct service *s = a->service;
  struct document *gone = NULL;
  pthread_mutex_lock(&s->lock);
  take_end(a, status, last);
  learn_provider(a);
  correct(a);
  say_doubt(a);
  status = a->status;
  if (!a->written_off) port_state(a->port, attempt_port_status(status));
  attempt_keep(a, last);
  rest(a);
  a->job->attempt = NULL;
  number_call_ends(s, a->job);
  log_line(log_category_of(a->job), FAX_LOG_INFO, "job",
           "attempt ended job=%u attempt=%u status=0x%x cause=%s evidence=%s",
           a->job->id, a->number, status,
           a->progress.cause != NULL ? a->progress.cause : "-",
           a->progress.evidence != NULL ? a->progress.evidence : "-");
  if (a->job->type == JT_SEND) {
    gone = attempt_decide(a);
    if (a->job->state != JOB_FINISHED) job_save(s, a->job);
    if (a->bundle != NULL) bundle_release(s, a->bundle);
  } else {
    event_raise(s, attempt_event_id(status), a->job, a->port);
    record_save(s, a->job);
    route(a);
  }
  service_queued(s);
  pthread_mutex_unlock(&s->lock);
  mem_unref(gone);
}

static void set_idle(struct port *p) {
  bool was_offline = p->state == FPS_OFFLINE;
  bool rests = p->unavailable_until != 0; /* its FEI_IDLE comes after that */
  if (rests)
    port_state(p, FPS_UNAVAILABLE);
  else
    port_state(p, p->ringing ? FPS_RINGING : FPS_AVAILABLE);
  if (was_offline) event_raise(p->service, FEI_MODEM_POWERED_ON, NULL, p);
  if (!rests) event_raise(p->service, FEI_IDLE, NULL, p);
}

/* It is no call of the service's any more. */
static void over(struct attempt *a) {
  a->service->active--;
  line_given_back(a->port);
}

void attempt_released(void *attempt) {
  struct attempt *a = attempt;
  struct service *s = mem_ref(a->service);
  pthread_mutex_lock(&s->lock);
  a->port->attempt = NULL;
  if (!a->written_off) over(a);
  if (a->port->leaving)
    port_vanish(a->port); /* the attempt holds it */
  else
    set_idle(a->port);
  service_queued(s);
  pthread_mutex_unlock(&s->lock);
  mem_unref(a);
  mem_unref(s);
}

struct fax_op *attempt_hang_up(struct attempt *a) {
  a->aborting = true;
  a->limit = clock_after(FaxClockNow(), a->service->config.abort_limit);
  port_state(a->port, FPS_ABORTING);
  service_queued(a->service);
  return fax_op_ref(a->op);
}

struct fax_op *attempt_ask_abort(struct attempt *a, const char *cause) {
  struct fax_op *op = attempt_hang_up(a);
  a->abort_cause = cause;
  if (cause != NULL) metrics_watchdog(a->service, cause);
  event_raise(a->service, FEI_ABORTING, a->job, a->port);
  return op;
}

static struct fax_progress killed(const char *cause) {
  struct fax_progress last = FAX_PROGRESS_INIT;
  last.cause = cause;
  last.evidence = "the provider did not end the operation when asked to";
  last.advice = "restart the service; report this to the provider's author";
  if (strcmp(cause, "stalled") == 0) {
    last.evidence = "the loop of the provider was not polled";
    last.advice = "let its callbacks yield, and poll its loop";
  } else if (strcmp(cause, "provider_lost") == 0) {
    last.evidence = "the program that was the provider has gone";
    last.advice = "start it again";
  }
  return last;
}

/* What is told of an operation comes one by one: while another thread tells of
   it, the end comes from there, perhaps after this. */
void attempt_kill(struct service *s, struct attempt *a, const char *cause) {
  struct fax_progress last = killed(cause);
  struct fax_op *op = fax_op_ref(a->op);
  struct port *p = mem_ref(a->port);
  log_line(LOG_OTHER, FAX_LOG_ERROR, "port",
           "%s is out of use: its provider %s: %s", p->name,
           provider_name(p->provider), cause);
  pthread_mutex_unlock(&s->lock);
  op_kill(op, FS_FATAL_ERROR, &last);
  fax_op_unref(op);
  pthread_mutex_lock(&s->lock);
  if (p->attempt == a && !a->written_off) { /* it did not come back meanwhile */
    a->written_off = true;
    over(a);
    if (p->leaving) port_go(p);
    if (p->state != FPS_OFFLINE) {
      port_state(p, FPS_OFFLINE);
      event_raise(s, FEI_MODEM_POWERED_OFF, NULL, p);
    }
  }
  mem_unref(p);
}
