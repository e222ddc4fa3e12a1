/* SPDX-License-Identifier: MIT
   For tests of the service that change its configuration and submit one
   document many times. */
#ifndef FAX_SPEC_SERVICE_CONFIG_H
#define FAX_SPEC_SERVICE_CONFIG_H

#include "service_script.h"

static inline FAX_CONFIGURATION *config_take(struct stage *st) {
  FAX_CONFIGURATION *c;
  if (!FaxGetConfiguration(st->server, &c))
    fail_msg("%s", FaxGetLastErrorMessage());
  return c;
}

/* Frees it. */
static inline void config_put(struct stage *st, FAX_CONFIGURATION *c) {
  if (!FaxSetConfiguration(st->server, c))
    fail_msg("%s", FaxGetLastErrorMessage());
  FaxFreeBuffer(c);
}

static inline void config_pause(struct stage *st, BOOL paused) {
  FAX_CONFIGURATION *c = config_take(st);
  c->PauseServerQueue = paused;
  config_put(st, c);
}

static inline void config_retries(struct stage *st, DWORD retries,
                                  DWORD minutes) {
  FAX_CONFIGURATION *c = config_take(st);
  c->Retries = retries;
  c->RetryDelay = minutes;
  config_put(st, c);
}

static inline void config_days(struct stage *st, DWORD days) {
  FAX_CONFIGURATION *c = config_take(st);
  c->DirtyDays = days;
  config_put(st, c);
}

static inline void config_cheap(struct stage *st, FAX_TIME start,
                                FAX_TIME stop) {
  FAX_CONFIGURATION *c = config_take(st);
  c->StartCheapTime = start;
  c->StopCheapTime = stop;
  config_put(st, c);
}

/* The pages of st->document, for any number of jobs; for FaxClose. */
static inline HANDLE config_prepare(struct stage *st) {
  const char *file = st->document;
  struct fax_document d = {.size = sizeof d, .files = &file, .file_count = 1};
  HANDLE handle;
  if (!FaxPrepareDocument(st->server, &d, &handle))
    fail_msg("%s", FaxGetLastErrorMessage());
  return handle;
}

static inline DWORD config_submit(struct stage *st, HANDLE document,
                                  const FAX_JOB_PARAM *params,
                                  DWORD device_id) {
  struct fax_submission sub = stage_of_document(document, params);
  sub.device_id = device_id;
  DWORD id = stage_submit(st, &sub);
  return id;
}

static inline DWORD config_send(struct stage *st, HANDLE document,
                                const char *number) {
  FAX_JOB_PARAM p = {
      .SizeOfStruct = sizeof p, .RecipientNumber = number, .Tsid = "sender"};
  return config_submit(st, document, &p, 0);
}

static inline DWORD config_discount(struct stage *st, HANDLE document,
                                    const char *number) {
  FAX_JOB_PARAM p = {.SizeOfStruct = sizeof p,
                     .RecipientNumber = number,
                     .ScheduleAction = JSA_DISCOUNT_PERIOD};
  return config_submit(st, document, &p, 0);
}

/* On the virtual clock: until all have done what can be done now. No other
   thread has memory to take or to give back then. */
static inline void config_settle(void) {
  assert_true(clock_is_virtual());
  FaxClockWait(FaxClockNow() + 1, NULL);
}

struct config_swept {
  sweep_fn *fn;
  void *arg;
};

static inline DWORD config_sweep_one(void *arg) {
  struct config_swept *s = arg;
  DWORD error = s->fn(s->arg);
  config_settle();
  return error;
}

/* sweep_with beside a running service, on the virtual clock: what its threads
   begin to do in a round, or before the first one, they end in it. */
static inline void config_sweep(sweep_fn *fn, void *arg) {
  struct config_swept s = {fn, arg};
  config_settle();
  sweep_with(config_sweep_one, &s);
}

static inline void config_wait(double seconds) {
  FaxClockWait(clock_after(FaxClockNow(), seconds), NULL);
}

/* The next event, if one waits already; the caller frees it. */
static inline bool config_event_waits(struct stage *st,
                                      struct fax_event **out) {
  struct fax_packet packet;
  DWORD taken;
  if (!FaxGetCompletions(st->events, &packet, 1, &taken, FaxClockNow()))
    return false;
  struct fax_event *e = packet.packet;
  if (st->sequence != 0) assert_int_equal(e->sequence, st->sequence + 1);
  st->sequence = e->sequence;
  *out = e;
  return true;
}

#endif
