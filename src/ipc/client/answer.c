/* SPDX-License-Identifier: MIT
   What was given, as the API hands it out: blocks and HANDLEs of this
   process. */
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "ipc/client/own.h"
#include "model/field.h"

/* All that one answer may take. */
#define MOST ((size_t)1 << 30)

static DWORD copy(const void *from, size_t size, void **block_out) {
  void *block = mem_alloc_tagged(size + 1, MEM_BUFFER);
  if (block == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  if (size != 0) memcpy(block, from, size);
  *block_out = block;
  return ERROR_SUCCESS;
}

/* What the field points to in the arena, as a block of its own; an array
   without items has one too. */
static DWORD block_of(const struct fax_field *f, const void *item,
                      void **block_out) {
  const void *p = field_pointer(item, f);
  *block_out = NULL;
  switch ((int)f->kind) {
    case FAX_FIELD_RECORDS:
      return record_pack(f->record, p, field_count(item, f), MEM_BUFFER,
                         block_out);
    case FAX_FIELD_RECORD:
      return p == NULL ? ERROR_SUCCESS
                       : record_pack(f->record, p, 1, MEM_BUFFER, block_out);
    case FAX_FIELD_DWORDS:
      return copy(p, field_count(item, f) * sizeof(DWORD), block_out);
    default:
      return p == NULL ? ERROR_SUCCESS : copy(p, strlen(p) + 1, block_out);
  }
}

static bool has_block(const struct fax_field *f) {
  return f->kind == FAX_FIELD_RECORDS || f->kind == FAX_FIELD_RECORD ||
         f->kind == FAX_FIELD_DWORDS || f->kind == FAX_FIELD_TEXT;
}

static DWORD take_blocks(const struct fax_record *r, const void *item,
                         void *out) {
  DWORD error = ERROR_SUCCESS;
  for (const struct fax_field *f = r->fields; f->name != NULL; f++) {
    void *block = NULL;
    if (!has_block(f)) continue;
    if (error == ERROR_SUCCESS) error = block_of(f, item, &block);
    memcpy((char *)out + f->offset, &block, sizeof block);
  }
  return error;
}

static void take_content(const struct fax_record *r, struct reply *reply,
                         void *out) {
  for (const struct fax_field *f = r->fields; f->name != NULL; f++) {
    if (f->kind != FAX_FIELD_BYTES) continue;
    memcpy((char *)out + f->offset, &reply->content, sizeof reply->content);
    memcpy((char *)out + f->count, &reply->size, sizeof reply->size);
    reply->content = NULL;
  }
}

static DWORD make_handle(struct remote *r, HANDLE owner, const struct method *m,
                         struct method_handle *out) {
  struct remote_handle *h = remote_handle_new(r, (DWORD)(uintptr_t)out->handle);
  if (h == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  DWORD error = handle_open((enum handle_kind)(m->opens | HANDLE_REMOTE), h,
                            owner, &out->handle);
  mem_unref(h);
  return error;
}

static DWORD read_out(struct remote *r, HANDLE owner, const struct method *m,
                      struct reply *reply, struct arena *a, void *out) {
  DWORD error = record_from_json(m->out, reply->result, out, a);
  if (error != ERROR_SUCCESS) {
    memset(out, 0, m->out->size);
    return error;
  }
  if (m->opens != 0) return make_handle(r, owner, m, out);
  void *item = arena_alloc(a, m->out->size);
  if (item == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  memcpy(item, out, m->out->size);
  error = take_blocks(m->out, item, out);
  take_content(m->out, reply, out);
  if (error != ERROR_SUCCESS) method_free_out(m->out, out);
  return error;
}

DWORD answer_read(struct remote *r, HANDLE owner, const struct method *m,
                  struct reply *reply, void *out) {
  struct arena a = {.limit = MOST};
  if (m->out == NULL) return ERROR_SUCCESS;
  DWORD error = read_out(r, owner, m, reply, &a, out);
  arena_free(&a);
  return error;
}
