/* SPDX-License-Identifier: MIT
   Stopping: drain, abort, wait, end the providers, tell the subscribers. The
   scheduler's thread does it; whoever asked for it waits. */
#include <string.h>

#include "base/thread.h"
#include "service/archive/archive.h"
#include "service/bundle/bundle.h"
#include "service/durable/durable.h"
#include "service/life/life.h"
#include "service/policy/ask.h"
#include "service/provider/hosted.h"

/* With the lock: one operation that has not been asked to end yet. */
static struct fax_op *next_to_abort(struct service *s) {
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (p->attempt != NULL && !p->attempt->ended && !p->attempt->aborting)
      return attempt_ask_abort(p->attempt, NULL);
  }
  return NULL;
}

static void abort_all(struct service *s) {
  struct fax_op *op;
  while ((op = next_to_abort(s)) != NULL) {
    pthread_mutex_unlock(&s->lock);
    op_abort(op);
    fax_op_unref(op);
    pthread_mutex_lock(&s->lock);
  }
}

static struct attempt *next_to_kill(struct service *s) {
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    const struct attempt *a = p->attempt;
    if (a != NULL && !a->ended && !a->written_off) return p->attempt;
  }
  return NULL;
}

/* The time is up: every job is decided by what is known of it. */
static void kill_all(struct service *s) {
  struct attempt *a;
  while ((a = next_to_kill(s)) != NULL) attempt_kill(s, a, "provider_stuck");
}

/* Until nothing is active or the time has come; the watchdogs go on. */
static void wait_for_active(struct service *s, const fax_deadline *until) {
  while (s->active != 0) {
    fax_deadline now = FaxClockNow(), next = *until;
    if (now >= *until) return;
    if (schedule_watch(s, now, &next)) continue;
    clock_cond_wait(&s->changed, &s->lock, next);
  }
}

static void name_left_behind(struct service *s, const char *what,
                             const char *name) {
  char *names = s->left_behind == NULL
                    ? mem_format("%s%s", what, name)
                    : mem_format("%s, %s%s", s->left_behind, what, name);
  if (names == NULL) return;
  mem_free(s->left_behind);
  s->left_behind = names;
}

static void provider_left(struct service *s, const char *name) {
  log_line(LOG_INIT, FAX_LOG_ERROR, "service",
           "provider %s did not end; its threads are left behind", name);
  name_left_behind(s, "the provider ", name);
}

/* Without the lock. A provider gets a second even when the time is up: its
   threads, if none is stuck, need that to see the end. */
static void stop_providers(struct service *s, fax_deadline last) {
  fax_deadline until = clock_after(FaxClockNow(), 1);
  hosted_end_all(s, until < last ? last : until, provider_left);
}

static void stop_router(struct service *s) {
  s->router_stop = true;
  service_changed(s);
  pthread_mutex_unlock(&s->lock);
  thread_join(s->router);
  pthread_mutex_lock(&s->lock);
}

/* A second is always left for it. */
static void stop_deliverer(struct service *s, fax_deadline last) {
  fax_deadline until = clock_after(FaxClockNow(), 1);
  if (delivery_stop(s, until > last ? until : last)) return;
  log_line(LOG_INIT, FAX_LOG_ERROR, "service",
           "a folder of the archive or of routing does not answer; the thread "
           "is left behind");
  name_left_behind(s, "a folder of the archive or of routing", "");
}

/* Was this job decided before the stop? A reception that waits to be routed
   again is in the inbox. */
static bool decided(const struct job *j) {
  return j->outcome != FAX_OUTCOME_PENDING;
}

/* What is still queued will not be sent by this service. */
static void end_jobs(struct service *s) {
  struct job *j;
  s->ending = true;
  while ((j = RB_MIN(job_ids, &s->jobs)) != NULL) {
    /* A reception whose end was never told: the next start looks at it. */
    if (j->type == JT_RECEIVE) j->document->keep = true;
    if (j->type == JT_ROUTING || j->state == JOB_ROUTING)
      log_line(LOG_INBOUND, FAX_LOG_WARN, "routing",
               "the service stops: not routed job=%u path=%s", j->id, j->path);
    struct document *gone =
        job_finish(s, j, decided(j) ? j->outcome : FAX_OUTCOME_STOPPED);
    pthread_mutex_unlock(&s->lock);
    mem_unref(gone);
    pthread_mutex_lock(&s->lock);
  }
}

