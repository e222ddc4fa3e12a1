/* SPDX-License-Identifier: MIT
   The registered providers of a service: those that are there when it starts,
   after those of its configuration, and those that come while it runs. */
#include "service/registration/registration.h"

#include <string.h>

/* ---- one ---- */

DWORD registration_enter(struct service *s, const struct registration *r,
                         struct hosted **hosted_out) {
  struct hosted *h;
  DWORD error = hosted_new(r->name, FAX_PROVIDER_REGISTERED, &h);
  if (error != ERROR_SUCCESS) return error;
  error = hosted_enter(s, h);
  if (error != ERROR_SUCCESS) {
    log_line(LOG_INIT, FAX_LOG_INFO, "service", "registered %s",
             error_message());
    error_clear();
    h = mem_unref(h);
  }
  *hosted_out = h;
  return ERROR_SUCCESS;
}

static DWORD load(struct service *s, const struct registration *r,
                  struct hosted *h) {
  struct fax_provider_config config = {.name = r->name};
  char *path;
  DWORD error = registration_image(r->image, &path);
  if (error != ERROR_SUCCESS) {
    hosted_withdraw(s, h);
    return error;
  }
  config.path = path;
  error = hosted_load(s, h, &config);
  mem_free(path);
  return error;
}

/* False: nobody is leaving, whose end would be a time to try again. */
static bool wait_for_module(struct service *s) {
  pthread_mutex_lock(&s->lock);
  bool waits = s->providers_leaving != 0 || s->providers_busy != 0;
  s->registration_waits = true;
  pthread_mutex_unlock(&s->lock);
  return waits;
}

/* A place for one that is registered still. */
static DWORD enter_again(struct service *s, const struct registration *r,
                         struct hosted **hosted_out) {
  struct registry registry;
  struct hosted *h = NULL;
  DWORD error = registry_open(&registry, s, REGISTRY_SECONDS);
  if (error != ERROR_SUCCESS) return error;
  if (registry_find(&registry, r->name) != registry.list.count)
    error = registration_enter(s, r, &h);
  registry_close(&registry);
  *hosted_out = h;
  return error;
}

/* What had the module may have ended since it was asked for: then in another
   place. */
static DWORD load_or_wait(struct service *s, const struct registration *r,
                          struct hosted **hosted_inout) {
  DWORD error = load(s, r, *hosted_inout);
  struct hosted *again = NULL;
  if (error != ERROR_BUSY || wait_for_module(s)) return error;
  error = enter_again(s, r, &again);
  if (error != ERROR_SUCCESS || again == NULL) return error;
  mem_unref(*hosted_inout);
  *hosted_inout = again;
  return load(s, r, again);
}

DWORD registration_bring(struct service *s, const struct registration *r,
                         struct hosted *h) {
  DWORD error = load_or_wait(s, r, &h);
  if (error != ERROR_SUCCESS && error != ERROR_NOT_ENOUGH_MEMORY) {
    hosted_failed(s, h, error);
    log_line(LOG_INIT, FAX_LOG_ERROR, "service",
             "registered provider %s is not used: %s", r->name,
             error_message());
    error_clear();
    error = ERROR_SUCCESS;
  }
  mem_unref(h);
  return error;
}

/* ---- all ---- */

static DWORD enter_all(struct service *s, const struct registrations *list,
                       struct hosted **places) {
  DWORD error = ERROR_SUCCESS;
  for (DWORD i = 0; error == ERROR_SUCCESS && i < list->count; i++)
    error = registration_enter(s, &list->providers[i], &places[i]);
  return error;
}

/* Into the places that were taken, or gives those up. */
static DWORD bring_all(struct service *s, const struct registrations *list,
                       struct hosted **places, DWORD error) {
  for (DWORD i = 0; i < list->count; i++) {
    struct hosted *h = places[i];
    if (h == NULL) continue;
    if (error == ERROR_SUCCESS) {
      error = registration_bring(s, &list->providers[i], h);
    } else {
      hosted_withdraw(s, h);
      mem_unref(h);
    }
  }
  return error;
}

static struct hosted **places_for(struct arena *a,
                                  const struct registrations *list) {
  return arena_alloc(a, (list->count + (size_t)1) * sizeof(struct hosted *));
}

DWORD registration_load(struct service *s) {
  struct arena arena = {0};
  struct registrations list;
  DWORD error = registration_read(s->directory, &arena, &list);
  if (error == ERROR_SUCCESS) {
    struct hosted **places = places_for(&arena, &list);
    error =
        places == NULL ? ERROR_NOT_ENOUGH_MEMORY : enter_all(s, &list, places);
    if (places != NULL) error = bring_all(s, &list, places, error);
  }
  arena_free(&arena);
  return error;
}

static bool take_waiting(struct service *s) {
  pthread_mutex_lock(&s->lock);
  bool waits = s->registration_waits && s->state == SERVICE_RUNNING;
  if (waits) s->registration_waits = false;
  pthread_mutex_unlock(&s->lock);
  return waits;
}

static DWORD load_waiting(struct service *s) {
  struct registry r;
  DWORD error = registry_open(&r, s, REGISTRY_SECONDS);
  if (error != ERROR_SUCCESS) return error;
  struct hosted **places = places_for(&r.arena, &r.list);
  error =
      places == NULL ? ERROR_NOT_ENOUGH_MEMORY : enter_all(s, &r.list, places);
  registry_unlock(&r);
  if (places != NULL) error = bring_all(s, &r.list, places, error);
  registry_close(&r);
  return error;
}

void registration_load_waiting(struct service *s) {
  if (!take_waiting(s)) return;
  if (load_waiting(s) == ERROR_SUCCESS) return;
  log_line(LOG_INIT, FAX_LOG_ERROR, "service",
           "registered providers were not looked at again: %s",
           error_message());
  error_clear();
}
