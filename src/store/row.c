/* SPDX-License-Identifier: MIT
   Between a row and its columns. Times are nanoseconds since 1970, enumerations
   and flags their numbers, arrays JSON; what is not known is NULL. */
#include <jansson.h>
#include <string.h>

#include "base/error.h"
#include "base/mem.h"
#include "model/time.h"
#include "store/own.h"

static const void *pointer_at(const char *at) {
  const void *p;
  memcpy(&p, at, sizeof p);
  return p;
}

static DWORD dword_at(const char *at) {
  DWORD n;
  memcpy(&n, at, sizeof n);
  return n;
}

/* ---- into the columns ---- */

static struct value integer(int64_t n) {
  return (struct value){.kind = VALUE_INTEGER, .integer = n};
}

static struct value filetime(const char *at) {
  FILETIME t;
  memcpy(&t, at, sizeof t);
  if (t.dwLowDateTime == 0 && t.dwHighDateTime == 0)
    return (struct value){.kind = VALUE_NULL};
  return integer(time_from_filetime(t));
}

DWORD value_json(const struct value *v, struct bytes *text_out) {
  struct bytes text = {0};
  DWORD error =
      record_write_all(v->record, v->items, (size_t)v->integer, &text);
  if (error == ERROR_SUCCESS)
    *text_out = text;
  else
    bytes_free(&text);
  return error;
}

/* A copy: to make JSON of it takes longer, and is left to the writer. */
static DWORD records_of(const struct fax_field *f, const char *items, DWORD n,
                        struct value *out) {
  void *block;
  DWORD error = record_pack(f->record, items, n, MEM_PLAIN, &block);
  if (error != ERROR_SUCCESS) return error;
  *out = (struct value){
      .kind = VALUE_RECORDS, .integer = n, .items = block, .record = f->record};
  return ERROR_SUCCESS;
}

static void drop_records(struct value *values, size_t count) {
  for (size_t n = 0; n < count; n++)
    if (values[n].kind == VALUE_RECORDS) mem_free(values[n].items);
}

void values_free(struct value *values, size_t count) {
  if (values == NULL) return;
  drop_records(values, count);
  mem_free(values);
}

/* Texts are borrowed, records copied. */
static DWORD value_of(const struct fax_field *f, const char *item,
                      struct value *out) {
  const char *at = item + f->offset;
  uint64_t wide;
  *out = (struct value){.kind = VALUE_NULL};
  switch (f->kind) {
    case FAX_FIELD_TEXT:
      out->text = pointer_at(at);
      out->kind = out->text != NULL ? VALUE_TEXT : VALUE_NULL;
      return ERROR_SUCCESS;
    case FAX_FIELD_FILETIME:
      *out = filetime(at);
      return ERROR_SUCCESS;
    case FAX_FIELD_ID64:
      memcpy(&wide, at, sizeof wide);
      *out = integer((int64_t)wide);
      return ERROR_SUCCESS;
    case FAX_FIELD_RECORDS:
      if (pointer_at(at) == NULL) return ERROR_SUCCESS;
      return records_of(f, pointer_at(at), dword_at(item + f->count), out);
    case FAX_FIELD_KNOWN:
    case FAX_FIELD_KNOWN_BOOL:
    case FAX_FIELD_KNOWN_ENUM:
    case FAX_FIELD_KNOWN_FLAGS:
    case FAX_FIELD_KNOWN_MILLISECONDS:
      if (dword_at(at) != FAX_UNKNOWN) *out = integer(dword_at(at));
      return ERROR_SUCCESS;
    case FAX_FIELD_DWORD:
    case FAX_FIELD_BOOL:
    case FAX_FIELD_ENUM:
    case FAX_FIELD_FLAGS:
    case FAX_FIELD_MILLISECONDS:
      *out = integer(dword_at(at));
      return ERROR_SUCCESS;
    case FAX_FIELD_SIZE:
    case FAX_FIELD_RECORD:
    case FAX_FIELD_TEXTS:
    case FAX_FIELD_TEXT_LIST:
    case FAX_FIELD_DWORDS:
    case FAX_FIELD_FILES:
    case FAX_FIELD_BYTES:
    case FAX_FIELD_HANDLE:
    case FAX_FIELD_HIDDEN:
    case FAX_FIELD_SYSTEMTIME:
    case FAX_FIELD_TIME_OF_DAY:
    case FAX_FIELD_CHARS:
      break; /* no column of ours */
  }
  return error_say(ERROR_INTERNAL_ERROR, "%s cannot be stored", f->name);
}

static DWORD collect(const struct table *t, const char *row, size_t columns,
                     struct value *values) {
  struct columns all = columns_of(t);
  for (size_t n = 0; n < columns; n++) {
    const struct fax_field *f = columns_next(&all);
    DWORD error = value_of(f, row + all.base, &values[n]);
    if (error != ERROR_SUCCESS) return error;
  }
  return ERROR_SUCCESS;
}

DWORD row_value(const struct table *t, const void *row, size_t column,
                struct value *value_out) {
  size_t base;
  const struct fax_field *f = table_column(t, column, &base);
  if (f->kind == FAX_FIELD_RECORDS)
    return error_say(ERROR_INTERNAL_ERROR, "%s is an array", f->name);
  return value_of(f, (const char *)row + base, value_out);
}

