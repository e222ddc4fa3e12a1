/* SPDX-License-Identifier: MIT
   A connection: who calls, and what he may. */
#include <string.h>

#include "base/handle.h"
#include "base/text.h"
#include "model/names.h"
#include "service/state.h"

#define ALL_RIGHTS                                                      \
  (FAX_JOB_SUBMIT | FAX_JOB_QUERY | FAX_CONFIG_QUERY | FAX_CONFIG_SET | \
   FAX_PORT_QUERY | FAX_PORT_SET | FAX_JOB_MANAGE)

static void connection_destroy(void *object) {
  struct connection *c = object;
  mem_free(c->user);
  mem_unref(c->grant);
  mem_unref(c->service);
}

DWORD grant_of(const struct grant *grant, DWORD rights) {
  return grant != NULL ? rights & grant->rights : rights;
}

DWORD access_rights(const struct connection *c) {
  return grant_of(c->grant, c->asked);
}

static DWORD connection_new(struct service *s, const struct fax_connect *asked,
                            struct grant *grant,
                            struct connection **connection_out) {
  struct connection *c = mem_new(sizeof *c, connection_destroy);
  if (c == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  c->service = mem_ref(s);
  c->asked = ALL_RIGHTS;
  c->grant = mem_ref(grant);
  const char *user = s->user;
  if (asked != NULL) {
    c->asked &= asked->rights;
    if (asked->user != NULL) user = asked->user;
  }
  if ((c->user = mem_text(user)) == NULL) {
    mem_unref(c);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *connection_out = c;
  return ERROR_SUCCESS;
}

/* Counts the handle as it enters the table, so that an embedded service does
   not stop in between. */
static DWORD enter(struct service *s, struct connection *c,
                   HANDLE *handle_out) {
  DWORD error = service_enter(s);
  if (error != ERROR_SUCCESS) return error;
  if (s->state != SERVICE_RUNNING) {
    service_leave(s);
    return error_say(ERROR_SHUTDOWN_IN_PROGRESS, "the fax service is stopping");
  }
  error = handle_open(HANDLE_SERVER, c, NULL, handle_out);
  if (error == ERROR_SUCCESS) {
    s->connections++;
    s->connected = true;
    s->rests_since = 0;
  }
  service_leave(s);
  return error;
}

DWORD connection_open(const struct fax_connect *asked, struct grant *grant,
                      HANDLE *handle_out) {
  if (asked != NULL && asked->size != sizeof *asked)
    return error_say(ERROR_INVALID_PARAMETER,
                     "struct fax_connect has the wrong size");
  if (asked != NULL && asked->user != NULL &&
      (*asked->user == '\0' || !text_is_utf8(asked->user)))
    return error_say(ERROR_INVALID_PARAMETER,
                     "the user's name is empty or not UTF-8");
  struct service *s = service_current();
  if (s == NULL)
    return error_say(ERROR_SERVICE_NOT_ACTIVE,
                     "no fax service runs in this process");
  struct connection *c;
  DWORD error = connection_new(s, asked, grant, &c);
  if (error == ERROR_SUCCESS) {
    /* CONN-5: any one right is enough */
    error = access_rights(c) == 0
                ? error_say(ERROR_ACCESS_DENIED, "%s: no right on this server",
                            c->user)
                : enter(s, c, handle_out);
    mem_unref(c);
  }
  mem_unref(s);
  return error;
}

static void close_owned(int kind, void *object) {
  if (kind == HANDLE_PORT) port_handle_closed(object);
}

void connection_closed(struct connection *c, HANDLE handle) {
  struct service *s = c->service;
  handle_close_owned(handle, close_owned);
  pthread_mutex_lock(&s->lock);
  s->connections--;
  service_changed(s);
  pthread_mutex_unlock(&s->lock);
}

DWORD access_check(const struct connection *c, DWORD right) {
  DWORD has = access_rights(c);
  if ((has & right) == right) return ERROR_SUCCESS;
  DWORD missing = right & ~has;
  return error_say(ERROR_ACCESS_DENIED, "%s: the right %s is missing", c->user,
                   name_of(names_rights, missing & (~missing + 1)));
}

bool access_owns_job(const struct connection *c, const struct job *j) {
  return j->type == JT_SEND && strcmp(c->user, j->user) == 0;
}

bool access_sees_job(const struct connection *c, const struct job *j) {
  return (access_rights(c) & FAX_JOB_QUERY) != 0 ||
         access_owns_job(c, j); /* SEC-9 */
}

DWORD access_ask(struct connection *c, DWORD mask) {
  DWORD error = service_enter(c->service);
  if (error != ERROR_SUCCESS) return error;
  service_leave(c->service);
  if ((mask & ~(DWORD)FAX_ALL_ACCESS) != 0) /* SEC-5 */
    return error_say(ERROR_INVALID_PARAMETER, "0x%x: 0x%x is no right", mask,
                     mask & ~(DWORD)FAX_ALL_ACCESS);
  if (mask == 0) return ERROR_ACCESS_DENIED;
  return (mask & ALL_RIGHTS & ~access_rights(c)) == 0 ? ERROR_SUCCESS
                                                      : ERROR_ACCESS_DENIED;
}

DWORD access_close(const struct connection *c) {
  DWORD compat = c->service->config.compat;
  if ((compat & FAX_COMPAT_CLOSE_RIGHT) == 0) return ERROR_SUCCESS;
  return access_check(c, FAX_PORT_QUERY);
}

DWORDLONG connection_boot(const struct connection *c) {
  return c->service->boot;
}
