/* SPDX-License-Identifier: MIT
   Plain blocks, counted objects and the debug mode. Outside the debug mode a
   plain block is a block of malloc; in it, each has a header in front. */
#include "base/mem.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"

enum { POISON = 0xb5, ALIGNMENT = 16 };
#define MAGIC_LIVE UINT32_C(0x6c697665)
#define MAGIC_DEAD UINT32_C(0x64656164)

/* Freed blocks stay a while, so that a late write into one is noticed; under
   the address sanitizer they do not, it sees more. */
#if defined(__SANITIZE_ADDRESS__)
enum { QUARANTINE = 0 };
#else
enum { QUARANTINE = 256 };
#endif

struct block {
  struct list link;
  size_t size;
  uint32_t magic;
  uint32_t counted;
  _Alignas(ALIGNMENT) unsigned char data[];
};

struct object {
  atomic_size_t count;
  mem_destroy_fn *destroy;
  _Alignas(ALIGNMENT) unsigned char data[];
};

enum { MODE_UNKNOWN, MODE_PLAIN, MODE_DEBUG };
static atomic_int mode;
static atomic_long fail_after = -1;
static atomic_bool has_failed, fail_once;
static atomic_size_t faults;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct list live = {&live, &live};
static struct list dead = {&dead, &dead};
static size_t live_count, dead_count;

static void before_fork(void) {
  pthread_mutex_lock(&lock);
}
static void after_fork(void) {
  pthread_mutex_unlock(&lock);
}

static bool choose_mode(int wanted) {
  int unknown = MODE_UNKNOWN;

  if (!atomic_compare_exchange_strong(&mode, &unknown, wanted))
    return unknown == MODE_DEBUG;
  if (wanted == MODE_DEBUG) pthread_atfork(before_fork, after_fork, after_fork);
  return wanted == MODE_DEBUG;
}

static inline bool debugging(void) {
  int now = atomic_load_explicit(&mode, memory_order_relaxed);

  if (now != MODE_UNKNOWN) return now == MODE_DEBUG;
  return choose_mode(getenv("FAX_DEBUG_MEMORY") != NULL ? MODE_DEBUG
                                                        : MODE_PLAIN);
}

void mem_debug(int on) {
  choose_mode(on ? MODE_DEBUG : MODE_PLAIN);
}

bool mem_must_fail(void) {
  long left;

  if (!debugging()) return false;
  left = atomic_load(&fail_after);
  while (left > 0)
    if (atomic_compare_exchange_weak(&fail_after, &left, left - 1))
      return false;
  if (left == 0) atomic_store(&has_failed, true);
  if (left == 0 && atomic_load(&fail_once)) atomic_store(&fail_after, -1);
  return left == 0;
}

static void set_failure(long n, bool once) {
  atomic_store(&has_failed, false);
  atomic_store(&fail_once, once);
  atomic_store(&fail_after, n < 0 ? -1 : n);
}

void mem_fail_after(long n) {
  set_failure(n, false);
}

void mem_fail_once_after(long n) {
  set_failure(n, true);
}

bool mem_failed(void) {
  return atomic_load(&has_failed);
}

static void *debug_alloc(size_t size, bool counted) {
  struct block *b;

  if (mem_must_fail()) return NULL;
  b = calloc(1, sizeof *b + size);
  if (b == NULL) return NULL;
  b->size = size;
  b->magic = MAGIC_LIVE;
  b->counted = counted;
  pthread_mutex_lock(&lock);
  list_append(&live, &b->link);
  live_count++;
  pthread_mutex_unlock(&lock);
  return b->data;
}

static bool still_poisoned(const struct block *b) {
  for (size_t i = 0; i < b->size; i++)
    if (b->data[i] != POISON) return false;
  return true;
}

/* With the lock: the oldest dead block that is one too many, or NULL. */
static struct block *evict(void) {
  struct block *b;

  if (dead_count <= QUARANTINE) return NULL;
  b = list_entry(dead.next, struct block, link);
  list_remove(&b->link);
  dead_count--;
  return b;
}

