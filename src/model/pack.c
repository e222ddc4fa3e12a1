/* SPDX-License-Identifier: MIT
   The deep copy of records into one block: the items first, then, aligned, the
   arrays and texts that they point to. */
#include <stdalign.h>
#include <string.h>

#include "model/field.h"
#include "model/record.h"

#define ALIGNMENT alignof(max_align_t)

static size_t aligned(size_t n) {
  return (n + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* What lies behind the items themselves, without alignment of the first. */
static size_t tail_size(const struct fax_record *r, const char *items,
                        size_t n) {
  size_t total = 0;
  for (size_t i = 0; i < n; i++) {
    const char *item = items + i * r->size;
    for (const struct fax_field *f = r->fields; f->name != NULL; f++) {
      const void *p;
      if (f->kind == FAX_FIELD_TEXT) {
        if ((p = field_pointer(item, f)) != NULL) total += strlen(p) + 1;
      } else if (f->kind == FAX_FIELD_RECORDS) {
        size_t m = field_count(item, f);
        if ((p = field_pointer(item, f)) != NULL && m != 0)
          total += ALIGNMENT + aligned(m * f->record->size) +
                   tail_size(f->record, p, m);
      }
    }
  }
  return total;
}

size_t record_packed_size(const struct fax_record *r, const void *items,
                          size_t n) {
  size_t heads = aligned(n * r->size);
  return heads + tail_size(r, items, n) + (heads == 0 ? ALIGNMENT : 0);
}

static char *pack_tail(const struct fax_record *r, char *items, size_t n,
                       char *base, char *free_at);

static char *pack_text(char *item, const struct fax_field *f, char *free_at) {
  const char *text = field_pointer(item, f);
  if (text == NULL) return free_at;
  size_t size = strlen(text) + 1;
  memcpy(free_at, text, size);
  field_set_pointer(item, f, free_at);
  return free_at + size;
}

static char *pack_records(char *item, const struct fax_field *f, char *base,
                          char *free_at) {
  const void *from = field_pointer(item, f);
  size_t n = field_count(item, f);
  if (from == NULL || n == 0) {
    field_set_pointer(item, f, NULL);
    return free_at;
  }
  char *to = base + aligned((size_t)(free_at - base));
  memcpy(to, from, n * f->record->size);
  field_set_pointer(item, f, to);
  return pack_tail(f->record, to, n, base, to + aligned(n * f->record->size));
}

/* Moves what the items (copied already) point to behind `free_at`; gives the
   new end. */
static char *pack_tail(const struct fax_record *r, char *items, size_t n,
                       char *base, char *free_at) {
  for (size_t i = 0; i < n; i++) {
    char *item = items + i * r->size;
    for (const struct fax_field *f = r->fields; f->name != NULL; f++) {
      if (f->kind == FAX_FIELD_TEXT) {
        free_at = pack_text(item, f, free_at);
      } else if (f->kind == FAX_FIELD_RECORDS) {
        free_at = pack_records(item, f, base, free_at);
      } else if (f->kind == FAX_FIELD_SIZE) {
        DWORD size = (DWORD)r->size;
        memcpy(item + f->offset, &size, sizeof size);
      }
    }
  }
  return free_at;
}

DWORD record_pack(const struct fax_record *r, const void *items, size_t n,
                  enum mem_tag tag, void **block_out) {
  char *block = mem_alloc_tagged(record_packed_size(r, items, n), tag);
  if (block == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  if (n != 0) memcpy(block, items, n * r->size);
  pack_tail(r, block, n, block, block + aligned(n * r->size));
  *block_out = block;
  return ERROR_SUCCESS;
}
