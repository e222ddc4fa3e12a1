/* SPDX-License-Identifier: MIT
   Many calls at once on the loopback exchange: half of the lines call the other
   half, and every event of every job has to come, once and in order. For a test
   and a benchmark; functions give NULL, or what is wrong. */
#ifndef FAX_SPEC_MANY_H
#define FAX_SPEC_MANY_H

#include <fax/fax_clock.h>
#include <fax/fax_service.h>
#include <fax/faxwin.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pages.h"

#define MANY_FIRST_NUMBER 10001

struct many {
  HANDLE server, events;
  unsigned calls, pages; /* pages of the document */
  const char *document;  /* received pages must be these; NULL: not compared */
  bool held;             /* no line calls yet */
  DWORDLONG sequence;
  unsigned over, received, up, most_up; /* up: both sides have begun */
  struct many_job {
    DWORD type; /* JT_ */
    unsigned rank, pages;
  } * jobs; /* by id */
  unsigned job_room;
};

/* ---- the lines ---- */

static inline void many_options(char *lines, size_t size, unsigned calls) {
  snprintf(lines, size, "lines=%u", 2 * calls);
}

static inline bool many_set(const struct many *m, DWORD device, DWORD flags) {
  HANDLE port;
  PFAX_PORT_INFO info;
  if (!FaxOpenPort(m->server, device, PORT_OPEN_MODIFY, &port)) return false;
  bool ok = FaxGetPort(port, &info);
  if (ok) {
    info->Flags = (info->Flags & FPF_VIRTUAL) | flags;
    ok = FaxSetPort(port, info);
    FaxFreeBuffer(info);
  }
  FaxClose(port);
  return ok;
}

/* Devices 1..calls call, the others answer. */
static inline const char *many_lines(const struct many *m, DWORD of_callers) {
  for (DWORD i = 1; i <= m->calls; i++)
    if (!many_set(m, i, of_callers)) return FaxGetLastErrorMessage();
  return NULL;
}

static inline const char *many_begin(struct many *m) {
  m->job_room = 4 * m->calls + 16;
  m->jobs = calloc(m->job_room, sizeof *m->jobs);
  if (m->jobs == NULL) return "no memory";
  for (DWORD i = m->calls + 1; i <= 2 * m->calls; i++)
    if (!many_set(m, i, FPF_RECEIVE)) return FaxGetLastErrorMessage();
  const char *wrong = many_lines(m, 0);
  m->events = FaxCreateCompletionPort();
  if (wrong == NULL && !FaxSubscribe(m->server, m->events, 1, NULL))
    wrong = FaxGetLastErrorMessage();
  return wrong;
}

static inline void many_end(struct many *m) {
  FaxCloseCompletionPort(m->events);
  free(m->jobs);
}

static inline const char *many_submit(struct many *m, const char *file) {
  struct fax_document d = {.size = sizeof d, .files = &file, .file_count = 1};
  char number[16];
  FAX_JOB_PARAM params = {.SizeOfStruct = sizeof params,
                          .RecipientNumber = number,
                          .DocumentName = "many"};
  struct fax_submission s = {
      .size = sizeof s, .params = &params, .ecm = FAX_UNKNOWN};
  DWORD id;
  if (!FaxPrepareDocument(m->server, &d, &s.document))
    return FaxGetLastErrorMessage();
  for (unsigned i = 0; i < m->calls; i++) {
    snprintf(number, sizeof number, "%u", MANY_FIRST_NUMBER + m->calls + i);
    if (!FaxSubmit(m->server, &s, &id)) return FaxGetLastErrorMessage();
  }
  FaxClose(s.document);
  return NULL;
}

/* ---- the events ---- */

/* What a job goes through, in order; some come once a page. */
static inline unsigned many_rank(DWORD event_id) {
  static const DWORD ranks[] = {
      FEI_JOB_QUEUED,   FEI_INITIALIZING, FEI_DIALING,   FEI_SENDING,
      FEI_ANSWERED,     FEI_RECEIVING,    FEI_COMPLETED, FEI_ROUTING,
      FEI_FAX_RECEIVED, FEI_DELETED};
  for (unsigned i = 0; i < sizeof ranks / sizeof *ranks; i++)
    if (ranks[i] == event_id) return i + 1;
  return 0;
}

