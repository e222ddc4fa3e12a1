/* SPDX-License-Identifier: MIT
   A private heap: the set of its blocks and their sizes. */
#include "base/heap.h"

#include <pthread.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/set.h"

struct heap {
  pthread_mutex_t lock;
  struct set blocks; /* address -> size */
};

static void heap_destroy(void *object) {
  struct heap *h = object;

  for (size_t i = 0; i < h->blocks.capacity; i++)
    mem_free((void *)h->blocks.entries[i].key);
  set_clear(&h->blocks);
  pthread_mutex_destroy(&h->lock);
}

DWORD heap_new(struct heap **heap_out) {
  struct heap *h = mem_new(sizeof *h, heap_destroy);

  if (h == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "heap: out of memory");
  pthread_mutex_init(&h->lock, NULL);
  *heap_out = h;
  return ERROR_SUCCESS;
}

void *heap_alloc(struct heap *h, size_t size) {
  void *block = mem_alloc(size);
  bool added;

  if (block == NULL) return NULL;
  pthread_mutex_lock(&h->lock);
  added = set_add(&h->blocks, block, size);
  pthread_mutex_unlock(&h->lock);
  return added ? block : mem_free(block);
}

bool heap_free(struct heap *h, void *block) {
  bool ours;

  pthread_mutex_lock(&h->lock);
  ours = set_remove(&h->blocks, block);
  pthread_mutex_unlock(&h->lock);
  if (ours) mem_free(block);
  return ours;
}

bool heap_owns(struct heap *h, const void *block, size_t size) {
  size_t has;
  bool ours;

  pthread_mutex_lock(&h->lock);
  ours = set_find(&h->blocks, block, &has) && has >= size;
  pthread_mutex_unlock(&h->lock);
  return ours;
}
