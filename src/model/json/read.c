/* SPDX-License-Identifier: MIT
   A record of JSON, by its description; see record.h for the form. What comes
   in is foreign: nothing of it is believed. */
#include <fax/winfax.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/json/own.h"
#include "model/names.h"
#include "model/record.h"
#include "model/time.h"

/* Records within records; the descriptions know two levels. */
#define DEEPEST 8

struct reading {
  const struct fax_record *record;
  const struct fax_field *field; /* the one being read */
  struct arena *arena;
  unsigned depth;
};

static DWORD wrong(const struct reading *in, const char *expected) {
  return error_say(ERROR_INVALID_DATA, "%s.%s: %s expected", in->record->name,
                   in->field->lua, expected);
}

static DWORD no_room(const struct reading *in) {
  if (in->arena->exceeded)
    return error_say(ERROR_INVALID_DATA, "%s.%s: it is too large",
                     in->record->name, in->field->lua);
  return error_say(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}

/* ---- one value ---- */

bool json_to_dword(const json_t *value, DWORD *out) {
  if (json_is_integer(value)) {
    json_int_t n = json_integer_value(value);
    if (n < 0 || n > (json_int_t)UINT32_MAX) return false;
    *out = (DWORD)n;
    return true;
  }
  double n = json_is_real(value) ? json_real_value(value) : -1;
  if (!(n >= 0 && n <= UINT32_MAX) || n != floor(n)) return false;
  *out = (DWORD)n;
  return true;
}

static DWORD read_dword(const struct reading *in, const json_t *value,
                        char *at) {
  DWORD n;
  if (!json_to_dword(value, &n))
    return wrong(in, "a number from 0 to 4294967295");
  memcpy(at, &n, sizeof n);
  return ERROR_SUCCESS;
}

static DWORD read_bool(const struct reading *in, const json_t *value,
                       char *at) {
  if (!json_is_boolean(value)) return wrong(in, "true or false");
  DWORD n = json_is_true(value);
  memcpy(at, &n, sizeof n);
  return ERROR_SUCCESS;
}

static bool to_named(const struct fax_name *names, const json_t *value,
                     DWORD *out) {
  if (!json_is_string(value)) return json_to_dword(value, out);
  for (; names->name != NULL; names++) {
    if (strcmp(names->name, json_string_value(value)) != 0) continue;
    *out = names->value;
    return true;
  }
  return false;
}

static DWORD read_enum(const struct reading *in, const json_t *value,
                       char *at) {
  DWORD n;
  if (!to_named(in->field->names, value, &n))
    return wrong(in, "one of its names or a number");
  memcpy(at, &n, sizeof n);
  return ERROR_SUCCESS;
}

static DWORD read_flags(const struct reading *in, const json_t *value,
                        char *at) {
  DWORD set = 0, one;
  if (!json_is_array(value)) return wrong(in, "an array of its names");
  for (size_t i = 0; i < json_array_size(value); i++) {
    if (!to_named(in->field->names, json_array_get(value, i), &one))
      return wrong(in, "an array of its names");
    set |= one;
  }
  memcpy(at, &set, sizeof set);
  return ERROR_SUCCESS;
}

static DWORD read_text(const struct reading *in, const json_t *value,
                       char *at) {
  const char *given = json_to_text(value);
  if (given == NULL) return wrong(in, "a text without a NUL");
  char *copy = arena_text(in->arena, given, strlen(given));
  if (copy == NULL) return no_room(in);
  memcpy(at, &copy, sizeof copy);
  return ERROR_SUCCESS;
}

static DWORD read_id64(const struct reading *in, const json_t *value,
                       char *at) {
  const char *digits = json_string_value(value);
  DWORDLONG n = 0;
  if (digits == NULL || *digits == '\0' ||
      strlen(digits) != json_string_length(value))
    return wrong(in, "a number in digits, as a text");
  for (; *digits != '\0'; digits++) {
    DWORDLONG digit = (DWORDLONG)(*digits - '0');
    if (*digits < '0' || *digits > '9' || n > (UINT64_MAX - digit) / 10)
      return wrong(in, "a number in digits, as a text");
    n = n * 10 + digit;
  }
  memcpy(at, &n, sizeof n);
  return ERROR_SUCCESS;
}

static DWORD read_filetime(const struct reading *in, const json_t *value,
                           char *at) {
  FILETIME time;
  if (!json_is_number(value) ||
      !time_filetime_of_seconds(json_number_value(value), &time))
    return wrong(in, "a time in seconds since 1970");
  memcpy(at, &time, sizeof time);
  return ERROR_SUCCESS;
}

static DWORD read_systemtime(const struct reading *in, const json_t *value,
                             char *at) {
  FILETIME in_range;
  SYSTEMTIME time;
  if (!json_is_number(value) ||
      !time_filetime_of_seconds(json_number_value(value), &in_range))
    return wrong(in, "a time in seconds since 1970");
  FaxSecondsToSystemTime(json_number_value(value), &time);
  memcpy(at, &time, sizeof time);
  return ERROR_SUCCESS;
}

static DWORD read_milliseconds(const struct reading *in, const json_t *value,
                               char *at) {
  double ms = json_is_number(value) ? json_number_value(value) * 1000 : -1;
  if (!(ms >= 0 && ms <= UINT32_MAX))
    return wrong(in, "a number of seconds from 0 to 4294967.295");
  DWORD n = (DWORD)(ms + 0.5);
  memcpy(at, &n, sizeof n);
  return ERROR_SUCCESS;
}

static DWORD read_chars(const struct reading *in, const json_t *value,
                        char *at) {
  const char *text = json_string_value(value);
  if (text == NULL || strlen(text) != json_string_length(value) ||
      strlen(text) >= in->field->count)
    return wrong(in, "a short text without a NUL");
  memcpy(at, text, strlen(text) + 1);
  return ERROR_SUCCESS;
}

static bool two_digits(const char *text, WORD *out) {
  if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
    return false;
  *out = (WORD)((text[0] - '0') * 10 + text[1] - '0');
  return true;
}

static DWORD read_time_of_day(const struct reading *in, const json_t *value,
                              char *at) {
  const char *text = json_string_value(value);
  FAX_TIME time;
  if (text == NULL || json_string_length(value) != 5 || text[2] != ':' ||
      !two_digits(text, &time.Hour) || !two_digits(text + 3, &time.Minute) ||
      time.Hour > 23 || time.Minute > 59)
    return wrong(in, "a time of day \"HH:MM\"");
  memcpy(at, &time, sizeof time);
  return ERROR_SUCCESS;
}

/* ---- the record ---- */

static DWORD read_record(const struct fax_record *r, const json_t *object,
                         char *item, struct arena *a, unsigned depth);

static DWORD read_records(const struct reading *in, const json_t *value,
                          char *item) {
  const struct fax_record *r = in->field->record;
  if (!json_is_array(value)) return wrong(in, "an array");
  size_t count = json_array_size(value);
  if (count > UINT32_MAX || count > ARENA_LIMIT / r->size || in->depth == 0)
    return error_say(ERROR_INVALID_DATA, "%s.%s: it is too large",
                     in->record->name, in->field->lua);
  if (count == 0) return ERROR_SUCCESS;
  char *items = arena_alloc(in->arena, count * r->size);
  if (items == NULL) return no_room(in);
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
  if (in->depth == 0) return wrong(in, "less depth");
  char *item = arena_alloc(in->arena, r->size);
  if (item == NULL) return no_room(in);
  memcpy(at, &item, sizeof item);
  return read_record(r, value, item, in->arena, in->depth - 1);
}

static DWORD read_list(const struct reading *in, DWORD error,
                       const char *expected) {
  if (error == ERROR_INVALID_DATA) return wrong(in, expected);
  return error == ERROR_SUCCESS ? error : no_room(in);
}

/* Whoever carries the record knows what stands behind the number. */
static DWORD read_handle(const struct reading *in, const json_t *value,
                         char *at) {
  DWORD n;
  if (!json_to_dword(value, &n)) return wrong(in, "the number of a handle");
  uintptr_t handle = n;
  memcpy(at, &handle, sizeof handle);
  return ERROR_SUCCESS;
}

static DWORD read_value(const struct reading *in, const json_t *value,
                        char *item) {
  char *at = item + in->field->offset;
  switch (in->field->kind) {
    case FAX_FIELD_DWORD:
    case FAX_FIELD_KNOWN:
      return read_dword(in, value, at);
    case FAX_FIELD_BOOL:
    case FAX_FIELD_KNOWN_BOOL:
      return read_bool(in, value, at);
    case FAX_FIELD_ENUM:
    case FAX_FIELD_KNOWN_ENUM:
      return read_enum(in, value, at);
    case FAX_FIELD_FLAGS:
    case FAX_FIELD_KNOWN_FLAGS:
      return read_flags(in, value, at);
    case FAX_FIELD_TEXT:
      return read_text(in, value, at);
    case FAX_FIELD_ID64:
      return read_id64(in, value, at);
    case FAX_FIELD_FILETIME:
      return read_filetime(in, value, at);
    case FAX_FIELD_SYSTEMTIME:
      return read_systemtime(in, value, at);
    case FAX_FIELD_TIME_OF_DAY:
      return read_time_of_day(in, value, at);
    case FAX_FIELD_RECORDS:
      return read_records(in, value, item);
    case FAX_FIELD_MILLISECONDS:
    case FAX_FIELD_KNOWN_MILLISECONDS:
      return read_milliseconds(in, value, at);
    case FAX_FIELD_CHARS:
      return read_chars(in, value, at);
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
      return read_handle(in, value, at);
    case FAX_FIELD_BYTES:
    case FAX_FIELD_SIZE:
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
    if (f->kind != FAX_FIELD_SIZE && f->kind != FAX_FIELD_HIDDEN &&
        f->kind != FAX_FIELD_BYTES && strcmp(f->lua, key) == 0)
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