/* The values with their texts behind them. */
static struct value *pack(const struct value *values, size_t columns) {
  size_t size = columns * sizeof *values;
  for (size_t n = 0; n < columns; n++)
    if (values[n].text != NULL) size += strlen(values[n].text) + 1;
  struct value *block = mem_alloc(size);
  if (block == NULL) return NULL;
  memcpy(block, values, columns * sizeof *values);
  char *at = (char *)(block + columns);
  for (size_t n = 0; n < columns; n++) {
    if (values[n].text == NULL) continue;
    size_t length = strlen(values[n].text) + 1;
    memcpy(at, values[n].text, length);
    block[n].text = at;
    at += length;
  }
  return block;
}

enum { MOST_COLUMNS = 64 };

DWORD row_values(const struct table *t, const void *row, size_t columns,
                 struct value **values_out) {
  struct value values[MOST_COLUMNS] = {{.kind = VALUE_NULL}};
  struct value *block = NULL;
  DWORD error = collect(t, row, columns, values);
  if (error == ERROR_SUCCESS && (block = pack(values, columns)) == NULL)
    error = ERROR_NOT_ENOUGH_MEMORY;
  if (error != ERROR_SUCCESS) {
    drop_records(values, columns);
    return error;
  }
  *values_out = block;
  return ERROR_SUCCESS;
}

/* ---- out of the columns ---- */

static DWORD odd(const struct table *t, const struct fax_field *f) {
  return error_say(ERROR_FILE_CORRUPT,
                   "the table %s: %s holds what it cannot hold", t->name,
                   f->lua);
}

static DWORD read_text(const char *text, size_t length, char *at,
                       struct arena *a) {
  char *copy = arena_text(a, text, length);
  if (copy == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  memcpy(at, &copy, sizeof copy);
  return ERROR_SUCCESS;
}

static DWORD read_list(const struct fax_field *f, const json_t *list,
                       char *item, struct arena *a) {
  size_t n = json_array_size(list);
  char *items = arena_alloc(a, n * f->record->size);
  if (items == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  for (size_t i = 0; i < n; i++) {
    DWORD error = record_from_json(f->record, json_array_get(list, i),
                                   items + i * f->record->size, a);
    if (error != ERROR_SUCCESS) return error;
  }
  DWORD count = (DWORD)n;
  memcpy(item + f->offset, &items, sizeof items);
  memcpy(item + f->count, &count, sizeof count);
  return ERROR_SUCCESS;
}

static DWORD read_records(const struct table *t, const struct fax_field *f,
                          const char *text, char *item, struct arena *a) {
  json_t *list = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  DWORD error = !json_is_array(list) ? odd(t, f) : read_list(f, list, item, a);
  json_decref(list);
  return error == ERROR_INVALID_DATA ? odd(t, f) : error;
}

static DWORD read_number(const struct table *t, const struct fax_field *f,
                         int64_t n, char *at) {
  if (f->kind == FAX_FIELD_FILETIME) {
    FILETIME time = time_to_filetime(n);
    memcpy(at, &time, sizeof time);
  } else if (f->kind == FAX_FIELD_ID64) {
    memcpy(at, &n, sizeof n);
  } else {
    DWORD narrow = (DWORD)n;
    if (n < 0 || n > UINT32_MAX) return odd(t, f);
    memcpy(at, &narrow, sizeof narrow);
  }
  return ERROR_SUCCESS;
}

static void read_nothing(const struct fax_field *f, char *at) {
  DWORD unknown = FAX_UNKNOWN;
  if (f->kind == FAX_FIELD_KNOWN || f->kind == FAX_FIELD_KNOWN_BOOL ||
      f->kind == FAX_FIELD_KNOWN_ENUM || f->kind == FAX_FIELD_KNOWN_FLAGS ||
      f->kind == FAX_FIELD_KNOWN_MILLISECONDS)
    memcpy(at, &unknown, sizeof unknown);
}

static DWORD read_column(const struct table *t, const struct fax_field *f,
                         sqlite3_stmt *statement, int n, char *item,
                         struct arena *a) {
  bool text = f->kind == FAX_FIELD_TEXT || f->kind == FAX_FIELD_RECORDS;
  int type = sqlite3_column_type(statement, n);
  if (type == SQLITE_NULL) {
    read_nothing(f, item + f->offset);
    return ERROR_SUCCESS;
  }
  if (type != (text ? SQLITE_TEXT : SQLITE_INTEGER)) return odd(t, f);
  if (!text)
    return read_number(t, f, sqlite3_column_int64(statement, n),
                       item + f->offset);
  const char *bytes = (const char *)sqlite3_column_text(statement, n);
  if (bytes == NULL) return ERROR_NOT_ENOUGH_MEMORY;
  if (f->kind == FAX_FIELD_RECORDS) return read_records(t, f, bytes, item, a);
  return read_text(bytes, (size_t)sqlite3_column_bytes(statement, n),
                   item + f->offset, a);
}

DWORD row_read(const struct table *t, sqlite3_stmt *statement, void *row_out,
               struct arena *a) {
  struct columns all = columns_of(t);
  memset(row_out, 0, t->row);
  const struct fax_field *f;
  while ((f = columns_next(&all)) != NULL) {
    DWORD error = read_column(t, f, statement, (int)all.count - 1,
                              (char *)row_out + all.base, a);
    if (error != ERROR_SUCCESS) return error;
  }
  return ERROR_SUCCESS;
}
