/* SPDX-License-Identifier: MIT
   Providers that come and go while the service runs, and their ports with
   them. */
#include <string.h>

#include "base/completion.h"
#include "base/handle.h"
#include "base/text.h"
#include "service/state.h"

#define MOST_DEVICES 10000

struct attachment { /* counted */
  struct service *service;
  struct fax_provider *provider;
};

static void attachment_destroy(void *object) {
  struct attachment *a = object;
  mem_unref(a->provider);
  mem_unref(a->service);
}

/* ---- checks ---- */

static DWORD check_device(const struct fax_attach_device *d, DWORD at) {
  if (d->name == NULL || *d->name == '\0' || !text_is_utf8(d->name))
    return error_say(ERROR_INVALID_PARAMETER,
                     "the name of device %u is missing, or not UTF-8", at + 1);
  return ERROR_SUCCESS;
}

static DWORD check(const struct fax_attach *attach) {
  DWORD error = ERROR_SUCCESS;
  if (attach->size != sizeof *attach)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_attach has the wrong size");
  if (attach->name == NULL || *attach->name == '\0' ||
      !text_is_utf8(attach->name))
    return error_say(ERROR_INVALID_PARAMETER,
                     "the provider's name is missing, or not UTF-8");
  if (attach->devices == NULL || attach->device_count == 0 ||
      attach->device_count > MOST_DEVICES) /* FSP-6 */
    return error_say(ERROR_INVALID_PARAMETER,
                     "provider %s: %u devices: 1 to %d are allowed",
                     attach->name, attach->device_count, MOST_DEVICES);
  for (DWORD i = 0; error == ERROR_SUCCESS && i < attach->device_count; i++)
    error = check_device(&attach->devices[i], i);
  return error;
}

/* ---- coming ---- */

DWORD provider_add(struct service *s, struct fax_provider *p) {
  if (s->provider_count == s->provider_room) {
    DWORD room = s->provider_room * 2 + 4;
    void *all = mem_resize(s->providers, room * sizeof *s->providers);
    if (all == NULL) return ERROR_NOT_ENOUGH_MEMORY;
    s->providers = all;
    s->provider_room = room;
  }
  DWORD error = port_add_all(s, p);
  if (error == ERROR_SUCCESS) s->providers[s->provider_count++] = mem_ref(p);
  return error;
}

static DWORD largest_id(const struct service *s,
                        const struct fax_attach *attach) {
  DWORD largest = 0;
  list_each(link, &s->ports) {
    DWORD id = list_entry(link, struct port, link)->device_id;
    if (id > largest) largest = id;
  }
  for (DWORD i = 0; i < attach->device_count; i++)
    if (attach->devices[i].device_id > largest)
      largest = attach->devices[i].device_id;
  return largest;
}

/* After `id`: 0 names no device (PORT-5). */
static DWORD next_free(const struct service *s, const struct fax_attach *attach,
                       DWORD id) {
  bool taken;
  do {
    id++;
    taken = id == 0 || port_find((struct service *)s, id) != NULL;
    for (DWORD i = 0; !taken && i < attach->device_count; i++)
      taken = attach->devices[i].device_id == id;
  } while (taken);
  return id;
}

/* With the lock; gives. The ids that are left open follow those that are
   taken. */
static struct provider_device *devices_of(const struct service *s,
                                          const struct fax_attach *attach) {
  struct provider_device *devices =
      mem_alloc(attach->device_count * sizeof *devices);
  if (devices == NULL) return NULL;
  DWORD last = largest_id(s, attach);
  for (DWORD i = 0; i < attach->device_count; i++) {
    const struct fax_attach_device *d = &attach->devices[i];
    devices[i].device_id = d->device_id;
    if (d->device_id == 0)
      devices[i].device_id = last = next_free(s, attach, last);
    devices[i].name = d->name;
  }
  return devices;
}

static void announce(struct service *s, struct fax_provider *p) {
  for (DWORD i = 0; i < provider_device_count(p); i++)
    event_raise(s, FEI_MODEM_POWERED_ON, NULL,
                port_find(s, provider_device(p, i)->device_id));
  log_line(LOG_INIT, FAX_LOG_INFO, "service", "attached provider=%s devices=%u",
           provider_name(p), provider_device_count(p));
  service_changed(s);
}

