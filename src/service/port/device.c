/* SPDX-License-Identifier: MIT
   The devices that the service knows, by name and by id. */
#include "service/port/device.h"

#include <string.h>
#include <strings.h>

static int name_order(struct device *a, struct device *b) {
  int order = strcmp(a->provider, b->provider);
  return order != 0 ? order : strcmp(a->name, b->name);
}

static int id_order(struct device *a, struct device *b) {
  return (a->device_id > b->device_id) - (a->device_id < b->device_id);
}

RB_GENERATE(device_names, device, by_name, name_order)
RB_GENERATE(device_ids, device, by_id, id_order)

static void device_destroy(void *object) {
  struct device *d = object;
  for (size_t i = 0; i < d->routing_count; i++) {
    mem_free(d->routings[i].guid);
    mem_unref(d->routings[i].data);
  }
  mem_free(d->routings);
  mem_unref(d->settings);
  mem_free(d->provider);
  mem_free(d->name);
}

DWORD device_new(const char *provider, const char *name, DWORD device_id,
                 struct device **device_out) {
  struct device *d = mem_new(sizeof *d, device_destroy);
  if (d == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  d->provider = mem_text(provider);
  d->name = mem_text(name);
  d->device_id = device_id;
  if (d->provider == NULL || d->name == NULL) {
    mem_unref(d);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *device_out = d;
  return ERROR_SUCCESS;
}

void device_enter(struct service *s, struct device *d) {
  RB_INSERT(device_names, &s->device_names, d);
  RB_INSERT(device_ids, &s->device_ids, d);
  s->device_count++;
  if (d->order > s->last_order) s->last_order = d->order;
}

void device_leave(struct service *s, struct device *d) {
  RB_REMOVE(device_names, &s->device_names, d);
  RB_REMOVE(device_ids, &s->device_ids, d);
  s->device_count--;
  mem_unref(d);
}

void devices_free(struct service *s) {
  struct device *d;
  while ((d = RB_MIN(device_ids, &s->device_ids)) != NULL) device_leave(s, d);
}

struct device *device_by_id(struct service *s, DWORD device_id) {
  struct device key = {.device_id = device_id};
  return RB_FIND(device_ids, &s->device_ids, &key);
}

bool device_is_away(const struct device *d) {
  return d->port == NULL || d->port->leaving;
}

struct device *device_nth(struct service *s, const char *provider,
                          const char *name, DWORD n) {
  char *text = n == 1 ? mem_text(name) : mem_format("%s#%u", name, n);
  if (text == NULL) return NULL;
  struct device key = {.provider = (char *)provider, .name = text};
  struct device *found = RB_FIND(device_names, &s->device_names, &key);
  mem_free(text);
  return found;
}

struct device_routing *device_routing(struct device *d, const char *guid) {
  for (size_t i = 0; i < d->routing_count; i++)
    if (strcasecmp(d->routings[i].guid, guid) == 0) return &d->routings[i];
  char *text = mem_text(guid);
  struct device_routing *more =
      mem_resize(d->routings, (d->routing_count + 1) * sizeof *more);
  if (more != NULL) d->routings = more;
  if (more == NULL || text == NULL) {
    mem_free(text);
    return NULL;
  }
  more[d->routing_count] = (struct device_routing){.guid = text};
  return &more[d->routing_count++];
}

DWORD device_port_routing(const struct service *s, const struct device *d,
                          struct port_routing **routing_out) {
  struct port_routing *r;
  *routing_out = NULL;
  if (d->routing_count == 0) return ERROR_SUCCESS;
  if ((r = port_routing_new()) == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (size_t i = 0; i < d->routing_count; i++) {
    const struct device_routing *from = &d->routings[i];
    const struct method *m = routing_method_known(s, from->guid);
    if (m == NULL) continue;
    r->of[m->number].enabled = from->enabled;
    r->of[m->number].data = mem_ref(from->data);
  }
  *routing_out = r;
  return ERROR_SUCCESS;
}
