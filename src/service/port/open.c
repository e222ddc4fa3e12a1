/* SPDX-License-Identifier: MIT
   Port handles: opening with query or modify, and what closing gives back. */
#include "base/handle.h"
#include "service/durable/settings.h"

static void port_handle_destroy(void *object) {
  struct port_handle *h = object;
  mem_unref(h->connection);
  mem_unref(h->port);
}

static DWORD gone(const struct port *p) {
  return error_say(ERROR_BAD_UNIT, "%s has gone with its provider", p->name);
}

DWORD port_handle_enter(struct port_handle *h) {
  struct service *s = h->connection->service;
  DWORD error = service_enter(s);
  if (error != ERROR_SUCCESS || !h->port->gone) return error;
  service_leave(s);
  return gone(h->port);
}

/* Waiting for its turn lets go of the lock. */
DWORD port_handle_begin(struct port_handle *h) {
  DWORD error = port_handle_enter(h);
  if (error != ERROR_SUCCESS) return error;
  settings_begin(h->connection->service);
  if (!h->port->gone) return ERROR_SUCCESS;
  port_handle_end(h);
  return gone(h->port);
}

void port_handle_end(struct port_handle *h) {
  settings_end(h->connection->service);
  service_leave(h->connection->service);
}

DWORD port_may_modify(const struct port_handle *h) {
  DWORD compat = h->connection->service->config.compat;
  if ((h->flags & PORT_OPEN_MODIFY) != 0) return ERROR_SUCCESS;
  if ((compat & FAX_COMPAT_LAX_PORTS) != 0) return ERROR_SUCCESS; /* PORT-16 */
  return error_say(ERROR_ACCESS_DENIED, "%s was opened for query only",
                   h->port->name);
}

const struct connection *port_handle_connection(const struct port_handle *h) {
  return h->connection;
}

void port_handle_closed(struct port_handle *h) {
  struct service *s = h->connection->service;
  pthread_mutex_lock(&s->lock);
  if (h->port->modifier == h) h->port->modifier = NULL; /* PORT-13 */
  pthread_mutex_unlock(&s->lock);
}

/* With the lock. PORT-10..14: modify implies query and has one holder. */
static DWORD attach(struct service *s, struct port_handle *h, DWORD device_id) {
  struct port *p = port_find(s, device_id);
  if (p == NULL)
    return error_say(ERROR_BAD_UNIT, "there is no device %u", device_id);
  if ((h->flags & PORT_OPEN_MODIFY) != 0) {
    if (p->modifier != NULL)
      return error_say(ERROR_INVALID_HANDLE,
                       "%s is open for modify already, by %s", p->name,
                       p->modifier->connection->user);
    p->modifier = h;
  }
  h->port = mem_ref(p);
  return ERROR_SUCCESS;
}

DWORD port_open(struct connection *c, HANDLE owner, DWORD device_id,
                DWORD flags, HANDLE *handle_out) {
  bool lax = (c->service->config.compat & FAX_COMPAT_LAX_PORTS) != 0;
  DWORD known = PORT_OPEN_QUERY | PORT_OPEN_MODIFY;
  if (!lax && (flags == 0 || (flags & ~known) != 0))
    return error_say(ERROR_INVALID_PARAMETER,
                     "0x%x: a port is opened for query (1) or modify (2)",
                     flags);
  DWORD error = access_check(c, FAX_PORT_QUERY);
  if (error != ERROR_SUCCESS) return error;
  struct port_handle *h = mem_new(sizeof *h, port_handle_destroy);
  if (h == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  h->connection = mem_ref(c);
  h->flags = flags;
  error = service_enter(c->service);
  if (error == ERROR_SUCCESS) {
    error = attach(c->service, h, device_id);
    service_leave(c->service);
  }
  if (error == ERROR_SUCCESS)
    error = handle_open(HANDLE_PORT, h, owner, handle_out);
  if (error != ERROR_SUCCESS && h->port != NULL) port_handle_closed(h);
  mem_unref(h);
  return error;
}
