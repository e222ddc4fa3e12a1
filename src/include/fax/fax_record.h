/* SPDX-License-Identifier: MIT
   One description for each public record. Copies in one block, the tables of a
   language binding and the checks against the reference all come from it, so
   that no record is written out by hand twice. */
#ifndef FAX_FAX_RECORD_H
#define FAX_FAX_RECORD_H

#include <fax/faxtypes.h>

#include <fax/types_begin.h>

#ifdef __cplusplus
extern "C" {
#endif

enum fax_field_kind {
  FAX_FIELD_SIZE,       /* DWORD: SizeOfStruct; filled in, not shown */
  FAX_FIELD_DWORD,      /* DWORD */
  FAX_FIELD_KNOWN,      /* DWORD, FAX_UNKNOWN = not known (absent) */
  FAX_FIELD_BOOL,       /* BOOL */
  FAX_FIELD_KNOWN_BOOL, /* DWORD 0, 1 or FAX_UNKNOWN */
  FAX_FIELD_ENUM,       /* DWORD, one of `names` */
  FAX_FIELD_FLAGS,      /* DWORD, a set of `names`; a name of value 0 = empty */
  FAX_FIELD_TEXT,       /* LPCTSTR, may be NULL (absent) */
  FAX_FIELD_ID64,       /* DWORDLONG; a string in bindings */
  FAX_FIELD_FILETIME,   /* FILETIME, 0 = absent; seconds since 1970 */
  FAX_FIELD_SYSTEMTIME, /* SYSTEMTIME, year 0 = absent; seconds since 1970 */
  FAX_FIELD_RECORDS,    /* pointer to an array of `record`, length at `count` */
  FAX_FIELD_TIME_OF_DAY,  /* FAX_TIME; text, "HH:MM" */
  FAX_FIELD_KNOWN_ENUM,   /* as ENUM, FAX_UNKNOWN = not known (absent) */
  FAX_FIELD_KNOWN_FLAGS,  /* as FLAGS, FAX_UNKNOWN = not known (absent) */
  FAX_FIELD_HIDDEN,       /* reserved members and counts: copied, not shown */
  FAX_FIELD_MILLISECONDS, /* DWORD; seconds in bindings */
  FAX_FIELD_CHARS, /* char[`count`], a text with its end, empty = absent */
  FAX_FIELD_KNOWN_MILLISECONDS, /* as MILLISECONDS, FAX_UNKNOWN = not known */
  /* Only in what a client asks and is told (docs/protocol.md). */
  FAX_FIELD_RECORD,    /* pointer to one `record`, may be NULL (absent) */
  FAX_FIELD_TEXTS,     /* pointer to an array of texts, length at `count` */
  FAX_FIELD_TEXT_LIST, /* the same with a NULL at the end; may be NULL */
  FAX_FIELD_DWORDS,    /* pointer to an array of DWORD, length at `count` */
  FAX_FIELD_FILES,     /* as TEXTS: files, whose names are shown */
  FAX_FIELD_BYTES,     /* pointer to bytes, length at `count`; not shown */
  FAX_FIELD_HANDLE     /* HANDLE; the number that stands for it elsewhere */
};

struct fax_name {
  const char *name; /* NULL ends a list */
  DWORD value;
};

struct fax_record;

struct fax_field {
  const char *name; /* as the structure's member: "DeviceId"; NULL = end */
  const char *lua;  /* as bindings show it: "device_id" */
  enum fax_field_kind kind;
  uint16_t offset;
  uint16_t count; /* offset of the DWORD that counts RECORDS; size of CHARS */
  const struct fax_name *names;
  const struct fax_record *record;
};

struct fax_record {
  const char *name; /* "FAX_PORT_INFO" */
  size_t size;
  const struct fax_field *fields;
};

/* The description of a record by its name, NULL when there is none; and the
   n-th one, for walking all. Borrowed for ever, any thread. */
FAX_EXPORT const struct fax_record *FaxRecord(const char *name);
FAX_EXPORT const struct fax_record *FaxRecordAt(DWORD n);

/* Times as seconds since 1970-01-01 UTC, and back. */
FAX_EXPORT double FaxFileTimeToSeconds(FILETIME t);
FAX_EXPORT double FaxSystemTimeToSeconds(const SYSTEMTIME *t);
FAX_EXPORT void FaxSecondsToSystemTime(double seconds, SYSTEMTIME *out);

#ifdef __cplusplus
}
#endif

#include <fax/types_end.h>

#endif
