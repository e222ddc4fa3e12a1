/* SPDX-License-Identifier: MIT
   A record of JSON, by its description; see record.h for the form. What comes
   in is foreign: nothing of it is believed. */
#include <string.h>

#include "base/error.h"
#include "model/json/reading.h"

/* Records within records; the descriptions know two levels. */
#define DEEPEST 8

DWORD reading_wrong(const struct reading *in, const char *expected) {
  return error_say(ERROR_INVALID_DATA, "%s.%s: %s expected", in->record->name,
                   in->field->lua, expected);
}

DWORD reading_no_room(const struct reading *in) {
  if (in->arena->exceeded)
    return error_say(ERROR_INVALID_DATA, "%s.%s: it is too large",
                     in->record->name, in->field->lua);
  return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

static DWORD read_record(const struct fax_record *r, const json_t *object,
                         char *item, struct arena *a, unsigned depth);

static DWORD read_records(const struct reading *in, const json_t *value,
                          char *item) {
  const struct fax_record *r = in->field->record;
  if (!json_is_array(value)) return reading_wrong(in, "an array");
  size_t count = json_array_size(value);
  if (count > UINT32_MAX || count > ARENA_LIMIT / r->size || in->depth == 0)
    return error_say(ERROR_INVALID_DATA, "%s.%s: it is too large",
                     in->record->name, in->field->lua);
  if (count == 0) return ERROR_SUCCESS;
  char *items = arena_alloc(in->arena, count * r->size);
  if (items == NULL) return reading_no_room(in);
  for (size_t i = 0; i < count; i++) {
    DWORD error = read_record(r, json_array_get(value, i), items + i * r->size,
                              in->arena, in->depth - 1);
    if (error != ERROR_SUCCESS) return error;
  }
  DWORD n = (DWORD)count;
  memcpy(item + in->field->count, &n, sizeof n);
  memcpy(item + in->field->offset, &items, sizeof items);
  return ERROR_SUCCESS;
}

static DWORD read_one_record(const struct reading *in, const json_t *value,
                             char *at) {
  const struct fax_record *r = in->field->record;
  if (in->depth == 0) return reading_wrong(in, "less depth");
  char *item = arena_alloc(in->arena, r->size);
  if (item == NULL) return reading_no_room(in);
  memcpy(at, &item, sizeof item);
  return read_record(r, value, item, in->arena, in->depth - 1);
}

static DWORD read_list(const struct reading *in, DWORD error,
                       const char *expected) {
  if (error == ERROR_INVALID_DATA) return reading_wrong(in, expected);
  return error == ERROR_SUCCESS ? error : reading_no_room(in);
}

static DWORD read_value(const struct reading *in, const json_t *value,
                        char *item) {
  char *at = item + in->field->offset;
  switch (in->field->kind) {
    case FAX_FIELD_SIZE:
    case FAX_FIELD_DWORD:
    case FAX_FIELD_KNOWN:
      return reading_dword(in, value, at);
    case FAX_FIELD_BOOL:
    case FAX_FIELD_KNOWN_BOOL:
      return reading_bool(in, value, at);
    case FAX_FIELD_ENUM:
    case FAX_FIELD_KNOWN_ENUM:
      return reading_enum(in, value, at);
    case FAX_FIELD_FLAGS:
    case FAX_FIELD_KNOWN_FLAGS:
      return reading_flags(in, value, at);
    case FAX_FIELD_TEXT:
      return reading_text(in, value, at);
    case FAX_FIELD_ID64:
      return reading_id64(in, value, at);
    case FAX_FIELD_FILETIME:
      return reading_filetime(in, value, at);
    case FAX_FIELD_SYSTEMTIME:
      return reading_systemtime(in, value, at);
    case FAX_FIELD_TIME_OF_DAY:
      return reading_time_of_day(in, value, at);
    case FAX_FIELD_RECORDS:
      return read_records(in, value, item);
    case FAX_FIELD_MILLISECONDS:
    case FAX_FIELD_KNOWN_MILLISECONDS:
      return reading_milliseconds(in, value, at);
    case FAX_FIELD_CHARS:
      return reading_chars(in, value, at);
    case FAX_FIELD_RECORD:
      return read_one_record(in, value, at);
    case FAX_FIELD_TEXTS:
    case FAX_FIELD_FILES:
      return read_list(
          in, json_to_texts(value, in->arena, at, item + in->field->count),
          "an array of texts");
    case FAX_FIELD_TEXT_LIST:
      return read_list(in, json_to_text_list(value, in->arena, at),
                       "an array of texts");
    case FAX_FIELD_DWORDS:
      return read_list(
          in, json_to_dwords(value, in->arena, at, item + in->field->count),
          "an array of numbers");
    case FAX_FIELD_HANDLE:
      return reading_handle(in, value, at);
    case FAX_FIELD_BYTES:
    case FAX_FIELD_HIDDEN:
      break;
  }
  return ERROR_SUCCESS;
}

/* What a record says of itself when nothing was said of it. */
static void set_defaults(const struct fax_record *r, char *item) {
  for (const struct fax_field *f = r->fields; f->name != NULL; f++) {
    DWORD value = f->kind == FAX_FIELD_SIZE ? (DWORD)r->size : FAX_UNKNOWN;
    if (f->kind == FAX_FIELD_SIZE || f->kind == FAX_FIELD_KNOWN ||
        f->kind == FAX_FIELD_KNOWN_BOOL || f->kind == FAX_FIELD_KNOWN_ENUM ||
        f->kind == FAX_FIELD_KNOWN_FLAGS ||
        f->kind == FAX_FIELD_KNOWN_MILLISECONDS)
      memcpy(item + f->offset, &value, sizeof value);
  }
}

static const struct fax_field *shown_field(const struct fax_record *r,
                                           const char *key) {
  for (const struct fax_field *f = r->fields; f->name != NULL; f++)
    if (f->kind != FAX_FIELD_HIDDEN && f->kind != FAX_FIELD_BYTES &&
        strcmp(f->lua, key) == 0)
      return f;
  return NULL;
}

/* Into zeroed memory. */
static DWORD read_record(const struct fax_record *r, const json_t *object,
                         char *item, struct arena *a, unsigned depth) {
  struct reading in = {.record = r, .arena = a, .depth = depth};
  if (!json_is_object(object))
    return error_say(ERROR_INVALID_DATA, "%s: an object expected", r->name);
  set_defaults(r, item);
  /* json_object_iter wants it writable, and does not write. */
  json_t *members = (json_t *)(uintptr_t)object;
  for (void *at = json_object_iter(members); at != NULL;
       at = json_object_iter_next(members, at)) {
    const char *key = json_object_iter_key(at);
    const json_t *value = json_object_iter_value(at);
    in.field = shown_field(r, key);
    if (in.field == NULL)
      return error_say(ERROR_INVALID_DATA, "%s has no field '%.64s'", r->name,
                       key);
    DWORD error =
        json_is_null(value) ? ERROR_SUCCESS : read_value(&in, value, item);
    if (error != ERROR_SUCCESS) return error;
  }
  return ERROR_SUCCESS;
}

DWORD record_from_json(const struct fax_record *r, const json_t *in,
                       void *item_out, struct arena *a) {
  char *item = arena_alloc(a, r->size);
  if (item == NULL)
    return a->exceeded
               ? error_say(ERROR_INVALID_DATA, "%s: it is too large", r->name)
               : error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
  DWORD error = read_record(r, in, item, a, DEEPEST);
  if (error == ERROR_SUCCESS) memcpy(item_out, item, r->size);
  return error;
}
