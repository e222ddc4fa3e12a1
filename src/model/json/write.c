/* SPDX-License-Identifier: MIT
   A record as JSON, by its description; see record.h for the form. */
#include <fax/winfax.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/json/own.h"
#include "model/names.h"
#include "model/field.h"
#include "model/record.h"
#include "model/time.h"

static DWORD dword_at(const char *item, size_t offset) {
  DWORD value;
  memcpy(&value, item + offset, sizeof value);
  return value;
}

static SYSTEMTIME systemtime_at(const char *item, const struct fax_field *f) {
  SYSTEMTIME time;
  memcpy(&time, item + f->offset, sizeof time);
  return time;
}

static FILETIME filetime_at(const char *item, const struct fax_field *f) {
  FILETIME time;
  memcpy(&time, item + f->offset, sizeof time);
  return time;
}

/* A date that is none is not written: whoever reads it refuses its absence, and
   would take any number for a time. */
static bool is_absent(const struct fax_field *f, const char *item) {
  switch (f->kind) {
    case FAX_FIELD_SIZE:
    case FAX_FIELD_HIDDEN:
      return true;
    case FAX_FIELD_KNOWN:
    case FAX_FIELD_KNOWN_BOOL:
    case FAX_FIELD_KNOWN_ENUM:
    case FAX_FIELD_KNOWN_FLAGS:
    case FAX_FIELD_KNOWN_MILLISECONDS:
      return dword_at(item, f->offset) == FAX_UNKNOWN;
    case FAX_FIELD_ENUM:
      return dword_at(item, f->offset) == 0 && name_of(f->names, 0) == NULL;
    case FAX_FIELD_TEXT:
      return field_pointer(item, f) == NULL;
    case FAX_FIELD_FILETIME: {
      FILETIME time = filetime_at(item, f);
      return time.dwLowDateTime == 0 && time.dwHighDateTime == 0;
    }
    case FAX_FIELD_SYSTEMTIME: {
      SYSTEMTIME time = systemtime_at(item, f);
      int64_t wall;
      return !time_from_systemtime(&time, &wall);
    }
    case FAX_FIELD_CHARS:
      return item[f->offset] == '\0';
    case FAX_FIELD_RECORD:
    case FAX_FIELD_TEXT_LIST:
    case FAX_FIELD_HANDLE:
      return field_pointer(item, f) == NULL;
    case FAX_FIELD_BYTES:
      return true;
    case FAX_FIELD_TEXTS:
    case FAX_FIELD_FILES:
    case FAX_FIELD_DWORDS:
    case FAX_FIELD_DWORD:
    case FAX_FIELD_MILLISECONDS:
    case FAX_FIELD_BOOL:
    case FAX_FIELD_FLAGS:
    case FAX_FIELD_ID64:
    case FAX_FIELD_RECORDS:
    case FAX_FIELD_TIME_OF_DAY:
      return false;
  }
  return true;
}

/* ---- one value; NULL: no memory ---- */

static json_t *seconds(double value) {
  if (value == (double)(json_int_t)value)
    return json_integer((json_int_t)value);
  return json_real(value);
}

static json_t *one_name(const struct fax_name *names, DWORD value) {
  const char *name = name_of(names, value);
  return name != NULL ? json_string(name) : json_integer(value);
}

/* Bits without a name come last, as one number. */
static json_t *flags(const struct fax_name *names, DWORD value) {
  json_t *list = json_array();
  int failed = list == NULL;
  if (value == 0 && name_of(names, 0) != NULL)
    failed |= json_array_append_new(list, one_name(names, 0));
  for (; names->name != NULL; names++) {
    if (names->value == 0 || (value & names->value) != names->value) continue;
    value &= ~names->value;
    failed |= json_array_append_new(list, json_string(names->name));
  }
  if (value != 0) failed |= json_array_append_new(list, json_integer(value));
  if (!failed) return list;
  json_decref(list);
  return NULL;
}

/* The length of the character there, 0 when it is none. */
static size_t character(const char *s) {
  char part[5] = {*s};
  if ((unsigned char)*s < 0x80) return 1;
  for (size_t n = 2; n <= 4 && s[n - 1] != '\0'; n++) {
    part[n - 1] = s[n - 1];
    if (text_is_utf8(part)) return n;
  }
  return 0;
}

/* Each byte that is no UTF-8 as U+FFFD. */
static json_t *mended(const char *s) {
  char *text = mem_alloc(strlen(s) * 3 + 1);
  char *end = text;
  if (text == NULL) return NULL;
  while (*s != '\0') {
    size_t n = character(s);
    const char *from = n != 0 ? s : "\xef\xbf\xbd";
    size_t size = n != 0 ? n : 3;
    memcpy(end, from, size);
    end += size;
    s += n != 0 ? n : 1;
  }
  json_t *value = json_stringn_nocheck(text, (size_t)(end - text));
  mem_free(text);
  return value;
}

