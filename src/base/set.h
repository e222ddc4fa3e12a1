/* SPDX-License-Identifier: MIT
   A set of addresses with a number beside each: which blocks are alive. The
   addresses are compared, never followed. No lock of its own. */
#ifndef FAX_BASE_SET_H
#define FAX_BASE_SET_H

#include <stdbool.h>
#include <stddef.h>

struct set_entry {
  const void *key; /* NULL: free */
  size_t value;
};

/* All zero is an empty set. */
struct set {
  struct set_entry *entries; /* capacity of them: a power of two, or none */
  size_t capacity, count;
};

/* `key` must not be NULL and not be in the set. False: memory, nothing
   changed. */
bool set_add(struct set *s, const void *key, size_t value);
bool set_find(const struct set *s, const void *key, size_t *value_out);
bool set_remove(struct set *s, const void *key); /* false: was not there */
void set_clear(struct set *s);                   /* empty, as at the start */

/* A hash of an address, all of whose bits are good. */
size_t set_hash(const void *key);

#endif
