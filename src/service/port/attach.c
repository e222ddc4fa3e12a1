/* SPDX-License-Identifier: MIT
   Providers that come and go while the service runs, and their ports with
   them. */
#include <string.h>

#include "base/completion.h"
#include "base/handle.h"
#include "base/text.h"
#include "service/port/device.h"
#include "service/provider/hosted.h"

#define MOST_DEVICES 10000

struct attachment { /* counted */
  struct service *service;
  struct hosted *hosted;
};

static void attachment_destroy(void *object) {
  struct attachment *a = object;
  mem_unref(a->hosted);
  mem_unref(a->service);
}

/* ---- checks ---- */

static DWORD check_device(const struct fax_attach_device *d, DWORD at) {
  if (d->name == NULL || *d->name == '\0' || !text_is_utf8(d->name))
    return error_say(ERROR_INVALID_PARAMETER,
                     "the name of device %u is missing, or not UTF-8", at + 1);
  if (d->csid != NULL && !text_is_utf8(d->csid))
    return error_say(ERROR_INVALID_PARAMETER,
                     "the CSID of device %u is not UTF-8", at + 1);
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
  if ((attach->lacks & ~(DWORD)(FPF_SEND | FPF_RECEIVE)) != 0)
    return error_say(ERROR_INVALID_PARAMETER,
                     "provider %s: lacks 0x%x: only FPF_SEND and FPF_RECEIVE "
                     "can be missing",
                     attach->name, attach->lacks);
  for (DWORD i = 0; error == ERROR_SUCCESS && i < attach->device_count; i++)
    error = check_device(&attach->devices[i], i);
  return error;
}

/* ---- coming ---- */

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
static DWORD next_free(struct service *s, const struct fax_attach *attach,
                       DWORD id) {
  bool taken;
  do {
    id++;
    taken = id == 0 || port_find(s, id) != NULL || device_by_id(s, id) != NULL;
    for (DWORD i = 0; !taken && i < attach->device_count; i++)
      taken = attach->devices[i].device_id == id;
  } while (taken);
  return id;
}

/* By another device of this provider. */
static bool is_taken(const struct fax_attach *attach,
                     const struct provider_device *devices, DWORD made,
                     DWORD id) {
  for (DWORD i = 0; i < attach->device_count; i++)
    if (attach->devices[i].device_id == id ||
        (i < made && devices[i].device_id == id))
      return true;
  return false;
}

/* PORT-3: the one that it had before; 0: it is new. */
static DWORD known_id(struct service *s, const struct fax_attach *attach,
                      const struct provider_device *devices, DWORD made) {
  const struct device *d;
  const char *name = attach->devices[made].name;
  for (DWORD n = 1; (d = device_nth(s, attach->name, name, n)) != NULL; n++)
    if (device_is_away(d) && !is_taken(attach, devices, made, d->device_id))
      return d->device_id;
  return 0;
}

/* With the lock; gives. The ids that are left open are those of before, or
   follow those that are taken. */
static struct provider_device *devices_of(struct service *s,
                                          const struct fax_attach *attach) {
  struct provider_device *devices =
      mem_alloc(attach->device_count * sizeof *devices);
  if (devices == NULL) return NULL;
  DWORD last = largest_id(s, attach);
  for (DWORD i = 0; i < attach->device_count; i++) {
    const struct fax_attach_device *d = &attach->devices[i];
    devices[i].device_id = d->device_id;
    if (d->device_id == 0)
      devices[i].device_id = known_id(s, attach, devices, i);
    if (devices[i].device_id == 0)
      devices[i].device_id = last = next_free(s, attach, last);
    devices[i].name = d->name;
    devices[i].csid = d->csid;
    devices[i].lacks = attach->lacks;
  }
  return devices;
}