/* With the lock. What is given is the caller's, also when it could not be
   added. */
static DWORD attach_to(struct service *s, const struct fax_attach *attach,
                       struct completion_port *port,
                       struct fax_provider **provider_out) {
  if (s->state != SERVICE_RUNNING)
    return error_say(ERROR_SHUTDOWN_IN_PROGRESS, "the fax service is stopping");
  struct provider_device *devices = devices_of(s, attach);
  if (devices == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error =
      provider_attach(attach, port, devices, &attempt_events, s, provider_out);
  mem_free(devices);
  if (error == ERROR_SUCCESS) error = provider_add(s, *provider_out);
  if (error == ERROR_SUCCESS) announce(s, *provider_out);
  return error;
}

/* ---- going ---- */

/* Its ports go, at once or with their operations. */
static void detach(struct service *s, struct fax_provider *provider) {
  pthread_mutex_lock(&s->lock);
  list_each_safe(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (p->provider != provider) continue;
    p->leaving = true;
    if (p->attempt == NULL) port_vanish(p);
  }
  s->providers_leaving++;
  service_changed(s);
  pthread_mutex_unlock(&s->lock);
}

void attachment_closed(struct attachment *a) {
  detach(a->service, a->provider);
}

static bool has_port(const struct service *s, const struct fax_provider *p) {
  list_each(link,
            &s->ports) if (list_entry(link, struct port, link)->provider ==
                           p) return true;
  return false;
}

bool provider_leave_step(struct service *s) {
  for (DWORD i = 0; s->providers_leaving != 0 && i < s->provider_count; i++) {
    struct fax_provider *p = s->providers[i];
    if (has_port(s, p)) continue;
    s->providers[i] = s->providers[--s->provider_count];
    s->providers_leaving--;
    pthread_mutex_unlock(&s->lock);
    provider_stop(p, FaxClockNow()); /* nothing of it is under way */
    mem_unref(p);
    pthread_mutex_lock(&s->lock);
    return true;
  }
  return false;
}

/* ---- handles ---- */

static DWORD open_handle(struct service *s, struct fax_provider *p,
                         HANDLE *handle_out) {
  struct attachment *a = mem_new(sizeof *a, attachment_destroy);
  if (a == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  a->service = mem_ref(s);
  a->provider = mem_ref(p);
  DWORD error = handle_open(HANDLE_PROVIDER, a, NULL, handle_out);
  mem_unref(a);
  return error;
}

DWORD attachment_open(struct connection *c, const struct fax_attach *attach,
                      HANDLE *handle_out) {
  struct service *s = c->service;
  struct fax_provider *p = NULL;
  DWORD error = check(attach);
  if (error == ERROR_SUCCESS) error = access_check(c, FAX_CONFIG_SET);
  if (error != ERROR_SUCCESS) return error;
  struct completion_port *port = handle_get(attach->port, HANDLE_COMPLETION);
  if (port == NULL)
    return error_say(ERROR_INVALID_PARAMETER,
                     "the completion port is not a valid handle");
  error = service_enter(s);
  if (error == ERROR_SUCCESS) {
    error = attach_to(s, attach, port, &p);
    service_leave(s);
  }
  mem_unref(port);
  if (error == ERROR_SUCCESS) {
    error = open_handle(s, p, handle_out);
    if (error != ERROR_SUCCESS) detach(s, p);
  }
  mem_unref(p);
  return error;
}

/* ---- of one that is there ---- */

DWORD attachment_devices(const struct attachment *a, DWORD *ids, DWORD count) {
  if (count != provider_device_count(a->provider))
    return error_say(ERROR_INVALID_PARAMETER, "the provider has %u devices",
                     provider_device_count(a->provider));
  for (DWORD i = 0; i < count; i++)
    ids[i] = provider_device(a->provider, i)->device_id;
  return ERROR_SUCCESS;
}

DWORD attachment_ring(struct attachment *a, DWORD device_id, DWORD rings,
                      const char *caller_id) {
  for (DWORD i = 0; i < provider_device_count(a->provider); i++) {
    if (provider_device(a->provider, i)->device_id != device_id) continue;
    fax_provider_ring(a->provider, device_id, rings, caller_id);
    return ERROR_SUCCESS;
  }
  return error_say(ERROR_BAD_UNIT, "the provider has no device %u", device_id);
}
