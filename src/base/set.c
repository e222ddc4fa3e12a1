/* SPDX-License-Identifier: MIT
   Open addressing with linear steps; a removal moves later entries back, so
   that there are no tombstones. The table is not a block of mem.h: the tags of
   mem.h live in such a set. */
#include "base/set.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"

enum { FIRST_CAPACITY = 64 };

size_t set_hash(const void *key) {
  uint64_t h = (uint64_t)(uintptr_t)key;

  h ^= h >> 33;
  h *= UINT64_C(0xff51afd7ed558ccd);
  h ^= h >> 29;
  return (size_t)h;
}

/* Where the key is, or the free entry where it would go. */
static size_t place_of(const struct set *s, const void *key) {
  size_t mask = s->capacity - 1;
  size_t i = set_hash(key) & mask;

  while (s->entries[i].key != NULL && s->entries[i].key != key)
    i = (i + 1) & mask;
  return i;
}

static bool grow(struct set *s) {
  struct set wider = {.capacity =
                          s->capacity == 0 ? FIRST_CAPACITY : s->capacity * 2};

  if (mem_must_fail()) return false;
  wider.entries = calloc(wider.capacity, sizeof *wider.entries);
  if (wider.entries == NULL) return false;
  for (size_t i = 0; i < s->capacity; i++) {
    if (s->entries[i].key == NULL) continue;
    wider.entries[place_of(&wider, s->entries[i].key)] = s->entries[i];
  }
  wider.count = s->count;
  free(s->entries);
  *s = wider;
  return true;
}

bool set_add(struct set *s, const void *key, size_t value) {
  if (s->count + 1 > s->capacity / 2 && !grow(s)) return false;
  s->entries[place_of(s, key)] = (struct set_entry){key, value};
  s->count++;
  return true;
}

bool set_find(const struct set *s, const void *key, size_t *value_out) {
  size_t i;

  if (s->count == 0 || key == NULL) return false;
  i = place_of(s, key);
  if (s->entries[i].key == NULL) return false;
  *value_out = s->entries[i].value;
  return true;
}

bool set_remove(struct set *s, const void *key) {
  size_t mask = s->capacity - 1;
  size_t hole;

  if (s->count == 0 || key == NULL) return false;
  hole = place_of(s, key);
  if (s->entries[hole].key == NULL) return false;
  for (size_t i = (hole + 1) & mask; s->entries[i].key != NULL;
       i = (i + 1) & mask) {
    size_t home = set_hash(s->entries[i].key) & mask;
    /* It may move back only as far as its own home. */
    if (((i - home) & mask) < ((i - hole) & mask)) continue;
    s->entries[hole] = s->entries[i];
    hole = i;
  }
  s->entries[hole] = (struct set_entry){NULL, 0};
  s->count--;
  return true;
}

void set_clear(struct set *s) {
  free(s->entries);
  *s = (struct set){NULL, 0, 0};
}
