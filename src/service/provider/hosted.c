/* SPDX-License-Identifier: MIT
   A provider's place in the service: taken, filled, and left. */
#include "service/provider/hosted.h"

#include <string.h>

static void hosted_destroy(void *object) {
  struct hosted *h = object;
  provider_notice_clear(&h->notice);
  mem_unref(h->provider);
  mem_unref(h->share);
  mem_free(h->name);
  mem_free(h->message);
  mem_free(h->described);
}

DWORD hosted_new(const char *name, enum fax_provider_origin origin,
                 struct hosted **hosted_out) {
  struct hosted *h = mem_new(sizeof *h, hosted_destroy);
  if (h == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  list_init(&h->link);
  h->origin = origin;
  h->name = mem_text(name);
  if (h->name == NULL) {
    mem_unref(h);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *hosted_out = h;
  return ERROR_SUCCESS;
}

DWORD hosted_limit(struct hosted *h, DWORD calls) {
  if (calls == 0) return ERROR_SUCCESS;
  h->share = mem_new(sizeof *h->share, NULL);
  if (h->share == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  h->share->most = calls;
  return ERROR_SUCCESS;
}

struct hosted *hosted_find(struct service *s, const char *name) {
  list_each(link, &s->providers) {
    struct hosted *h = list_entry(link, struct hosted, link);
    if (h->origin != FAX_PROVIDER_ATTACHED && !h->leaving &&
        strcmp(h->name, name) == 0)
      return h;
  }
  return NULL;
}

static struct hosted *place_of(const struct service *s,
                               const struct fax_provider *p) {
  list_each(link, &s->providers) {
    struct hosted *h = list_entry(link, struct hosted, link);
    if (h->provider == p) return h;
  }
  return NULL;
}

void hosted_learn(struct service *s, const struct fax_provider *p,
                  bool counts) {
  struct hosted *h = place_of(s, p);
  if (h != NULL) h->counts = counts;
}

bool hosted_counts(const struct service *s, const struct fax_provider *p) {
  const struct hosted *h = place_of(s, p);
  return h != NULL && h->counts;
}

/* ---- those that could not be loaded ---- */

/* With the lock; gives. */
static struct hosted *take_failure(struct service *s, const char *name) {
  list_each_safe(link, &s->failed) {
    struct hosted *h = list_entry(link, struct hosted, link);
    if (strcmp(h->name, name) != 0) continue;
    list_remove(link);
    return h;
  }
  return NULL;
}

void hosted_failed(struct service *s, struct hosted *h, DWORD error) {
  h->error = error;
  h->message = mem_text(error_message());
  pthread_mutex_lock(&s->lock);
  struct hosted *old = take_failure(s, h->name);
  list_append(&s->failed, &h->link);
  mem_ref(h);
  pthread_mutex_unlock(&s->lock);
  mem_unref(old);
}

void hosted_forget_failure(struct service *s, const char *name) {
  pthread_mutex_lock(&s->lock);
  struct hosted *old = take_failure(s, name);
  pthread_mutex_unlock(&s->lock);
  mem_unref(old);
}

/* ---- coming ---- */

static DWORD take_place(struct service *s, struct hosted *h) {
  if (s->state != SERVICE_RUNNING)
    return error_say(ERROR_SHUTDOWN_IN_PROGRESS, "the fax service is stopping");
  if (h->origin != FAX_PROVIDER_ATTACHED && hosted_find(s, h->name) != NULL)
    return error_say(ERROR_ALREADY_EXISTS,
                     "provider %s: one of this name is loaded already",
                     h->name);
  list_append(&s->providers, &h->link);
  mem_ref(h);
  return ERROR_SUCCESS;
}

DWORD hosted_enter(struct service *s, struct hosted *h) {
  pthread_mutex_lock(&s->lock);
  DWORD error = take_place(s, h);
  pthread_mutex_unlock(&s->lock);
  return error;
}

/* At a start nobody listens yet. */
static void announce(struct service *s, const struct hosted *h) {
  const struct fax_provider *p = h->provider;
  if (!s->scheduler_started) return;
  for (DWORD i = 0; i < provider_device_count(p); i++)
    event_raise(s, FEI_MODEM_POWERED_ON, NULL,
                port_find(s, provider_device(p, i)->device_id));
  log_line(LOG_INIT, FAX_LOG_INFO, "service", "%s provider=%s devices=%u",
           h->origin == FAX_PROVIDER_ATTACHED ? "attached" : "loaded", h->name,
           provider_device_count(p));
  service_changed(s);
}

static void share_lines(struct service *s, const struct hosted *h) {
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (p->provider == h->provider) p->share = mem_ref(h->share);
  }
}

DWORD hosted_fill(struct service *s, struct hosted *h, struct fax_provider *p) {
  if (s->state != SERVICE_RUNNING)
    return error_say(ERROR_SHUTDOWN_IN_PROGRESS, "the fax service is stopping");
  if (h->leaving)
    return error_say(ERROR_OPERATION_ABORTED,
                     "provider %s was taken away while it was loaded", h->name);
  DWORD error = port_add_all(s, p);
  if (error != ERROR_SUCCESS) return error;
  h->provider = mem_ref(p);
  share_lines(s, h);
  if (h->origin == FAX_PROVIDER_REGISTERED) mem_unref(take_failure(s, h->name));
  announce(s, h);
  return ERROR_SUCCESS;
}

/* ---- going ---- */

void hosted_withdraw(struct service *s, struct hosted *h) {
  pthread_mutex_lock(&s->lock);
  list_remove(&h->link);
  pthread_mutex_unlock(&s->lock);
  mem_unref(h);
}

/* While it is being loaded, whoever does that sees it. */
void hosted_leave(struct service *s, struct hosted *h) {
  if (h->leaving) return;
  h->leaving = true;
  if (h->provider == NULL) return;
  list_each_safe(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (p->provider == h->provider) port_leave(p);
  }
  s->providers_leaving++;
  service_changed(s);
}
