/* SPDX-License-Identifier: MIT
   Serving a method: its params into a record, and what it gives out of one. */
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "ipc/server/own.h"
#include "model/field.h"

enum { PAGE_ITEMS = 500, PAGE_BYTES = 128 << 10 /* of records, in memory */ };

static DWORD no_memory(void) {
  return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

/* ---- what is told ---- */

static const struct fax_field *field_of(const struct fax_record *r,
                                        enum fax_field_kind kind) {
  if (r == NULL) return NULL;
  for (const struct fax_field *f = r->fields; f->name != NULL; f++)
    if (f->kind == kind) return f;
  return NULL;
}

static DWORD map_handles(struct session *s, const struct fax_record *r,
                         void *item);

static DWORD map_field(struct session *s, const struct fax_field *f,
                       void *item) {
  DWORD error = ERROR_SUCCESS;
  char *p = field_pointer(item, f);
  HANDLE handle;
  if (p == NULL) return ERROR_SUCCESS;
  if (f->kind == FAX_FIELD_HANDLE) {
    error = entry_handle(s, (DWORD)(uintptr_t)p, &handle);
    if (error == ERROR_SUCCESS)
      memcpy((char *)item + f->offset, &handle, sizeof handle);
  } else if (f->kind == FAX_FIELD_RECORD) {
    error = map_handles(s, f->record, p);
  } else {
    for (DWORD i = 0; error == ERROR_SUCCESS && i < field_count(item, f); i++)
      error = map_handles(s, f->record, p + i * f->record->size);
  }
  return error;
}

/* The numbers of the wire become HANDLEs of this process. */
static DWORD map_handles(struct session *s, const struct fax_record *r,
                         void *item) {
  DWORD error = ERROR_SUCCESS;
  for (const struct fax_field *f = r->fields;
       error == ERROR_SUCCESS && f->name != NULL; f++)
    if (f->kind == FAX_FIELD_HANDLE || f->kind == FAX_FIELD_RECORD ||
        f->kind == FAX_FIELD_RECORDS)
      error = map_field(s, f, item);
  return error;
}

/* Raw bytes are borrowed by `in`, and given to the caller. */
static DWORD read_bytes(struct session *s, struct request *r,
                        const struct fax_field *f, void *in, BYTE **bytes_out) {
  DWORD size = (DWORD)r->content;
  DWORD error = content_read(s, r, bytes_out);
  if (error != ERROR_SUCCESS) return error;
  memcpy((char *)in + f->offset, bytes_out, sizeof *bytes_out);
  memcpy((char *)in + f->count, &size, sizeof size);
  return ERROR_SUCCESS;
}

static DWORD read_in(struct session *s, struct request *r,
                     const struct method *m, struct arena *a, void **in_out,
                     BYTE **bytes_out) {
  DWORD error = content_files(s, r, m);
  if (error != ERROR_SUCCESS || m->in == NULL) return error;
  void *in = arena_alloc(a, m->in->size);
  json_t *none = r->message.params == NULL ? json_object() : NULL;
  const json_t *params = none != NULL ? none : r->message.params;
  error = in != NULL && params != NULL ? record_from_json(m->in, params, in, a)
                                       : no_memory();
  json_decref(none);
  const struct fax_field *bytes = field_of(m->in, FAX_FIELD_BYTES);
  if (error == ERROR_SUCCESS) error = map_handles(s, m->in, in);
  if (error == ERROR_SUCCESS) cancel_heed(s, m, in);
  if (error == ERROR_SUCCESS && bytes != NULL && r->content != 0)
    error = read_bytes(s, r, bytes, in, bytes_out);
  *in_out = in;
  return error;
}

/* ---- what is given ---- */

/* The handle gets a number; when it cannot, it is closed. */
static DWORD number_handle(struct session *s, const struct method *m,
                           void *out) {
  const struct fax_field *f = field_of(m->out, FAX_FIELD_HANDLE);
  DWORD id;
  HANDLE handle = field_pointer(out, f);
  DWORD error = entry_add(s, handle, NULL, &id);
  uintptr_t number = id;
  if (error == ERROR_SUCCESS)
    memcpy((char *)out + f->offset, &number, sizeof number);
  else
    method_close(handle);
  return error;
}

/* How many items from `next` on go into one message; one at least. */
static DWORD page_length(const struct fax_field *f, const void *out,
                         DWORD next) {
  const char *items = field_pointer(out, f);
  DWORD n = 0, left = field_count(out, f) - next;
  size_t bytes = 0;
  while (n < left && n < PAGE_ITEMS && (n == 0 || bytes < PAGE_BYTES)) {
    bytes +=
        record_packed_size(f->record, items + (next + n) * f->record->size, 1);
    n++;
  }
  return n;
}

/* One page of it as JSON; `next` moves. */
static DWORD page_of(const struct method *m, const void *out, DWORD *next,
                     struct bytes *text) {
  const struct fax_field *f = field_of(m->out, FAX_FIELD_RECORDS);
  if (f == NULL || field_pointer(out, f) == NULL)
    return record_write(m->out, out, text);
  char *part = mem_alloc(m->out->size);
  if (part == NULL) return no_memory();
  const char *items = field_pointer(out, f);
  DWORD n = page_length(f, out, *next);
  items += *next * f->record->size;
  *next += n;
  memcpy(part, out, m->out->size);
  memcpy(part + f->offset, &items, sizeof items);
  memcpy(part + f->count, &n, sizeof n);
  DWORD error = record_write(m->out, part, text);
  mem_free(part);
  return error;
}

static bool is_last(const struct method *m, const void *out, DWORD next) {
  const struct fax_field *f = field_of(m->out, FAX_FIELD_RECORDS);
  return f == NULL || field_pointer(out, f) == NULL ||
         next >= field_count(out, f);
}

/* Keeps the rest for "cursor.next"; takes `out` on success. */
static DWORD keep_rest(struct session *s, const struct method *m, void *out,
                       DWORD next, DWORD *id_out) {
  struct cursor *c = mem_alloc(sizeof *c);
  if (c == NULL) return no_memory();
  const struct fax_field *f = field_of(m->out, FAX_FIELD_RECORDS);
  size_t size = mem_tagged_size(field_pointer(out, f), MEM_BUFFER);
  *c = (struct cursor){m, out, next, size};
  DWORD error = keep_add(s, size);
  if (error == ERROR_SUCCESS) {
    error = entry_add(s, NULL, c, id_out);
    if (error != ERROR_SUCCESS) keep_drop(s, size);
  }
  if (error != ERROR_SUCCESS) mem_free(c);
  return error;
}

static void take_content(const struct method *m, void *out,
                         struct answer *answer) {
  const struct fax_field *f = field_of(m->out, FAX_FIELD_BYTES);
  void *none = NULL;
  if (f == NULL) return;
  answer->content = field_pointer(out, f);
  answer->size = field_count(out, f);
  memcpy((char *)out + f->offset, &none, sizeof none);
}

/* Takes `out`. */
static DWORD write_out(struct session *s, const struct method *m, void *out,
                       struct answer *answer) {
  DWORD next = 0, error = ERROR_SUCCESS;
  if (m->opens != 0) error = number_handle(s, m, out);
  if (error == ERROR_SUCCESS) {
    take_content(m, out, answer);
    error = page_of(m, out, &next, &answer->text);
  }
  if (error == ERROR_SUCCESS && !is_last(m, out, next)) {
    error = keep_rest(s, m, out, next, &answer->cursor);
    if (error == ERROR_SUCCESS) return ERROR_SUCCESS;
  }
  method_free_out(m->out, out);
  mem_free(out);
  return error;
}

DWORD serve_more(struct session *s, struct request *r, struct answer *answer) {
  struct cursor *c = entry_cursor(s, r->on);
  if (c == NULL)
    return error_say(ERROR_INVALID_HANDLE, "%u is no cursor", r->on);
  DWORD error = page_of(c->method, c->out, &c->next, &answer->text);
  if (error != ERROR_SUCCESS) return error;
  if (is_last(c->method, c->out, c->next))
    entry_close(s, r->on);
  else
    answer->cursor = r->on;
  return ERROR_SUCCESS;
}

/* ---- in between ---- */

/* Only while it is served the thread takes part in the clock. */
static DWORD call(HANDLE handle, const struct method *m, const void *in,
                  void *out) {
  clock_join();
  clock_enter();
  DWORD error = method_serve(handle, m, in, out);
  clock_leave();
  return error;
}

static DWORD call_with(struct session *s, HANDLE handle, const struct method *m,
                       const void *in, struct answer *answer) {
  if (m->out == NULL) {
    answer->result = json_object();
    return call(handle, m, in, NULL);
  }
  void *out = mem_alloc(m->out->size);
  if (out == NULL) return no_memory();
  DWORD error = call(handle, m, in, out);
  if (error == ERROR_SUCCESS) return write_out(s, m, out, answer);
  mem_free(out);
  return error;
}

DWORD serve_method(struct session *s, struct request *r, const struct method *m,
                   struct answer *answer) {
  struct arena a = {0};
  void *in = NULL;
  BYTE *bytes = NULL;
  HANDLE handle;
  DWORD error = entry_handle(s, r->on, &handle);
  if (error == ERROR_SUCCESS) error = read_in(s, r, m, &a, &in, &bytes);
  if (error == ERROR_SUCCESS) error = call_with(s, handle, m, in, answer);
  FaxFreeBuffer(bytes);
  arena_free(&a);
  return error;
}
