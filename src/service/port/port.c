/* SPDX-License-Identifier: MIT
   The ports: one for each device of each provider. */
#include "base/handle.h"
#include "service/dialling/dialling.h"
#include "service/durable/settings.h"

static void settings_destroy(void *object) {
  struct port_settings *settings = object;
  mem_free(settings->tsid);
  mem_free(settings->csid);
}

enum { STATION_ID_LENGTH = 20 };

/* PORT-27, -28: characters that T.30 cannot carry are dropped, the rest is cut
   to 20. NULL is an empty id. */
static char *station_id(const char *from) {
  char id[STATION_ID_LENGTH + 1];
  size_t n = 0;
  for (; from != NULL && *from != '\0' && n < STATION_ID_LENGTH; from++)
    if (*from >= 0x20 && *from <= 0x7e) id[n++] = *from;
  id[n] = '\0';
  return mem_text(id);
}

DWORD port_settings_new(const char *tsid, const char *csid,
                        struct port_settings **settings_out) {
  struct port_settings *settings = mem_new(sizeof *settings, settings_destroy);
  if (settings == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  settings->tsid = station_id(tsid);
  settings->csid = station_id(csid);
  if (settings->tsid == NULL || settings->csid == NULL) {
    mem_unref(settings);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *settings_out = settings;
  return ERROR_SUCCESS;
}

static void port_destroy(void *object) {
  struct port *p = object;
  mem_unref(p->device);
  mem_free(p->name);
  mem_free(p->ring_caller);
  mem_unref(p->settings);
  mem_unref(p->routing);
  mem_unref(p->share);
  mem_unref(p->provider);
}

static DWORD port_new(struct service *s, struct fax_provider *provider,
                      const struct provider_device *device,
                      struct port **port_out) {
  struct port *p = mem_new(sizeof *p, port_destroy);
  if (p == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  list_init(&p->link);
  p->service = s;
  p->provider = mem_ref(provider);
  p->device_id = device->device_id;
  p->lacks = device->lacks;
  p->named = device->csid != NULL;
  p->state = FPS_AVAILABLE;
  p->groups =
      dialling_groups_of(s->dialling, device->name,
                         provider != NULL ? provider_name(provider) : NULL);
  p->name = mem_text(device->name);
  if (p->name == NULL ||
      port_settings_new(NULL, device->csid, &p->settings) != ERROR_SUCCESS) {
    mem_unref(p);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *port_out = p;
  return ERROR_SUCCESS;
}

/* In no list; its successor takes the jobs over. */
DWORD port_absent(struct service *s, DWORD device_id, struct port **port_out) {
  struct provider_device device = {.device_id = device_id, .name = ""};
  struct port *p;
  DWORD error = port_new(s, NULL, &device, &p);
  if (error != ERROR_SUCCESS) return error;
  p->gone = p->leaving = true;
  p->state = FPS_OFFLINE;
  *port_out = p;
  return ERROR_SUCCESS;
}

/* Behind the last port with a smaller id. */
static void insert(struct service *s, struct port *p) {
  struct list *before = s->ports.previous;
  while (before != &s->ports &&
         list_entry(before, struct port, link)->device_id > p->device_id)
    before = before->previous;
  list_append(before->next, &p->link);
}

/* So that no change of an order wants memory. */
static DWORD make_room(struct service *s) {
  if (s->port_count < s->ranking_room) return ERROR_SUCCESS;
  size_t room = 2 * (size_t)s->port_count + 8;
  struct port **more = mem_resize(s->ranking, room * sizeof *more);
  if (more == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  s->ranking = more;
  s->ranking_room = room;
  return ERROR_SUCCESS;
}

static DWORD port_add(struct service *s, struct fax_provider *provider,
                      const struct provider_device *device) {
  struct port *p = port_find(s, device->device_id);
  if (p != NULL && !p->leaving) /* FSP-7 */
    return error_say(ERROR_ALREADY_EXISTS,
                     "provider %s: the device id %u is in use already",
                     provider_name(provider), device->device_id);
  DWORD error = make_room(s);
  if (error == ERROR_SUCCESS) error = port_new(s, provider, device, &p);
  if (error != ERROR_SUCCESS) return error;
  insert(s, p);
  p->priority = ++s->port_count;
  return ERROR_SUCCESS;
}

/* Of those that are behind it each moves up; its device is away. */
static void port_unrank(struct port *p) {
  struct service *s = p->service;
  if (p->device != NULL && p->device->port == p) p->device->port = NULL;
  list_each(link, &s->ports) {
    struct port *other = list_entry(link, struct port, link);
    if (!other->gone && other->priority > p->priority) other->priority--;
  }
  s->port_count--;
}

void port_go(struct port *p) {
  if (p->gone) return;
  p->gone = p->leaving = true;
  p->ringing = false;
  port_unrank(p);
  if (p->state != FPS_OFFLINE) {
    port_state(p, FPS_OFFLINE);
    event_raise(p->service, FEI_MODEM_POWERED_OFF, NULL, p);
  }
  log_line(LOG_INIT, FAX_LOG_INFO, "port", "%s has gone", p->name);
  service_changed(p->service);
}

void port_vanish(struct port *p) {
  struct service *s = p->service;
  port_go(p);
  list_remove(&p->link);
  mem_unref(p); /* the list's; its handles and jobs hold it still */
  service_changed(s);
}

/* One whose operation does not come back is no use to anyone. */
void port_leave(struct port *p) {
  p->leaving = true;
  if (p->attempt != NULL && p->attempt->written_off)
    port_go(p);
  else if (p->attempt == NULL && !p->answering)
    port_vanish(p);
}

static void remove_all(struct service *s, struct fax_provider *provider) {
  list_each_safe(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (p->provider != provider) continue;
    port_unrank(p);
    list_remove(&p->link);
    mem_unref(p);
  }
}

/* In the place of one that is leaving, if there is one. */
static DWORD succeed(struct service *s, struct port *p,
                     struct store_changes *c) {
  list_each(link, &s->ports) {
    struct port *old = list_entry(link, struct port, link);
    if (old->device_id == p->device_id && old->leaving) port_go(old);
  }
  DWORD error = device_take(s, p, c);
  if (error == ERROR_SUCCESS) port_take_jobs(s, p);
  return error;
}

static DWORD add_each(struct service *s, struct fax_provider *provider,
                      struct store_changes *c) {
  DWORD error = ERROR_SUCCESS, count = provider_device_count(provider);
  for (DWORD i = 0; error == ERROR_SUCCESS && i < count; i++)
    error = port_add(s, provider, provider_device(provider, i));
  for (DWORD i = 0; error == ERROR_SUCCESS && i < count; i++) {
    DWORD id = provider_device(provider, i)->device_id;
    error = succeed(s, port_of(s, provider, id), c);
  }
  return error;
}

/* All of them or none. What became known of devices stays so. */
DWORD port_add_all(struct service *s, struct fax_provider *provider) {
  struct store_changes *changes;
  DWORD error = store_changes_new(&changes);
  if (error != ERROR_SUCCESS) return error;
  error = add_each(s, provider, changes);
  if (error != ERROR_SUCCESS) remove_all(s, provider);
  store_commit(s->store, changes, STORE_INSIST, NULL, NULL);
  return error;
}

/* One that is leaving only when there is no other. */
struct port *port_find(struct service *s, DWORD device_id) {
  struct port *found = NULL;
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (p->device_id != device_id || p->gone) continue;
    found = p;
    if (!p->leaving) break;
  }
  return found;
}

struct port *port_of(struct service *s, const struct fax_provider *provider,
                     DWORD device_id) {
  list_each(link, &s->ports) {
    struct port *p = list_entry(link, struct port, link);
    if (p->provider == provider && p->device_id == device_id) return p;
  }
  return NULL;
}

void port_state(struct port *p, DWORD state) {
  p->state = state;
}

bool port_free(const struct port *p) {
  return p->attempt == NULL && !p->leaving && !p->answering &&
         p->unavailable_until == 0 && p->state != FPS_OFFLINE;
}
