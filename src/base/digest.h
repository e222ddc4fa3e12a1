/* SPDX-License-Identifier: MIT
   SHA-256 of bytes: what a file of pages is called, and what tells one
   document from another. The only place that knows whose it is. */
#ifndef FAX_BASE_DIGEST_H
#define FAX_BASE_DIGEST_H

#include <fax/faxtypes.h>
#include <nettle/sha2.h>
#include <stdbool.h>
#include <stddef.h>

/* 64 hexadecimal digits and the end. */
#define DIGEST_TEXT 65

struct digest {
  struct sha256_ctx state;
};

void digest_begin(struct digest *d);
void digest_add(struct digest *d, const void *bytes, size_t size);
void digest_number(struct digest *d, DWORDLONG number);
void digest_end(struct digest *d, char text_out[DIGEST_TEXT]);

/* From where the open file stands to its end. False: errno. */
bool digest_file(struct digest *d, int fd);

#endif
