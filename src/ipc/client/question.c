/* SPDX-License-Identifier: MIT
   What is told, as the wire carries it: numbers for handles, descriptors for
   files. */
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "ipc/client/own.h"

static void *pointer_at(const void *item, const struct fax_field *f) {
  void *p;
  memcpy(&p, (const char *)item + f->offset, sizeof p);
  return p;
}

static DWORD count_at(const void *item, const struct fax_field *f) {
  DWORD n;
  memcpy(&n, (const char *)item + f->count, sizeof n);
  return n;
}

void question_free(struct question *q) {
  json_decref(q->params);
  while (q->file_count != 0) close(q->files[--q->file_count]);
}

/* ---- handles ---- */

/* With the remote's lock. */
static DWORD number_of(struct remote *r, HANDLE handle, DWORD *id_out) {
  int kind = handle_kind(handle);
  struct remote_handle *h = (kind & HANDLE_REMOTE) != 0
                                ? handle_get(handle, (enum handle_kind)kind)
                                : NULL;
  bool good = h != NULL && h->remote == r && h->connection == r->connection;
  if (good) *id_out = h->id;
  mem_unref(h);
  return good ? ERROR_SUCCESS
              : error_say(ERROR_INVALID_HANDLE,
                          "a handle was closed, or is not of this connection");
}

static DWORD put_handle(struct remote *r, const struct fax_field *f,
                        const void *item, json_t *object) {
  DWORD id;
  HANDLE handle = pointer_at(item, f);
  if (handle == NULL) return ERROR_SUCCESS;
  DWORD error = number_of(r, handle, &id);
  if (error != ERROR_SUCCESS) return error;
  if (json_object_set_new(object, f->lua, json_integer(id)) == 0)
    return ERROR_SUCCESS;
  return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

/* ---- files ---- */

/* Opened here, by whoever asks: a private file stays his. */
static DWORD open_files(struct question *q, const struct fax_field *f,
                        const void *item) {
  const char *const *paths = pointer_at(item, f);
  for (DWORD i = 0; paths != NULL && i < count_at(item, f); i++) {
    if (q->file_count == WIRE_DESCRIPTORS)
      return error_say(ERROR_INVALID_PARAMETER,
                       "more than %d files in one call to another process",
                       WIRE_DESCRIPTORS);
    if (paths[i] == NULL)
      return error_say(ERROR_INVALID_PARAMETER, "a file's name is NULL");
    int fd = -1;
    DWORD error = file_open(paths[i], &fd);
    if (error != ERROR_SUCCESS) return error;
    q->files[q->file_count++] = fd;
  }
  return ERROR_SUCCESS;
}

/* ---- all of it ---- */

static DWORD adapt(struct remote *r, struct question *q,
                   const struct fax_record *record, const void *item,
                   json_t *object) {
  DWORD error = ERROR_SUCCESS;
  for (const struct fax_field *f = record->fields;
       error == ERROR_SUCCESS && f->name != NULL; f++) {
    if (f->kind == FAX_FIELD_HANDLE) error = put_handle(r, f, item, object);
    if (f->kind == FAX_FIELD_FILES) error = open_files(q, f, item);
    if (f->kind == FAX_FIELD_BYTES) {
      q->content = pointer_at(item, f);
      q->size = q->content != NULL ? count_at(item, f) : 0;
    }
    if (f->kind != FAX_FIELD_RECORDS) continue;
    const char *items = pointer_at(item, f);
    json_t *list = json_object_get(object, f->lua);
    for (DWORD i = 0;
         error == ERROR_SUCCESS && items != NULL && i < count_at(item, f); i++)
      error = adapt(r, q, f->record, items + i * f->record->size,
                    json_array_get(list, i));
  }
  return error;
}

DWORD question_make(struct remote *r, const struct method *m, const void *in,
                    struct question *q) {
  q->method = m->name;
  if (m->in == NULL) return ERROR_SUCCESS;
  q->params = record_to_json(m->in, in);
  if (q->params == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  return adapt(r, q, m->in, in, q->params);
}
