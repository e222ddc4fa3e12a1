/* SPDX-License-Identifier: MIT
   Starting threads and waiting for their end. Signals go to the threads of the
   program, never to these. */
#include "base/thread.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/mem.h"

/* What spandsp and libtiff need on a stack, with room to spare. */
enum { STACK_SIZE = 1 << 20 };

/* A thread that has not ended. */
struct thread {
  struct list link;
  pthread_t id;
  thread_fn *run;
  void *arg;
  bool unseen; /* nobody will join it */
  char name[16];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct list threads = {&threads, &threads};
static size_t live;
static struct clock_cond ended;

static void before_fork(void) {
  pthread_mutex_lock(&lock);
}
static void after_fork(void) {
  pthread_mutex_unlock(&lock);
}

static void after_fork_child(void) {
  list_init(&threads);
  live = 0;
  pthread_mutex_unlock(&lock);
}

static void prepare(void) {
  clock_cond_init(&ended);
  pthread_atfork(before_fork, after_fork, after_fork_child);
}

/* Whoever waits for the end runs before this thread leaves the clock. */
static void thread_end(struct thread *t) {
  pthread_mutex_lock(&lock);
  list_remove(&t->link);
  if (t->unseen) live--;
  mem_free(t);
  clock_cond_broadcast(&ended);
  pthread_mutex_unlock(&lock);
  clock_leave();
}

static void *thread_main(void *arg) {
  struct thread *t = arg;

  pthread_setname_np(pthread_self(), t->name);
  clock_enter();
  t->run(t->arg);
  thread_end(t);
  return NULL;
}

static int create(struct thread *t) {
  pthread_attr_t attributes;
  sigset_t all, before;
  int number = pthread_attr_init(&attributes);

  if (number != 0) return number;
  pthread_attr_setstacksize(&attributes, STACK_SIZE);
  if (t->unseen)
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  number = pthread_create(&t->id, &attributes, thread_main, t);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return number;
}

/* The lock keeps the thread from its end until it is in the list. */
static int enlist(struct thread *t, pthread_t *thread_out) {
  int number;

  pthread_once(&once, prepare);
  clock_join();
  pthread_mutex_lock(&lock);
  number = create(t);
  if (number == 0) {
    *thread_out = t->id;
    list_append(&threads, &t->link);
    live++;
  }
  pthread_mutex_unlock(&lock);
  if (number != 0) clock_unjoin();
  return number;
}

static DWORD start(pthread_t *thread_out, const char *name, thread_fn *run,
                   void *arg, bool unseen) {
  struct thread *t = mem_alloc(sizeof *t);
  int number;

  if (t == NULL)
    return error_say(ERROR_NOT_ENOUGH_MEMORY, "thread %s: out of memory", name);
  list_init(&t->link);
  t->run = run;
  t->arg = arg;
  t->unseen = unseen;
  (void)snprintf(t->name, sizeof t->name, "%s", name);
  number = enlist(t, thread_out);
  if (number == 0) return ERROR_SUCCESS;
  mem_free(t);
  error_errno(number, "thread %s", name);
  return ERROR_NOT_ENOUGH_MEMORY; /* EAGAIN: too many */
}

DWORD thread_start(pthread_t *thread_out, const char *name, thread_fn *run,
                   void *arg) {
  return start(thread_out, name, run, arg, false);
}

DWORD thread_start_detached(const char *name, thread_fn *run, void *arg) {
  pthread_t thread;

  return start(&thread, name, run, arg, true);
}

/* With the lock. */
static struct thread *running(pthread_t id) {
  list_each(link, &threads) {
    struct thread *t = list_entry(link, struct thread, link);
    if (pthread_equal(t->id, id)) return t;
  }
  return NULL;
}

void thread_join(pthread_t thread) {
  pthread_mutex_lock(&lock);
  while (running(thread) != NULL) clock_cond_wait(&ended, &lock, FAX_FOREVER);
  pthread_mutex_unlock(&lock);
  thread_join_ended(thread);
}

void thread_join_ended(pthread_t thread) {
  pthread_join(thread, NULL);
  pthread_mutex_lock(&lock);
  live--;
  pthread_mutex_unlock(&lock);
}

void thread_let_go(pthread_t thread) {
  pthread_mutex_lock(&lock);
  struct thread *t = running(thread);
  if (t != NULL)
    t->unseen = true;
  else
    live--;
  pthread_mutex_unlock(&lock);
  pthread_detach(thread);
}

size_t thread_live(void) {
  size_t count;

  pthread_mutex_lock(&lock);
  count = live;
  pthread_mutex_unlock(&lock);
  return count;
}
