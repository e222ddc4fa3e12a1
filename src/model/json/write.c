/* SPDX-License-Identifier: MIT
   A record as JSON, by its description; see record.h for the form. */
#include <fax/winfax.h>
#include <stdio.h>
#include <string.h>

#include "model/json/sink.h"
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

/* ---- one value ---- */

static void integer(struct sink *s, int64_t value) {
  s->form->integer(s, value);
}

static void word(struct sink *s, const char *ours) {
  s->form->text(s, ours, strlen(ours));
}

static void seconds(struct sink *s, double value) {
  if (value == (double)(int64_t)value)
    integer(s, (int64_t)value);
  else
    s->form->real(s, value);
}

static void one_name(struct sink *s, const struct fax_name *names,
                     DWORD value) {
  const char *name = name_of(names, value);
  if (name != NULL)
    word(s, name);
  else
    integer(s, value);
}

/* Bits without a name come last, as one number. */
static void flags(struct sink *s, const struct fax_name *names, DWORD value) {
  s->form->open(s, false);
  if (value == 0 && name_of(names, 0) != NULL) one_name(s, names, 0);
  for (; names->name != NULL; names++) {
    if (names->value == 0 || (value & names->value) != names->value) continue;
    value &= ~names->value;
    word(s, names->name);
  }
  if (value != 0) integer(s, value);
  s->form->close(s, false);
}

static void id64(struct sink *s, const char *at) {
  DWORDLONG value;
  char digits[24];
  memcpy(&value, at, sizeof value);
  snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
  word(s, digits);
}

/* One that is none is a number: whoever looks at it says what is wrong. */
static void time_of_day(struct sink *s, const char *at) {
  FAX_TIME time;
  char shown[16];
  memcpy(&time, at, sizeof time);
  if (time.Hour > 23 || time.Minute > 59) {
    integer(s, (int64_t)time.Hour << 16 | time.Minute);
    return;
  }
  snprintf(shown, sizeof shown, "%02u:%02u", time.Hour, time.Minute);
  word(s, shown);
}

static void write_record(struct sink *s, const struct fax_record *r,
                         const char *item);

static void records(struct sink *s, const struct fax_record *r,
                    const char *items, size_t count) {
  s->form->open(s, false);
  for (size_t i = 0; items != NULL && i < count; i++)
    write_record(s, r, items + i * r->size);
  s->form->close(s, false);
}

static void texts(struct sink *s, const char *const *list, DWORD count) {
  s->form->open(s, false);
  for (DWORD i = 0; i < count; i++) sink_text(s, list[i]);
  s->form->close(s, false);
}

static void text_list(struct sink *s, const char *const *list) {
  DWORD count = 0;
  while (list[count] != NULL) count++;
  texts(s, list, count);
}

static void dwords(struct sink *s, const DWORD *numbers, DWORD count) {
  s->form->open(s, false);
  for (DWORD i = 0; i < count; i++) integer(s, numbers[i]);
  s->form->close(s, false);
}

static void write_value(struct sink *s, const struct fax_field *f,
                        const char *item) {
  const char *at = item + f->offset;
  SYSTEMTIME time;
  switch (f->kind) {
    case FAX_FIELD_DWORD:
    case FAX_FIELD_KNOWN:
      integer(s, dword_at(item, f->offset));
      break;
    case FAX_FIELD_BOOL:
    case FAX_FIELD_KNOWN_BOOL:
      s->form->truth(s, dword_at(item, f->offset) != 0);
      break;
    case FAX_FIELD_ENUM:
    case FAX_FIELD_KNOWN_ENUM:
      one_name(s, f->names, dword_at(item, f->offset));
      break;
    case FAX_FIELD_FLAGS:
    case FAX_FIELD_KNOWN_FLAGS:
      flags(s, f->names, dword_at(item, f->offset));
      break;
    case FAX_FIELD_TEXT:
      sink_text(s, field_pointer(item, f));
      break;
    case FAX_FIELD_ID64:
      id64(s, at);
      break;
    case FAX_FIELD_FILETIME:
      seconds(s, FaxFileTimeToSeconds(filetime_at(item, f)));
      break;
    case FAX_FIELD_SYSTEMTIME:
      time = systemtime_at(item, f);
      seconds(s, FaxSystemTimeToSeconds(&time));
      break;
    case FAX_FIELD_TIME_OF_DAY:
      time_of_day(s, at);
      break;
    case FAX_FIELD_MILLISECONDS:
    case FAX_FIELD_KNOWN_MILLISECONDS:
      seconds(s, dword_at(item, f->offset) / 1000.0);
      break;
    case FAX_FIELD_CHARS:
      sink_chars(s, at, f->count);
      break;
    case FAX_FIELD_RECORDS:
      records(s, f->record, field_pointer(item, f), field_count(item, f));
      break;
    case FAX_FIELD_RECORD:
      write_record(s, f->record, field_pointer(item, f));
      break;
    case FAX_FIELD_TEXTS:
    case FAX_FIELD_FILES:
      texts(s, field_pointer(item, f), field_count(item, f));
      break;
    case FAX_FIELD_TEXT_LIST:
      text_list(s, field_pointer(item, f));
      break;
    case FAX_FIELD_DWORDS:
      dwords(s, field_pointer(item, f), field_count(item, f));
      break;
    case FAX_FIELD_HANDLE:
      integer(s, (int64_t)(uintptr_t)field_pointer(item, f));
      break;
    case FAX_FIELD_BYTES:
    case FAX_FIELD_SIZE:
    case FAX_FIELD_HIDDEN:
      break; /* absent */
  }
}

static void write_record(struct sink *s, const struct fax_record *r,
                         const char *item) {
  s->form->open(s, true);
  for (const struct fax_field *f = r->fields; f->name != NULL; f++) {
    if (is_absent(f, item)) continue;
    s->form->key(s, f->lua);
    write_value(s, f, item);
  }
  s->form->close(s, true);
}

json_t *record_to_json(const struct fax_record *r, const void *item) {
  struct tree_sink t;
  tree_sink_begin(&t);
  write_record(&t.sink, r, item);
  if (!t.sink.failed) return t.whole;
  json_decref(t.whole);
  return NULL;
}

DWORD record_write(const struct fax_record *r, const void *item,
                   struct bytes *to) {
  struct text_sink t;
  text_sink_begin(&t, to);
  write_record(&t.sink, r, item);
  return t.sink.failed ? ERROR_NOT_ENOUGH_MEMORY : ERROR_SUCCESS;
}

DWORD record_write_all(const struct fax_record *r, const void *items, size_t n,
                       struct bytes *to) {
  struct text_sink t;
  text_sink_begin(&t, to);
  records(&t.sink, r, items, n);
  return t.sink.failed ? ERROR_NOT_ENOUGH_MEMORY : ERROR_SUCCESS;
}
