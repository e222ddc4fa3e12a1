/* SPDX-License-Identifier: MIT
   Taking a provider out of the registrations. */
#include <string.h>

#include "service/registration/registration.h"

static DWORD take_out(struct registry *r, const char *name) {
  DWORD at = registry_find(r, name);
  if (at == r->list.count)
    return error_say(ERROR_NOT_FOUND, "%s is not registered", name);
  struct registration *p = &r->list.providers[at];
  memmove(p, p + 1, (r->list.count - at - 1) * sizeof *p);
  r->list.count--;
  return registry_write(r);
}

/* One that was not registered, or comes from elsewhere, stays. */
static void leave(struct service *s, const char *name) {
  pthread_mutex_lock(&s->lock);
  struct hosted *h = hosted_find(s, name);
  if (h != NULL && h->origin == FAX_PROVIDER_REGISTERED) hosted_leave(s, h);
  pthread_mutex_unlock(&s->lock);
  hosted_forget_failure(s, name);
}

DWORD registration_remove(const char *name) {
  struct registry r;
  if (name == NULL)
    return error_say(ERROR_INVALID_PARAMETER, "DeviceProvider is NULL");
  DWORD error = registry_open(&r, NULL, REGISTRY_SECONDS);
  if (error != ERROR_SUCCESS) return error;
  error = take_out(&r, name);
  if (error == ERROR_SUCCESS && r.service != NULL) leave(r.service, name);
  registry_close(&r);
  return error;
}
