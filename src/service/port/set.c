/* SPDX-License-Identifier: MIT
   Changing a port: flags, rings, priority, station ids (PORT-20..32). */
#include <string.h>

#include "service/durable/settings.h"

#define MOST_RINGS 99

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

/* What is to be set, made before anything is. */
struct change {
  const FAX_PORT_INFO *info;
  DWORD lacks; /* by the port: of that nothing is set */
  struct port_settings *settings;
  struct rank_plan plan;
};

static void change_free(struct change *c) {
  mem_unref(c->settings);
  rank_free(&c->plan);
}

static DWORD flags_of(DWORD flags, const struct change *c) {
  DWORD set = (FPF_RECEIVE | FPF_SEND) & ~c->lacks;
  return (flags & ~set) | (c->info->Flags & set);
}

static DWORD rings_of(DWORD rings, const FAX_PORT_INFO *info) {
  return (info->Flags & FPF_RECEIVE) != 0 ? info->Rings : rings;
}

/* The rows as they will be. */
static DWORD list_changes(const struct device *d, const struct change *c,
                          struct store_changes *changes) {
  DWORD error = ERROR_SUCCESS;
  for (size_t i = 0; error == ERROR_SUCCESS && i < c->plan.count; i++) {
    struct device row = *c->plan.moves[i].device;
    row.order = c->plan.moves[i].order;
    if (c->plan.moves[i].device == d) {
      row.flags = flags_of(d->flags, c);
      row.rings = rings_of(d->rings, c->info);
      row.settings = c->settings;
    }
    error = settings_put_device(changes, &row);
  }
  return error;
}

/* In its turn; lets go of the lock for the disk. */
static DWORD write_change(struct port *p, struct change *c) {
  struct store_changes *changes;
  DWORD error = rank_plan(p->service, p, c->info->Priority, &c->plan);
  if (error != ERROR_SUCCESS) return error;
  error = store_changes_new(&changes);
  if (error != ERROR_SUCCESS) return error;
  error = list_changes(p->device, c, changes);
  if (error == ERROR_SUCCESS) return settings_write(p->service, changes);
  store_changes_drop(changes);
  return error;
}

/* What the device's port is now. */
static void show(struct device *d, struct port *p) {
  p->flags = d->flags & ~p->lacks;
  p->rings = d->rings;
  mem_unref(p->settings);
  p->settings = mem_ref(d->settings);
  event_raise(p->service, FEI_FAX_PORT_CHANGED, NULL, p);
  service_changed(p->service);
}

/* The port of the device is another one when its provider was replaced while
   the disk was busy, or has gone. True: receive or send was switched. */
static bool apply(struct service *s, struct device *d, struct change *c) {
  struct port_settings *old = d->settings;
  bool switched = d->flags != flags_of(d->flags, c);
  d->flags = flags_of(d->flags, c);
  d->rings = rings_of(d->rings, c->info);
  d->settings = c->settings;
  c->settings = old;
  rank_apply(s, &c->plan, d->port);
  if (d->port == NULL) return false;
  if (switched) s->port_changes++;
  show(d, d->port);
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

static bool is_restricted(const struct port *p) {
  return (p->flags & FPF_RECEIVE) == 0 || (p->flags & FPF_SEND) == 0;
}

void port_announce(struct service *s, struct fax_provider *provider) {
  bool any = false;
  pthread_mutex_lock(&s->lock);
  list_each(link, &s->ports) {
    const struct port *p = list_entry(link, struct port, link);
    if (p->provider == provider && is_restricted(p)) any = true;
  }
  pthread_mutex_unlock(&s->lock);
  if (any) announce(s, provider);
}

/* With the lock; lets go of it. */
static DWORD set(struct port_handle *h, struct change *c, bool *switched_out) {
  struct device *d = mem_ref(h->port->device);
  c->lacks = h->port->lacks;
  DWORD error = check(h, c->info);
  if (error == ERROR_SUCCESS) error = write_change(h->port, c);
  if (error == ERROR_SUCCESS)
    *switched_out = apply(h->connection->service, d, c);
  mem_unref(d);
  return error;
}

DWORD port_set(struct port_handle *h, const FAX_PORT_INFO *info) {
  struct change c = {.info = info};
  bool switched = false;
  DWORD error = access_check(h->connection, FAX_PORT_SET);
  if (error != ERROR_SUCCESS) return error;
  error = port_may_modify(h);
  if (error == ERROR_SUCCESS) error = check_size(info);
  if (error == ERROR_SUCCESS)
    error = port_settings_new(info->Tsid, info->Csid, &c.settings);
  if (error != ERROR_SUCCESS) return error;
  error = port_handle_begin(h);
  if (error == ERROR_SUCCESS) {
    error = set(h, &c, &switched);
    port_handle_end(h);
  }
  change_free(&c);
  if (switched) announce(h->connection->service, h->port->provider);
  return error;
}
