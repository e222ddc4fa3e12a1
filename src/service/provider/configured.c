/* SPDX-License-Identifier: MIT
   The providers that the configuration names: loaded at the start; at a reload
   those that are new are loaded, those that it does not name any more leave. */
#include "service/provider/configured.h"

#include <string.h>

/* All that is said of it, as one text. */
static char *described(const struct fax_provider_config *c) {
  char *text = mem_format("%s\n%u\n%u", c->path != NULL ? c->path : "",
                          c->isolate, c->calls);
  const char *const *option = c->options;
  for (; text != NULL && option != NULL && *option != NULL; option++) {
    char *longer = mem_format("%s\n%s", text, *option);
    mem_free(text);
    text = longer;
  }
  return text;
}

DWORD configured_load(struct service *s, const struct fax_provider_config *c) {
  struct hosted *h;
  DWORD error = hosted_new(c->name, FAX_PROVIDER_CONFIGURED, &h);
  if (error != ERROR_SUCCESS) return error;
  h->described = described(c);
  if (h->described == NULL) error = ERROR_NOT_ENOUGH_MEMORY;
  if (error == ERROR_SUCCESS) error = hosted_enter(s, h);
  if (error == ERROR_SUCCESS) error = hosted_load(s, h, c);
  mem_unref(h);
  return error;
}

/* With the lock. */
static struct hosted *find(struct service *s, const char *name) {
  struct hosted *h = hosted_find(s, name);
  return h != NULL && h->origin == FAX_PROVIDER_CONFIGURED ? h : NULL;
}

static bool is_there(struct service *s, const char *name) {
  pthread_mutex_lock(&s->lock);
  bool there = find(s, name) != NULL;
  pthread_mutex_unlock(&s->lock);
  return there;
}

static void leave(struct service *s, const char *name) {
  pthread_mutex_lock(&s->lock);
  struct hosted *h = find(s, name);
  if (h != NULL) hosted_leave(s, h);
  pthread_mutex_unlock(&s->lock);
}

DWORD configured_add(struct service *s, const struct fax_service_config *c,
                     bool *added) {
  DWORD error = ERROR_SUCCESS;
  for (DWORD i = 0; error == ERROR_SUCCESS && i < c->provider_count; i++) {
    if (is_there(s, c->providers[i].name)) continue;
    error = configured_load(s, &c->providers[i]);
    added[i] = error == ERROR_SUCCESS;
  }
  return error;
}

void configured_undo(struct service *s, const struct fax_service_config *c,
                     const bool *added) {
  for (DWORD i = 0; i < c->provider_count; i++)
    if (added[i]) leave(s, c->providers[i].name);
}

static bool names(const struct fax_service_config *c, const char *name) {
  for (DWORD i = 0; i < c->provider_count; i++)
    if (strcmp(c->providers[i].name, name) == 0) return true;
  return false;
}

void configured_remove(struct service *s, const struct fax_service_config *c) {
  list_each(link, &s->providers) {
    struct hosted *h = list_entry(link, struct hosted, link);
    if (h->origin == FAX_PROVIDER_CONFIGURED && !names(c, h->name))
      hosted_leave(s, h);
  }
}

bool configured_differs(struct service *s,
                        const struct fax_provider_config *c) {
  const struct hosted *h = find(s, c->name);
  char *text = h != NULL ? described(c) : NULL;
  bool differs = text != NULL && strcmp(text, h->described) != 0;
  mem_free(text);
  return differs;
}
