/* SPDX-License-Identifier: MIT
   Bytes that grow at their end. */
#ifndef FAX_BASE_BYTES_H
#define FAX_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>

/* All zero is empty. */
struct bytes {
  char *at; /* mem_free */
  size_t length, room;
};

/* Room for `more` behind those there are. False: no memory; nothing changes. */
bool bytes_room(struct bytes *b, size_t more);
/* The same, with a copy of what is to come there. */
bool bytes_add(struct bytes *b, const void *from, size_t size);
void bytes_free(struct bytes *b);

#endif
