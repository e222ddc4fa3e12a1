/* SPDX-License-Identifier: MIT
   Calls coming in: when a ringing port is answered (PORT-36..38). */
#include "service/state.h"

/* One ring of the usual cadence; a device that says nothing but that it rings
   is taken to ring on at this pace. */
#define RING_PERIOD (6 * FAX_SECOND)

/* A ring that could not be answered, because the port was busy, is forgotten
   after this time without another. */
#define RING_LASTS (10 * FAX_SECOND)

static void note_caller(struct port *p, const char *caller_id) {
  if (caller_id == NULL) return;
  char *copy = mem_text(caller_id);
  if (copy == NULL) return;
  mem_free(p->ring_caller);
  p->ring_caller = copy;
}

/* With the lock. */
static void rang(struct port *p, DWORD rings, const char *caller_id) {
  fax_deadline now = FaxClockNow();
  bool first = !p->ringing;
  if (first) {
    p->ringing = true;
    p->ring_caller = mem_free(p->ring_caller); /* of a call forgotten */
    p->rings_seen = 0;
    p->ringing_since = now;
  }
  p->last_ring = now;
  p->rings_seen = rings > p->rings_seen ? rings : p->rings_seen + 1;
  note_caller(p, caller_id);
  if (port_free(p)) port_state(p, FPS_RINGING);
  if (first) event_raise(p->service, FEI_RINGING, NULL, p);
  service_queued(p->service);
}

/* Its ring is one of the call that was answered: it took its time. */
static bool receives(const struct port *p) {
  const struct attempt *a = p->attempt;
  return a != NULL && !a->ended && a->job->type == JT_RECEIVE;
}

void port_rang(void *service, const struct fax_provider *provider,
               DWORD device_id, DWORD rings, const char *caller_id) {
  struct service *s = service;
  pthread_mutex_lock(&s->lock);
  struct port *p = port_of(s, provider, device_id);
  if (p == NULL || s->state != SERVICE_RUNNING)
    log_line(LOG_INBOUND, FAX_LOG_WARN, "port",
             "a call was not answered device=%u", device_id);
  else if (p->leaving)
    log_line(LOG_INBOUND, FAX_LOG_INFO, "port", "%s rings and is leaving",
             p->name);
  else if ((p->flags & FPF_RECEIVE) == 0) /* PORT-37 */
    log_line(LOG_INBOUND, FAX_LOG_INFO, "port", "%s rings and is not to answer",
             p->name);
  else if (!receives(p))
    rang(p, rings, caller_id);
  pthread_mutex_unlock(&s->lock);
}

static void forget(struct port *p) {
  p->ringing = false;
  log_line(LOG_INBOUND, FAX_LOG_WARN, "port", "%s: a call was not answered",
           p->name);
  if (!port_free(p)) return;
  port_state(p, FPS_AVAILABLE);
  event_raise(p->service, FEI_IDLE, NULL, p);
}

bool port_answers(struct port *p, fax_deadline now, fax_deadline *next_inout) {
  if (!p->ringing) return false;
  if ((p->flags & FPF_RECEIVE) == 0) {
    forget(p);
    return false;
  }
  if (!port_free(p) || p->service->config.offline) {
    if (now >= p->last_ring + RING_LASTS)
      forget(p);
    else
      sooner(next_inout, p->last_ring + RING_LASTS);
    return false;
  }
  DWORD wanted = p->rings > 0 ? p->rings : 1;
  fax_deadline at = p->ringing_since + (wanted - 1) * RING_PERIOD;
  if (p->rings_seen >= wanted || now >= at) return true;
  sooner(next_inout, at);
  return false;
}
