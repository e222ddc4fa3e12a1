/* SPDX-License-Identifier: MIT
   Many small blocks that are freed at once. One thread at a time. */
#ifndef FAX_BASE_ARENA_H
#define FAX_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_chunk;

/* All zero is an empty arena with the usual limit. */
struct arena {
  struct arena_chunk *chunks;
  size_t limit; /* bytes that it may give in all; 0: ARENA_LIMIT */
  size_t given;
  bool exceeded; /* a request was refused for the limit, not for memory */
};

#define ARENA_LIMIT ((size_t)64 << 20)

/* A zeroed block, aligned for anything, that lives as long as the arena; NULL:
   no memory, or above the limit. */
void *arena_alloc(struct arena *a, size_t size);
/* `length` bytes of text and a NUL behind them. */
char *arena_text(struct arena *a, const char *text, size_t length);
/* Frees all blocks; the arena is as new, its limit stays. */
void arena_free(struct arena *a);

#endif
