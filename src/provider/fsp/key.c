/* SPDX-License-Identifier: MIT
   The keys that name operations towards FSPs: numbers that are looked up and
   never come twice, so that a stale or an invented one names nothing. */
#include <sys/random.h>
#include <time.h>

#include "base/mem.h"
#include "provider/fsp/fsp.h"

enum { BUCKETS = 256 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct list buckets[BUCKETS];
static ULONG_PTR next;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start(void) {
  for (int i = 0; i < BUCKETS; i++) list_init(&buckets[i]);
  if (getrandom(&next, sizeof next, GRND_NONBLOCK) != sizeof next)
    next = (ULONG_PTR)time(NULL);
}

/* An odd factor and a shift can both be undone: different numbers stay so. */
static ULONG_PTR mix(ULONG_PTR n) {
  n *= (ULONG_PTR)UINT64_C(0x9e3779b97f4a7c15);
  n ^= n >> (sizeof n * 4);
  n *= (ULONG_PTR)UINT64_C(0xd6e8feb86659fd93);
  n ^= n >> (sizeof n * 4);
  return n;
}

ULONG_PTR key_new(void) {
  ULONG_PTR key;

  pthread_once(&once, start);
  pthread_mutex_lock(&lock);
  do key = mix(next++);
  while (key == 0);
  pthread_mutex_unlock(&lock);
  return key;
}

void key_enter(struct fsp_job *job) {
  job->key = key_new();
  pthread_mutex_lock(&lock);
  list_append(&buckets[job->key % BUCKETS], &job->keyed);
  pthread_mutex_unlock(&lock);
}

void key_remove(struct fsp_job *job) {
  pthread_mutex_lock(&lock);
  list_remove(&job->keyed);
  pthread_mutex_unlock(&lock);
}

struct fsp_job *key_find(ULONG_PTR key) {
  struct fsp_job *found = NULL;

  pthread_once(&once, start);
  pthread_mutex_lock(&lock);
  list_each(link, &buckets[key % BUCKETS]) {
    struct fsp_job *job = list_entry(link, struct fsp_job, keyed);
    if (job->key == key) found = mem_ref(job);
  }
  pthread_mutex_unlock(&lock);
  return found;
}

/* Lock order: the table, then an FSP. Handles are the FSP's own: two FSPs may
   use the same, and then only one that both are to end with says so. */
static bool wants_end(struct fsp_job *job, HANDLE fax_handle, bool *found) {
  bool match, end;

  pthread_mutex_lock(&job->fsp->lock);
  match = job->open && job->busy && job->handle == fax_handle;
  end = job->abort_wanted;
  pthread_mutex_unlock(&job->fsp->lock);
  if (match) *found = true;
  return match && end;
}

bool key_terminated(HANDLE fax_handle) {
  bool found = false, going_on = false;

  pthread_once(&once, start);
  pthread_mutex_lock(&lock);
  for (int i = 0; i < BUCKETS; i++) {
    list_each(link, &buckets[i]) {
      struct fsp_job *job = list_entry(link, struct fsp_job, keyed);
      bool match = false;
      if (!wants_end(job, fax_handle, &match) && match) going_on = true;
      found = found || match;
    }
  }
  pthread_mutex_unlock(&lock);
  return !found || !going_on;
}