json_t *json_of_text(const char *s) {
  return text_is_utf8(s) ? json_string_nocheck(s) : mended(s);
}

/* Whoever filled it in may have left the end out. */
static json_t *chars(const char *at, size_t size) {
  size_t length = strnlen(at, size);
  char *copy = mem_alloc(length + 1);
  if (copy == NULL) return NULL;
  memcpy(copy, at, length);
  copy[length] = '\0';
  json_t *value = json_of_text(copy);
  mem_free(copy);
  return value;
}

static json_t *id64(const char *at) {
  DWORDLONG value;
  char digits[24];
  memcpy(&value, at, sizeof value);
  snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
  return json_string(digits);
}

/* One that is none is a number: whoever looks at it says what is wrong. */
static json_t *time_of_day(const char *at) {
  FAX_TIME time;
  char shown[16];
  memcpy(&time, at, sizeof time);
  if (time.Hour > 23 || time.Minute > 59)
    return json_integer((json_int_t)time.Hour << 16 | time.Minute);
  snprintf(shown, sizeof shown, "%02u:%02u", time.Hour, time.Minute);
  return json_string(shown);
}

static json_t *records(const struct fax_record *r, const char *items,
                       DWORD count) {
  json_t *list = json_array();
  for (DWORD i = 0; list != NULL && items != NULL && i < count; i++) {
    if (json_array_append_new(list, record_to_json(r, items + i * r->size))) {
      json_decref(list);
      return NULL;
    }
  }
  return list;
}

static json_t *value_of(const struct fax_field *f, const char *item) {
  const char *at = item + f->offset;
  switch (f->kind) {
    case FAX_FIELD_DWORD:
    case FAX_FIELD_KNOWN:
      return json_integer(dword_at(item, f->offset));
    case FAX_FIELD_BOOL:
    case FAX_FIELD_KNOWN_BOOL:
      return json_boolean(dword_at(item, f->offset) != 0);
    case FAX_FIELD_ENUM:
    case FAX_FIELD_KNOWN_ENUM:
      return one_name(f->names, dword_at(item, f->offset));
    case FAX_FIELD_FLAGS:
    case FAX_FIELD_KNOWN_FLAGS:
      return flags(f->names, dword_at(item, f->offset));
    case FAX_FIELD_TEXT:
      return json_of_text(field_pointer(item, f));
    case FAX_FIELD_ID64:
      return id64(at);
    case FAX_FIELD_FILETIME:
      return seconds(FaxFileTimeToSeconds(filetime_at(item, f)));
    case FAX_FIELD_SYSTEMTIME: {
      SYSTEMTIME time = systemtime_at(item, f);
      return seconds(FaxSystemTimeToSeconds(&time));
    }
    case FAX_FIELD_TIME_OF_DAY:
      return time_of_day(at);
    case FAX_FIELD_MILLISECONDS:
    case FAX_FIELD_KNOWN_MILLISECONDS:
      return seconds(dword_at(item, f->offset) / 1000.0);
    case FAX_FIELD_CHARS:
      return chars(at, f->count);
    case FAX_FIELD_RECORDS:
      return records(f->record, field_pointer(item, f),
                     dword_at(item, f->count));
    case FAX_FIELD_RECORD:
      return record_to_json(f->record, field_pointer(item, f));
    case FAX_FIELD_TEXTS:
    case FAX_FIELD_FILES:
      return json_of_texts(field_pointer(item, f), dword_at(item, f->count));
    case FAX_FIELD_TEXT_LIST:
      return json_of_text_list(field_pointer(item, f));
    case FAX_FIELD_DWORDS:
      return json_of_dwords(field_pointer(item, f), dword_at(item, f->count));
    case FAX_FIELD_HANDLE:
      return json_integer((json_int_t)(uintptr_t)field_pointer(item, f));
    case FAX_FIELD_BYTES:
    case FAX_FIELD_SIZE:
    case FAX_FIELD_HIDDEN:
      break;
  }
  return NULL;
}

json_t *record_to_json(const struct fax_record *r, const void *item) {
  json_t *object = json_object();
  if (object == NULL) return NULL;
  for (const struct fax_field *f = r->fields; f->name != NULL; f++) {
    if (is_absent(f, item)) continue;
    if (json_object_set_new_nocheck(object, f->lua, value_of(f, item)) != 0) {
      json_decref(object);
      return NULL;
    }
  }
  return object;
}
