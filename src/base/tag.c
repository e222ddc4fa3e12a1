/* SPDX-License-Identifier: MIT
   Tagged blocks: which addresses are alive, and of which tag, in sets behind
   several locks, so that threads seldom meet. Behind each lock there are
   several sets: one that grows moves all it has, and whoever makes a block then
   may hold a lock that others wait for. */
#include <pthread.h>

#include "base/mem.h"
#include "base/set.h"

enum { SHARDS = 16, PARTS = 16, TAG_BITS = 2, TAG_MASK = (1 << TAG_BITS) - 1 };

static struct shard {
  _Alignas(64) pthread_mutex_t lock;
  struct set parts[PARTS];
} shards[SHARDS] = {
#define SHARD                    \
  {                              \
    PTHREAD_MUTEX_INITIALIZER, { \
      { NULL, 0, 0 }             \
    }                            \
  }
    SHARD, SHARD, SHARD, SHARD, SHARD, SHARD, SHARD, SHARD,
    SHARD, SHARD, SHARD, SHARD, SHARD, SHARD, SHARD, SHARD,
#undef SHARD
};

static void before_fork(void) {
  for (int i = 0; i < SHARDS; i++) pthread_mutex_lock(&shards[i].lock);
}

static void after_fork(void) {
  for (int i = 0; i < SHARDS; i++) pthread_mutex_unlock(&shards[i].lock);
}

static void watch_forks(void) {
  pthread_atfork(before_fork, after_fork, after_fork);
}

/* The sets use the low bits of the hash, these two the high ones. */
static struct set *set_of(struct shard *s, const void *block) {
  return &s->parts[(set_hash(block) >> 28) % PARTS];
}

static struct shard *shard_of(const void *block) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;

  pthread_once(&once, watch_forks);
  return &shards[(set_hash(block) >> 24) % SHARDS];
}

void *mem_alloc_tagged(size_t size, enum mem_tag tag) {
  void *block = mem_alloc(size);
  struct shard *s;
  bool added;

  if (block == NULL || tag == MEM_PLAIN) return block;
  s = shard_of(block);
  pthread_mutex_lock(&s->lock);
  added = set_add(set_of(s, block), block, size << TAG_BITS | tag);
  pthread_mutex_unlock(&s->lock);
  return added ? block : mem_free(block);
}

/* With the shard's lock: the block is alive, of this tag, and so large. */
static bool find(struct shard *s, const void *block, enum mem_tag tag,
                 size_t *size_out) {
  size_t value;

  if (!set_find(set_of(s, block), block, &value)) return false;
  *size_out = value >> TAG_BITS;
  return (value & TAG_MASK) == (size_t)tag;
}

int mem_free_tagged(void *block, enum mem_tag tag) {
  struct shard *s = shard_of(block);
  size_t size;
  bool ours;

  pthread_mutex_lock(&s->lock);
  ours = find(s, block, tag, &size);
  if (ours) set_remove(set_of(s, block), block);
  pthread_mutex_unlock(&s->lock);
  if (ours) mem_free(block);
  return ours;
}

size_t mem_tagged_size(const void *block, enum mem_tag tag) {
  struct shard *s = shard_of(block);
  size_t size;
  bool ours;

  pthread_mutex_lock(&s->lock);
  ours = find(s, block, tag, &size);
  pthread_mutex_unlock(&s->lock);
  return ours ? size : 0;
}
