/* SPDX-License-Identifier: MIT
   See bytes.h. */
#include "base/bytes.h"

#include <string.h>

#include "base/mem.h"

enum { LEAST_ROOM = 512 };

bool bytes_room(struct bytes *b, size_t more) {
  size_t wanted = b->room != 0 ? b->room : LEAST_ROOM;
  while (wanted - b->length < more) wanted *= 2;
  if (wanted == b->room) return true;
  char *larger = mem_resize(b->at, wanted);
  if (larger == NULL) return false;
  b->at = larger;
  b->room = wanted;
  return true;
}

bool bytes_add(struct bytes *b, const void *from, size_t size) {
  if (!bytes_room(b, size)) return false;
  memcpy(b->at + b->length, from, size);
  b->length += size;
  return true;
}

void bytes_free(struct bytes *b) {
  mem_free(b->at);
  *b = (struct bytes){NULL, 0, 0};
}
