/* SPDX-License-Identifier: MIT
   A method, asked of a server in another process. */
#include "base/error.h"
#include "base/mem.h"
#include "ipc/client/own.h"

static bool is_lost(DWORD error) {
  return error == RPC_S_CALL_FAILED || error == ERROR_TIMEOUT;
}

static DWORD check_closed(const struct remote_handle *h) {
  if (!h->remote->closed) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_HANDLE, "FaxHandle was closed");
}

static DWORD check(const struct remote_handle *h) {
  if (h->id == 0 || h->connection == h->remote->connection)
    return ERROR_SUCCESS;
  return error_say(
      ERROR_INVALID_HANDLE,
      "it was opened before the connection to the server was lost");
}

/* Appends the items of one page to those that there are. */
static DWORD append(json_t *all, json_t *page) {
  const char *key;
  json_t *list;
  json_object_foreach(page, key, list) {
    json_t *before = json_object_get(all, key);
    if (json_is_array(list) && json_is_array(before) &&
        json_array_extend(before, list) != 0)
      return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  }
  return ERROR_SUCCESS;
}

/* An enumeration comes in pages. */
static DWORD ask_rest(struct remote *r, struct reply *all, bool *sent) {
  DWORD error = ERROR_SUCCESS;
  while (error == ERROR_SUCCESS && all->cursor != 0) {
    struct question q = {.method = "cursor.next", .on = all->cursor};
    struct reply page = {0};
    error = remote_exchange(r, &q, &page, sent);
    if (error == ERROR_SUCCESS) error = append(all->result, page.result);
    all->cursor = page.cursor;
    reply_free(&page);
  }
  return error;
}

static DWORD ask_once(struct remote_handle *h, HANDLE handle,
                      const struct method *m, const void *in, void *out,
                      const struct fax_patience *patience, bool *sent) {
  struct question q = {.on = h->id, .patience = patience};
  struct reply reply = {0};
  *sent = false;
  DWORD error = check_closed(h);
  if (error == ERROR_SUCCESS) error = remote_ready(h->remote);
  if (error == ERROR_SUCCESS) error = check(h);
  if (error == ERROR_SUCCESS) error = question_make(h->remote, m, in, &q);
  if (error == ERROR_SUCCESS)
    error = remote_exchange(h->remote, &q, &reply, sent);
  if (error == ERROR_SUCCESS) error = ask_rest(h->remote, &reply, sent);
  if (error == ERROR_SUCCESS)
    error = answer_read(h->remote, handle, m, &reply, out);
  reply_free(&reply);
  question_free(&q);
  return error;
}

DWORD remote_ask(struct remote_handle *h, HANDLE handle, const struct method *m,
                 const void *in, void *out,
                 const struct fax_patience *patience) {
  struct remote_handle by = {NULL, h->id, h->connection};
  bool sent;
  if (h->remote->closed) return check_closed(h);
  DWORD error = remote_take(h, m, patience, &by.remote);
  if (error != ERROR_SUCCESS) return error;
  error = ask_once(&by, handle, m, in, out, patience, &sent);
  if (error == RPC_S_CALL_FAILED && (m->repeats || !sent))
    error = ask_once(&by, handle, m, in, out, patience, &sent);
  pthread_mutex_unlock(&by.remote->lock);
  if (is_lost(error) && !m->repeats && sent)
    error_note("the server went away during %s, which it may have done",
               m->name);
  return error;
}
