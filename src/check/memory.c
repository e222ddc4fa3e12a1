/* SPDX-License-Identifier: MIT
   The allocators of faxwin.h with books. The program's definitions stand before
   those of libfax for every module in the process; the work is done there. */
#include <dlfcn.h>
#include <string.h>

#include "check/check.h"

enum { MOST_BLOCKS = 65536 };

struct block {
  const void *at;
  size_t size;
  HANDLE heap;
  enum block_kind kind;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct block blocks[MOST_BLOCKS];
static size_t used;

/* The same name in libfax: POSIX lets an object pointer be one to a function.
 */
#define REAL(name)                         \
  __typeof__(&name) real;                  \
  do {                                     \
    void *found = dlsym(RTLD_NEXT, #name); \
    memcpy(&real, &found, sizeof real);    \
  } while (0)

static void enter(void *at, size_t size, HANDLE heap, enum block_kind kind) {
  if (at == NULL) return;
  pthread_mutex_lock(&lock);
  if (used == MOST_BLOCKS)
    fail("it holds more than %d blocks at once", MOST_BLOCKS);
  blocks[used++] = (struct block){at, size, heap, kind};
  pthread_mutex_unlock(&lock);
}

static struct block *find(const void *at) {
  for (size_t i = 0; i < used; i++)
    if (blocks[i].at == at) return &blocks[i];
  return NULL;
}

/* Before it is freed, so that the address cannot have come back meanwhile. */
static void forget(const void *at) {
  struct block *b;

  pthread_mutex_lock(&lock);
  b = find(at);
  if (b != NULL) *b = blocks[--used];
  pthread_mutex_unlock(&lock);
}

size_t blocks_alive(enum block_kind kind) {
  size_t count = 0;

  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < used; i++) count += blocks[i].kind == kind;
  pthread_mutex_unlock(&lock);
  return count;
}

size_t block_size(enum block_kind kind, const void *at) {
  const struct block *b;
  size_t size;

  pthread_mutex_lock(&lock);
  b = find(at);
  size = b != NULL && b->kind == kind ? b->size : 0;
  pthread_mutex_unlock(&lock);
  return size;
}

void block_free(void *at) {
  struct block b = {0};
  const struct block *found;

  pthread_mutex_lock(&lock);
  found = find(at);
  if (found != NULL) b = *found;
  pthread_mutex_unlock(&lock);
  if (b.kind == BLOCK_HEAP) FaxHeapFree(b.heap, at);
  if (b.kind == BLOCK_LOCAL) FaxLocalFree(at);
}

FAX_EXPORT void *FaxHeapAlloc(HANDLE heap, SIZE_T size) {
  REAL(FaxHeapAlloc);
  void *at = real(heap, size);

  enter(at, size, heap, BLOCK_HEAP);
  return at;
}

FAX_EXPORT BOOL FaxHeapFree(HANDLE heap, void *at) {
  REAL(FaxHeapFree);
  if (at != NULL && block_size(BLOCK_HEAP, at) == 0)
    breach(RULE_HEAP_BLOCK, "FaxHeapFree of what is no living block");
  else
    forget(at);
  return real(heap, at);
}

FAX_EXPORT void *FaxLocalAlloc(SIZE_T size) {
  REAL(FaxLocalAlloc);
  void *at = real(size);

  enter(at, size, NULL, BLOCK_LOCAL);
  return at;
}

FAX_EXPORT void *FaxLocalFree(void *at) {
  REAL(FaxLocalFree);
  if (at != NULL && block_size(BLOCK_LOCAL, at) == 0)
    breach(RULE_LINE_MESSAGE, "FaxLocalFree of what is no living block");
  else
    forget(at);
  return real(at);
}
