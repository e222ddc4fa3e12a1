/* SPDX-License-Identifier: MIT
   A port that comes finds its device, by provider and name, and is as it was
   set; a device that is new gets a place. */
#include <string.h>

#include "service/durable/settings.h"
#include "service/port/device.h"

/* Rings before answering, until someone sets it. */
#define DEFAULT_RINGS 2

/* Of devices that are away so many are kept in mind, those that were there
   last. */
#define MOST_DEVICES 20000

#define DAY (INT64_C(86400) * FAX_SECOND)

/* ---- which ---- */

/* One of its name that is away: that of the id, else the first. *n_out is the
   number for a new one. */
static struct device *look(struct service *s, const struct port *p,
                           DWORD *n_out) {
  struct device *d, *first = NULL;
  const char *provider = provider_name(p->provider);
  for (*n_out = 1; (d = device_nth(s, provider, p->name, *n_out)) != NULL;
       ++*n_out) {
    if (!device_is_away(d)) continue;
    if (d->device_id == p->device_id) return d;
    if (first == NULL) first = d;
  }
  return first;
}

/* ---- changes of what is known ---- */

static DWORD forget(struct service *s, struct device *d,
                    struct store_changes *c) {
  DWORD error = settings_remove_device(c, d);
  if (error == ERROR_SUCCESS) device_leave(s, d);
  return error;
}

/* The one that was there last is the last to be forgotten. */
static DWORD make_room(struct service *s, struct store_changes *c) {
  struct device *d, *oldest = NULL;
  if (s->device_count < MOST_DEVICES) return ERROR_SUCCESS;
  RB_FOREACH(d, device_ids, &s->device_ids) {
    if (d->port == NULL && (oldest == NULL || d->seen < oldest->seen))
      oldest = d;
  }
  return oldest == NULL ? ERROR_SUCCESS : forget(s, oldest, c);
}

/* FSP-6: an FSP may name its ids itself. It has the id, whoever had it. */
static DWORD clear_id(struct service *s, DWORD id, const struct device *but,
                      struct store_changes *c) {
  struct device *other = device_by_id(s, id);
  if (other == NULL || other == but) return ERROR_SUCCESS;
  return forget(s, other, c);
}

static DWORD renumber(struct service *s, struct device *d, DWORD id,
                      struct store_changes *c) {
  if (d->device_id == id) return ERROR_SUCCESS;
  DWORD error = settings_remove_device(c, d);
  if (error != ERROR_SUCCESS) return error;
  RB_REMOVE(device_ids, &s->device_ids, d);
  d->device_id = id;
  d->seen = 0; /* to be stored anew, and its routing now */
  RB_INSERT(device_ids, &s->device_ids, d);
  for (size_t i = 0; error == ERROR_SUCCESS && i < d->routing_count; i++)
    error = settings_put_routing(c, d, &d->routings[i]);
  return error;
}

static DWORD add(struct service *s, const struct port *p, DWORD n,
                 struct store_changes *c, struct device **device_out) {
  struct device *d;
  char *name = n == 1 ? mem_text(p->name) : mem_format("%s#%u", p->name, n);
  if (name == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = device_new(provider_name(p->provider), name, p->device_id, &d);
  mem_free(name);
  if (error != ERROR_SUCCESS) return error;
  d->flags = FPF_RECEIVE | FPF_SEND | FPF_VIRTUAL;
  d->rings = DEFAULT_RINGS;
  d->order = s->last_order + 1; /* behind all that are known */
  d->settings = mem_ref(p->settings);
  error = make_room(s, c);
  if (error != ERROR_SUCCESS) {
    mem_unref(d);
    return error;
  }
  device_enter(s, d);
  *device_out = d;
  return ERROR_SUCCESS;
}

static DWORD find(struct service *s, const struct port *p,
                  struct store_changes *c, struct device **device_out) {
  DWORD n;
  struct device *d = look(s, p, &n);
  DWORD error = clear_id(s, p->device_id, d, c);
  if (error != ERROR_SUCCESS) return error;
  if (d == NULL) return add(s, p, n, c, device_out);
  error = renumber(s, d, p->device_id, c);
  if (error == ERROR_SUCCESS) *device_out = d;
  return error;
}

/* ---- the port ---- */

static DWORD set_up(struct service *s, struct port *p, struct device *d) {
  struct port_routing *routing;
  DWORD error = device_port_routing(s, d, &routing);
  if (error != ERROR_SUCCESS) return error;
  mem_unref(p->routing);
  mem_unref(p->settings);
  p->routing = routing;
  p->settings = mem_ref(d->settings);
  p->flags = d->flags & ~p->lacks;
  p->rings = d->rings;
  p->device = mem_ref(d);
  d->port = p;
  rank_enter(s, p);
  return ERROR_SUCCESS;
}

/* A provider that says its CSID sets it, before its port takes any job. */
static DWORD name_it(struct device *d, const struct port *p) {
  struct port_settings *settings;
  const char *csid = p->settings->csid;
  if (!p->named || strcmp(d->settings->csid, csid) == 0) return ERROR_SUCCESS;
  DWORD error = port_settings_new(d->settings->tsid, csid, &settings);
  if (error != ERROR_SUCCESS) return error;
  mem_unref(d->settings);
  d->settings = settings;
  d->seen = 0; /* to be stored */
  return ERROR_SUCCESS;
}

/* The day is enough, so that few starts write. */
static DWORD see(struct device *d, struct store_changes *c) {
  int64_t today = FaxClockWall() / DAY * DAY;
  if (d->seen == today) return ERROR_SUCCESS;
  d->seen = today;
  return settings_put_device(c, d);
}

DWORD device_take(struct service *s, struct port *p, struct store_changes *c) {
  struct device *d;
  DWORD error = find(s, p, c, &d);
  if (error == ERROR_SUCCESS) error = name_it(d, p);
  if (error == ERROR_SUCCESS) error = see(d, c);
  return error == ERROR_SUCCESS ? set_up(s, p, d) : error;
}
