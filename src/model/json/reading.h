/* SPDX-License-Identifier: MIT
   Reading one field of a record. Each function below writes what `value` says
   to `at`. ERROR_INVALID_DATA: it is something else; ERROR_NOT_ENOUGH_MEMORY.
 */
#ifndef FAX_MODEL_JSON_READING_H
#define FAX_MODEL_JSON_READING_H

#include "model/json/own.h"
#include "model/record.h"

struct reading {
  const struct fax_record *record;
  const struct fax_field *field; /* the one being read */
  struct arena *arena;
  unsigned depth;
};

/* The error with the name of the field. */
DWORD reading_wrong(const struct reading *in, const char *expected);
/* There is no memory, or no more than the arena may hold. */
DWORD reading_no_room(const struct reading *in);

typedef DWORD reading_fn(const struct reading *in, const json_t *value,
                         char *at);

/* ---- number.c ---- */
reading_fn reading_dword, reading_bool, reading_enum, reading_flags,
    reading_id64, reading_milliseconds, reading_handle;
/* ---- text.c ---- */
reading_fn reading_text, reading_chars;
/* ---- date.c ---- */
reading_fn reading_filetime, reading_systemtime, reading_time_of_day;

#endif
