/* SPDX-License-Identifier: MIT
   How long the service's lock is held while a long queue is enumerated and
   other threads submit, get and abort jobs and take the events of all that:
   `lock FILE.tif LINES JOBS` prints `name seconds` of the longest time, in the
   processor time of the thread that held it and by the wall, which counts too
   what other threads ran meanwhile. `machine_cpu` is the longest that as many
   threads which only look at that clock miss of it in a second: what the
   machine itself takes, and bills them for.

   Linked with --wrap for the calls that take a mutex and let go of it, so that
   libfax is the one that users have. */
#include <fax/faxwin.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#include "queue.h"

/* For the lock, which has no public name. */
#include "service/state.h"

#define ENUMERATIONS 20
#define ROOM 256

int __real_pthread_mutex_lock(pthread_mutex_t *m);
int __real_pthread_mutex_unlock(pthread_mutex_t *m);
int __real_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m);
int __real_pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
                                  const struct timespec *until);
int __wrap_pthread_mutex_lock(pthread_mutex_t *m);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *m);
int __wrap_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m);
int __wrap_pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
                                  const struct timespec *until);

/* ---- holding it ---- */

struct held {
  double cpu, wall; /* the longest so far; with the lock that is watched */
  unsigned long times;
};

static _Atomic(pthread_mutex_t *) watched;
static struct held by_all, by_enumeration;
static _Thread_local struct held since; /* the clocks when it was taken */
static _Thread_local bool enumerates;

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void taken(const pthread_mutex_t *m) {
  if (m != atomic_load_explicit(&watched, memory_order_relaxed)) return;
  since.times = 1;
  since.wall = seconds(CLOCK_MONOTONIC);
  since.cpu = seconds(CLOCK_THREAD_CPUTIME_ID);
}

static void count(struct held *h, double cpu, double wall) {
  h->cpu = fmax(h->cpu, cpu);
  h->wall = fmax(h->wall, wall);
  h->times++;
}

/* Still with the lock. One that was taken before it was watched is passed
   over. */
static void let_go(const pthread_mutex_t *m) {
  if (m != atomic_load_explicit(&watched, memory_order_relaxed)) return;
  if (since.times == 0) return;
  double cpu = seconds(CLOCK_THREAD_CPUTIME_ID) - since.cpu;
  double wall = seconds(CLOCK_MONOTONIC) - since.wall;
  since.times = 0;
  count(&by_all, cpu, wall);
  if (enumerates) count(&by_enumeration, cpu, wall);
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *m) {
  int error = __real_pthread_mutex_lock(m);
  taken(m);
  return error;
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *m) {
  let_go(m);
  return __real_pthread_mutex_unlock(m);
}

int __wrap_pthread_cond_wait(pthread_cond_t *c, pthread_mutex_t *m) {
  let_go(m);
  int error = __real_pthread_cond_wait(c, m);
  taken(m);
  return error;
}

int __wrap_pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m,
                                  const struct timespec *until) {
  let_go(m);
  int error = __real_pthread_cond_timedwait(c, m, until);
  taken(m);
  return error;
}

/* ---- the threads ---- */

static const char *folder;
static struct queue queue;
static HANDLE events;
static atomic_bool over;
static _Atomic DWORD submitted[ROOM]; /* and not aborted yet; 0: room */

static void *submit_jobs(void *arg) {
  unsigned long *calls = arg;
  while (!atomic_load(&over)) {
    _Atomic DWORD *slot = &submitted[*calls % ROOM];
    if (atomic_load(slot) != 0) {
      sched_yield();
      continue;
    }
    atomic_store(slot, queue_submit(&queue, 0));
    ++*calls;
  }
  return NULL;
}

static void *abort_jobs(void *arg) {
  unsigned long *calls = arg;
  while (!atomic_load(&over)) {
    DWORD id = atomic_exchange(&submitted[*calls % ROOM], 0);
    if (id == 0) {
      sched_yield();
      continue;
    }
    bench_need(FaxAbort(queue.server, id), "FaxAbort");
    ++*calls;
  }
  return NULL;
}

