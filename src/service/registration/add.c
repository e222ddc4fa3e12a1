/* SPDX-License-Identifier: MIT
   Registering a provider (FSP-16, -17). */
#include <string.h>

#include "base/text.h"
#include "service/registration/registration.h"

#define MOST_TEXT 253

static DWORD check_text(const char *text, const char *what) {
  if (text == NULL)
    return error_say(ERROR_INVALID_PARAMETER, "%s is NULL", what);
  size_t length = strnlen(text, MOST_TEXT + 1);
  if (length == 0 || length > MOST_TEXT)
    return error_say(ERROR_INVALID_PARAMETER, "%s: 1 to %d bytes are allowed",
                     what, MOST_TEXT);
  if (!text_is_utf8(text))
    return error_say(ERROR_INVALID_PARAMETER, "%s is not UTF-8", what);
  return ERROR_SUCCESS;
}

static DWORD check(const struct registration *p) {
  char *path;
  DWORD error = check_text(p->name, "DeviceProvider");
  if (error == ERROR_SUCCESS)
    error = check_text(p->friendly_name, "FriendlyName");
  if (error == ERROR_SUCCESS) error = check_text(p->image, "ImageName");
  if (error != ERROR_SUCCESS) return error;
  if (strchr(p->name, '/') != NULL) /* no provider is loaded by such a name */
    return error_say(ERROR_INVALID_PARAMETER,
                     "%s: a provider needs a name without \"/\"", p->name);
  error = registration_image(p->image, &path);
  if (error == ERROR_SUCCESS) mem_free(path);
  return error;
}

static DWORD append(struct registry *r, const struct registration *p) {
  if (registry_find(r, p->name) != r->list.count)
    return error_say(ERROR_ALREADY_EXISTS, "%s is registered already", p->name);
  DWORD count = r->list.count;
  struct registration *all =
      arena_alloc(&r->arena, (count + (size_t)1) * sizeof *all);
  if (all == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  if (count != 0) memcpy(all, r->list.providers, count * sizeof *all);
  all[count] = *p;
  r->list.providers = all;
  r->list.count++;
  return registry_write(r);
}

/* With the file: a place for it in the service that runs. What cannot be
   loaded is registered all the same (FSP-16, -18). */
static struct hosted *enter(struct registry *r, const struct registration *p) {
  struct hosted *h = NULL;
  if (r->service != NULL &&
      registration_enter(r->service, p, &h) != ERROR_SUCCESS)
    log_line(LOG_INIT, FAX_LOG_ERROR, "service",
             "registered provider %s is not used: no memory", p->name);
  return h;
}

static void bring(struct service *s, const struct registration *p,
                  struct hosted *h) {
  if (h == NULL) return;
  if (registration_bring(s, p, h) != ERROR_SUCCESS)
    log_line(LOG_INIT, FAX_LOG_ERROR, "service",
             "registered provider %s is not used: no memory", p->name);
}

DWORD registration_add(const char *name, const char *friendly_name,
                       const char *image) {
  struct registration p = {name, friendly_name, image};
  struct registry r;
  struct hosted *h = NULL;
  DWORD error = check(&p);
  if (error != ERROR_SUCCESS) return error;
  error = registry_open(&r, NULL, REGISTRY_SECONDS);
  if (error != ERROR_SUCCESS) return error;
  error = append(&r, &p);
  if (error == ERROR_SUCCESS) h = enter(&r, &p);
  struct service *s = mem_ref(r.service);
  registry_close(&r);
  bring(s, &p, h);
  mem_unref(s);
  return error;
}
