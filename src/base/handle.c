/* SPDX-License-Identifier: MIT
   The table of HANDLEs: slots behind one mutex. A slot is used again, under
   its next generation. Handles of before a fork are dead in the child. */
#include "base/handle.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/mem.h"

enum { FIRST_SLOTS = 64 };
#define INDEX_BITS (sizeof(uintptr_t) * 4)
#define INDEX_MASK (((uintptr_t)1 << INDEX_BITS) - 1)

struct slot {
  void *object;         /* NULL: free; has a reference */
  HANDLE owner;         /* or NULL */
  uintptr_t generation; /* of the current or the next handle */
  size_t next_free;     /* index + 1, or 0 */
  unsigned epoch;       /* the process that opened it, see after_fork_child */
  enum handle_kind kind;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct slot *slots;
static size_t slot_count, first_free, live_count;
static uintptr_t first_generation;
static unsigned epoch;

static void before_fork(void) {
  pthread_mutex_lock(&lock);
}
static void after_fork(void) {
  pthread_mutex_unlock(&lock);
}

/* The objects stay as they are: what they need (threads) is not there. */
static void after_fork_child(void) {
  epoch++;
  live_count = 0;
  pthread_mutex_unlock(&lock);
}

static void start(void) {
  struct timespec now;

  pthread_atfork(before_fork, after_fork, after_fork_child);
  if (getrandom(&first_generation, sizeof first_generation, GRND_NONBLOCK) ==
      (ssize_t)sizeof first_generation)
    return;
  clock_gettime(CLOCK_REALTIME, &now);
  first_generation = (uintptr_t)now.tv_nsec ^ (uintptr_t)now.tv_sec;
}

static HANDLE handle_of(const struct slot *s) {
  uintptr_t index = (uintptr_t)(s - slots) + 1;

  return (HANDLE)((s->generation & INDEX_MASK) << INDEX_BITS | index);
}

/* With the lock: the slot of a live handle, or NULL. */
static struct slot *slot_of(HANDLE handle) {
  uintptr_t index = (uintptr_t)handle & INDEX_MASK;
  struct slot *s;

  if (index == 0 || index > slot_count) return NULL;
  s = &slots[index - 1];
  if (s->object == NULL || s->epoch != epoch || handle_of(s) != handle)
    return NULL;
  return s;
}

/* With the lock: the object, whose reference goes to the caller. */
static void *slot_free(struct slot *s) {
  void *object = s->object;

  s->object = NULL;
  s->generation++;
  s->next_free = first_free;
  first_free = (size_t)(s - slots) + 1;
  live_count--;
  return object;
}

/* The table stays for the life of the process, so it is no block of mem.h. */
static bool grow(void) {
  size_t wider = slot_count == 0 ? FIRST_SLOTS : slot_count * 2;
  struct slot *fresh;

  if (wider >= INDEX_MASK || mem_must_fail()) return false;
  fresh = realloc(slots, wider * sizeof *fresh);
  if (fresh == NULL) return false;
  slots = fresh;
  while (wider > slot_count) {
    wider--;
    slots[wider] = (struct slot){
        .generation = first_generation + wider * 7919,
        .next_free = first_free,
    };
    first_free = wider + 1;
  }
  slot_count = slot_count == 0 ? FIRST_SLOTS : slot_count * 2;
  return true;
}

/* With the lock. */
static DWORD enter(enum handle_kind kind, void *object, HANDLE owner,
                   HANDLE *handle_out) {
  struct slot *s;

  if (owner != NULL && slot_of(owner) == NULL) return ERROR_INVALID_HANDLE;
  if (first_free == 0 && !grow()) return ERROR_NOT_ENOUGH_MEMORY;
  s = &slots[first_free - 1];
  first_free = s->next_free;
  s->object = mem_ref(object);
  s->owner = owner;
  s->epoch = epoch;
  s->kind = kind;
  live_count++;
  *handle_out = handle_of(s);
  return ERROR_SUCCESS;
}

DWORD handle_open(enum handle_kind kind, void *object, HANDLE owner,
                  HANDLE *handle_out) {
  DWORD code;

  pthread_once(&once, start);
  pthread_mutex_lock(&lock);
  code = enter(kind, object, owner, handle_out);
  pthread_mutex_unlock(&lock);
  return code;
}

void *handle_get(HANDLE handle, enum handle_kind kind) {
  void *object = NULL;
  struct slot *s;

  pthread_mutex_lock(&lock);
  s = slot_of(handle);
  if (s != NULL && s->kind == kind) object = mem_ref(s->object);
  pthread_mutex_unlock(&lock);
  return object;
}

void *handle_close(HANDLE handle, enum handle_kind kind) {
  void *object = NULL;
  struct slot *s;

  pthread_mutex_lock(&lock);
  s = slot_of(handle);
  if (s != NULL && s->kind == kind) object = slot_free(s);
  pthread_mutex_unlock(&lock);
  return object;
}

int handle_kind(HANDLE handle) {
  struct slot *s;
  int kind;

  pthread_mutex_lock(&lock);
  s = slot_of(handle);
  kind = s == NULL ? 0 : (int)s->kind;
  pthread_mutex_unlock(&lock);
  return kind;
}

/* The next handle of `owner` at or behind slot *index_inout is closed; its
   object, or NULL when there is none left. */
static void *close_next(HANDLE owner, size_t *index_inout, int *kind_out) {
  void *object = NULL;

  pthread_mutex_lock(&lock);
  for (; object == NULL && *index_inout < slot_count; ++*index_inout) {
    struct slot *s = &slots[*index_inout];
    if (s->object == NULL || s->epoch != epoch || s->owner != owner) continue;
    *kind_out = (int)s->kind;
    object = slot_free(s);
  }
  pthread_mutex_unlock(&lock);
  return object;
}

void handle_close_owned(HANDLE owner, void (*closed)(int kind, void *object)) {
  size_t index = 0;
  void *object;
  int kind;

  if (owner == NULL) return;
  while ((object = close_next(owner, &index, &kind)) != NULL) {
    closed(kind, object);
    mem_unref(object);
  }
}

size_t handle_count(void) {
  size_t count;

  pthread_mutex_lock(&lock);
  count = live_count;
  pthread_mutex_unlock(&lock);
  return count;
}
