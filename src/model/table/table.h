/* SPDX-License-Identifier: MIT
   How the files of this folder write a description down: between #define R and
   #undef R, R is the structure. A list of fields ends with END. */
#ifndef FAX_MODEL_TABLE_TABLE_H
#define FAX_MODEL_TABLE_TABLE_H

#include <fax/fax_service.h>
#include <stddef.h>

#include "model/names.h"
#include "model/record.h"

#define FIELD(kind, member, lua) \
  { #member, lua, FAX_FIELD_##kind, offsetof(R, member), 0, NULL, NULL }
#define NAMED(kind, member, lua, names) \
  { #member, lua, FAX_FIELD_##kind, offsetof(R, member), 0, names, NULL }
#define ARRAY(member, lua, counter, described)            \
  {                                                       \
#member, lua, FAX_FIELD_RECORDS, offsetof(R, member), \
        offsetof(R, counter), NULL, &(described)          \
  }
#define LISTED(kind, member, lua, counter)                                     \
  {                                                                            \
#member, lua, FAX_FIELD_##kind, offsetof(R, member), offsetof(R, counter), \
        NULL, NULL                                                             \
  }
#define ONE(member, lua, described) \
  { #member, lua, FAX_FIELD_RECORD, offsetof(R, member), 0, NULL, &(described) }
#define CHARS(member, lua)                              \
  {                                                     \
#member, lua, FAX_FIELD_CHARS, offsetof(R, member), \
        sizeof(((R *)NULL)->member), NULL, NULL         \
  }
#define END \
  { NULL, NULL, FAX_FIELD_HIDDEN, 0, 0, NULL, NULL }
#define RECORD(variable, type, table) \
  const struct fax_record variable = {#type, sizeof(R), table}

#endif
