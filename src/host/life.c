/* SPDX-License-Identifier: MIT
   The signs of life of a host, and when the virtual clock may go on without
   it. */
#include <stdio.h>

#include "base/error.h"
#include "host/own.h"

/* With the lock: takes the stuck ones out of the host. */
static struct host_call *next_stuck(struct host *h, const json_t *ids,
                                    size_t *at) {
  while (*at < json_array_size(ids)) {
    const json_t *id = json_array_get(ids, (*at)++);
    struct host_call *call = host_call_find(h, json_integer_value(id));
    if (call == NULL || !call->sent) continue;
    host_drain(h, "a call is stuck");
    host_call_take(h, call);
    return call;
  }
  return NULL;
}

static void end_stuck(struct host *h, const json_t *ids) {
  char evidence[128];
  size_t at = 0;
  snprintf(evidence, sizeof evidence,
           "it used %g s of processor time without a sign of life",
           h->hosts->limits.stuck);
  for (;;) {
    pthread_mutex_lock(&h->hosts->lock);
    struct host_call *call = next_stuck(h, ids, &at);
    pthread_mutex_unlock(&h->hosts->lock);
    if (call == NULL) return;
    host_call_fail(h, call, "provider_stuck", evidence);
  }
}

/* With the lock: one that the host does not name any more. */
static struct host_call *next_lost(struct host *h, int64_t now) {
  double silent = h->hosts->limits.silent * (double)FAX_SECOND;
  list_each(link, &h->calls) {
    struct host_call *call = list_entry(link, struct host_call, link);
    if (!call->sent || (double)(now - call->seen) < silent) continue;
    host_drain(h, "it has lost a call");
    host_call_take(h, call);
    return call;
  }
  return NULL;
}

static void end_lost(struct host *h) {
  for (;;) {
    pthread_mutex_lock(&h->hosts->lock);
    struct host_call *call = next_lost(h, h->beat);
    pthread_mutex_unlock(&h->hosts->lock);
    if (call == NULL) return;
    host_call_fail(h, call, "provider_stuck", "its host does not name it");
  }
}

DWORD host_hear_beat(struct host *h, const json_t *params) {
  const json_t *alive = json_object_get(params, "alive");
  h->beat = host_machine_now();
  pthread_mutex_lock(&h->hosts->lock);
  for (size_t i = 0; i < json_array_size(alive); i++) {
    const json_t *id = json_array_get(alive, i);
    struct host_call *call = host_call_find(h, json_integer_value(id));
    if (call != NULL) call->seen = h->beat;
  }
  pthread_mutex_unlock(&h->hosts->lock);
  end_stuck(h, json_object_get(params, "stuck"));
  end_lost(h);
  return ERROR_SUCCESS;
}

/* With the lock: nothing is left to be done about it before time goes on. */
static bool may_wait(const struct host *h, json_int_t seen) {
  if (seen != h->sent || h->leaving || h->hosts->kill) return false;
  if (h->hosts->stopping && h->state != HOST_STOPPING) return false;
  return !h->stuck || !list_empty(&h->calls);
}

/* It has done all it was told, or another message is on its way to it. */
DWORD host_hear_idle(struct host *h, const json_t *params) {
  json_int_t seen, until;
  if (!message_number(params, "seen", INT64_MAX, 0, &seen) ||
      !message_number(params, "until", INT64_MAX, FAX_FOREVER, &until))
    return host_nonsense("idle without a number");
  pthread_mutex_lock(&h->hosts->lock);
  if (may_wait(h, seen)) clock_guest_idle(h->clock, until);
  pthread_mutex_unlock(&h->hosts->lock);
  return ERROR_SUCCESS;
}
