/* SPDX-License-Identifier: MIT
   Calls through a whole service, from one port to another, in which one side
   falls silent at a moment: real jobs, on the virtual clock. For a test and the
   line's long runs. */
#ifndef FAX_SPEC_LINE_SERVICE_H
#define FAX_SPEC_LINE_SERVICE_H

#include <fax/fax_clock.h>
#include <fax/fax_operation.h>
#include <fax/fax_service.h>
#include <fax/faxdev.h>
#include <fax/faxwin.h>
#include <stdlib.h>
#include <unistd.h>

#include "folder.h"
#include "silence.h"

#define SERVICE_MOMENTS 100
#define SERVICE_OPTIONS (SERVICE_MOMENTS + 5)
#define SERVICE_TEXT 80
#define SERVICE_LIMIT 60.0 /* seconds that a call may go on */
#define SERVICE_PAGES 2

/* A cell: line 1 calls line 2 + i, whose call falls silent at moment i. */
struct service {
  bool t38, ecm, mute_sender;
  enum pages_pattern pattern;
  long moments;
  double at[SERVICE_MOMENTS]; /* seconds after the answer; 0: never */
  char directory[FOLDER_SIZE], source[96];
  char option[SERVICE_OPTIONS][SERVICE_TEXT];
  HANDLE server, events;
};

/* What came of a call. 0 is the sender's side, 1 the receiver's. */
struct service_call {
  bool decided, idle; /* both jobs; both ports in time */
  double length;      /* seconds from the answer to the end of both */
  double after[2];    /* from the silence to the end of the attempt */
  DWORD status[2];
  char cause[2][32];
  bool honest;
};

static inline double service_seconds(FILETIME t) {
  return (double)((uint64_t)t.dwHighDateTime << 32 | t.dwLowDateTime) / 1e7;
}

static inline void service_read_options(struct service *s,
                                        const char **options) {
  int n = 0;
  snprintf(s->option[n++], SERVICE_TEXT, "lines=%ld", s->moments + 1);
  snprintf(s->option[n++], SERVICE_TEXT, "numbers=1000");
  snprintf(s->option[n++], SERVICE_TEXT, "pace=real");
  snprintf(s->option[n++], SERVICE_TEXT, "transport=%s",
           s->t38 ? "t38" : "audio");
  for (long i = 0; i < s->moments; i++)
    if (s->at[i] > 0)
      snprintf(s->option[n++], SERVICE_TEXT, "to.%ld.mute_%s=%ld.%03ld",
               1001 + i, s->mute_sender ? "caller" : "called",
               (long)(s->at[i] * 1000) / 1000, (long)(s->at[i] * 1000) % 1000);
  for (int i = 0; i < n; i++) options[i] = s->option[i];
  options[n] = NULL;
}

/* False, and what went wrong is printed. */
static inline bool service_open(struct service *s) {
  struct fax_service_config config;
  const char *options[SERVICE_OPTIONS + 1];
  struct fax_provider_config loopback = {.name = "loopback",
                                         .options = options};
  service_read_options(s, options);
  bool ok = FaxClockVirtual(INT64_C(1767268800) * FAX_SECOND) &&
            folder_make(s->directory);
  snprintf(s->source, sizeof s->source, "%s/sent.tif", s->directory);
  ok = ok &&
       pages_make(s->source, s->pattern, SERVICE_PAGES, PAGES_A4_FINE, 196);
  FaxServiceDefaults(&config);
  config.calls_per_number = 0;
  config.directory = s->directory;
  config.branding = FALSE;
  config.retries = 0;
  config.providers = &loopback;
  config.provider_count = 1;
  s->events = FaxCreateCompletionPort();
  ok = ok && FaxServiceStart(&config) &&
       FaxConnectFaxServer(NULL, &s->server) &&
       FaxSubscribe(s->server, s->events, 1, NULL);
  if (!ok) printf("service: %s\n", FaxGetLastErrorMessage());
  return ok;
}

static inline bool service_close(struct service *s) {
  fax_deadline now = FaxClockNow();
  bool stopped = FaxServiceStop(now + 60 * FAX_SECOND, now);
  FaxClose(s->server);
  FaxCloseCompletionPort(s->events);
  folder_remove(s->directory);
  return FaxClockReal() && stopped;
}

static inline DWORD service_send(struct service *s, long moment) {
  char number[24];
  const char *file = s->source;
  snprintf(number, sizeof number, "%ld", 1001 + moment);
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = number};
  struct fax_submission sub = {.size = sizeof sub,
                               .files = &file,
                               .file_count = 1,
                               .params = &params,
                               .retries = 0,
                               .ecm = s->ecm,
                               .device_id = 1};
  DWORD id = FAX_NO_JOB;
  if (!FaxSubmit(s->server, &sub, &id))
    printf("service: %s\n", FaxGetLastErrorMessage());
  return id;
}

static inline struct fax_job_result *service_result(struct service *s,
                                                    DWORD job) {
  struct fax_job_result *r;
  if (job == FAX_NO_JOB || !FaxGetJobResult(s->server, job, &r)) return NULL;
  if (r->outcome != FAX_OUTCOME_PENDING && r->attempt_count == 1) return r;
  FaxFreeBuffer(r);
  return NULL;
}

static inline bool service_decided(struct service *s, DWORD job) {
  struct fax_job_result *r = service_result(s, job);
  if (r != NULL) FaxFreeBuffer(r);
  return r != NULL;
}