static void debug_free(void *data) {
  struct block *b =
      (struct block *)((char *)data - offsetof(struct block, data));
  struct block *old;

  pthread_mutex_lock(&lock);
  if (b->magic != MAGIC_LIVE) {
    pthread_mutex_unlock(&lock);
    atomic_fetch_add(&faults, 1);
    return;
  }
  b->magic = MAGIC_DEAD;
  memset(b->data, POISON, b->size);
  list_remove(&b->link);
  live_count--;
  list_append(&dead, &b->link);
  dead_count++;
  old = evict();
  pthread_mutex_unlock(&lock);
  if (old == NULL) return;
  if (!still_poisoned(old)) atomic_fetch_add(&faults, 1);
  free(old);
}

static void *block_alloc(size_t size, bool counted) {
  if (size > PTRDIFF_MAX / 2) return NULL;
  if (size == 0) size = 1;
  return debugging() ? debug_alloc(size, counted) : calloc(1, size);
}

void *mem_alloc(size_t size) {
  return block_alloc(size, false);
}

void *mem_alloc_any(size_t size) {
  if (debugging() || size == 0 || size > PTRDIFF_MAX / 2)
    return mem_alloc(size);
  return malloc(size);
}

void *mem_free(void *block) {
  if (block == NULL) return NULL;
  if (debugging())
    debug_free(block);
  else
    free(block);
  return NULL;
}

/* Always moves, so that a pointer into the old block is noticed. */
static void *debug_resize(void *block, size_t size) {
  struct block *b =
      (struct block *)((char *)block - offsetof(struct block, data));
  void *fresh = debug_alloc(size, false);

  if (fresh == NULL) return NULL;
  memcpy(fresh, block, b->size < size ? b->size : size);
  debug_free(block);
  return fresh;
}

void *mem_resize(void *block, size_t size) {
  if (block == NULL) return mem_alloc(size);
  if (size > PTRDIFF_MAX / 2) return NULL;
  if (size == 0) size = 1;
  return debugging() ? debug_resize(block, size) : realloc(block, size);
}

char *mem_text(const char *text) {
  size_t size;
  char *copy;

  if (text == NULL) return NULL;
  size = strlen(text) + 1;
  copy = mem_alloc(size);
  return copy == NULL ? NULL : memcpy(copy, text, size);
}

char *mem_format(const char *format, ...) {
  va_list args;
  char *text;
  int length;

  va_start(args, format);
  length = vsnprintf(NULL, 0, format, args);
  va_end(args);
  if (length < 0) return NULL;
  text = mem_alloc((size_t)length + 1);
  if (text == NULL) return NULL;
  va_start(args, format);
  (void)vsnprintf(text, (size_t)length + 1, format, args);
  va_end(args);
  return text;
}

static struct object *object_of(void *data) {
  return (struct object *)((char *)data - offsetof(struct object, data));
}

void *mem_new(size_t size, mem_destroy_fn *destroy) {
  struct object *o;

  if (size > PTRDIFF_MAX / 4) return NULL;
  o = block_alloc(sizeof *o + size, true);
  if (o == NULL) return NULL;
  atomic_init(&o->count, 1);
  o->destroy = destroy;
  return o->data;
}

void *mem_ref(void *object) {
  if (object != NULL)
    atomic_fetch_add_explicit(&object_of(object)->count, 1,
                              memory_order_relaxed);
  return object;
}

void *mem_unref(void *object) {
  struct object *o;

  if (object == NULL) return NULL;
  o = object_of(object);
  if (atomic_fetch_sub_explicit(&o->count, 1, memory_order_acq_rel) != 1)
    return NULL;
  if (o->destroy != NULL) o->destroy(object);
  return mem_free(o);
}

size_t mem_live(void) {
  size_t count;

  pthread_mutex_lock(&lock);
  count = live_count;
  pthread_mutex_unlock(&lock);
  return count;
}

/* Counts also the dead blocks that have been written to until now. */
size_t mem_faults(void) {
  size_t count = atomic_load(&faults);

  pthread_mutex_lock(&lock);
  list_each(link,
            &dead) if (!still_poisoned(list_entry(link, struct block, link)))
      count++;
  pthread_mutex_unlock(&lock);
  return count;
}

void mem_report_live(void (*line)(void *arg, const char *text), void *arg) {
  char text[80];

  pthread_mutex_lock(&lock);
  list_each(link, &live) {
    struct block *b = list_entry(link, struct block, link);
    void *object = b->data;
    if (b->counted) object = ((struct object *)object)->data;
    (void)snprintf(text, sizeof text, "%s %p of %zu bytes",
                   b->counted ? "object" : "block", object, b->size);
    line(arg, text);
  }
  pthread_mutex_unlock(&lock);
}
