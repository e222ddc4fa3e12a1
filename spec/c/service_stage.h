/* SPDX-License-Identifier: MIT
   A service in a folder of its own, for the C tests: started, connected,
   listened to, stopped. */
#ifndef FAX_SPEC_SERVICE_STAGE_H
#define FAX_SPEC_SERVICE_STAGE_H

#include <fax/fax_clock.h>
#include <fax/fax_service.h>
#include <fax/faxwin.h>
#include <ftw.h>
#include <string.h>
#include <unistd.h>

#include "pages.h"
#include "test.h"

struct stage {
  char directory[64];
  char document[96];
  HANDLE server, events;
};

static inline void stage_options(struct stage *st,
                                 struct fax_service_config *config) {
  strcpy(st->directory, "/tmp/fax-test-XXXXXX");
  assert_non_null(mkdtemp(st->directory));
  snprintf(st->document, sizeof st->document, "%s/document.tif",
           st->directory);
  FaxServiceDefaults(config);
  config->directory = st->directory;
  config->branding = FALSE;
  config->retry_delay = 0;
  config->retries = 0;
}

/* With the loopback exchange. `options` may be NULL. */
static inline void stage_start(struct stage *st, const char *const *options,
                               void (*change)(struct fax_service_config *)) {
  struct fax_service_config config;
  struct fax_provider_config loopback = {"loopback", NULL, options};
  stage_options(st, &config);
  config.providers = &loopback;
  config.provider_count = 1;
  if (change != NULL) change(&config);
  if (!FaxServiceStart(&config)) fail_msg("%s", FaxGetLastErrorMessage());
  assert_true(FaxConnectFaxServer(NULL, &st->server));
  st->events = FaxCreateCompletionPort();
  assert_true(FaxSubscribe(st->server, st->events, 1, NULL));
}

static inline int stage_remove(const char *path, const struct stat *st,
                               int flag, struct FTW *walk) {
  (void)st, (void)flag, (void)walk;
  return remove(path);
}

static inline void stage_stop(struct stage *st) {
  fax_deadline now = FaxClockNow();
  if (!FaxServiceStop(now + 20 * FAX_SECOND, now))
    fail_msg("%s", FaxGetLastErrorMessage());
  FaxClose(st->server);
  assert_true(FaxCloseCompletionPort(st->events));
  nftw(st->directory, stage_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* A document of n short pages. */
static inline void stage_document(struct stage *st, unsigned pages) {
  assert_true(pages_make(st->document, PAGES_SHORT, pages, 2292, 196));
}

static inline DWORD stage_send(struct stage *st, const char *number) {
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = number,
                          .DocumentName = "test",
                          .Tsid = "sender"};
  DWORD id = 0;
  if (!FaxSendDocument(st->server, st->document, &params, NULL, &id))
    fail_msg("%s", FaxGetLastErrorMessage());
  return id;
}

/* The next event, which the caller frees; fails after a minute without one. */
static inline struct fax_event *stage_event(struct stage *st) {
  struct fax_packet packet;
  DWORD taken;
  if (!FaxGetCompletions(st->events, &packet, 1, &taken,
                         FaxClockNow() + 60 * FAX_SECOND))
    fail_msg("no event for a minute");
  return packet.packet;
}

/* Takes events until the one with this id (of this job, unless 0). */
static inline struct fax_event *stage_until(struct stage *st, DWORD event_id,
                                            DWORD job) {
  for (;;) {
    struct fax_event *e = stage_event(st);
    if (e->event_id == event_id && (job == 0 || e->job_id == job)) return e;
    FaxLocalFree(e);
  }
}

static inline void stage_skip(struct stage *st, DWORD event_id, DWORD job) {
  FaxLocalFree(stage_until(st, event_id, job));
}

static inline struct fax_job_result *stage_result(struct stage *st, DWORD job) {
  struct fax_job_result *result;
  if (!FaxGetJobResult(st->server, job, &result))
    fail_msg("%s", FaxGetLastErrorMessage());
  return result;
}

#endif
