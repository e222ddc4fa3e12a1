/* SPDX-License-Identifier: MIT
   A record as text, beside that of its tree. */
#ifndef FAX_SPEC_JSON_TEXT_H
#define FAX_SPEC_JSON_TEXT_H

#include "test.h"

#include <string.h>

#include "model/record.h"

/* The text is that of the tree. */
static inline void json_text_is(const struct fax_record *r, const void *item,
                                const char *expected) {
  struct bytes b = {0};
  assert_int_equal(record_write(r, item, &b), ERROR_SUCCESS);
  assert_true(bytes_add(&b, "", 1));
  assert_string_equal(b.at, expected);
  bytes_free(&b);
  assert_int_equal(record_write_all(r, item, 1, &b), ERROR_SUCCESS);
  assert_int_equal(b.length, strlen(expected) + 2);
  assert_memory_equal(b.at + 1, expected, b.length - 2);
  bytes_free(&b);
}

#endif
