/* SPDX-License-Identifier: MIT
   Loading a C FSP for the service, at its start or while it runs. The only
   place where that is done. */
#include "host/host.h"
#include "service/provider/hosted.h"

/* Seconds for one that was loaded in vain. */
#define IN_VAIN 10.0

static void busy(struct service *s, bool more) {
  pthread_mutex_lock(&s->lock);
  if (more)
    s->providers_busy++;
  else
    s->providers_busy--;
  service_changed(s);
  pthread_mutex_unlock(&s->lock);
}

static DWORD fill(struct service *s, struct hosted *h, struct fax_provider *p) {
  pthread_mutex_lock(&s->lock);
  DWORD error = hosted_fill(s, h, p);
  pthread_mutex_unlock(&s->lock);
  return error;
}

/* The clock is held: it may be that the service ends meanwhile. */
DWORD hosted_load(struct service *s, struct hosted *h,
                  const struct fax_provider_config *config) {
  struct fax_provider *p = NULL;
  clock_hold();
  busy(s, true);
  DWORD error = hosted_limit(h, config->calls);
  if (error == ERROR_SUCCESS) error = host_load(config, &attempt_events, s, &p);
  if (error == ERROR_SUCCESS) {
    error = fill(s, h, p);
    if (error == ERROR_SUCCESS)
      port_announce(s, p);
    else
      provider_stop(p, clock_after(FaxClockNow(), IN_VAIN));
    mem_unref(p);
  }
  if (error != ERROR_SUCCESS) hosted_withdraw(s, h);
  busy(s, false);
  clock_release();
  return error;
}