/* Nothing is left that has something to log. A disk that is slow is given a
   second. */
static void stop_log(struct service *s) {
  log_line(LOG_INIT, FAX_LOG_INFO, "service", "stopped");
  pthread_mutex_unlock(&s->lock);
  log_end();
  pthread_mutex_lock(&s->lock);
}

/* A second is always left for it. */
static void close_store(struct service *s, fax_deadline last) {
  fax_deadline until = clock_after(FaxClockNow(), 1);
  pthread_mutex_unlock(&s->lock);
  bool closed = durable_close(s, until > last ? until : last);
  pthread_mutex_lock(&s->lock);
  if (closed) return;
  log_line(LOG_INIT, FAX_LOG_ERROR, "service",
           "the disk of the store does not answer; the thread is left behind");
  name_left_behind(s, "the store", "");
}

/* The folder may be another's soon. */
static void close_spool(struct service *s) {
  pthread_mutex_unlock(&s->lock);
  spool_close(s->documents);
  pthread_mutex_lock(&s->lock);
}

/* Those in other processes have heard of the end, or are told by the loss of
   their connection. */
static void close_door(struct service *s) {
  void *door = s->door_open;
  s->door_open = NULL;
  if (door == NULL) return;
  pthread_mutex_unlock(&s->lock);
  s->door.close(door);
  pthread_mutex_lock(&s->lock);
}

void service_shutdown(struct service *s) {
  wait_for_active(s, &s->drain);
  s->state = SERVICE_STOPPING;
  abort_all(s);
  wait_for_active(s, &s->until);
  kill_all(s);
  fax_deadline last = s->until;
  pthread_mutex_unlock(&s->lock);
  stop_providers(s, last);
  pthread_mutex_lock(&s->lock);
  bundle_forget(s);
  stop_router(s);
  stop_deliverer(s, last);
  unsaved_last(s);
  end_jobs(s);
  close_store(s, last);
  archive_close(s);
  close_spool(s);
  event_log_all(s);
  stop_log(s);
  policy_end(s);
  event_raise(s, FEI_FAXSVC_ENDED, NULL, NULL);
  event_end_all(s);
  close_door(s);
  directory_close(s);
  clock_release();
  s->state = SERVICE_STOPPED;
  service_changed(s);
}

/* An earlier end wins over a later one that was asked for before. */
static void ask(struct service *s, fax_deadline until, fax_deadline drain) {
  if (s->state == SERVICE_RUNNING) {
    s->state = SERVICE_DRAINING;
    s->until = until;
    s->drain = drain;
  } else {
    if (drain < s->drain) s->drain = drain;
    if (until < s->until) s->until = until;
  }
  service_changed(s);
}

static DWORD wait_stopped(struct service *s, fax_deadline until) {
  /* The providers' own second, and two for the rest. */
  fax_deadline now = FaxClockNow();
  fax_deadline last = clock_after(until > now ? until : now, 3);
  while (s->state != SERVICE_STOPPED)
    if (!clock_cond_wait(&s->changed, &s->lock, last) &&
        s->state != SERVICE_STOPPED)
      return error_say(ERROR_TIMEOUT, "the fax service is still stopping");
  if (s->left_behind == NULL) return ERROR_SUCCESS;
  return error_say(ERROR_TIMEOUT, "stopped, but threads did not end: of %s",
                   s->left_behind);
}

DWORD service_stop(fax_deadline until, fax_deadline drain) {
  struct service *s = service_current();
  if (s == NULL) return ERROR_SUCCESS;
  if (drain > until) drain = until;
  pthread_mutex_lock(&s->lock);
  ask(s, until, drain);
  DWORD error = wait_stopped(s, until);
  bool stopped = s->state == SERVICE_STOPPED;
  pthread_mutex_unlock(&s->lock);
  if (stopped) service_forget(s);
  mem_unref(s);
  return error;
}

void service_ask_stop(fax_deadline until, fax_deadline drain) {
  struct service *s = service_current();
  if (s == NULL) return;
  pthread_mutex_lock(&s->lock);
  if (s->state != SERVICE_STOPPED) ask(s, until, drain < until ? drain : until);
  pthread_mutex_unlock(&s->lock);
  mem_unref(s);
}
