/* SPDX-License-Identifier: MIT
   Changing a port: flags, rings, priority, station ids (PORT-20..32). */
#include <string.h>

#include "service/state.h"

#define STATION_ID_LENGTH 20
#define MOST_RINGS 99

/* PORT-27, -28: characters that T.30 cannot carry are dropped, the rest is cut
   to 20. NULL is an empty id. */
static void station_id(const char *from, char out[STATION_ID_LENGTH + 1]) {
  size_t n = 0;
  for (; from != NULL && *from != '\0' && n < STATION_ID_LENGTH; from++)
    if (*from >= 0x20 && *from <= 0x7e) out[n++] = *from;
  out[n] = '\0';
}

/* Before any other member is read. */
static DWORD check_size(const FAX_PORT_INFO *info) {
  if (info->SizeOfStruct == sizeof *info) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER,
                   "SizeOfStruct is %u, a FAX_PORT_INFO has %zu bytes",
                   info->SizeOfStruct, sizeof *info);
}

/* With the lock. */
static DWORD check(const struct port_handle *h, const FAX_PORT_INFO *info) {
  const struct port *p = h->port;
  if ((info->Flags & FPF_RECEIVE) != 0 && info->Rings > MOST_RINGS)
    return error_say(ERROR_INVALID_PARAMETER, "%u rings: 0 to %d are allowed",
                     info->Rings, MOST_RINGS);
  if (info->Priority < 1 || info->Priority > p->service->port_count)
    return error_say(ERROR_INVALID_PARAMETER,
                     "priority %u: 1 to %u are allowed", info->Priority,
                     p->service->port_count);
  if (p->attempt != NULL)
    return error_say(ERROR_DEVICE_IN_USE, "%s is sending or receiving",
                     p->name);
  return ERROR_SUCCESS;
}

/* PORT-26: the others move up or down, so that it is 1..n again. */
static void move(struct service *s, struct port *p, DWORD priority) {
  list_each(link, &s->ports) {
    struct port *other = list_entry(link, struct port, link);
    if (other == p || other->gone) continue;
    if (other->priority > p->priority && other->priority <= priority)
      other->priority--;
    else if (other->priority < p->priority && other->priority >= priority)
      other->priority++;
    else
      continue;
    event_raise(s, FEI_FAX_PORT_CHANGED, NULL, other);
  }
  p->priority = priority;
}

/* With the lock; true: receive or send was switched. */
static bool apply(struct port *p, const FAX_PORT_INFO *info,
                  struct port_settings *settings) {
  DWORD enabled = FPF_RECEIVE | FPF_SEND;
  bool switched = ((p->flags ^ info->Flags) & enabled) != 0;
  p->flags = (p->flags & ~enabled) | (info->Flags & enabled);
  if ((p->flags & FPF_RECEIVE) != 0) p->rings = info->Rings;
  if (switched) p->service->port_changes++;
  move(p->service, p, info->Priority);
  p->settings = settings;
  event_raise(p->service, FEI_FAX_PORT_CHANGED, NULL, p);
  service_changed(p->service);
  return switched;
}

static DWORD changes_seen(struct service *s) {
  pthread_mutex_lock(&s->lock);
  DWORD changes = s->port_changes;
  pthread_mutex_unlock(&s->lock);
  return changes;
}

static void announce_all(struct service *s, struct fax_provider *provider) {
  for (DWORD i = 0; i < provider_device_count(provider); i++) {
    DWORD id = provider_device(provider, i)->device_id;
    pthread_mutex_lock(&s->lock);
    const struct port *p = port_of(s, provider, id);
    DWORD flags = p != NULL ? p->flags : 0; /* it has gone meanwhile */
    pthread_mutex_unlock(&s->lock);
    provider_enable(provider, id, (flags & FPF_RECEIVE) != 0,
                    (flags & FPF_SEND) != 0);
  }
}

/* PORT-32: the provider hears of every device of its own, even if only one
   changed. Without the lock; again when another thread changed one meanwhile,
   so that what it hears last is how things are. */
static void announce(struct service *s, struct fax_provider *provider) {
  DWORD changes;
  do {
    changes = changes_seen(s);
    announce_all(s, provider);
  } while (changes != changes_seen(s));
}

DWORD port_set(struct port_handle *h, const FAX_PORT_INFO *info) {
  struct service *s = h->connection->service;
  struct port_settings *settings, *old = NULL;
  char tsid[STATION_ID_LENGTH + 1], csid[STATION_ID_LENGTH + 1];
  DWORD error = access_check(h->connection, FAX_PORT_SET);
  if (error != ERROR_SUCCESS) return error;
  error = port_may_modify(h);
  if (error == ERROR_SUCCESS) error = check_size(info);
  if (error != ERROR_SUCCESS) return error;
  station_id(info->Tsid, tsid);
  station_id(info->Csid, csid);
  error = port_settings_new(tsid, csid, &settings);
  if (error != ERROR_SUCCESS) return error;
  error = port_handle_enter(h);
  if (error != ERROR_SUCCESS) {
    mem_unref(settings);
    return error;
  }
  bool switched = false;
  error = check(h, info);
  if (error == ERROR_SUCCESS) {
    old = h->port->settings;
    switched = apply(h->port, info, settings);
  }
  service_leave(s);
  mem_unref(error == ERROR_SUCCESS ? old : settings);
  if (switched) announce(s, h->port->provider);
  return error;
}
