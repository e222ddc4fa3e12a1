/* SPDX-License-Identifier: MIT
   See arena.h: a list of chunks, each filled from its beginning. */
#include "base/arena.h"

#include <stdalign.h>
#include <string.h>

#include "base/mem.h"

#define ALIGNMENT alignof(max_align_t)
#define FIRST 960  /* most need no more, and an allocator has it at hand */
#define CHUNK 4000 /* with what an allocator adds, a page */

struct arena_chunk {
  struct arena_chunk *next;
  size_t used, size;
  alignas(max_align_t) char data[];
};

static size_t limit_of(const struct arena *a) {
  return a->limit != 0 ? a->limit : ARENA_LIMIT;
}

static struct arena_chunk *add_chunk(struct arena *a, size_t size) {
  size_t least = a->chunks == NULL ? FIRST : CHUNK;
  if (size < least) size = least;
  struct arena_chunk *chunk = mem_alloc_any(sizeof *chunk + size);
  if (chunk == NULL) return NULL;
  chunk->size = size;
  chunk->used = 0;
  chunk->next = a->chunks;
  return a->chunks = chunk;
}

void *arena_alloc(struct arena *a, size_t size) {
  if (size > limit_of(a) - a->given) {
    a->exceeded = true;
    return NULL;
  }
  size_t whole = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  struct arena_chunk *chunk = a->chunks;
  if (chunk == NULL || whole > chunk->size - chunk->used)
    chunk = add_chunk(a, whole);
  if (chunk == NULL) return NULL;
  void *block = chunk->data + chunk->used;
  chunk->used += whole;
  a->given += size;
  return memset(block, 0, whole);
}

char *arena_text(struct arena *a, const char *text, size_t length) {
  if (length >= limit_of(a)) {
    a->exceeded = true;
    return NULL;
  }
  char *copy = arena_alloc(a, length + 1);
  return copy == NULL ? NULL : memcpy(copy, text, length);
}

void arena_free(struct arena *a) {
  while (a->chunks != NULL) {
    struct arena_chunk *next = a->chunks->next;
    mem_free(a->chunks);
    a->chunks = next;
  }
  a->given = 0;
  a->exceeded = false;
}
