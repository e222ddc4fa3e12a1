/* SPDX-License-Identifier: MIT
   The registered providers of a service that is being started; they come after
   those of its configuration. */
#include <string.h>

#include "service/registration/registration.h"

static bool is_there(const struct service *s, const char *name) {
  for (DWORD i = 0; i < s->provider_count; i++)
    if (strcmp(provider_name(s->providers[i]), name) == 0) return true;
  return false;
}

static DWORD load_image(struct service *s, const char *name, const char *path) {
  struct fax_provider_config config = {.name = name, .path = path};
  struct fax_provider *p;
  DWORD error = provider_load(&config, &attempt_events, s, &p);
  if (error != ERROR_SUCCESS) return error;
  pthread_mutex_lock(&s->lock);
  error = provider_add(s, p);
  pthread_mutex_unlock(&s->lock);
  if (error != ERROR_SUCCESS) provider_stop(p, clock_after(FaxClockNow(), 10));
  mem_unref(p);
  return error;
}

/* Only a lack of memory ends the start. */
static DWORD load_one(struct service *s, const struct registration *r) {
  char *path;
  if (is_there(s, r->name)) {
    log_line(LOG_INIT, FAX_LOG_INFO, "service",
             "registered provider %s: one of this name is loaded already",
             r->name);
    return ERROR_SUCCESS;
  }
  DWORD error = registration_image(r->image, &path);
  if (error == ERROR_SUCCESS) {
    error = load_image(s, r->name, path);
    mem_free(path);
  }
  if (error == ERROR_SUCCESS || error == ERROR_NOT_ENOUGH_MEMORY) return error;
  log_line(LOG_INIT, FAX_LOG_ERROR, "service",
           "registered provider %s is not used: %s", r->name, error_message());
  error_clear();
  return ERROR_SUCCESS;
}

static DWORD load_all(struct service *s, const struct registrations *list) {
  for (DWORD i = 0; i < list->count; i++) {
    DWORD error = load_one(s, &list->providers[i]);
    if (error != ERROR_SUCCESS) return error;
  }
  return ERROR_SUCCESS;
}

DWORD registration_load(struct service *s) {
  struct arena arena = {0};
  struct registrations list;
  DWORD error = registration_read(s->directory, &arena, &list);
  if (error == ERROR_SUCCESS) error = load_all(s, &list);
  arena_free(&arena);
  return error;
}
