/* SPDX-License-Identifier: MIT
   A member of a record by its description. By memcpy: a record is walked by
   offsets. */
#ifndef FAX_MODEL_FIELD_H
#define FAX_MODEL_FIELD_H

#include <fax/fax_record.h>
#include <string.h>

/* What the member points to. */
static inline void *field_pointer(const void *item, const struct fax_field *f) {
  void *p;
  memcpy(&p, (const char *)item + f->offset, sizeof p);
  return p;
}

static inline void field_set_pointer(void *item, const struct fax_field *f,
                                     const void *p) {
  memcpy((char *)item + f->offset, &p, sizeof p);
}

/* How many there are, where a member counts them. */
static inline DWORD field_count(const void *item, const struct fax_field *f) {
  DWORD n;
  memcpy(&n, (const char *)item + f->count, sizeof n);
  return n;
}

#endif