/* The port shows that it is free. */
static inline bool service_idle(struct service *s, DWORD device_id) {
  HANDLE port;
  FAX_PORT_INFO *info;
  bool idle = false;
  if (!FaxOpenPort(s->server, device_id, PORT_OPEN_QUERY, &port)) return false;
  if (FaxGetPort(port, &info)) {
    idle = info->State == FPS_AVAILABLE;
    FaxFreeBuffer(info);
  }
  FaxClose(port);
  return idle;
}

static inline void service_follow(const struct fax_event *e, double *free_at) {
  if (e->event_id == FEI_INITIALIZING || e->event_id == FEI_ANSWERED)
    *free_at = 0;
  else if (e->event_id == FEI_IDLE)
    *free_at = service_seconds(e->time);
}

/* Takes events until both jobs are decided and both ports are free, within ten
   minutes of line time; free_at is when each of them was. */
static inline bool service_wait(struct service *s, DWORD sent, DWORD device,
                                DWORD *received, double *free_at) {
  const DWORD devices[] = {1, device};
  fax_deadline until = FaxClockNow() + 600 * FAX_SECOND;
  struct fax_packet packet;
  DWORD taken;
  while (FaxGetCompletions(s->events, &packet, 1, &taken, until)) {
    struct fax_event *e = packet.packet;
    bool over = true;
    for (int i = 0; i < 2; i++) {
      if (e->device_id == devices[i]) service_follow(e, &free_at[i]);
      over = over && free_at[i] != 0;
    }
    if (e->device_id == device && e->job_id != FAX_NO_JOB)
      *received = e->job_id;
    FaxLocalFree(e);
    if (over && service_decided(s, sent) && service_decided(s, *received))
      return service_idle(s, 1) && service_idle(s, device);
  }
  return false;
}

/* What is called confirmed is there, and what is called exact is that. */
static inline bool service_honest(const struct service *s,
                                  const struct fax_job_result *sent,
                                  const struct fax_job_result *got) {
  const struct fax_attempt *a = &sent->attempts[0], *b = &got->attempts[0];
  bool whole = sent->outcome == FAX_OUTCOME_COMPLETED;
  if (!whole && sent->outcome != FAX_OUTCOME_FAILED) return false;
  if (whole != (sent->pages_confirmed == SERVICE_PAGES)) return false;
  if (whole != (a->status == FS_COMPLETED)) return false;
  if ((a->cause == NULL) != whole) return false;
  if ((b->cause == NULL) != (b->status == FS_COMPLETED)) return false;
  if (a->pages_confirmed > b->pages_confirmed) return false;
  if (b->pages_confirmed == 0) return got->outcome == FAX_OUTCOME_FAILED;
  if (got->path == NULL || pages_count(got->path) != b->pages_confirmed)
    return false;
  if (s->ecm != (b->quality == FAX_QUALITY_VERIFIED)) return false;
  for (unsigned i = 0; i < b->pages_confirmed && b->bad_rows == 0; i++)
    if (!pages_same(s->source, i, got->path, i)) return false;
  return true;
}

static inline void service_read(const struct service *s, long moment,
                                const struct fax_job_result *const *r,
                                const double *free_at, struct service_call *c) {
  double answered = service_seconds(r[1]->attempts[0].started);
  c->idle = true;
  for (int i = 0; i < 2; i++) {
    const struct fax_attempt *a = &r[i]->attempts[0];
    double length = service_seconds(a->ended) - answered;
    c->after[i] = length - s->at[moment];
    if (length > c->length) c->length = length;
    c->status[i] = a->status;
    snprintf(c->cause[i], sizeof c->cause[i], "%s",
             a->cause != NULL ? a->cause : "");
    if (free_at[i] - answered - s->at[moment] > SERVICE_LIMIT) c->idle = false;
  }
  c->honest = service_honest(s, r[0], r[1]);
}

static inline struct service_call service_run(struct service *s, long moment) {
  struct service_call c = {.decided = false};
  DWORD received = FAX_NO_JOB, sent = service_send(s, moment);
  double free_at[2] = {0, 0};
  struct fax_job_result *r[2] = {NULL, NULL};
  if (service_wait(s, sent, (DWORD)moment + 2, &received, free_at)) {
    r[0] = service_result(s, sent);
    r[1] = service_result(s, received);
  }
  c.decided = r[0] != NULL && r[1] != NULL;
  if (c.decided)
    service_read(s, moment, (const struct fax_job_result *const *)r, free_at,
                 &c);
  for (int i = 0; i < 2; i++)
    if (r[i] != NULL) FaxFreeBuffer(r[i]);
  return c;
}

/* Ended in time and for a reason: who hears the silence finds out by a watchdog
   or timer. Who is silent hears the other one all the same, and has a cause of
   its own when that gives up. */
static inline bool service_good(const struct service *s,
                                const struct service_call *c) {
  int heard = s->mute_sender ? 1 : 0;
  return c->decided && c->idle && c->honest && c->after[0] <= SERVICE_LIMIT &&
         c->after[1] <= SERVICE_LIMIT &&
         silence_is_named(c->status[heard], c->cause[heard]);
}

/* Seconds of such a call when nobody falls silent; below 0: it failed. */
static inline double service_length(const struct service *cell) {
  struct service s = *cell;
  double length = -1;
  s.moments = 1;
  s.at[0] = 0;
  if (service_open(&s)) {
    struct service_call c = service_run(&s, 0);
    if (c.decided && c.honest && c.status[0] == FS_COMPLETED) length = c.length;
  }
  return service_close(&s) ? length : -1;
}

#endif