static void *get_jobs(void *arg) {
  unsigned long *calls = arg;
  while (!atomic_load(&over)) {
    PFAX_JOB_ENTRY job;
    DWORD id = queue.jobs[*calls * 7919 % queue.count];
    bench_need(FaxGetJob(queue.server, id, &job), "FaxGetJob");
    FaxFreeBuffer(job);
    ++*calls;
  }
  return NULL;
}

static void *take_events(void *arg) {
  unsigned long *calls = arg;
  struct fax_packet packets[ROOM];
  DWORD taken;
  while (FaxGetCompletions(events, packets, ROOM, &taken, FAX_FOREVER))
    for (DWORD i = 0; i < taken; i++, ++*calls) FaxLocalFree(packets[i].packet);
  return NULL;
}

static void *enumerate_jobs(void *arg) {
  unsigned long *calls = arg;
  enumerates = true;
  for (; *calls < ENUMERATIONS; ++*calls) {
    PFAX_JOB_ENTRY jobs;
    DWORD got;
    bench_need(FaxEnumJobs(queue.server, &jobs, &got), "FaxEnumJobs");
    bench_need(got >= queue.count, "jobs are missing");
    FaxFreeBuffer(jobs);
  }
  atomic_store(&over, true);
  return NULL;
}

static pthread_t begin(void *(*work)(void *), unsigned long *calls) {
  pthread_t thread;
  bench_need(pthread_create(&thread, NULL, work, calls) == 0, "pthread_create");
  return thread;
}

/* Gives how many calls were made beside the enumerations. */
static unsigned long run(void) {
  void *(*const work[])(void *) = {enumerate_jobs, submit_jobs, get_jobs,
                                   abort_jobs};
  unsigned long calls[4] = {0}, taken = 0;
  pthread_t threads[4], reader;
  events = FaxCreateCompletionPort();
  bench_need(events != NULL && FaxSubscribe(queue.server, events, 1, NULL),
             "FaxSubscribe");
  reader = begin(take_events, &taken);
  for (int i = 0; i < 4; i++) threads[i] = begin(work[i], &calls[i]);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
  FaxCloseCompletionPort(events);
  pthread_join(reader, NULL);
  bench_need(taken > 0, "no event came");
  bench_need(by_enumeration.times >= ENUMERATIONS, "the lock was not seen");
  return calls[1] + calls[2] + calls[3];
}

/* Between two looks at its clock. */
static void *look(void *arg) {
  double *most = arg, end = seconds(CLOCK_MONOTONIC) + 1, last, now;
  last = seconds(CLOCK_THREAD_CPUTIME_ID);
  while (seconds(CLOCK_MONOTONIC) < end) {
    now = seconds(CLOCK_THREAD_CPUTIME_ID);
    *most = fmax(*most, now - last);
    last = now;
  }
  return NULL;
}

static double look_at_machine(void) {
  double most[4] = {0}, longest = 0;
  pthread_t threads[4];
  for (int i = 0; i < 4; i++)
    bench_need(pthread_create(&threads[i], NULL, look, &most[i]) == 0,
               "pthread_create");
  for (int i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
    longest = fmax(longest, most[i]);
  }
  return longest;
}

static void print(const char *name, const struct held *h) {
  printf("%s_cpu %.9f\n%s_wall %.9f\n%s_times %lu\n", name, h->cpu, name,
         h->wall, name, h->times);
}

int main(int argc, char **argv) {
  unsigned lines = argc == 4 ? (unsigned)atoi(argv[2]) : 0;
  unsigned jobs = argc == 4 ? (unsigned)atoi(argv[3]) : 0;
  if (lines == 0 || jobs == 0) {
    fprintf(stderr, "usage: lock FILE.tif LINES JOBS\n");
    return 2;
  }
  folder = bench_folder();
  queue_start(&queue, folder, lines);
  queue_hold(&queue);
  queue_prepare(&queue, argv[1]);
  queue_fill(&queue, jobs, 0);
  struct service *s = service_current();
  atomic_store(&watched, &s->lock);
  unsigned long beside = run();
  atomic_store(&watched, NULL);
  print("all", &by_all);
  print("enumeration", &by_enumeration);
  printf("calls_beside %lu\n", beside);
  printf("machine_cpu %.9f\n", look_at_machine());
  mem_unref(s);
  queue_stop(&queue);
  return 0;
}
