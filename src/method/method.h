/* SPDX-License-Identifier: MIT
   All that a client may ask of the service, each question once: its name on the
   wire, what is told and what is given, described as records, and the function
   that serves it. The API of this process calls it, and so does the server for
   clients in others: two ways, one meaning. One family a file. */
#ifndef FAX_METHOD_METHOD_H
#define FAX_METHOD_METHOD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/handle.h"
#include "model/record.h"

struct fax_patience;

struct method {
  const char *name;             /* "job.read" */
  enum handle_kind on;          /* what is asked */
  bool repeats;                 /* asking twice does no more than asking once */
  enum handle_kind opens;       /* the kind of the only HANDLE of `out`; or 0 */
  const struct fax_record *in;  /* NULL: nothing is told */
  const struct fax_record *out; /* NULL: nothing is given */
  /* What is wrong with `in` whatever the service is like, as `serve` would say
     it: asked before it is told to another process, to which not all of it
     may come. NULL: nothing. */
  DWORD (*check)(const void *in);
  /* How long the caller waits for it, in `in`; NULL: for ever. */
  struct fax_patience *(*patience)(void *in);
  /* `object` is what `handle` stands for. `out` is zero before; what its
     RECORD, RECORDS, DWORDS, BYTES and TEXT members point to afterwards are
     blocks for FaxFreeBuffer, one each. On an error nothing of it counts. */
  DWORD (*serve)(void *object, HANDLE handle, const void *in, void *out);
};

/* Serves it here. The documented errors of a handle that is none: find.h. */
DWORD method_serve(HANDLE handle, const struct method *m, const void *in,
                   void *out);

/* By its name; NULL: there is none. */
const struct method *method_find(const char *name);
/* The n-th one, for walking all; NULL behind the last. */
const struct method *method_at(size_t n);

/* Frees what an `out` points to. */
void method_free_out(const struct fax_record *r, void *out);

/* A copy of a text for an `out`; NULL: no memory. */
char *method_text(const char *text);

/* ---- shapes that several have ---- */

struct method_id {
  DWORD id;
};
extern const struct fax_record method_id_record;

/* What is asked of a fax that has an id: id, form and page of a struct
   fax_file. */
extern const struct fax_record method_file_record;

struct method_handle {
  HANDLE handle;
};
extern const struct fax_record method_handle_record;

struct method_number {
  const char *number;
};
extern const struct fax_record method_number_record;

/* A file, or whatever else has no other form. */
struct method_bytes {
  BYTE *data;
  DWORD size;
};
extern const struct fax_record method_bytes_record;

struct method_count {
  DWORD count;
};
extern const struct fax_record method_count_record;

#endif