/* The step that must have been before this one; 0: none. */
static inline unsigned many_before(DWORD type, DWORD event_id) {
  bool sends = type == JT_SEND;
  switch (event_id) {
    case FEI_INITIALIZING:
      return many_rank(FEI_JOB_QUEUED);
    case FEI_DIALING:
      return many_rank(FEI_INITIALIZING);
    case FEI_SENDING:
      return many_rank(FEI_DIALING);
    case FEI_RECEIVING:
      return many_rank(FEI_ANSWERED);
    case FEI_COMPLETED:
      return many_rank(sends ? FEI_SENDING : FEI_RECEIVING);
    case FEI_ROUTING:
      return many_rank(FEI_COMPLETED);
    case FEI_FAX_RECEIVED:
      return many_rank(FEI_ROUTING);
    case FEI_DELETED:
      return many_rank(sends ? FEI_COMPLETED : FEI_FAX_RECEIVED);
    default:
      return 0;
  }
}

/* It comes again for each change within that step. */
static inline bool many_has_details(DWORD event_id) {
  return event_id == FEI_DIALING || event_id == FEI_SENDING ||
         event_id == FEI_ANSWERED || event_id == FEI_RECEIVING;
}

static inline const char *many_step(struct many *m, const struct fax_event *e,
                                    struct many_job *j) {
  unsigned rank = many_rank(e->event_id);
  unsigned before = many_before(j->type, e->event_id);
  if (rank == 0) return "an event that does not belong to it";
  if (rank != j->rank && j->rank != before) return "an event is missing";
  if (rank == j->rank && !many_has_details(e->event_id))
    return "an event came twice";
  if (rank != j->rank && e->event_id == FEI_ANSWERED) m->up++;
  if (m->up > m->most_up) m->most_up = m->up;
  if (e->event_id == FEI_COMPLETED && j->type == JT_RECEIVE) m->up--;
  j->rank = rank;
  return NULL;
}

static inline const char *many_received(struct many *m,
                                        const struct fax_event *e) {
  if (e->complete != 1 || e->pages != m->pages || e->bad_rows != 0)
    return "a fax did not arrive whole";
  for (unsigned i = 0; m->document != NULL && i < m->pages; i++)
    if (!pages_same(m->document, i, e->path, i)) return "a page differs";
  m->received++;
  return NULL;
}

static inline const char *many_event(struct many *m,
                                     const struct fax_event *e) {
  if (m->sequence != 0 && e->sequence != m->sequence + 1)
    return "the sequence has a gap";
  m->sequence = e->sequence;
  if (e->kind == FAX_EVENT_GAP) return "events were missed";
  if (e->job_id == FAX_NO_JOB) return NULL;
  if (e->job_id >= m->job_room) return "a job that nobody submitted";
  struct many_job *j = &m->jobs[e->job_id];
  if (j->type == 0)
    j->type = e->event_id == FEI_JOB_QUEUED ? JT_SEND : JT_RECEIVE;
  const char *wrong = many_step(m, e, j);
  if (wrong == NULL && e->event_id == FEI_FAX_RECEIVED)
    wrong = many_received(m, e);
  if (wrong == NULL && e->event_id == FEI_DELETED) {
    if (e->outcome != FAX_OUTCOME_COMPLETED) wrong = "a job is not completed";
    m->over++;
  }
  return wrong;
}

/* Until all jobs of both sides are over. */
static inline const char *many_run(struct many *m, fax_deadline patience) {
  const char *wrong = NULL;
  while (wrong == NULL && m->over < 2 * m->calls) {
    struct fax_packet packets[64];
    DWORD taken;
    if (!FaxGetCompletions(m->events, packets, 64, &taken,
                           FaxClockNow() + patience))
      return "no event comes any more";
    for (DWORD i = 0; i < taken; i++) {
      struct fax_event *e = packets[i].packet;
      if (wrong == NULL) wrong = many_event(m, e);
      if (wrong != NULL && i + 1 == taken)
        fprintf(stderr, "event 0x%x of job %u: %s\n", (unsigned)e->event_id,
                (unsigned)e->job_id, wrong);
      FaxLocalFree(e);
    }
  }
  return wrong;
}

/* Afterwards: all came, and every port has come to rest. */
static inline const char *many_idle(struct many *m, fax_deadline patience) {
  fax_deadline until = FaxClockNow() + patience;
  if (m->received != m->calls) return "a fax was not received";
  for (;;) {
    PFAX_PORT_INFO ports;
    DWORD count, busy = 0;
    struct fax_packet packet;
    if (!FaxEnumPorts(m->server, &ports, &count))
      return FaxGetLastErrorMessage();
    for (DWORD i = 0; i < count; i++) busy += ports[i].State != FPS_AVAILABLE;
    FaxFreeBuffer(ports);
    if (busy == 0) return count == 2 * m->calls ? NULL : "a port is missing";
    if (!FaxGetCompletions(m->events, &packet, 1, &count, until))
      return "a port does not come to rest";
    FaxLocalFree(packet.packet);
  }
}

#endif
