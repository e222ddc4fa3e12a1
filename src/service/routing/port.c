/* SPDX-License-Identifier: MIT
   Which routing methods a port wants, and its data for each (RT-8..12). A
   change is checked without the lock, which may take a disk, and made when
   nobody changed the port meanwhile; else it is checked again. */
#include <string.h>

#include "service/durable/settings.h"

#define MOST_DATA (1u << 20)

bool routing_enabled(const struct port_routing *r, const struct method *m) {
  return r != NULL && r->of[m->number].enabled;
}

const BYTE *routing_data(const struct port_routing *r, const struct method *m,
                         DWORD *size_out) {
  const struct routing_data *d = r != NULL ? r->of[m->number].data : NULL;
  *size_out = d != NULL ? d->size : m->what->initial_size;
  return d != NULL ? d->bytes : m->what->initial;
}

/* ---- reading ---- */

/* With the lock; the texts outlive it: those of the port by its handle. */
static DWORD snapshot(const struct port *p, FAX_ROUTING_METHOD *items) {
  DWORD n = 0;
  list_each(link, &p->service->methods) {
    const struct method *m = list_entry(link, struct method, link);
    items[n++] =
        (FAX_ROUTING_METHOD){.SizeOfStruct = sizeof *items,
                             .DeviceId = p->device_id,
                             .Enabled = routing_enabled(p->routing, m),
                             .DeviceName = p->name,
                             .Guid = m->what->guid,
                             .FriendlyName = m->what->friendly_name,
                             .FunctionName = m->what->function_name,
                             .ExtensionImageName = m->what->image_name,
                             .ExtensionFriendlyName = m->what->extension_name};
  }
  return n;
}

/* PORT-15: any open level allows a query. */
static DWORD enter_query(struct port_handle *h) {
  DWORD error = access_check(h->connection, FAX_PORT_QUERY);
  return error != ERROR_SUCCESS ? error : port_handle_enter(h);
}

DWORD routing_methods(struct port_handle *h, FAX_ROUTING_METHOD **methods_out,
                      DWORD *count_out) {
  FAX_ROUTING_METHOD items[ROUTING_MOST_METHODS];
  void *block;
  DWORD error = enter_query(h);
  if (error != ERROR_SUCCESS) return error;
  DWORD n = snapshot(h->port, items);
  service_leave(h->connection->service);
  error = record_pack(&record_routing_method, items, n, MEM_BUFFER, &block);
  if (error != ERROR_SUCCESS) return error;
  *methods_out = block;
  *count_out = n;
  return ERROR_SUCCESS;
}

DWORD routing_read(struct port_handle *h, const char *guid, BYTE **data_out,
                   DWORD *size_out) {
  const struct method *m;
  DWORD error = enter_query(h);
  if (error != ERROR_SUCCESS) return error;
  error = routing_method_find(h->connection->service, guid, &m);
  struct port_routing *r = mem_ref(h->port->routing);
  service_leave(h->connection->service);
  if (error == ERROR_SUCCESS) {
    DWORD size;
    const BYTE *data = routing_data(r, m, &size);
    BYTE *copy = mem_alloc_tagged(size > 0 ? size : 1, MEM_BUFFER);
    if (copy != NULL) {
      if (size > 0) memcpy(copy, data, size);
      *data_out = copy;
      *size_out = size;
    } else {
      error = ERROR_NOT_ENOUGH_MEMORY;
    }
  }
  mem_unref(r);
  return error;
}

/* ---- changing ---- */

struct change {
  const struct method *method;
  bool enabled;
  struct routing_data *data; /* counted; NULL: it stays */
};

static void port_routing_destroy(void *object) {
  struct port_routing *r = object;
  for (DWORD i = 0; i < ROUTING_MOST_METHODS; i++) mem_unref(r->of[i].data);
}

struct port_routing *port_routing_new(void) {
  return mem_new(sizeof(struct port_routing), port_routing_destroy);
}

static struct port_routing *changed(const struct port_routing *old,
                                    const struct change *c) {
  struct port_routing *r = port_routing_new();
  if (r == NULL) return NULL;
  for (DWORD i = 0; old != NULL && i < ROUTING_MOST_METHODS; i++) {
    r->of[i].enabled = old->of[i].enabled;
    r->of[i].data = mem_ref(old->of[i].data);
  }
  DWORD n = c->method->number;
  r->of[n].enabled = c->enabled;
  if (c->data != NULL) {
    mem_unref(r->of[n].data);
    r->of[n].data = mem_ref(c->data);
  }
  return r;
}

/* Without the lock. A method that is off may have data that cannot be used
   now: the folder may come later. */
static DWORD check(const struct port_routing *with, const struct change *c) {
  const struct routing_method *what = c->method->what;
  DWORD size;
  const BYTE *data = routing_data(with, c->method, &size);
  if (c->data == NULL && !c->enabled) return ERROR_SUCCESS;
  DWORD error = what->check(what, data, size);
  return error == ERROR_BAD_CONFIGURATION && !c->enabled ? ERROR_SUCCESS
                                                         : error;
}