/* With the lock; gives the provider. */
static DWORD make(struct service *s, const struct fax_attach *attach,
                  struct completion_port *port, struct hosted *h,
                  struct fax_provider **provider_out) {
  struct fax_provider *p;
  struct provider_device *devices = devices_of(s, attach);
  if (devices == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = provider_attach(attach, port, devices, &attempt_events, s, &p);
  mem_free(devices);
  if (error != ERROR_SUCCESS) return error;
  error = hosted_fill(s, h, p);
  if (error == ERROR_SUCCESS)
    *provider_out = p;
  else
    mem_unref(p);
  return error;
}

static DWORD attach_to(struct service *s, const struct fax_attach *attach,
                       struct completion_port *port, struct hosted *h) {
  struct fax_provider *p;
  DWORD error = hosted_enter(s, h);
  if (error != ERROR_SUCCESS) return error;
  pthread_mutex_lock(&s->lock);
  error = make(s, attach, port, h, &p);
  pthread_mutex_unlock(&s->lock);
  if (error != ERROR_SUCCESS) {
    hosted_withdraw(s, h);
    return error;
  }
  port_announce(s, p);
  mem_unref(p);
  return ERROR_SUCCESS;
}

static DWORD load_into(struct service *s, const struct fax_load *load,
                       struct completion_port *port, struct hosted *h) {
  DWORD error = ERROR_SUCCESS;
  if (port != NULL) error = provider_notice_make(&h->notice, port, load->key);
  if (error == ERROR_SUCCESS) error = hosted_enter(s, h);
  if (error != ERROR_SUCCESS) return error;
  return hosted_load(s, h, &load->provider);
}

/* ---- going ---- */

static void detach(struct service *s, struct hosted *h) {
  pthread_mutex_lock(&s->lock);
  hosted_leave(s, h);
  pthread_mutex_unlock(&s->lock);
}

void attachment_closed(struct attachment *a) {
  detach(a->service, a->hosted);
}

/* ---- handles ---- */

static DWORD open_handle(struct service *s, struct hosted *h,
                         HANDLE *handle_out) {
  struct attachment *a = mem_new(sizeof *a, attachment_destroy);
  DWORD error = ERROR_NOT_ENOUGH_MEMORY;
  if (a != NULL) {
    a->service = mem_ref(s);
    a->hosted = mem_ref(h);
    error = handle_open(HANDLE_PROVIDER, a, NULL, handle_out);
    mem_unref(a);
  }
  if (error != ERROR_SUCCESS) detach(s, h);
  return error;
}

static DWORD take_port(HANDLE handle, struct completion_port **port_out) {
  *port_out = handle_get(handle, HANDLE_COMPLETION);
  if (*port_out != NULL) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER,
                   "the completion port is not a valid handle");
}

DWORD attachment_open(struct connection *c, const struct fax_attach *attach,
                      HANDLE *handle_out) {
  struct completion_port *port = NULL;
  struct hosted *h = NULL;
  DWORD error = check(attach);
  if (error == ERROR_SUCCESS) error = access_check(c, FAX_CONFIG_SET);
  if (error == ERROR_SUCCESS) error = take_port(attach->port, &port);
  if (error == ERROR_SUCCESS)
    error = hosted_new(attach->name, FAX_PROVIDER_ATTACHED, &h);
  if (error == ERROR_SUCCESS) error = hosted_limit(h, attach->calls);
  if (error == ERROR_SUCCESS) error = attach_to(c->service, attach, port, h);
  if (error == ERROR_SUCCESS) error = open_handle(c->service, h, handle_out);
  mem_unref(port);
  mem_unref(h);
  return error;
}

static DWORD check_load(const struct fax_load *load) {
  const char *name = load->provider.name;
  if (load->size != sizeof *load)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_load has the wrong size");
  if (name == NULL || *name == '\0' || !text_is_utf8(name))
    return error_say(ERROR_INVALID_PARAMETER,
                     "the provider's name is missing, or not UTF-8");
  return ERROR_SUCCESS;
}

DWORD attachment_load(struct connection *c, const struct fax_load *load,
                      HANDLE *handle_out) {
  struct completion_port *port = NULL;
  struct hosted *h = NULL;
  DWORD error = check_load(load);
  if (error == ERROR_SUCCESS) error = access_check(c, FAX_CONFIG_SET);
  if (error == ERROR_SUCCESS && load->port != NULL)
    error = take_port(load->port, &port);
  if (error == ERROR_SUCCESS)
    error = hosted_new(load->provider.name, FAX_PROVIDER_LOADED, &h);
  if (error == ERROR_SUCCESS) error = load_into(c->service, load, port, h);
  if (error == ERROR_SUCCESS) error = open_handle(c->service, h, handle_out);
  mem_unref(port);
  mem_unref(h);
  return error;
}

/* ---- of one that is there ---- */

DWORD attachment_device_count(const struct attachment *a) {
  return provider_device_count(a->hosted->provider);
}

DWORD attachment_devices(const struct attachment *a, DWORD *ids, DWORD count) {
  if (count != provider_device_count(a->hosted->provider))
    return error_say(ERROR_INVALID_PARAMETER, "the provider has %u devices",
                     provider_device_count(a->hosted->provider));
  for (DWORD i = 0; i < count; i++)
    ids[i] = provider_device(a->hosted->provider, i)->device_id;
  return ERROR_SUCCESS;
}

void attachment_answers(struct attachment *a) {
  provider_answers(a->hosted->provider);
}

void attachment_alive(struct attachment *a) {
  provider_alive(a->hosted->provider);
}

DWORD attachment_ring(struct attachment *a, DWORD device_id, DWORD rings,
                      const char *caller_id) {
  for (DWORD i = 0; i < provider_device_count(a->hosted->provider); i++) {
    if (provider_device(a->hosted->provider, i)->device_id != device_id)
      continue;
    fax_provider_ring(a->hosted->provider, device_id, rings, caller_id);
    return ERROR_SUCCESS;
  }
  return error_say(ERROR_BAD_UNIT, "the provider has no device %u", device_id);
}
