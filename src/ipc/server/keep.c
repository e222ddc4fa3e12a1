/* SPDX-License-Identifier: MIT
   Lists whose rest nobody has asked for yet: one account cannot have the
   server keep any number of them. */
#include "base/error.h"
#include "ipc/server/own.h"

/* With the lock. */
static size_t kept_for(const struct server *server, uid_t uid) {
  size_t size = 0;
  list_each(link, &server->sessions) {
    const struct session *s = list_entry(link, struct session, link);
    if (s->peer.uid == uid) size += s->kept;
  }
  return size;
}

DWORD keep_add(struct session *s, size_t size) {
  struct server *server = s->server;
  DWORD error = ERROR_SUCCESS;
  pthread_mutex_lock(&server->lock);
  size_t before = kept_for(server, s->peer.uid);
  if (before != 0 && before + size > KEPT_EACH)
    error = error_say(ERROR_NOT_ENOUGH_MEMORY,
                      "lists that %s has not read to their end take %zu MiB: "
                      "read or close them first",
                      s->peer.user, before >> 20);
  else
    s->kept += size;
  pthread_mutex_unlock(&server->lock);
  return error;
}

void keep_drop(struct session *s, size_t size) {
  pthread_mutex_lock(&s->server->lock);
  s->kept -= size;
  pthread_mutex_unlock(&s->server->lock);
}