/* In its turn; lets go of the lock for the disk. */
static DWORD write_change(struct service *s, const struct device *d,
                          const struct port_routing *r,
                          const struct method *m) {
  struct store_changes *changes;
  struct device_routing row = {.guid = (char *)m->what->guid,
                               .enabled = r->of[m->number].enabled,
                               .data = r->of[m->number].data};
  DWORD error = store_changes_new(&changes);
  if (error != ERROR_SUCCESS) return error;
  error = settings_put_routing(changes, d, &row);
  if (error == ERROR_SUCCESS) return settings_write(s, changes);
  store_changes_drop(changes);
  return error;
}

/* The port of the device may be another one by now, or have gone. Gives what it
   wanted before. */
static struct port_routing *apply(struct device *d, struct device_routing *at,
                                  struct port_routing *with,
                                  const struct method *m) {
  struct routing_data *data = at->data;
  at->enabled = with->of[m->number].enabled;
  at->data = mem_ref(with->of[m->number].data);
  mem_unref(data);
  if (d->port == NULL) return with;
  struct port_routing *old = d->port->routing;
  d->port->routing = with;
  event_raise(d->port->service, FEI_FAX_PORT_CHANGED, NULL, d->port);
  return old;
}

/* In its turn; *inout is what the port is to want, and then what it wanted. */
static DWORD replace(struct port_handle *h, struct port_routing **inout,
                     const struct method *m) {
  struct device *d = mem_ref(h->port->device);
  DWORD error = ERROR_NOT_ENOUGH_MEMORY;
  if (device_routing(d, m->what->guid) != NULL)
    error = write_change(h->connection->service, d, *inout, m);
  if (error == ERROR_SUCCESS)
    *inout = apply(d, device_routing(d, m->what->guid), *inout, m);
  mem_unref(d);
  return error;
}

/* What the port wants now; gives. */
static DWORD look(struct port_handle *h, struct port_routing **now_out) {
  DWORD error = port_handle_enter(h);
  if (error != ERROR_SUCCESS) return error;
  *now_out = mem_ref(h->port->routing);
  service_leave(h->connection->service);
  return ERROR_SUCCESS;
}

/* Checks and makes one change of `now`. *again_out: the port has changed
   meanwhile, and nothing was done. */
static DWORD try_change(struct port_handle *h, struct port_routing *now,
                        const struct change *c, bool *again_out) {
  struct port_routing *with = changed(now, c);
  if (with == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = check(with, c);
  if (error == ERROR_SUCCESS) error = port_handle_begin(h);
  if (error == ERROR_SUCCESS) {
    *again_out = h->port->routing != now;
    if (!*again_out) error = replace(h, &with, c->method);
    port_handle_end(h);
  }
  mem_unref(with);
  return error;
}

/* `enabled` of the change is what it is to be, or is taken from the port. */
static DWORD make(struct port_handle *h, struct change *c, bool keep_enabled) {
  DWORD error = ERROR_SUCCESS;
  for (bool again = true; again && error == ERROR_SUCCESS;) {
    struct port_routing *now = NULL;
    again = false;
    error = look(h, &now);
    if (error != ERROR_SUCCESS) return error;
    bool is = routing_enabled(now, c->method);
    if (keep_enabled) c->enabled = is;
    if (c->data != NULL || c->enabled != is)
      error = try_change(h, now, c, &again);
    mem_unref(now);
  }
  return error;
}

/* The right, the open level, and which method it is about. */
static DWORD begin(struct port_handle *h, const char *guid,
                   const struct method **method_out) {
  struct service *s = h->connection->service;
  DWORD error = access_check(h->connection, FAX_PORT_SET);
  if (error == ERROR_SUCCESS) error = port_may_modify(h);
  if (error == ERROR_SUCCESS) error = port_handle_enter(h);
  if (error != ERROR_SUCCESS) return error;
  error = routing_method_find(s, guid, method_out);
  service_leave(s);
  return error;
}

DWORD routing_enable(struct port_handle *h, const char *guid, bool enabled) {
  struct change c = {.enabled = enabled};
  DWORD error = begin(h, guid, &c.method);
  return error != ERROR_SUCCESS ? error : make(h, &c, false);
}

DWORD routing_write(struct port_handle *h, const char *guid, const BYTE *data,
                    DWORD size) {
  struct change c = {0};
  DWORD error = begin(h, guid, &c.method);
  if (error != ERROR_SUCCESS) return error;
  if (size > MOST_DATA)
    return error_say(ERROR_INVALID_DATA, "%u bytes of data: %u are allowed",
                     size, MOST_DATA);
  c.data = mem_new(sizeof *c.data + size, NULL);
  if (c.data == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  c.data->size = size;
  if (size > 0) memcpy(c.data->bytes, data, size);
  error = make(h, &c, true);
  mem_unref(c.data);
  return error;
}
