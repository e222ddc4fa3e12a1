/* SPDX-License-Identifier: MIT
   What a session has open: numbers of the wire, which mean nothing on another
   connection. */
#include "base/error.h"
#include "ipc/server/own.h"
#include "method/close.h"

static void cursor_free(struct session *s, struct cursor *c) {
  if (c == NULL) return;
  keep_drop(s, c->size);
  method_free_out(c->method->out, c->out);
  mem_free(c->out);
  mem_free(c);
}

DWORD entry_add(struct session *s, HANDLE handle, struct cursor *cursor,
                DWORD *id_out) {
  for (DWORD i = 0; i < PROTOCOL_HANDLES; i++) {
    struct entry *e = &s->entries[i];
    if (e->handle != NULL || e->cursor != NULL) continue;
    *e = (struct entry){handle, cursor};
    *id_out = i + 1;
    return ERROR_SUCCESS;
  }
  return error_say(ERROR_NOT_ENOUGH_MEMORY,
                   "%d handles are open on this connection", PROTOCOL_HANDLES);
}

static struct entry *find(struct session *s, DWORD id) {
  return id == 0 || id > PROTOCOL_HANDLES ? NULL : &s->entries[id - 1];
}

DWORD entry_handle(struct session *s, DWORD id, HANDLE *handle_out) {
  const struct entry *e = find(s, id);
  HANDLE handle = id == 0 ? s->base : e != NULL ? e->handle : NULL;
  if (handle == NULL)
    return error_say(ERROR_INVALID_HANDLE,
                     "%u was closed, or is no handle of this connection", id);
  *handle_out = handle;
  return ERROR_SUCCESS;
}

struct cursor *entry_cursor(struct session *s, DWORD id) {
  const struct entry *e = find(s, id);
  return e != NULL ? e->cursor : NULL;
}

static void close_entry(struct session *s, struct entry *e) {
  struct entry was = *e;
  *e = (struct entry){NULL, NULL};
  cursor_free(s, was.cursor);
  if (was.handle != NULL) method_close(was.handle);
}

DWORD entry_close(struct session *s, DWORD id) {
  struct entry *e = find(s, id);
  if (e == NULL || (e->handle == NULL && e->cursor == NULL))
    return error_say(ERROR_INVALID_HANDLE,
                     "%u was closed, or is no handle of this connection", id);
  close_entry(s, e);
  return ERROR_SUCCESS;
}

DWORD entry_close_base(struct session *s) {
  HANDLE base = s->base;
  s->base = NULL;
  return method_close(base);
}

void entry_close_all(struct session *s) {
  for (DWORD i = 0; i < PROTOCOL_HANDLES; i++) close_entry(s, &s->entries[i]);
  if (s->base != NULL) method_close(s->base);
  s->base = NULL;
}
