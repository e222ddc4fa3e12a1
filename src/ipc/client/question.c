/* SPDX-License-Identifier: MIT
   What is told, as the wire carries it: numbers for handles, descriptors for
   files. */
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "ipc/client/own.h"
#include "model/field.h"
#include "model/time.h"

void question_free(struct question *q) {
  json_decref(q->params);
  while (q->file_count != 0) close(q->files[--q->file_count]);
}

/* ---- handles ---- */

/* With the remote's lock. */
static DWORD number_of(struct remote *r, HANDLE handle, DWORD *id_out) {
  int kind = handle_kind(handle);
  struct remote_handle *h =
      (kind & HANDLE_REMOTE) != 0 && kind != (HANDLE_PROVIDER | HANDLE_REMOTE)
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
  HANDLE handle = field_pointer(item, f);
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
  const char *const *paths = field_pointer(item, f);
  for (DWORD i = 0; paths != NULL && i < field_count(item, f); i++) {
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

/* ---- a record ---- */

static DWORD no_memory(void) {
  return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

/* A record of another size is another one: no more than that is told, and the
   server says what it thinks of it. */
static bool other_size(const struct fax_record *record, const void *item,
                       json_t **told_out) {
  for (const struct fax_field *f = record->fields; f->name != NULL; f++) {
    DWORD size;
    if (f->kind != FAX_FIELD_SIZE) continue;
    memcpy(&size, (const char *)item + f->offset, sizeof size);
    if (size == record->size) return false;
    *told_out = json_pack("{s:I}", f->lua, (json_int_t)size);
    return true;
  }
  return false;
}

static bool is_nested(const struct fax_field *f) {
  return f->kind == FAX_FIELD_RECORD || f->kind == FAX_FIELD_RECORDS;
}

/* What lies within it is left out. */
static json_t *told_flat(const struct fax_record *record, const void *item) {
  static const void *const none = NULL;
  const DWORD no = 0;
  char *copy = mem_alloc(record->size);
  if (copy == NULL) return NULL;
  memcpy(copy, item, record->size);
  for (const struct fax_field *f = record->fields; f->name != NULL; f++) {
    if (!is_nested(f)) continue;
    memcpy(copy + f->offset, &none, sizeof none);
    if (f->kind == FAX_FIELD_RECORDS) memcpy(copy + f->count, &no, sizeof no);
  }
  json_t *told = record_to_json(record, copy);
  mem_free(copy);
  return told;
}

static DWORD tell(struct remote *r, struct question *q,
                  const struct fax_record *record, const void *item,
                  json_t **told_out);

static DWORD tell_array(struct remote *r, struct question *q,
                        const struct fax_field *f, const void *item,
                        json_t *list) {
  const char *items = field_pointer(item, f);
  DWORD error = list != NULL ? ERROR_SUCCESS : no_memory();
  for (DWORD i = 0;
       error == ERROR_SUCCESS && items != NULL && i < field_count(item, f);
       i++) {
    json_t *one = NULL;
    error = tell(r, q, f->record, items + i * f->record->size, &one);
    if (error == ERROR_SUCCESS && json_array_append_new(list, one) != 0)
      error = no_memory();
  }
  return error;
}

static DWORD tell_one(struct remote *r, struct question *q,
                      const struct fax_field *f, const void *item,
                      json_t *told) {
  const void *p = field_pointer(item, f);
  json_t *one = NULL;
  if (p == NULL) return ERROR_SUCCESS;
  DWORD error = tell(r, q, f->record, p, &one);
  if (error == ERROR_SUCCESS && json_object_set_new(told, f->lua, one) != 0)
    error = no_memory();
  return error;
}

/* A time that no number of seconds tells goes in its own steps, as digits. */
static DWORD put_time(const struct fax_field *f, const void *item,
                      json_t *told) {
  FILETIME time, back;
  char digits[24];
  memcpy(&time, (const char *)item + f->offset, sizeof time);
  if (json_object_get(told, f->lua) == NULL ||
      time_filetime_of_seconds(FaxFileTimeToSeconds(time), &back))
    return ERROR_SUCCESS;
  snprintf(digits, sizeof digits, "%llu",
           (unsigned long long)time.dwHighDateTime << 32 | time.dwLowDateTime);
  if (json_object_set_new(told, f->lua, json_string(digits)) == 0)
    return ERROR_SUCCESS;
  return no_memory();
}

static DWORD check_truth(const struct fax_field *f, const void *item) {
  DWORD value;
  memcpy(&value, (const char *)item + f->offset, sizeof value);
  if (value < 2 || value == FAX_UNKNOWN) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER, "%s is %u, not 0 or 1", f->name,
                   value);
}

/* Bytes that are no text cannot be told. */
static DWORD check_text(const struct fax_field *f, const void *item) {
  const char *text = field_pointer(item, f);
  if (text == NULL || text_is_utf8(text)) return ERROR_SUCCESS;
  return error_say(ERROR_INVALID_PARAMETER, "%s is not UTF-8", f->name);
}

static DWORD tell_field(struct remote *r, struct question *q,
                        const struct fax_field *f, const void *item,
                        json_t *told) {
  switch ((int)f->kind) {
    case FAX_FIELD_TEXT:
      return check_text(f, item);
    case FAX_FIELD_KNOWN_BOOL:
      return check_truth(f, item);
    case FAX_FIELD_FILETIME:
      return put_time(f, item, told);
    case FAX_FIELD_HANDLE:
      return put_handle(r, f, item, told);
    case FAX_FIELD_FILES:
      return open_files(q, f, item);
    case FAX_FIELD_RECORDS:
      return tell_array(r, q, f, item, json_object_get(told, f->lua));
    case FAX_FIELD_RECORD:
      return tell_one(r, q, f, item, told);
    case FAX_FIELD_BYTES:
      q->content = field_pointer(item, f);
      q->size = q->content != NULL ? field_count(item, f) : 0;
  }
  return ERROR_SUCCESS;
}

static DWORD tell(struct remote *r, struct question *q,
                  const struct fax_record *record, const void *item,
                  json_t **told_out) {
  json_t *told = NULL;
  DWORD error = ERROR_SUCCESS;
  bool other = other_size(record, item, &told);
  if (!other) told = told_flat(record, item);
  if (told == NULL) return no_memory();
  for (const struct fax_field *f = record->fields;
       !other && error == ERROR_SUCCESS && f->name != NULL; f++)
    error = tell_field(r, q, f, item, told);
  if (error == ERROR_SUCCESS)
    *told_out = told;
  else
    json_decref(told);
  return error;
}

DWORD question_make(struct remote *r, const struct method *m, const void *in,
                    struct question *q) {
  q->method = m->name;
  if (m->in == NULL) return ERROR_SUCCESS;
  DWORD error = m->check != NULL ? m->check(in) : ERROR_SUCCESS;
  return error == ERROR_SUCCESS ? tell(r, q, m->in, in, &q->params) : error;
}
